//! A model that does its job on a hotel's everyday messages, in English and Spanish, by word lists. It calls the fitting
//! tools of those that are offered, fills their arguments by their schemas, and words a short answer from the results.

use super::Reply;
use super::wire::{is_after_tools, messages, tools};
use crate::domain::words::{fold, tokens};
use serde_json::{Map, Value, json};

/// One thing that the guest wants.
#[derive(Debug, Clone, PartialEq)]
struct Want {
    tool: &'static str,
    /// The choice, where a tool has several.
    kind: &'static str,
    item: String,
    quantity: u32,
    time: String,
    text: String,
}

pub(super) fn reply(request: &Value) -> Reply {
    let spanish = is_spanish(last_burst(request).as_deref().unwrap_or_default());
    if is_after_tools(request) {
        return Reply { text: Some(word_results(request, spanish)), calls: Vec::new() };
    }
    let offered = tools(request);
    let schema =
        |name: &str| offered.iter().find(|tool| tool["name"] == name).map(|tool| &tool["parameters"]);
    let wants = wants(request);
    let calls: Vec<_> = wants
        .iter()
        .filter_map(|want| Some((want.tool.to_owned(), arguments(schema(want.tool)?, want).to_string())))
        .collect();
    if calls.is_empty() {
        return Reply { text: Some(small_talk(request, spanish)), calls };
    }
    Reply { text: None, calls }
}

fn user_texts(request: &Value) -> Vec<&str> {
    let user = messages(request).iter().filter(|message| message["role"] == "user");
    user.filter_map(|message| message["content"].as_str()).collect()
}

fn last_burst(request: &Value) -> Option<String> {
    user_texts(request).last().map(|text| (*text).to_owned())
}

/// What the last burst asks for; where it only names a booking or a number of pieces, what was asked before.
fn wants(request: &Value) -> Vec<Want> {
    let texts = user_texts(request);
    let Some((last, earlier)) = texts.split_last() else { return Vec::new() };
    let now = read(last);
    if !now.is_empty() {
        return now;
    }
    let folded = fold(last);
    let before =
        || earlier.iter().rev().map(|text| read(text)).find(|wants| !wants.is_empty()).unwrap_or_default();
    if has(&folded, &["make it", "que sean", "instead", "but"]) && quantity_in(&folded).is_some() {
        let quantity = quantity_in(&folded).unwrap_or(1);
        let order = before().into_iter().filter(|want| want.tool == "order_item");
        return order.map(|want| Want { quantity, ..want }).collect();
    }
    let names_a_booking = last.split_whitespace().any(|word| {
        word.chars().any(|c| c.is_ascii_digit())
            && word.chars().filter(|c| c.is_ascii_alphabetic()).count() >= 2
    });
    if names_a_booking { before() } else { Vec::new() }
}

fn read(text: &str) -> Vec<Want> {
    let folded = fold(text);
    let want = |tool: &'static str, kind: &'static str, item: &str| Want {
        tool,
        kind,
        item: item.to_owned(),
        quantity: quantity_in(&folded).unwrap_or(1),
        time: time_in(&folded).unwrap_or_default(),
        text: text.to_owned(),
    };
    let mut wants = Vec::new();
    if has(
        &folded,
        &["human", "person", "someone", "manager", "agent", "persona", "humano", "alguien", "encargado"],
    ) {
        wants.push(want("hand_off_to_staff", "guest_asked", ""));
    }
    for (words, kind, item) in SERVICES {
        if let Some(word) = words.iter().find(|word| has(&folded, &[word])) {
            wants.push(want("request_service", kind, if item.is_empty() { word } else { item }));
        }
    }
    if has(&folded, &["bill", "folio", "balance", "owe", "cuenta", "factura"]) {
        wants.push(want("get_folio", "", ""));
    }
    let leaving = has(&folded, &["check out", "checkout", "check-out", "leave", "salir", "salida", "late"]);
    if leaving && time_in(&folded).is_some() {
        wants.push(want("request_late_checkout", "", ""));
    }
    if has(&folded, FOOD) {
        wants.push(want("order_item", "", &item_in(&folded)));
    }
    if has(&folded, &["reservation", "booking", "reserva"]) {
        wants.push(want("lookup_reservation", "", ""));
    }
    let asks_when_to_leave = leaving && time_in(&folded).is_none();
    if has(&folded, FACTS) || asks_when_to_leave {
        wants.push(want("search_facts", "", ""));
    }
    wants
}

