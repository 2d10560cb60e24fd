//! English.

use super::{ReservationText, Say, capital, counted, time};
use crate::domain::request::RequestKind;
use crate::domain::stay::StayState;
use chrono::NaiveDate;

fn day(day: NaiveDate) -> String {
    day.format("%a %-d %b %Y").to_string()
}

fn or_call(phone: Option<&String>) -> String {
    phone.map_or_else(String::new, |phone| format!(" You can also call {phone}."))
}

fn to_room(room: Option<&String>) -> String {
    room.map_or_else(String::new, |room| format!(" for room {room}"))
}

pub(super) fn alert(hotel: &str, reason: &str, link: &str) -> String {
    format!("{hotel}: a guest needs you. {reason}. {link}")
}

pub(super) fn text(say: &Say) -> String {
    match say {
        Say::Introduction { hotel, phone } => {
            let call = phone.as_ref().map_or_else(String::new, |phone| format!(" or call {phone}"));
            format!(
                "I am the automated assistant of {hotel}. If you would rather talk to a person, just say so{call}."
            )
        }
        Say::Greeting { hotel } => format!("Hello and welcome to {hotel}. How can I help?"),
        Say::Welcome => "You are welcome.".to_owned(),
        Say::Goodbye => "Goodbye, and see you soon.".to_owned(),
        Say::NotUnderstood => "I am not sure what you mean. I can help with towels and cleaning, a fault in the room, \
             food and drinks, your bill, a late check-out and questions about the hotel, or call a person for you."
            .to_owned(),
        Say::NoFact => "I do not know that. Shall I ask a colleague? Just say \"a person, please\".".to_owned(),
        Say::Verbatim(text) => text.clone(),

        Say::AskProof => {
            "For that I need to know your stay. Please send me your confirmation number and the surname of the booking."
                .to_owned()
        }
        Say::ProofWrong => "I could not find a booking with that confirmation number and surname. Please check both and \
             send them again, together in one message."
            .to_owned(),
        Say::ProofTooOften => {
            "I could not confirm your booking, so I have asked a colleague to help you here.".to_owned()
        }
        Say::ProofDone { first_name } => format!("Thank you, {first_name}. I have found your stay."),

        Say::Requested { kind, item, quantity, room } => requested(*kind, item, *quantity, room.as_ref()),
        Say::NotedForArrival { item, quantity } => {
            format!("I have noted it for your arrival: {}.", counted(*quantity, item))
        }
        Say::Reservation(reservation) => reservation_text(reservation),
        Say::Bill { lines, balance } => {
            let mut text = "Your bill so far:\n".to_owned();
            for (line, amount) in lines {
                text.push_str(&format!("• {}: {amount}\n", capital(line)));
            }
            text + &format!("Balance: {balance}")
        }
        Say::NotInState { state } => match state {
            StayState::Expected => "I can do that once you have arrived.".to_owned(),
            StayState::InHouse | StayState::Left | StayState::Cancelled => {
                "Your stay has ended, so I can only help with your reservation and your bill.".to_owned()
            }
        },

        Say::Quote { item, quantity, total } => {
            format!("{}: {total} on your room bill. Shall I order it? Please answer yes or no.", capital(&counted(*quantity, item)))
        }
        Say::QuoteLateCheckout { until, total } => {
            format!(
                "A late check-out until {} costs {total} on your room bill. Shall I book it? Please answer yes or no.",
                time(*until)
            )
        }
        Say::Ordered { item, quantity, total, room } => {
            format!("It is ordered{}: {}, {total} on your room bill.", to_room(room.as_ref()), counted(*quantity, item))
        }
        Say::Charged { item, quantity, total } => {
            format!("It is booked: {}, {total} on your room bill.", counted(*quantity, item))
        }
        Say::LateCheckoutDone { until, total } => {
            let price =
                total.map_or_else(|| "free of charge".to_owned(), |total| format!("{total} on your room bill"));
            format!("Your check-out is now at {}, {price}.", time(*until))
        }
        Say::LateCheckoutAllowed { until } => {
            format!("You can stay until {} on your day of departure anyway.", time(*until))
        }
        Say::AlreadyOrdered { item } => format!("That is already ordered: {item}. I have not ordered it again."),
        Say::Declined { item } => format!("All right, I have not ordered it: {item}."),
        Say::QuoteOver { item } => {
            format!("That offer is no longer open: {item}. Tell me again what you would like and I will quote it afresh.")
        }
        Say::AfterThat { item } => format!("One thing at a time: after that I will tell you the price of {item}."),
        Say::ItemUnknown => "I could not find that on our list. What exactly would you like?".to_owned(),
        Say::Yes => "Yes".to_owned(),
        Say::No => "No".to_owned(),
        Say::Choose => "Choose".to_owned(),
        Say::ItemWhich { options } => format!("Which one would you like: {}?", options.join(", ")),
        Say::ItemClosed { item, from, to } => {
            format!("{} can be ordered from {} to {}.", capital(item), time(*from), time(*to))
        }
        Say::TooMany { max } => format!("I can take up to {max} at a time. For more I will gladly call a colleague."),
        Say::WhichTime => "Until what time would you like to stay?".to_owned(),
        Say::WhatIsWanted => "What exactly do you need?".to_owned(),

        Say::HandedOff { phone } => {
            format!("I have called a colleague, who will answer you here.{}", or_call(phone.as_ref()))
        }
        Say::StaffDecide { phone } => {
            format!("A colleague decides that. I have asked, and you will get the answer here.{}", or_call(phone.as_ref()))
        }
        Say::StillWaiting => "A colleague has your message and will answer you here.".to_owned(),
        Say::Queued => {
            "My answer takes longer than usual. Your message is here and will be answered; no need to send it again."
                .to_owned()
        }
        Say::Emergency { number, phone } => {
            let hotel = phone.as_ref().map_or_else(String::new, |phone| format!(" Reception: {phone}."));
            format!("If anyone is in danger, call {number} now.{hotel} I have alerted the hotel's team.")
        }
        Say::Checking { item } => {
            format!("The hotel's system has not confirmed this yet: {item}. I am checking and will tell you here as soon as I know; no need to ask again.")
        }
        Say::Unsure { item } => {
            format!("I could not make sure that this went through: {item}. A colleague is looking into it; no need to ask again.")
        }
        Say::NotPossibleNow { item } => {
            format!("That did not work just now: {item}. Nothing was charged. I have asked a colleague to help you.")
        }
        Say::NotDone { item } => format!("This did not go through, and nothing was charged: {item}."),
        Say::Trouble { phone } => {
            format!("I cannot answer that just now. I have asked a colleague, who will reply here.{}", or_call(phone.as_ref()))
        }
        Say::Files => "I cannot open files myself. A colleague will look at it and answer you here.".to_owned(),
        Say::Slower => "You are faster than me. I have read all of your messages together.".to_owned(),

        Say::RequestDone { item } => format!("Your request has been done: {item}. Tell me if anything is missing."),
        Say::RequestCannot { item, word } => {
            let word = word.as_ref().map_or_else(String::new, |word| format!(" {word}"));
            format!("I am sorry, we cannot do this: {item}.{word}")
        }
        Say::ChargeVoided { item, total } => format!("We have taken this off your bill: {item}, {total}."),
    }
}

