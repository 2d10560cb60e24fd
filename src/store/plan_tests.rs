//! Both engines' own words on how they would run what grows with a hotel's years: lists, threads, search, claims. None of it
//! may read a large table from end to end.

use super::db::{Conn, recorder, sql};
use super::hotel_fixtures::{both, clock, conversation_found_by, hotel};
use super::inbox::{self, Filter};
use super::{Db, DbError, conversations, escalations, leases, messages, outbox, overview, undelivered};
use crate::domain::conversation::Status;
use crate::domain::ids::UserId;
use chrono::TimeDelta;
use sqlx::AssertSqlSafe;

/// Tables that grow as long as a hotel is open.
const LARGE: [&str; 8] = [
    "conversations",
    "messages",
    "outbox",
    "decisions",
    "effects",
    "escalations",
    "requests",
    "conversation_search",
];

/// The statements that `work` runs.
async fn recorded(work: impl Future<Output = Result<(), DbError>>) -> Vec<&'static str> {
    recorder::take();
    work.await.unwrap();
    recorder::take()
}

/// The steps of a statement's plan, one per line.
async fn plan(conn: &mut Conn, text: &str) -> String {
    let rows: Vec<String> = match conn {
        Conn::SqliteWriter(..) | Conn::PostgresWriter(_) => panic!("plans are read"),
        Conn::SqliteReader(conn) => {
            type Step = (i64, i64, i64, String);
            let text = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {text}"));
            let steps: Vec<Step> = sqlx::query_as(text).fetch_all(&mut **conn).await.unwrap();
            steps.into_iter().map(|(_, _, _, step)| step).collect()
        }
        Conn::PostgresReader(conn) => {
            // On empty tables it would read everything at once, rightly; what counts is whether it could do otherwise.
            let many = (1..=60).rev().find(|number| text.contains(&format!("${number}"))).unwrap_or(0);
            let arguments = vec!["NULL"; many].join(", ");
            let call = if many == 0 { String::new() } else { format!("({arguments})") };
            for order in [
                "SET enable_seqscan = off".to_owned(),
                "SET plan_cache_mode = force_generic_plan".to_owned(),
                "DEALLOCATE ALL".to_owned(),
                format!("PREPARE asked AS {text}"),
            ] {
                sqlx::raw_sql(AssertSqlSafe(order)).execute(&mut **conn).await.unwrap();
            }
            let text = AssertSqlSafe(format!("EXPLAIN EXECUTE asked{call}"));
            let rows = sqlx::raw_sql(text).fetch_all(&mut **conn).await.unwrap();
            rows.iter().map(|row| sqlx::Row::get::<String, _>(row, 0)).collect()
        }
    };
    rows.join("\n")
}

/// Indexes that may be read from end to end, and why: each is small however old the hotel is.
const SMALL: [(&str, &str); 4] = [
    ("conversations_due", "holds the conversations whose turn is due or under way"),
    ("outbox_due", "holds the rows that still wait"),
    ("outbox_by_account", "holds the rows that still wait"),
    ("outbox_by_conversation", "holds the rows that still wait"),
];

/// Steps that read a large table, or an index of one, from end to end.
fn full_reads(plan: &str, sqlite: bool) -> Vec<&str> {
    let may =
        |step: &str| SMALL.iter().any(|(index, _why)| step.split_whitespace().any(|word| word == *index));
    let after = |step: &str, before: &str| {
        step.split(before)
            .nth(1)
            .and_then(|rest| rest.split_whitespace().next())
            .unwrap_or_default()
            .to_owned()
    };
    let large = |name: &str| LARGE.contains(&name);
    let steps: Vec<&str> = plan.lines().map(str::trim).collect();
    if sqlite {
        // Short names of tables are those of the statements.
        let short = |name: &str| ["c", "o", "e", "m", "f", "r"].contains(&name);
        let wrong = |step: &str| {
            let name = after(step, "SCAN ");
            (large(&name) || short(&name)) && !step.contains("VIRTUAL TABLE") && !may(step)
        };
        return steps.into_iter().filter(|step| wrong(step)).collect();
    }
    // What a step is bounded by stands below it, before the next one.
    let bounded = |place: usize| {
        let mut below = steps[place + 1..].iter().take_while(|line| !line.starts_with("->"));
        below.any(|line| line.starts_with("Index Cond:"))
    };
    let wrong = |place: usize, step: &str| {
        let indexed = ["Index Scan ", "Index Only Scan "].iter().any(|kind| step.contains(kind));
        let of_large = large(&after(step, " on ")) || step.contains("Bitmap Index Scan");
        of_large && (step.contains("Seq Scan") || indexed && !bounded(place) && !may(step))
    };
    steps.iter().enumerate().filter(|(place, step)| wrong(*place, step)).map(|(_, step)| *step).collect()
}

