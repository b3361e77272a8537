//! What a channel can publish, and what YouTube asks of it: the resource `video` at
//! developers.google.com/youtube/data/reference/rest/v3/videos, and support.google.com/youtube
//! answers 4603579 (files), 71673 (length), 10059070 (Shorts) and 6390658 (hashtags), state of
//! November 2026.

use serde_json::Value;

use super::resource::DEFAULT_CATEGORY;
use crate::{
    descriptor::{
        Aspect, Choice, Counting, FileRules, Format, ImageRules, MediaRules, OptionField,
        OptionKind, TextRules, VideoRules,
    },
    rules::{Draft, Field, Finding},
};

/// The format of everything but Shorts.
pub(super) const VIDEO: &str = "video";
/// YouTube itself makes a Short of every short video that is not wider than high.
pub(super) const SHORT: &str = "short";

/// Bytes of a description.
const DESCRIPTION_BYTES: usize = 5_000;
/// Characters of all tags together, commas and the quotes around tags with spaces included.
const TAG_CHARACTERS: usize = 500;
/// Seconds of a video on a channel that has not verified its phone number.
const UNVERIFIED_SECONDS: u32 = 15 * 60;

/// `thumbnails.set`: 50 MB since 2026-09-14.
pub(super) static THUMBNAIL: ImageRules = ImageRules {
    types: &["image/jpeg", "image/png"],
    max_bytes: 50 * 1024 * 1024,
    max_side: 3_840,
    min_side: 16,
    aspect: None,
};

/// `captions.insert` takes 100 MB of anything; these are the types that a library can tell.
const CAPTIONS: FileRules = FileRules {
    types: &[
        "application/x-subrip",
        "text/vtt",
        "text/plain",
        "application/ttml+xml",
    ],
    max_bytes: 10 * 1024 * 1024,
};

const WHOLE: VideoRules = VideoRules {
    types: &["video/mp4", "video/quicktime", "video/webm"],
    video_codecs: &["h264", "hevc", "vp8", "vp9", "av1", "mpeg4", "prores"],
    audio_codecs: &["aac", "mp3", "opus", "vorbis", "pcm_s16le", "flac", "ac3"],
    max_bytes: 256 * 1024 * 1024 * 1024,
    min_seconds: 0,
    max_seconds: 12 * 60 * 60,
    min_side: 16,
    max_side: 8_192,
    max_frame_rate: 60,
    aspect: None,
};

const SHORT_RULES: VideoRules = VideoRules {
    max_seconds: 180,
    aspect: Some(Aspect { min: 0.1, max: 1.0 }),
    ..WHOLE
};

/// What the file of a format must be for a channel with these limits.
pub(super) fn video_rules(format: &str, limits: &Value) -> VideoRules {
    if format == SHORT {
        return SHORT_RULES;
    }
    // Channels with no word about it are taken for verified: YouTube will tell.
    let long = limits["longUploads"] != false;
    VideoRules {
        max_seconds: if long {
            WHOLE.max_seconds
        } else {
            UNVERIFIED_SECONDS
        },
        ..WHOLE
    }
}

pub(super) fn formats(limits: &Value) -> Vec<Format> {
    [(VIDEO, "Video"), (SHORT, "Short")]
        .map(|(id, name)| Format {
            id,
            name,
            text: TextRules {
                max_bytes: Some(DESCRIPTION_BYTES),
                max_hashtags: Some(60),
                ..TextRules::up_to(DESCRIPTION_BYTES, Counting::Bytes)
            },
            media: MediaRules {
                min: 1,
                max: 1,
                max_videos: 1,
                videos: Some(video_rules(id, limits)),
                ..MediaRules::default()
            },
            max_parts: 1,
            options: options(),
        })
        .to_vec()
}

fn text(max_characters: usize) -> OptionKind {
    OptionKind::Text {
        max_characters,
        multiline: false,
    }
}

fn choice(choices: &[(&str, &str)], default: &'static str) -> OptionKind {
    OptionKind::Choice {
        choices: Choice::list(choices),
        default: Some(default),
    }
}

const fn switch(default: bool) -> OptionKind {
    OptionKind::Switch { default }
}

fn options() -> Vec<OptionField> {
    let field = OptionField::new;
    vec![
        field(
            "title",
            "Title",
            "Up to 100 characters, without < and >.",
            text(100),
        )
        .required(),
        field(
            "privacy",
            "Visibility",
            "Unlisted videos are seen by everybody who has the link.",
            choice(
                &[
                    ("public", "Public"),
                    ("unlisted", "Unlisted"),
                    ("private", "Private"),
                ],
                "public",
            ),
        ),
        field(
            "publishAt",
            "Let YouTube publish it at",
            "A time such as 2027-01-31T18:00:00Z. The video is uploaded when the post is due, and stays private until then.",
            text(40),
        ),
        field(
            "madeForKids",
            "Made for children",
            "YouTube asks for this by law. Such videos have no comments.",
            switch(false),
        ),
        field(
            "tags",
            "Tags",
            "Together up to 500 characters.",
            OptionKind::List {
                max_items: 100,
                max_characters: 100,
            },
        ),
        field(
            "category",
            "Category",
            "",
            choice(CATEGORIES, DEFAULT_CATEGORY),
        ),
        field(
            "playlist",
            "Playlist",
            "The video is added to it.",
            OptionKind::Lookup {
                search: false,
                of: None,
            },
        ),
        field(
            "thumbnail",
            "Thumbnail",
            "JPEG or PNG, best 1280 × 720. The channel's phone number must be verified.",
            OptionKind::Image {
                rules: THUMBNAIL.clone(),
            },
        ),
        field(
            "captions",
            "Captions",
            "A file of subtitles: SRT or WebVTT.",
            OptionKind::File { rules: CAPTIONS },
        ),
        field(
            "captionsLanguage",
            "Language of the captions",
            "Such as en or pt-BR.",
            text(35),
        ),
        field(
            "language",
            "Language",
            "Of the video, its title and its text, such as en or pt-BR.",
            text(35),
        ),
        field(
            "firstComment",
            "First comment",
            "Written below the video as soon as it is public.",
            OptionKind::Text {
                max_characters: 10_000,
                multiline: true,
            },
        ),
    ]
    .into_iter()
    .chain(declarations())
    .collect()
}

