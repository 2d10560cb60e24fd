//! The words of completion claims in English and Spanish, folded (lower case, no accents). Data only.

/// Participles that say something has been carried out.
#[rustfmt::skip]
pub(super) const CARRIED_OUT: &[&str] = &[
    "ordered", "booked", "reserved", "arranged", "scheduled", "charged", "posted", "added", "extended",
    "cancelled", "canceled", "sent", "placed", "confirmed", "refunded", "credited", "waived", "upgraded",
    "changed", "updated", "moved", "organised", "organized", "delivered", "prepared", "removed",
    "processed", "approved", "granted", "made", "submitted", "completed", "fixed", "repaired", "cleaned",
    "dispatched", "put", "set", "sorted", "billed", "brought", "accepted", "refilled", "replaced",
    "resolved", "restocked", "agreed", "deducted", "applied", "secured", "pedido", "pedida", "pedidos",
    "pedidas", "encargado", "encargada", "encargados", "encargadas", "reservado", "reservada",
    "reservados", "reservadas", "cargado", "cargada", "cargados", "cobrado", "anadido", "anadida",
    "ampliado", "ampliada", "extendido", "extendida", "prorrogado", "prorrogada", "cancelado", "cancelada",
    "anulado", "anulada", "enviado", "enviada", "enviados", "enviadas", "mandado", "mandada", "confirmado",
    "confirmada", "confirmados", "confirmadas", "tramitado", "tramitada", "gestionado", "gestionada",
    "programado", "programada", "puesto", "hecho", "hecha", "arreglado", "arreglada", "organizado",
    "organizada", "reembolsado", "cambiado", "cambiada", "preparado", "preparada", "contratado",
    "aprobado", "aprobada", "concedido", "aplicado", "facturado", "realizado", "limpiado", "limpiada",
    "reparado", "reparada", "entregado", "entregada", "entregados", "entregadas",
];

/// Participles that say somebody has been told or asked.
#[rustfmt::skip]
pub(super) const PASSED_ON: &[&str] = &[
    "requested", "escalated", "asked", "notified", "informed", "told", "alerted", "passed", "forwarded", "contacted",
    "messaged", "reported", "logged", "relayed", "called", "let", "solicitado", "solicitada",
    "solicitados", "solicitadas", "avisado", "avisada", "informado", "informada", "pasado", "comunicado",
    "notificado", "registrado", "registrada", "dicho", "trasladado", "transmitido", "received", "recibido",
];

/// Work of people's hands: that it was asked for does not prove that it has been done.
#[rustfmt::skip]
pub(super) const WORKED: &[&str] = &[
    "cleaned", "fixed", "repaired", "replaced", "refilled", "restocked", "resolved", "delivered",
    "brought", "limpiado", "limpiada", "reparado", "reparada", "entregado", "entregada", "entregados",
    "entregadas",
];

/// Words that may stand between the auxiliary and the participle.
#[rustfmt::skip]
pub(super) const FILLERS: &[&str] = &[
    "just", "already", "now", "also", "successfully", "gone", "ahead", "and", "all", "been", "being",
    "kindly", "gladly", "immediately", "directly", "then", "ya", "tambien", "lo", "la", "los", "las", "le",
    "les", "se", "sido", "siendo", "todo", "duly", "officially", "personally",
];

/// What the hotel can be said to do next: bare verbs after "will", "I'll", "voy a".
#[rustfmt::skip]
pub(super) const NEXT: &[&str] = &[
    "send", "order", "book", "arrange", "request", "ask", "bring", "charge", "add", "cancel", "extend",
    "post", "notify", "inform", "forward", "deliver", "arrive", "come", "clean", "fix", "repair",
    "contact", "reserve", "refund", "waive", "upgrade", "schedule", "place", "prepare", "pass", "reply",
    "assist", "attend", "tell", "pedir", "solicitar", "reservar", "enviar", "mandar", "avisar", "encargar",
    "ampliar", "anadir", "cargar", "pasar", "cancelar", "traer", "llevar", "subir",
];

/// What is going on right now, behind "I'm", "is", "esta".
#[rustfmt::skip]
pub(super) const GOING_ON: &[&str] = &[
    "placing", "sending", "ordering", "booking", "arranging", "bringing", "preparing", "coming", "delivering", "charging",
    "processing", "requesting", "reserving", "notifying", "forwarding", "escalating", "cancelling", "extending", "making",
    "heading", "preparando", "enviando", "llevando", "trayendo", "subiendo", "pidiendo", "reservando", "tramitando",
    "gestionando", "avisando", "cocinando",
];

/// The Spanish future and the Spanish "we are bringing it", one word each.
#[rustfmt::skip]
pub(super) const ONE_WORD: &[&str] = &[
    "llevaran", "traeran", "subiran", "enviaran", "mandaran", "llegara", "llegaran", "limpiaran",
    "repararan", "atenderan", "contactaran", "pedire", "solicitare", "reservare", "enviare", "mandare",
    "avisare", "encargare", "enviaremos", "llevaremos", "subiremos", "mandaremos", "pediremos",
    "reservaremos", "avisaremos", "llevamos", "subimos", "enviamos", "mandamos",
];

