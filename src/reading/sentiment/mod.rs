//! How a message sounds, from furious to delighted, by its words and marks alone; it decides no escalation.

mod lexicon;
mod marks;

use super::tokens::{Token, tokens};

/// How a message sounds.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Mood {
    /// -1 (furious) to 1 (delighted); 0 where nothing tells.
    pub score: f64,
    /// The words and marks that told, as written, in order.
    pub words: Vec<String>,
}

/// Something that sounds good or bad.
struct Sound {
    from: usize,
    to: usize,
    value: f64,
}

/// The larger, the more must be said to leave 0; and one word says less in a long message than alone.
const CALM: f64 = 5.0;
const CALM_PER_WORD: f64 = 1.0;

const NEGATIONS: &[&str] = &[
    "not", "no", "never", "none", "nothing", "nobody", "neither", "nor", "without", "cant", "cannot", "dont",
    "doesnt", "didnt", "isnt", "arent", "wasnt", "werent", "wont", "wouldnt", "couldnt", "shouldnt",
    "havent", "hasnt", "hadnt", "aint", "hardly", "barely", "rarely", "seldom", "nowhere", "lack", "lacks",
    "lacking", "ningun", "ninguna", "nunca", "jamas", "sin", "nada", "tampoco",
];

const STRONGER: &[&str] = &[
    "very",
    "really",
    "so",
    "too",
    "extremely",
    "absolutely",
    "totally",
    "completely",
    "incredibly",
    "super",
    "highly",
    "utterly",
    "truly",
    "especially",
    "particularly",
    "insanely",
    "freaking",
    "fucking",
    "fuckin",
    "friggin",
    "effing",
    "damn",
    "bloody",
    "most",
    "more",
    "such",
    "deeply",
    "hugely",
    "terribly",
    "awfully",
    "ridiculously",
    "seriously",
    "definitely",
    "entirely",
    "exceptionally",
    "extra",
    "majorly",
    "purely",
    "thoroughly",
    "unbelievably",
    "way",
    "quite_a",
    "muy",
    "mucho",
    "tan",
    "demasiado",
    "super",
    "realmente",
    "totalmente",
    "absolutamente",
    "completamente",
    "bastante_mas",
];

const WEAKER: &[&str] = &[
    "slightly",
    "somewhat",
    "fairly",
    "rather",
    "kinda",
    "kind_of",
    "sorta",
    "little",
    "bit",
    "almost",
    "partly",
    "mildly",
    "marginally",
    "occasionally",
    "sometimes",
    "less",
    "poco",
    "algo",
    "casi",
];

/// How a message sounds. Faults told plainly and ordinary requests stay near 0.
pub fn score(text: &str) -> Mood {
    let all = tokens(text);
    let signs = marks::marks(text);
    let words: Vec<&Token> = all.iter().filter(|t| t.is_text()).collect();
    let mut sounds = spoken(text, &words, &all);
    waiting(&words, &mut sounds);
    sounds.extend(signs.iter().map(|(from, to, value)| Sound { from: *from, to: *to, value: *value }));
    sounds.sort_by_key(|s| s.from);
    weigh_but(&words, &mut sounds);
    let sum: f64 = sounds.iter().map(|s| s.value).sum();
    let sum = sum + stress(text, sum);
    let calm = CALM + CALM_PER_WORD * words.len().min(60) as f64;
    let words = sounds.iter().filter_map(|s| text.get(s.from..s.to)).map(str::to_owned).collect();
    Mood { score: sum / (sum * sum + calm).sqrt(), words }
}

/// The words and sayings that sound, each as its neighbours make it.
fn spoken(text: &str, words: &[&Token], all: &[Token]) -> Vec<Sound> {
    let folded: Vec<&str> = words.iter().map(|w| w.folded.as_str()).collect();
    let shouting = shouts(text);
    let mut sounds = Vec::new();
    let mut at = 0;
    while let Some(word) = words.get(at) {
        let rest = folded.get(at..).unwrap_or_default();
        let known = lexicon::saying(rest.get(..rest.len().min(6)).unwrap_or_default());
        let known =
            known.or_else(|| laughter(&word.folded).or_else(|| lexicon::word(&word.folded)).map(|v| (1, v)));
        let Some((count, value)) = known else {
            sounds.extend(denied(words, at));
            at += 1;
            continue;
        };
        let last = words.get(at + count - 1).unwrap_or(word);
        // a word that only makes the next one stronger does not sound by itself
        let only_booster = count == 1
            && STRONGER.contains(&word.folded.as_str())
            && words
                .get(at + 1)
                .is_some_and(|w| w.sentence == word.sentence && lexicon::word(&w.folded).is_some());
        if !only_booster && value != 0.0 {
            let caps = !shouting && written_large(text, word);
            let value = value.signum() * (value.abs() + if caps { 0.7 } else { 0.0 });
            let drawn = if lexicon::drawn_out(&word.folded) { 0.5 * value.signum() } else { 0.0 };
            sounds.push(Sound {
                from: word.start,
                to: last.end,
                value: among(words, all, at, value + drawn),
            });
        }
        at += count;
    }
    sounds
}

