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
pub fn mentions_opt_out(message: &str) -> Option<OptWord> {
    let folded = words::fold(message);
    match folded.trim_matches(|c: char| c.is_whitespace() || c.is_ascii_punctuation()) {
        "stop" | "stopall" | "unsubscribe" | "cancel" | "end" | "quit" | "revoke" | "optout" => {
            Some(OptWord::Stop)
        }
        "start" | "unstop" => Some(OptWord::Start),
        "yes" => Some(OptWord::StartYes),
        "help" | "info" => Some(OptWord::Help),
        _ => None,
    }
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
}
