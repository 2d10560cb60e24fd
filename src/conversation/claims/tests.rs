//! The claim check against labelled sentences: `fixtures/claims/*.jsonl`, ours, one line each with its evidence.

use super::*;
use proptest::prelude::*;
use serde::Deserialize;

/// Written beside the rules.
const KNOWN: &str = include_str!("../../../fixtures/claims/known.jsonl");
/// Written once the rules stood.
const LATER: &str = include_str!("../../../fixtures/claims/later.jsonl");

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    text: String,
    #[serde(default)]
    texts: Vec<String>,
    #[serde(default)]
    guest: Vec<String>,
    #[serde(default)]
    room: Option<String>,
    /// `[kind, item, quantity]`; a late check-out's item is its time.
    #[serde(default)]
    done: Vec<(String, String, u32)>,
    /// What the check should object to; empty: nothing.
    claims: Vec<ClaimKind>,
}

fn done(kind: &str, item: &str, quantity: u32) -> Done {
    let (kind, until) = match kind {
        "order" => (DoneKind::Order, None),
        "charge" => (DoneKind::Charge, None),
        "hand_off" => (DoneKind::HandOff, None),
        "cancelled" => (DoneKind::Cancelled, None),
        "late" => (DoneKind::LateCheckout, Some(item.parse().unwrap())),
        request => (DoneKind::Request(request.parse().unwrap()), None),
    };
    let item = if until.is_some() { "" } else { item };
    Done { kind, item: item.to_owned(), quantity: (quantity > 0).then_some(quantity), total: None, until }
}

fn evidence(row: &Row) -> Evidence {
    Evidence {
        texts: row.texts.clone(),
        guest: row.guest.clone(),
        room: row.room.clone(),
        done: row.done.iter().map(|(kind, item, quantity)| done(kind, item, *quantity)).collect(),
        ..Evidence::none("EUR".parse().unwrap())
    }
}

fn kinds(verdict: &Verdict) -> Vec<ClaimKind> {
    let mut kinds: Vec<ClaimKind> = match verdict {
        Verdict::Clean => Vec::new(),
        Verdict::Objection(claims) => claims.iter().map(|claim| claim.kind).collect(),
    };
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

#[derive(Debug, Default, PartialEq, Eq)]
struct Score {
    dirty: usize,
    caught: usize,
    clean: usize,
    passed: usize,
    wrong: Vec<String>,
}

fn score(rows: &str) -> Score {
    let mut score = Score::default();
    for line in rows.lines().filter(|line| !line.trim().is_empty()) {
        let row: Row = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        let mut wanted = row.claims.clone();
        wanted.sort_unstable();
        let verdict = check(&row.text, &evidence(&row));
        let got = kinds(&verdict);
        let right = got.is_empty() == wanted.is_empty();
        match wanted.is_empty() {
            true => {
                score.clean += 1;
                score.passed += usize::from(right);
            }
            false => {
                score.dirty += 1;
                score.caught += usize::from(right);
            }
        }
        if got != wanted {
            score.wrong.push(format!("{}: wanted {wanted:?}, got {verdict:?}", row.text));
        }
    }
    score
}

#[test]
fn the_known_sentences_are_all_judged_rightly() {
    let score = score(KNOWN);
    assert!(
        score.wrong.is_empty(),
        "{:#?}\n{} of {} dirty caught, {} of {} clean passed",
        score.wrong,
        score.caught,
        score.dirty,
        score.passed,
        score.clean
    );
    assert!(score.dirty >= 30 && score.clean >= 30, "{score:?}");
}

#[test]
fn sentences_written_after_the_rules_are_judged_too() {
    let score = score(LATER);
    assert!(
        score.wrong.is_empty(),
        "{:#?}\n{} of {} dirty caught, {} of {} clean passed",
        score.wrong,
        score.caught,
        score.dirty,
        score.passed,
        score.clean
    );
}

proptest! {
    #[test]
    fn no_text_of_a_model_can_upset_the_check(text in any::<String>(), words in "[a-z0-9€$ .,:?!áñ%-]{0,80}") {
        let evidence = Evidence { texts: vec![words.clone()], ..Evidence::none("EUR".parse().unwrap()) };
        check(&text, &evidence);
        check(&words, &evidence);
        check(&format!("I've {words} on the way {text} has been ordered"), &evidence);
    }
}

#[test]
fn only_what_stands_is_evidence() {
    use crate::domain::ids::{ConversationId, EffectId, PropertyId, StayId, TurnId};
    let id = uuid::Uuid::from_u128(1);
    let at = chrono::DateTime::from_timestamp(0, 0).unwrap();
    let mut effect = Effect {
        id: EffectId(id),
        property_id: PropertyId(id),
        conversation_id: ConversationId(id),
        stay_id: StayId(id),
        turn_id: TurnId(id),
        tool: "request_service".to_owned(),
        plan: Plan::Request { kind: RequestKind::Towels, item: "towels".to_owned(), quantity: 2, note: None },
        total: None,
        state: EffectState::Unknown,
        error: None,
        anchor_seq: 0,
        confirmed_seq: None,
        quoted_seq: None,
        expires_at: None,
        voided_at: None,
        created_at: at,
        updated_at: at,
        course: crate::domain::effect::Course::default(),
    };
    assert_eq!(Done::of(&effect), None);
    effect.state = EffectState::Succeeded;
    assert_eq!(Done::of(&effect).map(|done| done.quantity), Some(Some(2)));
    effect.voided_at = Some(at);
    assert_eq!(Done::of(&effect), None);
}
