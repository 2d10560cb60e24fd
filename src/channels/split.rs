//! Cuts a long text into messages where a reader would pause; it must not tear apart what the eye sees as one sign.

use unicode_normalization::char::is_combining_mark;

/// Cuts `text` into pieces of at most `max` UTF-16 units, the stricter reading of what vendors call a character:
/// after a sentence if one ends in the second half of a piece, else between words, else between two signs.
/// White space at the cuts is dropped; of blank text nothing is left.
pub fn split(text: &str, max: usize) -> Vec<String> {
    let mut pieces = Vec::new();
    let mut rest = text.trim();
    while !rest.is_empty() {
        let (piece, tail) = rest.split_at(cut(rest, max));
        pieces.push(piece.trim_end().to_owned());
        rest = tail.trim_start();
    }
    pieces
}

/// Where the first piece of `text` ends, in bytes; never 0 for a text with something in it.
fn cut(text: &str, max: usize) -> usize {
    let (mut end, mut units) = (0, 0);
    let (mut sentence, mut word) = (None, None);
    let mut rest = signs(text).peekable();
    while let Some(sign) = rest.next_if(|sign| units + utf16_len(sign) <= max) {
        units += utf16_len(sign);
        end += sign.len();
        let ends_here = sign.chars().all(|c| matches!(c, '。' | '！' | '？')) || sign.contains('\n');
        let pauses = text[end..].starts_with(char::is_whitespace);
        if units * 2 >= max && (ends_here || pauses && sign.ends_with(['.', '!', '?', '…', ':', ';'])) {
            sentence = Some(end);
        }
        if pauses {
            word = Some(end);
        }
    }
    match rest.peek() {
        None => text.len(),
        // One sign longer than a whole message: better torn than never sent.
        Some(_) if end == 0 => torn(text, max),
        Some(_) => sentence.or(word).unwrap_or(end),
    }
}

fn torn(text: &str, max: usize) -> usize {
    let mut units = 0;
    let fits = |c: &char| {
        units += c.len_utf16();
        units <= max
    };
    let end = text.chars().take_while(fits).map(char::len_utf8).sum();
    if end == 0 { text.chars().next().map_or(0, char::len_utf8) } else { end }
}

pub(super) fn utf16_len(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}

/// The signs that the eye sees as one each: a letter with its accents, a flag, a family joined of four people.
/// After Unicode's annex 29, leaning towards longer signs where the annex needs tables.
pub(super) fn signs(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let mut chars = rest.char_indices();
        let (_, mut previous) = chars.next()?;
        let mut flags = usize::from(is_flag_half(previous));
        let end = chars
            .find_map(|(at, c)| {
                let joined = joins(previous, c) || is_flag_half(c) && flags == 1;
                flags += usize::from(is_flag_half(c));
                previous = c;
                (!joined).then_some(at)
            })
            .unwrap_or(rest.len());
        let (sign, tail) = rest.split_at(end);
        rest = tail;
        Some(sign)
    })
}

fn joins(before: char, after: char) -> bool {
    (before == '\r' && after == '\n')
        || before == '\u{200d}'
        || is_virama(before) && !after.is_ascii() && after.is_alphabetic()
        || is_combining_mark(after)
        || is_jamo(before) && is_jamo_tail(after)
        || matches!(after, '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{1f3fb}'..='\u{1f3ff}'
            | '\u{e0020}'..='\u{e007f}' | '\u{0e33}' | '\u{0eb3}' | '\u{ff9e}' | '\u{ff9f}')
}

/// Two of them make a flag.
fn is_flag_half(c: char) -> bool {
    matches!(c, '\u{1f1e6}'..='\u{1f1ff}')
}

/// Signs of Indic scripts that bind the next consonant to the one before.
fn is_virama(c: char) -> bool {
    matches!(c, '\u{094d}' | '\u{09cd}' | '\u{0acd}' | '\u{0b4d}' | '\u{0c4d}' | '\u{0d4d}')
}

/// Korean letters, alone or as a finished syllable, that may take another.
fn is_jamo(c: char) -> bool {
    matches!(c, '\u{1100}'..='\u{11ff}' | '\u{a960}'..='\u{a97c}' | '\u{ac00}'..='\u{d7a3}' | '\u{d7b0}'..='\u{d7fb}')
}

fn is_jamo_tail(c: char) -> bool {
    matches!(c, '\u{1160}'..='\u{11ff}' | '\u{d7b0}'..='\u{d7fb}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_cut_falls_after_a_sentence_else_between_words() {
        assert_eq!(
            split("Breakfast is at seven. Bring nothing.", 30),
            ["Breakfast is at seven.", "Bring nothing."]
        );
        assert_eq!(split("one two three four", 10), ["one two", "three four"]);
        assert_eq!(
            split("Hi. A very long sentence follows it", 30),
            ["Hi. A very long sentence", "follows it"]
        );
        assert_eq!(split("  short  ", 30), ["short"]);
        assert_eq!(split("朝食は七時です。昼食は正午です。", 10), ["朝食は七時です。", "昼食は正午です。"]);
        assert!(split(" \n ", 30).is_empty());
    }

    #[test]
    fn a_price_and_a_time_are_no_sentence_ends() {
        assert_eq!(split("The sandwich is 18.00 EUR today", 21), ["The sandwich is 18.00", "EUR today"]);
    }

    #[test]
    fn what_the_eye_sees_as_one_is_not_torn() {
        let family = "👩‍👩‍👧‍👦";
        for sign in [family, "🇵🇹", "👍🏽", "e\u{0301}", "🏳️‍🌈", "한", "\u{1112}\u{1161}\u{11ab}", "क्षि", "กำ"]
        {
            assert_eq!(signs(sign).collect::<Vec<_>>(), [sign]);
            let long = sign.repeat(7);
            let width = utf16_len(sign);
            for piece in split(&long, width * 2 + width.saturating_sub(1)) {
                assert_eq!(piece.len() % sign.len(), 0, "{piece}");
            }
        }
        assert_eq!(signs("🇵🇹🇪🇸a").collect::<Vec<_>>(), ["🇵🇹", "🇪🇸", "a"]);
    }

    #[test]
    fn a_sign_longer_than_a_message_is_torn_rather_than_lost() {
        let zalgo = format!("e{}", "\u{0301}".repeat(50));
        let pieces = split(&zalgo, 20);
        assert_eq!(pieces.concat(), zalgo);
        assert!(pieces.iter().all(|piece| utf16_len(piece) <= 20));
    }

    proptest! {
        #[test]
        fn every_piece_fits_and_no_word_is_lost(text in "\\PC{0,300}", max in 2usize..80) {
            let pieces = split(&text, max);
            for piece in &pieces {
                prop_assert!(utf16_len(piece) <= max && !piece.is_empty());
            }
            let letters = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(letters(&pieces.concat()), letters(&text));
        }

        #[test]
        fn the_signs_of_a_text_are_the_text(text in any::<String>()) {
            prop_assert_eq!(signs(&text).collect::<String>(), text);
        }
    }
}
