//! What can be published: lexicons app.bsky.feed.post, app.bsky.embed.*, app.bsky.feed.threadgate,
//! app.bsky.feed.postgate and com.atproto.label.defs (bluesky-social/atproto, 2026-08-20). The
//! length of videos and the number of images are what Bluesky's own app takes
//! (social-app, src/lib/constants.ts, state of November 2026): no lexicon tells them.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;
use unicode_segmentation::UnicodeSegmentation;

use super::{card, link::PostLink, record};
use crate::{
    connector::PublishRequest,
    descriptor::{
        Choice, Counting, FileRules, Format, ImageRules, MediaRules, OptionField, OptionKind,
        TextRules, VideoRules,
    },
    rules::{Draft, Finding},
};

/// Up to this many images are an app.bsky.embed.images; more are an app.bsky.embed.gallery.
pub(super) const GRID: usize = 4;

/// Lexicon app.bsky.embed.images. It allows 2,000,000 bytes since 2026 and 1,000,000 before; each
/// server checks by the lexicon it was built with, so the lower one it is.
pub(super) const IMAGES: ImageRules = ImageRules {
    types: &["image/jpeg", "image/png", "image/webp"],
    max_bytes: 1_000_000,
    max_side: 2_000,
    min_side: 1,
    aspect: None,
};

/// Lexicon app.bsky.embed.video. It allows 300 MB since August 2026 and 100 MB before; what is
/// larger than 100 MB is made smaller, since each server checks by the lexicon it was built with.
pub(super) const VIDEOS: VideoRules = VideoRules {
    types: &["video/mp4"],
    video_codecs: &["h264"],
    audio_codecs: &["aac"],
    max_bytes: 100_000_000,
    min_seconds: 0,
    max_seconds: 600,
    min_side: 2,
    max_side: 1_920,
    max_frame_rate: 60,
    aspect: None,
};

/// Lexicon app.bsky.embed.external.
pub(super) const THUMBNAIL: ImageRules = IMAGES;

/// Lexicon app.bsky.embed.video#caption.
const CAPTIONS: FileRules = FileRules {
    types: &["text/vtt"],
    max_bytes: 20_000,
};

const MAX_TAGS: usize = 8;
/// Characters of a tag of the language (RFC 5646).
const LANGUAGE: usize = 35;

pub(super) fn formats() -> Vec<Format> {
    vec![Format {
        id: "post",
        name: "Post",
        text: TextRules {
            max_bytes: Some(3_000),
            ..TextRules::up_to(300, Counting::Graphemes)
        },
        media: MediaRules {
            max: 10,
            max_videos: 1,
            images: Some(IMAGES),
            videos: Some(VIDEOS),
            // The lexicon has no limit; Bluesky's app stops here.
            max_alt_characters: Some(2_000),
            ..MediaRules::default()
        },
        max_parts: 25,
        options: audience().into_iter().chain(embeds()).collect(),
    }]
}

/// Who it is for, and who may answer.
fn audience() -> [OptionField; 6] {
    [
        OptionField::new(
            "replyControl",
            "Who can reply",
            "",
            OptionKind::Choice {
                choices: Choice::list(&[
                    ("everyone", "Everyone"),
                    ("followers", "Your followers"),
                    ("following", "People you follow"),
                    ("mentioned", "People you mention"),
                    ("nobody", "Nobody"),
                ]),
                default: Some("everyone"),
            },
        ),
        OptionField::new(
            "noQuotes",
            "No quotes",
            "Nobody can quote this post.",
            OptionKind::Switch { default: false },
        ),
        OptionField::new(
            "contentWarning",
            "Content warning",
            "Images and videos stay hidden until somebody asks for them.",
            OptionKind::Choice {
                choices: Choice::list(&[
                    ("sexual", "Suggestive"),
                    ("nudity", "Nudity that is not sexual"),
                    ("porn", "Adult content"),
                    ("graphic-media", "Graphic media"),
                ]),
                default: None,
            },
        ),
        OptionField::new(
            "languages",
            "Languages",
            "Up to three that the text is written in, such as en or pt-BR.",
            OptionKind::List {
                max_items: 3,
                max_characters: LANGUAGE,
            },
        ),
        OptionField::new(
            "tags",
            "More hashtags",
            "Found in searches, but not shown in the text.",
            OptionKind::List {
                max_items: MAX_TAGS,
                max_characters: 640,
            },
        ),
        OptionField::new(
            "replyTo",
            "Post to reply to",
            "The address of a post on Bluesky.",
            address(),
        ),
    ]
}

