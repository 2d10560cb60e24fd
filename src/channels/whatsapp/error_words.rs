//! Meta's error codes: what each means for a message, and in words for staff. It must not be asked about success.

use super::wire::Trouble;

/// What a code asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Class {
    /// Nothing was sent and it will pass; all of the account waits.
    Later,
    /// Nothing was sent and it will pass; this message alone is tried again.
    Again,
    /// Too much was sent to this guest in a short time.
    PairRate,
    /// More than 24 hours since the guest's last message: only templates pass.
    WindowClosed,
    /// No message to this address will ever pass.
    Unreachable,
    /// The guest has asked the business for no more marketing; answers still pass.
    NoMarketing,
    /// This message does not pass; another one may.
    Refused,
    /// The hotel's account or token has to be mended before anything passes.
    Account,
}

/// A code's meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Meaning {
    pub class: Class,
    /// For staff: what happened and, where something helps, what to do.
    pub words: &'static str,
}

/// The access token was not accepted.
pub(super) const TOKEN: i64 = 190;
/// More than the number may send.
pub(super) const TOO_MANY: i64 = 130_429;

/// Codes are Meta's, <https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes>; the words are ours.
pub(super) fn find(code: i64) -> Option<Meaning> {
    use Class::{Account, Again, Later, NoMarketing, PairRate, Refused, Unreachable, WindowClosed};
    let (class, words) = match code {
        2 => (Later, "WhatsApp is down or overloaded for the moment."),
        3 | 10 | 200..=299 => {
            (Account, "The access token lacks a permission. Give it whatsapp_business_messaging at Meta.")
        }
        4 | 80_007 => (Later, "The WhatsApp account has reached Meta's limit of requests."),
        33 => (Account, "Meta does not know this phone number ID, or the token may not use it."),
        100 => (
            Refused,
            "WhatsApp did not understand the message. Check the phone number ID and the API version.",
        ),
        TOKEN => {
            (Account, "Meta does not accept the access token; it may have expired. Renew it in the console.")
        }
        368 => (Account, "Meta has blocked the account for a while for breaking its rules."),
        470 | 131_047 => (
            WindowClosed,
            "The guest has been silent for more than 24 hours; WhatsApp takes only approved templates now.",
        ),
        TOO_MANY => (Later, "WhatsApp has too many messages from this number at once."),
        130_403 => (Refused, "The hotel has blocked this guest on WhatsApp."),
        130_472 => (Refused, "Meta holds this message back from the guest as part of an experiment."),
        131_000 => (Again, "WhatsApp could not send the message and does not say why."),
        131_005 => (Account, "The access token may not do this. Check its permissions at Meta."),
        131_008 | 131_009 => (Refused, "WhatsApp did not understand the message."),
        131_016 | 133_004 => (Later, "WhatsApp is not available for the moment."),
        131_021 => (Unreachable, "This is the hotel's own number."),
        131_026 => (
            Unreachable,
            "WhatsApp cannot deliver to this guest: no WhatsApp there, an old version, or its terms not accepted.",
        ),
        131_030 => (Refused, "The number is not on Meta's list of test recipients."),
        131_031 => (Account, "Meta has locked the account. Meta's Business Suite says why."),
        131_037 => (Account, "The number's display name is not approved yet at Meta."),
        131_042 => (Account, "There is a problem with the payment to Meta. Check the billing there."),
        131_045 => (Account, "The number is not registered with WhatsApp. Register it at Meta."),
        131_048 => (Account, "WhatsApp restricts this number because guests reported or blocked it as spam."),
        131_049 => {
            (Refused, "Meta holds this message back to keep the guest from too many; try after a day.")
        }
        131_050 => (NoMarketing, "The guest has stopped marketing messages from the hotel."),
        131_051 => (Refused, "WhatsApp does not know this kind of message."),
        131_052 => (Refused, "WhatsApp could not fetch the guest's file."),
        131_053 => (Refused, "WhatsApp could not take the file: its kind or its size does not fit."),
        131_055 => (Refused, "This way of sending is not allowed for the number."),
        131_056 => (PairRate, "Too many messages to this guest in a short time."),
        131_057 => (Later, "The WhatsApp account is under maintenance."),
        131_062 => (Refused, "This kind of message needs the guest's number, which WhatsApp does not give."),
        131_064 => (Account, "Meta restricts what the account may send."),
        132_000 | 132_012 => (Refused, "The template's blanks are not filled as Meta has it."),
        132_001 => (Refused, "There is no approved template of this name and language."),
        132_005 => (Refused, "The template's text is too long once it is filled."),
        132_007 => (Refused, "The template breaks Meta's rules."),
        132_015 => (Refused, "Meta has paused the template because guests disliked it. Use another one."),
        132_016 => (Refused, "Meta has switched the template off for good. Use another one."),
        132_068 | 132_069 => (Refused, "The form in the message is blocked or slowed down at Meta."),
        133_000 | 133_005 | 133_006 | 133_008 | 133_009 | 133_015 => {
            (Account, "The number's registration with WhatsApp is not complete. Finish it at Meta.")
        }
        133_010 => (Account, "The number is not registered with WhatsApp. Register it at Meta."),
        133_016 => (Account, "The number was registered too often lately; Meta bars it for some days."),
        _ => return None,
    };
    Some(Meaning { class, words })
}

/// The words for an error; Meta's own where we have none.
pub(super) fn words(trouble: &Trouble) -> String {
    match (find(trouble.code), &trouble.title) {
        (Some(meaning), _) => meaning.words.to_owned(),
        (None, Some(title)) => {
            let title: String = title.chars().filter(|c| !c.is_control()).take(200).collect();
            format!("WhatsApp reports error {}: {title}", trouble.code)
        }
        (None, None) => format!("WhatsApp reports error {}.", trouble.code),
    }
}
