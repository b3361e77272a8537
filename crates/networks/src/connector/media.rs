//! The files of a post, made to fit a network.

use std::{fmt, ops::Range, sync::Arc, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream;
use url::Url;
use uuid::Uuid;

use crate::{
    descriptor::{ImageRules, VideoRules},
    error::NetworkError,
};

/// One attached file.
#[derive(Clone)]
pub struct OutgoingMedia {
    /// The library item's id.
    pub content_id: Uuid,
    /// Its media type, found from its content.
    pub mime_type: String,
    /// Its description for those who can't see it; may be empty.
    pub alt_text: String,
    /// Where its bytes come from.
    pub source: Arc<dyn MediaSource>,
}

impl fmt::Debug for OutgoingMedia {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "OutgoingMedia({} {})", self.mime_type, self.content_id)
    }
}

/// How a file is wanted.
#[derive(Clone, Copy, Debug)]
pub enum Rendition<'a> {
    /// As it was uploaded.
    Original,
    /// As an image that fits.
    Image(&'a ImageRules),
    /// As a video that fits. What breaks a rule that re-encoding can't mend (its length, its
    /// shape) is an error.
    Video(&'a VideoRules),
}

/// Gives the bytes of a file, made to fit a network.
#[async_trait]
pub trait MediaSource: Send + Sync {
    /// The image, turned upright, stripped of metadata, and made smaller or re-encoded only if it
    /// breaks `rules`.
    async fn image(&self, rules: &ImageRules) -> Result<RenderedImage, NetworkError>;

    /// The file, to be read piece by piece: it may be larger than memory. The same bytes each
    /// time, so that an upload can go on where it broke off.
    async fn open(&self, rendition: Rendition<'_>) -> Result<Arc<dyn MediaFile>, NetworkError>;

    /// A public address of the file that anybody can read for `valid_for`, for networks that
    /// fetch files themselves.
    async fn link(
        &self,
        rendition: Rendition<'_>,
        valid_for: Duration,
    ) -> Result<Url, NetworkError>;
}

/// A file that fits, to be read piece by piece.
#[async_trait]
pub trait MediaFile: Send + Sync {
    /// What it is.
    fn facts(&self) -> &FileFacts;

    /// The bytes of `range`, which must lie within the file. Read whole: ask for pieces.
    async fn read(&self, range: Range<u64>) -> Result<Bytes, NetworkError>;

    /// The bytes of `range` as a stream, a piece in memory at a time.
    fn stream(&self, range: Range<u64>) -> BoxStream<'static, std::io::Result<Bytes>>;
}

/// What a file is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileFacts {
    /// Its media type.
    pub mime_type: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Pixels across, for pictures and videos.
    pub width: Option<u32>,
    /// Pixels down, for pictures and videos.
    pub height: Option<u32>,
    /// Its length in milliseconds, for videos.
    pub duration_ms: Option<u64>,
}

/// An image that fits a network's rules.
#[derive(Clone, Debug)]
pub struct RenderedImage {
    /// The encoded image.
    pub bytes: Bytes,
    /// Its media type.
    pub mime_type: String,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
}
