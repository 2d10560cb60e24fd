//! What must hold of the whole, judged now and then and at the end: Bellhop's tables against the books of everybody else.

use super::vendor::short;
use super::world::{MINUTE, Role, World};
use crate::domain::conversation::{Conversation, Status};
use crate::domain::effect::{Effect, EffectState, Plan};
use crate::domain::escalation::Reason;
use crate::domain::ids::{ConversationId, MessageId};
use crate::domain::message::{Author, Message};
use crate::store::escalations::Escalation;
use crate::store::{Db, DbError, conversations, decisions, effects, escalations, messages, outbox};
use std::collections::{BTreeMap, BTreeSet};

/// More than anything has.
const ALL: i64 = 100_000;
/// How long everything has to stay quiet: longer than any lease, any clock's error and any patience.
const QUIET: i64 = 80 * MINUTE;
/// When it is given up.
const LIMIT: i64 = 300 * MINUTE;

/// Looks on until all guests have left and everything has come to its end, then judges.
pub async fn attend(world: World, db: Db) {
    let mut calm_since = None;
    loop {
        world.sleep(MINUTE).await;
        let (gone, now, busy) = {
            let inner = world.lock();
            let busy = inner.cards.iter().flatten().any(|card| {
                matches!(card.role, Role::Turn | Role::Webhook | Role::Guest)
                    || card.role == Role::Sends && card.conversation.is_some()
            });
            (inner.guests.active == 0, inner.now, busy)
        };
        if !gone {
            judge(&world, &db, false).await;
            continue;
        }
        let since = *calm_since.get_or_insert(now);
        world.lock().calm_down();
        let quiet = !busy && now - since > QUIET && nothing_due(&db).await.unwrap_or(false);
        if quiet || now - since > LIMIT {
            break;
        }
    }
    judge(&world, &db, true).await;
    world.lock().over = true;
}

async fn nothing_due(db: &Db) -> Result<bool, DbError> {
    let mut conn = db.read().await?;
    let turns = conversations::next_turn_at(&mut conn).await?;
    Ok(turns.is_none() && outbox::count_due(&mut conn).await? == 0)
}

/// One conversation as Bellhop has it.
struct Case {
    guest: usize,
    conversation: Conversation,
    messages: Vec<Message>,
    effects: Vec<Effect>,
    escalations: Vec<Escalation>,
    /// How far each turn went.
    turns: Vec<i64>,
    /// How far the guest was answered after a reply was taken back, each time.
    taken_back: Vec<i64>,
}

impl Case {
    async fn load(db: &Db, guest: usize, id: ConversationId) -> Result<Option<Self>, DbError> {
        let mut conn = db.read().await?;
        let Some(conversation) = conversations::find(&mut conn, id).await? else { return Ok(None) };
        let decided = decisions::list(&mut conn, id, ALL).await?;
        Ok(Some(Self {
            guest,
            conversation,
            messages: messages::list_last(&mut conn, id, ALL).await?,
            effects: effects::list_last(&mut conn, id, ALL).await?,
            escalations: escalations::list(&mut conn, id).await?,
            turns: decided.iter().filter(|entry| entry.kind == "turn").map(|entry| entry.seq).collect(),
            taken_back: decided.iter().filter_map(|entry| entry.body["answered"].as_i64()).collect(),
        }))
    }
}

/// Judges some of the conversations, or at the end each of them.
async fn judge(world: &World, db: &Db, end: bool) {
    let known: Vec<(usize, ConversationId)> = {
        let mut inner = world.lock();
        let all: Vec<_> = inner.guests.all.iter().enumerate().collect();
        let all: Vec<(usize, ConversationId)> =
            all.into_iter().filter_map(|(guest, who)| Some((guest, who.conversation?))).collect();
        match end {
            true => all,
            false if all.is_empty() => all,
            false => {
                let at = inner.rng.below(all.len());
                vec![all[at]]
            }
        }
    };
    for (guest, id) in known {
        match Case::load(db, guest, id).await {
            Ok(Some(case)) => {
                case.stored_once(world);
                case.answered_once(world);
                case.in_order(world);
                if end {
                    case.everything_answered(world);
                    case.effects_ended(world);
                    case.calls_heard(world);
                }
            }
            Ok(None) => world.lock().violated("lost", guest, "the conversation is gone".to_owned()),
            Err(_) => {}
        }
    }
    if end && !nothing_due(db).await.unwrap_or(true) {
        world.lock().violated("stuck", 0, "something is due and nobody does it".to_owned());
    }
}

