//! The hotel of one seed: its page in the book, its guests' stays, its people, its processes.

use super::Options;
use super::edge::{Edge, NUMBER, PUBLIC_URL, TOKEN};
use super::gate::Threshold;
use super::plants::Plant;
use super::pms::Mode;
use super::process::{self, Factory};
use super::staff::Member;
use super::vendor::Carrier;
use super::world::{Role, World};
use super::{audit, guests};
use crate::channels;
use crate::clock::Clock;
use crate::conversation::desk::Desk;
use crate::conversation::first_versions;
use crate::domain::hotel::{Hotel, HotelSettings, LateCheckout, Limits, Patience};
use crate::domain::ids::UserId;
use crate::domain::integration::Integration;
use crate::domain::item::{Fact, Item, ItemDetails, ItemKind};
use crate::domain::people::{Actor, Grants, Reach, Role as StaffRole, Staff};
use crate::domain::stay::{Stay, StayState};
use crate::http::Http;
use crate::intake::{Debounce, Intake};
use crate::secrets::{Sealer, SecretKey, Secrets};
use crate::store::people::{self, NewUser};
use crate::store::{Db, DbError, Tx, facts, hotels, integrations, items};
use anyhow::Context as _;
use chrono::{DateTime, NaiveTime, TimeDelta};
use serde_json::{Map, json};
use std::sync::Arc;

pub const SLUG: &str = "storm";
const GUESTS: usize = 200;
const PEOPLE: usize = 5;
pub const PROCESSES: usize = 3;

/// A simulated hotel, ready to be run.
pub struct Setting {
    pub world: World,
}

/// Makes the hotel of this seed in an empty or used database; the world is what then runs.
pub async fn set(options: &Options, seed: u64, turns: u64, db: &Db, http: &Http) -> anyhow::Result<Setting> {
    let start = DateTime::from_timestamp(1_781_092_800, 0).unwrap_or_default();
    // Each seed's hotel begins a year after the one before, should they share a database.
    let start = start + TimeDelta::days(i64::try_from(seed % 1_000).unwrap_or(0));
    let world = World::new(seed, start, PROCESSES, turns);
    let clock = world.clock();
    let (sealer, book) = (Sealer::new(&SecretKey::random()), Book::new(&clock, seed)?);
    let book = Arc::new(book.put(db, &clock, &sealer).await?);
    let hotel = book.hotel.clone();
    let gated = db.clone().behind(Arc::new(Threshold { world: world.clone() }));
    let mode = Mode::ALL[usize::try_from(seed).unwrap_or(0) % Mode::ALL.len()];
    let carrier = Carrier { world: world.clone(), plant: options.plant };
    let public_url = PUBLIC_URL.parse().context("the public address")?;
    let factory = Factory {
        db: gated.clone(),
        sealer,
        http: http.clone().over(Arc::new(carrier)),
        mode,
        currency: hotel.currency,
        plant: options.plant,
        public_url,
    };
    let edge = edge(&world, &gated, &book, options.plant)?;
    {
        let mut inner = world.lock();
        inner.pms.mode = mode;
        inner.plant = options.plant;
        inner.without = options.without.clone();
        inner.factory = Some(Arc::new(factory));
        inner.edge = Some(edge);
        for number in 0..GUESTS {
            let phone = format!("+3519{number:08}");
            inner.guests.add(phone.clone());
            inner.pms.stays.push(stay(&clock, &hotel, number, phone));
        }
        for process in 1..=PROCESSES {
            process::begin(&world, &mut inner, process);
        }
    }
    guests::arrive(&world, GUESTS);
    for who in &book.people {
        let desk = Desk { db: gated.clone(), clock: clock.clone() };
        let member = Member { world: world.clone(), db: gated.clone(), desk, who: who.clone() };
        world.enter(Role::Staff, None, member.work());
    }
    world.enter(Role::Auditor, None, audit::attend(world.clone(), db.clone()));
    Ok(Setting { world })
}

impl Setting {
    /// Lets go of everything that points back at the world.
    pub fn strike(self) {
        let mut inner = self.world.lock();
        inner.edge = None;
        inner.factory = None;
        inner.timed.clear();
        inner.entering.clear();
    }
}

fn edge(world: &World, db: &Db, book: &Book, plant: Option<Plant>) -> anyhow::Result<Edge> {
    let channel = channels::by_kind("sms.twilio").context("the channel is built")?;
    let account = channel.open(&book.carrier.config, &secrets())?;
    let debounce = Debounce { quiet: TimeDelta::milliseconds(1_500), most: TimeDelta::seconds(5) };
    Ok(Edge {
        world: world.clone(),
        intake: Intake { db: db.clone(), clock: world.clock(), debounce },
        account: Arc::from(account),
        channel,
        hotel: Arc::new(book.hotel.clone()),
        integration: book.carrier.id,
        plant,
    })
}

