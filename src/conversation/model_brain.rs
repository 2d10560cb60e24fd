//! The language model's part: it words the answer and proposes tool calls. It is given what it may know, and what it
//! says is checked before anyone hears it.

use super::brain::call_tool;
use super::claims::{self, Verdict};
use super::context::{self, HistoryLine};
use super::evidence;
use super::prompt::{self, Rendered};
use super::prompt_input::TurnFacts;
use super::ready::ReadyPrompt;
use super::turn::{Turn, TurnError};
use crate::channels;
use crate::domain::message::Author;
use crate::domain::opt_out;
use crate::llm::{ChatMessage, Model, ModelAnswer, ModelError, ModelRequest, ToolCall};
use crate::store::DbError;
use crate::store::versions::prompt_failures;
use crate::telemetry;
use crate::tools::{self, Outcome, Tool};
use serde_json::{Value, json};
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Most tool calls that one answer of the model may propose.
const CALLS_PER_ROUND: usize = 4;

/// How long an answer may take without a hint that it is being written.
const A_MOMENT: Duration = Duration::from_millis(250);

/// Why the model's answer cannot be used, and what its tools have done by then.
pub(super) struct Failed {
    pub why: &'static str,
    pub outcomes: Vec<Outcome>,
}

/// `deadline`: of all models of this turn together; it begins to run with the first call, once the prompt is made.
pub(super) async fn answer(
    turn: &mut Turn<'_>,
    model: &dyn Model,
    deadline: &mut Option<Instant>,
) -> Result<Result<(), Failed>, TurnError> {
    let offered = tools::offered(&turn.tool_cx());
    let (rendered, broken) = prompt(turn, &offered);
    for (version, why) in broken {
        note_failure(turn, version, why).await?;
    }
    let Some((rendered, version)) = rendered else {
        return Ok(Err(Failed { why: "prompt", outcomes: Vec::new() }));
    };
    turn.draft.note(json!({ "brain": model.name(), "prompt_version": version }));
    let request = request(turn, &rendered.rendered, version, &offered);
    let deadline = *deadline.get_or_insert_with(|| Instant::now() + turn.engine.limits.turn);
    let mut talk = Talk { request, outcomes: Vec::new(), deadline };
    let text = match talk.run(turn, model).await? {
        Ok(text) => text,
        Err(why) => return Ok(Err(Failed { why, outcomes: talk.outcomes })),
    };
    for outcome in &talk.outcomes {
        turn.draft.consequences(outcome);
    }
    if stops_messages(turn) && opt_out::invites_opt_out(&text) {
        return Ok(Err(Failed { why: "stop_word", outcomes: talk.outcomes }));
    }
    let evidence = evidence::collect(turn, &rendered, &talk.outcomes);
    match claims::check(&text, &evidence) {
        Verdict::Clean => {
            turn.draft.text(text);
            // That staff were called, or that something is not known yet, is said by Bellhop itself, whatever the model
            // has worded.
            let own =
                |outcome: &&Outcome| matches!(outcome, Outcome::HandOff { .. } | Outcome::Pending { .. });
            for outcome in talk.outcomes.iter().filter(own) {
                turn.draft.say(outcome.say().clone());
            }
            Ok(Ok(()))
        }
        Verdict::Objection(claims) => {
            turn.draft.note(json!({ "claims_without_evidence": claims.len() }));
            Ok(Err(Failed { why: "claims", outcomes: talk.outcomes }))
        }
    }
}

/// Whether a guest who is told to answer CANCEL would be cut off by the carrier.
fn stops_messages(turn: &Turn<'_>) -> bool {
    channels::by_name(&turn.conversation.channel).is_some_and(|channel| channel.capability().opt_out_words)
}

/// Versions that did not render, and why.
type Broken = Vec<(i64, String)>;

/// The live prompt, or the one before it if the live one fails; and those that failed, with the reason.
fn prompt(turn: &Turn<'_>, offered: &[&'static dyn Tool]) -> (Option<(Arc<ReadyPrompt>, i64)>, Broken) {
    let tools: Vec<String> = offered.iter().map(|tool| tool.name().to_owned()).collect();
    let stay = turn.stay.as_ref().map(|stay| stay.get());
    let facts = TurnFacts {
        now: turn.engine.clock.now(),
        channel: &turn.conversation.channel,
        guest_first_name: stay.map(|stay| stay.first_name.as_str()),
        stay,
        proof: turn.conversation.proof,
        tools: &tools,
    };
    let hotel = &turn.book.hotel;
    let versions = [turn.book.prompt.as_ref(), turn.book.prompt_before.as_ref()];
    let mut broken = Vec::new();
    for version in versions.into_iter().flatten() {
        match turn.ready.render(version.version, &version.content, hotel, &facts) {
            Ok(rendered) => return (Some((rendered, version.version)), broken),
            Err(error) => {
                tracing::error!(property = %turn.book.hotel.id, version = version.version, %error, "the published prompt fails");
                broken.push((version.version, error.to_string()));
            }
        }
    }
    (turn.ready.render(0, prompt::DEFAULT, hotel, &facts).ok().map(|rendered| (rendered, 0)), broken)
}