impl Case {
    /// Every message that was acknowledged is there, and none more often than the guest wrote it.
    fn stored_once(&self, world: &World) {
        let mut inner = world.lock();
        let stored: BTreeSet<i64> =
            self.messages.iter().filter(|m| m.author == Author::Guest).map(|m| m.seq).collect();
        let said = &inner.guests.all[self.guest].said;
        let lost = said.iter().filter(|said| said.acknowledged.is_some());
        let lost: Vec<String> = lost
            .filter(|said| said.seq.is_none_or(|seq| !stored.contains(&seq)))
            .map(|said| said.text.clone())
            .collect();
        let (wrote, kept) = (said.len(), stored.len());
        if let Some(text) = lost.first() {
            inner.violated("acknowledged and lost", self.guest, format!("{text:?}"));
        }
        if kept > wrote {
            let what = format!("{kept} messages are stored, the guest wrote {wrote}");
            inner.violated("stored twice", self.guest, what);
        }
    }

    /// No two turns answer the same burst, unless the first one's reply was taken back.
    fn answered_once(&self, world: &World) {
        let mut times: BTreeMap<i64, usize> = BTreeMap::new();
        self.turns.iter().for_each(|seq| *times.entry(*seq).or_default() += 1);
        let often = |seq: i64| 1 + self.taken_back.iter().filter(|answered| **answered < seq).count();
        if let Some((again, _)) = times.iter().find(|(seq, times)| **times > often(**seq)) {
            let what = format!("two turns went as far as {again}: {:?}", self.turns);
            world.lock().violated("answered twice", self.guest, what);
        }
    }

    /// The carrier has taken our messages in the order in which they stand in the conversation, each voice's in its own:
    /// staff are heard at once while a message of the bot's is in doubt (decision 6), so theirs may overtake it. Nothing
    /// else may: but that a row was in doubt is in nobody's book here once it was sent.
    fn in_order(&self, world: &World) {
        let mut inner = world.lock();
        let seqs: BTreeMap<MessageId, i64> = self.messages.iter().map(|m| (m.id, m.seq)).collect();
        let mut last_of = BTreeMap::new();
        let mut overtaken = None;
        for sent in &inner.guests.all[self.guest].sent {
            let Some(claim) = inner.vendor.claims.get(&sent.reference) else { continue };
            let message = claim.message.filter(|id| !inner.floor.sent_again.contains(id));
            let Some(seq) = message.and_then(|id| seqs.get(&id).copied()) else { continue };
            let last: &mut i64 = last_of.entry(claim.voice.as_str()).or_default();
            if seq < *last {
                overtaken =
                    Some(format!("message {seq} ({:?}) left after message {last}", short(&sent.body)));
            }
            *last = seq.max(*last);
        }
        if let Some(what) = overtaken {
            inner.violated("out of order", self.guest, what);
        }
    }

    /// Staff have it, or have closed it: who closes a conversation says that nothing in it needs an answer, and a guest's
    /// next message would have opened it again.
    fn with_staff(&self) -> bool {
        matches!(self.conversation.floor.status, Status::Waiting | Status::Staff | Status::Resolved)
    }

    /// Every message has an answer at the carrier that left after it came, or is with staff.
    fn everything_answered(&self, world: &World) {
        if self.with_staff() {
            return;
        }
        let mut inner = world.lock();
        let who = &inner.guests.all[self.guest];
        let last_sent = who.sent.last().map_or(0, |sent| sent.order);
        let called =
            self.escalations.iter().filter(|call| call.opened_at.is_some()).map(|call| call.seq).max();
        let open: Vec<String> = who
            .said
            .iter()
            .filter(|said| said.acknowledged.is_some_and(|(order, _)| order > last_sent))
            .filter(|said| said.seq.is_none_or(|seq| called.is_none_or(|called| called < seq)))
            .filter(|said| {
                said.acknowledged.is_some_and(|(order, _)| !inner.staff_dealt_with(self.guest, order))
            })
            .map(|said| said.text.clone())
            .collect();
        if let Some(text) = open.first() {
            let c = &self.conversation;
            let last = self.messages.last().map(|m| (m.seq, m.author, m.delivery));
            let what = format!(
                "{text:?} and nobody has it: {}, {} of {} answered, last {last:?}",
                c.floor.status, c.answered_seq, c.guest_seq
            );
            inner.violated("not answered", self.guest, what);
        }
    }

