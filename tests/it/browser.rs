//! Stories in a real browser: the program as `demo`, its guest page with the chat, the inbox and the console beside it.

use super::support::browser::{Browser, DESK, TELEPHONE};
use super::support::process::{Process, wait_for};
use fantoccini::Locator;
use fantoccini::key::Key;

const PASSWORD: &str = "stories of the harbour";

/// `bellhop demo` on data of its own.
async fn demo() -> (Process, tempfile::TempDir) {
    let data = tempfile::tempdir().unwrap();
    let folder = data.path().join("data");
    let arguments = ["demo", "--listen", "127.0.0.1:0", "--data", folder.to_str().unwrap()];
    let variables = [("BELLHOP_DEMO_PASSWORD", PASSWORD), ("RUST_LOG", "warn")];
    (Process::start(&arguments, &variables).await, data)
}

/// The chat on the guest page, opened by its button; the keyboard is in its field.
async fn open_chat(browser: &Browser, demo: &Process) {
    browser.goto(&format!("{}/", demo.base)).await;
    browser.click("[data-bellhop-open]").await;
    let shown = "return document.querySelector('bellhop-chat')?.shadowRoot.querySelector('dialog').open;";
    browser.until("the chat to open", shown).await;
    browser.run("document.querySelector('bellhop-chat').shadowRoot.querySelector('textarea').focus();").await;
}

async fn says(browser: &Browser, text: &str) {
    browser.types(text).await;
    browser.presses(Key::Enter).await;
}

async fn sign_in(browser: &Browser, demo: &Process, email: &str, next: &str) {
    browser.goto(&format!("{}/login?next={next}", demo.base)).await;
    browser.find("#email").await.send_keys(email).await.unwrap();
    browser.find("#password").await.send_keys(PASSWORD).await.unwrap();
    browser.click("form button[type=submit]").await;
    let there = format!("return location.pathname.startsWith('{next}');");
    browser.until("to be signed in", &there).await;
}

#[tokio::test]
async fn browser_a_guest_asks_for_towels_by_keyboard_alone() {
    let (demo, _data) = demo().await;
    let browser = Browser::open(DESK).await;
    open_chat(&browser, &demo).await;
    says(&browser, "could I get two extra towels?").await;
    browser.sees("confirmation number").await;
    says(&browser, "HRB1001, Ruiz").await;
    browser.sees("for room 204").await;
    browser.screenshot("guest-towels").await;
    says(&browser, "A club sandwich to my room please").await;
    browser.sees("18.00").await;
    browser.screenshot("guest-quote").await;
    says(&browser, "yes").await;
    browser.sees("It is ordered").await;

    browser.goto(&format!("{}/", demo.base)).await;
    browser.click("[data-bellhop-open]").await;
    browser.sees("for room 204").await;
    browser.close().await;
}

#[tokio::test]
async fn browser_a_guest_on_a_telephone_sees_the_chat_fill_the_screen() {
    let (demo, _data) = demo().await;
    let browser = Browser::open(TELEPHONE).await;
    open_chat(&browser, &demo).await;
    says(&browser, "wifi?").await;
    browser.sees("HarbourHouse-Guest").await;
    let wide = "const box = document.querySelector('bellhop-chat').shadowRoot.querySelector('dialog').getBoundingClientRect();
        return box.width >= innerWidth - 1 && document.documentElement.scrollWidth <= innerWidth;";
    browser.until("the chat to fill the screen", wide).await;
    browser.screenshot("guest-telephone").await;
    browser.close().await;
}

#[tokio::test]
async fn browser_staff_take_over_reply_and_hand_back() {
    let (demo, _data) = demo().await;
    let guest = Browser::open(DESK).await;
    open_chat(&guest, &demo).await;
    says(&guest, "Let me talk to a human").await;
    guest.sees("colleague").await;

    let staff = Browser::open(DESK).await;
    sign_in(&staff, &demo, "agent@harbour.example", "/inbox").await;
    staff.sees("asked for a person").await;
    staff.screenshot("inbox-list").await;
    staff.types("j").await;
    staff.presses(Key::Enter).await;
    staff.sees("Let me talk to a human").await;
    staff.types("t").await;
    staff.find("#text").await;
    staff.until("the answer to be mine to write", "return !document.querySelector('#text')?.disabled;").await;
    staff.types("r").await;
    staff.until("the keyboard to be in the answer", "return document.activeElement?.id === 'text';").await;
    staff.types("Marta here, how can I help?").await;
    staff.run("document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', ctrlKey: true, bubbles: true, cancelable: true }));").await;
    guest.sees("Marta here, how can I help?").await;
    staff.screenshot("inbox-thread").await;
    guest.screenshot("guest-staff").await;

    says(&guest, "thank you, wifi?").await;
    staff.sees("thank you, wifi?").await;
    staff.presses(Key::Escape).await;
    staff.types("h").await;
    guest.sees("HarbourHouse-Guest").await;
    guest.close().await;
    staff.close().await;
}

