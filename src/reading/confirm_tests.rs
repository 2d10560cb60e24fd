//! Stories of guests who answer "Club sandwich ×1, 18.00 EUR. Shall I order it?"

use super::*;

const CLUB: QuoteWords<'_> = QuoteWords { item: "Club sandwich", quantity: 1, total: "18.00 EUR" };

fn answers(expected: Answer, bursts: &[&[&str]]) {
    for burst in bursts {
        assert_eq!(read(burst, &CLUB), expected, "{burst:?}");
    }
}

#[test]
fn a_plain_yes_is_a_yes_in_every_language_and_tone() {
    for text in [
        "yes",
        "Yes.",
        "YES!!!",
        "yep",
        "yeah sure",
        "ok",
        "Ok go ahead",
        "okay, thanks",
        "sure, please do",
        "please",
        "yes please",
        "sounds good",
        "That's fine.",
        "that works for me",
        "perfect",
        "go ahead and order it",
        "do it",
        "confirm",
        "I confirm",
        "of course",
        "yes, charge it to my room",
        "yes to my room please",
        "no problem, go ahead",
        "sí",
        "si",
        "Sí por favor",
        "sí, por favor, gracias",
        "perfecto",
        "claro que sí",
        "vale",
        "por favor",
        "si, gracias",
        "si claro",
        "si por favor",
        "de acuerdo",
        "adelante",
        "está bien",
        "sí, confirmo",
        "dale",
        "oui",
        "oui s'il vous plaît",
        "d'accord",
        "c'est bon",
        "ja",
        "ja bitte",
        "gerne",
        "in Ordnung",
        "sì",
        "va bene",
        "certo, grazie",
        "sim",
        "sim, por favor",
        "pode ser",
        "👍",
        "👍🏽",
        "ok 👍",
        "✅",
    ] {
        assert_eq!(read(&[text], &CLUB), Answer::Yes, "{text}");
    }
}

#[test]
fn repeating_the_offer_is_agreeing_to_it() {
    answers(
        Answer::Yes,
        &[
            &["yes, one club sandwich please"],
            &["yes the club sandwich"],
            &["yes, 18 euros is fine"],
            &["ok 18.00 EUR"],
            &["Yes, 1"],
            &["yes", "thanks!"],
            &["sí, un club sandwich"],
        ],
    );
    let dinner = QuoteWords { item: "Dinner for two", quantity: 1, total: "80.00 EUR" };
    assert_eq!(read(&["yes, dinner for two please"], &dinner), Answer::Yes);
    assert_eq!(read(&["yes, two"], &dinner), Answer::Change);
}

#[test]
fn a_refusal_is_a_no() {
    answers(
        Answer::No,
        &[
            &["no"],
            &["No thanks"],
            &["nope"],
            &["not now"],
            &["cancel that"],
            &["never mind"],
            &["forget it"],
            &["I don't want it"],
            &["yes", "no wait"],
            &["ok", "cancel"],
            &["no gracias"],
            &["mejor no"],
            &["ahora no"],
            &["non merci"],
            &["nein danke"],
            &["não obrigado"],
            &["👎"],
            &["👍", "👎"],
            &["yes... no"],
            &["sí", "no, espera"],
            &["changed my mind"],
            &["please don't order it"],
            &["no, not yet"],
        ],
    );
}

#[test]
fn the_order_said_again_is_no_yes() {
    answers(
        Answer::Other,
        &[
            &["a club sandwich to my room please"],
            &["club sandwich please"],
            &["one club sandwich, please", "please"],
            &["un club sandwich por favor"],
        ],
    );
}

#[test]
fn another_number_item_or_manner_is_a_change() {
    answers(
        Answer::Change,
        &[
            &["yes, but make it two"],
            &["yes, two please"],
            &["make that 3"],
            &["yes but without onions"],
            &["no, make it two"],
            &["yes", "actually two"],
            &["2 please"],
            &["ok but with fries"],
            &["sí, pero dos"],
            &["sí, pero sin cebolla"],
            &["yes and another one"],
            &["I'd rather have the salad instead"],
            &["ok, x2"],
            &["yes 2"],
            &["yes. add fries"],
            &["mejor dos"],
            &["yes, only half"],
        ],
    );
}

