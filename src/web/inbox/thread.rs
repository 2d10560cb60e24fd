//! The middle and right panes: one conversation as a timeline, its composer, and what is known of the guest.

use super::list::{self, PageView, Which};
use super::timeline::{self, Item};
use super::{called, channel_name};
use crate::channels;
use crate::domain::conversation::Status;
use crate::domain::hotel::Hotel;
use crate::domain::ids::{ConversationId, UserId};
use crate::domain::money::Money;
use crate::domain::people::Reach;
use crate::domain::proof::Proof;
use crate::domain::request::RequestState;
use crate::domain::stay::StayState;
use crate::store::inbox::{self, InboxRow};
use crate::store::{Conn, hotels, people, stays};
use crate::web::desk::{self, ConversationDetail, EffectView, RequestView, StayView};
use crate::web::error::page as render;
use crate::web::extract::{Json, Path, Query};
use crate::web::staff::{Frame, When};
use crate::web::{Caller, Web, WebError};
use askama::Template;
use axum::extract::State;
use axum::response::Html;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// How many messages the thread shows.
const MESSAGES: i64 = 200;
/// How far back a refresh looks, for deliveries that have moved on.
const LOOK_BACK: i64 = 20;
const COLLEAGUES: i64 = 100;
const EARLIER: i64 = 6;
const MOODS: i64 = 40;

/// The stage as it is drawn.
#[derive(Template)]
#[template(path = "inbox/stage.html")]
struct StageView {
    id: ConversationId,
    property: String,
    head: Head,
    items: Vec<Item>,
    panel: Panel,
}

/// Who it is and who has it: what the composer goes by.
struct Head {
    name: String,
    room: Option<String>,
    channel: String,
    is_sms: bool,
    max_chars: usize,
    status: Status,
    /// In words: "With the bot", "Waits for staff" …
    state: String,
    holder: Option<UserId>,
    holder_name: String,
    is_mine: bool,
    /// Why nothing passes at all.
    blocked: Option<String>,
    /// Until when free words pass; after that only templates.
    closes_at: Option<When>,
    last_seq: i64,
}

/// What is known of the guest.
struct Panel {
    stay: Option<StayView>,
    stay_state: &'static str,
    proof: &'static str,
    proved_at: Option<When>,
    is_proved: bool,
    lang: String,
    address: Option<String>,
    mood: Option<MoodLine>,
    reason: Option<String>,
    requests: Vec<RequestLine>,
    charges: Vec<ChargeLine>,
    earlier: Vec<EarlierLine>,
    colleagues: Vec<(UserId, String)>,
    began: When,
}

struct MoodLine {
    /// For an SVG polyline of 120 × 32.
    points: String,
    last: String,
}

struct RequestLine {
    view: RequestView,
    open: bool,
    at: When,
}

struct ChargeLine {
    view: EffectView,
    amount: Money,
    state: &'static str,
    voidable: bool,
    /// "Void 18.00 EUR for room 204".
    void: String,
    at: When,
}

struct EarlierLine {
    id: ConversationId,
    channel: String,
    line: String,
    at: When,
}

#[derive(Debug, Default, Deserialize)]
pub(super) struct After {
    after: Option<i64>,
}

/// `GET /inbox/{conversation}`: the deep link.
pub(super) async fn page(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Query(which): Query<Which>,
) -> Result<Html<String>, WebError> {
    let mut conn = web.db.read().await?;
    let (hotel, row) = find(&mut conn, &caller, id).await?;
    let theirs = desk::hotels_of(&mut conn, &caller).await?;
    let now = web.clock.now();
    let list = list::load(&mut conn, &caller, &hotel, &which.opening(id), now).await?;
    let stage = load(&mut conn, &caller, &hotel, row, None, now).await?;
    let stage = Some(render(&stage)?.0);
    render(&PageView { frame: Frame::new(&caller, &hotel, &theirs, "inbox"), list, stage })
}

/// `GET /inbox/{conversation}/thread?after=`
pub(super) async fn fragment(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Query(after): Query<After>,
) -> Result<Html<String>, WebError> {
    let mut conn = web.db.read().await?;
    let (hotel, row) = find(&mut conn, &caller, id).await?;
    render(&load(&mut conn, &caller, &hotel, row, after.after, web.clock.now()).await?)
}

async fn find(conn: &mut Conn, caller: &Caller, id: ConversationId) -> Result<(Hotel, InboxRow), WebError> {
    let row = desk::conversation(conn, caller, id).await?;
    let hotel = hotels::find(conn, row.property_id).await?.ok_or(WebError::NotFound)?;
    Ok((hotel, row))
}