async fn look(db: &Db, what: &str, texts: Vec<&'static str>) {
    let mut conn = db.read().await.unwrap();
    let asked: Vec<&str> =
        texts.into_iter().filter(|text| text.contains("FROM") || text.contains("WHERE")).collect();
    assert!(!asked.is_empty(), "{what} has asked nothing");
    for text in asked {
        let plan = plan(&mut conn, text).await;
        let wrong = full_reads(&plan, db.is_sqlite());
        assert!(wrong.is_empty(), "{what} reads a large table from end to end: {wrong:?}\n{text}\n{plan}");
    }
}

#[tokio::test]
async fn what_grows_is_read_by_an_index() {
    both(|db| async move {
        let clock = clock();
        let hotel = hotel(&db, &clock, "bellevue").await;
        let id = conversation_found_by(&db, &clock, &hotel, "ana ruiz 204").await;
        let (now, lease, me) = (clock.now(), TimeDelta::seconds(60), UserId(clock.id()));
        let filters = [
            (None, None, None),
            (Some(Status::Waiting), None, None),
            (None, Some(me), None),
            (Some(Status::Staff), Some(me), None),
            (None, None, Some("ruiz 204")),
        ];
        for (status, holder, q) in filters {
            let what = format!("the list {status:?} {holder:?} {q:?}");
            let filter = Filter { status, holder, q: q.map(str::to_owned) };
            let read = async {
                let mut conn = db.read().await?;
                inbox::list(&mut conn, hotel.id, &filter, None, 50).await.map(drop)
            };
            look(&db, &what, recorded(read).await).await;
        }
        let read = async {
            let mut conn = db.read().await?;
            inbox::list_needing(&mut conn, hotel.id, None, 50).await?;
            inbox::counts(&mut conn, hotel.id, me).await?;
            escalations::list_open_emergencies(&mut conn, &[hotel.id]).await?;
            inbox::moods(&mut conn, id, 20).await?;
            inbox::staff_names(&mut conn, id).await.map(drop)
        };
        look(&db, "the inbox's frame", recorded(read).await).await;
        let read = async {
            let mut conn = db.read().await?;
            messages::list_after(&mut conn, id, 0, 50).await?;
            messages::list_last(&mut conn, id, 50).await?;
            messages::list_for_guest(&mut conn, id, 0, 50).await.map(drop)
        };
        look(&db, "a thread", recorded(read).await).await;
        let write = db.write::<_, DbError, _>(move |tx| {
            Box::pin(async move {
                conversations::claim_due(tx, now, lease, 10).await?;
                outbox::claim_due(tx, now, lease, 10).await.map(drop)
            })
        });
        let claims = recorded(write).await;
        let claims = claims.into_iter().filter(|text| text.starts_with("UPDATE")).collect();
        look(&db, "claiming", claims).await;
        let read = async {
            let mut conn = db.read().await?;
            conversations::next_claimable_at(&mut conn, now).await?;
            outbox::next_due_at(&mut conn).await?;
            leases::count_due(&mut conn, now).await.map(drop)
        };
        look(&db, "what is due next", recorded(read).await).await;
        let read = async {
            let mut conn = db.read().await?;
            undelivered::list(&mut conn, hotel.id, (now, id.0), 50).await.map(drop)
        };
        look(&db, "what did not get through", recorded(read).await).await;
        let read = async {
            let mut conn = db.read().await?;
            overview::conversations_since(&mut conn, hotel.id, now).await?;
            overview::waiting(&mut conn, hotel.id).await?;
            overview::looked_at_since(&mut conn, hotel.id, now).await?;
            overview::moods_since(&mut conn, hotel.id, now, (-0.3, 0.3)).await?;
            overview::reasons_since(&mut conn, hotel.id, now).await?;
            overview::requests_open_since(&mut conn, hotel.id, now).await.map(drop)
        };
        look(&db, "the hotel's day", recorded(read).await).await;
    })
    .await;
}

#[tokio::test]
async fn a_statement_without_an_index_would_be_noticed() {
    both(|db| async move {
        let mut conn = db.read().await.unwrap();
        // In the order of an index, the whole of which is read for it.
        let ordered = "SELECT id FROM conversations WHERE lang = $1 ORDER BY id LIMIT 50";
        for read in ["SELECT id FROM conversations WHERE lang = $1", ordered] {
            let plan = plan(&mut conn, read).await;
            assert!(!full_reads(&plan, db.is_sqlite()).is_empty(), "{plan}");
            sql!(&mut conn, all super::db::One<uuid::Uuid>, read, "en").unwrap();
        }
    })
    .await;
}
