//! The conversation so far, cut to what the model is given to read. It never shows notes among staff.
//!
//! The newest lines win. The guest's burst, which is what has to be answered, is always there in full or, where a
//! message is longer than the whole budget, with its middle cut out.

use crate::domain::message::Author;
use crate::llm::ChatMessage;

/// What each message costs beside its text.
const PER_MESSAGE: i64 = 4;
/// More bytes than a message's frame and "[reception said] " have.
const FRAME: usize = 24;
/// Stands where the middle of a long message was.
const CUT_MARK: &str = "\n[… the middle of this long message is left out …]\n";
/// Tokens that a cut message keeps at least.
const LEAST: i64 = 32;
/// Text is counted in pieces of this many bytes: the tokenizer is slow on very long words.
const PIECE: usize = 2_048;

/// One stored message, as far as the model may see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HistoryLine {
    pub author: Author,
    /// A note among staff: left out.
    pub private: bool,
    /// The name of the member of staff, if the hotel shows names; staff messages only.
    pub staff_name: Option<String>,
    pub text: String,
    /// Length of `text` in model tokens, if it has been counted before.
    pub tokens: Option<i64>,
}

/// Length of a text in tokens of `o200k_base`. The tables load at the first call (about 0.1 s, 50 MB).
pub fn count(text: &str) -> i64 {
    let tokenizer = tiktoken_rs::o200k_base_singleton();
    let mut tokens = 0;
    let mut rest = text;
    while !rest.is_empty() {
        let (piece, later) = rest.split_at(rest.floor_char_boundary(PIECE));
        tokens += tokenizer.count_ordinary(piece);
        rest = later;
    }
    i64::try_from(tokens).unwrap_or(i64::MAX)
}

/// The newest lines that fit into the budget, oldest first. Lines of one side that follow each other become one message,
/// since some servers insist on turns.
pub fn fit(history: &[HistoryLine], budget_tokens: i64) -> Vec<ChatMessage> {
    // A token is a byte at least: what is that short fits in full and need not be counted.
    let most = |line: &HistoryLine| line.text.len() + line.staff_name.as_ref().map_or(0, String::len) + FRAME;
    let bytes: usize = history.iter().filter(|line| !line.private).map(most).sum();
    let counted = i64::try_from(bytes).unwrap_or(i64::MAX) > budget_tokens;
    let lines: Vec<Line> =
        history.iter().filter(|line| !line.private).map(|line| Line::of(line, counted)).collect();
    if !counted {
        return join(lines);
    }
    let burst = lines.iter().rev().take_while(|line| line.side == Side::Guest).count();
    let (earlier, burst) = lines.split_at(lines.len() - burst);
    let burst = shorten(burst, budget_tokens);
    let mut left = budget_tokens - burst.iter().map(|line| line.tokens).sum::<i64>();
    let mut kept: Vec<Line> = Vec::new();
    for line in earlier.iter().rev() {
        // An old message that is longer than half of what is left tells less than the many that it would push out.
        let line = if line.tokens > left { line.cut((left / 2).max(LEAST)) } else { line.clone() };
        if line.tokens > left {
            break;
        }
        left -= line.tokens;
        kept.push(line);
    }
    kept.reverse();
    kept.extend(burst);
    join(kept)
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Guest,
    Hotel,
}

#[derive(Debug, Clone)]
struct Line {
    side: Side,
    text: String,
    tokens: i64,
}

impl Line {
    /// Not `counted`: its tokens stay open.
    fn of(line: &HistoryLine, counted: bool) -> Self {
        let (side, text) = match line.author {
            Author::Guest => (Side::Guest, line.text.clone()),
            Author::Bot | Author::System => (Side::Hotel, line.text.clone()),
            Author::Staff => {
                let who = line.staff_name.as_deref().unwrap_or("reception");
                let text = format!("[{who} said] {}", line.text);
                return if counted {
                    Self::new(Side::Hotel, text)
                } else {
                    Self { side: Side::Hotel, text, tokens: 0 }
                };
            }
        };
        match line.tokens.or((!counted).then_some(0)) {
            Some(tokens) => Self { side, text, tokens: tokens.max(0) + PER_MESSAGE },
            None => Self::new(side, text),
        }
    }

    fn new(side: Side, text: String) -> Self {
        let tokens = count(&text) + PER_MESSAGE;
        Self { side, text, tokens }
    }

    /// At most about this many tokens: the beginning, a mark, the end.
    fn cut(&self, tokens: i64) -> Self {
        if self.tokens <= tokens {
            return self.clone();
        }
        Self::new(self.side, cut_middle(&self.text, tokens - PER_MESSAGE))
    }
}

/// The burst within the budget: as it is, or every message cut to its share, or the newest of them.
fn shorten(burst: &[Line], budget: i64) -> Vec<Line> {
    let total = |lines: &[Line]| lines.iter().map(|line| line.tokens).sum::<i64>();
    if total(burst) <= budget {
        return burst.to_vec();
    }
    let share = budget / i64::try_from(burst.len()).unwrap_or(i64::MAX).max(1);
    // What short messages leave of their share goes to the long ones.
    let (short, long): (Vec<&Line>, Vec<&Line>) = burst.iter().partition(|line| line.tokens <= share);
    let spare = budget - short.iter().map(|line| line.tokens).sum::<i64>();
    let share = (spare / i64::try_from(long.len()).unwrap_or(i64::MAX).max(1)).max(LEAST);
    let mut lines: Vec<Line> = burst.iter().map(|line| line.cut(share)).collect();
    while total(&lines) > budget && lines.len() > 1 {
        lines.remove(0);
    }
    lines
}

