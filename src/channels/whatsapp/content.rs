//! What one inbound message is: words, something that only a person can look at, or a note for staff. It must not
//! judge what the words mean.

use super::WhatsAppAccount;
use super::inbound::address;
use super::wire::{Node, Trouble};
use crate::channels::{InboundEvent, InboundMessage};
use crate::domain::message::Media;

/// The most that is kept of what a person has to read: a filled form, an order.
const MAX_DETAILS: usize = 1000;

/// `inbound` says whose it is; everything else is read from the message.
pub(super) fn read(account: &WhatsAppAccount, inbound: InboundMessage, message: Node<'_>) -> InboundEvent {
    let kind = message.at("type").filled().unwrap_or("unknown");
    let part = message.at(kind);
    let show = |text: &str, media: Vec<Media>| {
        InboundEvent::Message(InboundMessage { text: text.to_owned(), media, ..inbound.clone() })
    };
    let note = |text: String, calls_staff| InboundEvent::Note {
        message: InboundMessage { text, ..inbound.clone() },
        calls_staff,
    };
    match kind {
        "text" => said(inbound, part.at("body").str().unwrap_or_default()),
        "image" | "video" | "audio" | "document" => {
            show(part.at("caption").str().unwrap_or_default(), vec![file(account, kind, part)])
        }
        "location" => show("", vec![place(part)]),
        "contacts" => show("", message.at("contacts").list().map(card).collect()),
        "button" => {
            let id = part.at("payload").filled();
            tapped(inbound, part.at("text").filled().or(id).unwrap_or_default(), id)
        }
        "interactive" => match choice(part) {
            Some((title, id)) => tapped(inbound, title, id),
            None => show("", vec![form(part, message)]),
        },
        "order" => show(part.at("text").str().unwrap_or_default(), vec![order(part)]),
        "reaction" => note(reaction(part), false),
        "sticker" => note("The guest sent a sticker.".to_owned(), false),
        "revoke" => note("The guest deleted one of their messages on WhatsApp.".to_owned(), false),
        "edit" => note(edit(part), true),
        "system" => system(inbound, part),
        _ => show("", vec![unreadable(kind, message)]),
    }
}

fn said(inbound: InboundMessage, text: &str) -> InboundEvent {
    InboundEvent::Message(InboundMessage { text: text.to_owned(), ..inbound })
}

fn tapped(inbound: InboundMessage, title: &str, id: Option<&str>) -> InboundEvent {
    let choice = id.map(str::to_owned);
    InboundEvent::Message(InboundMessage { text: title.to_owned(), button: true, choice, ..inbound })
}

fn media(url: String, content_type: &str, name: Option<String>) -> Media {
    Media { url, content_type: content_type.to_owned(), name }
}

/// Named by Meta's id, which lives for seven days; the address in a webhook lives for minutes.
fn file(account: &WhatsAppAccount, kind: &str, part: Node<'_>) -> Media {
    let url = part.at("id").filled().and_then(|id| account.media_url(id));
    let content_type = part.at("mime_type").filled().unwrap_or("application/octet-stream");
    let name = match kind {
        "audio" if part.at("voice").is_true() => Some("voice message"),
        _ => part.at("filename").filled(),
    };
    media(url.unwrap_or_default(), content_type, name.map(shortened))
}

fn place(part: Node<'_>) -> Media {
    let (latitude, longitude) = (part.at("latitude").decimal(), part.at("longitude").decimal());
    let url = latitude.zip(longitude).map(|(latitude, longitude)| format!("geo:{latitude},{longitude}"));
    let (name, street) = (part.at("name").filled(), part.at("address").filled());
    let words: Vec<_> = name.into_iter().chain(street).chain(url.as_deref()).collect();
    let words = shortened(&words.join(", "));
    media(url.unwrap_or_default(), "location", Some(words))
}

fn card(contact: Node<'_>) -> Media {
    let name = contact.at("name");
    let name = name.at("formatted_name").filled().or(name.at("first_name").filled());
    let company = contact.at("org").at("company").filled();
    let phones = contact.at("phones").list().filter_map(|phone| phone.at("phone").filled());
    let mails = contact.at("emails").list().filter_map(|mail| mail.at("email").filled());
    let words: Vec<_> = name.into_iter().chain(company).chain(phones).chain(mails).collect();
    media(String::new(), "contact", Some(shortened(&words.join(", "))))
}

/// The title that was tapped, and our id of it.
fn choice(part: Node<'_>) -> Option<(&str, Option<&str>)> {
    let reply = [part.at("button_reply"), part.at("list_reply")];
    reply.into_iter().find_map(|reply| Some((reply.at("title").filled()?, reply.at("id").filled())))
}

/// A filled form of the hotel's, or a reply whose content Meta could not give.
fn form(part: Node<'_>, message: Node<'_>) -> Media {
    match part.at("nfm_reply").at("response_json").filled() {
        Some(answers) => media(String::new(), "form", Some(shortened(answers))),
        None => unreadable("interactive", message),
    }
}

fn order(part: Node<'_>) -> Media {
    let items = part.at("product_items").list().map(|item| {
        let text = |name| item.at(name).filled().unwrap_or("?");
        let count = item.at("quantity").number().unwrap_or(1);
        let price = item.at("item_price").decimal().unwrap_or_default();
        format!("{count} × {} at {price} {}", text("product_retailer_id"), text("currency"))
    });
    media(String::new(), "order", Some(shortened(&items.collect::<Vec<_>>().join(", "))))
}

/// A kind that Meta does not pass on, or that is newer than this program.
fn unreadable(kind: &str, message: Node<'_>) -> Media {
    let inner = message.at("unsupported").at("type").filled();
    let why = message.at("errors").list().find_map(Trouble::read).and_then(|trouble| trouble.title);
    let words: Vec<_> = inner.map(str::to_owned).into_iter().chain(why).collect();
    let words = if words.is_empty() { "WhatsApp does not pass it on".to_owned() } else { words.join(", ") };
    media(String::new(), kind, Some(shortened(&words)))
}

/// It answers nothing: a thumb under an offer is no yes.
fn reaction(part: Node<'_>) -> String {
    match part.at("emoji").filled() {
        Some(emoji) => format!("The guest reacted to a message with {}", shortened(emoji)),
        None => "The guest took back a reaction.".to_owned(),
    }
}

fn edit(part: Node<'_>) -> String {
    let message = part.at("message");
    let kind = message.at("type").filled().unwrap_or("text");
    let text = message.at(kind).at("body").filled().or(message.at(kind).at("caption").filled());
    match text {
        Some(text) => format!("The guest changed an earlier message; it now reads: {text}"),
        None => "The guest changed an earlier message.".to_owned(),
    }
}

fn system(inbound: InboundMessage, part: Node<'_>) -> InboundEvent {
    let note = |text: &str| InboundMessage { text: text.to_owned(), ..inbound.clone() };
    let (number, id) = (part.at("wa_id").filled(), part.at("user_id").filled());
    match part.at("type").filled() {
        Some("user_changed_number" | "user_changed_user_id") if number.or(id).is_some() => {
            InboundEvent::Moved {
                message: note("The guest's WhatsApp number has changed."),
                address: number.map(address),
                lasting_id: id.map(str::to_owned),
            }
        }
        Some("customer_identity_changed") => InboundEvent::Note {
            message: note("The guest's WhatsApp runs on another phone now, or was installed anew."),
            calls_staff: false,
        },
        _ => InboundEvent::Note {
            message: note("WhatsApp reports a change of the guest's account."),
            calls_staff: false,
        },
    }
}

fn shortened(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(MAX_DETAILS).collect()
}
