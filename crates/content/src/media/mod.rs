//! The media library: files that posts are made of.
//!
//! | module | what a reader finds there |
//! |---|---|
//! | [`kind`] | the file types that are accepted, told by their content |
//! | [`upload`] | an upload on its way from the network to a temporary file, within its limits |
//! | [`files`] | a file's way into the storage and out of it |
//! | [`film`] | reading a film: whether it is complete, how long it plays |
//! | [`picture`] | reading an image: size, orientation, thumbnail; guarded against bombs |
//! | [`render`] | an image made to fit a network's rules |
//! | [`strip`] | metadata taken out of an image without touching its pixels |
//! | [`address`] | the signed addresses that files are served by |
//! | [`library`] | the use cases: add, list, read, change, delete |

pub mod address;
pub mod files;
pub mod film;
pub mod kind;
pub mod library;
pub mod picture;
pub mod render;
pub mod strip;
pub mod upload;

use std::{
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use kernel::{PersonId, TenantId, Timestamp};
use object_store::{ObjectStore, local::LocalFileSystem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

pub use kind::MediaType;

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
#[derive(Clone)]
pub struct MediaConfig {
    /// Where files are kept; see [`local_store`].
    pub store: Arc<dyn ObjectStore>,
    /// Where uploads wait until they are complete. Must exist.
    pub temp_folder: PathBuf,
    /// What the addresses of files are signed with. Whoever has it can read every file.
    pub signing_key: [u8; 32],
    /// How large files may be.
    pub limits: MediaLimits,
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
}

impl Default for MediaLimits {
    fn default() -> Self {
        Self {
            image_bytes: 20 << 20,
            video_bytes: 1 << 30,
            document_bytes: 100 << 20,
            image_pixels: 100_000_000,
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
        }
    }
}

/// Keeps files in a folder, which is created if it is missing.
pub fn local_store(folder: &Path) -> io::Result<Arc<dyn ObjectStore>> {
    std::fs::create_dir_all(folder)?;
    let store = LocalFileSystem::new_with_prefix(folder).map_err(io::Error::other)?;
    // A post must not outlive its picture in a power cut.
    Ok(Arc::new(
        store.with_automatic_cleanup(true).with_fsync(true),
    ))
}

/// Where a variant of a file is kept: `<tenant>/<id>/<variant>`.
pub(crate) fn key(tenant: TenantId, id: ContentId, variant: &str) -> object_store::path::Path {
    object_store::path::Path::from_iter([&*tenant.to_string(), &*id.to_string(), variant])
}

/// What was found in a file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Facts {
    /// Pixels across, as seen upright.
    pub width: Option<u32>,
    /// Pixels down, as seen upright.
    pub height: Option<u32>,
    /// Milliseconds it plays.
    pub duration_ms: Option<u64>,
    /// The thumbnail's variant.
    pub thumbnail: Option<String>,
}

/// An item as it is stored.
#[derive(Clone, Debug, PartialEq, Eq)]
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
    /// Pixels across, as seen upright; images only.
    #[schema(required)]
    pub width: Option<u32>,
    /// Pixels down, as seen upright; images only.
    #[schema(required)]
    pub height: Option<u32>,
    /// Seconds it plays, where the file says so: MP4, M4V, MOV and M4A.
    #[schema(required)]
    pub duration: Option<f64>,
    /// A signed address of the file on this server, good for at least twelve hours.
    pub file_url: String,
    /// A signed address of a small picture of it; images only.
    #[schema(required)]
    pub thumbnail_url: Option<String>,
    /// Whether it can be used.
    pub status: ContentStatus,
    /// When it was uploaded.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}
