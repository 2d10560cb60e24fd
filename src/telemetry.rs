//! Logs and metrics. Both hold ids, counts and durations; a guest's words, name or address must reach neither.

use metrics::{Unit, describe_counter, describe_gauge, describe_histogram};
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};
use std::io::IsTerminal;
use std::sync::{Mutex, PoisonError};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::ParseError;

/// Upper bounds of the histograms' buckets, in seconds: from one statement to one turn at its limit.
const SECONDS: &[f64] = &[0.005, 0.02, 0.1, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 45.0];

/// Requests to Bellhop. Labels: `route` (its pattern), `method`, `status`.
pub const HTTP_REQUESTS: &str = "bellhop_http_requests_total";
/// Duration of requests to Bellhop. Label: `route`.
pub const HTTP_REQUEST_SECONDS: &str = "bellhop_http_request_seconds";
/// Requests to vendors. Labels: `host`, `outcome` (a status, or `connect`, `timeout`, `broken`, `too_large`).
pub const HTTP_OUT: &str = "bellhop_http_out_total";
/// Duration of requests to vendors. Label: `host`.
pub const HTTP_OUT_SECONDS: &str = "bellhop_http_out_seconds";
/// Vendors' webhooks. Labels: `hook`, `outcome` (`stored`, `refused`, `failed`: not stored, the vendor must repeat it).
pub const WEBHOOKS: &str = "bellhop_webhooks_total";
/// Guests' messages stored. Label: `channel`.
pub const MESSAGES_IN: &str = "bellhop_messages_in_total";
/// What became of messages to guests. Labels: `channel`, `outcome`.
pub const MESSAGES_OUT: &str = "bellhop_messages_out_total";
/// Turns ended. Label: `outcome`.
pub const TURNS: &str = "bellhop_turns_total";
/// From the first unanswered message to the committed answer.
pub const TURN_SECONDS: &str = "bellhop_turn_seconds";
/// Calls of the model. Label: `outcome`.
pub const MODEL_CALLS: &str = "bellhop_model_calls_total";
/// Duration of calls of the model.
pub const MODEL_SECONDS: &str = "bellhop_model_seconds";
/// Tokens as the model counts them. Label: `kind` (`prompt`, `cached`, `completion`).
pub const MODEL_TOKENS: &str = "bellhop_model_tokens_total";
/// Effects by the state they ended in. Labels: `tool`, `state`.
pub const EFFECTS: &str = "bellhop_effects_total";
/// Effects that were done after they had been given up as surely not done. Label: `tool`.
pub const EFFECTS_SURFACED: &str = "bellhop_effects_surfaced_total";
/// 1 while calls to an account of an outside system are held back. Label: `account`.
pub const BREAKER_OPEN: &str = "bellhop_breaker_open";
/// Hand-offs to staff. Label: `kind`.
pub const ESCALATIONS: &str = "bellhop_escalations_total";
/// Guests who waited too long for an answer. Label: `outcome` (`told` that it takes longer, `staff` called).
pub const KEPT_WAITING: &str = "bellhop_kept_waiting_total";
/// Bells carried between nodes. Label: `way` (`told`, `heard`).
pub const BELLS: &str = "bellhop_bells_total";
/// Work that is due and not yet begun. Label: `queue` (`turns`, `outbox`).
pub const DUE: &str = "bellhop_due";

/// How log lines look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Text,
    Json,
}

/// Telemetry could not be set up.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryProblem {
    #[error("RUST_LOG cannot be read: {0}")]
    Filter(#[from] ParseError),
    #[error("logs are set up already")]
    AlreadySet,
    #[error("metrics cannot be recorded: {0}")]
    Metrics(#[from] BuildError),
}

/// Sends log lines to standard error; `filter` is in the form of `RUST_LOG`.
pub fn init_logs(filter: &str, format: Format) -> Result<(), TelemetryProblem> {
    let filter = EnvFilter::try_new(filter)?;
    let lines = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr);
    let set = match format {
        Format::Text => lines.try_init(),
        Format::Json => lines.json().flatten_event(true).try_init(),
    };
    set.map_err(|_| TelemetryProblem::AlreadySet)
}

/// What `/metrics` shows; cheap to clone.
#[derive(Clone)]
pub struct Metrics(PrometheusHandle);

impl Metrics {
    /// The process's one recorder; asked again, it gives the same.
    pub fn install() -> Result<Self, TelemetryProblem> {
        static INSTALLED: Mutex<Option<Metrics>> = Mutex::new(None);
        let mut installed = INSTALLED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(metrics) = &*installed {
            return Ok(metrics.clone());
        }
        let handle = PrometheusBuilder::new().set_buckets(SECONDS)?.install_recorder()?;
        describe();
        Ok(installed.insert(Metrics(handle)).clone())
    }

    /// The text format of Prometheus.
    pub fn render(&self) -> String {
        self.0.run_upkeep();
        self.0.render()
    }
}

fn describe() {
    describe_counter!(HTTP_REQUESTS, "Requests to Bellhop");
    describe_histogram!(HTTP_REQUEST_SECONDS, Unit::Seconds, "Duration of requests to Bellhop");
    describe_counter!(HTTP_OUT, "Requests to vendors");
    describe_histogram!(HTTP_OUT_SECONDS, Unit::Seconds, "Duration of requests to vendors");
    describe_counter!(WEBHOOKS, "Vendors' webhooks");
    describe_counter!(MESSAGES_IN, "Guests' messages stored");
    describe_counter!(MESSAGES_OUT, "What became of messages to guests");
    describe_counter!(TURNS, "Turns ended");
    describe_histogram!(
        TURN_SECONDS,
        Unit::Seconds,
        "From the first unanswered message to the committed answer"
    );
    describe_counter!(MODEL_CALLS, "Calls of the model");
    describe_histogram!(MODEL_SECONDS, Unit::Seconds, "Duration of calls of the model");
    describe_counter!(MODEL_TOKENS, "Tokens as the model counts them");
    describe_counter!(EFFECTS, "Effects by the state they ended in");
    describe_gauge!(BREAKER_OPEN, "1 while calls to an account of an outside system are held back");
    describe_counter!(EFFECTS_SURFACED, "Effects that were done after they had been given up");
    describe_counter!(ESCALATIONS, "Hand-offs to staff");
    describe_counter!(KEPT_WAITING, "Guests who waited too long for an answer");
    describe_counter!(BELLS, "Bells carried between nodes");
    describe_gauge!(DUE, "Work that is due and not yet begun");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_counted_is_shown_with_its_meaning_and_its_buckets() {
        Metrics::install().unwrap();
        metrics::counter!(TURNS, "outcome" => "of this test").increment(2);
        metrics::histogram!(MODEL_SECONDS, "outcome" => "of this test").record(0.3);
        let text = Metrics::install().unwrap().render();
        assert!(text.contains("# HELP bellhop_turns_total Turns ended"), "{text}");
        assert!(text.contains("bellhop_turns_total{outcome=\"of this test\"} 2"), "{text}");
        assert!(
            text.contains("bellhop_model_seconds_bucket{outcome=\"of this test\",le=\"0.5\"} 1"),
            "{text}"
        );
    }

    #[test]
    fn a_filter_that_is_none_is_refused() {
        assert!(matches!(init_logs("bellhop=loud", Format::Text), Err(TelemetryProblem::Filter(_))));
    }
}