async fn load(
    conn: &mut Conn,
    caller: &Caller,
    hotel: &Hotel,
    row: InboxRow,
    after: Option<i64>,
    now: DateTime<Utc>,
) -> Result<StageView, WebError> {
    let me = caller.staff_id();
    let since = after.map(|after| (after - LOOK_BACK).max(0));
    let messages = desk::messages(conn, row.id, since, MESSAGES).await?;
    let moods = inbox::moods(conn, row.id, MOODS).await?;
    let earlier = earlier(conn, hotel, &row, now).await?;
    let colleagues = people::list_users(conn, Reach::Property(hotel.id), None, COLLEAGUES).await?;
    let detail = desk::detail(conn, row, now).await?;
    let head = head(&detail, me, |at| When::new(at, now, hotel.zone));
    let items = timeline::build(&detail, messages, since.is_none(), hotel, now);
    let colleagues = colleagues.into_iter().filter(|user| user.disabled_at.is_none() && user.id != me);
    let colleagues = colleagues.map(|user| (user.id, user.name)).collect();
    let panel = panel(detail, &moods, earlier, colleagues, hotel, now);
    Ok(StageView { id: panel.0, property: hotel.slug.clone(), head, items, panel: panel.1 })
}

fn head(detail: &ConversationDetail, me: UserId, when: impl Fn(DateTime<Utc>) -> When) -> Head {
    let c = &detail.conversation;
    let channel = channels::by_name(&c.channel);
    let is_mine = c.holder.as_ref().is_some_and(|holder| holder.id == me);
    let holder_name = c.holder.as_ref().map(|holder| holder.name.clone()).unwrap_or_default();
    let state = match c.status {
        Status::Bot => "With the bot".to_owned(),
        Status::Waiting => "Waits for staff".to_owned(),
        Status::Staff if is_mine => "You have it".to_owned(),
        Status::Staff => format!("{holder_name} has it"),
        Status::Resolved => "Resolved".to_owned(),
    };
    Head {
        name: called(c),
        room: c.room.clone(),
        channel: channel_name(&c.channel).to_owned(),
        is_sms: channel.is_some_and(|channel| channel.segments("a").is_some()),
        max_chars: channel.map_or(4_000, |channel| channel.capability().max_chars),
        status: c.status,
        state,
        holder: c.holder.as_ref().map(|holder| holder.id),
        holder_name,
        is_mine,
        blocked: detail.opted_out.as_deref().map(|word| {
            let why = crate::outbox::blocked_by(&c.channel, word);
            format!("{why}. Nothing reaches this guest here until they write START.")
        }),
        closes_at: detail.window_closes_at.map(when),
        last_seq: c.last_seq,
    }
}

fn panel(
    detail: ConversationDetail,
    moods: &[f64],
    earlier: Vec<EarlierLine>,
    colleagues: Vec<(UserId, String)>,
    hotel: &Hotel,
    now: DateTime<Utc>,
) -> (ConversationId, Panel) {
    let when = |at| When::new(at, now, hotel.zone);
    let c = detail.conversation;
    let room = c.room.as_deref().map_or_else(String::new, |room| format!(" for room {room}"));
    let requests = detail.requests.into_iter().map(|view| RequestLine {
        open: view.state == RequestState::Open,
        at: when(view.created_at),
        view,
    });
    let charges = detail.effects.into_iter().rev().filter_map(|view| {
        let amount = view.amount?;
        let (state, voidable) = timeline::charge_state(&view);
        let (void, at) = (format!("Void {amount}{room}"), when(view.created_at));
        Some(ChargeLine { amount, state, voidable, void, at, view })
    });
    let panel = Panel {
        stay_state: detail.stay_details.as_ref().map_or("", |stay| stay_words(stay.state)),
        stay: detail.stay_details,
        proof: proof_words(c.proof),
        proved_at: detail.proved_at.map(when),
        is_proved: c.proof != Proof::None,
        lang: c.lang,
        address: c.address,
        mood: mood_line(moods),
        reason: c.reason,
        requests: requests.collect(),
        charges: charges.collect(),
        earlier,
        colleagues,
        began: when(c.created_at),
    };
    (c.id, panel)
}

fn proof_words(proof: Proof) -> &'static str {
    match proof {
        Proof::None => "Not proved: the bot tells nothing of any stay",
        Proof::Address => "Known address, vouched for by the channel",
        Proof::Reservation => "Confirmation number and surname",
        Proof::Token => "Signed link from the hotel",
    }
}

fn stay_words(state: StayState) -> &'static str {
    match state {
        StayState::Expected => "not yet arrived",
        StayState::InHouse => "in house",
        StayState::Left => "left",
        StayState::Cancelled => "cancelled",
    }
}

