//! Effects that no turn looks after: those that were cut off are followed until their end is known, those whose turn
//! died are taken up, and the guest is told the outcome. Nothing is said while staff have the conversation, or an
//! emergency waits for them.

use super::{Jobs, alerts};
use crate::connectors::Connector;
use crate::domain::conversation::Status;
use crate::domain::effect::{Course, Effect, EffectEvent, EffectState, FOLLOWED};
use crate::domain::escalation::Priority;
use crate::domain::ids::EffectId;
use crate::domain::message::Voice;
use crate::domain::stay::Stay;
use crate::outbox::{self, Speech};
use crate::store::effects::Note;
use crate::store::escalations::{self, Call};
use crate::store::{DbError, conversations, effects, stays};
use crate::texts::Lang;
use crate::tools::effects::{Means, doubt, recover, worry};
use crate::tools::{ToolError, carried_out};
use chrono::TimeDelta;
use std::sync::Arc;

/// An effect that has not moved for this long has lost its turn; longer than any lease.
const STRANDED: TimeDelta = TimeDelta::minutes(5);
/// For so long one look keeps others from looking; longer than a question and a repeat take.
const HELD: TimeDelta = TimeDelta::seconds(60);
/// What is not known so long after its first call is shown to staff while it is still followed.
const LATE: TimeDelta = TimeDelta::minutes(2);
/// So many of a kind in one pass.
const AT_ONCE: i64 = 20;

/// One pass; gives how many things it dealt with.
pub(super) async fn look_after(jobs: &Jobs) -> Result<usize, DbError> {
    let now = jobs.engine.clock.now();
    let mut conn = jobs.engine.db.read().await?;
    let due = effects::list_due(&mut conn, now, AT_ONCE).await?;
    let stranded = effects::list_stranded(&mut conn, now - STRANDED, AT_ONCE).await?;
    drop(conn);
    let mut done = 0;
    for effect in due {
        let id = effect.id;
        let dealt_with = match effect.state {
            EffectState::Unknown => follow(jobs, effect).await,
            EffectState::Proposed
            | EffectState::Confirmed
            | EffectState::Sent
            | EffectState::Succeeded
            | EffectState::Failed => tell(jobs, effect).await,
        };
        done += usize::from(this_one(id, dealt_with)?);
    }
    for effect in stranded {
        let id = effect.id;
        done += usize::from(this_one(id, take_up(jobs, effect).await)?);
    }
    Ok(done)
}

/// What goes wrong with one effect keeps nobody from the others: another worker may have been quicker. Only a database
/// that does not answer ends the pass.
fn this_one(id: EffectId, dealt_with: Result<bool, DbError>) -> Result<bool, DbError> {
    match dealt_with {
        Err(error) if !error.retryable() => {
            tracing::warn!(effect = %id, %error, "an effect was not looked after; the next pass finds it again");
            Ok(false)
        }
        dealt_with => dealt_with,
    }
}

/// The stay, and the system that it is kept in; `None`: neither can be had now.
async fn surroundings(jobs: &Jobs, effect: &Effect) -> Result<Option<(Stay, Arc<dyn Connector>)>, DbError> {
    let mut conn = jobs.engine.db.read().await?;
    let stay = stays::find(&mut conn, effect.stay_id).await?;
    let book = jobs.engine.books.get(&mut conn, effect.property_id, None).await?;
    drop(conn);
    let (Some(stay), Some(book)) = (stay, book) else { return Ok(None) };
    Ok(jobs.engine.systems.pms(&book).await.ok().map(|connector| (stay, connector)))
}

/// Asks once what became of it. False: somebody else does.
async fn follow(jobs: &Jobs, effect: Effect) -> Result<bool, DbError> {
    let held = jobs.engine.clock.now() + HELD;
    let mut mine = effect.clone();
    mine.course.due_at = Some(held);
    let claimed = jobs
        .engine
        .db
        .write(move |tx| Box::pin(async move { effects::set_due(tx, &effect, Some(held)).await }))
        .await?;
    if !claimed {
        return Ok(false);
    }
    let age = jobs.engine.clock.now() - mine.course.sent_at.unwrap_or(mine.created_at);
    let now = match surroundings(jobs, &mine).await? {
        Some((stay, connector)) => ask(jobs, connector.as_ref(), &stay, mine.clone()).await?,
        // The hotel may have disconnected the system since: then it is for staff, unless it comes back in time.
        None if age.abs() < FOLLOWED => mine.clone(),
        None => Effect { course: Course { due_at: None, ..mine.course.clone() }, ..mine.clone() },
    };
    match now.state {
        // A negative age: the clock was set back, and the time until it is sure may be long.
        EffectState::Unknown if now.course.due_at.is_none() => tell(jobs, mine).await.map(drop)?,
        EffectState::Unknown if age >= LATE || age < TimeDelta::zero() => {
            let reason = doubt(&now, EffectState::Unknown);
            let call = Call { reason, priority: Priority::High, once_key: Some(once_key(&now)) };
            alerts::raise(jobs, now.conversation_id, call).await?;
        }
        EffectState::Succeeded | EffectState::Failed => tell(jobs, now).await.map(drop)?,
        EffectState::Unknown | EffectState::Proposed | EffectState::Confirmed | EffectState::Sent => {}
    }
    Ok(true)
}

