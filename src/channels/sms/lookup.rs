//! Asks Twilio's list of messages what became of one whose answer was lost. Pure; whose a found message is, and whether
//! to send again, is not decided here.

use super::outbound::{headers, rendered_text};
use super::{TwilioAccount, wire};
use crate::channels::{LookedUp, Sought};
use crate::domain::phone;
use crate::http::{HttpAnswer, HttpError, HttpRequest, Method};
use bytes::Bytes;
use chrono::TimeDelta;
use std::time::Duration;

/// By how much Twilio's clock may differ from ours, even where ours was set. Generous, because what other rows were given
/// is left out by its id.
const SKEW: TimeDelta = TimeDelta::hours(2);
/// More messages than one recipient is sent within the minutes that matter.
const PAGE: &str = "200";

/// `GET /2010-04-01/Accounts/{sid}/Messages.json?To=…`. Not filtered by the date of sending: a message that Twilio has
/// queued and not sent yet has none, and would be missed.
pub(super) fn render(account: &TwilioAccount, sought: &Sought) -> Option<HttpRequest> {
    let to = phone::normalise(&sought.to, None)?;
    let mut url = account.url("/Messages.json");
    url.query_pairs_mut().append_pair("To", to.as_str()).append_pair("PageSize", PAGE);
    Some(HttpRequest {
        method: Method::GET,
        url,
        headers: headers(account),
        body: Bytes::new(),
        timeout: Duration::from_secs(15),
    })
}

pub(super) fn classify(sought: &Sought, answer: Result<&HttpAnswer, &HttpError>) -> LookedUp {
    let answer = match answer {
        Ok(answer) if answer.status == 200 => answer,
        Ok(answer) => {
            return not_now(format!("Twilio's list cannot be read: it answered {}.", answer.status));
        }
        Err(error) => return not_now(format!("Twilio's list cannot be read: {error}.")),
    };
    let Some(list) = wire::MessageList::read(&answer.body) else {
        return not_now("Twilio's list has another form than it should.".to_owned());
    };
    let since = sought.tried_at - SKEW;
    let text = rendered_text(&sought.text);
    let mut found: Vec<_> = list
        .messages
        .iter()
        // A trial account writes its own words before ours.
        .filter(|message| message.created_at >= since && message.body.trim().ends_with(text.trim()))
        .map(|message| (message.created_at, message.sid.clone()))
        .collect();
    found.sort();
    let reaches_back = list.is_whole || list.messages.iter().any(|message| message.created_at < since);
    if found.is_empty() && !reaches_back {
        return not_now("Twilio's list is longer than a page.".to_owned());
    }
    LookedUp::Listed(found.into_iter().map(|(_, sid)| sid).collect())
}

fn not_now(why: String) -> LookedUp {
    LookedUp::NotNow { why }
}

#[cfg(test)]
mod tests {
    use super::super::tests::account;
    use super::*;
    use chrono::DateTime;
    use serde_json::{Value, json};

    fn sought() -> Sought {
        Sought {
            to: "+34600111222".to_owned(),
            text: "Two towels, soon".to_owned(),
            tried_at: DateTime::from_timestamp(1_781_092_800, 0).unwrap(),
        }
    }

    fn row(sid: &str, at: &str, body: &str) -> Value {
        json!({ "sid": sid, "direction": "outbound-api", "date_created": at, "body": body, "status": "queued" })
    }

    fn shown(messages: &[Value], next: Value) -> LookedUp {
        let body = json!({ "messages": messages, "next_page_uri": next }).to_string();
        let answer = HttpAnswer { status: 200, headers: Default::default(), body: body.into() };
        classify(&sought(), Ok(&answer))
    }

    #[test]
    fn it_asks_for_the_recipient_and_leaves_out_no_message_that_waits() {
        let request = account().look_up(&sought()).unwrap();
        assert_eq!(request.method, Method::GET);
        assert!(request.url.path().ends_with("/Messages.json"));
        let query: Vec<_> = request.url.query_pairs().into_owned().collect();
        assert!(query.contains(&("To".to_owned(), "+34600111222".to_owned())), "{query:?}");
        assert!(query.iter().all(|(name, _)| !name.starts_with("DateSent")), "{query:?}");
        assert!(request.headers.contains_key("authorization"));
    }

    #[test]
    fn the_same_text_of_the_same_minute_is_found_and_nothing_else() {
        let noon = "Wed, 10 Jun 2026 12:00:01 +0000";
        let mut received = row("SM3", noon, "Two towels, soon");
        received["direction"] = json!("inbound");
        let all = [
            row("SM5", "Wed, 10 Jun 2026 12:00:02 +0000", "Two towels, soon"),
            row("SM1", noon, "Sent from your Twilio trial account - Two towels, soon"),
            row("SM2", noon, "Something else"),
            received,
            row("SM4", "Wed, 10 Jun 2026 09:00:00 +0000", "Two towels, soon"),
        ];
        assert_eq!(shown(&all, Value::Null), LookedUp::Listed(vec!["SM1".to_owned(), "SM5".to_owned()]));
        assert_eq!(shown(&all[2..], Value::Null), LookedUp::Listed(Vec::new()));
    }

    #[test]
    fn a_list_that_is_cut_short_or_unreadable_proves_nothing() {
        let late = [row("SM2", "Wed, 10 Jun 2026 12:00:01 +0000", "Something else")];
        assert!(matches!(shown(&late, json!("/page2")), LookedUp::NotNow { .. }));
        let early = [row("SM2", "Wed, 10 Jun 2026 09:00:01 +0000", "Something else")];
        assert_eq!(shown(&early, json!("/page2")), LookedUp::Listed(Vec::new()));
        let undated = [row("SM2", "yesterday", "Something else")];
        assert!(matches!(shown(&undated, Value::Null), LookedUp::NotNow { .. }));
        let error = HttpError::Timeout;
        assert!(matches!(classify(&sought(), Err(&error)), LookedUp::NotNow { .. }));
        let busy = HttpAnswer { status: 429, headers: Default::default(), body: Bytes::new() };
        assert!(matches!(classify(&sought(), Ok(&busy)), LookedUp::NotNow { .. }));
    }
}
