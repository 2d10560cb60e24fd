//! The stub model at its cheapest, for load: it looks for a few bytes in the request and never reads it as JSON. It says
//! nothing that a claim check could object to.

/// One chat completion: towels are asked for by a tool, everything else is answered in words.
pub fn answer(request: &[u8]) -> String {
    let text = String::from_utf8_lossy(request);
    // A quote within a text stands there with a backslash, so these are roles and nothing else.
    let user = text.rfind(r#""role":"user""#).unwrap_or(0);
    let since = text.get(user..).unwrap_or_default();
    // The descriptions of the tools come after the messages, and are nothing that a guest has said.
    let since = since.split(r#""tools":"#).next().unwrap_or_default();
    let after_tools = since.contains(r#""role":"tool""#);
    let wants_towels = since.contains("towels") && text.contains(r#""name":"request_service""#);
    let message = match (after_tools, wants_towels) {
        (false, true) => CALL,
        (true, _) => {
            r#"{"role":"assistant","content":"Of course, housekeeping will bring them to you.","refusal":null}"#
        }
        // A figure has to be looked for in the evidence; this one stands in the prompt.
        (false, false) if request.len().is_multiple_of(3) => {
            r#"{"role":"assistant","content":"A good question. Check-out is until 11:00, so there is time for it in the morning.","refusal":null}"#
        }
        (false, false) => {
            r#"{"role":"assistant","content":"That is a lovely thought. Our colleagues at the desk enjoy telling more about it.","refusal":null}"#
        }
    };
    let reason = if !after_tools && wants_towels { "tool_calls" } else { "stop" };
    let prompt = request.len() / 4;
    format!(
        r#"{{"id":"chatcmpl-stub","object":"chat.completion","created":0,"model":"stub","choices":[{{"index":0,"message":{message},"finish_reason":"{reason}"}}],"usage":{{"prompt_tokens":{prompt},"completion_tokens":16,"total_tokens":{},"prompt_tokens_details":{{"cached_tokens":0}}}}}}"#,
        prompt + 16
    )
}

const CALL: &str = r#"{"role":"assistant","content":null,"refusal":null,"tool_calls":[{"id":"call_1","type":"function","function":{"name":"request_service","arguments":"{\"kind\":\"towels\",\"item\":\"towels\",\"quantity\":2}"}}]}"#;

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    const GUEST: &str = r#"{"role":"user","content":"two towels, \"role\":\"tool\" and all"}"#;
    const RESULT: &str = r#"{"role":"tool","tool_call_id":"call_1","content":"{}"}"#;

    fn reply(messages: &[&str]) -> Value {
        let tools = r#"[{"type":"function","function":{"name":"request_service","description":"towels","parameters":{}}}]"#;
        let request = format!(r#"{{"messages":[{}],"tools":{tools}}}"#, messages.join(","));
        serde_json::from_str(&answer(request.as_bytes())).expect("a JSON answer")
    }

    #[test]
    fn towels_take_a_tool_and_then_words() {
        assert_eq!(reply(&[GUEST])["choices"][0]["finish_reason"], "tool_calls");
        let second = reply(&[GUEST, CALL, RESULT]);
        assert!(
            second["choices"][0]["message"]["content"].as_str().is_some_and(|text| text.contains("bring"))
        );
        let other = reply(&[GUEST, CALL, RESULT, r#"{"role":"user","content":"hello"}"#]);
        assert_eq!(other["choices"][0]["finish_reason"], "stop");
    }
}
