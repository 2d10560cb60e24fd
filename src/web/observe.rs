//! Counts requests by route pattern; never by address, which may hold an id.

use crate::telemetry::{HTTP_REQUEST_SECONDS, HTTP_REQUESTS};
use axum::extract::{MatchedPath, Request};
use axum::http::Method;
use axum::response::Response;
use std::time::Instant;

/// A request that is being answered.
pub struct Seen {
    route: String,
    method: &'static str,
    began: Instant,
}

impl Seen {
    pub fn of(request: &Request) -> Self {
        let pattern = request.extensions().get::<MatchedPath>();
        let route = pattern.map_or_else(|| "none".to_owned(), |path| path.as_str().to_owned());
        Self { route, method: method(request.method()), began: Instant::now() }
    }

    pub fn count(self, response: &Response) {
        let Self { route, method, began } = self;
        let status = response.status().as_u16().to_string();
        metrics::histogram!(HTTP_REQUEST_SECONDS, "route" => route.clone()).record(began.elapsed());
        metrics::counter!(HTTP_REQUESTS, "route" => route, "method" => method, "status" => status)
            .increment(1);
    }
}

/// Made-up methods share one label, or they would fill the memory.
fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PATCH => "PATCH",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}
