//! Card numbers that guests write are never written down, sent to a model, or shown, in one piece or in several.

use super::support::disk::everything;
use super::support::{House, Setup};
use bellhop::lab::stub_model::Mode;

fn digits(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

async fn assert_gone(house: &House, number: &str) {
    let stored = everything(&house.url).await;
    for line in stored.lines().filter(|line| line.contains("card") || line.starts_with("messages: ")) {
        assert!(!digits(line).contains(number), "{line}");
    }
    let seen: Vec<String> = house.model().requests().iter().map(ToString::to_string).collect();
    for request in &seen {
        assert!(!digits(request).contains(number), "the model saw it: {request}");
    }
}

#[tokio::test]
async fn a_card_number_is_masked_before_disk_and_model_however_it_is_written() {
    Setup::with_model(Mode::Sensible)
        .tell(async |house: &House| {
            let guest = house.chat().await;
            for text in [
                "my card is 4111111111111111",
                "my card is 4111 1111 1111 1111, thanks",
                "4111-1111-1111-1111 is my card",
                "card: 4111.1111.1111.1111!",
            ] {
                guest.says(text).await;
                assert_gone(house, "4111111111111111").await;
            }
            if let Some(path) = house.url.strip_prefix("sqlite:") {
                for file in [path.to_owned(), format!("{path}-wal")] {
                    let bytes = std::fs::read(&file).unwrap_or_default();
                    let found = bytes.windows(16).any(|window| window == b"4111111111111111");
                    assert!(!found, "{file} holds the number");
                }
            }
            let page = guest.page(0).await.to_string();
            assert!(!digits(&page).contains("4111111111111111") && page.contains("card"), "{page}");
        })
        .await;
}

#[tokio::test]
async fn a_number_in_two_messages_is_masked_in_both() {
    Setup::with_model(Mode::Sensible)
        .tell(async |house: &House| {
            let phone = house.phone("+34600111222");
            phone.writes("my card is 5500 0000").await;
            phone.writes("0000 0004").await;
            house.settles().await;
            let stored = everything(&house.url).await;
            let texts: Vec<&str> = stored.lines().filter(|line| line.starts_with("messages: ")).collect();
            for piece in ["5500 0000", "0000 0004"] {
                assert!(texts.iter().all(|text| !text.contains(piece)), "{piece} in {texts:?}");
            }
            for request in house.model().requests() {
                assert!(!request.to_string().contains("5500 0000"), "{request}");
            }
        })
        .await;
}

#[tokio::test]
async fn numbers_that_are_no_cards_stay_as_they_are() {
    Setup::with_model(Mode::Sensible)
        .tell(async |house: &House| {
            let guest = house.chat().await;
            guest.says("HRB1001, Ruiz, call me on +34 600 111 222, flight 4111111111111112").await;
            let page = guest.page(0).await.to_string();
            assert!(page.contains("+34 600 111 222") && page.contains("4111111111111112"), "{page}");
        })
        .await;
}