#[test]
fn a_question_a_doubt_or_a_condition_is_no_yes() {
    answers(
        Answer::Other,
        &[
            &["yes? how much is it again"],
            &["yes?"],
            &["ok?"],
            &["how much?"],
            &["yes how much is it"],
            &["is it vegetarian?"],
            &["yes, is it vegetarian?"],
            &["maybe"],
            &["yes I think"],
            &["I guess so"],
            &["let me ask my wife"],
            &["hmm"],
            &["thanks"],
            &["thank you"],
            &["wait"],
            &["yes wait"],
            &["are you sure?"],
            &["not sure"],
            &["no idea"],
            &["si es posible"],
            &["yes, as long as it's hot"],
            &["18 euros??"],
            &["👍?"],
            &["🤔"],
            &["ok let me think"],
            &["yes depending on the price"],
            &["yesterday"],
            &["okra"],
            &["is that ok"],
            &["what is a club sandwich"],
            &["yes whatever, your wifi is broken"],
            &[""],
            &["   "],
            &["?"],
            &["great way to rob people"],
            &["quizás"],
            &["creo que sí"],
        ],
    );
    assert_eq!(read(&[], &CLUB), Answer::Other);
}

#[test]
fn a_yes_with_a_separate_request_is_still_a_yes() {
    answers(
        Answer::Yes,
        &[
            &["yes and also two towels"],
            &["Yes please. Could you bring some extra pillows too?"],
            &["yes. What time does the pool close?"],
            &["ok, and what's the wifi password?"],
            &["yes! how long will it take?"],
            &["Yes. Pool hours?"],
            &["sí, y dos toallas más"],
            &["sí. ¿A qué hora es el desayuno?"],
            &["yes, tell me when it is ready"],
        ],
    );
}

#[test]
fn a_yes_in_doubtful_company_is_no_yes() {
    for burst in [
        &["yes and two club sandwiches"][..],
        &["yes and a beer"],
        &["yes with mayo"],
        &["yes, can I have it at 8?"],
        &["yes, could you make it spicy?"],
        &["yes, what about without cheese?"],
        &["yes, two, and towels"],
        &["yes to both"],
        &["yes for my wife and me"],
        &["yes, can you send the salad"],
        &["yes club soda"],
        &["yes, house red"],
        &["yes, how much was that?"],
        &["yes I'd like to speak to a human"],
        &["yes you idiots"],
        &["not yes"],
        &["I said yes to nothing"],
        &["yes tomorrow"],
        &["yes. can I get it on Friday?"],
        &["yes. could we stay until Friday?"],
        &["yes, price?"],
        &["yes. Sauce?"],
        &["yes, can I bring it to the pool?"],
        &["si tienen wifi"],
        &["si hay piscina"],
        &["y dos toallas"],
        &["ok so what"],
        &["ok when?"],
        &["yes, is there mayo in there?"],
        &["yes, what sauces are there?"],
        &["yes, do you have gluten free bread?"],
        &["yes tell the kitchen I am allergic to nuts"],
        &["it's ok thanks"],
        &["that's okay"],
        &["I'm good"],
        &["all good"],
        &["right"],
        &["ok bye"],
        &["ok thanks for the info"],
        &["good morning"],
        &["I like it"],
        &["merci"],
        &["danke"],
        &["yes what"],
        &["yes, and extra club"],
        &["yes if it comes within 20 minutes"],
        &["say yes"],
        &["ok no"],
        &["sí, cuánto era?"],
        &["si no tarda mucho"],
        &["yes, to room 305"],
        &["yes yes no"],
    ] {
        assert_ne!(read(burst, &CLUB), Answer::Yes, "{burst:?}");
    }
}

#[test]
fn an_offer_that_named_no_price_may_be_agreed_to_with_a_question_for_it() {
    let unnamed = QuoteWords::default();
    assert_eq!(read(&["Yes, that's correct. What is the total price?"], &unnamed), Answer::Yes);
    assert_ne!(read(&["Yes, that's correct. What is the total price?"], &CLUB), Answer::Yes);
    assert_eq!(read(&["Yes, but change it to three rooms"], &unnamed), Answer::Change);
}
