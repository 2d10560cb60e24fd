//! The guest chat's script: its parts joined into the one that a hotel pastes into its site. It knows no conversation.

use super::assets;
use super::error::WebError;
use super::state::Web;
use axum::Router;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use axum::routing::get;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

/// In this order they share one scope; `base.js` says what the script offers to a page.
const PARTS: [&str; 10] = [
    include_str!("assets/widget/texts.js"),
    include_str!("assets/widget/style.js"),
    include_str!("assets/widget/base.js"),
    include_str!("assets/widget/wire.js"),
    include_str!("assets/widget/chat.js"),
    include_str!("assets/widget/link.js"),
    include_str!("assets/widget/parts.js"),
    include_str!("assets/widget/thread.js"),
    include_str!("assets/widget/view.js"),
    include_str!("assets/widget/main.js"),
];

struct Script {
    text: String,
    fingerprint: String,
}

static SCRIPT: LazyLock<Script> = LazyLock::new(|| {
    let text = join(&PARTS);
    let fingerprint = URL_SAFE_NO_PAD.encode(&Sha256::digest(&text)[..12]);
    Script { text, fingerprint }
});

pub fn routes() -> Router<Web> {
    Router::new().route("/widget.js", get(script))
}

async fn script(headers: HeaderMap) -> Result<Response, WebError> {
    // Its address never changes, so a hotel's guests have a new version after ten minutes.
    let keep = "public, max-age=600";
    let kind = "text/javascript; charset=utf-8";
    let mut response = assets::kept(SCRIPT.text.as_str(), kind, &SCRIPT.fingerprint, keep, &headers)?;
    // For pages that load it with `crossorigin`.
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    Ok(response)
}

/// One function around all parts, so that a page sees nothing of them but what they put on `window`.
fn join(parts: &[&str]) -> String {
    let mut text = "(() => {\n\"use strict\";\n".to_owned();
    for line in parts.iter().flat_map(|part| part.lines()).filter(|line| !is_comment(line)) {
        text.push_str(line.trim_start());
        text.push('\n');
    }
    text.push_str("})();\n");
    text
}

/// A line that only explains: guests need not load it. The inner lines of a block begin with a blank and a star; a rule
/// for all elements, at the beginning of a line of the style sheet, does not.
fn is_comment(line: &str) -> bool {
    let text = line.trim_start();
    text.starts_with("//")
        || text.starts_with("/**")
        || (line.starts_with(' ') && (text.starts_with("* ") || text.starts_with("*/")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::to_bytes;
    use axum::http::StatusCode;

    #[test]
    fn the_parts_become_one_function_without_comments() {
        let joined =
            join(&["// why\nconst a = 1; // kept\n", "/**\n * what\n */\n  const b = `\n* { c }`;\n"]);
        assert_eq!(
            joined,
            "(() => {\n\"use strict\";\nconst a = 1; // kept\nconst b = `\n* { c }`;\n})();\n"
        );
    }

    #[test]
    fn no_part_is_forgotten() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/web/assets/widget");
        assert_eq!(std::fs::read_dir(folder).unwrap().count(), PARTS.len());
    }

    #[tokio::test]
    async fn any_page_may_load_it_and_loads_it_once() {
        let first = script(HeaderMap::new()).await.unwrap();
        assert_eq!(first.headers()[header::CONTENT_TYPE], "text/javascript; charset=utf-8");
        assert_eq!(first.headers()["cross-origin-resource-policy"], "cross-origin");
        let tag = first.headers()[header::ETAG].clone();
        let body = to_bytes(first.into_body(), usize::MAX).await.unwrap();
        assert!(String::from_utf8_lossy(&body).contains("window.Bellhop = "));
        let again = script(HeaderMap::from_iter([(header::IF_NONE_MATCH, tag)])).await.unwrap();
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        assert!(to_bytes(again.into_body(), usize::MAX).await.unwrap().is_empty());
    }
}
