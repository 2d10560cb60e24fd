//! Finds the hotel's own items in free words: "two bottles of house red"; it knows no price and decides no order.

use std::collections::{BTreeSet, HashMap};
use std::ops::Range;

use super::slots::number_word;
use super::tokens::{Token, tokens};

/// An item as a hotel names it, in all languages and with what guests call it.
#[derive(Clone, Debug)]
pub struct ItemName<'a, Id> {
    /// The hotel's id of it.
    pub id: Id,
    /// All names and aliases.
    pub names: Vec<&'a str>,
}

/// An item found, or several that the words may mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemHit<Id> {
    /// One where the words are clear; else those to choose from, as the catalogue lists them.
    pub candidates: Vec<Id>,
    /// How many; `None` where no number is said ("a" and "an" are one).
    pub quantity: Option<u32>,
    /// Bytes of the item's words in the message, without the quantity.
    pub span: Range<usize>,
}

impl<Id> ItemHit<Id> {
    /// The item, if the words leave no doubt.
    pub fn only(&self) -> Option<&Id> {
        if let [id] = self.candidates.as_slice() { Some(id) } else { None }
    }
}

/// Words between the words of a name that do not divide it.
const SMALL: &[&str] = &[
    "of", "the", "a", "an", "with", "and", "to", "for", "from", "de", "del", "la", "el", "con", "y", "al",
    "en", "los", "las",
];

/// Words that name no item by themselves: what holds or serves it, and what is said of it.
const GENERIC: &[&str] = &[
    "bottle",
    "glass",
    "pot",
    "cup",
    "plate",
    "portion",
    "can",
    "jug",
    "carafe",
    "slice",
    "bowl",
    "piece",
    "serving",
    "order",
    "half",
    "large",
    "small",
    "big",
    "cold",
    "hot",
    "fresh",
    "nice",
    "extra",
    "more",
    "other",
    "house",
    "room",
    "hotel",
    "service",
    "special",
    "day",
    "night",
    "hour",
    "person",
    "daily",
    "full",
    "private",
    "premium",
    "classic",
    "botella",
    "copa",
    "vaso",
    "taza",
    "plato",
    "racion",
    "porcion",
    "jarra",
    "lata",
    "grande",
    "pequeno",
    "pequena",
    "frio",
    "fria",
    "caliente",
    "casa",
    "habitacion",
    "servicio",
    "dia",
    "persona",
    "nuestro",
    "our",
    "your",
    "my",
    "some",
];

/// The catalogue's items in the words, in order; of names that overlap the longest wins. Words that fit several items
/// ("wine", where there is red and white) give one hit with all of them.
pub fn find_items<Id: Clone>(text: &str, catalogue: &[ItemName<Id>]) -> Vec<ItemHit<Id>> {
    let all = tokens(text);
    let index = Index::of(catalogue);
    let words: Vec<Option<usize>> = all.iter().map(|t| index.word(&t.folded)).collect();
    let mut hits = Vec::new();
    let mut at = 0;
    while at < all.len() {
        match index.longest(&all, &words, at) {
            Some((to, items)) => {
                if let (Some(first), Some(last)) = (all.get(at), all.get(to - 1)) {
                    hits.push(ItemHit {
                        candidates: items
                            .iter()
                            .filter_map(|i| catalogue.get(*i))
                            .map(|i| i.id.clone())
                            .collect(),
                        quantity: quantity_before(&all, at).or_else(|| quantity_after(&all, to)),
                        span: first.start..last.end,
                    });
                }
                at = to;
            }
            None => at += 1,
        }
    }
    hits
}

/// One name of an item as the set of its words.
struct Name {
    item: usize,
    words: BTreeSet<usize>,
    /// The words without which it is not named.
    telling: BTreeSet<usize>,
}

struct Index {
    vocabulary: HashMap<String, usize>,
    names: Vec<Name>,
    /// Names by word.
    holding: HashMap<usize, Vec<usize>>,
    generic: BTreeSet<usize>,
}

impl Index {
    fn of<Id>(catalogue: &[ItemName<Id>]) -> Self {
        let mut index = Index {
            vocabulary: HashMap::new(),
            names: Vec::new(),
            holding: HashMap::new(),
            generic: BTreeSet::new(),
        };
        for (item, entry) in catalogue.iter().enumerate() {
            for name in &entry.names {
                let words: BTreeSet<usize> = tokens(name)
                    .iter()
                    .filter(|t| t.is_text() && !SMALL.contains(&t.folded.as_str()))
                    .map(|t| index.learn(&singular(&t.folded)))
                    .collect();
                let telling: BTreeSet<usize> = words.difference(&index.generic).copied().collect();
                let telling = if telling.is_empty() { words.clone() } else { telling };
                let at = index.names.len();
                for word in &words {
                    index.holding.entry(*word).or_default().push(at);
                }
                index.names.push(Name { item, words, telling });
            }
        }
        index
    }

    fn learn(&mut self, word: &str) -> usize {
        let next = self.vocabulary.len();
        let id = *self.vocabulary.entry(word.to_owned()).or_insert(next);
        if GENERIC.contains(&word) {
            self.generic.insert(id);
        }
        id
    }

