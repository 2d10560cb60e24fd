//! Another hotel's people and keys: for them a hotel's things do not exist, on any route.

use super::support::app::json_request;
use super::support::served::Served;
use super::support::twilio::Mishap;
use super::support::{Answer, House, Setup, story};
use axum::body::Body;
use axum::http::{Request, header};
use bellhop::domain::people::Scope;
use serde_json::{Value, json};

const ABSENT: &str = "00000000000000000000000000000001";

/// A second hotel beside the demo's.
fn with_a_neighbour() -> Setup {
    let toml = "[[properties]]\nslug = 'quay'\nname = 'The Quay'\nzone = 'Europe/Madrid'\ncurrency = 'EUR'\n";
    Setup { toml: toml.to_owned(), ..Setup::default() }
}

/// Real things of the demo hotel to put into a path's places.
struct Things {
    conversation: String,
    request: String,
    charge: String,
    effect: String,
    stay: String,
    guest: String,
    integration: String,
    item: String,
    fact: String,
    user: String,
    key: String,
    undelivered: String,
}

fn first_id(list: &Value) -> String {
    list["items"][0]["id"].as_str().unwrap_or_else(|| panic!("nothing in {list}")).to_owned()
}

impl Things {
    async fn of(house: &House) -> Self {
        let guest = house.chat().await;
        guest.proves().await;
        guest.says("two towels please").await;
        guest.says("a club sandwich please").await;
        guest.says("yes").await;
        house.twilio.will(&[Mishap::Refuses(21211)]);
        house.phone("+34600999888").says("hello").await;
        let stay = house.stay("HRB1001").await.id.to_string();
        let conversation = house.read(&format!("/conversations/{}", guest.conversation)).await;
        let harbour = house.read("/properties/harbour").await["id"].clone();
        let user = json!({ "email": "own@harbour.example", "name": "Own", "password": "long enough 1", "roles": [{ "property": harbour, "role": "agent" }] });
        let user = house.api("POST", "/users", Some(user)).await;
        Self {
            request: first_id(&house.read("/requests?property=harbour&state=open").await),
            charge: first_id(&house.read(&format!("/charges?stay={stay}")).await),
            effect: conversation["effects"][0]["id"].as_str().expect("an effect").to_owned(),
            guest: conversation["guest"]["id"]
                .as_str()
                .map_or_else(|| format!("gst_{ABSENT}"), str::to_owned),
            integration: first_id(&house.read("/properties/harbour/integrations").await),
            item: first_id(&house.read("/properties/harbour/items").await),
            fact: first_id(&house.read("/properties/harbour/facts").await),
            user: user.json()["id"].as_str().unwrap_or_else(|| panic!("{}", user.body)).to_owned(),
            key: first_id(&house.read("/api-keys").await),
            undelivered: first_id(&house.read("/undelivered?property=harbour").await),
            conversation: guest.conversation.clone(),
            stay,
        }
    }

    /// The path with real ids in its places.
    fn fill(&self, path: &str) -> String {
        let id = match path {
            path if path.contains("/conversations/") => &self.conversation,
            path if path.contains("/requests/") => &self.request,
            path if path.contains("/charges/") => &self.charge,
            path if path.contains("/effects/") => &self.effect,
            path if path.contains("/guests/") => &self.guest,
            path if path.contains("/integrations/") => &self.integration,
            path if path.contains("/items/") => &self.item,
            path if path.contains("/facts/") => &self.fact,
            path if path.contains("/stays/") => &self.stay,
            path if path.contains("/users/") => &self.user,
            path if path.contains("/api-keys/") => &self.key,
            path if path.contains("/undelivered/") => &self.undelivered,
            _ => &self.conversation,
        };
        let mut filled = String::new();
        for part in path.split('/').skip(1) {
            filled.push('/');
            filled += match part {
                "{p}" | "{property}" | "{slug}" => "harbour",
                "{version}" => "1",
                part if part.starts_with('{') => id,
                part => part,
            };
        }
        filled
    }
}

/// The smallest body that the document allows, so that nothing but the reach can be refused.
fn body_of(document: &Value, route: &Value) -> Option<Value> {
    let schema = &route["requestBody"]["content"]["application/json"]["schema"];
    (!schema.is_null()).then(|| smallest(document, schema))
}

