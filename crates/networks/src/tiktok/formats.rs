//! What an account can publish, and what TikTok asks of it:
//! developers.tiktok.com/doc/content-posting-api-media-transfer-guide (files),
//! /doc/content-posting-api-reference-direct-post and -photo-post (texts and options), and
//! /doc/content-sharing-guidelines (what an app must ask a person), state of November 2026.

use serde_json::Value;

use crate::{
    descriptor::{
        Choice, Counting, Format, ImageRules, MediaRules, OptionField, OptionKind, TextRules,
        VideoRules,
    },
    rules::{Draft, Finding},
};

/// A video.
pub(super) const VIDEO: &str = "video";
/// One to 35 photos to swipe through.
pub(super) const PHOTOS: &str = "photo";

/// Seconds that TikTok takes from an app, whatever the account may.
const MOST_SECONDS: u32 = 600;
/// Photos of one post.
const MOST_PHOTOS: usize = 35;

/// "Maximum 1080p": an image of 1080 pixels on its longer side is that in any shape.
pub(super) static PHOTO: ImageRules = ImageRules {
    types: &["image/jpeg", "image/webp"],
    max_bytes: 20_000_000,
    max_side: 1_080,
    min_side: 1,
    aspect: None,
};

/// What a video must be for an account with these limits.
pub(super) fn video_rules(limits: &Value) -> VideoRules {
    let seconds = limits["maxSeconds"]
        .as_u64()
        .and_then(|seconds| u32::try_from(seconds).ok());
    VideoRules {
        types: &["video/mp4", "video/quicktime", "video/webm"],
        video_codecs: &["h264", "hevc", "vp8", "vp9"],
        audio_codecs: &["aac", "mp3", "opus", "vorbis"],
        max_bytes: 4_000_000_000,
        min_seconds: 3,
        max_seconds: seconds
            .filter(|seconds| *seconds > 0)
            .unwrap_or(MOST_SECONDS)
            .min(MOST_SECONDS),
        min_side: 360,
        max_side: 4_096,
        max_frame_rate: 60,
        aspect: None,
    }
}

pub(super) fn formats(limits: &Value) -> Vec<Format> {
    let video = Format {
        id: VIDEO,
        name: "Video",
        text: TextRules::up_to(2_200, Counting::Utf16),
        media: MediaRules {
            min: 1,
            max: 1,
            max_videos: 1,
            videos: Some(video_rules(limits)),
            ..MediaRules::default()
        },
        max_parts: 1,
        options: options(
            video_options(),
            &[
                ("allowDuet", "Allow duets"),
                ("allowStitch", "Allow stitches"),
            ],
        ),
    };
    let photos = Format {
        id: PHOTOS,
        name: "Photos",
        text: TextRules::up_to(4_000, Counting::Utf16),
        media: MediaRules {
            min: 1,
            max: MOST_PHOTOS,
            images: Some(PHOTO.clone()),
            ..MediaRules::default()
        },
        max_parts: 1,
        options: options(photo_options(), &[]),
    };
    vec![video, photos]
}

fn text(max_characters: usize) -> OptionKind {
    OptionKind::Text {
        max_characters,
        multiline: false,
    }
}

/// Nothing is switched on unless the person does it, as TikTok demands.
const OFF: OptionKind = OptionKind::Switch { default: false };

/// The options of both formats, with those of one. `reactions` are what others may do with it.
fn options(own: Vec<OptionField>, reactions: &[(&'static str, &'static str)]) -> Vec<OptionField> {
    let field = OptionField::new;
    let mut options = vec![
        field(
            "privacy",
            "Who can see it",
            "By publishing, you agree to TikTok's Music Usage Confirmation.",
            OptionKind::Lookup {
                search: false,
                of: None,
            },
        )
        .required(),
        field("allowComments", "Allow comments", "", OFF),
    ];
    options.extend(
        reactions
            .iter()
            .map(|(key, label)| field(key, label, "", OFF)),
    );
    options.extend([
        field(
            "ownBrand",
            "Promotes your own business",
            "TikTok labels it “Promotional content”.",
            OFF,
        ),
        field(
            "paidPartnership",
            "Paid partnership",
            "TikTok labels it “Paid partnership”. You agree to TikTok's Branded Content Policy. Such a post can't be for yourself only.",
            OFF,
        ),
    ]);
    options.extend(own);
    options
}

fn video_options() -> Vec<OptionField> {
    let field = OptionField::new;
    vec![
        field(
            "aiGenerated",
            "Made with AI",
            "TikTok labels it “Creator labeled as AI-generated”.",
            OFF,
        ),
        field(
            "coverSecond",
            "Cover",
            "The second of the video that is its cover, such as 1.5.",
            text(8),
        ),
        field(
            "transfer",
            "How TikTok gets the video",
            "Fetching needs this server's address to be verified in TikTok's developer portal.",
            OptionKind::Choice {
                choices: Choice::list(&[
                    ("file", "AllIN uploads it"),
                    ("link", "TikTok fetches it from this server"),
                ]),
                default: Some("file"),
            },
        ),
    ]
}

fn photo_options() -> Vec<OptionField> {
    let field = OptionField::new;
    vec![
        field("title", "Title", "Up to 90 characters.", text(90)),
        field(
            "addMusic",
            "Add music",
            "TikTok chooses some. It can be changed in the TikTok app.",
            OFF,
        ),
        field(
            "coverPhoto",
            "Cover",
            "The number of the photo that is the cover: 1 is the first.",
            text(2),
        ),
    ]
}

/// Where the cover is, in milliseconds.
pub(super) fn cover_second(text: Option<&str>) -> Option<u64> {
    let seconds: f64 = text?.replace(',', ".").parse().ok()?;
    std::time::Duration::try_from_secs_f64(seconds)
        .ok()
        .and_then(|cover| u64::try_from(cover.as_millis()).ok())
}

/// The cover among `photos` photos, from 0.
pub(super) fn cover_index(text: Option<&str>, photos: usize) -> usize {
    text.and_then(|text| text.parse::<usize>().ok())
        .and_then(|number| number.checked_sub(1))
        .filter(|index| *index < photos)
        .unwrap_or(0)
}

/// What is wrong with a post by rules that only TikTok has.
pub(super) fn check(draft: &Draft<'_>) -> Vec<Finding> {
    let option = |key: &str| {
        draft
            .options
            .get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
            .trim()
    };
    let mut findings = Vec::new();
    let paid = draft
        .options
        .get("paidPartnership")
        .and_then(Value::as_bool)
        == Some(true);
    if paid && option("privacy") == "SELF_ONLY" {
        findings.push(Finding::option(
            "options_conflict",
            "paidPartnership",
            "A paid partnership on TikTok can't be for yourself only. Please let others see the post, or switch the label off.",
        ));
    }
    let cover = option("coverSecond");
    if !cover.is_empty() && cover_second(Some(cover)).is_none() {
        findings.push(Finding::option(
            "option_invalid",
            "coverSecond",
            "The cover for TikTok must be a number of seconds, such as 1.5.",
        ));
    }
    let photo = option("coverPhoto");
    let photos = draft.parts.first().map_or(0, |part| part.media.len());
    let fits = |number: usize| (1..=photos.max(1)).contains(&number);
    if !photo.is_empty() && !photo.parse().is_ok_and(fits) {
        findings.push(Finding::option(
            "option_invalid",
            "coverPhoto",
            format!(
                "The cover for TikTok must be a number from 1 to {}.",
                photos.max(1)
            ),
        ));
    }
    findings
}