fn secrets() -> Secrets {
    let mut secrets = Secrets::default();
    secrets.insert("auth_token", TOKEN);
    secrets
}

/// What is written down before anything begins.
struct Book {
    hotel: Hotel,
    items: Vec<Item>,
    fact: Fact,
    carrier: Integration,
    people: Vec<Staff>,
}

impl Book {
    fn new(clock: &Clock, seed: u64) -> anyhow::Result<Self> {
        let hotel = hotel(clock, seed)?;
        let item = |name: &str, price_minor: i64| Item {
            id: clock.id(),
            kind: ItemKind::Menu,
            details: ItemDetails {
                names: [("en".to_owned(), name.to_owned())].into(),
                aliases: Vec::new(),
                price_minor,
                department: "kitchen".to_owned(),
                hours: None,
            },
            active: true,
        };
        let mut config = Map::new();
        config.insert("account_sid".to_owned(), json!("ACchaos"));
        config.insert("from".to_owned(), json!(NUMBER));
        let carrier = Integration {
            id: clock.id(),
            property_id: hotel.id,
            kind: "sms.twilio".to_owned(),
            name: "The carrier".to_owned(),
            config,
            enabled: true,
            last_ok_at: None,
            last_error: None,
            created_at: clock.now(),
        };
        let person = |number: usize| {
            let id: UserId = clock.id();
            Staff { id, actor: Actor::User(id), name: format!("Colleague {number}") }
        };
        Ok(Self {
            items: vec![item("club sandwich", 1_800), item("coffee", 350)],
            fact: Fact {
                id: clock.id(),
                title: "wifi".to_owned(),
                text: "The wifi is called Storm and needs no password.".to_owned(),
                lang: "en".to_owned(),
            },
            people: (1..=PEOPLE).map(person).collect(),
            carrier,
            hotel,
        })
    }

    async fn put(self, db: &Db, clock: &Clock, sealer: &Sealer) -> Result<Self, DbError> {
        let (clock, sealer) = (clock.clone(), sealer.clone());
        db.write(move |tx| {
            Box::pin(async move {
                self.write(tx, &clock, &sealer).await?;
                Ok(self)
            })
        })
        .await
    }

    async fn write(&self, tx: &mut Tx, clock: &Clock, sealer: &Sealer) -> Result<(), DbError> {
        let now = clock.now();
        hotels::insert(tx, &self.hotel, now).await?;
        for item in &self.items {
            items::insert(tx, self.hotel.id, item, now).await?;
        }
        facts::insert(tx, self.hotel.id, &self.fact, now).await?;
        first_versions::publish(tx, clock, self.hotel.id).await?;
        let sealed = sealer.seal(&secrets(), self.carrier.id);
        integrations::insert(tx, &self.carrier, Some(&sealed), now).await?;
        for who in &self.people {
            let user = NewUser {
                id: who.id,
                email: format!("{}@{}.example", who.id, self.hotel.slug),
                name: who.name.clone(),
                password_hash: "nobody signs in".to_owned(),
                grants: Grants::one(Reach::Property(self.hotel.id), StaffRole::Agent),
            };
            people::insert_user(tx, &user, now).await?;
        }
        Ok(())
    }
}

fn hotel(clock: &Clock, seed: u64) -> anyhow::Result<Hotel> {
    let hour = |hour| NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or_default();
    Ok(Hotel {
        id: clock.id(),
        slug: format!("{SLUG}-{seed}-{}", clock.id::<UserId>().0.as_simple()),
        name: "Hotel Storm".to_owned(),
        zone: chrono_tz::Europe::Lisbon,
        currency: "EUR".parse().context("the currency")?,
        revision: 1,
        settings: HotelSettings {
            reception_phone: "+351210000001".to_owned(),
            on_call: vec!["+351220000001".to_owned(), "+351220000002".to_owned()],
            late_checkout: LateCheckout {
                standard: hour(11),
                free_until: hour(12),
                paid_until: hour(14),
                price_minor: 3_000,
            },
            limits: Limits { per_charge_minor: 10_000, per_stay_and_day_minor: 200_000, max_quantity: 10 },
            patience: Patience { alert_minutes: 2, holder_minutes: 3, quote_minutes: 4 },
            ..HotelSettings::default()
        },
    })
}

fn stay(clock: &Clock, hotel: &Hotel, number: usize, phone: String) -> Stay {
    let today = hotel.today(clock.now());
    Stay {
        id: clock.id(),
        property_id: hotel.id,
        source: "pms.simulated".to_owned(),
        external_id: format!("S{number}"),
        confirmation: format!("STM{number:05}"),
        first_name: "Guest".to_owned(),
        last_name: format!("Number{number}"),
        phone: Some(phone),
        email: None,
        lang: Some("en".to_owned()),
        room: Some(format!("{}", 100 + number)),
        state: StayState::InHouse,
        arrives_on: today,
        departs_on: today + TimeDelta::days(5),
        checkout_until: None,
    }
}
