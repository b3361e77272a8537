//! What preflight says of a post.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::{
    bluesky::{Bluesky, link::PostLink},
    rules::{self, Draft, DraftMedia, DraftPart, Severity},
};

fn findings(files: &[&str], options: &Value) -> Vec<String> {
    let media = files
        .iter()
        .map(|mime_type| DraftMedia {
            mime_type,
            alt_text: "described",
            bytes: 1_000_000,
            width: Some(1_080),
            height: Some(1_920),
            duration_ms: mime_type.starts_with("video/").then_some(600_000),
        })
        .collect();
    let file = DraftMedia {
        mime_type: "text/vtt",
        alt_text: "",
        bytes: 100,
        width: None,
        height: None,
        duration_ms: None,
    };
    let draft = Draft {
        format: None,
        parts: vec![DraftPart {
            text: "Hello",
            media,
        }],
        options: options.as_object().unwrap(),
        attachments: BTreeMap::from([("captions", file)]),
    };
    let name = |finding: rules::Finding| {
        let warns = if finding.severity == Severity::Warning {
            "?"
        } else {
            ""
        };
        format!(
            "{}{warns} {}",
            finding.code,
            finding.option.unwrap_or_default()
        )
        .trim()
        .to_owned()
    };
    let checked = rules::check(&Bluesky, &Value::Null, &draft);
    checked.findings.into_iter().map(name).collect()
}

#[test]
fn what_bluesky_takes_is_fine() {
    let none: [&str; 0] = [];
    let image = "image/jpeg";
    assert_eq!(findings(&[image; 10], &json!({})), none);
    let options = json!({
        "replyControl": "nobody",
        "noQuotes": true,
        "contentWarning": "porn",
        "languages": ["en", "zh-Hant"],
        "tags": ["#tea"],
        "quote": "https://bsky.app/profile/alice.bsky.social/post/3kabcdefghijk",
        "captions": "an id",
        "captionsLanguage": "en",
    });
    assert_eq!(findings(&["video/mp4"], &options), none);
    let options = json!({
        "replyControl": "everyone",
        "replyTo": "at://did:plc:abc/app.bsky.feed.post/3kabcdefghijk",
        "link": "https://example.org",
    });
    assert_eq!(findings(&[], &options), none);
}

#[test]
fn what_bluesky_would_refuse_is_found_before() {
    let one = |files: &[&str], options: Value| {
        let found = findings(files, &options);
        assert_eq!(found.len(), 1, "{options}: {found:?}");
        found[0].clone()
    };
    assert_eq!(one(&["image/jpeg"; 11], json!({})), "too_many_files");
    assert_eq!(one(&["image/jpeg", "video/mp4"], json!({})), "mixed_media");
    assert_eq!(one(&["video/mp4"; 2], json!({})), "too_many_videos");
    assert_eq!(
        one(&[], json!({ "quote": "https://example.org" })),
        "not_a_post quote"
    );
    assert_eq!(
        one(&[], json!({ "replyTo": "hello" })),
        "not_a_post replyTo"
    );
    let post = "https://bsky.app/profile/alice.bsky.social/post/3kabcdefghijk";
    assert_eq!(
        one(&[], json!({ "replyTo": post, "replyControl": "nobody" })),
        "reply_control_of_reply replyControl"
    );
    assert_eq!(
        one(&["image/png"], json!({ "link": "https://example.org" })),
        "link_with_media link"
    );
    assert_eq!(
        one(&["image/png"], json!({ "captions": "an id" })),
        "captions_without_video captions"
    );
    assert_eq!(
        one(&[], json!({ "contentWarning": "nudity" })),
        "nothing_to_hide? contentWarning"
    );
    for language in ["english language", "e", "en_US"] {
        assert_eq!(
            one(&[], json!({ "languages": [language] })),
            "option_invalid languages",
            "{language}"
        );
    }
    assert_eq!(
        one(&[], json!({ "tags": ["x".repeat(65)] })),
        "option_invalid tags"
    );
    assert_eq!(one(&[], json!({ "tags": ["#"] })), "option_invalid tags");
}

#[test]
fn addresses_of_posts_are_read() {
    let reads = |text: &str| text.parse::<PostLink>().is_ok();
    for good in [
        "https://bsky.app/profile/alice.bsky.social/post/3kabcdefghijk",
        " https://bsky.app/profile/did:plc:abc/post/3kabcdefghijk/?ref=x ",
        "at://alice.test/app.bsky.feed.post/3kabcdefghijk",
        "at://did:web:example.org/app.bsky.feed.post/x",
    ] {
        assert!(reads(good), "{good}");
    }
    for bad in [
        "",
        "https://bsky.app/profile/alice.bsky.social",
        "https://bsky.app/profile/alice.bsky.social/feed/3kabcdefghijk",
        "https://bsky.app/profile/alice/post/3kabcdefghijk",
        "https://bsky.app/profile/alice.bsky.social/post/a%20b",
        "at://alice.test/app.bsky.feed.like/3kabcdefghijk",
        "ftp://bsky.app/profile/alice.bsky.social/post/3kabcdefghijk",
    ] {
        assert!(!reads(bad), "{bad}");
    }
}
