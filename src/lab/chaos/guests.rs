//! Guests, and each one's own memory of what was said: they ask, confirm, change their minds, decline, fall silent.

use super::rng::Rng;
use super::vendor::{Offer, Sent};
use super::world::{ActorId, Inner, MILLI, Micros, Role, SECOND, Wait, World};
use crate::domain::ids::ConversationId;
use std::collections::HashMap;

/// What a guest's message is, as the guest means it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Meant {
    /// Agrees to whatever has been offered.
    Yes,
    /// Wants that many; where so many are offered, that is a yes.
    Wants(u32),
    Emergency,
    Other,
}

/// One message of a guest.
#[derive(Debug, Clone)]
pub struct Said {
    /// The carrier's name of it.
    pub name: String,
    pub text: String,
    pub meant: Meant,
    /// When the carrier first brought it, in the order of things.
    pub arrived: Option<u64>,
    /// It has justified a charge.
    pub used: bool,
    /// When the webhook was acknowledged: in the order of things, and by the world's clock.
    pub acknowledged: Option<(u64, Micros)>,
    /// Its place in the conversation.
    pub seq: Option<i64>,
}

/// One guest.
pub struct Guest {
    pub phone: String,
    pub actor: Option<ActorId>,
    pub conversation: Option<ConversationId>,
    pub said: Vec<Said>,
    /// What the carrier has taken for this guest, in its order.
    pub sent: Vec<Sent>,
    pub heard: u64,
    pub heard_at: Micros,
    /// The offer that stands last on the phone.
    pub quote_seen: Option<Offer>,
    pub opted_out: bool,
    /// What the bot did and when, in the order of commits: claimed a message of its own, wrote down an effect.
    pub bot_acts: Vec<(u64, &'static str)>,
}

#[derive(Default)]
pub struct Guests {
    pub all: Vec<Guest>,
    conversations: HashMap<ConversationId, usize>,
    phones: HashMap<String, usize>,
    /// How many still live.
    pub active: usize,
}

impl Guests {
    pub fn add(&mut self, phone: String) -> usize {
        let place = self.all.len();
        self.phones.insert(phone.clone(), place);
        self.all.push(Guest {
            phone,
            actor: None,
            conversation: None,
            said: Vec::new(),
            sent: Vec::new(),
            heard: 0,
            heard_at: 0,
            quote_seen: None,
            opted_out: false,
            bot_acts: Vec::new(),
        });
        place
    }

    pub fn of(&self, conversation: ConversationId) -> Option<usize> {
        self.conversations.get(&conversation).copied()
    }

    pub fn by_phone(&self, phone: &str) -> Option<usize> {
        self.phones.get(phone).copied()
    }