/// Keeps two thirds of the room for the beginning and one for the end.
fn cut_middle(text: &str, tokens: i64) -> String {
    let has = count(text).max(1);
    let room = (tokens - count(CUT_MARK)).max(2);
    let mut keep = i64::try_from(text.len()).unwrap_or(i64::MAX).saturating_mul(room) / has;
    loop {
        let bytes = usize::try_from(keep).unwrap_or(0).min(text.len());
        let head = &text[..text.floor_char_boundary(bytes / 3 * 2)];
        let tail = &text[text.ceil_char_boundary(text.len() - bytes / 3)..];
        let cut = format!("{head}{CUT_MARK}{tail}");
        if bytes < 6 || count(&cut) <= tokens.max(1) {
            return cut;
        }
        keep = keep * 9 / 10;
    }
}

fn join(lines: Vec<Line>) -> Vec<ChatMessage> {
    let mut messages: Vec<(Side, String)> = Vec::new();
    for line in lines {
        match messages.last_mut() {
            Some((side, text)) if *side == line.side => {
                text.push('\n');
                text.push_str(&line.text);
            }
            Some(_) | None => messages.push((line.side, line.text)),
        }
    }
    let message = |(side, text)| match side {
        Side::Guest => ChatMessage::User(text),
        Side::Hotel => ChatMessage::Assistant { text: Some(text), calls: Vec::new() },
    };
    messages.into_iter().map(message).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(author: Author, text: &str) -> HistoryLine {
        HistoryLine { author, private: false, staff_name: None, text: text.to_owned(), tokens: None }
    }

    fn hotel(text: &str) -> ChatMessage {
        ChatMessage::Assistant { text: Some(text.to_owned()), calls: Vec::new() }
    }

    fn size(messages: &[ChatMessage]) -> i64 {
        let text = |message: &ChatMessage| match message {
            ChatMessage::User(text) | ChatMessage::System(text) => count(text),
            ChatMessage::Assistant { text, .. } => text.as_deref().map_or(0, count),
            ChatMessage::Tool { content, .. } => count(content),
        };
        messages.iter().map(text).sum()
    }

    #[test]
    fn tokens_are_counted_as_the_model_counts_them() {
        assert_eq!(count(""), 0);
        assert_eq!(count("hello world"), 2);
        assert_eq!(
            count("<|endoftext|>"),
            tiktoken_rs::o200k_base_singleton().count_ordinary("<|endoftext|>") as i64
        );
        assert!(count(&"a".repeat(100_000)) > 1_000 && count(&" ".repeat(100_000)) > 100);
    }

    #[test]
    fn the_model_sees_who_said_what_but_no_notes() {
        let mut note = line(Author::Staff, "guest is a journalist");
        note.private = true;
        let mut staff = line(Author::Staff, "We will bring it up.");
        staff.staff_name = Some("Marta".to_owned());
        let history = [
            line(Author::Guest, "hi"),
            line(Author::Guest, "towels?"),
            line(Author::Bot, "Of course."),
            note,
            staff,
            line(Author::Staff, "At once."),
            line(Author::Guest, "thanks"),
        ];
        let wanted = [
            ChatMessage::User("hi\ntowels?".to_owned()),
            hotel("Of course.\n[Marta said] We will bring it up.\n[reception said] At once."),
            ChatMessage::User("thanks".to_owned()),
        ];
        assert_eq!(fit(&history, 1_000), wanted);
    }

    #[test]
    fn the_oldest_lines_go_first_and_the_burst_stays_whole() {
        let mut history: Vec<_> = (0..50).map(|n| line(Author::Bot, &format!("answer number {n}"))).collect();
        history.push(line(Author::Guest, "first part"));
        history.push(line(Author::Guest, "second part"));
        let messages = fit(&history, 60);
        assert_eq!(messages.last(), Some(&ChatMessage::User("first part\nsecond part".to_owned())));
        assert!(size(&messages) <= 60, "{messages:?}");
        assert!(
            matches!(&messages[0], ChatMessage::Assistant { text: Some(text), .. } if text.contains("number 49") && !text.contains("number 9\n"))
        );
        assert_eq!(fit(&history, 5), fit(&history, 5));
    }

    #[test]
    fn one_very_long_message_keeps_its_beginning_and_its_end() {
        let long = format!("BEGIN {} END", "pillow and ünïcode 枕 ".repeat(700));
        let messages = fit(&[line(Author::Bot, "hello"), line(Author::Guest, &long)], 400);
        let Some(ChatMessage::User(text)) = messages.last() else { panic!("{messages:?}") };
        assert!(text.starts_with("BEGIN ") && text.ends_with(" END") && text.contains(CUT_MARK));
        assert!(size(&messages) <= 400, "{}", size(&messages));
    }

    #[test]
    fn a_flood_of_messages_stays_within_the_budget() {
        let flood: Vec<_> =
            (0..50).map(|n| line(Author::Guest, &format!("{n} {}", "x y ".repeat(n * 40)))).collect();
        for budget in [50, 500, 4_000] {
            let messages = fit(&flood, budget);
            assert!(size(&messages) <= budget, "{budget}: {}", size(&messages));
            assert!(matches!(messages.last(), Some(ChatMessage::User(text)) if text.contains("49 x y")));
        }
    }

    #[test]
    fn a_stored_count_is_believed() {
        let text = "a good many words ".repeat(100);
        let mut old = line(Author::Bot, &text);
        old.tokens = Some(5);
        let messages = fit(&[old, line(Author::Guest, "hi")], 100);
        assert_eq!(messages, [hotel(&text), ChatMessage::User("hi".to_owned())]);
    }
}
