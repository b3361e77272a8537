//! What preflight says of a post.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::Tiktok;
use crate::rules::{self, Draft, DraftMedia, DraftPart};

fn findings(text: &str, files: usize, mime_type: &str, options: &Value) -> Vec<String> {
    let seconds = if mime_type.starts_with("video/") {
        Some(30_000)
    } else {
        None
    };
    let file = DraftMedia {
        mime_type,
        alt_text: "",
        bytes: 1_000_000,
        width: Some(1_080),
        height: Some(1_920),
        duration_ms: seconds,
    };
    let draft = Draft {
        format: None,
        parts: vec![DraftPart {
            text,
            media: vec![file; files],
        }],
        options: options.as_object().unwrap(),
        attachments: BTreeMap::new(),
    };
    let name = |finding: rules::Finding| {
        format!("{} {}", finding.code, finding.option.unwrap_or_default())
            .trim()
            .to_owned()
    };
    let checked = rules::check(&Tiktok, &json!({ "maxSeconds": 300 }), &draft);
    checked.findings.into_iter().map(name).collect()
}

#[test]
fn who_can_see_it_must_be_chosen() {
    let everybody = json!({ "privacy": "PUBLIC_TO_EVERYONE" });
    assert!(findings("", 1, "video/mp4", &everybody).is_empty());
    assert!(findings("Cups", 35, "image/jpeg", &everybody).is_empty());
    assert_eq!(
        findings("", 1, "video/mp4", &json!({})),
        ["option_required privacy"]
    );
}

#[test]
fn what_tiktok_would_refuse_is_found_before() {
    let with = |mut options: Value| {
        let privacy = options.get("privacy").cloned();
        options["privacy"] = privacy.unwrap_or_else(|| json!("PUBLIC_TO_EVERYONE"));
        findings("Hello", 1, "video/mp4", &options)
    };
    assert_eq!(
        with(json!({ "privacy": "SELF_ONLY", "paidPartnership": true })),
        ["options_conflict paidPartnership"]
    );
    assert_eq!(
        with(json!({ "coverSecond": "soon" })),
        ["option_invalid coverSecond"]
    );
    let everybody = json!({ "privacy": "PUBLIC_TO_EVERYONE" });
    // 2,200 units of UTF-16, of which an emoji has two.
    assert!(findings(&"🎉".repeat(1_100), 1, "video/mp4", &everybody).is_empty());
    assert_eq!(
        findings(&"🎉".repeat(1_101), 1, "video/mp4", &everybody),
        ["text_too_long"]
    );
    let cover = json!({ "privacy": "PUBLIC_TO_EVERYONE", "coverPhoto": "4" });
    assert_eq!(
        findings("", 3, "image/jpeg", &cover),
        ["option_invalid coverPhoto"]
    );
    assert_eq!(findings("", 36, "image/jpeg", &everybody).len(), 1);
}
