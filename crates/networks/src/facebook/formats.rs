//! What can be published: *Page Feed*, *Page Photos*, *Page Videos*, *Reels publishing: video
//! specifications*, *Facebook Stories API: media requirements* (September 2026).

use crate::{
    descriptor::{
        Aspect, Counting, Format, ImageRules, MediaRules, OptionField, OptionKind, TextRules,
        VideoRules,
    },
    rules::{Draft, Field, Finding},
};

/// Characters of a text: what facebook.com takes; the documentation gives no number.
const MAX_TEXT: usize = 63_206;

/// "Must be less than 10 MB".
pub(super) const IMAGE: ImageRules = ImageRules {
    types: &["image/jpeg", "image/png", "image/gif"],
    max_bytes: 9_900_000,
    max_side: 4_096,
    min_side: 1,
    aspect: None,
};

/// Videos of a Page. Facebook's help pages say 10 GB and 4 hours.
pub(super) const VIDEO: VideoRules = VideoRules {
    types: &["video/mp4", "video/quicktime"],
    video_codecs: &["h264", "hevc", "vp9", "av1"],
    audio_codecs: &["aac"],
    max_bytes: 10_000_000_000,
    min_seconds: 1,
    max_seconds: 4 * 3_600,
    min_side: 1,
    max_side: 4_096,
    max_frame_rate: 60,
    aspect: Some(Aspect {
        min: 9.0 / 16.0,
        max: 16.0 / 9.0,
    }),
};

pub(super) const REEL: VideoRules = VideoRules {
    types: &["video/mp4"],
    max_bytes: 1_000_000_000,
    min_seconds: 3,
    max_seconds: 90,
    min_side: 540,
    ..VIDEO
};

pub(super) const STORY: VideoRules = VideoRules {
    max_seconds: 60,
    ..REEL
};

const TEXT: TextRules = TextRules::up_to(MAX_TEXT, Counting::CodePoints);

pub(super) fn all() -> Vec<Format> {
    let videos = |rules: VideoRules| MediaRules {
        min: 1,
        max: 1,
        max_videos: 1,
        videos: Some(rules),
        ..MediaRules::default()
    };
    vec![
        Format {
            id: "post",
            name: "Post",
            text: TEXT,
            media: MediaRules {
                // What was seen to work; the documentation gives no number.
                max: 10,
                images: Some(IMAGE),
                max_alt_characters: Some(1_000),
                ..MediaRules::default()
            },
            max_parts: 1,
            options: vec![
                OptionField::new(
                    "link",
                    "Link",
                    "Shown as a card below the text. A post has a link or photos.",
                    OptionKind::Link,
                ),
                place(),
                first_comment(),
            ],
        },
        Format {
            id: "video",
            name: "Video",
            text: TEXT,
            media: videos(VIDEO),
            max_parts: 1,
            options: vec![title(), first_comment()],
        },
        Format {
            id: "reel",
            name: "Reel",
            text: TEXT,
            media: videos(REEL),
            max_parts: 1,
            options: vec![title(), place(), first_comment()],
        },
        Format {
            id: "story",
            name: "Story",
            text: TextRules::up_to(0, Counting::CodePoints),
            media: MediaRules {
                images: Some(IMAGE),
                ..videos(STORY)
            },
            max_parts: 1,
            options: Vec::new(),
        },
    ]
}

fn title() -> OptionField {
    OptionField::new(
        "title",
        "Title",
        "",
        OptionKind::Text {
            max_characters: 255,
            multiline: false,
        },
    )
}

fn place() -> OptionField {
    OptionField::new(
        "place",
        "Place",
        "The number of a Facebook Page that has an address.",
        OptionKind::Text {
            max_characters: 25,
            multiline: false,
        },
    )
}

fn first_comment() -> OptionField {
    OptionField::new(
        "firstComment",
        "First comment",
        "Written below the post right after it is published.",
        OptionKind::Text {
            max_characters: 8_000,
            multiline: true,
        },
    )
}

/// What the general rules do not know.
pub(super) fn check(format: &Format, draft: &Draft<'_>) -> Vec<Finding> {
    let text = |key: &str| {
        draft
            .options
            .get(key)
            .and_then(serde_json::Value::as_str)
            .map(str::trim)
            .filter(|text| !text.is_empty())
    };
    let mut findings = Vec::new();
    if text("place").is_some_and(|id| !id.bytes().all(|byte| byte.is_ascii_digit())) {
        findings.push(Finding::option(
            "invalid_place",
            "place",
            "The place on Facebook must be the number of a Facebook Page, such as 7640348500.",
        ));
    }
    let Some(part) = draft.parts.first().filter(|_| format.id == "post") else {
        return findings;
    };
    if text("link").is_some() && !part.media.is_empty() {
        findings.push(Finding::option(
            "link_beside_files",
            "link",
            "A post on Facebook has a link card or photos, not both. Please remove one, or write the link into the text.",
        ));
    }
    if part.text.trim().is_empty() && part.media.is_empty() && text("link").is_none() {
        findings.push(
            Finding::error(
                "nothing_to_publish",
                Field::Text,
                "Facebook needs a text, a link or a photo. Please add one.",
            )
            .in_part(0),
        );
    }
    findings
}
