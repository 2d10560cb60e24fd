//! Stories about Bellhop's own sentences.

use super::*;

#[test]
fn a_tag_with_a_region_is_understood_and_an_unknown_one_is_english() {
    assert_eq!(Lang::of("es-MX"), Lang::Es);
    assert_eq!(Lang::of("ja"), Lang::En);
}

#[test]
fn a_quote_names_item_quantity_total_and_currency_in_every_language() {
    let total = Money::new(3600, "EUR".parse().unwrap());
    let quote = Say::Quote { item: "Club sandwich".to_owned(), quantity: 2, total };
    for lang in Lang::ALL {
        let text = quote.to_text(*lang);
        assert!(text.contains("2 × Club sandwich") && text.contains("36.00 EUR"), "{text}");
    }
}
