//! Guesses the language of a message from its small words and letters; the caller keeps the conversation's when unsure.

use crate::domain::words::fold;
use std::collections::HashMap;
use std::sync::LazyLock;

/// A language as its two-letter code: `en`, `es`, `fr`, `de`, `it`, `pt`.
pub type Lang2 = &'static str;

/// A guess at the language.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Guess {
    /// The likeliest language; `None` where nothing speaks for any.
    pub lang: Option<Lang2>,
    /// 0 to 1. Below [`ENOUGH`] it must not be acted on.
    pub confidence: f64,
}

/// From this confidence on a guess is worth acting on.
pub const ENOUGH: f64 = 0.5;

struct Language {
    code: Lang2,
    /// Words that nearly every sentence of the language has, and that few others have.
    small: &'static str,
    /// Words that guests use.
    hotel: &'static str,
    /// Letters that point at it, before folding.
    letters: &'static str,
}

const LANGUAGES: [Language; 6] = [
    Language {
        code: "en",
        small: "the and is are was were my your our you we i it its to of for with this that there what when where how \
                which can could would should do does did have has had not dont cant isnt wont im ive id will please \
                thanks thank at in on be been from any some if but they them he she who why just also get got need want \
                like about here know still out up",
        hotel: "hello hi hey room towel towels bill check checkout breakfast booking reservation clean cleaning water \
                bed shower working broken help order morning night tomorrow today late early key pool parking speak \
                human someone manager time yes sorry good great book dinner lunch stay leave arrive bye ok okay",
        letters: "",
    },
    Language {
        code: "es",
        small: "el los las una unos y que de del en con para por es son esta estan estoy hay mi mis su nuestro nuestra se \
                lo le me nos muy mas pero como cuando donde cual cuanto quiero quisiera necesito puede pueden podria \
                puedo tengo tenemos tiene tienen no al si ya hasta sin sobre gracias favor ser era fue esto eso yo \
                usted ustedes hacer queria hace cuesta",
        hotel: "hola buenas buenos dias tardes noches habitacion toalla toallas cuenta factura desayuno reserva limpiar \
                limpieza agua cama ducha funciona roto rota ayuda manana hoy tarde temprano llave piscina hablar persona \
                alguien hora salida entrada adios cena comida aire caliente almohada vale cancelar",
        letters: "ñ¿¡",
    },
    Language {
        code: "fr",
        small: "le les des une et est sont dans avec pour sur vous nous je il elle mon ma mes votre vos notre ce cette ces \
                que qui pas ne du au aux ou quand comment combien voudrais peux pouvez puis avez avons suis etes ai sil \
                plait merci bonjour tres plus mais cest jai dun de la quel quelle heure avoir est-ce",
        hotel: "bonsoir salut chambre serviette serviettes note facture petit dejeuner reservation nettoyer eau lit douche \
                marche casse aide demain aujourdhui tard tot cle piscine parler quelquun besoin oreiller oui",
        letters: "çœêèà",
    },
    Language {
        code: "de",
        small: "der die das und ist sind nicht ich wir sie mein meine meinen unser ein eine einen einem mit fur auf von zu \
                zum zur im am wann wo wie was kann konnen konnten mochte hatte haben habe hat gibt bitte danke auch noch \
                aber bei um den dem des wird es sehr mir uns ihr ihre brauche guten hallo",
        hotel: "zimmer handtuch handtucher rechnung fruhstuck buchung reservierung reinigen wasser bett dusche kaputt \
                hilfe morgen heute spat fruh schlussel schwimmbad parken sprechen jemand abend tag uhr kissen ja nein",
        letters: "äßü",
    },
    Language {
        code: "it",
        small: "il lo gli una e di che per con non sono mi ho abbiamo ha hai del della dei nel nella alla al da piu come \
                quando dove quanto vorrei posso potrei puo potete avete questo questa grazie prego favore ma se ci si la \
                mio mia nostra un cosa anche molto",
        hotel: "ciao buongiorno buonasera camera asciugamano asciugamani conto fattura colazione prenotazione pulire acqua \
                letto doccia funziona rotto rotta aiuto domani oggi tardi presto chiave piscina parlare qualcuno cuscino \
                scusi bisogno avere",
        letters: "ìò",
    },
    Language {
        code: "pt",
        small: "o os as um uma e do da dos das em no na com para por nao que se meu minha nosso nossa voce voces eu nos \
                esta estou sao tem temos tenho quero queria gostaria preciso pode podem posso poderia quando onde como \
                quanto mais muito mas isso este esta ao obrigado obrigada ha ate sem",
        hotel: "ola bom boa dia tarde noite quarto toalha toalhas conta fatura pequeno almoco cafe reserva limpar agua \
                cama chuveiro funciona quebrado ajuda amanha hoje cedo chave piscina falar pessoa alguem travesseiro \
                almofada sim",
        letters: "ãõ",
    },
];

