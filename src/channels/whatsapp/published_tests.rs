//! Whatever Meta and pywa have published is read whole, and what we send looks like Meta's own examples. Where the machine
//! has none of these files, ours stand in.

use super::WhatsApp;
use super::tests::{account, answer, config, secrets, sent, signed};
use crate::channels::contract_tests::published;
use crate::channels::{Channel, InboundEvent, SendOutcome};
use serde_json::{Value, json};

/// Every file of examples that Meta and pywa have published: each body says whose it is, what it is, and nothing is lost
/// in reading it. Ours come first, so that the test says something on a machine without them.
#[test]
fn bodies_in_the_published_form_are_read_whole() {
    let own = json!({"text": serde_json::from_str::<Value>(include_str!("../../../fixtures/channels/whatsapp/text.json")).unwrap()});
    let mut files = vec![("ours".to_owned(), own)];
    for name in [
        "whatsapp/meta_webhook_examples",
        "whatsapp/pywa_account_update",
        "whatsapp/pywa_callback_button",
        "whatsapp/pywa_callback_selection",
        "whatsapp/pywa_deleted_message",
        "whatsapp/pywa_edited_message",
        "whatsapp/pywa_flow_completion",
        "whatsapp/pywa_message",
        "whatsapp/pywa_message_status",
        "whatsapp/pywa_outgoing_message",
        "whatsapp/pywa_system",
        "whatsapp/pywa_template_status_update",
        "whatsapp/pywa_user_marketing_preferences",
        "derived/whatsapp_edge_cases",
    ] {
        if let Some(file) = published(&format!("{name}.json")) {
            assert!(!file.as_object().unwrap().is_empty());
            files.push((name.to_owned(), file));
        }
    }
    for (file, bodies) in files {
        for (title, body) in bodies.as_object().unwrap().iter().filter(|(_, body)| body.is_object()) {
            read_whole(&format!("{file}: {title}"), body);
        }
    }
}

/// Compares what was read with what stands in the document, counted in another way.
fn read_whole(title: &str, body: &Value) {
    let values: Vec<&Value> = body["entry"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|entry| entry["changes"].as_array().unwrap())
        .filter(|change| change["field"] == "messages")
        .map(|change| &change["value"])
        .collect();
    let of = |name: &str| {
        values
            .iter()
            .flat_map(|value| value[name].as_array().cloned().unwrap_or_default())
            .collect::<Vec<_>>()
    };
    let (messages, statuses) = (of("messages"), of("statuses"));
    let number = values.first().map_or(&Value::Null, |value| &value["metadata"]["phone_number_id"]);
    let mut account = config();
    account.insert("phone_number_id".to_owned(), json!("1"));
    // Some published ids are words in angle brackets; the account is given digits and the body the same.
    let body = match number.as_str() {
        Some(id) => {
            body.to_string().replace(&format!("\"phone_number_id\":\"{id}\""), "\"phone_number_id\":\"1\"")
        }
        None => body.to_string(),
    };
    let account = WhatsApp.open(&account, &secrets()).unwrap();
    let events = account.receive(&signed(body)).unwrap_or_else(|refusal| panic!("{title}: {refusal}"));
    let mut read = Vec::new();
    for event in &events {
        match event {
            InboundEvent::Message(message)
            | InboundEvent::Note { message, .. }
            | InboundEvent::Moved { message, .. } => {
                let known = messages.iter().find(|known| known["id"] == message.vendor_id.as_str()).unwrap();
                agrees(title, known, event);
                read.push(message.vendor_id.clone());
            }
            InboundEvent::Receipt(receipt) => {
                let known = statuses.iter().find(|known| known["id"] == receipt.vendor_id.as_str()).unwrap();
                assert_eq!(known.get("errors").is_some(), receipt.reason.is_some(), "{title}");
                assert_eq!(
                    known["biz_opaque_callback_data"].as_str(),
                    receipt.reference.as_deref(),
                    "{title}"
                );
                read.push(receipt.vendor_id.clone());
            }
            InboundEvent::Trouble(why) => assert!(!why.is_empty() && messages.is_empty(), "{title}"),
            other => panic!("{title}: {other:?}"),
        }
    }
    let ids = messages.iter().chain(&statuses).map(|known| known["id"].as_str().unwrap().to_owned());
    assert_eq!(read, ids.collect::<Vec<_>>(), "{title}");
}

fn agrees(title: &str, known: &Value, event: &InboundEvent) {
    let kind = known["type"].as_str().unwrap();
    match event {
        InboundEvent::Message(message) => {
            let body = known[kind]["body"].as_str().or(known[kind]["caption"].as_str());
            let tapped =
                known[kind]["button_reply"]["title"].as_str().or(known[kind]["list_reply"]["title"].as_str());
            let words = body.or(tapped).or(known["button"]["text"].as_str()).unwrap_or_default();
            assert_eq!(message.text, words, "{title}");
            assert_eq!(message.button, tapped.is_some() || kind == "button", "{title}");
            assert_eq!(message.media.is_empty(), kind == "text" || message.button, "{title}");
            let id = known[kind]["id"].as_str().unwrap_or_default();
            assert!(message.media.iter().all(|media| media.url.ends_with(id)), "{title}");
        }
        InboundEvent::Note { .. } => {
            assert!(["reaction", "sticker", "revoke", "edit", "system"].contains(&kind), "{title}");
        }
        InboundEvent::Moved { address, lasting_id, .. } => {
            let number = known["system"]["wa_id"].as_str().map(|digits| format!("+{digits}"));
            assert_eq!(
                (address, lasting_id.as_deref()),
                (&number, known["system"]["user_id"].as_str()),
                "{title}"
            );
        }
        other => panic!("{title}: {other:?}"),
    }
}

/// What we send is one of Meta's own examples but for the words in it.
#[test]
fn sends_in_the_published_form_have_the_same_fields() {
    let own = json!({"requests": {"Send Text Message": {
        "messaging_product": "whatsapp", "recipient_type": "individual", "to": "{{Recipient-Phone-Number}}",
        "type": "text", "text": {"body": "text-message-content", "preview_url": false},
    }}});
    let published = published("whatsapp/meta_send_examples.json").unwrap_or(own);
    let mut expected = published["requests"]["Send Text Message"].clone();
    expected["to"] = json!("+34600111222");
    expected["text"]["body"] = json!("Two towels: \"yes\"");
    expected["biz_opaque_callback_data"] = json!("out_1");
    assert_eq!(sent("+34600111222"), expected);
    let answers = published["responses_200"].as_object().cloned().unwrap_or_default();
    for (title, body) in answers.iter().filter(|(_, body)| body["messages"].is_array()) {
        let outcome = account().classify(Ok(&answer(200, &body.to_string())));
        assert!(matches!(outcome, SendOutcome::Sent { .. }), "{title}: {outcome:?}");
    }
}