/// The guest's moods from left to right in a box of 120 × 32, delighted at the top.
fn mood_line(moods: &[f64]) -> Option<MoodLine> {
    let last = moods.last()?;
    let steps = moods.len().saturating_sub(1).max(1);
    let mut points = String::new();
    // One message alone is a level line.
    let level = if moods.len() == 1 { moods } else { &[] };
    for (place, mood) in moods.iter().chain(level).enumerate() {
        let x = 120.0 * f64::from(u32::try_from(place).ok()?) / f64::from(u32::try_from(steps).ok()?);
        let y = 16.0 - 14.0 * mood.clamp(-1.0, 1.0);
        points.push_str(&format!("{x:.0},{y:.0} "));
    }
    let word = match last {
        mood if *mood <= -0.6 => "very unhappy",
        mood if *mood <= -0.2 => "unhappy",
        mood if *mood < 0.2 => "even",
        mood if *mood < 0.6 => "friendly",
        _ => "delighted",
    };
    Some(MoodLine { points: points.trim_end().to_owned(), last: word.to_owned() })
}

/// Other conversations of the same stay, or of the same guest where no stay is proved.
async fn earlier(
    conn: &mut Conn,
    hotel: &Hotel,
    row: &InboxRow,
    now: DateTime<Utc>,
) -> Result<Vec<EarlierLine>, WebError> {
    let found = match row.stay_id {
        Some(stay) => inbox::list_of_stay(conn, hotel.id, stay, EARLIER).await?,
        None => inbox::list_of_guest(conn, row.guest_id, EARLIER).await?,
    };
    let others = found.into_iter().filter(|other| other.id != row.id);
    let line = |other: InboxRow| EarlierLine {
        id: other.id,
        channel: channel_name(&other.channel).to_owned(),
        at: When::new(other.active_at, now, hotel.zone),
        line: other.last_line,
    };
    Ok(others.map(line).collect())
}

#[derive(Template)]
#[template(path = "inbox/balance.html")]
struct BalanceView {
    lines: Vec<(String, Money)>,
    balance: Option<Money>,
    /// Why there is none to show.
    problem: Option<String>,
}

/// `GET /inbox/{conversation}/balance`: the bill as the hotel's system has it now.
pub(super) async fn balance(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<ConversationId>,
) -> Result<Html<String>, WebError> {
    let mut conn = web.db.read().await?;
    let row = desk::conversation(&mut conn, &caller, id).await?;
    let stay = match row.stay_id {
        Some(id) => stays::find(&mut conn, id).await?.ok_or(WebError::NotFound)?,
        None => return Err(WebError::NotFound),
    };
    drop(conn);
    let pms = desk::pms(&web, row.property_id).await?;
    let view = match pms.folios() {
        None => BalanceView {
            lines: Vec::new(),
            balance: None,
            problem: Some("This hotel's system shows no bills.".to_owned()),
        },
        Some(folios) => match folios.folio(&stay).await {
            Ok(folio) => BalanceView {
                lines: folio.lines.into_iter().map(|line| (line.description, line.amount)).collect(),
                balance: Some(folio.balance),
                problem: None,
            },
            Err(error) => BalanceView {
                lines: Vec::new(),
                balance: None,
                problem: Some(format!("The bill cannot be read: {error}.")),
            },
        },
    };
    render(&view)
}

/// An answer that the hotel keeps ready: one of its facts.
#[derive(Serialize)]
pub(super) struct Answer {
    title: String,
    text: String,
    lang: String,
}

/// `GET /inbox/{conversation}/answers`: the hotel's facts, those in the guest's language first.
pub(super) async fn answers(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<ConversationId>,
) -> Result<Json<Vec<Answer>>, WebError> {
    let mut conn = web.db.read().await?;
    let row = desk::conversation(&mut conn, &caller, id).await?;
    let book = web.books.get(&mut conn, row.property_id, None).await?.ok_or(WebError::NotFound)?;
    let mut facts: Vec<_> = book.facts.iter().collect();
    facts.sort_by_key(|fact| fact.lang != row.lang);
    let answer = |fact: &crate::domain::item::Fact| Answer {
        title: fact.title.clone(),
        text: fact.text.clone(),
        lang: fact.lang.clone(),
    };
    Ok(Json(facts.into_iter().map(answer).collect()))
}

#[derive(Deserialize)]
pub(super) struct Draft {
    text: String,
}

#[derive(Serialize)]
pub(super) struct Segments {
    /// What the carrier bills; absent where the channel counts none.
    count: Option<usize>,
}

/// `POST /inbox/{conversation}/segments`: what a draft would cost.
pub(super) async fn segments(
    State(web): State<Web>,
    caller: Caller,
    Path(id): Path<ConversationId>,
    Json(draft): Json<Draft>,
) -> Result<Json<Segments>, WebError> {
    let row = desk::conversation(&mut web.db.read().await?, &caller, id).await?;
    let count = channels::by_name(&row.channel).and_then(|channel| channel.segments(&draft.text));
    Ok(Json(Segments { count }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moods_are_drawn_from_left_to_right_with_delight_at_the_top() {
        assert!(mood_line(&[]).is_none());
        assert_eq!(mood_line(&[1.0]).unwrap().points, "0,2 120,2");
        let line = mood_line(&[0.0, 0.5, -1.0]).unwrap();
        assert_eq!((line.points.as_str(), line.last.as_str()), ("0,16 60,9 120,30", "very unhappy"));
    }
}
