//! Finds what a sentence says has been done, is being done or is about to be, and asks the evidence for it.

use super::verbs::{
    ASKED_FOR, CARRIED_OUT, CONDITIONAL, FILLERS, GOING_ON, HABITUAL, MODAL, NEGATIVE, NEXT, ONE_WORD,
    PASSED_ON, STAFF, TOPICS, Topic, WORKED,
};
use super::{Claim, ClaimKind, Done, DoneKind, Evidence, Sentence};
use crate::domain::request::RequestKind;

/// A boundary between clauses stands among the words as this.
const PAUSE: &str = ",";

/// How a claim is put, which decides what may soften it and what proves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// "I have ordered": carried out.
    CarriedOut,
    /// "I have asked reception": somebody knows.
    PassedOn,
    /// "on the way", "will bring".
    UnderWay,
}

/// The words that make a claim, by their places in the sentence.
#[derive(Debug, Clone, Copy)]
struct Trigger {
    from: usize,
    to: usize,
    manner: Manner,
}

pub(super) fn check(sentence: &Sentence, evidence: &Evidence, claims: &mut Vec<Claim>) {
    if sentence.question {
        return;
    }
    let words = words(&sentence.text);
    let triggers: Vec<Trigger> = triggers(&words).into_iter().filter(|t| !is_softened(&words, t)).collect();
    for (place, trigger) in triggers.iter().enumerate() {
        let next = triggers
            .get(place + 1)
            .map_or(words.len(), |next| clause_start(&words, next.from).max(trigger.to));
        let clause = &words[clause_start(&words, trigger.from)..clause_end(&words, trigger.to, next)];
        if !is_proved(clause, &words[trigger.from..trigger.to], trigger.manner, evidence) {
            claims.push(Claim { kind: ClaimKind::Done, words: clause.join(" ") });
        }
    }
}

/// Words in order, with a pause where clauses part.
fn words(sentence: &str) -> Vec<&str> {
    let mut words = Vec::new();
    for chunk in sentence.split_whitespace() {
        let is_dash = chunk.chars().all(|c| c == '-');
        let core = chunk.trim_matches(|c: char| !c.is_alphanumeric());
        if chunk.starts_with('(') || is_dash {
            words.push(PAUSE);
        }
        if core.is_empty() {
            continue;
        }
        words.push(core);
        if chunk.ends_with([',', ':', ')', ';']) {
            words.push(PAUSE);
        }
    }
    words
}

fn triggers(words: &[&str]) -> Vec<Trigger> {
    let mut triggers: Vec<Trigger> = Vec::new();
    let mut at = 0;
    while at < words.len() {
        match trigger_at(words, at) {
            Some(trigger) => {
                at = trigger.to;
                triggers.push(trigger);
            }
            None => at += 1,
        }
    }
    triggers
}

fn trigger_at(words: &[&str], at: usize) -> Option<Trigger> {
    let spoken = fixed_phrase(words, at).or_else(|| perfect(words, at)).or_else(|| future(words, at));
    spoken.or_else(|| going_on(words, at)).or_else(|| {
        let one_word = ONE_WORD.contains(&words[at]);
        one_word.then_some(Trigger { from: at, to: at + 1, manner: Manner::UnderWay })
    })
}