/// A denial is a little complaint by itself: "does not open". What it denies is weighed apart.
fn denied(words: &[&Token], at: usize) -> Option<Sound> {
    const DENIALS: &[&str] = &[
        "not", "doesnt", "didnt", "wont", "cant", "cannot", "couldnt", "wasnt", "isnt", "wouldnt", "hasnt",
        "never",
    ];
    let word = words.get(at)?;
    let next = words.get(at + 1)?;
    let plain = DENIALS.contains(&word.folded.as_str()) && next.sentence == word.sentence;
    let nothing_said = words.iter().skip(at + 1).take(3).all(|w| lexicon::word(&w.folded).is_none());
    (plain && nothing_said && next.folded != "only").then_some(Sound {
        from: word.start,
        to: word.end,
        value: -0.5,
    })
}

/// The value of the word at `at` as the words before it make it: stronger, weaker or turned round.
fn among(words: &[&Token], all: &[Token], at: usize, value: f64) -> f64 {
    let Some(here) = words.get(at) else { return value };
    let mut value = value;
    let mut turned = false;
    for back in 1..=4 {
        let Some(before) = at.checked_sub(back).and_then(|i| words.get(i)) else { break };
        if before.sentence != here.sentence || divided(all, before, here) {
            break;
        }
        let word = before.folded.as_str();
        let near = [1.0, 0.9, 0.7, 0.5].get(back - 1).copied().unwrap_or(0.5);
        if matches!(word, "but" | "pero" | "because" | "porque" | "although" | "aunque") {
            break;
        }
        if back <= 3 && STRONGER.contains(&word) {
            value += 0.8 * near * value.signum();
        } else if back <= 2 && WEAKER.contains(&word) {
            value *= 0.7;
        } else if NEGATIONS.contains(&word) && !turned {
            // "not only", "no wonder" and "not just" deny nothing
            let only = words
                .get(at - back + 1)
                .is_some_and(|w| matches!(w.folded.as_str(), "only" | "just" | "wonder" | "solo"));
            turned = !only;
        }
    }
    let supposed = (1..=3).filter_map(|back| at.checked_sub(back)).filter_map(|i| words.get(i));
    if value > 0.0
        && supposed.clone().any(|w| {
            w.sentence == here.sentence && matches!(w.folded.as_str(), "would" | "could" | "should" | "if")
        })
    {
        value *= 0.5;
    }
    match (turned, value > 0.0) {
        (false, _) => value,
        (true, true) => -0.65 * value,
        (true, false) => -0.35 * value,
    }
}

fn divided(all: &[Token], before: &Token, here: &Token) -> bool {
    let from = all.partition_point(|t| t.start < before.end);
    let between = all.iter().skip(from).take_while(|t| t.start < here.start);
    between.filter(|t| !t.is_text()).any(|t| matches!(t.folded.as_str(), "," | ":" | "(" | ")" | "…"))
}

/// "haha", "hahahah", "jajaja", "hehe".
fn laughter(word: &str) -> Option<f64> {
    let laugh = |a: char, b: char| {
        word.len() >= 4 && word.chars().all(|c| c == a || c == b) && word.contains(a) && word.contains(b)
    };
    (laugh('h', 'a') || laugh('h', 'e') || laugh('j', 'a') || laugh('j', 'e')).then_some(2.0)
}

/// Waiting long is a complaint that no single word tells: "waiting for two hours".
fn waiting(words: &[&Token], sounds: &mut Vec<Sound>) {
    for (at, word) in words.iter().enumerate() {
        if !matches!(word.folded.as_str(), "waiting" | "waited" | "esperando" | "esperado") {
            continue;
        }
        let rest = words.iter().skip(at + 1).take(5).take_while(|w| w.sentence == word.sentence);
        let long = rest.clone().find(|w| {
            matches!(
                w.folded.as_str(),
                "hour" | "hours" | "ages" | "forever" | "hora" | "horas" | "siglos" | "week" | "weeks"
            )
        });
        if let Some(long) = long {
            sounds.push(Sound { from: word.start, to: long.end, value: -1.2 });
        }
    }
}

/// What comes after a "but" weighs more than what came before it in the sentence.
fn weigh_but(words: &[&Token], sounds: &mut [Sound]) {
    let mut sentence = usize::MAX;
    for but in words.iter().filter(|w| {
        matches!(w.folded.as_str(), "but" | "pero" | "however" | "until" | "unfortunately" | "except")
    }) {
        if but.sentence == sentence {
            continue;
        }
        sentence = but.sentence;
        let first = words.partition_point(|w| w.sentence < sentence);
        let after = words.partition_point(|w| w.sentence <= sentence);
        let begins = words.get(first).map_or(0, |w| w.start);
        let ends = words.get(after).map_or(usize::MAX, |w| w.start);
        let of_sentence =
            sounds.partition_point(|s| s.from < begins)..sounds.partition_point(|s| s.from < ends);
        for sound in sounds.get_mut(of_sentence).into_iter().flatten() {
            sound.value *= if sound.from < but.start { 0.6 } else { 1.3 };
        }
    }
}

/// What exclamation marks and shouting add to a message that sounds already.
fn stress(text: &str, sum: f64) -> f64 {
    if sum == 0.0 {
        return 0.0;
    }
    let marks = text.chars().filter(|c| *c == '!').take(4).count() as f64;
    let shout = if shouts(text) { 0.6 } else { 0.0 };
    sum.signum() * (marks * 0.35 + shout)
}

/// Whether most of the letters are capitals.
fn shouts(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    let large = text.chars().filter(|c| c.is_uppercase()).count();
    letters >= 8 && large * 10 >= letters * 7
}

fn written_large(text: &str, word: &Token) -> bool {
    let written = text.get(word.start..word.end).unwrap_or_default();
    written.chars().count() >= 3 && !written.chars().any(char::is_lowercase)
}

#[cfg(test)]
mod tests;
