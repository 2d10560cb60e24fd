//! What became of a message, written down with all that follows from it in one unit. It sends and asks nothing.
//!
//! sent · queued again (the vendor did nothing) · failed, and staff hear of it · unknown: asked about where the vendor can
//! be asked, else with staff · cancelled, where meanwhile nobody wants it any more.

use super::dispatcher::{BEGIN_WITHIN, Tried};
use super::taken_back::unanswer;
use super::{WINDOW_CLOSED, blocked_by, call_staff};
use crate::channels::{self, LookedUp, Rejected, SendOutcome, Waits};
use crate::clock::Clock;
use crate::domain::conversation::Conversation;
use crate::domain::message::{Delivery, SendState, Voice};
use crate::domain::retry;
use crate::store::outbox::{Fate, OutboxRow};
use crate::store::{Bell, DbError, Tx, conversations, messages, opt_outs, outbox, send_pace};
use chrono::{DateTime, TimeDelta, Utc};
use std::time::Duration;
use uuid::Uuid;

/// After so many tries the vendor's refusal to answer is final: some minutes.
const TRIES: i64 = 10;
/// After so many questions staff have to find out: about half an hour.
const LOOKS: i64 = 12;
/// An account is not left alone for longer, whatever its vendor asks for: an emergency may be waiting, and staff hear of
/// what still does not get through.
const LONGEST_HOLD: TimeDelta = TimeDelta::minutes(2);

/// What is to be written.
struct Verdict {
    state: SendState,
    due_at: Option<DateTime<Utc>>,
    vendor_id: Option<String>,
    why: Option<String>,
    sent_at: Option<DateTime<Utc>>,
    delivery: Delivery,
    /// Staff hear of it.
    worrying: bool,
}

impl Verdict {
    fn new(state: SendState, delivery: Delivery) -> Self {
        Self { state, due_at: None, vendor_id: None, why: None, sent_at: None, delivery, worrying: false }
    }

    fn sent(vendor_id: String, at: DateTime<Utc>) -> Self {
        let sent = Self::new(SendState::Sent, Delivery::Sent);
        Self { vendor_id: Some(vendor_id), sent_at: Some(at), ..sent }
    }

    fn failed(why: String) -> Self {
        Self { why: Some(why), worrying: true, ..Self::new(SendState::Failed, Delivery::Failed) }
    }

    fn again(why: String, at: DateTime<Utc>) -> Self {
        let queued = Self::new(SendState::Queued, Delivery::Queued);
        Self { why: Some(why), due_at: Some(at), ..queued }
    }

    /// `ask_at`: when the vendor is asked; never: staff have to find out.
    fn unknown(why: String, ask_at: Option<DateTime<Utc>>) -> Self {
        let unknown = Self::new(SendState::Unknown, Delivery::Unknown);
        Self { why: Some(why), due_at: ask_at, worrying: ask_at.is_none(), ..unknown }
    }
}

/// After a try to send a claimed row.
pub(super) async fn of_sending(
    tx: &mut Tx,
    clock: &Clock,
    row: &OutboxRow,
    tried: Tried,
) -> Result<(), DbError> {
    let now = clock.now();
    let verdict = match tried {
        Tried::Vendor(SendOutcome::Sent { vendor_id }) => {
            return write(tx, clock, row, None, Verdict::sent(vendor_id, now)).await;
        }
        Tried::NotBegun { why } => {
            let at = now + retry::SENDING.pause(row.tries, None, clock.chance());
            return send_again(tx, clock, row, why, at).await;
        }
        Tried::Vendor(SendOutcome::Retry { after, why, waits }) => {
            let at = match waits {
                Waits::Account => {
                    now + retry::SENDING.pause(row.tries, after, clock.chance()).min(LONGEST_HOLD)
                }
                Waits::Recipient => now + retry::pair_pause(row.tries, clock.chance()),
            };
            if let (Waits::Account, Some(account)) = (waits, row.integration_id) {
                send_pace::hold(tx, account, at).await?;
            }
            return send_again(tx, clock, row, why, at).await;
        }
        Tried::Vendor(SendOutcome::Rejected(Rejected { why, opted_out, .. })) => {
            if opted_out {
                opt_outs::insert(tx, row.property_id, &row.channel, &row.address, "STOP", now).await?;
            }
            Verdict::failed(why)
        }
        Tried::Vendor(SendOutcome::WindowClosed) => Verdict::failed(WINDOW_CLOSED.to_owned()),
        Tried::Vendor(SendOutcome::Unknown { why }) => {
            clock.known_for(doubt(row));
            let ask_at = listed_after(row).map(|_| now + retry::LOOKING.pause(1, None, clock.chance()));
            Verdict::unknown(why, ask_at)
        }
    };
    let conversation = lock(tx, row).await?;
    write(tx, clock, row, conversation, verdict).await
}

/// From when on the vendor's list surely shows a message, if it was taken: by the clock, and by the time that has really
/// passed here since this process learnt of the doubt. `None`: from now on.
pub(super) fn listed_at(clock: &Clock, row: &OutboxRow) -> Option<DateTime<Utc>> {
    let (now, after) = (clock.now(), BEGIN_WITHIN + listed_after(row).unwrap_or_default());
    let by_the_clock = row.tried_at.unwrap_or(now) + after;
    let really = now + (after - clock.known_for(doubt(row)));
    Some(by_the_clock.max(really)).filter(|listed_at| *listed_at > now)
}

/// Each try to send a row is another doubt.
fn doubt(row: &OutboxRow) -> (Uuid, i64) {
    (row.id.0, row.tries)
}

