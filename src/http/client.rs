//! The one HTTP client. It follows no redirect, repeats nothing, and logs neither path, query, header nor body.

use super::{HttpAnswer, HttpError, HttpRequest};
use crate::telemetry;
use async_trait::async_trait;
use bytes::{Bytes, BytesMut};
use rustls::{ClientConfig, RootCertStore};
use std::sync::Arc;
use std::time::Duration;
use tokio::time::Instant;

/// The largest answer that is read, in bytes.
const ANSWER: usize = 8 * 1024 * 1024;
/// Shorter than any vendor's timeout, so that a server that is not there shows as `Connect`.
const CONNECT: Duration = Duration::from_secs(5);

/// The client; cheap to clone, its connections are shared.
#[derive(Clone)]
pub struct Http {
    client: reqwest::Client,
    /// `None`: the network itself.
    wire: Option<Arc<dyn Wire>>,
}

/// What carries requests in place of the network, for simulations that own their vendors.
#[async_trait]
pub trait Wire: Send + Sync {
    async fn exchange(&self, request: HttpRequest) -> Result<HttpAnswer, HttpError>;
}

/// The client could not be made.
#[derive(Debug, thiserror::Error)]
#[error("the HTTP client cannot be set up: {0}")]
pub struct ClientProblem(String);

impl Http {
    /// Trusts what the machine trusts; where it has no certificates at all, the public ones that are built in.
    pub fn new() -> Result<Self, ClientProblem> {
        // An error means that a provider is there already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = builder()
            .build()
            .or_else(|_| builder().tls_backend_preconfigured(built_in_roots()).build())
            .map_err(|error| ClientProblem(error.to_string()))?;
        Ok(Self { client, wire: None })
    }

    /// Hands every request of [`Http::send`] to `wire`; what [`Http::client`] gives still goes to the network.
    pub fn over(self, wire: Arc<dyn Wire>) -> Self {
        Self { wire: Some(wire), ..self }
    }

    /// For a library that wants to send by itself; the same limits on connecting, redirects and repeats hold.
    pub fn client(&self) -> reqwest::Client {
        self.client.clone()
    }

    /// Sends once and reads the whole answer, whatever its status.
    pub async fn send(&self, request: HttpRequest) -> Result<HttpAnswer, HttpError> {
        let begun = Instant::now();
        let (method, host) = (request.method.clone(), request.url.host_str().unwrap_or_default().to_owned());
        let result = match &self.wire {
            None => self.exchange(request).await,
            Some(wire) => wire.exchange(request).await,
        };
        let millis = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        let outcome = match &result {
            Ok(answer) => answer.status.to_string(),
            Err(error) => error.as_str().to_owned(),
        };
        metrics::counter!(telemetry::HTTP_OUT, "host" => host.clone(), "outcome" => outcome).increment(1);
        metrics::histogram!(telemetry::HTTP_OUT_SECONDS, "host" => host.clone()).record(begun.elapsed());
        match &result {
            Ok(answer) => tracing::info!(%method, host, status = answer.status, millis, "http out"),
            Err(error) => tracing::warn!(%method, host, error = error.as_str(), millis, "http out"),
        }
        result
    }

    async fn exchange(&self, request: HttpRequest) -> Result<HttpAnswer, HttpError> {
        let mut response = self
            .client
            .request(request.method, request.url)
            .headers(request.headers)
            .body(request.body)
            .timeout(request.timeout)
            .send()
            .await
            .map_err(|error| classify(&error))?;
        let status = response.status().as_u16();
        let headers = std::mem::take(response.headers_mut());
        let body = read(response).await?;
        Ok(HttpAnswer { status, headers, body })
    }
}