/// Guesses the language of a message. One-word messages and names come out unsure.
pub fn guess(text: &str) -> Guess {
    let folded = fold(text).replace('\'', "");
    let words: Vec<&str> =
        folded.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()).take(400).collect();
    let scores = scores(text, &words);
    let Some((best, top)) = (0..).zip(scores).max_by(|a, b| a.1.total_cmp(&b.1)) else {
        return Guess { lang: None, confidence: 0.0 };
    };
    if top <= 0.0 {
        return Guess { lang: None, confidence: 0.0 };
    }
    let second =
        (0..).zip(scores).filter(|(i, _): &(usize, f64)| *i != best).map(|(_, s)| s).fold(0.0, f64::max);
    // how far ahead it is, how much speaks for it at all, and how much of the message it explains
    let lead = (top - second) / top;
    let weight = top / (top + 1.2);
    let covered = (top / words.len().max(1) as f64 * 2.0).min(1.0);
    Guess {
        lang: LANGUAGES.get(best).map(|l| l.code),
        confidence: lead.sqrt() * weight * (0.4 + 0.6 * covered),
    }
}

/// What each word is worth in each language, in the order of [`LANGUAGES`].
static WORTH: LazyLock<HashMap<&'static str, [f64; LANGUAGES.len()]>> = LazyLock::new(|| {
    let mut worth: HashMap<_, [f64; LANGUAGES.len()]> = HashMap::new();
    for (at, language) in LANGUAGES.iter().enumerate() {
        for (list, value) in [(language.hotel, 0.8), (language.small, 1.0)] {
            for word in list.split_ascii_whitespace() {
                if let Some(place) = worth.entry(word).or_default().get_mut(at) {
                    *place = value;
                }
            }
        }
    }
    worth
});

fn scores(text: &str, words: &[&str]) -> [f64; LANGUAGES.len()] {
    let mut scores = LANGUAGES.each_ref().map(|language| {
        let letters = text.chars().flat_map(char::to_lowercase).filter(|c| language.letters.contains(*c));
        letters.take(4).count() as f64 * 0.7
    });
    for worth in words.iter().filter_map(|word| WORTH.get(word)) {
        scores.iter_mut().zip(worth).for_each(|(score, worth)| *score += worth);
    }
    scores
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sure(text: &str) -> Option<Lang2> {
        let guess = guess(text);
        guess.lang.filter(|_| guess.confidence >= ENOUGH)
    }

    #[test]
    fn whole_sentences_are_sure() {
        assert_eq!(sure("could I get two extra towels?"), Some("en"));
        assert_eq!(sure("¿podría traerme dos toallas, por favor?"), Some("es"));
        assert_eq!(sure("no hay agua caliente en mi habitación"), Some("es"));
        assert_eq!(sure("je voudrais deux serviettes s'il vous plaît"), Some("fr"));
        assert_eq!(sure("Können wir bitte noch zwei Handtücher haben"), Some("de"));
        assert_eq!(sure("vorrei due asciugamani per la mia camera"), Some("it"));
        assert_eq!(sure("preciso de mais toalhas no quarto, obrigado"), Some("pt"));
    }

    #[test]
    fn names_numbers_and_single_words_leave_the_language_as_it_was() {
        for text in ["HRB1001, Ruiz", "ok", "no", "204", "", "wifi?", "Ana", "👍", "si"] {
            assert_eq!(sure(text), None, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_gets_a_confidence_within_bounds(text in "\\PC{0,60}") {
            let guess = guess(&text);
            proptest::prop_assert!((0.0..=1.0).contains(&guess.confidence));
        }
    }
}
