//! What a post may be: developers.facebook.com/documentation/threads/posts and the pages on polls,
//! spoilers, reply controls and topics, state of November 2026.

use super::MAX_CHARACTERS;
use crate::descriptor::{
    Aspect, Choice, Counting, Format, ImageRules, MediaRules, OptionField, OptionKind, TextRules,
    VideoRules,
};

/// Every format; there is one.
pub(super) fn formats() -> Vec<Format> {
    vec![Format {
        id: "post",
        name: "Post",
        text: TextRules {
            max_links: Some(5),
            ..TextRules::up_to(MAX_CHARACTERS, Counting::CodePoints)
        },
        media: MediaRules {
            max: 20,
            max_videos: 20,
            mixed: true,
            images: Some(IMAGES),
            videos: Some(VIDEOS),
            max_alt_characters: Some(1_000),
            ..MediaRules::default()
        },
        max_parts: 25,
        options: options(),
    }]
}

/// posts, "Image specifications".
pub(super) const IMAGES: ImageRules = ImageRules {
    types: &["image/jpeg", "image/png"],
    max_bytes: 8_000_000,
    // Threads itself makes wider ones 1,440 pixels wide; ten times that is the tallest shape.
    max_side: 4_096,
    min_side: 1,
    aspect: Some(Aspect {
        min: 0.1,
        max: 10.0,
    }),
};

/// posts, "Video specifications".
pub(super) const VIDEOS: VideoRules = VideoRules {
    types: &["video/mp4", "video/quicktime"],
    video_codecs: &["h264", "hevc"],
    audio_codecs: &["aac"],
    max_bytes: 1_000_000_000,
    min_seconds: 1,
    max_seconds: 300,
    min_side: 1,
    max_side: 1_920,
    max_frame_rate: 60,
    aspect: Some(Aspect {
        min: 0.01,
        max: 10.0,
    }),
};

fn options() -> Vec<OptionField> {
    vec![
        OptionField::new(
            "replyControl",
            "Who can reply",
            "",
            OptionKind::Choice {
                choices: Choice::list(&[
                    ("everyone", "Everyone"),
                    ("accounts_you_follow", "Profiles you follow"),
                    ("followers_only", "Your followers"),
                    ("mentioned_only", "Profiles you mention"),
                ]),
                default: Some("everyone"),
            },
        ),
        OptionField::new(
            "replyApprovals",
            "Approve replies",
            "Replies are hidden until you approve them in Threads.",
            OptionKind::Switch { default: false },
        ),
        OptionField::new(
            "topic",
            "Topic",
            "One topic, without a hash sign. Periods and ampersands are not allowed.",
            OptionKind::Text {
                max_characters: 50,
                multiline: false,
            },
        ),
        OptionField::new(
            "quote",
            "Quote",
            "One of your own recent posts, to be shown inside this one.",
            OptionKind::Lookup {
                search: true,
                of: None,
            },
        ),
        OptionField::new(
            "link",
            "Link preview",
            "The page shown as a card. Only for posts without files; otherwise the first link of the text is shown.",
            OptionKind::Link,
        ),
        OptionField::new(
            "poll",
            "Poll",
            "Only for posts without files. It runs for a day.",
            OptionKind::Poll {
                min_choices: 2,
                max_choices: 4,
                max_characters: 25,
                minutes: vec![24 * 60],
                any_duration: false,
                multiple: false,
            },
        ),
        OptionField::new(
            "spoiler",
            "Spoiler",
            "Files are blurred until somebody taps them.",
            OptionKind::Switch { default: false },
        ),
        OptionField::new(
            "firstComment",
            "First comment",
            "A reply of your own, right after the post.",
            OptionKind::Text {
                max_characters: MAX_CHARACTERS,
                multiline: true,
            },
        ),
    ]
}