async fn read(mut response: reqwest::Response) -> Result<Bytes, HttpError> {
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| classify(&error))? {
        if body.len() + chunk.len() > ANSWER {
            return Err(HttpError::TooLarge { limit: ANSWER });
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// A connection that never came about surely carried nothing; of the rest that cannot be known.
fn classify(error: &reqwest::Error) -> HttpError {
    if error.is_connect() || error.is_builder() {
        HttpError::Connect
    } else if error.is_timeout() {
        HttpError::Timeout
    } else {
        HttpError::Broken
    }
}

fn builder() -> reqwest::ClientBuilder {
    #[expect(clippy::disallowed_methods, reason = "this is the one client")]
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        // The environment is read in config alone.
        .no_proxy()
        .connect_timeout(CONNECT)
        .user_agent(concat!("bellhop/", env!("CARGO_PKG_VERSION")))
}

fn built_in_roots() -> ClientConfig {
    let roots = RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.to_vec() };
    ClientConfig::builder().with_root_certificates(roots).with_no_client_auth()
}

#[cfg(test)]
mod tests {
    use super::super::{HeaderMap, Method, secret_header};
    use super::*;
    use std::io::{Read, Write};
    use std::sync::{Arc, Mutex};
    use wiremock::matchers::{header, method, path};
    use wiremock::{Mock, MockServer, ResponseTemplate};

    fn request(url: &str) -> HttpRequest {
        HttpRequest {
            method: Method::POST,
            url: url.parse().unwrap(),
            headers: HeaderMap::new(),
            body: Bytes::from_static(b"Body=two+towels"),
            timeout: Duration::from_secs(30),
        }
    }

    async fn answering(template: ResponseTemplate) -> MockServer {
        let server = MockServer::start().await;
        Mock::given(method("POST")).and(path("/send")).respond_with(template).expect(1).mount(&server).await;
        server
    }

    #[tokio::test]
    async fn an_answer_comes_back_whatever_its_status_and_is_asked_for_once() {
        for status in [200, 429, 500] {
            let template =
                ResponseTemplate::new(status).set_body_string("told").insert_header("retry-after", "7");
            let server = answering(template).await;
            let answer = Http::new().unwrap().send(request(&format!("{}/send", server.uri()))).await.unwrap();
            assert_eq!((answer.status, &answer.body[..]), (status, &b"told"[..]));
            assert_eq!(answer.headers["retry-after"], "7");
        }
    }

    #[tokio::test]
    async fn a_redirect_is_an_answer_and_is_not_followed() {
        let server = answering(ResponseTemplate::new(302).insert_header("location", "/elsewhere")).await;
        let answer = Http::new().unwrap().send(request(&format!("{}/send", server.uri()))).await.unwrap();
        assert_eq!(answer.status, 302);
        assert_eq!(server.received_requests().await.unwrap().len(), 1);
    }

    #[tokio::test]
    async fn a_server_that_is_not_there_got_nothing() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        drop(listener);
        let error = Http::new().unwrap().send(request(&url)).await.unwrap_err();
        assert_eq!(error, HttpError::Connect);
        assert!(!error.may_have_arrived());
    }

    #[tokio::test]
    async fn a_server_that_stays_silent_may_have_acted() {
        let server = answering(ResponseTemplate::new(200).set_delay(Duration::from_secs(600))).await;
        let mut request = request(&format!("{}/send", server.uri()));
        request.timeout = Duration::from_millis(300);
        let error = Http::new().unwrap().send(request).await.unwrap_err();
        assert_eq!(error, HttpError::Timeout);
        assert!(error.may_have_arrived());
    }

    #[tokio::test]
    async fn an_answer_cut_short_is_broken() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let server = std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            assert!(stream.read(&mut [0; 1024]).unwrap() > 0);
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhalf").unwrap();
        });
        let error = Http::new().unwrap().send(request(&url)).await.unwrap_err();
        server.join().unwrap();
        assert_eq!(error, HttpError::Broken);
        assert!(error.may_have_arrived());
    }

    #[tokio::test]
    async fn an_answer_beyond_the_limit_is_not_read_to_its_end() {
        let server = answering(ResponseTemplate::new(200).set_body_bytes(vec![b'x'; ANSWER + 1])).await;
        let error = Http::new().unwrap().send(request(&format!("{}/send", server.uri()))).await.unwrap_err();
        assert_eq!(error, HttpError::TooLarge { limit: ANSWER });
    }

    #[derive(Clone, Default)]
    struct Shared(Arc<Mutex<Vec<u8>>>);

    impl Write for Shared {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    #[tokio::test]
    async fn a_log_line_tells_host_and_status_and_nothing_of_the_guest() {
        let server = MockServer::start().await;
        let arrived =
            Mock::given(header("authorization", "Bearer t0ken")).respond_with(ResponseTemplate::new(201));
        arrived.expect(1).mount(&server).await;
        let log = Shared::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::INFO)
            .with_writer(move || writer.clone());
        // With one subscriber alive, tracing lets whichever thread comes first decide for all whether a line is wanted.
        let _second = tracing::Dispatch::new(tracing_subscriber::registry());
        let _guard = tracing::subscriber::set_default(subscriber.finish());
        let mut request = request(&format!("{}/guests/Ruiz?To=%2B34600111222", server.uri()));
        request.headers.insert("authorization", secret_header(&"Bearer t0ken".into()).unwrap());
        Http::new().unwrap().send(request).await.unwrap();
        let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
        assert!(log.contains("127.0.0.1") && log.contains("201"), "{log}");
        for hidden in ["Ruiz", "34600111222", "t0ken", "towels"] {
            assert!(!log.contains(hidden), "{hidden} in {log}");
        }
    }
}