/// After the vendor was asked about a row of unknown fate. That its list does not hold it counts only if it surely would
/// have when it was asked: not before `listed_at`.
pub(super) async fn of_look(
    tx: &mut Tx,
    clock: &Clock,
    row: &OutboxRow,
    seen: LookedUp,
    listed_at: Option<DateTime<Utc>>,
) -> Result<(), DbError> {
    let now = clock.now();
    let why = match seen {
        LookedUp::Listed(ids) => {
            if let Some(ours) = first_unclaimed(tx, row, ids).await? {
                let sent = Verdict::sent(ours, row.tried_at.unwrap_or(now));
                return write(tx, clock, row, None, sent).await;
            }
            if listed_at.is_none() {
                let why = "the vendor never took it".to_owned();
                return send_again(tx, clock, row, why, now).await;
            }
            "the vendor does not list it yet".to_owned()
        }
        LookedUp::NotNow { why } => why,
    };
    let pause = retry::LOOKING.pause(row.looks + 1, None, clock.chance()).max(TimeDelta::seconds(1));
    let next = listed_at.filter(|at| *at > now).map_or(now + pause, |at| at.min(now + pause));
    let conversation = lock(tx, row).await?;
    let verdict = Verdict::unknown(why, (row.looks < LOOKS).then_some(next));
    write(tx, clock, row, conversation, verdict).await
}

/// The vendor has certainly not sent it: once more, unless nobody wants it any more or it has been tried too often.
async fn send_again(
    tx: &mut Tx,
    clock: &Clock,
    row: &OutboxRow,
    why: String,
    at: DateTime<Utc>,
) -> Result<(), DbError> {
    let conversation = lock(tx, row).await?;
    let verdict = match unwanted(tx, row, conversation.as_ref()).await? {
        Some(verdict) => verdict,
        None if row.tries < TRIES => Verdict::again(why, at),
        None => Verdict::failed(why),
    };
    write(tx, clock, row, conversation, verdict).await
}

/// Between two tries staff may have taken over, or the guest may have opted out: then there is no second one.
async fn unwanted(
    tx: &mut Tx,
    row: &OutboxRow,
    conversation: Option<&Conversation>,
) -> Result<Option<Verdict>, DbError> {
    let Some(conversation) = conversation else { return Ok(None) };
    if row.voice == Voice::Bot && row.epoch != conversation.floor.epoch {
        let cancelled = Verdict::new(SendState::Cancelled, Delivery::Cancelled);
        return Ok(Some(Verdict { why: Some("staff took over".to_owned()), ..cancelled }));
    }
    let word = opt_outs::find(tx, row.property_id, &row.channel, &row.address).await?;
    let blocked = |word: String| Verdict::failed(blocked_by(&row.channel, &word));
    // The guest's own word is no news to staff.
    Ok(word.map(|word| Verdict { worrying: false, ..blocked(word) }))
}

/// Of what the vendor lists, the first that is no other row's.
async fn first_unclaimed(tx: &mut Tx, row: &OutboxRow, ids: Vec<String>) -> Result<Option<String>, DbError> {
    let Some(account) = row.integration_id else { return Ok(None) };
    for id in ids {
        if outbox::find_by_vendor_id(tx, account, &id).await?.is_none() {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

fn listed_after(row: &OutboxRow) -> Option<TimeDelta> {
    let asked: Duration = channels::by_name(&row.channel)?.capability().surely_listed_after?;
    TimeDelta::from_std(asked).ok()
}

/// The conversation is locked before its rows and messages, as everywhere: two units must not wait for each other.
async fn lock(tx: &mut Tx, row: &OutboxRow) -> Result<Option<Conversation>, DbError> {
    match row.conversation_id {
        Some(id) => conversations::lock(tx, id).await,
        None => Ok(None),
    }
}

async fn write(
    tx: &mut Tx,
    clock: &Clock,
    row: &OutboxRow,
    conversation: Option<Conversation>,
    verdict: Verdict,
) -> Result<(), DbError> {
    let why = verdict.why.as_deref();
    let fate = Fate {
        state: verdict.state,
        due_at: verdict.due_at,
        vendor_id: verdict.vendor_id.as_deref(),
        error: why,
        sent_at: verdict.sent_at,
    };
    if !outbox::settle(tx, row, fate).await? {
        return Ok(());
    }
    if let Some(message) = row.message_id {
        match verdict.delivery {
            // From in doubt back to waiting: the one step that no receipt makes.
            Delivery::Queued if row.state == SendState::Unknown => {
                messages::set_delivery(tx, message, Delivery::Queued, None).await?;
            }
            Delivery::Queued => {}
            delivery => {
                messages::advance(tx, message, delivery, why).await?;
            }
        }
    }
    match conversation {
        Some(mut conversation) if verdict.worrying => {
            call_staff(tx, clock, &mut conversation, why.unwrap_or_default(), None).await
        }
        Some(conversation) if verdict.state == SendState::Cancelled => {
            taken_back(tx, clock, row, conversation).await
        }
        Some(_) | None => Ok(()),
    }
}

/// Staff took over while it was with a dispatcher. Where they have handed back since, the bot answers at once.
async fn taken_back(
    tx: &mut Tx,
    clock: &Clock,
    row: &OutboxRow,
    mut conversation: Conversation,
) -> Result<(), DbError> {
    if !unanswer(tx, clock, &mut conversation, row.message_id.as_slice()).await? {
        return Ok(());
    }
    if conversation.is_the_bots() {
        let now = clock.now();
        conversation.turn_due_at.get_or_insert(now);
        conversation.first_unanswered_at.get_or_insert(now);
        tx.ring(Bell::Turn);
    }
    conversations::update(tx, &conversation).await
}
