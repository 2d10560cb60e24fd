//! Spanish.

use super::{ReservationText, Say, capital, counted, time};
use crate::domain::request::RequestKind;
use crate::domain::stay::StayState;
use chrono::{Datelike, NaiveDate};

const MONTHS: [&str; 12] = [
    "enero",
    "febrero",
    "marzo",
    "abril",
    "mayo",
    "junio",
    "julio",
    "agosto",
    "septiembre",
    "octubre",
    "noviembre",
    "diciembre",
];

fn day(day: NaiveDate) -> String {
    let month = MONTHS.get(day.month0() as usize).copied().unwrap_or_default();
    format!("{} de {month} de {}", day.day(), day.year())
}

fn or_call(phone: Option<&String>) -> String {
    phone.map_or_else(String::new, |phone| format!(" También puede llamar al {phone}."))
}

fn to_room(room: Option<&String>) -> String {
    room.map_or_else(String::new, |room| format!(" para la habitación {room}"))
}

pub(super) fn alert(hotel: &str, reason: &str, link: &str) -> String {
    format!("{hotel}: un huésped le necesita. {reason}. {link}")
}

pub(super) fn text(say: &Say) -> String {
    match say {
        Say::Introduction { hotel, phone } => {
            let call = phone.as_ref().map_or_else(String::new, |phone| format!(" o llame al {phone}"));
            format!("Soy el asistente automático de {hotel}. Si prefiere hablar con una persona, dígamelo{call}.")
        }
        Say::Greeting { hotel } => format!("Hola, le damos la bienvenida a {hotel}. ¿En qué puedo ayudarle?"),
        Say::Welcome => "De nada.".to_owned(),
        Say::Goodbye => "Adiós, hasta pronto.".to_owned(),
        Say::NotUnderstood => "No estoy seguro de haberle entendido. Puedo ayudarle con toallas y limpieza, una avería en \
             la habitación, comida y bebida, su cuenta, una salida tardía y preguntas sobre el hotel, o avisar a una persona."
            .to_owned(),
        Say::NoFact => "No lo sé. ¿Quiere que pregunte a un compañero? Dígame «una persona, por favor».".to_owned(),
        Say::Verbatim(text) => text.clone(),

        Say::AskProof => "Para eso necesito saber cuál es su estancia. Envíeme, por favor, el número de confirmación y el \
             apellido de la reserva."
            .to_owned(),
        Say::ProofWrong => "No he encontrado ninguna reserva con ese número de confirmación y ese apellido. Compruebe ambos y \
             envíelos otra vez, juntos en un mensaje."
            .to_owned(),
        Say::ProofTooOften => {
            "No he podido confirmar su reserva, así que he pedido a un compañero que le ayude aquí.".to_owned()
        }
        Say::ProofDone { first_name } => format!("Gracias, {first_name}. He encontrado su estancia."),

        Say::Requested { kind, item, quantity, room } => requested(*kind, item, *quantity, room.as_ref()),
        Say::NotedForArrival { item, quantity } => {
            format!("Lo he anotado para su llegada: {}.", counted(*quantity, item))
        }
        Say::Reservation(reservation) => reservation_text(reservation),
        Say::Bill { lines, balance } => {
            let mut text = "Su cuenta hasta ahora:\n".to_owned();
            for (line, amount) in lines {
                text.push_str(&format!("• {}: {amount}\n", capital(line)));
            }
            text + &format!("Saldo: {balance}")
        }
        Say::NotInState { state } => match state {
            StayState::Expected => "Podré hacerlo cuando haya llegado.".to_owned(),
            StayState::InHouse | StayState::Left | StayState::Cancelled => {
                "Su estancia ha terminado; solo puedo ayudarle con su reserva y su cuenta.".to_owned()
            }
        },

        Say::Quote { item, quantity, total } => {
            format!("{}: {total} en la cuenta de su habitación. ¿Lo pido? Responda sí o no.", capital(&counted(*quantity, item)))
        }
        Say::QuoteLateCheckout { until, total } => {
            format!(
                "La salida tardía hasta las {} cuesta {total} en la cuenta de su habitación. ¿La reservo? Responda sí o no.",
                time(*until)
            )
        }
        Say::Ordered { item, quantity, total, room } => {
            format!(
                "Pedido hecho{}: {}, {total} en la cuenta de su habitación.",
                to_room(room.as_ref()),
                counted(*quantity, item)
            )
        }
        Say::Charged { item, quantity, total } => {
            format!("Reservado: {}, {total} en la cuenta de su habitación.", counted(*quantity, item))
        }
        Say::LateCheckoutDone { until, total } => {
            let price = total
                .map_or_else(|| "sin coste".to_owned(), |total| format!("{total} en la cuenta de su habitación"));
            format!("Su salida es ahora a las {}, {price}.", time(*until))
        }
        Say::LateCheckoutAllowed { until } => {
            format!("El día de su salida puede quedarse hasta las {} en cualquier caso.", time(*until))
        }
        Say::AlreadyOrdered { item } => format!("Eso ya está pedido: {item}. No lo he pedido otra vez."),
        Say::Declined { item } => format!("De acuerdo, no lo he pedido: {item}."),
        Say::QuoteOver { item } => {
            format!("Esa oferta ya no está abierta: {item}. Dígame otra vez qué desea y le daré el precio de nuevo.")
        }
        Say::AfterThat { item } => format!("Vayamos por partes: después le diré el precio de {item}."),
        Say::ItemUnknown => "No lo encuentro en nuestra lista. ¿Qué desea exactamente?".to_owned(),
        Say::Yes => "Sí".to_owned(),
        Say::No => "No".to_owned(),
        Say::Choose => "Elegir".to_owned(),
        Say::ItemWhich { options } => format!("¿Cuál prefiere: {}?", options.join(", ")),
        Say::ItemClosed { item, from, to } => {
            format!("{} se puede pedir de {} a {}.", capital(item), time(*from), time(*to))
        }
        Say::TooMany { max } => format!("Puedo pedir hasta {max} a la vez. Para más, aviso con gusto a un compañero."),
        Say::WhichTime => "¿Hasta qué hora le gustaría quedarse?".to_owned(),
        Say::WhatIsWanted => "¿Qué necesita exactamente?".to_owned(),

        Say::HandedOff { phone } => {
            format!("He avisado a un compañero, que le responderá aquí.{}", or_call(phone.as_ref()))
        }
        Say::StaffDecide { phone } => {
            format!("Eso lo decide un compañero. Ya le he preguntado y le responderemos aquí.{}", or_call(phone.as_ref()))
        }
        Say::StillWaiting => "Un compañero tiene su mensaje y le responderá aquí.".to_owned(),
        Say::Queued => {
            "Mi respuesta tarda más de lo habitual. Su mensaje está aquí y lo responderemos; no hace falta que lo repita."
                .to_owned()
        }
        Say::Emergency { number, phone } => {
            let hotel = phone.as_ref().map_or_else(String::new, |phone| format!(" Recepción: {phone}."));
            format!("Si alguien está en peligro, llame ahora al {number}.{hotel} He avisado al equipo del hotel.")
        }
        Say::Checking { item } => {
            format!("El sistema del hotel todavía no lo ha confirmado: {item}. Lo estoy comprobando y le diré aquí el resultado en cuanto lo sepa; no hace falta que lo pida otra vez.")
        }
        Say::Unsure { item } => {
            format!("No he podido asegurarme de que se haya hecho: {item}. Un compañero lo está mirando; no hace falta pedirlo otra vez.")
        }
        Say::NotPossibleNow { item } => {
            format!("No ha sido posible ahora: {item}. No se ha cobrado nada. He pedido a un compañero que le ayude.")
        }
        Say::NotDone { item } => format!("Esto no se ha realizado y no se ha cobrado nada: {item}."),
        Say::Trouble { phone } => {
            format!("Ahora no puedo responder a eso. He avisado a un compañero, que le responderá aquí.{}", or_call(phone.as_ref()))
        }
        Say::Files => "No puedo abrir archivos. Un compañero lo mirará y le responderá aquí.".to_owned(),
        Say::Slower => "Va más rápido que yo. He leído todos sus mensajes juntos.".to_owned(),

        Say::RequestDone { item } => format!("Su petición está hecha: {item}. Dígame si falta algo."),
        Say::RequestCannot { item, word } => {
            let word = word.as_ref().map_or_else(String::new, |word| format!(" {word}"));
            format!("Lo sentimos, no podemos hacerlo: {item}.{word}")
        }
        Say::ChargeVoided { item, total } => format!("Lo hemos quitado de su cuenta: {item}, {total}."),
    }
}