/// "on the way", "all set", "hecho" …
fn fixed_phrase(words: &[&str], at: usize) -> Option<Trigger> {
    const PHRASES: &[(&str, Manner)] = &[
        ("on the way", Manner::UnderWay),
        ("on its way", Manner::UnderWay),
        ("on their way", Manner::UnderWay),
        ("on his way", Manner::UnderWay),
        ("on her way", Manner::UnderWay),
        ("coming right up", Manner::UnderWay),
        ("coming up to your room", Manner::UnderWay),
        ("will be with you", Manner::UnderWay),
        ("will be there", Manner::UnderWay),
        ("will be up", Manner::UnderWay),
        ("will be over", Manner::UnderWay),
        ("coming up", Manner::UnderWay),
        ("is now on your bill", Manner::CarriedOut),
        ("is on your bill now", Manner::CarriedOut),
        ("hemos tomado nota", Manner::CarriedOut),
        ("he tomado nota", Manner::CarriedOut),
        ("will be right", Manner::UnderWay),
        ("will be brought", Manner::UnderWay),
        ("will be delivered", Manner::UnderWay),
        ("will be sent", Manner::UnderWay),
        ("will get back to you", Manner::UnderWay),
        ("will take care of", Manner::UnderWay),
        ("en camino", Manner::UnderWay),
        ("de camino", Manner::UnderWay),
        ("all set", Manner::CarriedOut),
        ("all done", Manner::CarriedOut),
        ("it's done", Manner::CarriedOut),
        ("it is done", Manner::CarriedOut),
        ("that's done", Manner::CarriedOut),
        ("that is done", Manner::CarriedOut),
        ("consider it done", Manner::CarriedOut),
        ("taken care of", Manner::CarriedOut),
        ("esta hecho", Manner::CarriedOut),
        ("todo listo", Manner::CarriedOut),
        ("ya esta listo", Manner::CarriedOut),
    ];
    let phrase = PHRASES.iter().find(|(phrase, _)| starts(&words[at..], phrase));
    if let Some((phrase, manner)) = phrase {
        // "On the way to the garden", "on your way out" are directions.
        let behind = |n: usize| words.get(at + n).copied().unwrap_or_default();
        let direction = phrase.starts_with("on ")
            && (matches!(behind(3), "from" | "out") || (behind(3) == "to" && behind(4) == "the"));
        return (!direction).then(|| Trigger {
            from: at,
            to: at + phrase.split(' ').count(),
            manner: *manner,
        });
    }
    let alone = at == 0 && matches!(words[0], "done" | "hecho" | "listo");
    let alone = alone && words.get(1).is_none_or(|next| *next == PAUSE);
    alone.then_some(Trigger { from: at, to: at + 1, manner: Manner::CarriedOut })
}

fn starts(words: &[&str], phrase: &str) -> bool {
    let mut words = words.iter();
    phrase.split(' ').all(|wanted| words.next() == Some(&wanted))
}

/// An auxiliary, fillers, a participle: "I have just ordered", "has been sent", "he pedido", "esta confirmado".
fn perfect(words: &[&str], at: usize) -> Option<Trigger> {
    let word = words[at];
    let next = words.get(at + 1).copied().unwrap_or_default();
    let before = at.checked_sub(1).map_or("", |before| words[before]);
    let (start, present) = match word {
        "i've" | "we've" | "he" | "hemos" => (at + 1, false),
        "i" | "we" if next == "have" => (at + 2, false),
        // The simple past: "I ordered it".
        "i" | "we" => (at + 1, false),
        "have" | "has" | "had" if next == "been" => (at + 2, false),
        "has" | "have" if staff_before(words, at) => (at + 1, false),
        "ha" | "han" => (at + 1, false),
        "was" | "were" | "got" => (at + 1, false),
        "is" | "are" | "esta" | "estan" | "queda" | "quedan" => (at + 1, true),
        _ if word.ends_with("'s") && matches!(word, "it's" | "that's" | "everything's") => (at + 1, true),
        "acabo" | "acabamos" if next == "de" => {
            let verb = words.get(at + 2).filter(|verb| NEXT.contains(verb));
            return verb.map(|_| Trigger { from: at, to: at + 3, manner: Manner::CarriedOut });
        }
        _ => return None,
    };
    // "Usted ha pedido" tells what the guest did.
    if matches!(word, "ha" | "han") && matches!(before, "usted" | "ustedes" | "que") {
        return None;
    }
    let fillers = words.get(start..)?.iter().take_while(|word| FILLERS.contains(word)).count();
    let verb = *words.get(start + fillers)?;
    let manner = manner_of(verb)?;
    let to = start + fillers + 1;
    let underway = words[start..start + fillers].contains(&"being");
    let trigger = Trigger { from: at, to, manner: if underway { Manner::UnderWay } else { manner } };
    let told_you =
        manner == Manner::PassedOn && words.get(to).is_some_and(|w| matches!(*w, "you" | "by" | "your"));
    if told_you && verb != "requested" && verb != "forwarded" && verb != "passed" {
        return None;
    }
    if present && !underway && !is_about_this_guest(words, at, to) {
        return None;
    }
    Some(trigger)
}

/// "I'm placing your order", "la cocina lo esta preparando".
fn going_on(words: &[&str], at: usize) -> Option<Trigger> {
    const AUXILIARIES: &[&str] =
        &["i'm", "we're", "am", "is", "are", "esta", "estan", "estoy", "estamos", "they're", "it's"];
    if !AUXILIARIES.contains(&words[at]) {
        return None;
    }
    let rest = &words[at + 1..];
    let fillers = rest.iter().take_while(|word| FILLERS.contains(word)).count();
    let verb = rest.get(fillers)?;
    let elsewhere = is_elsewhere(rest.get(fillers + 1).copied().unwrap_or_default());
    (GOING_ON.contains(verb) && !elsewhere).then_some(Trigger {
        from: at,
        to: at + 1 + fillers + 1,
        manner: Manner::UnderWay,
    })
}

