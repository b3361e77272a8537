//! What can be published: docs.joinmastodon.org/user/posting, /methods/statuses#create and
//! /client/quotes, state of July 2026 (Mastodon 4.5, API version 7; compared on 2026-11-21).

use std::sync::LazyLock;

use regex::Regex;
use unicode_segmentation::UnicodeSegmentation;

use super::{instance::Limits, text};
use crate::{
    descriptor::{
        Choice, Counting, FileRules, Format, ImageRules, MediaRules, OptionField, OptionKind,
        TextRules, VideoRules,
    },
    rules::{Draft, DraftMedia, Field, Finding},
};

/// Mastodon names no limit for a thread; a longer one is hardly meant.
const MAX_PARTS: usize = 25;
/// Images that every version since 3.5 takes, and those that older ones take.
const IMAGES: &[&str] = &["image/jpeg", "image/png", "image/gif", "image/webp"];
const OLD_IMAGES: &[&str] = &["image/jpeg", "image/png", "image/gif"];
/// Sounds of the library. All are sent as they are: the server encodes them anew.
const SOUNDS: &[&str] = &[
    "audio/mpeg",
    "audio/m4a",
    "audio/aac",
    "audio/ogg",
    "audio/x-flac",
    "audio/x-wav",
];
/// Mastodon makes larger images as small as 3840 × 2160 pixels: /user/posting#media.
const MAX_IMAGE_SIDE: u32 = 3_840;
/// No video of 99 MB lasts longer and is still to be looked at. Mastodon itself knows no limit.
const MAX_SECONDS: u32 = 4 * 3_600;
/// The animated type, of which a status has one at most: /user/posting#media.
pub(super) const GIF: &str = "image/gif";

impl Limits {
    /// What can be published on an instance with these limits.
    pub(super) fn formats(&self) -> Vec<Format> {
        let text = TextRules {
            url_length: Some(self.url_length),
            ..TextRules::up_to(self.max_characters, Counting::Mastodon)
        };
        let mut formats = vec![
            Format {
                id: "post",
                name: "Post",
                text: text.clone(),
                media: MediaRules {
                    max: self.max_files,
                    max_videos: 1,
                    images: Some(self.images()),
                    videos: self.takes_videos.then(|| self.videos()),
                    max_alt_characters: Some(self.max_alt_characters),
                    ..MediaRules::default()
                },
                max_parts: MAX_PARTS,
                options: self.options(self.quote_options()),
            },
            Format {
                id: "poll",
                name: "Poll",
                text: text.clone(),
                media: MediaRules::default(),
                max_parts: MAX_PARTS,
                options: self.options(self.poll_options()),
            },
        ];
        if self.takes_sounds {
            formats.push(Format {
                id: "audio",
                name: "Audio",
                text,
                media: MediaRules {
                    min: 1,
                    max: 1,
                    audio: Some(FileRules {
                        types: SOUNDS,
                        max_bytes: self.video_max_bytes,
                    }),
                    max_alt_characters: Some(self.max_alt_characters),
                    ..MediaRules::default()
                },
                max_parts: 1,
                options: self.options(vec![
                    self.thumbnail("Cover", "The picture shown while the sound plays."),
                ]),
            });
        }
        formats
    }

    pub(super) fn images(&self) -> ImageRules {
        ImageRules {
            types: if self.takes_webp { IMAGES } else { OLD_IMAGES },
            max_bytes: self.image_max_bytes,
            max_side: MAX_IMAGE_SIDE.min(self.image_max_pixels.isqrt()),
            min_side: 1,
            aspect: None,
        }
    }

    pub(super) fn videos(&self) -> VideoRules {
        VideoRules {
            types: &["video/mp4", "video/quicktime", "video/webm"],
            video_codecs: &["h264", "vp8", "vp9"],
            audio_codecs: &["aac", "opus", "vorbis"],
            max_bytes: self.video_max_bytes,
            min_seconds: 0,
            max_seconds: MAX_SECONDS,
            min_side: 1,
            // The limit is the number of pixels; within this side it is kept in every shape.
            max_side: self.video_max_pixels.isqrt(),
            max_frame_rate: self.video_max_frame_rate,
            aspect: None,
        }
    }

    /// The options of every format, after those of one.
    fn options(&self, mut own: Vec<OptionField>) -> Vec<OptionField> {
        let text = |max_characters| OptionKind::Text {
            max_characters,
            multiline: false,
        };
        own.extend([
            OptionField::new(
                "contentWarning",
                "Content warning",
                "Shown in place of the post until somebody opens it. It counts as text of every part.",
                text(self.max_characters),
            ),
            OptionField::new(
                "sensitive",
                "Sensitive media",
                "Files are hidden until somebody taps them.",
                OptionKind::Switch { default: false },
            ),
            OptionField::new(
                "visibility",
                "Who can see it",
                "Otherwise as the account has set it on its server.",
                OptionKind::Choice {
                    choices: Choice::list(&[
                        ("public", "Public"),
                        ("unlisted", "Quiet public: not in feeds and search"),
                        ("private", "Followers"),
                        ("direct", "Only people you mention"),
                    ]),
                    default: None,
                },
            ),
            OptionField::new(
                "language",
                "Language",
                "Its ISO 639 code, such as en or de. Otherwise as the account has set it.",
                text(7),
            ),
            OptionField::new(
                "replyTo",
                "Post to reply to",
                "Its address, on whatever server.",
                OptionKind::Link,
            ),
            OptionField::new(
                "firstComment",
                "First comment",
                "Published as a reply, right after the post.",
                OptionKind::Text {
                    max_characters: self.max_characters,
                    multiline: true,
                },
            ),
        ]);
        if self.takes_quotes {
            own.push(OptionField::new(
                "quotePolicy",
                "Who can quote it",
                "Otherwise as the account has set it. What only followers see, nobody else can quote.",
                OptionKind::Choice {
                    choices: Choice::list(&[
                        ("public", "Anyone"),
                        ("followers", "Followers"),
                        ("nobody", "Just you"),
                    ]),
                    default: None,
                },
            ));
        }
        own
    }

