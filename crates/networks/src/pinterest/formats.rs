//! What a Pin may be, by Pinterest's OpenAPI 5.23.0 and
//! help.pinterest.com/en/business/article/pinterest-product-specs, state of November 2026.

use serde_json::Value;

use super::publish::joined;
use crate::{
    descriptor::{
        Aspect, Counting, Format, ImageRules, MediaRules, OptionField, OptionKind, TextRules,
        VideoRules,
    },
    rules::{Draft, Field, Finding},
};

/// Characters of a Pin's `alt_text`, which describes all of its pictures together.
pub(super) const MAX_ALT: usize = 500;
/// Pictures are sent inside the JSON of the request. Pinterest shows none wider than 1,200
/// pixels, so nothing is lost by sending them small.
pub(super) const IMAGE_BYTES: u64 = 4 << 20;
/// Five of these fit into one request.
pub(super) const CAROUSEL_IMAGE_BYTES: u64 = 1 << 20;
/// Pixels of the longer side.
pub(super) const MAX_SIDE: u32 = 3_000;

/// Every format.
pub(super) fn formats() -> Vec<Format> {
    vec![
        Format {
            id: "pin",
            name: "Image Pin",
            media: MediaRules {
                min: 1,
                max: 1,
                images: Some(images(IMAGE_BYTES)),
                max_alt_characters: Some(MAX_ALT),
                ..MediaRules::default()
            },
            ..pin(Vec::new())
        },
        Format {
            id: "video",
            name: "Video Pin",
            media: MediaRules {
                min: 1,
                max: 1,
                max_videos: 1,
                videos: Some(videos()),
                max_alt_characters: Some(MAX_ALT),
                ..MediaRules::default()
            },
            ..pin(vec![OptionField::new(
                "cover",
                "Cover",
                "The picture before the video plays. Without it, a frame from its first second.",
                OptionKind::Image {
                    rules: images(IMAGE_BYTES),
                },
            )])
        },
        Format {
            id: "carousel",
            name: "Carousel Pin",
            media: MediaRules {
                min: 2,
                max: 5,
                images: Some(images(CAROUSEL_IMAGE_BYTES)),
                max_alt_characters: Some(MAX_ALT),
                ..MediaRules::default()
            },
            ..pin(vec![
                OptionField::new(
                    "cardTitles",
                    "Titles of the cards",
                    "In the order of the pictures.",
                    OptionKind::List {
                        max_items: 5,
                        max_characters: 100,
                    },
                ),
                OptionField::new(
                    "cardLinks",
                    "Links of the cards",
                    "In the order of the pictures. A card without one leads to the link of the Pin.",
                    OptionKind::List {
                        max_items: 5,
                        max_characters: 2_048,
                    },
                ),
            ])
        },
    ]
}

/// A Pin of any kind, with the options that all have and these.
fn pin(more: Vec<OptionField>) -> Format {
    let mut options = vec![
        OptionField::new(
            "board",
            "Board",
            "Where the Pin goes.",
            OptionKind::Lookup {
                search: false,
                of: None,
            },
        )
        .required(),
        OptionField::new(
            "section",
            "Section",
            "A section of the board.",
            OptionKind::Lookup {
                search: false,
                of: Some("board"),
            },
        ),
        OptionField::new(
            "title",
            "Title",
            "Shown below the Pin; people see the first 40 characters in their feed.",
            OptionKind::Text {
                max_characters: 100,
                multiline: false,
            },
        ),
        OptionField::new(
            "link",
            "Link",
            "The page that the Pin leads to.",
            OptionKind::Link,
        ),
    ];
    options.extend(more);
    Format {
        id: "",
        name: "",
        text: TextRules::up_to(800, Counting::CodePoints),
        media: MediaRules::default(),
        max_parts: 1,
        options,
    }
}

/// The types that Pinterest takes inside a request: schema `ContentType`.
pub(super) const fn images(max_bytes: u64) -> ImageRules {
    ImageRules {
        types: &["image/jpeg", "image/png"],
        max_bytes,
        max_side: MAX_SIDE,
        min_side: 1,
        aspect: None,
    }
}

/// help.pinterest.com/en/business/article/pinterest-product-specs
pub(super) const fn videos() -> VideoRules {
    VideoRules {
        types: &["video/mp4", "video/quicktime", "video/x-m4v"],
        video_codecs: &["h264", "hevc"],
        audio_codecs: &["aac"],
        max_bytes: 2_000_000_000,
        min_seconds: 4,
        max_seconds: 15 * 60,
        min_side: 1,
        max_side: 3_840,
        max_frame_rate: 60,
        aspect: Some(Aspect {
            min: 0.5,
            max: 1.91,
        }),
    }
}

/// What is wrong by Pinterest's own rules.
pub(super) fn check(format: &Format, draft: &Draft<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let text = |key: &str| draft.options.get(key).and_then(Value::as_str);
    if let (Some(board), Some(section)) = (text("board"), text("section"))
        && !section.is_empty()
        && section.split('/').next() != Some(board)
    {
        findings.push(Finding::option(
            "section_of_another_board",
            "section",
            "The section belongs to another board. Please choose one of the chosen board, or none.",
        ));
    }
    let Some(part) = draft.parts.first().filter(|_| format.id == "carousel") else {
        return findings;
    };
    let described = part.media.iter().map(|file| file.alt_text);
    if joined(described).chars().count() > MAX_ALT {
        findings.push(
            Finding::error(
                "alt_texts_too_long",
                Field::AltText,
                format!("Pinterest keeps one description for all pictures of a carousel. Together they may have {MAX_ALT} characters."),
            )
            .in_part(0),
        );
    }
    let mut shapes = part
        .media
        .iter()
        .filter_map(|file| Some((file.width?, file.height?)));
    if let Some(first) = shapes.next()
        && !shapes.all(|shape| same_shape(first, shape))
    {
        findings.push(
            Finding::error(
                "different_shapes",
                Field::Media,
                "The pictures of a carousel should have the same shape, or Pinterest crops them.",
            )
            .in_part(0)
            .warning(),
        );
    }
    findings
}

/// Whether two pictures are as wide for their height, but for rounding.
fn same_shape(one: (u32, u32), other: (u32, u32)) -> bool {
    let ratio = |(width, height): (u32, u32)| f64::from(width) / f64::from(height.max(1));
    (ratio(one) / ratio(other) - 1.0).abs() < 0.02
}
