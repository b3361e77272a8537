//! What can be published: *IG User Media* (image, reel, story specifications; parameters),
//! September 2026.

use crate::{
    descriptor::{
        Aspect, Choice, Counting, Format, ImageRules, MediaRules, OptionField, OptionKind,
        TextRules, VideoRules,
    },
    rules::{Draft, Finding},
};

/// Characters of an image's `alt_text`.
const MAX_ALT: usize = 1_000;
const JPEG: &[&str] = &["image/jpeg"];

/// 8 MB; Instagram itself makes images wider than 1,440 pixels smaller, and 1,800 is the height
/// of such a one at 4:5.
pub(super) const IMAGE: ImageRules = ImageRules {
    types: JPEG,
    max_bytes: 8_000_000,
    max_side: 1_800,
    min_side: 1,
    aspect: Some(Aspect {
        min: 0.8,
        max: 1.91,
    }),
};

/// Covers and stories: any shape, 9:16 is shown whole.
pub(super) const TALL_IMAGE: ImageRules = ImageRules {
    max_side: 1_920,
    aspect: None,
    ..IMAGE
};

pub(super) const REEL: VideoRules = VideoRules {
    types: &["video/mp4", "video/quicktime"],
    video_codecs: &["h264", "hevc"],
    audio_codecs: &["aac"],
    max_bytes: 300_000_000,
    min_seconds: 3,
    max_seconds: 15 * 60,
    min_side: 1,
    max_side: 1_920,
    max_frame_rate: 60,
    aspect: Some(Aspect {
        min: 0.01,
        max: 10.0,
    }),
};

pub(super) const STORY: VideoRules = VideoRules {
    max_bytes: 100_000_000,
    max_seconds: 60,
    aspect: Some(Aspect {
        min: 0.1,
        max: 10.0,
    }),
    ..REEL
};

/// Videos of a carousel are as reels, but no longer than a minute: the app's own limit.
pub(super) const ITEM: VideoRules = VideoRules {
    max_seconds: 60,
    ..REEL
};

/// A caption.
const CAPTION: TextRules = TextRules {
    max_hashtags: Some(30),
    max_mentions: Some(20),
    ..TextRules::up_to(2_200, Counting::CodePoints)
};

pub(super) fn all() -> Vec<Format> {
    vec![
        Format {
            id: "post",
            name: "Post",
            text: CAPTION,
            media: MediaRules {
                min: 1,
                max: 1,
                images: Some(IMAGE),
                max_alt_characters: Some(MAX_ALT),
                ..MediaRules::default()
            },
            max_parts: 1,
            options: with_common(vec![]),
        },
        Format {
            id: "carousel",
            name: "Carousel",
            text: CAPTION,
            media: MediaRules {
                min: 2,
                max: 10,
                max_videos: 10,
                mixed: true,
                images: Some(IMAGE),
                videos: Some(ITEM),
                max_alt_characters: Some(MAX_ALT),
                ..MediaRules::default()
            },
            max_parts: 1,
            options: with_common(vec![]),
        },
        Format {
            id: "reel",
            name: "Reel",
            text: CAPTION,
            media: MediaRules {
                min: 1,
                max: 1,
                max_videos: 1,
                videos: Some(REEL),
                ..MediaRules::default()
            },
            max_parts: 1,
            options: with_common(reel_options()),
        },
        Format {
            id: "story",
            name: "Story",
            text: TextRules::up_to(0, Counting::CodePoints),
            media: MediaRules {
                min: 1,
                max: 1,
                max_videos: 1,
                images: Some(TALL_IMAGE),
                videos: Some(STORY),
                ..MediaRules::default()
            },
            max_parts: 1,
            options: vec![tagged(), ai_generated()],
        },
    ]
}

fn tagged() -> OptionField {
    OptionField::new(
        "userTags",
        "Tagged people",
        "User names of public accounts that are tagged in the picture or video.",
        OptionKind::List {
            max_items: 20,
            max_characters: 30,
        },
    )
}

fn ai_generated() -> OptionField {
    OptionField::new(
        "aiGenerated",
        "Made with AI",
        "Shows Instagram's label for content made or changed by AI.",
        OptionKind::Switch { default: false },
    )
}

fn with_common(own: Vec<OptionField>) -> Vec<OptionField> {
    let mut options = own;
    options.extend([
        OptionField::new(
            "collaborators",
            "Collaborators",
            "User names that are invited to show the post as theirs too.",
            OptionKind::List {
                max_items: 3,
                max_characters: 30,
            },
        ),
        tagged(),
        OptionField::new(
            "location",
            "Place",
            "The number of a Facebook Page that has an address.",
            OptionKind::Text {
                max_characters: 25,
                multiline: false,
            },
        ),
        OptionField::new(
            "firstComment",
            "First comment",
            "Written below the post right after it is published.",
            OptionKind::Text {
                max_characters: 2_200,
                multiline: true,
            },
        ),
        OptionField::new(
            "commentsOff",
            "No comments",
            "Nobody can comment on the post.",
            OptionKind::Switch { default: false },
        ),
        ai_generated(),
        OptionField::new(
            "paidPartnership",
            "Paid partnership",
            "Shows the label for posts that somebody paid for.",
            OptionKind::Switch { default: false },
        ),
    ]);
    options
}

fn reel_options() -> Vec<OptionField> {
    vec![
        OptionField::new(
            "cover",
            "Cover",
            "The picture that stands for the reel; 9:16 is shown whole.",
            OptionKind::Image { rules: TALL_IMAGE },
        ),
        OptionField::new(
            "coverSecond",
            "Cover from the video",
            "The second of the video whose picture is the cover, where no cover is chosen.",
            OptionKind::Text {
                max_characters: 7,
                multiline: false,
            },
        ),
        OptionField::new(
            "shareToFeed",
            "Show among the posts too",
            "",
            OptionKind::Switch { default: true },
        ),
        OptionField::new(
            "audioName",
            "Name of the sound",
            "What the reel's own sound is called.",
            OptionKind::Text {
                max_characters: 100,
                multiline: false,
            },
        ),
        OptionField::new(
            "trial",
            "Trial reel",
            "Shown to people who do not follow the account, at first.",
            OptionKind::Choice {
                choices: Choice::list(&[
                    ("MANUAL", "Until I share it with followers"),
                    ("SS_PERFORMANCE", "Until it does well"),
                ]),
                default: None,
            },
        ),
    ]
}

/// Milliseconds of `coverSecond`.
pub(super) fn cover_offset(text: &str) -> Option<u64> {
    let seconds: f64 = text.trim().replace(',', ".").parse().ok()?;
    let millis = (seconds * 1_000.0).round();
    if !(0.0..=900_000.0).contains(&millis) {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and 900,000"
    )]
    let whole = millis as u64;
    Some(whole)
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
    if text("location").is_some_and(|id| !id.bytes().all(|byte| byte.is_ascii_digit())) {
        findings.push(Finding::option(
            "invalid_location",
            "location",
            "The place on Instagram must be the number of a Facebook Page, such as 7640348500.",
        ));
    }
    if format.id == "reel" && text("coverSecond").is_some_and(|text| cover_offset(text).is_none()) {
        findings.push(Finding::option(
            "invalid_cover_second",
            "coverSecond",
            "The moment for the cover must be seconds from the beginning of the video, such as 2.5.",
        ));
    }
    findings
}