/// Who acts for the hotel.
#[rustfmt::skip]
pub(super) const STAFF: &[&str] = &[
    "housekeeping", "kitchen", "reception", "team", "staff", "maintenance", "manager", "colleague",
    "colleagues", "someone", "technician", "concierge", "engineer", "receptionist", "desk", "companero",
    "companera", "companeros", "equipo", "recepcion", "alguien", "personal", "cocina", "mantenimiento",
    "tecnico", "gerente", "member", "driver", "limpieza",
];

/// Before a claim, these make it no claim.
#[rustfmt::skip]
pub(super) const NEGATIVE: &[&str] = &[
    "no", "not", "nothing", "none", "neither", "never", "nor", "cannot", "can't", "couldn't", "unable",
    "without", "haven't", "hasn't", "isn't", "aren't", "won't", "wasn't", "weren't", "don't", "doesn't",
    "didn't", "nada", "ningun", "ninguna", "nunca", "sin", "tampoco", "nobody",
];

/// Before a claim, or beside a promise, these make it conditional.
#[rustfmt::skip]
pub(super) const CONDITIONAL: &[&str] =
    &["if", "once", "when", "unless", "whether", "whenever", "si", "cuando", "tras"];

/// In the same clause before a claim, these make it a possibility.
#[rustfmt::skip]
pub(super) const MODAL: &[&str] = &[
    "after", "before", "would", "could", "should", "might", "until", "can", "may", "must", "upon",
    "podria", "podriamos", "antes", "despues", "puede", "puedo", "podemos",
];

/// The guest's word is still wanted: "please confirm and …".
#[rustfmt::skip]
pub(super) const ASKED_FOR: &[[&str; 2]] = &[
    ["please", "confirm"],
    ["just", "confirm"],
    ["just", "say"],
    ["please", "say"],
    ["say", "yes"],
    ["una", "vez"],
    ["en", "cuanto"],
    ["si", "confirma"],
];

/// What happens as a rule is no claim about this guest.
#[rustfmt::skip]
pub(super) const HABITUAL: &[&str] = &[
    "daily", "every", "always", "usually", "per", "each", "normally", "diario", "siempre", "cada",
    "normalmente", "automatically", "upon", "typically",
];

/// What a claim is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Topic {
    Towels,
    Amenity,
    Cleaning,
    Fault,
    Order,
    Charge,
    LateCheckout,
    Staff,
    Cancel,
    /// What no tool of ours does: a table, a taxi, a refund.
    Foreign,
}

/// Words by topic. Where a word could mean two things, it is left out.
#[rustfmt::skip]
pub(super) const TOPICS: &[(Topic, &[&str])] = &[
    (Topic::Towels, &["towel", "towels", "toalla", "toallas"]),
    (
        Topic::Amenity,
        &[
            "pillow", "pillows", "blanket", "blankets", "soap", "soaps", "shampoo", "slippers", "bathrobe",
            "robe", "robes", "iron", "hairdryer", "adapter", "crib", "cot", "toothbrush", "toiletries",
            "hangers", "sheets", "almohada", "almohadas", "manta", "mantas", "jabon", "champu",
            "zapatillas", "albornoz", "plancha", "secador", "cuna", "cepillo", "sabanas", "perchas",
            "duvet", "kettle",
],
    ),
    (Topic::Cleaning, &["cleaning", "cleaned", "clean", "limpiar", "limpiaran"]),
    (
        Topic::Fault,
        &[
            "repair", "repaired", "maintenance", "technician", "engineer", "fix", "fixed", "mantenimiento",
            "tecnico", "reparar", "repararan", "reparacion", "lamp", "heating", "shower", "lampara",
            "ducha",
],
    ),
    (
        Topic::Order,
        &[
            "order", "sandwich", "sandwiches", "food", "meal", "kitchen", "wine", "drink", "drinks",
            "dinner", "lunch", "burger", "pizza", "salad", "coffee", "bottle", "comida", "cocina", "cena",
            "almuerzo", "vino", "botella", "bebida", "bebidas", "ensalada", "hamburguesa", "pedido",
            "snack", "dessert",
],
    ),
    (
        Topic::Charge,
        &[
            "charged", "billed", "charge", "folio", "bill", "posted", "deducted", "cargado", "cobrado",
            "cargo", "facturado",
],
    ),
    (Topic::LateCheckout, &["checkout", "check-out", "departure", "salida"]),
    (
        Topic::Cancel,
        &["cancelled", "canceled", "cancellation", "cancelado", "cancelada", "anulado", "anulada"],
    ),
    (
        Topic::Foreign,
        &[
            "taxi", "cab", "table", "spa", "massage", "tour", "tickets", "restaurant", "appointment",
            "upgrade", "upgraded", "refund", "refunded", "credited", "waived", "discount", "flight",
            "transfer", "suite", "mesa", "masaje", "reembolso", "reembolsado", "descuento", "excursion",
            "entradas", "restaurante", "vuelo", "cita", "traslado", "limousine", "car", "flowers",
            "babysitter", "upgraded",
],
    ),
];
