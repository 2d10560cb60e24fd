//! The doorbell of the staff's pages: it says that something changed at a hotel of the caller's, never what.

use crate::domain::ids::PropertyId;
use crate::domain::people::Role;
use crate::shutdown::Shutdown;
use crate::store::Bell;
use crate::web::extract::Query;
use crate::web::{Caller, Web, WebError};
use axum::extract::State;
use axum::response::sse::{Event, Sse};
use futures_util::Stream;
use futures_util::stream::unfold;
use serde::Deserialize;
use serde_json::json;
use std::convert::Infallible;
use std::time::Duration;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::{Instant, Interval, MissedTickBehavior, interval_at};

/// So often the page looks by itself, for what no bell told of, and the caller is asked for anew.
const PULSE: Duration = Duration::from_secs(20);

#[derive(Deserialize)]
pub(super) struct Where {
    /// One hotel's slug or id; all that the caller works at without it.
    property: Option<String>,
}

struct Ears {
    web: Web,
    caller: Caller,
    only: Option<PropertyId>,
    bells: Receiver<Bell>,
    shutdown: Shutdown,
    pulse: Interval,
}

/// `GET /inbox/events`
pub(super) async fn stream(
    State(web): State<Web>,
    caller: Caller,
    Query(asked): Query<Where>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, WebError> {
    let only = match &asked.property {
        Some(named) => Some(caller.hotel(&mut web.db.read().await?, named, Role::Agent).await?.id),
        None => None,
    };
    Ok(Sse::new(listen(web, caller, only, PULSE)))
}

fn listen(
    web: Web,
    caller: Caller,
    only: Option<PropertyId>,
    every: Duration,
) -> impl Stream<Item = Result<Event, Infallible>> {
    // The page has just been fetched: its first own look is a pulse away.
    let mut pulse = interval_at(Instant::now() + every, every);
    pulse.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let (bells, shutdown) = (web.db.bells().listen(), web.shutdown.clone());
    let ears = Ears { web, caller, only, bells, shutdown, pulse };
    unfold(ears, |mut ears| async move {
        let event = ears.next().await?;
        Some((Ok(event), ears))
    })
}

impl Ears {
    /// `None`: the server stops, or the caller may not listen any more.
    async fn next(&mut self) -> Option<Event> {
        loop {
            tokio::select! {
                () = self.shutdown.ordered() => return None,
                _ = self.pulse.tick() => {
                    self.caller = self.caller.renew(&self.web).await.ok()?;
                    return Some(desk());
                }
                bell = self.bells.recv() => match bell {
                    Ok(bell) => if let Some(event) = self.heard(bell) { return Some(event) },
                    // Some were missed: the page looks at everything again.
                    Err(RecvError::Lagged(_)) => return Some(desk()),
                    Err(RecvError::Closed) => return None,
                },
            }
        }
    }

    /// What the page is told of a bell; `None`: nothing, or it rang at a hotel out of reach.
    fn heard(&self, bell: Bell) -> Option<Event> {
        let here = |property| {
            self.only.is_none_or(|only| only == property)
                && self.caller.grants.role_at(property) >= Some(Role::Agent)
        };
        match bell {
            Bell::Conversation { property, conversation, seq, .. } if here(property) => {
                let data = json!({ "conversation": conversation, "seq": seq });
                Some(Event::default().event("conversation").data(data.to_string()))
            }
            Bell::Desk { property } if here(property) => Some(desk()),
            Bell::Missed => Some(desk()),
            Bell::Conversation { .. }
            | Bell::Desk { .. }
            | Bell::Property { .. }
            | Bell::Typing { .. }
            | Bell::Turn
            | Bell::Sending => None,
        }
    }
}

fn desk() -> Event {
    Event::default().event("desk").data("{}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::people::Reach;
    use crate::store::testing::both;
    use crate::web::testing::Site;
    use axum::response::IntoResponse;
    use futures_util::StreamExt;

    #[tokio::test]
    async fn where_no_bell_ever_rings_a_page_is_told_to_look_again_and_again() {
        both(|db| async move {
            let site = Site::new(db);
            let here = site.hotel("here").await;
            site.user("m@h.example", Reach::Property(here), Role::Agent).await;
            let caller = site.sign_in("m@h.example").await.caller().await;
            let stream = listen(site.web.clone(), caller, None, Duration::from_millis(1));
            let mut pieces = Sse::new(stream).into_response().into_body().into_data_stream();
            for _ in 0..3 {
                let piece = pieces.next().await.unwrap().unwrap();
                assert_eq!(&*piece, b"event: desk\ndata: {}\n\n");
            }
        })
        .await;
    }
}
