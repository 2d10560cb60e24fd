//! What a text costs as SMS: its encoding and segments (3GPP TS 23.038 and 23.040); it must not change what a text says.

use std::borrow::Cow;

use crate::channels::split::{signs, utf16_len};

/// The letters of GSM's default alphabet beyond ASCII letters and digits, and those that cost an escape as well.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./:;<=>?¡ÄÖÑÜ§¿äöñüà";
const EXTENDED: &str = "^{}\\[~]|€\u{000c}";

/// How a text travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// Seven bits a letter: 160 in one message, 153 in each part of several.
    Gsm7,
    /// Sixteen bits: 70 in one message, 67 in each part of several. One letter outside GSM's alphabet makes it so.
    Ucs2,
}

impl Encoding {
    fn alone(self) -> usize {
        match self {
            Encoding::Gsm7 => 160,
            Encoding::Ucs2 => 70,
        }
    }

    fn in_part(self) -> usize {
        match self {
            Encoding::Gsm7 => 153,
            Encoding::Ucs2 => 67,
        }
    }
}

/// What a text costs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segments {
    pub encoding: Encoding,
    /// Septets or UTF-16 units.
    pub units: usize,
    /// Messages that the carrier bills; none for an empty text.
    pub count: usize,
}

/// Counts a text's segments. No sign is torn over two segments, so there may be one more than the units suggest.
pub fn count(text: &str) -> Segments {
    let septets: Option<Vec<usize>> = text.chars().map(septets).collect();
    let (encoding, costs) = match septets {
        Some(costs) => (Encoding::Gsm7, costs),
        None => (Encoding::Ucs2, signs(text).flat_map(ucs2_costs).collect()),
    };
    let units = costs.iter().sum();
    let count = match units {
        0 => 0,
        _ if units <= encoding.alone() => 1,
        _ => parts(&costs, encoding.in_part()),
    };
    Segments { encoding, units, count }
}

fn septets(c: char) -> Option<usize> {
    if c.is_ascii_alphanumeric() || BASIC.contains(c) { Some(1) } else { EXTENDED.contains(c).then_some(2) }
}

/// One cost for a sign that fits a segment; else one for each of its characters, as it must be torn.
fn ucs2_costs(sign: &str) -> Vec<usize> {
    match utf16_len(sign) {
        whole if whole <= Encoding::Ucs2.in_part() => vec![whole],
        _ => sign.chars().map(char::len_utf16).collect(),
    }
}

fn parts(costs: &[usize], room: usize) -> usize {
    let (mut parts, mut used) = (1, 0);
    for cost in costs {
        if used + cost > room {
            parts += 1;
            used = 0;
        }
        used += cost;
    }
    parts
}

