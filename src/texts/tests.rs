//! Stories about Bellhop's own sentences.

use super::*;
use crate::domain::opt_out;

#[test]
fn a_tag_with_a_region_is_understood_and_an_unknown_one_is_english() {
    assert_eq!(Lang::of("es-MX"), Lang::Es);
    assert_eq!(Lang::of("ja"), Lang::En);
}

/// One of each, with what makes it longest.
fn every() -> Vec<Say> {
    let total = Money::new(3600, "EUR".parse().unwrap());
    let phone = || Some("+351210000000".to_owned());
    let (until, day) =
        (NaiveTime::from_hms_opt(13, 0, 0).unwrap(), NaiveDate::from_ymd_opt(2026, 6, 12).unwrap());
    let (item, hotel, room) = ("towels".to_owned(), "Hotel Bellevue".to_owned(), Some("204".to_owned()));
    let reservation = |state| {
        Say::Reservation(ReservationText {
            confirmation: "PN1".to_owned(),
            state,
            room: room.clone(),
            arrives_on: day,
            departs_on: day,
            checkout_until: Some(until),
        })
    };
    let request = |kind: &RequestKind| Say::Requested {
        kind: *kind,
        item: item.clone(),
        quantity: 2,
        room: room.clone(),
    };
    let mut all = vec![
        Say::Introduction { hotel: hotel.clone(), phone: phone() },
        Say::Greeting { hotel },
        Say::Welcome,
        Say::Goodbye,
        Say::NotUnderstood,
        Say::NoFact,
        Say::AskProof,
        Say::ProofWrong,
        Say::ProofTooOften,
        Say::ProofDone { first_name: "Ana".to_owned() },
        Say::NotedForArrival { item: item.clone(), quantity: 2 },
        Say::Bill { lines: vec![(item.clone(), total)], balance: total },
        Say::Quote { item: item.clone(), quantity: 2, total },
        Say::QuoteLateCheckout { until, total },
        Say::Ordered { item: item.clone(), quantity: 2, total, room: room.clone() },
        Say::Charged { item: item.clone(), quantity: 2, total },
        Say::LateCheckoutDone { until, total: Some(total) },
        Say::LateCheckoutAllowed { until },
        Say::AlreadyOrdered { item: item.clone() },
        Say::Declined { item: item.clone() },
        Say::QuoteOver { item: item.clone() },
        Say::AfterThat { item: item.clone() },
        Say::ItemUnknown,
        Say::ItemWhich { options: vec![item.clone()] },
        Say::ItemClosed { item: item.clone(), from: until, to: until },
        Say::TooMany { max: 10 },
        Say::WhichTime,
        Say::Yes,
        Say::No,
        Say::Choose,
        Say::WhatIsWanted,
        Say::HandedOff { phone: phone() },
        Say::StaffDecide { phone: phone() },
        Say::StillWaiting,
        Say::Queued,
        Say::Emergency { number: "112".to_owned(), phone: phone() },
        Say::Checking { item: item.clone() },
        Say::Unsure { item: item.clone() },
        Say::NotPossibleNow { item: item.clone() },
        Say::NotDone { item: item.clone() },
        Say::Trouble { phone: phone() },
        Say::Files,
        Say::Slower,
        Say::RequestDone { item: item.clone() },
        Say::RequestCannot { item: item.clone(), word: Some("We are sold out.".to_owned()) },
        Say::ChargeVoided { item: item.clone(), total },
    ];
    all.extend(
        StayState::ALL.iter().flat_map(|state| [reservation(*state), Say::NotInState { state: *state }]),
    );
    all.extend(RequestKind::ALL.iter().map(request));
    all
}

#[test]
fn no_sentence_invites_a_word_by_which_the_carrier_blocks_the_guest() {
    for say in every() {
        for lang in Lang::ALL {
            let text = say.to_text(*lang);
            assert!(!opt_out::invites_opt_out(&text), "{text}");
            assert!(!text.is_empty(), "{say:?}");
        }
    }
}

#[test]
fn a_request_that_names_no_thing_is_told_in_the_guests_language() {
    for kind in RequestKind::ALL {
        assert_ne!(service(*kind, Lang::En), service(*kind, Lang::Es), "{kind}");
    }
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