/// Words, the service's kind, and what to ask for; empty: the word itself.
const SERVICES: &[(&[&str], &str, &str)] = &[
    (&["towels", "towel", "toallas", "toalla"], "towels", "towels"),
    (
        &[
            "pillow",
            "pillows",
            "blanket",
            "soap",
            "shampoo",
            "iron",
            "toothbrush",
            "almohada",
            "almohadas",
            "manta",
            "jabon",
        ],
        "amenity",
        "",
    ),
    (&["clean", "cleaning", "cleaned", "limpiar", "limpieza"], "cleaning", "cleaning"),
    (
        &["broken", "not working", "doesn't work", "leaking", "no funciona", "roto", "rota", "averia"],
        "fault",
        "",
    ),
];
const FOOD: &[&str] = &[
    "sandwich",
    "sandwiches",
    "wine",
    "red",
    "water",
    "coffee",
    "burger",
    "pizza",
    "salad",
    "transfer",
    "vino",
    "agua",
    "order",
];
const FACTS: &[&str] = &[
    "wifi",
    "wi-fi",
    "breakfast",
    "desayuno",
    "parking",
    "aparcar",
    "pool",
    "piscina",
    "gym",
    "gimnasio",
    "spa",
    "pets",
    "dog",
    "mascotas",
    "luggage",
    "equipaje",
    "taxi",
    "smoke",
    "fumar",
    "address",
    "password",
];
const SMALL_WORDS: &[&str] = &[
    "a",
    "an",
    "the",
    "i",
    "i'd",
    "we",
    "want",
    "would",
    "like",
    "order",
    "please",
    "to",
    "my",
    "our",
    "room",
    "can",
    "could",
    "get",
    "have",
    "bring",
    "me",
    "us",
    "some",
    "for",
    "and",
    "of",
    "up",
    "un",
    "una",
    "unos",
    "quiero",
    "quisiera",
    "por",
    "favor",
    "mi",
    "habitacion",
    "la",
    "el",
    "me",
    "trae",
    "traer",
    "pedir",
    "yes",
    "si",
    "hi",
    "hello",
    "hola",
    "but",
];

/// Whether one of the phrases stands in the text in whole words.
fn has(folded: &str, phrases: &[&str]) -> bool {
    let words: Vec<&str> = tokens(folded).collect();
    phrases.iter().any(|phrase| crate::domain::words::contains_phrase(&words, phrase))
}

const NUMBERS: &[(&str, u32)] = &[
    ("one", 1),
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("dos", 2),
    ("tres", 3),
    ("cuatro", 4),
    ("cinco", 5),
];

fn quantity_in(folded: &str) -> Option<u32> {
    let number = |word: &str| NUMBERS.iter().find(|(name, _)| *name == word).map(|(_, n)| *n);
    tokens(folded)
        .find_map(|word| number(word).or_else(|| word.parse().ok().filter(|n| (1..=20).contains(n))))
}

/// "at 1" is after noon: nobody asks to leave later at night.
fn time_in(folded: &str) -> Option<String> {
    let words: Vec<&str> = tokens(folded).collect();
    let number = |word: &str| word.trim_end_matches("pm").trim_end_matches("am").parse::<u32>().ok();
    let at = words.iter().position(|word| number(word).is_some_and(|hour| hour < 24))?;
    let hour = number(words[at])?;
    let minute = words
        .get(at + 1)
        .filter(|word| word.len() == 2)
        .and_then(|word| word.parse::<u32>().ok())
        .unwrap_or(0);
    let hour = if hour < 8 { hour + 12 } else { hour };
    Some(format!("{hour:02}:{minute:02}"))
}

