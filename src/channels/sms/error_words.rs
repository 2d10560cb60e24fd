//! Twilio's error codes in words for staff; it must not be asked about codes that mean success.

/// What an error code means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Trouble {
    /// For staff: what happened and, where something helps, what to do.
    pub words: &'static str,
    /// No message to this number will ever pass.
    pub permanent: bool,
}

/// The recipient has opted out.
pub(super) const OPTED_OUT: &str = "21610";
/// Too many requests at once; none was processed.
pub(super) const TOO_MANY: &str = "20429";
/// Only templates pass, because the guest has been silent for 24 hours.
pub(super) const WINDOW_CLOSED: &str = "63016";

/// Codes are Twilio's, <https://www.twilio.com/docs/api/errors>; the words are ours. Twilio asks nobody to rely on
/// codes, so an unknown one is ordinary.
pub(super) fn find(code: &str) -> Option<Trouble> {
    let (words, permanent) = match code {
        "20003" => {
            ("Twilio does not accept the account SID and auth token. Check them in the console.", false)
        }
        "20404" => ("Twilio does not know this account. Check the account SID in the console.", false),
        "20429" => ("Twilio has too many requests at once.", false),
        "21211" => ("This is not a telephone number that exists.", true),
        "21408" => (
            "The Twilio account may not text this country. Allow it in Twilio's geographic permissions.",
            false,
        ),
        "21606" => ("The sending number cannot send texts, or is not in this Twilio account.", false),
        "21609" => ("Twilio cannot reach the address for delivery reports. Check the public URL.", false),
        "21610" => ("The guest has blocked messages from this number.", false),
        "21612" => ("Twilio has no way from the sending number to this one.", false),
        "21614" => ("This number cannot receive texts; it is not a mobile.", true),
        "21617" => ("The text is too long for one message.", false),
        "30001" => ("Twilio's queue for the sending number is full.", false),
        "30002" => ("The Twilio account is suspended.", false),
        "30003" => ("The phone cannot be reached: switched off or without signal.", false),
        "30004" => ("The phone or its network blocks this message.", true),
        "30005" => ("The network does not know this number.", true),
        "30006" => ("This is a landline or a network that takes no texts.", true),
        "30007" => ("The network filtered the message as unwanted.", false),
        "30008" => ("The network did not deliver the message and gives no reason.", false),
        "30032" => ("The toll-free sending number is not verified yet. Verify it with Twilio.", false),
        "30034" => (
            "The sending number is not registered for business texts in the US. Register it with Twilio.",
            false,
        ),
        _ => return None,
    };
    Some(Trouble { words, permanent })
}

/// The words for a code, or that it is one we have none for.
pub(super) fn words(code: &str) -> String {
    match find(code) {
        Some(trouble) => trouble.words.to_owned(),
        None => format!("Twilio reports error {code}."),
    }
}