#[tokio::test]
async fn browser_staff_close_a_request_by_one_key_and_the_guest_hears_of_it() {
    let (demo, _data) = demo().await;
    let guest = Browser::open(DESK).await;
    open_chat(&guest, &demo).await;
    says(&guest, "two towels please, HRB1001 Ruiz").await;
    guest.sees("for room 204").await;

    let staff = Browser::open(TELEPHONE).await;
    sign_in(&staff, &demo, "agent@harbour.example", "/inbox").await;
    staff.goto(&format!("{}/inbox/requests", demo.base)).await;
    staff.sees("204").await;
    staff.screenshot("requests").await;
    staff.types("j").await;
    staff.types("d").await;
    guest.sees("has been done").await;
    guest.close().await;
    staff.close().await;
}

#[tokio::test]
async fn browser_staff_void_a_charge_and_the_panel_beside_it_says_so() {
    let (demo, _data) = demo().await;
    let guest = Browser::open(DESK).await;
    open_chat(&guest, &demo).await;
    says(&guest, "a club sandwich please, HRB1001 Ruiz").await;
    guest.sees("18.00").await;
    says(&guest, "yes").await;
    guest.sees("It is ordered").await;

    let staff = Browser::open(DESK).await;
    sign_in(&staff, &demo, "agent@harbour.example", "/inbox").await;
    staff.goto(&format!("{}/inbox?tab=bot", demo.base)).await;
    // The list and the panel are drawn anew as things happen: pressed until it has worked, as people do.
    let open =
        "document.querySelector('.row a')?.click(); return document.querySelector('#bill button') !== null;";
    staff.until("the conversation", open).await;
    let ask = "document.querySelector('#bill button')?.click(); return document.querySelector('#bill strong') !== null;";
    staff.until("the bill", ask).await;
    says(&guest, "wifi?").await;
    staff.sees("HarbourHouse-Guest").await;
    let kept = "return document.querySelector('#bill strong') !== null;";
    staff.until("the bill to stay while the guest writes on", kept).await;
    let void =
        "if (!document.querySelector('dialog[open]')) document.querySelector('[data-act=void]')?.click();
        return document.querySelector('dialog[open] textarea') === document.activeElement;";
    staff.until("the question why", void).await;
    staff.types("the kitchen was closed").await;
    staff.click("dialog button[type=submit]").await;
    guest.sees("taken this off your bill").await;
    let told = "const charges = document.getElementById('charges');
        return charges.textContent.includes('voided') && charges.querySelector('[data-act=void]') === null
            && document.querySelector('#bill strong') === null;";
    staff.until("the charge to be shown as voided and the old bill to be gone", told).await;
    staff.screenshot("inbox-voided").await;
    guest.close().await;
    staff.close().await;
}

#[tokio::test]
async fn browser_staff_answer_a_question_without_a_mouse_and_enter_alone_does_nothing() {
    let (demo, _data) = demo().await;
    let staff = Browser::open(DESK).await;
    sign_in(&staff, &demo, "agent@harbour.example", "/inbox").await;
    for (keys, sure) in
        [(vec![Key::Enter], false), (vec![Key::Tab, Key::Enter], true), (vec![Key::Escape], false)]
    {
        staff.run("window.sure = null; Staff.isSureOfTwice().then((sure) => { window.sure = sure; });").await;
        staff
            .until(
                "the keyboard to stand on Cancel",
                "return document.activeElement?.textContent === 'Cancel';",
            )
            .await;
        staff.sees("the same words arrive twice").await;
        for key in keys {
            staff.presses(key).await;
        }
        staff.until("the answer", &format!("return window.sure === {sure};")).await;
    }
    staff.close().await;
}