fn smallest(document: &Value, schema: &Value) -> Value {
    if let Some(path) = schema["$ref"].as_str() {
        return smallest(document, document.pointer(&path[1..]).expect("what $ref names"));
    }
    for several in ["oneOf", "anyOf", "allOf"] {
        if let Some(first) = schema[several].as_array().and_then(|all| all.first()) {
            return smallest(document, first);
        }
    }
    if let Some(first) = schema["enum"].as_array().and_then(|all| all.first()) {
        return first.clone();
    }
    let kind = schema["type"].as_str().or_else(|| schema["type"][0].as_str()).unwrap_or("object");
    match kind {
        // An id says in its description how it begins.
        "string" => match schema["description"].as_str().and_then(|text| text.strip_prefix('`')) {
            Some(text) if text.contains("32 hexadecimal digits") => {
                json!(format!("{}{ABSENT}", text.split('`').next().unwrap()))
            }
            _ => json!("x"),
        },
        "integer" | "number" => json!(1),
        "boolean" => json!(true),
        "array" => json!([]),
        _ => {
            let required = schema["required"].as_array().cloned().unwrap_or_default();
            let fields = required.iter().filter_map(Value::as_str);
            fields.map(|name| (name.to_owned(), smallest(document, &schema["properties"][name]))).collect()
        }
    }
}

/// Every route that names a thing, with real things of the demo hotel in its places, as `calls` calls it.
async fn try_every_route(
    house: &House,
    things: &Things,
    calls: impl AsyncFn(&str, &str, Option<Value>) -> Answer,
) {
    let document = house.read("/openapi.json").await;
    let mut tried = 0;
    for (path, routes) in document["paths"].as_object().expect("paths") {
        let own = path.strip_prefix("/api/v1").unwrap_or(path);
        if !own.contains('{') {
            continue;
        }
        let filled = things.fill(own);
        for method in ["get", "post", "put", "patch", "delete"] {
            if routes.get(method).is_none() {
                continue;
            }
            let body = body_of(&document, &routes[method]);
            let answer = calls(&method.to_uppercase(), &filled, body).await;
            assert_eq!(answer.status, 404, "{method} {filled}: {}", answer.body);
            assert!(!answer.body.contains("Ruiz"), "{method} {filled}: {}", answer.body);
            tried += 1;
        }
    }
    assert!(tried > 20, "only {tried} routes were tried");
}

#[tokio::test]
async fn every_route_of_the_document_is_404_for_a_neighbours_key() {
    with_a_neighbour()
        .tell(async |house: &House| {
            let things = Things::of(house).await;
            let neighbour = house.key_of("neighbour", Scope::Admin, Some("quay")).await;
            try_every_route(house, &things, async |method: &str, path: &str, body: Option<Value>| {
                house.api_as(&neighbour, method, path, body).await
            })
            .await;
        })
        .await;
}

/// A person of the neighbour's, signed in: the cookie and the token that unsafe calls need.
async fn signs_in(house: &House) -> (String, String) {
    let quay = house.read("/properties/quay").await["id"].clone();
    let person = json!({ "email": "noa@quay.example", "name": "Noa", "password": "long enough 1", "roles": [{ "property": quay, "role": "admin" }] });
    let made = house.api("POST", "/users", Some(person)).await;
    assert_eq!(made.status, 201, "{}", made.body);
    let form = Request::post("/login")
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from("email=noa%40quay.example&password=long+enough+1"))
        .unwrap();
    let signed = house.send(form).await;
    let cookie = signed.headers[header::SET_COOKIE].to_str().unwrap().split(';').next().unwrap().to_owned();
    let page = Request::get("/inbox").header(header::COOKIE, &cookie).body(Body::empty()).unwrap();
    let page = house.send(page).await;
    assert_eq!(page.status, 200, "{}", page.body);
    let csrf =
        page.body.split("name=\"csrf\" content=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    (cookie, csrf)
}

#[tokio::test]
async fn every_route_and_page_is_404_for_a_neighbour_who_signed_in() {
    with_a_neighbour()
        .tell(async |house: &House| {
            let things = Things::of(house).await;
            let (cookie, csrf) = signs_in(house).await;
            let signed = |mut request: Request<Body>| {
                request.headers_mut().insert(header::COOKIE, cookie.parse().unwrap());
                request.headers_mut().insert("x-csrf-token", csrf.parse().unwrap());
                request
            };
            try_every_route(house, &things, async |method: &str, path: &str, body: Option<Value>| {
                let body = body.unwrap_or_else(|| json!({}));
                house.send(signed(json_request(method, &format!("/api/v1{path}"), &body))).await
            })
            .await;
            let thread = format!("/inbox/{}", things.conversation);
            let mut pages = vec![thread.clone(), format!("{thread}/thread"), format!("{thread}/balance")];
            let named = [
                "inbox",
                "inbox/list",
                "inbox/requests",
                "inbox/undelivered",
                "inbox/undelivered/list",
                "console",
                "console/prompt",
                "console/rules",
                "console/facts",
            ];
            let more = [
                "console/items",
                "console/tools",
                "console/integrations",
                "console/hotel",
                "console/people",
                "console/audit",
            ];
            pages.extend(named.iter().chain(&more).map(|page| format!("/{page}?property=harbour")));
            for page in pages {
                let answer = house.send(signed(Request::get(&page).body(Body::empty()).unwrap())).await;
                assert_eq!(answer.status, 404, "{page}: {}", answer.body);
                assert!(!answer.body.contains("Ruiz"), "{page}");
            }
        })
        .await;
}