    /// The catalogue's word that a folded word means; a slip in one letter of a long word is forgiven.
    fn word(&self, folded: &str) -> Option<usize> {
        let singular = singular(folded);
        if let Some(id) = self.vocabulary.get(&singular) {
            return Some(*id);
        }
        let long = (6..=24).contains(&singular.chars().count());
        let near = |known: &&String| known.chars().count() >= 6 && one_slip(known, &singular);
        if long {
            self.vocabulary.keys().filter(near).min().and_then(|w| self.vocabulary.get(w)).copied()
        } else {
            None
        }
    }

    /// The longest run of words from `at` that one name holds, with the items meant.
    fn longest(&self, all: &[Token], words: &[Option<usize>], at: usize) -> Option<(usize, Vec<usize>)> {
        let first = (*words.get(at)?)?;
        let mut names: Vec<usize> = self.holding.get(&first)?.clone();
        let mut said = BTreeSet::from([first]);
        let mut end = at + 1;
        let mut next = end;
        let sentence = all.get(at)?.sentence;
        while let Some(token) = all.get(next).filter(|t| t.sentence == sentence && t.is_text()) {
            let word = words.get(next).copied().flatten();
            let more: Vec<usize> = word.map_or_else(Vec::new, |w| {
                names
                    .iter()
                    .copied()
                    .filter(|n| self.names.get(*n).is_some_and(|n| n.words.contains(&w)))
                    .collect()
            });
            match word {
                Some(w) if !more.is_empty() && !said.contains(&w) => {
                    names = more;
                    said.insert(w);
                    end = next + 1;
                }
                _ if SMALL.contains(&token.folded.as_str()) => {}
                _ => break,
            }
            next += 1;
        }
        if said.is_subset(&self.generic) && !self.all_said(&names, &said) {
            return None;
        }
        Some((end, self.meant(&names, &said)))
    }

    fn all_said(&self, names: &[usize], said: &BTreeSet<usize>) -> bool {
        names.iter().filter_map(|n| self.names.get(*n)).any(|n| n.words.is_subset(said))
    }

    /// The items named in full; else those of which every telling word is said; else all that hold the words.
    fn meant(&self, names: &[usize], said: &BTreeSet<usize>) -> Vec<usize> {
        let chosen = |fits: &dyn Fn(&Name) -> bool| -> Vec<usize> {
            let items = names.iter().filter_map(|n| self.names.get(*n)).filter(|n| fits(n)).map(|n| n.item);
            items.collect::<BTreeSet<usize>>().into_iter().collect()
        };
        let whole = chosen(&|n| n.words.is_subset(said));
        if !whole.is_empty() {
            return whole;
        }
        let told = chosen(&|n| n.telling.is_subset(said));
        if told.is_empty() { chosen(&|_| true) } else { told }
    }
}

/// The singular of a folded English or Spanish word, as far as its letters show it.
fn singular(word: &str) -> String {
    let cut = |n: usize| word.get(..word.len().saturating_sub(n)).unwrap_or(word).to_owned();
    if word.len() < 4
        || !word.is_ascii()
        || !word.ends_with('s')
        || word.ends_with("ss")
        || word.ends_with("us")
    {
        return word.to_owned();
    }
    if word.ends_with("ies") && word.len() > 5 {
        return cut(3) + "y";
    }
    let hard = ["ches", "shes", "xes", "sses", "zes", "oes", "nes", "res", "les", "des"];
    let kept = [
        "ines", "anes", "ires", "ares", "ores", "ples", "tles", "bles", "cles", "gles", "ides", "ades",
        "unes", "ales",
    ];
    if hard.iter().any(|end| word.ends_with(end)) && !kept.iter().any(|end| word.ends_with(end)) {
        return cut(2);
    }
    cut(1)
}

/// Whether two words differ by one letter put in, left out, or two swapped. A changed letter makes too many other words:
/// "message" is no "massage", "better" no "butter".
fn one_slip(a: &str, b: &str) -> bool {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let same = a.iter().zip(&b).take_while(|(x, y)| x == y).count();
    if same == 0 {
        return false;
    }
    let (rest_a, rest_b) = (a.get(same..).unwrap_or_default(), b.get(same..).unwrap_or_default());
    let tail = |s: &[char], n: usize| s.get(n..).map(<[char]>::to_vec);
    let swapped = rest_a.len() >= 2
        && rest_b.len() >= 2
        && rest_a.first() == rest_b.get(1)
        && rest_a.get(1) == rest_b.first()
        && tail(rest_a, 2) == tail(rest_b, 2);
    swapped || tail(rest_a, 1).is_some_and(|t| t == rest_b) || tail(rest_b, 1).is_some_and(|t| t == rest_a)
}