/// What is shown below the text.
fn embeds() -> [OptionField; 8] {
    [
        OptionField::new(
            "quote",
            "Post to quote",
            "The address of a post on Bluesky.",
            address(),
        ),
        OptionField::new(
            "link",
            "Link card",
            "The page shown as a card below the text. Only for posts without files.",
            OptionKind::Link,
        ),
        OptionField::new(
            "linkTitle",
            "Title of the card",
            "Otherwise the page's own.",
            OptionKind::Text {
                max_characters: 300,
                multiline: false,
            },
        ),
        OptionField::new(
            "linkDescription",
            "Description of the card",
            "Otherwise the page's own.",
            OptionKind::Text {
                max_characters: 1_000,
                multiline: true,
            },
        ),
        OptionField::new(
            "linkThumbnail",
            "Image of the card",
            "Otherwise the page's own.",
            OptionKind::Image { rules: THUMBNAIL },
        ),
        OptionField::new(
            "linkCard",
            "Card for the first link",
            "A post that has neither files nor a quote shows the page of its first link.",
            OptionKind::Switch { default: true },
        ),
        OptionField::new(
            "captions",
            "Captions",
            "A WebVTT file of up to 20 kB, for the video of the first post.",
            OptionKind::File { rules: CAPTIONS },
        ),
        OptionField::new(
            "captionsLanguage",
            "Language of the captions",
            "Such as en or pt-BR.",
            OptionKind::Text {
                max_characters: LANGUAGE,
                multiline: false,
            },
        ),
    ]
}

/// A text rather than a link, since `at://` is an address too.
const fn address() -> OptionKind {
    OptionKind::Text {
        max_characters: 1_000,
        multiline: false,
    }
}

/// Whether a file is a video.
pub(super) fn is_video(mime_type: &str) -> bool {
    mime_type.starts_with("video/")
}

/// Whether a part's card is that of the first link in its text.
pub(super) fn first_link(request: &PublishRequest, part: usize) -> Option<String> {
    let content = request.parts.get(part)?;
    let wanted = request.switch_option(card::SWITCH).unwrap_or(true);
    let taken = part == 0 && request.text_option("quote").is_some();
    if !wanted || taken || !content.media.is_empty() {
        return None;
    }
    record::first_link(content.text.trim())
}

/// What Bluesky's own rules say of a post.
pub(super) fn check(draft: &Draft<'_>) -> Vec<Finding> {
    let said = |key: &str| {
        let text = draft.options.get(key).and_then(Value::as_str);
        text.map(str::trim).filter(|text| !text.is_empty())
    };
    let wrong = |key: &str, message: &str| Finding::option("option_invalid", key, message);
    let first = draft.parts.first();
    let has_files = first.is_some_and(|part| !part.media.is_empty());
    let has_video =
        first.is_some_and(|part| part.media.iter().any(|file| is_video(file.mime_type)));
    let mut findings = Vec::new();
    for key in ["quote", "replyTo"] {
        if said(key).is_some_and(|address| address.parse::<PostLink>().is_err()) {
            findings.push(Finding::option(
                "not_a_post",
                key,
                "That is not the address of a post on Bluesky. It should look like https://bsky.app/profile/alice.bsky.social/post/3kabcdefghijk.",
            ));
        }
    }
    if said("replyTo").is_some() && said("replyControl").is_some_and(|who| who != "everyone") {
        findings.push(Finding::option(
            "reply_control_of_reply",
            "replyControl",
            "Who can reply is decided by the first post of a conversation. Please choose everyone, or reply to no post.",
        ));
    }
    if said("link").is_some() && has_files {
        findings.push(Finding::option(
            "link_with_media",
            "link",
            "A post on Bluesky has a link card or files. Please remove one of them.",
        ));
    }
    if draft.options.get("captions").is_some_and(Value::is_string) && !has_video {
        findings.push(Finding::option(
            "captions_without_video",
            "captions",
            "Captions on Bluesky belong to a video in the first post. Please attach it, or remove the captions.",
        ));
    }
    if said("contentWarning").is_some() && draft.parts.iter().all(|part| part.media.is_empty()) {
        findings.push(
            Finding::option(
                "nothing_to_hide",
                "contentWarning",
                "A content warning on Bluesky hides images and videos, and this post has none.",
            )
            .warning(),
        );
    }
    let language = said("captionsLanguage").map(|tag| ("captionsLanguage", tag));
    let languages = items(draft, "languages").map(|tag| ("languages", tag));
    for (key, tag) in languages.chain(language) {
        if !is_language(tag) {
            findings.push(wrong(
                key,
                "Bluesky takes languages as short codes, such as en or pt-BR.",
            ));
        }
    }
    if items(draft, "tags").any(|tag| {
        let tag = tag.trim().trim_start_matches('#');
        tag.is_empty() || tag.graphemes(true).count() > 64 || tag.len() > 640
    }) {
        findings.push(wrong(
            "tags",
            "A hashtag on Bluesky has 1 to 64 characters. Please change the ones that do not.",
        ));
    }
    findings
}

fn items<'a>(draft: &'a Draft<'_>, key: &str) -> impl Iterator<Item = &'a str> {
    let items = draft.options.get(key).and_then(Value::as_array);
    items.into_iter().flatten().filter_map(Value::as_str)
}

#[expect(
    clippy::expect_used,
    reason = "the pattern is a constant, and the tests compile it"
)]
static LANGUAGE_TAG: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$").expect("a valid pattern"));

/// Whether a server takes it for a language: atproto.com/specs/lexicon#language.
pub(super) fn is_language(tag: &str) -> bool {
    LANGUAGE_TAG.is_match(tag.trim())
}