async fn ask(jobs: &Jobs, connector: &dyn Connector, stay: &Stay, effect: Effect) -> Result<Effect, DbError> {
    let means = Means { db: &jobs.engine.db, clock: &jobs.engine.clock, connector, tell: true };
    match recover(&means, None, stay, effect.clone()).await {
        Ok(effect) => Ok(effect),
        Err(ToolError::Db(error)) => Err(error),
        Err(ToolError::Fenced | ToolError::NoStay) => Ok(effect),
    }
}

/// Effects whose turn died: what was sent is asked for; what was only confirmed is ended, for the guest may have been
/// told something else meanwhile.
async fn take_up(jobs: &Jobs, effect: Effect) -> Result<bool, DbError> {
    let mut conn = jobs.engine.db.read().await?;
    let conversation = conversations::find(&mut conn, effect.conversation_id).await?;
    drop(conn);
    // A turn that is due or under way looks after it by itself.
    if conversation.is_none_or(|conversation| conversation.turn_due_at.is_some()) {
        return Ok(false);
    }
    let settled = match effect.state {
        EffectState::Confirmed => {
            let why = "confirmed, but never sent to the hotel's system";
            step(jobs, effect, EffectEvent::Fail, why).await?
        }
        EffectState::Sent
        | EffectState::Proposed
        | EffectState::Succeeded
        | EffectState::Failed
        | EffectState::Unknown => match surroundings(jobs, &effect).await? {
            Some((stay, connector)) => ask(jobs, connector.as_ref(), &stay, effect).await?,
            None => step(jobs, effect, EffectEvent::LoseSight, "the hotel's system cannot be asked").await?,
        },
    };
    match settled.state {
        EffectState::Succeeded | EffectState::Failed => tell(jobs, settled).await.map(drop)?,
        // It is on the list of those that are followed.
        EffectState::Unknown | EffectState::Proposed | EffectState::Confirmed | EffectState::Sent => {}
    }
    Ok(true)
}

/// One step without a call; what it came to is to be told.
async fn step(jobs: &Jobs, effect: Effect, event: EffectEvent, why: &'static str) -> Result<Effect, DbError> {
    let now = jobs.engine.clock.now();
    jobs.engine
        .db
        .write(move |tx| {
            Box::pin(async move {
                let note = Note { due_at: Some(now), ..Note::why(why) };
                effects::step(tx, &effect, event, note, now).await
            })
        })
        .await
}

/// A doubt that lasts and one that is given up are one call for staff, and so is each state that an effect ends in; what
/// comes to light afterwards is another.
fn once_key(effect: &Effect) -> String {
    let light = if effect.has_surfaced() { ":surfaced" } else { "" };
    format!("{}:{}{light}", effect.id, effect.state)
}

/// What became of it, to the guest and, where it worries them, to staff: once, in the unit that takes it off the list.
/// False: it has been told by somebody else.
async fn tell(jobs: &Jobs, effect: Effect) -> Result<bool, DbError> {
    let mut conn = jobs.engine.db.read().await?;
    let book = jobs.engine.books.get(&mut conn, effect.property_id, None).await?;
    let room = stays::find(&mut conn, effect.stay_id).await?.and_then(|stay| stay.room);
    drop(conn);
    let Some(book) = book else { return Ok(false) };
    let clock = jobs.engine.clock.clone();
    jobs.engine
        .db
        .write(move |tx| {
            Box::pin(async move {
                let Some(mut c) = conversations::lock(tx, effect.conversation_id).await? else {
                    return Ok(false);
                };
                if !effects::set_due(tx, &effect, None).await? {
                    return Ok(false);
                }
                let Some(effect) = effects::find(tx, effect.id).await? else { return Ok(false) };
                // Who has the floor now, not who had it once: the guest was promised to be told.
                if c.is_the_bots() {
                    let lang = Lang::of(&c.lang);
                    let text = carried_out(&effect, room, lang).say().to_text(lang);
                    outbox::enqueue(tx, &clock, &mut c, Speech::system(&text, Voice::Bot)).await?;
                }
                // Whoever holds it sees it in the thread; a doubt, and what came to light, is called for all the same.
                let held = c.floor.status == Status::Staff;
                let urgent = effect.state == EffectState::Unknown || effect.has_surfaced();
                if let Some((reason, priority)) = worry(&effect).filter(|_| urgent || !held) {
                    // Whom an earlier call for the same reached, and who passed it by, is called again.
                    let with_staff = held || c.floor.status == Status::Waiting;
                    let once_key = with_staff.then(|| once_key(&effect));
                    let call = Call { reason, priority, once_key };
                    escalations::raise(tx, &clock, &book.hotel, &mut c, &call).await?;
                }
                conversations::update(tx, &c).await?;
                outbox::ring(tx, &c);
                Ok(true)
            })
        })
        .await
}