    pub fn meet(&mut self, conversation: ConversationId, guest: usize) {
        self.conversations.insert(conversation, guest);
        self.all[guest].conversation = Some(conversation);
    }
}

/// What a guest wants, in the guest's words.
fn wish(rng: &mut Rng) -> (&'static str, Meant) {
    let wishes: &[(u64, (&'static str, Meant))] = &[
        (14, ("could I get two extra towels?", Meant::Other)),
        (6, ("an extra pillow please", Meant::Other)),
        (8, ("what's my bill?", Meant::Other)),
        (6, ("what is the wifi password?", Meant::Other)),
        (22, ("could I order a club sandwich?", Meant::Other)),
        (8, ("could we have two coffees?", Meant::Other)),
        (8, ("can I check out at 13:00?", Meant::Other)),
        (4, ("I want to talk to a human", Meant::Other)),
        (5, ("thank you", Meant::Other)),
        (3, ("this is a disgrace, I am furious, the worst hotel ever", Meant::Other)),
        (1, ("There is smoke in the corridor!", Meant::Emergency)),
        (3, ("please clean my room", Meant::Other)),
        (2, ("yes", Meant::Yes)),
        (2, ("hello", Meant::Other)),
    ];
    rng.weighted(wishes, ("hello", Meant::Other))
}

/// What a guest says to an offer; `None`: nothing.
fn word(rng: &mut Rng, offer: Offer) -> Option<(&'static str, Meant)> {
    let (more, also) = match offer.quantity {
        1 => (("make it two please", Meant::Wants(2)), ("yes, but make it two", Meant::Wants(2))),
        2 => (("make it three please", Meant::Wants(3)), ("yes, but make it three", Meant::Wants(3))),
        _ => (("make it one please", Meant::Wants(1)), ("yes, but make it one", Meant::Wants(1))),
    };
    let words: &[(u64, Option<(&'static str, Meant)>)] = &[
        (55, Some(("yes", Meant::Yes))),
        (8, Some(("yes please", Meant::Yes))),
        (8, Some(("no thanks", Meant::Other))),
        (10, Some(more)),
        (5, Some(also)),
        (6, Some(("what time is breakfast?", Meant::Other))),
        (8, None),
    ];
    rng.weighted(words, None)
}

/// One guest's stay, until the turns are used up.
pub async fn live(world: World, guest: usize) {
    {
        let mut inner = world.lock();
        let me = inner.current;
        inner.guests.all[guest].actor = Some(me);
    }
    loop {
        let think = world.lock().rng.between(2, 90) * SECOND;
        world.sleep(think).await;
        if !take_turn(&world) {
            break;
        }
        let (text, meant) = wish(&mut world.lock().rng);
        say(&world, guest, text, meant);
        ramble(&world, guest).await;
        listen(&world, guest).await;
        talk(&world, guest).await;
    }
    world.lock().guests.active -= 1;
}

/// Answers offers, as long as there are some.
async fn talk(world: &World, guest: usize) {
    for _ in 0..4 {
        let offered = world.lock().guests.all[guest].quote_seen.take();
        let Some(offer) = offered else { return };
        let Some((text, meant)) = word(&mut world.lock().rng, offer) else { return };
        if !take_turn(world) {
            return;
        }
        say(world, guest, text, meant);
        let twice = meant == Meant::Yes && world.lock().rng.chance(8);
        if twice {
            world.sleep(400 * MILLI).await;
            say(world, guest, text, meant);
        }
        listen(world, guest).await;
    }
}

fn take_turn(world: &World) -> bool {
    let mut inner = world.lock();
    if inner.turns_left == 0 {
        return false;
    }
    inner.turns_left -= 1;
    inner.counts.turns += 1;
    true
}

fn say(world: &World, guest: usize, text: &str, meant: Meant) {
    let mut inner = world.lock();
    let name = inner.vendor.name();
    let who = &mut inner.guests.all[guest];
    let said = who.said.len();
    who.said.push(Said {
        name,
        text: text.to_owned(),
        meant,
        arrived: None,
        used: false,
        acknowledged: None,
        seq: None,
    });
    inner.note(guest, || format!("guest says {said}: {text:?}"));
    inner.count("messages in");
    inner.carry(guest, said);
}

/// Some write on before anybody can have answered.
async fn ramble(world: &World, guest: usize) {
    let more = world.lock().rng.weighted(&[(80, 0), (14, 1), (6, 3)], 0);
    for _ in 0..more {
        let pause = world.lock().rng.between(200, 2_500) * MILLI;
        world.sleep(pause).await;
        let (text, meant) = wish(&mut world.lock().rng);
        say(world, guest, text, meant);
    }
}

/// Waits for an answer, as long as patience lasts.
async fn listen(world: &World, guest: usize) {
    let (before, until) = {
        let mut inner = world.lock();
        let patience = inner.rng.between(8, 150) * SECOND;
        (inner.guests.all[guest].heard, inner.now + patience)
    };
    loop {
        {
            let inner = world.lock();
            if inner.guests.all[guest].heard > before || inner.now >= until {
                return;
            }
        }
        world.park(Wait::Woken(until)).await;
    }
}

/// Brings the guests in, one after the other.
pub fn arrive(world: &World, count: usize) {
    let mut inner = world.lock();
    inner.guests.active = count;
    for guest in 0..count {
        let wait: Micros = inner.rng.between(0, 60) * SECOND;
        let stay = world.clone();
        inner.after(wait, move |inner: &mut Inner| {
            inner.enter(Role::Guest, None, None, Box::pin(live(stay, guest)));
        });
    }
}
