//! The media library: files that posts are made of.
//!
//! | module | what a reader finds there |
//! |---|---|
//! | [`kind`] | the file types that are accepted, told by their content |
//! | [`upload`] | an upload on its way from the network to a temporary file, within its limits |
//! | [`storage`], [`file`] | the folder that files lie in; one of them, read piece by piece |
//! | [`inspect`] | looking into a file that has come in: is it whole, what is there to know of it |
//! | [`picture`], [`gif`] | reading an image: size, orientation, thumbnail; guarded against bombs |
//! | [`whole`], [`probe`] | reading a video: whether all of it is there, what is in it, its poster |
//! | [`document`], [`caption`] | reading documents and captions |
//! | [`tool`], [`child`], `guard` | what ffmpeg and ffprobe are asked; running them as child processes that end with this one |
//! | [`fault`] | what can be wrong with a file, and how it is said |
//! | [`render`], [`strip`] | an image made to fit a network's rules; its metadata taken out |
//! | [`plan`] | what has to be done to a video for a network to take it |
//! | [`rendition`] | files made to fit, each made once; `encode` makes videos, `source` hands them to networks |
//! | `ahead` | what a planned post's files ask for; converting them in advance |
//! | [`sweep`] | removes files that nobody needs |
//! | [`address`] | the signed addresses that files are served by |
//! | [`library`] | the use cases: add, list, read, change, delete |

pub mod address;
mod ahead;
pub mod caption;
pub mod child;
pub mod document;
mod encode;
pub mod fault;
pub mod file;
pub mod gif;
mod guard;
pub mod inspect;
pub mod kind;
pub mod library;
pub mod picture;
pub mod plan;
pub mod probe;
pub mod render;
pub mod rendition;
mod source;
pub mod storage;
pub mod strip;
pub mod sweep;
pub mod tool;
pub mod upload;
pub mod whole;

use std::time::Duration;

use kernel::{PersonId, Timestamp};
use serde::{Deserialize, Serialize};
use url::Url;
use utoipa::ToSchema;

pub use ahead::MediaLoad;
pub use kind::MediaType;
pub use probe::{AudioFacts, VideoFacts};
pub use storage::Storage;
pub use tool::Tools;

kernel::id!(
    /// An item of the media library.
    ContentId,
);

kernel::text_enum! {
    /// Whether an item can be used.
    pub enum ContentStatus {
        /// It can be used.
        Ready = "ready",
        /// It is being made ready.
        Processing = "processing",
        /// It was put aside.
        Archived = "archived",
    }
}

/// Where files are kept, and how large they may be.
#[derive(Clone, Debug)]
pub struct MediaConfig {
    /// The folder that files lie in.
    pub storage: Storage,
    /// ffmpeg and ffprobe.
    pub tools: Tools,
    /// What the addresses of files are signed with. Whoever has it can read every file.
    pub signing_key: [u8; 32],
    /// How people and networks reach this server.
    pub public_url: Url,
    /// How large files may be.
    pub limits: MediaLimits,
    /// How long a file made for a network is kept after its last use.
    pub keep_renditions: Duration,
}

/// How large files may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct MediaLimits {
    /// Bytes of an image.
    pub image_bytes: u64,
    /// Bytes of a video.
    pub video_bytes: u64,
    /// Bytes of an audio file or a document.
    pub document_bytes: u64,
    /// Pixels of an image, however few bytes they are packed in.
    pub image_pixels: u64,
    /// Bytes that uploads leave free on the disk.
    pub spare_bytes: u64,
}

impl Default for MediaLimits {
    fn default() -> Self {
        Self {
            image_bytes: 20 << 20,
            video_bytes: 4 << 30,
            document_bytes: 100 << 20,
            image_pixels: 100_000_000,
            spare_bytes: 256 << 20,
        }
    }
}

impl MediaLimits {
    /// Bytes that a file of this type may have.
    pub const fn bytes(&self, media_type: MediaType) -> u64 {
        match media_type {
            MediaType::Image => self.image_bytes,
            MediaType::Video => self.video_bytes,
            MediaType::Audio | MediaType::Document => self.document_bytes,
            MediaType::Caption => caption::MAX_BYTES,
        }
    }

    /// Bytes that the largest file may have.
    pub fn largest(&self) -> u64 {
        self.image_bytes
            .max(self.video_bytes)
            .max(self.document_bytes)
    }
}

/// What was found in a file.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Facts {
    /// Pixels across, as seen upright.
    pub width: Option<u32>,
    /// Pixels down, as seen upright.
    pub height: Option<u32>,
    /// Milliseconds it plays: a video, a sound, a GIF that moves, captions.
    pub duration_ms: Option<u64>,
    /// The thumbnail's variant.
    pub thumbnail: Option<String>,
    /// The picture of a video.
    pub video: Option<VideoFacts>,
    /// The sound of a video or of a sound file.
    pub audio: Option<AudioFacts>,
}

/// An item as it is stored.
#[derive(Clone, Debug, PartialEq)]
pub struct ContentRecord {
    /// Its id.
    pub id: ContentId,
    /// What kind of file it is.
    pub media_type: MediaType,
    /// Whether it can be used.
    pub status: ContentStatus,
    /// Its name in the library.
    pub title: String,
    /// What it is about.
    pub description: Option<String>,
    /// What it shows, for those who can't see it.
    pub alt_text: Option<String>,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// The file's name as it was uploaded.
    pub file_name: String,
    /// The file's type, found from its content.
    pub mime_type: String,
    /// The file's bytes.
    pub file_size: u64,
    /// The file's SHA-256.
    pub sha256: [u8; 32],
    /// What was found in it.
    pub facts: Facts,
    /// Who uploaded it.
    pub uploaded_by: PersonId,
    /// When it was uploaded.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl ContentRecord {
    /// The original's variant: its name in the storage.
    pub fn original(&self) -> String {
        format!("original.{}", kind::extension(&self.mime_type))
    }
}

/// An item of the media library.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Content)]
pub struct MediaItem {
    /// Its id.
    pub id: ContentId,
    /// What kind of file it is.
    #[serde(rename = "type")]
    pub media_type: MediaType,
    /// Its name in the library.
    pub title: String,
    /// What it is about.
    #[schema(required)]
    pub description: Option<String>,
    /// What it shows, for those who can't see it.
    #[schema(required)]
    pub alt_text: Option<String>,
    /// Words to find it by.
    pub tags: Vec<String>,
    /// The file's name as it was uploaded.
    pub file_name: String,
    /// The file's type, found from its content.
    pub mime_type: String,
    /// The file's bytes.
    pub file_size: u64,
    /// Pixels across, as seen upright; images and videos.
    #[schema(required)]
    pub width: Option<u32>,
    /// Pixels down, as seen upright; images and videos.
    #[schema(required)]
    pub height: Option<u32>,
    /// Seconds it plays: a video, a sound, a GIF that moves, captions.
    #[schema(required)]
    pub duration: Option<f64>,
    /// The pictures of a video.
    #[schema(required)]
    pub video: Option<VideoFacts>,
    /// The sound of a video or of a sound file.
    #[schema(required)]
    pub audio: Option<AudioFacts>,
    /// A signed address of the file on this server, good for at least twelve hours.
    pub file_url: String,
    /// A signed address of a small picture of it; images and videos.
    #[schema(required)]
    pub thumbnail_url: Option<String>,
    /// Whether it can be used.
    pub status: ContentStatus,
    /// When it was uploaded.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}
