//! Files to publish.

use std::{ops::Range, sync::Arc, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use futures::{StreamExt, stream::BoxStream};
use kernel::Env;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};
use url::Url;

use crate::{
    connector::{
        FileFacts, MediaFile, MediaSource, OutgoingMedia, OutgoingPart, RenderedImage, Rendition,
    },
    descriptor::ImageRules,
    error::NetworkError,
};

/// A PNG of one pixel.
const PIXEL: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, b'I', b'H', b'D', b'R', 0, 0, 0,
    1, 0, 0, 0, 1, 8, 6, 0, 0, 0, 0x1f, 0x15, 0xc4, 0x89, 0, 0, 0, 0x0d, b'I', b'D', b'A', b'T',
    0x78, 0x9c, 0x63, 0xf8, 0xcf, 0xc0, 0xf0, 0x1f, 0, 5, 0, 1, 0xff, 0x56, 0xc7, 0x2f, 0x0d, 0, 0,
    0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82,
];

/// The header of a JPEG.
const JPEG: &[u8] = &[
    0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc0, 0, 11, 8, 0, 8, 0, 8, 1, 1, 0x11, 0, 0xff, 0xd9,
];

/// A file in memory, which fits every network's rules.
pub(crate) struct TestFile {
    pub(crate) bytes: Bytes,
    pub(crate) facts: FileFacts,
}

impl TestFile {
    /// The PNG of one pixel.
    pub(crate) fn pixel() -> Self {
        Self::new("image/png", Bytes::from_static(PIXEL))
    }

    /// A JPEG of 8 × 8 pixels, as far as its header tells.
    pub(crate) fn jpeg() -> Self {
        Self::new("image/jpeg", Bytes::from_static(JPEG))
    }

    /// What begins as an MP4 does, of so many bytes.
    pub(crate) fn mp4(bytes: usize) -> Self {
        let mut file = b"\0\0\0\x18ftypisom\0\0\x02\0isommp42".to_vec();
        file.resize(bytes, 7);
        Self::new("video/mp4", Bytes::from(file))
    }

    /// Bytes that are taken for a file of this type; a video of 1080 × 1920 pixels and 10 s.
    pub(crate) fn new(mime_type: &str, bytes: Bytes) -> Self {
        let video = mime_type.starts_with("video/");
        let facts = FileFacts {
            mime_type: mime_type.to_owned(),
            bytes: bytes.len() as u64,
            width: Some(if video { 1_080 } else { 1 }),
            height: Some(if video { 1_920 } else { 1 }),
            duration_ms: video.then_some(10_000),
        };
        Self { bytes, facts }
    }

    /// The file, attached to a part.
    pub(crate) fn attach(self, alt_text: &str) -> OutgoingMedia {
        OutgoingMedia {
            content_id: Env::system().uuid(),
            mime_type: self.facts.mime_type.clone(),
            alt_text: alt_text.to_owned(),
            source: Arc::new(self),
        }
    }
}

#[async_trait]
impl MediaSource for TestFile {
    async fn image(&self, _: &ImageRules) -> Result<RenderedImage, NetworkError> {
        Ok(RenderedImage {
            bytes: self.bytes.clone(),
            mime_type: self.facts.mime_type.clone(),
            width: 1,
            height: 1,
        })
    }

    async fn open(&self, _: Rendition<'_>) -> Result<Arc<dyn MediaFile>, NetworkError> {
        Ok(Arc::new(Self {
            bytes: self.bytes.clone(),
            facts: self.facts.clone(),
        }))
    }

    /// Serves the file at an address of its own, for as long as the test runs.
    async fn link(&self, _: Rendition<'_>, _: Duration) -> Result<Url, NetworkError> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/file", listener.local_addr().unwrap());
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            self.facts.mime_type,
            self.bytes.len()
        );
        let bytes = self.bytes.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = [0; 4_096];
                let read = stream.read(&mut request).await.unwrap_or(0);
                stream.write_all(head.as_bytes()).await.ok();
                if !request[..read].starts_with(b"HEAD") {
                    stream.write_all(&bytes).await.ok();
                }
            }
        });
        Ok(url.parse().unwrap())
    }
}

#[async_trait]
impl MediaFile for TestFile {
    fn facts(&self) -> &FileFacts {
        &self.facts
    }

    async fn read(&self, range: Range<u64>) -> Result<Bytes, NetworkError> {
        let range = usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap();
        Ok(self.bytes.slice(range))
    }

    fn stream(&self, range: Range<u64>) -> BoxStream<'static, std::io::Result<Bytes>> {
        let range = usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap();
        let bytes = self.bytes.slice(range);
        let pieces: Vec<_> = bytes
            .chunks(64 * 1024)
            .map(|piece| Ok(Bytes::copy_from_slice(piece)))
            .collect();
        futures::stream::iter(pieces).boxed()
    }
}

/// A part with a text and an image for each description.
pub(crate) fn part(text: &str, alt_texts: &[&str]) -> OutgoingPart {
    let media = alt_texts
        .iter()
        .map(|alt_text| TestFile::pixel().attach(alt_text))
        .collect();
    OutgoingPart {
        text: text.to_owned(),
        media,
    }
}
