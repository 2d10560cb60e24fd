//! Requests to vendors and their answers as plain data, and the one client that sends them.

mod client;
mod line;

pub use client::{ClientProblem, Http, Wire};
pub use line::Line;

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
pub use reqwest::Method;
pub use reqwest::header::{HeaderMap, HeaderName, HeaderValue, InvalidHeaderValue};
use secrecy::{ExposeSecret, SecretString};

/// One request to a vendor. A secret sits in a header marked sensitive, which prints nothing of itself.
#[derive(Clone)]
pub struct HttpRequest {
    pub method: Method,
    pub url: url::Url,
    pub headers: HeaderMap,
    pub body: Bytes,
    /// From the first byte sent to the last byte read.
    pub timeout: Duration,
}

/// What a vendor answered, whatever its status.
#[derive(Clone)]
pub struct HttpAnswer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

/// Why there is no answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HttpError {
    #[error("could not connect")]
    Connect,
    #[error("no answer in time")]
    Timeout,
    #[error("the connection broke before the answer was complete")]
    Broken,
    #[error("it has not answered lately and is left alone for a while")]
    Held,
    #[error("the answer is larger than {limit} bytes")]
    TooLarge { limit: usize },
}

impl HttpError {
    /// One stable word, for metrics and logs.
    pub fn as_str(&self) -> &'static str {
        match self {
            HttpError::Connect => "connect",
            HttpError::Timeout => "timeout",
            HttpError::Broken => "broken",
            HttpError::Held => "held",
            HttpError::TooLarge { .. } => "too_large",
        }
    }

    /// Whether the vendor may have received the request and acted on it.
    pub fn may_have_arrived(&self) -> bool {
        match self {
            HttpError::Connect | HttpError::Held => false,
            HttpError::Timeout | HttpError::Broken | HttpError::TooLarge { .. } => true,
        }
    }
}

/// A header value that neither `Debug` nor HTTP/2's header table keeps.
pub fn secret_header(value: &SecretString) -> Result<HeaderValue, InvalidHeaderValue> {
    let mut header = HeaderValue::from_str(value.expose_secret())?;
    header.set_sensitive(true);
    Ok(header)
}

/// Method and host only: paths, queries and bodies hold numbers, names and texts.
impl fmt::Debug for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} ({} bytes)", self.method, self.url.host_str().unwrap_or_default(), self.body.len())
    }
}

impl fmt::Debug for HttpAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({} bytes)", self.status, self.body.len())
    }
}