    fn quote_options(&self) -> Vec<OptionField> {
        let mut options = Vec::new();
        if self.takes_videos {
            options.push(self.thumbnail("Thumbnail", "The picture shown before the video plays."));
        }
        if self.takes_quotes {
            options.push(OptionField::new(
                "quote",
                "Post to quote",
                "Its address, on whatever server. Its author decides who may quote it.",
                OptionKind::Link,
            ));
        }
        options
    }

    fn poll_options(&self) -> Vec<OptionField> {
        vec![
            OptionField::new(
                "poll",
                "Poll",
                "In the first post.",
                OptionKind::Poll {
                    min_choices: 2,
                    max_choices: self.poll_max_choices,
                    max_characters: self.poll_max_characters,
                    minutes: vec![self.poll_min_minutes, self.poll_max_minutes],
                    any_duration: true,
                    multiple: true,
                },
            )
            .required(),
            OptionField::new(
                "hidePollTotals",
                "Hide the votes",
                "Nobody sees the result until the poll has ended.",
                OptionKind::Switch { default: false },
            ),
        ]
    }

    fn thumbnail(&self, label: &'static str, help: &'static str) -> OptionField {
        let rules = self.images();
        OptionField::new("thumbnail", label, help, OptionKind::Image { rules })
    }
}

#[expect(
    clippy::expect_used,
    reason = "the pattern is a constant, and the tests compile it"
)]
static LANGUAGE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new("^[a-z]{2,3}(-[A-Za-z]{2,4})?$").expect("a valid pattern"));

/// What Mastodon's own rules say of a post.
pub(super) fn check(format: &Format, draft: &Draft<'_>) -> Vec<Finding> {
    let said = |key: &str| draft.options.get(key)?.as_str().map(str::trim);
    let said = |key: &str| said(key).filter(|text| !text.is_empty());
    let first = draft.parts.first();
    let files = || first.into_iter().flat_map(|part| &part.media);
    let mut findings = too_long(format, draft, said("contentWarning").unwrap_or_default());
    if said("quote").is_some() && files().next().is_some() {
        findings.push(Finding::option(
            "quote_with_media",
            "quote",
            "A post on Mastodon that quotes another has no files. Please remove them, or the quote.",
        ));
    }
    if said("visibility") == Some("direct")
        && !first.is_some_and(|part| text::has_mention(part.text))
    {
        let message = "Only people whom the text mentions will see this post on Mastodon, and it mentions nobody. Please write their handles, such as @name@example.social, or choose who can see it.";
        findings.push(Finding::option("nobody_mentioned", "visibility", message).warning());
    }
    if said("language").is_some_and(|language| !LANGUAGE.is_match(language)) {
        findings.push(Finding::option(
            "option_invalid",
            "language",
            "That is no code of a language for Mastodon. It should look like en, de or pt-BR.",
        ));
    }
    let plays = |file: &DraftMedia<'_>| !file.mime_type.starts_with("image/");
    if said("thumbnail").is_some() && !files().any(plays) {
        let message =
            "On Mastodon only videos and sounds have a thumbnail. This one will not be used.";
        findings.push(Finding::option("thumbnail_unused", "thumbnail", message).warning());
    }
    for (index, part) in draft.parts.iter().enumerate() {
        let gifs = part.media.iter().filter(|file| file.mime_type == GIF);
        if gifs.count() > 1 {
            let message = "Mastodon takes one GIF per post. Please remove the others.";
            let finding = Finding::error("too_many_gifs", Field::Media, message);
            findings.push(finding.in_part(index));
        }
    }
    findings
}

/// The texts that are too long together with the content warning, which every part carries, and a
/// first comment that is too long. That a text is too long by itself is found elsewhere.
fn too_long(format: &Format, draft: &Draft<'_>, warning: &str) -> Vec<Finding> {
    let most = format.text.max_characters;
    let url_length = format.text.url_length.unwrap_or(text::URL_LENGTH);
    let warning = warning.graphemes(true).count();
    let count = |written: &str| text::count(written.trim(), url_length);
    let parts = draft.parts.iter().enumerate().filter_map(|(index, part)| {
        let text = count(part.text);
        (text <= most && text + warning > most).then(|| {
            let message = format!(
                "Mastodon takes {most} characters, those of the content warning included; this text has {text} and the warning {warning}. Please shorten them by {}.",
                text + warning - most
            );
            Finding::error("text_too_long", Field::Text, message).in_part(index)
        })
    });
    let comment = draft
        .options
        .get("firstComment")
        .and_then(|comment| comment.as_str())
        .map(count)
        .filter(|comment| comment + warning > most)
        .map(|comment| {
            let message = format!(
                "The first comment may have {most} characters on Mastodon, those of the content warning included, and has {}. Please shorten it.",
                comment + warning
            );
            Finding::option("option_invalid", "firstComment", message)
        });
    parts.chain(comment).collect()
}
