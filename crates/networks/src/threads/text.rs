//! How Threads counts, and what it refuses beside lengths: posts, "Limitations", "Topic tags",
//! "Links"; create-posts/polls.

use serde_json::Value;
use unicode_segmentation::UnicodeSegmentation;

use crate::rules::{Draft, Finding};

/// Characters: "emojis are counted as the number of UTF-8 bytes".
pub(super) fn count(text: &str) -> usize {
    text.graphemes(true)
        .map(|cluster| {
            if cluster.chars().any(is_emoji) {
                cluster.len()
            } else {
                cluster.chars().count()
            }
        })
        .sum()
}

/// Whether a character makes an emoji of the cluster it is in: those that are always shown as
/// one, and the sign that asks for it (U+FE0F).
const fn is_emoji(c: char) -> bool {
    matches!(
        c,
        '\u{1f000}'..='\u{1faff}' | '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}' | '\u{fe0f}'
    )
}

/// What is wrong by Threads' own rules.
pub(super) fn check(draft: &Draft<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let said = |key: &str| {
        draft
            .options
            .get(key)
            .filter(|value| !value.is_null() && value.as_str() != Some(""))
    };
    let has_files = draft
        .parts
        .first()
        .is_some_and(|part| !part.media.is_empty());
    for (key, name) in [("poll", "A poll"), ("link", "A link preview")] {
        if has_files && said(key).is_some() {
            findings.push(Finding::option(
                "only_without_files",
                key,
                format!(
                    "{name} can't stand beside files on Threads. Please remove one or the other."
                ),
            ));
        }
    }
    if said("poll").is_some() && said("link").is_some() {
        findings.push(Finding::option(
            "poll_and_link",
            "link",
            "A post on Threads has a poll or a link preview, not both.",
        ));
    }
    if said("topic")
        .and_then(Value::as_str)
        .is_some_and(|topic| topic.contains(['.', '&']))
    {
        findings.push(Finding::option(
            "topic_characters",
            "topic",
            "A topic on Threads can't have a period or an ampersand.",
        ));
    }
    if said("firstComment")
        .and_then(Value::as_str)
        .is_some_and(|comment| count(comment) > super::MAX_CHARACTERS)
    {
        findings.push(Finding::option(
            "first_comment_too_long",
            "firstComment",
            "The first comment has more than 500 characters. On Threads, an emoji counts as several.",
        ));
    }
    findings
}
