//! What every turn pays for: rules, masking, reading, prompt, tokens, claim check, claiming. `cargo bench`; it asserts nothing.
#![expect(clippy::expect_used, reason = "a bench that cannot be set up has nothing to measure")]

use bellhop::clock::Clock;
use bellhop::conversation::claims::{self, Evidence};
use bellhop::conversation::context::{self, HistoryLine};
use bellhop::conversation::escalation::Judge;
use bellhop::conversation::prompt;
use bellhop::conversation::prompt_input::sample_inputs;
use bellhop::domain::message::Author;
use bellhop::domain::{emergency, redact, rules};
use bellhop::lab::{demo, seed};
use bellhop::reading::{intent, language, sentiment};
use bellhop::store::{Bells, Db, DbError, conversations, hotels};
use chrono::TimeDelta;
use criterion::{Criterion, criterion_group, criterion_main};
use std::hint::black_box;
use tokio::runtime::Runtime;

const SAID: &str =
    "Hello, could we please get two extra towels, and is there a quiet place to work in the morning?";
const ANSWERED: &str =
    "Good morning. Breakfast is served from 7:00 to 10:30, and the library is open all day.";

fn reading(c: &mut Criterion) {
    let rules = rules::standard().expect("the rules of a new hotel");
    let judge = Judge::new(&rules, 1);
    emergency::detect("");
    c.bench_function("rules", |b| b.iter(|| judge.keywords(black_box(SAID))));
    c.bench_function("rules made ready", |b| b.iter(|| Judge::new(black_box(&rules), 1)));
    c.bench_function("redaction", |b| b.iter(|| redact::mask_cards(black_box(SAID)).len()));
    let card = "my card is 4111 1111 1111 1111, valid until 12/29, thank you";
    c.bench_function("redaction of a card", |b| b.iter(|| redact::mask_cards(black_box(card)).len()));
    c.bench_function("alarms", |b| b.iter(|| emergency::detect(black_box(SAID))));
    c.bench_function("mood", |b| b.iter(|| sentiment::score(black_box(SAID)).score));
    c.bench_function("language", |b| b.iter(|| language::guess(black_box(SAID))));
    c.bench_function("intents", |b| b.iter(|| intent::intents(black_box(SAID)).len()));
}

fn wording(c: &mut Criterion) {
    let (runtime, db, clock, _folder) = house();
    let hotel = runtime.block_on(async {
        let mut conn = db.read().await.expect("a reader");
        hotels::find_by_slug(&mut conn, demo::SLUG).await.expect("a look").expect("the hotel")
    });
    let [(_, input), ..] = sample_inputs(&hotel, clock.now());
    c.bench_function("prompt rendered", |b| b.iter(|| prompt::render(prompt::DEFAULT, black_box(&input))));
    let rendered = prompt::render(prompt::DEFAULT, &input).expect("the first prompt");
    let line = |at: usize| {
        let (author, text) =
            if at.is_multiple_of(2) { (Author::Guest, SAID) } else { (Author::Bot, ANSWERED) };
        HistoryLine { author, private: false, staff_name: None, text: text.to_owned(), tokens: None }
    };
    for length in [8, 60, 400] {
        let history: Vec<_> = (0..length).map(line).collect();
        c.bench_function(&format!("context of {length} messages"), |b| {
            b.iter(|| context::fit(black_box(&history), 6_000).len());
        });
    }
    context::count("");
    c.bench_function("tokens of the prompt", |b| b.iter(|| context::count(black_box(&rendered.stable))));
    c.bench_function("tokens of a message", |b| b.iter(|| context::count(black_box(SAID))));
    let mut evidence = Evidence::none(hotel.currency);
    evidence.texts = vec![rendered.stable, rendered.turn];
    c.bench_function("claims", |b| b.iter(|| claims::check(black_box(ANSWERED), &evidence)));
}

fn claiming(c: &mut Criterion) {
    let (runtime, db, clock, _folder) = house();
    let claim = |db: Db, clock: Clock| async move {
        let (now, lease) = (clock.now(), TimeDelta::seconds(60));
        let unit = db.write::<_, DbError, _>(move |tx| {
            Box::pin(async move { conversations::claim_due(tx, now, lease, 64).await })
        });
        unit.await.map_or(0, |claimed| claimed.len())
    };
    c.bench_function("claiming where nothing is due", |b| {
        b.iter(|| runtime.block_on(claim(db.clone(), clock.clone())));
    });
}

/// A hotel with some past, in a database that goes with the folder.
fn house() -> (Runtime, Db, Clock, tempfile::TempDir) {
    let runtime = Runtime::new().expect("a runtime");
    let folder = tempfile::tempdir().expect("a folder");
    let clock = Clock::system();
    let url = format!("sqlite:{}", folder.path().join("bench.db").display());
    let db = runtime.block_on(async {
        let db = Db::open(&url, 2, Bells::new()).await.expect("a database");
        db.migrate().await.expect("its tables");
        let property = demo::seed(&db, &clock).await.expect("the demo hotel");
        seed::fill(&db, &clock, property, 2_000, 10_000).await.expect("its past");
        db
    });
    (runtime, db, clock, folder)
}

criterion_group!(hot, reading, wording, claiming);
criterion_main!(hot);