/// For the manager, whom the console tells; the guest is answered all the same.
async fn note_failure(turn: &Turn<'_>, version: i64, why: String) -> Result<(), TurnError> {
    let (property, now) = (turn.book.hotel.id, turn.engine.clock.now());
    turn.engine
        .db
        .write::<_, DbError, _>(move |tx| {
            Box::pin(async move { prompt_failures::note(tx, property, version, &why, now).await })
        })
        .await?;
    Ok(())
}

fn request(
    turn: &Turn<'_>,
    rendered: &Rendered,
    version: i64,
    offered: &[&'static dyn Tool],
) -> ModelRequest {
    let mut messages = rendered.messages();
    let lines: Vec<HistoryLine> = turn
        .history
        .iter()
        .filter(|message| message.seq <= turn.burst_end || message.author != Author::Guest)
        .map(|message| HistoryLine {
            author: message.author,
            private: message.private,
            staff_name: None,
            text: message.text.clone(),
            tokens: message.tokens,
        })
        .collect();
    messages.extend(context::fit(&lines, turn.engine.limits.context_tokens));
    if !turn.draft.parts.is_empty() {
        let told = turn.draft.parts.join("\n");
        messages.push(ChatMessage::System(format!(
            "The hotel's system has already done and will say this; do not repeat it and do not do it again, answer only \
             what is left:\n{told}"
        )));
    }
    ModelRequest {
        messages,
        tools: turn.ready.specs(offered),
        max_completion_tokens: turn.engine.limits.completion_tokens,
        cache_key: format!("{}-p{version}", turn.book.hotel.id),
        timeout: turn.engine.limits.call,
    }
}

/// Guests see that an answer is being written once it takes a moment: a hint before an answer that is there at once would
/// only flicker.
async fn typing_meanwhile<T>(turn: &Turn<'_>, asked: impl Future<Output = T>) -> T {
    let mut asked = pin!(asked);
    tokio::select! {
        biased;
        answer = &mut asked => return answer,
        () = tokio::time::sleep(A_MOMENT) => turn.shows_typing(),
    }
    asked.await
}

fn record(answer: &Result<ModelAnswer, ModelError>, took: Duration) {
    let outcome = answer.as_ref().map_or_else(ModelError::code, |_| "answered");
    metrics::counter!(telemetry::MODEL_CALLS, "outcome" => outcome).increment(1);
    metrics::histogram!(telemetry::MODEL_SECONDS).record(took);
    if let Ok(answer) = answer {
        let usage = answer.usage;
        for (kind, tokens) in
            [("prompt", usage.prompt), ("cached", usage.cached), ("completion", usage.completion)]
        {
            metrics::counter!(telemetry::MODEL_TOKENS, "kind" => kind).increment(u64::from(tokens));
        }
    }
}

/// The rounds between model and tools.
struct Talk {
    request: ModelRequest,
    outcomes: Vec<Outcome>,
    deadline: Instant,
}

impl Talk {
    /// The final text, or why there is none. Tools that run are never cut off; only the model is waited for no longer.
    async fn run(
        &mut self,
        turn: &mut Turn<'_>,
        model: &dyn Model,
    ) -> Result<Result<String, &'static str>, TurnError> {
        for round in 0..=turn.engine.limits.rounds {
            let left = self.deadline.saturating_duration_since(Instant::now());
            if left < Duration::from_millis(200) {
                return Ok(Err("too slow"));
            }
            self.request.timeout = turn.engine.limits.call.min(left);
            let begun = Instant::now();
            let answer = typing_meanwhile(turn, model.complete(&self.request)).await;
            record(&answer, begun.elapsed());
            let answer = match answer {
                Ok(answer) => answer,
                Err(error) => {
                    tracing::warn!(turn = %turn.id, error = error.code(), "the model gave no answer");
                    return Ok(Err(error.code()));
                }
            };
            if answer.truncated {
                return Ok(Err("truncated"));
            }
            if answer.calls.is_empty() {
                return Ok(answer.text.ok_or("empty"));
            }
            if round == turn.engine.limits.rounds {
                return Ok(Err("too many rounds"));
            }
            self.round(turn, answer).await?;
        }
        Ok(Err("too many rounds"))
    }

    async fn round(&mut self, turn: &mut Turn<'_>, answer: ModelAnswer) -> Result<(), TurnError> {
        let calls: Vec<ToolCall> = answer.calls.into_iter().take(CALLS_PER_ROUND).collect();
        self.request.messages.push(ChatMessage::Assistant { text: answer.text, calls: calls.clone() });
        for call in calls {
            let content = self.call(turn, &call).await?;
            self.request.messages.push(ChatMessage::Tool { call_id: call.id, content: content.to_string() });
        }
        Ok(())
    }

    async fn call(&mut self, turn: &mut Turn<'_>, call: &ToolCall) -> Result<Value, TurnError> {
        let raw = if call.arguments.trim().is_empty() { "{}" } else { call.arguments.as_str() };
        let Ok(arguments) = serde_json::from_str::<Value>(raw) else {
            turn.draft.note(json!({ "tool": call.name, "result": "arguments are no JSON" }));
            return Ok(
                json!({ "result": "refused", "why": "bad_arguments", "say": "The arguments are not valid JSON." }),
            );
        };
        let outcome = call_tool(turn, &call.name, arguments).await?;
        // The offer counts from here on, so that a second one waits.
        if let Outcome::Quote { effect, .. } = &outcome {
            turn.draft.quote = Some(effect.clone());
        }
        let content = outcome.for_model();
        self.outcomes.push(outcome);
        Ok(content)
    }
}