/// The number in front of an item, past its containers and small words: "two cold bottles of".
fn quantity_before(all: &[Token], at: usize) -> Option<u32> {
    let mut from = at;
    while let Some(token) = from.checked_sub(1).and_then(|i| all.get(i)) {
        from -= 1;
        if token.folded == "x" {
            continue;
        }
        if !token.is_text() || token.sentence != all.get(at)?.sentence {
            return None;
        }
        match token.folded.as_str() {
            "a" | "an" | "un" | "una" | "another" | "otra" | "otro" => return Some(1),
            "couple" | "pair" | "par" => return Some(2),
            "dozen" | "docena" | "docenas" => return Some(dozens(all, from)),
            "of" | "de" | "the" | "las" | "los" => {}
            word if GENERIC.contains(&singular(word).as_str()) => {}
            word => {
                let number =
                    token.number().or_else(|| number_word(word)).filter(|n| (1..=999).contains(n))?;
                let place = from.checked_sub(1).and_then(|i| all.get(i)).map_or("", |t| t.folded.as_str());
                let of_room =
                    matches!(place, "room" | "number" | "suite" | "habitacion" | "at" | "las" | "#" | ":");
                return (!of_room).then_some(number);
            }
        }
    }
    None
}

/// "half a dozen", "two dozen", "media docena": the words before `at` say how many dozens.
fn dozens(all: &[Token], at: usize) -> u32 {
    let before = |back| at.checked_sub(back).and_then(|i| all.get(i));
    let is = |back, word| before(back).is_some_and(|token| token.folded == word);
    if is(1, "half") || is(1, "media") || (is(1, "a") && is(2, "half")) {
        return 6;
    }
    let number = before(1).and_then(|token| token.number().or_else(|| number_word(&token.folded)));
    number.filter(|n| (1..=83).contains(n)).map_or(12, |n| 12 * n)
}

/// "water x2", "water (2)".
fn quantity_after(all: &[Token], to: usize) -> Option<u32> {
    let mark = all.get(to)?;
    let number = all.get(to + 1)?.number().filter(|n| (1..=999).contains(n))?;
    matches!(mark.folded.as_str(), "x" | "×" | "(" | "*").then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn menu() -> Vec<ItemName<'static, u8>> {
        let entries: [(u8, &[&str]); 6] = [
            (1, &["Club sandwich", "Sándwich club"]),
            (2, &["House red", "Tinto de la casa", "red wine"]),
            (3, &["House white", "Blanco de la casa", "white wine"]),
            (4, &["Bottle of water", "Botella de agua"]),
            (5, &["Airport transfer", "Traslado al aeropuerto"]),
            (6, &["Cheese sandwich"]),
        ];
        entries.map(|(id, names)| ItemName { id, names: names.to_vec() }).to_vec()
    }

    fn found(text: &str) -> Vec<(Vec<u8>, Option<u32>)> {
        find_items(text, &menu()).into_iter().map(|h| (h.candidates, h.quantity)).collect()
    }

    #[test]
    fn the_hotels_names_are_found_with_their_quantity() {
        assert_eq!(found("a club sandwich to my room please"), [(vec![1], Some(1))]);
        assert_eq!(found("two bottles of house red"), [(vec![2], Some(2))]);
        assert_eq!(found("Three club sandwiches and water x2"), [(vec![1], Some(3)), (vec![4], Some(2))]);
        assert_eq!(found("dos botellas de agua por favor"), [(vec![4], Some(2))]);
        assert_eq!(found("club sandwhich to room 305"), [(vec![1], None)]);
        assert_eq!(found("a glass of red wine"), [(vec![2], Some(1))]);
        assert_eq!(found("half a dozen bottles of water"), [(vec![4], Some(6))]);
        assert_eq!(found("two dozen club sandwiches"), [(vec![1], Some(24))]);
        assert_eq!(found("media docena de botellas de agua"), [(vec![4], Some(6))]);
        assert_eq!(found("a dozen club sandwiches"), [(vec![1], Some(12))]);
        assert_eq!(found("un traslado al aeropuerto mañana"), [(vec![5], Some(1))]);
    }

    #[test]
    fn another_word_is_no_slip_of_an_items_name() {
        let spa = [ItemName { id: 1, names: vec!["Massage"] }, ItemName { id: 2, names: vec!["Butter"] }];
        assert!(find_items("this is message number 4, nothing better", &spa).is_empty());
        assert_eq!(find_items("a masage please", &spa).len(), 1);
    }

    #[test]
    fn part_of_a_name_is_enough_where_only_one_item_has_it() {
        assert_eq!(found("water"), [(vec![4], None)]);
        assert_eq!(found("a bottle please"), []);
        assert_eq!(found("room 204"), []);
    }

    #[test]
    fn words_that_fit_several_items_name_them_all() {
        assert_eq!(found("some wine"), [(vec![2, 3], None)]);
        assert_eq!(found("a sandwich"), [(vec![1, 6], Some(1))]);
    }

    proptest::proptest! {
        #[test]
        fn any_text_and_any_name_are_survived(text in "(\\PC| water| of| x2| a){0,30}", name in "\\PC{0,12}") {
            let catalogue = [ItemName { id: 1, names: vec![name.as_str(), "bottle of water"] }];
            for hit in find_items(&text, &catalogue) {
                proptest::prop_assert!(text.get(hit.span).is_some());
            }
        }
    }
}
