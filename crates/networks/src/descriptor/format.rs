//! What can be published on a network, and what fits into it.

use serde::Serialize;
use utoipa::ToSchema;

use super::OptionField;

/// One kind of thing that a network publishes: a post, a Reel, a Story, a pin.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Format {
    /// Its id: unchanging, unique within the network.
    pub id: &'static str,
    /// What the network calls it.
    pub name: &'static str,
    /// What its text may be.
    pub text: TextRules,
    /// What files it takes.
    pub media: MediaRules,
    /// Posts of one thread; 1 where it can't be continued.
    pub max_parts: usize,
    /// What else can be said of it.
    pub options: Vec<OptionField>,
}

impl Format {
    /// Its name as a sentence begins with it, such as `An Image Pin`.
    pub fn with_article(&self) -> String {
        let article = if self.name.starts_with(['A', 'E', 'I', 'O', 'U']) {
            "An"
        } else {
            "A"
        };
        format!("{article} {}", self.name)
    }
}

kernel::text_enum! {
    /// What counts as one character.
    pub enum Counting {
        /// One extended grapheme cluster (Unicode UAX #29): what a reader sees as one character.
        Graphemes = "graphemes",
        /// One Unicode scalar value.
        CodePoints = "code_points",
        /// One UTF-16 code unit, as JavaScript and Java count.
        Utf16 = "utf16",
        /// One byte of UTF-8.
        Bytes = "bytes",
        /// Graphemes, but each link counts as a fixed number and the server part of a mention
        /// counts nothing.
        Mastodon = "mastodon",
        /// X's weighted count: most of Latin script counts one, everything else two, each link 23.
        Weighted = "weighted",
    }
}

/// What the text of a part may be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct TextRules {
    /// At most this many characters. 0: it takes no text at all.
    pub max_characters: usize,
    /// What counts as one character.
    pub counting: Counting,
    /// Bytes of the text in UTF-8, where the network limits them too.
    #[schema(required)]
    pub max_bytes: Option<usize>,
    /// Characters that every link counts as, however long it is.
    #[schema(required)]
    pub url_length: Option<usize>,
    /// At most this many hashtags.
    #[schema(required)]
    pub max_hashtags: Option<usize>,
    /// At most this many mentions.
    #[schema(required)]
    pub max_mentions: Option<usize>,
    /// At most this many links.
    #[schema(required)]
    pub max_links: Option<usize>,
}

impl TextRules {
    /// Up to `max_characters`, and nothing else.
    pub const fn up_to(max_characters: usize, counting: Counting) -> Self {
        Self {
            max_characters,
            counting,
            max_bytes: None,
            url_length: None,
            max_hashtags: None,
            max_mentions: None,
            max_links: None,
        }
    }
}

/// What files a part takes.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct MediaRules {
    /// At least this many.
    pub min: usize,
    /// At most this many.
    pub max: usize,
    /// At most this many videos among them.
    pub max_videos: usize,
    /// Whether images may stand beside videos.
    pub mixed: bool,
    /// What its images must be; `None`: it takes none.
    #[schema(required)]
    pub images: Option<ImageRules>,
    /// What its videos must be; `None`: it takes none.
    #[schema(required)]
    pub videos: Option<VideoRules>,
    /// What its sounds must be; `None`: it takes none.
    #[schema(required)]
    pub audio: Option<FileRules>,
    /// What its documents must be; `None`: it takes none.
    #[schema(required)]
    pub documents: Option<FileRules>,
    /// Characters (Unicode scalar values) of a file's description; `None`: it takes none.
    #[schema(required)]
    pub max_alt_characters: Option<usize>,
}

/// How wide a picture may be for its height: width divided by height.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, ToSchema)]
pub struct Aspect {
    /// Not narrower: 0.8 is 4:5.
    pub min: f64,
    /// Not wider: 1.91 is 1.91:1.
    pub max: f64,
}

/// What a network accepts of an image. What is too large, or of another type, is made to fit.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImageRules {
    /// The media types it takes. Other images are re-encoded.
    pub types: &'static [&'static str],
    /// At most this many bytes. Larger images are made smaller.
    pub max_bytes: u64,
    /// At most this many pixels on the longer side. Larger images are made smaller.
    pub max_side: u32,
    /// At least this many pixels on the shorter side.
    pub min_side: u32,
    /// The shapes it takes; `None`: any.
    #[schema(required)]
    pub aspect: Option<Aspect>,
}

/// What a network accepts of a video. What can be re-encoded to fit, is; length and shape stay.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct VideoRules {
    /// The media types it takes: its containers.
    pub types: &'static [&'static str],
    /// The video codecs it takes, as ffmpeg names them: `h264`, `hevc`, `vp9`, `av1`.
    pub video_codecs: &'static [&'static str],
    /// The audio codecs it takes, as ffmpeg names them: `aac`, `opus`.
    pub audio_codecs: &'static [&'static str],
    /// At most this many bytes.
    pub max_bytes: u64,
    /// Not shorter, in seconds.
    pub min_seconds: u32,
    /// Not longer, in seconds.
    pub max_seconds: u32,
    /// At least this many pixels on the shorter side.
    pub min_side: u32,
    /// At most this many pixels on the longer side.
    pub max_side: u32,
    /// At most this many pictures a second.
    pub max_frame_rate: u32,
    /// The shapes it takes; `None`: any.
    #[schema(required)]
    pub aspect: Option<Aspect>,
}

/// What a network accepts of a sound, a document or a captions file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FileRules {
    /// The media types it takes.
    pub types: &'static [&'static str],
    /// At most this many bytes.
    pub max_bytes: u64,
}