/// What is left of an order without the small words.
fn item_in(folded: &str) -> String {
    let is_number = |word: &str| word.parse::<u32>().is_ok() || NUMBERS.iter().any(|(name, _)| *name == word);
    let first = folded.split(['.', '!', '?', ',']).find(|part| has(part, FOOD)).unwrap_or(folded);
    let words: Vec<&str> =
        tokens(first).filter(|word| !SMALL_WORDS.contains(word) && !is_number(word)).collect();
    words.join(" ")
}

/// The arguments that the tool's schema asks for, and no others.
fn arguments(schema: &Value, want: &Want) -> Value {
    let mut arguments = Map::new();
    let required =
        |name: &str| schema["required"].as_array().is_some_and(|names| names.iter().any(|n| n == name));
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        let options = options(schema, property);
        let value = if !options.is_empty() {
            let fitting = options.iter().find(|option| **option == want.kind).or(options.first());
            fitting.map(|option| json!(option))
        } else {
            match name.as_str() {
                "quantity" | "count" => Some(json!(want.quantity)),
                "item" | "name" | "thing" => (!want.item.is_empty()).then(|| json!(want.item)),
                "time" | "until" => Some(json!(want.time)),
                "query" | "question" | "note" | "reason" | "details" => Some(json!(want.text)),
                _ if required(name) => Some(json!(want.text)),
                _ => None,
            }
        };
        arguments.extend(value.map(|value| (name.clone(), value)));
    }
    Value::Object(arguments)
}

/// The words of an enumeration, looked up where the schema refers to them.
fn options<'a>(schema: &'a Value, property: &'a Value) -> Vec<&'a str> {
    let reference = property["$ref"]
        .as_str()
        .and_then(|path| path.strip_prefix('#'))
        .and_then(|path| schema.pointer(path));
    let property = reference.unwrap_or(property);
    let listed = property["enum"].as_array().into_iter().flatten().filter_map(Value::as_str);
    let each = ["oneOf", "anyOf"].into_iter().flat_map(|key| property[key].as_array().into_iter().flatten());
    let each = each.flat_map(|option| {
        option["const"]
            .as_str()
            .into_iter()
            .chain(option["enum"].as_array().into_iter().flatten().filter_map(Value::as_str))
    });
    listed.chain(each).collect()
}

/// What the tools of this round have said, in a sentence each.
fn word_results(request: &Value, spanish: bool) -> String {
    let results = messages(request).iter().rev().take_while(|message| message["role"] == "tool");
    let mut lines: Vec<String> = Vec::new();
    for message in results {
        let content = message["content"].as_str().unwrap_or_default();
        let line = match serde_json::from_str::<Value>(content) {
            Ok(result) => word_result(&result, spanish),
            Err(_) => content.to_owned(),
        };
        if !line.is_empty() && !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines.reverse();
    lines.join(" ")
}

fn word_result(result: &Value, spanish: bool) -> String {
    if result["result"] == "quoted" {
        let text = if spanish { "Con mucho gusto." } else { "Gladly." };
        return text.to_owned();
    }
    if result["result"] == "done" && result["data"].get("requested").is_some() {
        let text = if spanish {
            "He avisado a nuestro equipo."
        } else {
            "I have asked our team to take care of that."
        };
        return text.to_owned();
    }
    let said = ["say", "text", "message", "error"].iter().find_map(|field| result[*field].as_str());
    said.unwrap_or_default().to_owned()
}

fn is_spanish(text: &str) -> bool {
    let words = [
        "hola",
        "quiero",
        "puede",
        "puedo",
        "toallas",
        "toalla",
        "cuenta",
        "gracias",
        "favor",
        "habitacion",
        "hay",
        "donde",
        "necesito",
        "si",
        "buenas",
        "buenos",
    ];
    has(&fold(text), &words)
}

fn small_talk(request: &Value, spanish: bool) -> String {
    let last = fold(&last_burst(request).unwrap_or_default());
    let thanks = has(&last, &["thanks", "thank", "gracias"]);
    let text = match (thanks, spanish) {
        (true, true) => "De nada.",
        (true, false) => "You are welcome.",
        (false, true) => "¿En qué puedo ayudarle?",
        (false, false) => "How can I help you?",
    };
    text.to_owned()
}
