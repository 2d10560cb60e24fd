//! The staff's pages: who sees them, what they hold, and for whom the doorbell rings.

use super::desk::guest_writes;
use crate::domain::ids::PropertyId;
use crate::domain::people::{Grants, Reach, Role};
use crate::store::testing::both;
use crate::web::testing::{Signed, Site};
use axum::body::{Body, Bytes};
use axum::http::{Request, StatusCode, header};
use futures_util::StreamExt;
use serde_json::json;

async fn agent<'s>(site: &'s Site, email: &str, property: PropertyId) -> Signed<'s> {
    site.user(email, Reach::Property(property), Role::Agent).await;
    site.sign_in(email).await
}

#[tokio::test]
async fn pages_show_ones_own_guests_as_text_and_neighbours_nothing() {
    both(|db| async move {
        let site = Site::new(db);
        let (here, there) = (site.hotel("here").await, site.hotel("there").await);
        let (marta, neighbour) =
            (agent(&site, "m@h.example", here).await, agent(&site, "n@h.example", there).await);
        let id = guest_writes(&site, here, "+43660111222", "<script>alert(1)</script> & a \"towel\"").await;
        let page = marta.get(&format!("/inbox/{id}")).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        assert!(
            !page.body.contains("<script>alert") && page.body.contains("&#60;script&#62;alert"),
            "escaped"
        );
        assert!(!page.body.contains("style=") && !page.body.contains("onclick"), "nothing inline");
        for path in
            ["/inbox", "/inbox?tab=all&q=660", "/inbox/list?tab=bot", "/inbox/requests", "/inbox/alarms"]
        {
            assert_eq!(marta.get(path).await.status, StatusCode::OK, "{path}");
        }
        assert!(marta.get("/inbox/list?tab=bot").await.body.contains("+43660111222"));
        for path in [
            format!("/inbox/{id}"),
            format!("/inbox/{id}/thread"),
            format!("/inbox/{id}/balance"),
            format!("/inbox/{id}/answers"),
            "/inbox?property=here".to_owned(),
            format!("/inbox/list?property={here}"),
            "/inbox/requests?property=here".to_owned(),
            "/inbox/alarms?property=here".to_owned(),
        ] {
            assert_eq!(neighbour.get(&path).await.status, StatusCode::NOT_FOUND, "{path}");
            assert_eq!(site.get(&path).await.status, StatusCode::UNAUTHORIZED, "{path}");
        }
        let draft = neighbour.send("POST", &format!("/inbox/{id}/segments"), json!({ "text": "x" })).await;
        assert_eq!(draft.status, StatusCode::NOT_FOUND);
        let draft =
            marta.send("POST", &format!("/inbox/{id}/segments"), json!({ "text": "x".repeat(161) })).await;
        assert_eq!(draft.json(), json!({ "count": 2 }));
    })
    .await;
}

#[tokio::test]
async fn the_most_urgent_guest_stands_first_and_an_emergency_on_top_of_every_page_until_opened() {
    both(|db| async move {
        let site = Site::new(db);
        let here = site.hotel("here").await;
        let marta = agent(&site, "m@h.example", here).await;
        let first = guest_writes(&site, here, "+43660111221", "hello").await;
        let taken = marta.send("POST", &format!("/api/v1/conversations/{first}/take-over"), json!({})).await;
        assert_eq!(taken.status, StatusCode::OK);
        guest_writes(&site, here, "+43660111221", "are you there?").await;
        site.clock.advance(chrono::TimeDelta::minutes(20));
        let fire = guest_writes(&site, here, "+43660111222", "There is a fire in my room!").await;
        let list = marta.get("/inbox/list").await.body;
        let (above, below) = (list.find(&format!("row-{fire}")), list.find(&format!("row-{first}")));
        assert!(above.unwrap() < below.unwrap(), "an emergency comes before who waits longer");
        assert!(marta.get("/inbox/alarms").await.body.contains(&fire.to_string()));
        let read =
            marta.send("POST", &format!("/api/v1/conversations/{fire}/read"), json!({ "seq": 1 })).await;
        assert_eq!(read.status, StatusCode::OK);
        let bar = marta.get("/inbox/alarms").await.body;
        assert!(!bar.contains(&fire.to_string()) && bar.contains("value=\"2\""), "{bar}");
    })
    .await;
}

#[tokio::test]
async fn a_search_has_200_characters_at_most() {
    both(|db| async move {
        let site = Site::new(db);
        let here = site.hotel("here").await;
        let marta = agent(&site, "m@h.example", here).await;
        for path in ["/api/v1/conversations", "/inbox/list", "/inbox"] {
            let search = async |length| marta.get(&format!("{path}?q={}", "%C3%BC".repeat(length))).await;
            assert_eq!(search(200).await.status, StatusCode::OK, "{path}");
            let refused = search(201).await;
            assert_eq!(refused.status, StatusCode::BAD_REQUEST, "{path}");
            assert!(refused.body.contains("Search for at most 200 characters"), "{}", refused.body);
        }
    })
    .await;
}

#[tokio::test]
async fn who_works_at_several_hotels_chooses_one() {
    both(|db| async move {
        let site = Site::new(db);
        let (here, there) = (site.hotel("here").await, site.hotel("there").await);
        let grants = Grants { everywhere: None, at: vec![(here, Role::Agent), (there, Role::Agent)] };
        site.user_with("both@h.example", grants).await;
        let signed = site.sign_in("both@h.example").await;
        let open = guest_writes(&site, there, "+43660111222", "hello").await;
        let thread = signed.get(&format!("/inbox/{open}")).await.body;
        assert!(thread.contains("\"/inbox?property=here\""), "away from a conversation of another hotel");
        assert!(!signed.get("/inbox?tab=all").await.body.contains("+43660111222"), "the first by name");
        let other = signed.get("/inbox?tab=all&property=there").await.body;
        assert!(other.contains("+43660111222") && other.contains("?property=here"));
        assert_eq!(signed.get("/api/v1/conversations").await.code(), "property_needed");
    })
    .await;
}

/// The stream's next piece that is no comment.
async fn rung(stream: &mut (impl StreamExt<Item = Result<Bytes, axum::Error>> + Unpin)) -> Option<String> {
    loop {
        let piece = String::from_utf8(stream.next().await?.unwrap().to_vec()).unwrap();
        if !piece.starts_with(':') {
            return Some(piece);
        }
    }
}

#[tokio::test]
async fn the_doorbell_rings_for_ones_own_hotel_alone_and_ends_when_the_server_stops() {
    both(|db| async move {
        let site = Site::new(db);
        let (here, there) = (site.hotel("here").await, site.hotel("there").await);
        let marta = agent(&site, "m@h.example", here).await;
        let request = Request::get("/inbox/events").header(header::COOKIE, &marta.cookie).body(Body::empty());
        let response = tower::ServiceExt::oneshot(site.router.clone(), request.unwrap()).await.unwrap();
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream");
        let mut stream = response.into_body().into_data_stream();
        guest_writes(&site, there, "+43660111222", "hello there").await;
        let id = guest_writes(&site, here, "+43660111222", "hello here").await;
        let first = rung(&mut stream).await.unwrap();
        assert!(first.contains("event: conversation") && first.contains(&id.to_string()), "{first}");
        assert!(!first.contains("hello"), "it says that something is new, never what");
        site.shutdown.give();
        while rung(&mut stream).await.is_some() {}
    })
    .await;
}
