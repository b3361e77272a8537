//! What can be published: learn.microsoft.com/linkedin/marketing/community-management/shares,
//! version 202609.

use crate::descriptor::{
    Choice, Counting, FileRules, Format, ImageRules, MediaRules, OptionField, OptionKind,
    TextRules, VideoRules,
};

/// A post of any kind, with the options that all have and these.
fn format(
    id: &'static str,
    name: &'static str,
    media: MediaRules,
    more: Vec<OptionField>,
) -> Format {
    let mut options = more;
    options.extend([
        OptionField::new(
            "visibility",
            "Who can see it",
            "Posts of pages are for everyone.",
            OptionKind::Choice {
                choices: Choice::list(&[
                    ("PUBLIC", "Anyone"),
                    ("CONNECTIONS", "Your connections"),
                    ("LOGGED_IN", "Members of LinkedIn"),
                ]),
                default: Some("PUBLIC"),
            },
        ),
        OptionField::new(
            "firstComment",
            "First comment",
            "Published below the post, right after it.",
            OptionKind::Text {
                max_characters: 1_250,
                multiline: true,
            },
        ),
        OptionField::new(
            "noReshares",
            "No reposts",
            "Readers can't repost it.",
            OptionKind::Switch { default: false },
        ),
    ]);
    Format {
        id,
        name,
        text: TextRules::up_to(3_000, Counting::CodePoints),
        media,
        max_parts: 1,
        options,
    }
}

/// Everything that can be published, the most usual first.
pub(super) fn all() -> Vec<Format> {
    let text = |max_characters| OptionKind::Text {
        max_characters,
        multiline: false,
    };
    let title = |help| OptionField::new("title", "Title", help, text(400));
    vec![
        format(
            "post",
            "Post",
            MediaRules {
                max: 20,
                max_videos: 1,
                images: Some(IMAGES),
                videos: Some(VIDEOS),
                max_alt_characters: Some(4_086),
                ..MediaRules::default()
            },
            vec![title("Shown with a video.")],
        ),
        format(
            "document",
            "Document",
            MediaRules {
                min: 1,
                max: 1,
                documents: Some(DOCUMENTS),
                ..MediaRules::default()
            },
            vec![title("What readers see before they open it.").required()],
        ),
        format(
            "article",
            "Link",
            MediaRules::default(),
            vec![
                OptionField::new(
                    "link",
                    "Link",
                    "LinkedIn does not look at the page: title and picture are yours to give.",
                    OptionKind::Link,
                )
                .required(),
                title("").required(),
                OptionField::new("description", "Description", "", text(4_086)),
                OptionField::new(
                    "thumbnail",
                    "Picture",
                    "",
                    OptionKind::Image { rules: IMAGES },
                ),
            ],
        ),
        format(
            "poll",
            "Poll",
            MediaRules::default(),
            vec![
                OptionField::new("question", "Question", "", text(140)).required(),
                OptionField::new(
                    "poll",
                    "Answers",
                    "You will see who voted for what.",
                    OptionKind::Poll {
                        min_choices: 2,
                        max_choices: 4,
                        max_characters: 30,
                        minutes: vec![1_440, 4_320, 10_080, 20_160],
                        any_duration: false,
                        multiple: false,
                    },
                )
                .required(),
            ],
        ),
    ]
}

/// The Images API: fewer than 36,152,320 pixels. It names no number of bytes.
pub(super) const IMAGES: ImageRules = ImageRules {
    types: &["image/jpeg", "image/png", "image/gif"],
    max_bytes: 8 << 20,
    max_side: 6_000,
    min_side: 1,
    aspect: None,
};

/// The Videos API.
pub(super) const VIDEOS: VideoRules = VideoRules {
    types: &["video/mp4"],
    video_codecs: &["h264"],
    audio_codecs: &["aac"],
    max_bytes: 500 << 20,
    min_seconds: 3,
    max_seconds: 30 * 60,
    min_side: 1,
    max_side: 4_096,
    max_frame_rate: 60,
    aspect: None,
};

/// The Documents API: 300 pages at most.
const DOCUMENTS: FileRules = FileRules {
    types: &[
        "application/pdf",
        "application/msword",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.ms-powerpoint",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ],
    max_bytes: 100 << 20,
};
