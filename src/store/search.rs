//! How the search box asks either engine's index of word pieces; the migrations keep the index. It must not search by itself.

use super::db::Conn;
use crate::domain::words::fold;

/// The words of a question, folded as what they are looked for in. One or two letters are looked for at the beginning of
/// words, where two spaces stand, and longer words anywhere.
pub(super) fn words(question: &str) -> Vec<String> {
    let folded = fold(question);
    // Neither engine could hold a NUL, and a line's end parts the words.
    let words = folded.split(|c: char| c.is_whitespace() || c == '\0').filter(|word| !word.is_empty());
    words
        .map(|word| match word.chars().count() {
            1 => format!("  {word}"),
            2 => format!(" {word}"),
            _ => word.to_owned(),
        })
        .collect()
}

/// The question as the engine's index takes it: quoted words on SQLite, one word per line on PostgreSQL.
pub(super) fn question(conn: &Conn, question: &str) -> String {
    let words = words(question);
    match conn.pick("quoted", "lines") {
        "quoted" => {
            let quoted: Vec<String> =
                words.iter().map(|word| format!("\"{}\"", word.replace('"', "\"\""))).collect();
            quoted.join(" AND ")
        }
        _ => words.join("\n"),
    }
}

#[cfg(test)]
mod tests {
    use crate::store::hotel_fixtures::{clock, conversation_found_by, hotel};
    use crate::store::inbox::{self, Filter};
    use crate::store::{conversations, testing};

    #[tokio::test]
    async fn pieces_of_words_are_found_in_any_order_and_a_changed_text_is_found_anew() {
        testing::both(|db| async move {
            let clock = clock();
            let hotel = hotel(&db, &clock, "bellevue").await;
            let ana = conversation_found_by(&db, &clock, &hotel, "ana ruiz 204 hrb1001 +34600111222").await;
            let odd = conversation_found_by(&db, &clock, &hotel, "o\"neil 12 100% a_b").await;
            let found = async |q: &str| {
                let filter = Filter { q: Some(q.to_owned()), ..Filter::default() };
                let mut conn = db.read().await.unwrap();
                let rows = inbox::list(&mut conn, hotel.id, &filter, None, 10).await.unwrap();
                rows.into_iter().map(|row| row.id).collect::<Vec<_>>()
            };
            for q in ["ruiz", "RUIZ ana", "1001", "111222", "204 an", "r", "ru 20"] {
                assert_eq!(found(q).await, [ana], "{q}");
            }
            for q in ["o\"neil", "12 100%", "a_b"] {
                assert_eq!(found(q).await, [odd], "{q}");
            }
            for q in
                ["rui2", "uz", "iz", "204 12", "34600 neil", "NEAR ruiz", "ruiz OR neil", "%", "001 hrb2"]
            {
                assert_eq!(found(q).await, [], "{q}");
            }
            assert_eq!(found(" \n").await.len(), 2, "a question without a letter asks nothing");
            let moved = async |words: &'static str| {
                db.write::<_, crate::store::DbError, _>(move |tx| {
                    Box::pin(async move { conversations::set_search(tx, ana, words).await })
                })
                .await
                .unwrap();
            };
            moved("ana ruiz 305").await;
            assert_eq!((found("305").await, found("204").await), (vec![ana], vec![]));
        })
        .await;
    }
}