/// Writes quotes, dashes, dots and spaces of print as those of a telephone, where that saves a segment.
pub fn fold_for_sms(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\u{2018}'..='\u{201b}' | '\u{2032}' | '\u{2039}' | '\u{203a}' | '\u{00b4}' | '`' => {
                plain.push('\'')
            }
            '\u{201c}'..='\u{201f}' | '\u{2033}' | '«' | '»' => plain.push('"'),
            '\u{2010}'..='\u{2015}' | '\u{2212}' => plain.push('-'),
            '\u{00a0}' | '\u{2000}'..='\u{200a}' | '\u{202f}' | '\u{205f}' => plain.push(' '),
            '\u{2026}' => plain.push_str("..."),
            '\u{2022}' | '\u{00b7}' => plain.push('-'),
            '×' => plain.push('x'),
            '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{00ad}' => {}
            c => plain.push(c),
        }
    }
    if count(&plain).count < count(text).count { Cow::Owned(plain) } else { Cow::Borrowed(text) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::channels::contract_tests::published;

    fn cost(text: &str) -> (Encoding, usize) {
        let segments = count(text);
        (segments.encoding, segments.count)
    }

    #[test]
    fn plain_text_holds_160_letters_and_153_in_each_part_of_several() {
        for (letters, segments) in
            [(0, 0), (1, 1), (160, 1), (161, 2), (306, 2), (307, 3), (459, 3), (460, 4)]
        {
            assert_eq!(cost(&"a".repeat(letters)), (Encoding::Gsm7, segments), "{letters}");
        }
    }

    #[test]
    fn one_letter_beyond_the_alphabet_makes_it_70_and_67() {
        for (letters, segments) in [(69, 1), (70, 2), (133, 2), (134, 3)] {
            assert_eq!(cost(&format!("’{}", "a".repeat(letters))), (Encoding::Ucs2, segments), "{letters}");
        }
        for c in "çíóúÁ’—😜".chars() {
            assert_eq!(count(&c.to_string()).encoding, Encoding::Ucs2, "{c}");
        }
        for c in "ÇéñüàÉÑ¿¡£Δ§€".chars() {
            assert_eq!(count(&c.to_string()).encoding, Encoding::Gsm7, "{c}");
        }
    }

    #[test]
    fn an_escaped_letter_costs_two_and_is_not_torn() {
        for c in "|^€{}[]~\\".chars() {
            assert_eq!(count(&c.to_string()).units, 2, "{c}");
        }
        assert_eq!(cost(&"€".repeat(80)), (Encoding::Gsm7, 1));
        // 153 is odd: each part holds 76 of them and one septet stays free.
        assert_eq!(cost(&"€".repeat(152)), (Encoding::Gsm7, 2));
        assert_eq!(cost(&"€".repeat(153)), (Encoding::Gsm7, 3));
    }

    #[test]
    fn a_flag_or_a_joined_sign_at_the_edge_moves_to_the_next_part_whole() {
        let digits = |n| "7".repeat(n);
        assert_eq!(cost(&format!("😜{}", digits(68))), (Encoding::Ucs2, 1));
        assert_eq!(cost(&format!("😜{}", digits(69))), (Encoding::Ucs2, 2));
        assert_eq!(cost(&format!("🇮🇹{}", digits(66))), (Encoding::Ucs2, 1));
        assert_eq!(cost(&format!("🇮🇹{}", digits(67))), (Encoding::Ucs2, 2));
        assert_eq!(cost(&format!("🏳️‍🌈{}", digits(64))), (Encoding::Ucs2, 1));
        assert_eq!(cost(&format!("🏳️‍🌈{}", digits(65))), (Encoding::Ucs2, 2));
        // 66 + a flag of four units + 64: 134 units would fit two parts, were the flag torn.
        assert_eq!(cost(&format!("{}🇮🇹{}", digits(66), digits(64))), (Encoding::Ucs2, 3));
    }

    #[test]
    fn print_signs_give_way_only_where_that_saves() {
        let long = format!("We’re “here” – {}", "a".repeat(100));
        assert_eq!(fold_for_sms(&long), format!("We're \"here\" - {}", "a".repeat(100)));
        assert_eq!(fold_for_sms("We’re here…"), "We’re here…");
        let order = format!("2 × towels: {}", "a".repeat(100));
        assert_eq!(fold_for_sms(&order), format!("2 x towels: {}", "a".repeat(100)));
        let spanish = format!("¿Está “lista” la habitación? {}", "a".repeat(100));
        assert_eq!(fold_for_sms(&spanish), spanish, "í and ó keep it at the dear encoding");
    }

    /// Some of ours in the published form, then the published cases where the machine has them.
    #[test]
    fn cases_in_the_published_form_count_the_same() {
        let mut cases = vec![
            json!({"body": "Room 204 is ready.", "encoding": "GSM-7", "segments": 1, "messageSize": 126}),
            json!({"body": "{20 €}".repeat(30), "encoding": "GSM-7", "segments": 2, "messageSize": 1890}),
            json!({"body": "Café “Ría”", "encoding": "UCS-2", "segments": 1, "messageSize": 160}),
        ];
        if let Some(published) = published("vectors/sms_segment_vectors.json") {
            let published = published["cases"].as_array().unwrap();
            assert!(!published.is_empty());
            cases.extend(published.iter().cloned());
        }
        for case in cases {
            let counted = count(case["body"].as_str().unwrap());
            let (encoding, bits) = match counted.encoding {
                Encoding::Gsm7 => ("GSM-7", 7),
                Encoding::Ucs2 => ("UCS-2", 16),
            };
            assert_eq!(encoding, case["encoding"], "{case}");
            assert_eq!(counted.count, case["segments"], "{case}");
            assert_eq!(counted.units * bits, case["messageSize"], "{case}");
        }
    }

    proptest! {
        #[test]
        fn folding_never_costs_more(text in any::<String>()) {
            prop_assert!(count(&fold_for_sms(&text)).count <= count(&text).count);
        }
    }
}
