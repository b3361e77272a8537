//! What preflight says of a video.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::Youtube;
use crate::rules::{self, Draft, DraftMedia, DraftPart};

/// The codes of everything that is wrong.
fn findings(text: &str, options: &Value, seconds: u64, limits: &Value) -> Vec<String> {
    let empty = Map::new();
    let media = DraftMedia {
        mime_type: "video/mp4",
        alt_text: "",
        bytes: 1_000_000,
        width: Some(1_920),
        height: Some(1_080),
        duration_ms: Some(seconds * 1_000),
    };
    let draft = Draft {
        format: None,
        parts: vec![DraftPart {
            text,
            media: vec![media],
        }],
        options: options.as_object().unwrap_or(&empty),
        attachments: BTreeMap::new(),
    };
    let checked = rules::check(&Youtube, limits, &draft);
    let name = |finding: rules::Finding| {
        format!("{} {}", finding.code, finding.option.unwrap_or_default())
            .trim()
            .to_owned()
    };
    checked.findings.into_iter().map(name).collect()
}

#[test]
fn a_video_needs_a_title_and_little_else() {
    let none = Value::Null;
    assert!(findings("", &json!({ "title": "Roasting" }), 60, &none).is_empty());
    assert_eq!(
        findings("", &json!({}), 60, &none),
        ["option_required title"]
    );
}

#[test]
fn what_youtube_would_refuse_is_found_before() {
    let with = |mut options: Value| {
        options["title"] = options
            .get("title")
            .cloned()
            .unwrap_or_else(|| json!("Roasting"));
        findings("Hello", &options, 60, &Value::Null)
    };
    assert_eq!(with(json!({ "title": "a < b" })), ["option_invalid title"]);
    assert_eq!(
        with(json!({ "title": "x".repeat(101) })),
        ["option_invalid title"]
    );
    assert_eq!(
        with(json!({ "tags": vec!["a tag with spaces"; 26] })),
        ["option_invalid tags"]
    );
    assert_eq!(
        with(json!({ "publishAt": "tomorrow" })),
        ["option_invalid publishAt"]
    );
    assert_eq!(
        with(json!({ "publishAt": "2027-01-01T00:00:00Z", "privacy": "unlisted" })),
        ["options_conflict publishAt"]
    );
    assert_eq!(
        with(json!({ "firstComment": "Hi", "madeForKids": true })),
        ["options_conflict firstComment"]
    );
    assert_eq!(
        findings("1 < 2", &json!({ "title": "x" }), 60, &Value::Null),
        ["text_invalid"]
    );
    assert_eq!(
        findings(
            &"ä".repeat(2_501),
            &json!({ "title": "x" }),
            60,
            &Value::Null
        )
        .first()
        .map(String::as_str),
        Some("text_too_long")
    );
}

#[test]
fn a_channel_that_is_not_verified_has_fifteen_minutes() {
    let title = json!({ "title": "x" });
    assert!(findings("", &title, 1_000, &Value::Null).is_empty());
    let limits = json!({ "longUploads": false });
    assert_eq!(findings("", &title, 1_000, &limits).len(), 1);
}