    /// Each effect has come to an end that the hotel's own book agrees with, or staff know that it is not known.
    fn effects_ended(&self, world: &World) {
        for effect in &self.effects {
            if let Some((rule, what)) = self.judge_effect(world, effect) {
                world.lock().violated(rule, self.guest, what);
            }
        }
        let inner = world.lock();
        let known: BTreeSet<String> = self.effects.iter().map(|effect| effect.id.to_string()).collect();
        let strange = inner.pms.lines.iter().filter(|line| line.guest == self.guest);
        let strange: Vec<String> = strange
            .filter(|line| !known.contains(&line.reference))
            .map(|line| line.reference.clone())
            .collect();
        drop(inner);
        if let Some(reference) = strange.first() {
            let what = format!("{reference} is no effect of this guest");
            world.lock().violated("charged out of nowhere", self.guest, what);
        }
    }

    fn judge_effect(&self, world: &World, effect: &Effect) -> Option<(&'static str, String)> {
        let reference = effect.id.to_string();
        let inner = world.lock();
        let lines = inner.pms.lines.iter().filter(|line| line.reference == reference && !line.voided).count();
        let jobs = inner.pms.jobs.iter().filter(|job| job.reference == reference).count();
        drop(inner);
        let wants_line = effect.total.is_some();
        let wants_job = matches!(effect.plan, Plan::Request { .. } | Plan::Order { .. });
        match effect.state {
            EffectState::Proposed => None,
            EffectState::Confirmed | EffectState::Sent => {
                Some(("an effect without an end", format!("{reference} is {}", effect.state)))
            }
            // An order that is charged stands, even if the hotel's system does not take the task: Bellhop's own list of
            // requests has it, and staff are told why.
            EffectState::Succeeded
                if matches!(effect.plan, Plan::Order { .. })
                    && lines == 1
                    && effect.error.is_some()
                    && self.staff_were_told(effect) =>
            {
                None
            }
            EffectState::Succeeded if usize::from(wants_line) != lines || usize::from(wants_job) > jobs => {
                Some(("said and not done", format!("{reference}: {lines} charges, {jobs} tasks")))
            }
            EffectState::Failed if lines > 0 => {
                Some(("charged and called off", format!("{reference}: {lines} charges")))
            }
            EffectState::Failed if jobs > 0 && !wants_line => {
                Some(("done and called off", format!("{reference}: {jobs} tasks")))
            }
            EffectState::Unknown if !self.staff_were_told(effect) => {
                Some(("unknown and nobody was told", reference))
            }
            EffectState::Succeeded | EffectState::Failed | EffectState::Unknown => None,
        }
    }

    /// By a call, or because they took over while it was under way: a take-over shows what it overtook to whoever takes
    /// over, and calls nobody a second time.
    fn staff_were_told(&self, effect: &Effect) -> bool {
        let about = |call: &&Escalation| matches!(&call.reason, Reason::Effect { effect: id, .. } if *id == effect.id);
        effect.course.overtaken_at.is_some() || self.escalations.iter().any(|call| about(&call))
    }

    /// Somebody has looked at every call for staff, or the hotel's numbers have been rung.
    fn calls_heard(&self, world: &World) {
        for call in &self.escalations {
            let inner = world.lock();
            let created = call.created_at.timestamp_micros();
            // Clocks of workers are wrong by an hour at most.
            let looked = inner
                .floor
                .looked
                .iter()
                .any(|(guest, at)| *guest == self.guest && *at + 61 * MINUTE > created);
            let rung = inner.vendor.alerts.iter().any(|alert| alert.conversation == self.conversation.id);
            let heard = match call.opened_at {
                Some(_) => looked,
                None => rung && call.rings > 0,
            };
            drop(inner);
            if !heard {
                let opened = if call.opened_at.is_some() { "opened" } else { "not opened" };
                let what = format!("{} ({opened}, {} rings)", call.reason.kind(), call.rings);
                world.lock().violated("nobody heard a call for staff", self.guest, what);
            }
        }
    }
}