pub(super) fn service(kind: RequestKind) -> &'static str {
    match kind {
        RequestKind::Towels => "toallas",
        RequestKind::Amenity => "algo para la habitación",
        RequestKind::Cleaning => "limpieza",
        RequestKind::Fault => "una avería en la habitación",
        RequestKind::Order => "un pedido",
        RequestKind::LateCheckout => "una salida tardía",
        RequestKind::Other => "una petición",
    }
}

fn requested(kind: RequestKind, item: &str, quantity: u32, room: Option<&String>) -> String {
    let room = to_room(room);
    match kind {
        RequestKind::Towels | RequestKind::Amenity => {
            format!("Se lo he pedido a pisos{room}: {}.", counted(quantity, item))
        }
        RequestKind::Cleaning => format!("Se lo he pedido a pisos{room}: {item}."),
        RequestKind::Fault => format!("Lo siento. He dado parte de la avería{room}: {item}."),
        RequestKind::Order | RequestKind::LateCheckout | RequestKind::Other => {
            format!("Lo he transmitido{room}: {}.", counted(quantity, item))
        }
    }
}

fn reservation_text(r: &ReservationText) -> String {
    let state = match r.state {
        StayState::Expected => "le esperamos",
        StayState::InHouse => "está alojado con nosotros",
        StayState::Left => "ya se ha marchado",
        StayState::Cancelled => "cancelada",
    };
    let room = r.room.as_ref().map_or_else(String::new, |room| format!(", habitación {room}"));
    let until =
        r.checkout_until.map_or_else(String::new, |until| format!(", salida hasta las {}", time(until)));
    format!(
        "Su reserva {}: del {} al {}{room}{until}; {state}.",
        r.confirmation,
        day(r.arrives_on),
        day(r.departs_on)
    )
}
