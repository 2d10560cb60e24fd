//! The words by which a guest stops or resumes text messages; it must not see one in a longer sentence.

use super::words;

/// What a whole message asks of the carrier.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OptWord {
    /// No more messages to this number.
    Stop,
    /// Messages again, said by START or UNSTOP.
    Start,
    /// YES: messages again for someone who had opted out; for everyone else just a yes.
    StartYes,
    /// HELP or INFO: the carrier answers with the sender's details.
    Help,
}

/// Reads a message that consists of one of the carrier's words and nothing else; case, white space and punctuation
/// around it do not count. The list is Twilio's default for long codes and toll-free numbers.
///
/// A question ("cancel?") is put to the hotel, and so is a cry ("help!"): nobody else would answer them.
pub fn mentions_opt_out(message: &str) -> Option<OptWord> {
    let folded = words::fold(message);
    let word = folded.trim_matches(|c: char| c.is_whitespace() || c.is_ascii_punctuation());
    if folded.contains('?') || (folded.contains('!') && word == "help") {
        return None;
    }
    match word {
        "stop" | "stopall" | "unsubscribe" | "cancel" | "end" | "quit" | "revoke" | "optout" => {
            Some(OptWord::Stop)
        }
        "start" | "unstop" => Some(OptWord::Start),
        "yes" => Some(OptWord::StartYes),
        "help" | "info" => Some(OptWord::Help),
        _ => None,
    }
}

/// Words that ask for an answer, folded; after one of them a carrier's word reads as what to answer.
const ASKING: &[&str] = &[
    "reply", "answer", "write", "text", "send", "say", "type", "respond", "responda", "responde", "conteste",
    "contesta", "escriba", "escribe", "envie", "envia", "mande", "manda", "diga", "di", "teclee", "teclea",
];

/// Whether a text of ours asks the guest to answer with a word that stops messages: the word in capitals or in
/// quotation marks, or at most two words from "reply" and the like. The carrier would then block the guest.
pub fn invites_opt_out(text: &str) -> bool {
    let mut since_asking = usize::MAX;
    text.split_whitespace().any(|raw| {
        let token = raw.trim_matches(|c: char| !c.is_alphanumeric());
        let folded = words::fold(token);
        since_asking = if ASKING.contains(&folded.as_str()) { 0 } else { since_asking.saturating_add(1) };
        let shouted = token.chars().all(char::is_uppercase);
        let quoted =
            raw.starts_with(is_quote) && raw.trim_end_matches(['.', ',', '!', '?', ';']).ends_with(is_quote);
        mentions_opt_out(token) == Some(OptWord::Stop) && (shouted || quoted || since_asking <= 3)
    })
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '\'' | '«' | '»' | '\u{2018}'..='\u{201f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_carrier_word_alone_is_understood_however_it_is_typed() {
        for word in
            ["STOP", " stop.\n", "StopAll", "UNSUBSCRIBE", "Cancel!", "END", "quit", "\"REVOKE\"", "optout"]
        {
            assert_eq!(mentions_opt_out(word), Some(OptWord::Stop), "{word}");
        }
        assert_eq!(mentions_opt_out("Start"), Some(OptWord::Start));
        assert_eq!(mentions_opt_out("UNSTOP"), Some(OptWord::Start));
        assert_eq!(mentions_opt_out("Yes!"), Some(OptWord::StartYes));
        assert_eq!(mentions_opt_out("HELP"), Some(OptWord::Help));
        assert_eq!(mentions_opt_out("info"), Some(OptWord::Help));
    }

    #[test]
    fn the_word_inside_a_sentence_means_nothing_to_the_carrier() {
        for text in
            ["stop by the pool?", "cancel my dinner", "yes please", "help me", "the end", "", "?", "stop it"]
        {
            assert_eq!(mentions_opt_out(text), None, "{text}");
        }
    }

    #[test]
    fn a_question_and_a_cry_for_help_are_for_the_hotel() {
        for text in ["cancel?", "info?", "¿info?", "Help!", "help!!"] {
            assert_eq!(mentions_opt_out(text), None, "{text}");
        }
    }

    #[test]
    fn a_text_that_tells_the_guest_to_answer_with_a_stop_word_is_noticed() {
        for text in [
            "Reply CANCEL to keep your table.",
            "Answer yes, or cancel.",
            "To leave the chat write \u{201c}end\u{201d}.",
            "Responda con cancel si no lo quiere.",
            "Send 'quit'!",
            "Texts can be stopped by STOP.",
        ] {
            assert!(invites_opt_out(text), "{text}");
        }
        for text in [
            "Shall I order it? Yes or no.",
            "The bus stop is at the end of the street.",
            "You can cancel until six; staff will answer.",
            "Responda sí o no.",
            "",
        ] {
            assert!(!invites_opt_out(text), "{text}");
        }
    }
}
