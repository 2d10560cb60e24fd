//! Approved texts as stories: which can be sent, what is written into the message, and what stands in for a late answer.

use super::WhatsApp;
use super::tests::{account, answer, config, secrets};
use crate::channels::{Channel, OutboundText};
use crate::domain::choices::Choices;
use crate::domain::template::Filled;
use crate::http::HttpError;
use serde_json::{Value, json};

const LISTED: &str = include_str!("../../../fixtures/channels/whatsapp/templates.json");

#[test]
fn only_what_words_alone_can_fill_is_listed() {
    let request = account().templates().unwrap();
    assert_eq!(request.url.path(), "/v25.0/410000000000001/message_templates");
    assert!(request.url.query().unwrap().contains("status=APPROVED"));
    let listed = account().classify_templates(Ok(&answer(200, LISTED))).unwrap();
    let shown: Vec<_> =
        listed.iter().map(|one| (one.name.as_str(), one.lang.as_str(), one.blanks.clone())).collect();
    assert_eq!(
        shown,
        [
            ("room_ready", "en", vec!["number".to_owned()]),
            ("room_ready", "pt_PT", vec!["1".to_owned(), "2".to_owned()])
        ]
    );
    let mut fewer = config();
    fewer.remove("waba_id");
    let without = WhatsApp.open(&fewer, &secrets()).unwrap();
    assert!(without.templates().unwrap_err().contains("waba_id"));
}

#[test]
fn why_there_is_no_list_comes_in_words() {
    let says = |status, body: &str| account().classify_templates(Ok(&answer(status, body))).unwrap_err();
    assert!(says(401, r#"{"error": {"code": 190}}"#).contains("access token"));
    assert!(says(503, "").contains("503"));
    let silent = account().classify_templates(Err(&HttpError::Timeout)).unwrap_err();
    assert!(silent.contains("no answer in time"), "{silent}");
    assert_eq!(account().classify_templates(Ok(&answer(200, "{}"))), Ok(Vec::new()));
}

fn sent(values: &[(&str, &str)], named: bool) -> Value {
    let values = values.iter().map(|(blank, value)| ((*blank).to_owned(), (*value).to_owned())).collect();
    let template = Filled { name: "room_ready".to_owned(), lang: "pt_PT".to_owned(), values, named };
    let message = OutboundText {
        to: "+34600111222".to_owned(),
        text: "O quarto 204 está pronto.".to_owned(),
        template: Some(template),
        choices: Choices::default(),
        reference: "out_1".to_owned(),
        status_callback_url: None,
    };
    serde_json::from_slice(&account().render(&message).unwrap().body).unwrap()
}

#[test]
fn a_filled_template_is_written_as_meta_describes() {
    let parameter = json!({"type": "text", "text": "204"});
    let template = json!({
        "name": "room_ready", "language": {"code": "pt_PT"},
        "components": [{"type": "body", "parameters": [parameter]}],
    });
    let expected = json!({
        "messaging_product": "whatsapp", "recipient_type": "individual", "to": "+34600111222", "type": "template",
        "template": template, "biz_opaque_callback_data": "out_1",
    });
    assert_eq!(sent(&[("1", "204")], false), expected);
    let named = sent(&[("number", "204")], true);
    assert_eq!(named["template"]["components"][0]["parameters"][0]["parameter_name"], "number");
    assert_eq!(sent(&[], false)["template"]["components"], Value::Null);
}

#[test]
fn the_stand_in_for_late_answers_speaks_the_guests_language_or_is_none() {
    let mut config = config();
    assert_eq!(WhatsApp.late_template(&config, "en"), None);
    config.insert("late_template".to_owned(), json!("your_answer"));
    let opened = WhatsApp.open(&config, &secrets());
    assert!(opened.err().unwrap().to_string().contains("late_template_languages"));
    config.insert("late_template_languages".to_owned(), json!("en, pt_PT"));
    assert!(WhatsApp.open(&config, &secrets()).is_ok());
    let own = |lang: &str| Some(("your_answer".to_owned(), lang.to_owned()));
    assert_eq!(WhatsApp.late_template(&config, "en"), own("en"));
    assert_eq!(WhatsApp.late_template(&config, "pt"), own("pt_PT"));
    assert_eq!(WhatsApp.late_template(&config, "de"), None);
}
