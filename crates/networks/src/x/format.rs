//! What can be published, and X's own rules: docs.x.com and the OpenAPI 2.167.

use serde_json::Value;

use super::{media, publish, text};
use crate::{
    descriptor::{
        Aspect, Choice, Counting, Format, ImageRules, MediaRules, OptionField, OptionKind,
        TextRules, VideoRules,
    },
    rules::{Draft, Field, Finding},
};

/// Characters of a post: docs.x.com/fundamentals/counting-characters.
const CHARACTERS: usize = 280;
/// Characters of a post of an account with a subscription: changelog of 20 August 2024.
const LONG_CHARACTERS: usize = 25_000;
/// X names no limit for a thread; a longer one is hardly meant.
const MAX_PARTS: usize = 25;

/// The one format there is, for an account with this subscription: `subscription_type` of the
/// OpenAPI.
pub(super) fn of(subscription: &str) -> Format {
    let max_characters = if subscription == "None" {
        CHARACTERS
    } else {
        LONG_CHARACTERS
    };
    Format {
        id: "post",
        name: "Post",
        text: TextRules {
            url_length: Some(text::LINK_LENGTH),
            ..TextRules::up_to(max_characters, Counting::Weighted)
        },
        media: MediaRules {
            max: 4,
            max_videos: 1,
            images: Some(IMAGES),
            videos: Some(VIDEOS),
            max_alt_characters: Some(1_000),
            ..MediaRules::default()
        },
        max_parts: MAX_PARTS,
        options: vec![
            OptionField::new(
                "replySettings",
                "Who can reply",
                "",
                OptionKind::Choice {
                    choices: Choice::list(&[
                        ("everyone", "Everyone"),
                        ("following", "Accounts you follow"),
                        ("verified", "Verified accounts"),
                        ("subscribers", "Your subscribers"),
                        ("mentionedUsers", "Only accounts you mention"),
                    ]),
                    default: Some("everyone"),
                },
            ),
            OptionField::new(
                "poll",
                "Poll",
                "In the first post, in place of media.",
                OptionKind::Poll {
                    min_choices: 2,
                    max_choices: 4,
                    max_characters: 25,
                    minutes: vec![5, 7 * 24 * 60],
                    any_duration: true,
                    multiple: false,
                },
            ),
            OptionField::new(
                "quote",
                "Post to quote",
                "The address of a post on X. X lets only enterprise apps quote.",
                OptionKind::Link,
            ),
            OptionField::new(
                "replyTo",
                "Post to reply to",
                "The address of a post on X whose author mentioned or quoted this account.",
                OptionKind::Link,
            ),
            OptionField::new(
                "firstComment",
                "First comment",
                "Published as a reply, right after the post.",
                OptionKind::Text {
                    max_characters,
                    multiline: true,
                },
            ),
            OptionField::new(
                "madeWithAi",
                "Made with AI",
                "Tells readers that its media were made with AI.",
                OptionKind::Switch { default: false },
            ),
            OptionField::new(
                "paidPartnership",
                "Paid partnership",
                "Tells readers that it is paid promotion.",
                OptionKind::Switch { default: false },
            ),
        ],
    }
}

/// docs.x.com/x-api/media/quickstart/best-practices
pub(super) const IMAGES: ImageRules = ImageRules {
    types: &["image/jpeg", "image/png", "image/webp", "image/gif"],
    max_bytes: 5 << 20,
    max_side: 8_192,
    min_side: 4,
    aspect: None,
};

/// docs.x.com/x-api/media/quickstart/best-practices
pub(super) const VIDEOS: VideoRules = VideoRules {
    types: &["video/mp4", "video/quicktime"],
    video_codecs: &["h264"],
    audio_codecs: &["aac"],
    max_bytes: 512 << 20,
    min_seconds: 1,
    max_seconds: 140,
    min_side: 32,
    max_side: 1_920,
    max_frame_rate: 60,
    aspect: Some(Aspect {
        min: 1.0 / 3.0,
        max: 3.0,
    }),
};

/// What X's own rules say of a post: the OpenAPI's `CreatePostsRequest`, and the restrictions in
/// docs.x.com/x-api/posts/manage-tweets/integrate.
pub(super) fn check(format: &Format, draft: &Draft<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let said = |key: &str| draft.options.get(key).is_some_and(|value| !value.is_null());
    let has_media = draft
        .parts
        .first()
        .is_some_and(|part| !part.media.is_empty());
    if said("poll") && has_media {
        findings.push(Finding::option(
            "poll_with_media",
            "poll",
            "A poll on X can't have images or a video. Please remove one of them.",
        ));
    }
    let quoted = draft
        .options
        .get("quote")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if !quoted.trim().is_empty() && (has_media || said("poll")) {
        findings.push(Finding::option(
            "quote_with_media",
            "quote",
            "A post on X that quotes another can have neither media nor a poll. Please remove one of them.",
        ));
    }
    for key in ["quote", "replyTo"] {
        let address = draft
            .options
            .get(key)
            .and_then(Value::as_str)
            .unwrap_or_default();
        if !address.trim().is_empty() && publish::post_id(address).is_none() {
            findings.push(Finding::option(
                "not_a_post",
                key,
                "That is not the address of a post on X. It should look like https://x.com/name/status/1234567890.",
            ));
        }
    }
    if let Some(comment) = draft.options.get("firstComment").and_then(Value::as_str) {
        let characters = text::count(comment.trim());
        if characters > format.text.max_characters {
            findings.push(Finding::option(
                "option_invalid",
                "firstComment",
                format!(
                    "The first comment may have {} characters on X and has {characters}. Please shorten it.",
                    format.text.max_characters
                ),
            ));
        }
    }
    for (index, part) in draft.parts.iter().enumerate() {
        if text::cashtags(part.text) > 1 {
            findings.push(
                Finding::error(
                    "too_many_cashtags",
                    Field::Text,
                    "X lets apps publish one cashtag, such as $ACME, in a post. Please keep one.",
                )
                .in_part(index),
            );
        }
        if part.media.len() > 1 && part.media.iter().any(|file| file.mime_type == media::GIF) {
            findings.push(
                Finding::error(
                    "gif_not_alone",
                    Field::Media,
                    "A GIF stands alone in a post on X. Please remove the other files.",
                )
                .in_part(index),
            );
        }
    }
    findings
}
