//! The way to one account's system: the one client, behind the account's breaker.

use super::{Http, HttpAnswer, HttpError, HttpRequest};
use crate::breaker::{Breaker, Health};
use std::sync::Arc;
use std::time::Duration;

/// Cheap to clone.
#[derive(Clone)]
pub struct Line {
    http: Http,
    breaker: Arc<Breaker>,
}

impl Line {
    pub fn new(http: Http, breaker: Arc<Breaker>) -> Self {
        Self { http, breaker }
    }

    /// As [`Http::send`]; while the system is left alone nothing is sent, which is [`HttpError::Held`].
    pub async fn send(&self, request: HttpRequest) -> Result<HttpAnswer, HttpError> {
        if !self.breaker.lets_through() {
            return Err(HttpError::Held);
        }
        let answer = self.http.send(request).await;
        self.breaker.went(health(&answer));
        answer
    }
}

fn health(answer: &Result<HttpAnswer, HttpError>) -> Health {
    match answer {
        Err(_) => Health::Failed,
        Ok(answer) if answer.status == 429 => Health::Busy(answer.retry_after()),
        Ok(answer) if answer.status == 503 && answer.retry_after().is_some() => {
            Health::Busy(answer.retry_after())
        }
        Ok(answer) if answer.status >= 500 => Health::Failed,
        Ok(_) => Health::Answered,
    }
}

impl HttpAnswer {
    /// The pause that the vendor asks for, where it names one in seconds.
    pub fn retry_after(&self) -> Option<Duration> {
        let seconds = self.headers.get("retry-after")?.to_str().ok()?.trim().parse().ok()?;
        Some(Duration::from_secs(seconds))
    }
}

#[cfg(test)]
mod tests {
    use super::super::HeaderMap;
    use super::*;

    #[test]
    fn an_answer_is_health_even_one_that_refuses() {
        let said = |status, after: Option<&str>| {
            let mut headers = HeaderMap::new();
            if let Some(after) = after {
                headers.insert("retry-after", after.parse().unwrap());
            }
            health(&Ok(HttpAnswer { status, headers, body: "".into() }))
        };
        for status in [200, 302, 401, 404, 409, 422] {
            assert_eq!(said(status, None), Health::Answered, "{status}");
        }
        assert_eq!(said(500, None), Health::Failed);
        assert_eq!(said(503, None), Health::Failed);
        assert_eq!(said(503, Some("9")), Health::Busy(Some(Duration::from_secs(9))));
        assert_eq!(said(429, Some("soon")), Health::Busy(None));
        assert_eq!(health(&Err(HttpError::Timeout)), Health::Failed);
    }
}