#[tokio::test]
async fn lists_show_a_neighbour_nothing_and_asking_for_the_hotel_by_name_is_404() {
    with_a_neighbour()
        .tell(async |house: &House| {
            let things = Things::of(house).await;
            let neighbour = house.key_of("neighbour", Scope::Admin, Some("quay")).await;
            for list in ["/conversations", "/requests", "/properties", "/users", "/api-keys", "/audit"] {
                let answer = house.api_as(&neighbour, "GET", list, None).await;
                assert_eq!(answer.status, 200, "{list}: {}", answer.body);
                for id in [&things.conversation, &things.request, &things.user] {
                    assert!(!answer.body.contains(id.as_str()), "{list} shows {id}");
                }
                assert!(
                    !answer.body.contains("Ruiz") && !answer.body.contains("harbour"),
                    "{list}: {}",
                    answer.body
                );
            }
            for list in ["/conversations?property=harbour", "/requests?property=harbour"] {
                let answer = house.api_as(&neighbour, "GET", list, None).await;
                assert_eq!(answer.status, 404, "{list}: {}", answer.body);
            }
            let charges =
                house.api_as(&neighbour, "GET", &format!("/charges?stay={}", things.stay), None).await;
            assert_eq!(charges.status, 404, "{}", charges.body);
        })
        .await;
}

#[tokio::test]
async fn one_guests_token_opens_no_other_guests_chat() {
    story(async |house: &House| {
        let (one, other) = (house.chat().await, house.chat().await);
        one.says("my secret is marmalade").await;
        let page = other.page(0).await.to_string();
        assert!(!page.contains("marmalade"), "{page}");
    })
    .await;
}

#[tokio::test]
async fn no_event_stream_rings_for_what_happens_at_the_neighbours() {
    with_a_neighbour()
        .tell(async |house: &House| {
            let server = Served::start(house).await;
            let ana = house.chat().await;
            let away = house.chat_at("quay").await;
            let (cookie, _) = signs_in(house).await;
            let bearer = format!("Bearer {}", house.key_of("neighbour", Scope::Admin, Some("quay")).await);
            let noa = ("cookie", &*cookie);
            let program = ("authorization", &*bearer);
            for caller in [noa, program] {
                for hotel in [house.read("/properties/harbour").await["id"].as_str().unwrap(), "harbour"] {
                    let path = format!("/inbox/events?property={hotel}");
                    assert_eq!(server.listen(&path, caller).await.status, 404);
                }
                assert_eq!(server.listen("/chat/events", caller).await.status, 401);
            }
            let mut ears = Vec::new();
            for caller in [noa, program] {
                ears.push(server.listen("/inbox/events", caller).await);
                ears.push(server.listen("/inbox/events?property=quay", caller).await);
            }
            ana.proves().await;
            ana.says("two towels please").await;
            ana.says("Let me talk to a human").await;
            away.writes("is anybody there?").await;
            for ear in &mut ears {
                assert_eq!(ear.status, 200);
                let first = ear.rung().await;
                assert!(first.contains(&away.conversation), "{first}");
            }
            house.settles().await;
        })
        .await;
}

#[tokio::test]
async fn a_guests_event_stream_rings_for_that_guest_alone() {
    with_a_neighbour()
        .tell(async |house: &House| {
            let server = Served::start(house).await;
            let ana = house.chat().await;
            for slug in ["harbour", "quay"] {
                let other = house.chat_at(slug).await;
                other.says("good evening").await;
                let before = other.page(0).await["messages"].as_array().unwrap().len();
                let bearer = format!("Bearer {}", other.token);
                let mut ear = server.listen("/chat/events", ("authorization", &*bearer)).await;
                assert_eq!(ear.status, 200);
                ana.says("two towels please").await;
                other.writes("are you there?").await;
                let first = ear.rung().await;
                assert_eq!(first, json!({ "seq": before + 1, "echo": true }).to_string());
                house.settles().await;
            }
        })
        .await;
}
