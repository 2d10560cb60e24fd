//! Smileys and emoji and how they sound; it knows no words.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};

/// How a mark sounds, -4 to 4, and the marks.
const MARKS: &[(f64, &str)] = &[
    (2.2, ":) :-) =) (: (-: =] :] ;) ;-) (; :o) :> :-> ^^ ^_^ ^.^ n_n :3 =3 c: :'-) :*) \\o/ ◕‿◕"),
    (
        2.6,
        ":D :-D =D xD XD ;D :)) :))) <3 &lt;3 ♥ ❤ 💕 💖 💗 💘 💙 💚 💛 💜 🧡 💞 😍 🥰 😘 😊 😀 😃 😄 😁 😆 😂 🤣 🎉 🥳 🤩 💯 😻 💐 🎊",
    ),
    (1.6, ":P :-P :p =P ;P xP ;p :* :-* 👍 👌 🙏 😉 😎 🙂 😋 😇 ✨ 🌟 ⭐ 🤗 👏 💪 🌹 🎂 🙌 ✌ ☺ 😌 🌞"),
    (
        -1.2,
        ":/ :-/ :\\ :-\\ =/ =\\ :| :-| -_- -.- -__- :S :-S >_> <_< o_O O_o o.O O.o 😕 😐 😒 🙄 😬 😟 😶 😓 😰 🥱 😴",
    ),
    (
        -2.2,
        ":( :-( =( =[ :[ ): )-: D: D= :'( :'-( ='( ;( ;-( T_T T.T ;_; </3 &lt;/3 :(( :((( :< v_v >.< >_< x_x 😞 😔 🙁 ☹ 😢 😭 😩 😫 😖 😣 😥 😨 😱 💔 👎 🤒 🤢 😷 😿",
    ),
    (-3.2, ">:( >:-( >=( D:< 😠 😡 🤬 👿 💩 🤮 🖕"),
];

struct Finder {
    search: AhoCorasick,
    sounds: Vec<f64>,
}

static FINDER: LazyLock<Option<Finder>> = LazyLock::new(|| {
    let all = || MARKS.iter().flat_map(|(sound, marks)| marks.split(' ').map(move |mark| (mark, *sound)));
    let search =
        AhoCorasick::builder().match_kind(MatchKind::LeftmostLongest).build(all().map(|(m, _)| m)).ok()?;
    Some(Finder { search, sounds: all().map(|(_, sound)| sound).collect() })
});

/// The smileys and emoji of a text: where each begins and ends (bytes), and how it sounds.
pub(super) fn marks(text: &str) -> Vec<(usize, usize, f64)> {
    let Some(finder) = FINDER.as_ref() else { return Vec::new() };
    let found = finder.search.find_iter(text).filter(|m| stands_alone(text, m.start(), m.end()));
    found
        .filter_map(|m| finder.sounds.get(m.pattern().as_usize()).map(|s| (m.start(), m.end(), *s)))
        .collect()
}

/// "http://", "at 8:30" and "D:drive" hold no smileys.
fn stands_alone(text: &str, start: usize, end: usize) -> bool {
    let before = text.get(..start).and_then(|t| t.chars().next_back());
    let after = text.get(end..).and_then(|t| t.chars().next());
    let mark = text.get(start..end).unwrap_or_default();
    let letter_first = mark.chars().next().is_some_and(char::is_alphanumeric);
    let letter_last = mark.chars().next_back().is_some_and(char::is_alphanumeric);
    let slash = mark.ends_with('/') && after == Some('/');
    let glued_before =
        before.is_some_and(char::is_alphanumeric) && (letter_first || mark.ends_with(['/', '\\', '|']));
    let glued_after = after.is_some_and(char::is_alphanumeric)
        && (letter_first || letter_last || mark.ends_with(['/', '\\']));
    !slash && !glued_before && !glued_after
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn smileys_are_told_from_addresses_and_times() {
        assert_eq!(marks("nice :-) thanks 😍").len(), 2);
        assert!(marks("http://example.com at 8:30 or D:drive").is_empty());
    }

    #[test]
    fn every_mark_can_be_searched() {
        assert!(FINDER.is_some());
    }
}