/// What is said of the video to YouTube and its law rather than to those who watch it.
fn declarations() -> Vec<OptionField> {
    let field = OptionField::new;
    vec![
        field(
            "notifySubscribers",
            "Tell the subscribers",
            "YouTube tells them about the new video.",
            switch(true),
        ),
        field(
            "syntheticMedia",
            "Altered or synthetic",
            "It shows something realistic that was made or changed by a computer.",
            switch(false),
        ),
        field(
            "paidPromotion",
            "Paid promotion",
            "It contains product placement or sponsorship.",
            switch(false),
        ),
        field(
            "embeddable",
            "May be embedded in other pages",
            "",
            switch(true),
        ),
        field(
            "publicStatistics",
            "Show extended statistics to everybody",
            "",
            switch(true),
        ),
        field(
            "license",
            "Licence",
            "",
            choice(
                &[
                    ("youtube", "Standard YouTube licence"),
                    ("creativeCommon", "Creative Commons (CC BY)"),
                ],
                "youtube",
            ),
        ),
    ]
}

/// The categories that videos can be put into, in every region (videoCategories.list).
const CATEGORIES: &[(&str, &str)] = &[
    ("1", "Film & animation"),
    ("2", "Autos & vehicles"),
    ("10", "Music"),
    ("15", "Pets & animals"),
    ("17", "Sports"),
    ("19", "Travel & events"),
    ("20", "Gaming"),
    ("22", "People & blogs"),
    ("23", "Comedy"),
    ("24", "Entertainment"),
    ("25", "News & politics"),
    ("26", "How-to & style"),
    ("27", "Education"),
    ("28", "Science & technology"),
    ("29", "Nonprofits & activism"),
];

/// What is wrong with a post by rules that only YouTube has.
pub(super) fn check(draft: &Draft<'_>) -> Vec<Finding> {
    let option = |key: &str| {
        draft
            .options
            .get(key)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let mut findings = Vec::new();
    if option("title").contains(['<', '>']) {
        findings.push(Finding::option(
            "option_invalid",
            "title",
            "A title on YouTube can't have < or >. Please remove them.",
        ));
    }
    if draft
        .parts
        .iter()
        .any(|part| part.text.contains(['<', '>']))
    {
        let message = "A text on YouTube can't have < or >. Please remove them.";
        findings.push(Finding::error("text_invalid", Field::Text, message).in_part(0));
    }
    let tags = draft.options.get("tags").and_then(Value::as_array);
    let length = tags.map_or(0, |tags| tag_length(tags.iter().filter_map(Value::as_str)));
    if length > TAG_CHARACTERS {
        findings.push(Finding::option(
            "option_invalid",
            "tags",
            format!("The tags have {length} characters together, and YouTube takes {TAG_CHARACTERS}. Please remove some."),
        ));
    }
    let scheduled = option("publishAt").trim();
    if !scheduled.is_empty() {
        if scheduled.parse::<jiff::Timestamp>().is_err() {
            findings.push(Finding::option(
                "option_invalid",
                "publishAt",
                "YouTube needs a time such as 2027-01-31T18:00:00Z.",
            ));
        } else if !matches!(option("privacy"), "" | "public") {
            findings.push(Finding::option(
                "options_conflict",
                "publishAt",
                "Only a public video can be published by YouTube at a time of its own. Please clear the time, or choose the visibility “Public”.",
            ));
        }
    }
    let hidden = option("privacy") == "private" || !scheduled.is_empty();
    let for_kids = draft.options.get("madeForKids").and_then(Value::as_bool) == Some(true);
    if !option("firstComment").trim().is_empty() && (hidden || for_kids) {
        findings.push(Finding::option(
            "options_conflict",
            "firstComment",
            "This video can't have a first comment: it is private, published later by YouTube, or made for children. Please clear the comment.",
        ));
    }
    findings
}

/// Characters of tags as YouTube counts them: a comma between each, and quotes around those with
/// spaces.
fn tag_length<'a>(tags: impl Iterator<Item = &'a str>) -> usize {
    tags.map(|tag| tag.chars().count() + if tag.contains(' ') { 3 } else { 1 })
        .sum::<usize>()
        .saturating_sub(1)
}