pub(super) fn service(kind: RequestKind) -> &'static str {
    match kind {
        RequestKind::Towels => "towels",
        RequestKind::Amenity => "something for the room",
        RequestKind::Cleaning => "cleaning",
        RequestKind::Fault => "a fault in the room",
        RequestKind::Order => "an order",
        RequestKind::LateCheckout => "a late check-out",
        RequestKind::Other => "a request",
    }
}

fn requested(kind: RequestKind, item: &str, quantity: u32, room: Option<&String>) -> String {
    let room = to_room(room);
    match kind {
        RequestKind::Towels | RequestKind::Amenity => {
            format!("I have asked housekeeping{room}: {}.", counted(quantity, item))
        }
        RequestKind::Cleaning => format!("I have asked housekeeping{room}: {item}."),
        RequestKind::Fault => format!("I am sorry about that. I have reported it{room}: {item}."),
        RequestKind::Order | RequestKind::LateCheckout | RequestKind::Other => {
            format!("I have passed it on{room}: {}.", counted(quantity, item))
        }
    }
}

fn reservation_text(r: &ReservationText) -> String {
    let state = match r.state {
        StayState::Expected => "we are expecting you",
        StayState::InHouse => "you are staying with us",
        StayState::Left => "you have left",
        StayState::Cancelled => "cancelled",
    };
    let room = r.room.as_ref().map_or_else(String::new, |room| format!(", room {room}"));
    let until =
        r.checkout_until.map_or_else(String::new, |until| format!(", check-out until {}", time(until)));
    format!(
        "Your reservation {}: {} to {}{room}{until}; {state}.",
        r.confirmation,
        day(r.arrives_on),
        day(r.departs_on)
    )
}