#[tokio::test]
async fn browser_a_guest_page_has_no_script_errors_and_no_foreign_request() {
    let (demo, _data) = demo().await;
    let browser = Browser::open(DESK).await;
    open_chat(&browser, &demo).await;
    let script = "return performance.getEntriesByType('resource').map((entry) => entry.name).join(' ');";
    let loaded = browser.run(script).await;
    for address in loaded.as_str().unwrap().split_whitespace() {
        assert!(address.starts_with(&demo.base) || address.starts_with("data:"), "{address}");
    }
    let title = browser.client.title().await.unwrap();
    assert!(title.contains("Harbour House"), "{title}");
    assert!(browser.client.find(Locator::Css("html[lang]")).await.is_ok());
    browser.close().await;
}

#[tokio::test]
async fn browser_a_manager_adds_a_word_publishes_it_and_rolls_back() {
    let (demo, _data) = demo().await;
    let manager = Browser::open(DESK).await;
    sign_in(&manager, &demo, "manager@harbour.example", "/console").await;
    manager.goto(&format!("{}/console/rules?property=harbour", demo.base)).await;
    manager.click("#new-rule summary").await;
    manager.find("#new-rule [name=rule_name]").await.send_keys("reptiles").await.unwrap();
    manager.find("#new-rule [name=rule_words]").await.send_keys("garden lizard").await.unwrap();
    manager.screenshot("console-rules").await;
    manager.click("button[value=publish]").await;
    manager.sees("garden lizard").await;
    manager.sees("Version 2").await;
    manager.screenshot("console-published").await;

    let guest = Browser::open(DESK).await;
    open_chat(&guest, &demo).await;
    says(&guest, "is the garden open?").await;
    guest.until("an answer", &bot_messages(1)).await;
    assert!(!guest.text().await.contains("I have called a colleague"), "half of the words calls nobody");
    says(&guest, "there is a Garden Lizard in my bath").await;
    guest.sees("I have called a colleague").await;
    guest.close().await;

    manager.click("form[action*='/1/publish'] button").await;
    manager.client.accept_alert().await.unwrap();
    manager
        .until(
            "version 1 to be live",
            "return document.querySelector('form[action*=\"/2/publish\"]') !== null;",
        )
        .await;
    let later = Browser::open(DESK).await;
    open_chat(&later, &demo).await;
    says(&later, "there is a garden lizard in my bath").await;
    later.until("an answer", &bot_messages(1)).await;
    assert!(!later.text().await.contains("I have called a colleague"), "the rule is gone again");
    later.close().await;
    manager.close().await;
}

/// Whether the bot has said something so often since the chat was opened, its greeting apart.
fn bot_messages(count: usize) -> String {
    format!(
        "return document.querySelector('bellhop-chat').shadowRoot.querySelectorAll('.message.bot').length > {count};"
    )
}

#[tokio::test]
async fn browser_a_guest_who_is_told_to_wait_loses_nothing_and_says_nothing_twice() {
    let (demo, _data) = demo().await;
    let browser = Browser::open(DESK).await;
    open_chat(&browser, &demo).await;
    // A burst of twenty is free, and time gives more: on a slow machine it takes more than those to be too fast.
    let mut texts = Vec::new();
    wait_for("the server to ask for patience", async || {
        let metrics = demo.get("/metrics").await.ok()?.body;
        let told = |line: &str| line.contains("/chat/messages") && line.contains("status=\"429\"");
        if metrics.lines().any(told) {
            return Some(());
        }
        let more: Vec<String> = (1..=8).map(|at| format!("thought number {}.", texts.len() + at)).collect();
        let typed: String = more.iter().map(|text| format!("{text}{}", char::from(Key::Enter))).collect();
        browser.types(&typed).await;
        texts.extend(more);
        None
    })
    .await;
    browser.screenshot("guest-told-to-wait").await;
    let sent = format!(
        "const own = [...document.querySelector('bellhop-chat').shadowRoot.querySelectorAll('.message.guest')];
        const waiting = Object.keys(localStorage).filter((key) => key.includes('out.'));
        return own.length === {} && waiting.length === 0;",
        texts.len()
    );
    browser.until("all of it to be sent", &sent).await;

    // What the server has, as a fresh page sees it.
    browser.goto(&format!("{}/", demo.base)).await;
    browser.click("[data-bellhop-open]").await;
    browser.sees(texts.last().unwrap()).await;
    let shown = "return [...document.querySelector('bellhop-chat').shadowRoot.querySelectorAll('.message.guest .text')]
        .map((text) => text.textContent);";
    assert_eq!(browser.run(shown).await, serde_json::json!(texts), "each once, in their order");
    browser.close().await;
}