/// "The coming week", "is coming from" are no service.
fn is_elsewhere(word: &str) -> bool {
    matches!(word, "from" | "week" | "soon" | "sure")
}

fn manner_of(verb: &str) -> Option<Manner> {
    if CARRIED_OUT.contains(&verb) {
        Some(Manner::CarriedOut)
    } else if PASSED_ON.contains(&verb) {
        Some(Manner::PassedOn)
    } else {
        None
    }
}

fn staff_before(words: &[&str], at: usize) -> bool {
    words[at.saturating_sub(2)..at].iter().any(|word| STAFF.contains(word))
}

/// "Your order is confirmed" is a claim; "parking is charged per night", "the pool is set in the garden" are not.
fn is_about_this_guest(words: &[&str], at: usize, to: usize) -> bool {
    const THIS: &[&str] = &[
        "your",
        "it",
        "it's",
        "that",
        "that's",
        "this",
        "everything",
        "everything's",
        "all",
        "they",
        "su",
        "sus",
        "todo",
        "request",
        "solicitud",
        "ya",
    ];
    let clause = &words[clause_start(words, at)..=at];
    let subject_is_missing = clause.len() == 1;
    let habitual = words[clause_start(words, at)..].iter().any(|word| HABITUAL.contains(word));
    let verb = words[to - 1];
    let ordinary = matches!(
        verb,
        "made" | "set" | "put" | "prepared" | "brought" | "applied" | "received" | "called" | "let"
    );
    !habitual && !ordinary && (subject_is_missing || clause.iter().any(|word| THIS.contains(word)))
}

/// "Someone will bring", "I'll send", "voy a pedir".
fn future(words: &[&str], at: usize) -> Option<Trigger> {
    let next = |n: usize| words.get(at + n).copied().unwrap_or_default();
    let start = match words[at] {
        "i'll" | "we'll" => at + 1,
        "i" | "we" if next(1) == "will" => at + 2,
        "i'm" | "we're" if next(1) == "going" && next(2) == "to" => at + 3,
        "will" if subject_of_will(words, at) => at + 1,
        "voy" | "vamos" if next(1) == "a" => at + 2,
        _ => return None,
    };
    let skip = words
        .get(start..)?
        .iter()
        .take_while(|w| FILLERS.contains(w) || matches!(**w, "be" | "shortly" | "soon"))
        .count();
    let verb = *words.get(start + skip)?;
    let object = words.get(start + skip + 1).copied().unwrap_or_default();
    let trigger = Trigger { from: at, to: start + skip + 1, manner: Manner::UnderWay };
    let known = NEXT.contains(&verb) || (verb == "have" && object != "to");
    let known =
        known || (matches!(verb, "let") && object != "you") || verb == "bringing" || verb == "sending";
    // "I'll ask you", "I'll tell you" are about the talk itself; "will be charged" is a price, not a promise.
    let about_talk =
        matches!(verb, "ask" | "tell" | "inform" | "notify" | "contact") && matches!(object, "you" | "for");
    let about_talk = about_talk && words[at].starts_with(['i', 'w']) && words[at] != "will";
    (known && !about_talk).then_some(trigger)
}

fn subject_of_will(words: &[&str], at: usize) -> bool {
    const THINGS: &[&str] =
        &["they", "towels", "order", "food", "request", "it", "sandwich", "drinks", "pillows"];
    let from = clause_start(words, at);
    words[from..at].iter().any(|word| STAFF.contains(word) || THINGS.contains(word))
}

/// Negated, conditional, or not about what happens here.
fn is_softened(words: &[&str], trigger: &Trigger) -> bool {
    let from = clause_start(words, trigger.from);
    let before = &words[from..trigger.from];
    let no_problem =
        |at: usize| before.get(at + 1).is_some_and(|w| matches!(*w, "problem" | "worries" | "trouble"));
    if before.iter().enumerate().any(|(at, word)| NEGATIVE.contains(word) && !no_problem(at)) {
        return true;
    }
    if before.iter().any(|word| MODAL.contains(word)) {
        return true;
    }
    // "Let me know if you need more" behind a claim does not soften it; "once you agree" behind a promise does.
    is_conditional(&words[..trigger.from])
        || (trigger.manner == Manner::UnderWay && is_conditional(&words[trigger.to..]))
}

fn is_conditional(words: &[&str]) -> bool {
    let alone = |(at, word): (usize, &&str)| CONDITIONAL.contains(word) && !is_polite(words, at);
    words.iter().enumerate().any(alone)
        || words.windows(3).any(|w| w == ["as", "soon", "as"])
        || words.windows(2).any(|w| ASKED_FOR.iter().any(|phrase| phrase == w))
}

