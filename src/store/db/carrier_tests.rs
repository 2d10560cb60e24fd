//! Bells between nodes: two handles on one PostgreSQL, as two processes would have.

use super::*;
use crate::clock::Clock;
use crate::shutdown::ShutdownOrder;
use crate::store::db::Raw;
use crate::store::testing;
use proptest::prelude::*;
use tokio::sync::broadcast::Receiver;
use tokio::task::JoinHandle;

fn any_bell() -> impl Strategy<Value = Bell> {
    let property = || any::<u128>().prop_map(|bits| PropertyId(Uuid::from_u128(bits)));
    let conversation = || any::<u128>().prop_map(|bits| ConversationId(Uuid::from_u128(bits)));
    let typist = prop_oneof![Just(Typist::Bot), Just(Typist::Staff)];
    prop_oneof![
        (property(), conversation(), any::<i64>()).prop_map(|(property, conversation, seq)| {
            Bell::Conversation { property, conversation, seq, echo: false }
        }),
        property().prop_map(|property| Bell::Desk { property }),
        property().prop_map(|property| Bell::Property { property }),
        (property(), conversation(), typist).prop_map(|(property, conversation, who)| Bell::Typing {
            property,
            conversation,
            who
        }),
        Just(Bell::Turn),
        Just(Bell::Sending),
        Just(Bell::Missed),
    ]
}

proptest! {
    #[test]
    fn what_one_node_tells_another_understands(bells in prop::collection::vec(any_bell(), 0..400)) {
        let payloads = encode("n", &bells);
        prop_assert!(payloads.iter().all(|payload| payload.len() <= LONGEST));
        let heard: Vec<Bell> = payloads.iter().flat_map(|payload| decode(payload).1).collect();
        prop_assert_eq!(heard, bells);
    }
}

#[test]
fn words_of_a_newer_node_are_left_out() {
    assert_eq!(decode("n w x:1 c:nonsense:2:3 m"), ("n", vec![Bell::Turn, Bell::Missed]));
}

/// A handle as another process would have it, with its ears and what ends its carrier.
struct Node {
    db: Db,
    ears: Receiver<Bell>,
    order: ShutdownOrder,
    carrier: JoinHandle<()>,
}

impl Node {
    async fn start(url: &str) -> Self {
        let db = Db::open(url, 2, Bells::new()).await.unwrap();
        db.migrate().await.unwrap();
        let (order, ears) = (ShutdownOrder::new(), db.bells().listen());
        let (carried, stop, id) = (db.clone(), order.listener(), Clock::system().id());
        #[expect(clippy::disallowed_methods, reason = "the test ends it itself")]
        let carrier = tokio::spawn(async move { carried.carry_bells(id, stop).await });
        let mut node = Self { db, ears, order, carrier };
        if !node.db.is_sqlite() {
            assert_eq!(node.next().await, Bell::Missed, "whoever begins to listen looks at everything once");
        }
        node
    }

    async fn next(&mut self) -> Bell {
        timeout(Duration::from_secs(60), self.ears.recv()).await.expect("a bell rings").unwrap()
    }

    /// One unit that rings, and fails or is committed.
    async fn rings(&self, bell: Bell, keep: bool) {
        let unit = self.db.write(move |tx| {
            Box::pin(async move {
                tx.ring(bell);
                if keep { Ok(()) } else { Err(DbError::Refused("of this test".to_owned())) }
            })
        });
        assert_eq!(unit.await.is_ok(), keep);
    }

    async fn stops(self) {
        self.order.give();
        self.carrier.await.unwrap();
    }
}

#[tokio::test]
async fn what_is_committed_here_rings_there_and_only_once_here() {
    testing::both_urls(|url| async move {
        let (mut here, mut there) = (Node::start(&url).await, Node::start(&url).await);
        let (lost, kept) = (Clock::system().id(), Clock::system().id());
        here.rings(Bell::Desk { property: lost }, false).await;
        here.rings(Bell::Property { property: kept }, true).await;
        let postgres = !here.db.is_sqlite();
        if postgres {
            assert_eq!(there.next().await, Bell::Property { property: kept });
        }
        there.rings(Bell::Turn, true).await;
        assert_eq!(here.next().await, Bell::Property { property: kept });
        if postgres {
            assert_eq!(here.next().await, Bell::Turn, "its own bell came back to nobody");
        }
        // What rings last is carried even when the order to stop comes first.
        here.rings(Bell::Desk { property: kept }, true).await;
        here.stops().await;
        assert_eq!(there.next().await, Bell::Turn);
        if postgres {
            assert_eq!(there.next().await, Bell::Desk { property: kept });
        }
        there.stops().await;
    })
    .await;
}

#[tokio::test]
async fn a_node_whose_connection_was_cut_listens_again_and_looks_at_everything() {
    testing::both_urls(|url| async move {
        let (here, mut there) = (Node::start(&url).await, Node::start(&url).await);
        if here.db.is_sqlite() {
            return;
        }
        let mut conn = here.db.read().await.unwrap();
        let cut = "SELECT CAST(COUNT(pg_terminate_backend(pid)) AS BIGINT) FROM pg_stat_activity WHERE \
                   query = 'LISTEN \"' || $1 || '\"'";
        let Raw::Postgres(raw) = conn.raw().await.unwrap() else { panic!("this is PostgreSQL") };
        let channel: String = sqlx::query_scalar(CHANNEL).fetch_one(&mut *raw).await.unwrap();
        let cut: i64 = sqlx::query_scalar(cut).bind(channel).fetch_one(&mut *raw).await.unwrap();
        assert_eq!(cut, 2, "both listened");
        assert_eq!(there.next().await, Bell::Missed);
        here.rings(Bell::Turn, true).await;
        assert_eq!(there.next().await, Bell::Turn);
        here.stops().await;
        there.stops().await;
    })
    .await;
}