/// "if you need anything", "if there is": an offer at the end, not a condition.
fn is_polite(words: &[&str], at: usize) -> bool {
    let next = |n: usize| words.get(at + n).copied().unwrap_or_default();
    let offer = matches!(
        (next(1), next(2)),
        ("you", "need" | "have" | "want" | "require")
            | ("there", "is" | "anything")
            | ("i", "can" | "may")
            | ("anything" | "necesita" | "necesitas" | "desea", _)
    );
    offer || (at >= 1 && words[at - 1] == "know")
}

/// Where the clause around a place begins: behind a pause, or an "and" that starts a new one.
fn clause_start(words: &[&str], at: usize) -> usize {
    (0..at).rev().find(|place| is_boundary(words, *place)).map_or(0, |place| place + 1)
}

/// Where it ends. A short piece behind a comma that still names a topic belongs to it: "towels, soap and a blanket".
fn clause_end(words: &[&str], from: usize, limit: usize) -> usize {
    let mut from = from;
    loop {
        let Some(end) = (from..limit).find(|place| is_boundary(words, *place)) else { return limit };
        let piece =
            &words[end + 1..limit.min((end + 1..limit).find(|p| is_boundary(words, *p)).unwrap_or(limit))];
        if words[end] != PAUSE || piece.is_empty() || piece.len() > 4 || topics(piece).is_empty() {
            return end;
        }
        from = end + 1;
    }
}

fn is_boundary(words: &[&str], at: usize) -> bool {
    const SUBJECTS: &[&str] = &[
        "i",
        "we",
        "i've",
        "we've",
        "i'll",
        "we'll",
        "it",
        "they",
        "you",
        "he",
        "hemos",
        "your",
        "su",
        "sus",
        "ya",
        "please",
        "someone",
        "reception",
        "usted",
        "le",
        "es",
    ];
    let next = words.get(at + 1).copied().unwrap_or_default();
    match words[at] {
        PAUSE => true,
        "but" | "pero" | "because" | "porque" => true,
        "and" | "y" | "so" => SUBJECTS.contains(&next),
        _ => false,
    }
}

fn topics(words: &[&str]) -> Vec<Topic> {
    let late = words
        .windows(2)
        .any(|w| matches!(w, ["check", "out"] | ["checking", "out"] | ["later", "departure"]));
    let mut found: Vec<Topic> = late.then_some(Topic::LateCheckout).into_iter().collect();
    for (topic, list) in TOPICS {
        // "A bottle of wine" and "in order to" and "kitchen staff" are one topic each.
        if words.iter().any(|word| list.contains(word)) && !found.contains(topic) {
            found.push(*topic);
        }
    }
    if words.iter().any(|word| STAFF.contains(word)) {
        found.push(Topic::Staff);
    }
    found
}

fn is_proved(clause: &[&str], trigger: &[&str], manner: Manner, evidence: &Evidence) -> bool {
    let done = &evidence.done;
    let verb = trigger.last().copied().unwrap_or_default();
    let mut topics = topics(clause);
    // The verb's own topic is said twice in "ordered your order"; "he pedido toallas" is about towels.
    if topics.iter().any(|t| *t != Topic::Order && *t != Topic::Staff) && matches!(verb, "pedido" | "ordered")
    {
        let named = clause.iter().filter(|word| **word != verb).copied().collect::<Vec<_>>();
        topics = self::topics(&named);
    }
    if verb == "extended" || verb == "ampliado" || verb == "extendido" || verb == "prorrogado" {
        topics.push(Topic::LateCheckout);
    }
    if topics.contains(&Topic::Cancel) {
        // What was cancelled was an order, or a charge; neither has to have succeeded.
        topics = vec![Topic::Cancel];
    }
    if manner == Manner::CarriedOut && WORKED.contains(&verb) {
        return evidence.quotable().any(|text| crate::domain::words::fold(text).contains(verb));
    }
    let things: Vec<Topic> = topics.iter().copied().filter(|topic| *topic != Topic::Staff).collect();
    if confirmed_by_text(clause, verb, evidence)
        || (things.contains(&Topic::Charge) && on_the_folio(clause, evidence))
    {
        return true;
    }
    let named: Vec<&Done> = done.iter().filter(|d| names(clause, d)).collect();
    if named.iter().any(|d| !quantity_agrees(clause, d)) {
        return false;
    }
    if things.is_empty() {
        return match (manner, topics.contains(&Topic::Staff)) {
            (Manner::UnderWay, true) => done.iter().any(|d| is_staff_work(d.kind)),
            _ => !done.is_empty(),
        };
    }
    things.iter().all(|topic| {
        let fits = done.iter().any(|d| topic_fits(*topic, manner, d.kind, d.total.is_some()));
        fits || match topic {
            Topic::Charge | Topic::Cancel | Topic::LateCheckout => false,
            Topic::Foreign => {
                !named.is_empty()
                    || (manner == Manner::PassedOn && done.iter().any(|d| is_staff_work(d.kind)))
            }
            Topic::Towels | Topic::Amenity | Topic::Cleaning | Topic::Fault | Topic::Order | Topic::Staff => {
                !named.is_empty()
            }
        }
    })
}

fn is_staff_work(kind: DoneKind) -> bool {
    match kind {
        DoneKind::HandOff | DoneKind::Request(_) | DoneKind::Order => true,
        DoneKind::Charge | DoneKind::LateCheckout | DoneKind::Cancelled => false,
    }
}

fn topic_fits(topic: Topic, manner: Manner, kind: DoneKind, paid: bool) -> bool {
    let asked = |wanted| kind == DoneKind::Request(wanted);
    match topic {
        Topic::Towels => asked(RequestKind::Towels),
        Topic::Amenity => asked(RequestKind::Amenity),
        Topic::Cleaning => asked(RequestKind::Cleaning),
        Topic::Fault => asked(RequestKind::Fault),
        // "Your order" may be of towels; food words without a food order are caught by their names.
        Topic::Order => kind == DoneKind::Order || asked(RequestKind::Order),
        Topic::Charge => match kind {
            DoneKind::Charge | DoneKind::Order => true,
            DoneKind::LateCheckout => paid,
            DoneKind::Request(_) | DoneKind::HandOff | DoneKind::Cancelled => false,
        },
        Topic::LateCheckout => {
            kind == DoneKind::LateCheckout
                || (manner != Manner::CarriedOut
                    && (asked(RequestKind::LateCheckout) || kind == DoneKind::HandOff))
        }
        Topic::Cancel => kind == DoneKind::Cancelled,
        Topic::Staff => is_staff_work(kind),
        Topic::Foreign => false,
    }
}

/// Whether the clause names the thing that was done.
fn names(clause: &[&str], done: &Done) -> bool {
    item_words(done).iter().any(|item| clause.iter().any(|word| stem(word) == stem(item)))
}

fn item_words(done: &Done) -> Vec<String> {
    let folded = crate::domain::words::fold(&done.item);
    let long = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| word.len() > 3);
    long.map(str::to_owned).collect()
}

fn stem(word: &str) -> &str {
    word.strip_suffix("es").filter(|stem| stem.len() > 4).or_else(|| word.strip_suffix('s')).unwrap_or(word)
}

/// "Three club sandwiches" is false where one was ordered. A number further away is about something else.
fn quantity_agrees(clause: &[&str], done: &Done) -> bool {
    let Some(quantity) = done.quantity else { return true };
    let items = item_words(done);
    let first = clause.iter().position(|word| items.iter().any(|item| stem(item) == stem(word)));
    let Some(first) = first else { return true };
    let said = clause[first.saturating_sub(2)..first]
        .iter()
        .rev()
        .find_map(|word| super::figures::small_number(word));
    said.is_none_or(|said| said == quantity)
}

/// "Your booking is confirmed" after a tool has said just that.
fn confirmed_by_text(clause: &[&str], verb: &str, evidence: &Evidence) -> bool {
    let about_booking =
        clause.iter().any(|word| matches!(*word, "booking" | "reservation" | "reserva" | "stay"));
    let says = |text: &str| {
        let text = crate::domain::words::fold(text);
        text.contains(verb) && (text.contains("reserv") || text.contains("booking") || text.contains("stay"))
    };
    about_booking && matches!(verb, "confirmed" | "confirmada") && evidence.quotable().any(says)
}

/// What the folio lists has been charged, whoever did it.
fn on_the_folio(clause: &[&str], evidence: &Evidence) -> bool {
    let said = super::figures::amounts(&clause.join(" "), evidence.currency);
    let is_folio = |text: &&str| {
        let text = crate::domain::words::fold(text);
        ["folio", "balance", "saldo", "posted"].iter().any(|word| text.contains(word))
    };
    let mut listed = evidence
        .quotable()
        .filter(is_folio)
        .flat_map(|text| super::figures::amounts(text, evidence.currency));
    !said.is_empty() && {
        let listed: Vec<_> = listed.by_ref().collect();
        said.iter().all(|amount| listed.contains(amount))
    }
}
