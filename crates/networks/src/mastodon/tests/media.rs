//! Videos, moving pictures and sounds.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use futures::stream::BoxStream;
use serde_json::json;
use url::Url;

use super::world;
use crate::{
    connector::{
        FileFacts, MediaFile, MediaSource, OutgoingMedia, OutgoingPart, PublishRequest,
        RenderedImage, Rendition,
    },
    descriptor::ImageRules,
    error::{ErrorKind, NetworkError},
    http::Net,
    testing::{TestFile, part, request_as},
};

const MP4: &[u8] = b"\0\0\0\x18ftypisom0000isommp42";
/// A picture that moves: two pictures of one pixel.
const GIF: &[u8] =
    b"GIF89a\x01\0\x01\0\0\0\0\x21\xf9\x04\0\0\0\0\0\x2c\0\0\x21\xf9\x04\0\0\0\0\0\x3b";

fn of(net: &Net, format: &str, media: OutgoingMedia) -> PublishRequest {
    let part = OutgoingPart {
        text: "Look".to_owned(),
        media: vec![media],
    };
    request_as(net, format, vec![part], json!({}))
}

#[tokio::test]
async fn files_that_play_are_waited_for() {
    for (format, mime_type, bytes, kind) in [
        ("post", "video/mp4", MP4, "video"),
        ("post", "image/gif", GIF, "gifv"),
        ("audio", "audio/x-flac", b"fLaC".as_slice(), "audio"),
    ] {
        let world = world(|_| {}).await;
        let account = world.account().await;
        let mut engine = world.engine(&account);
        let file = TestFile::new(mime_type, Bytes::from_static(bytes)).attach("What it is");
        let post = of(&world.net, format, file);
        engine.publish(&post).await.unwrap();
        assert!(
            engine.log.iter().all(|entry| entry == "ready:0:0 pending") && !engine.log.is_empty(),
            "{kind}: {:?}",
            engine.log
        );
        let media = &world.instance.statuses().await[0]["media_attachments"][0];
        assert_eq!(
            (&media["type"], &media["description"]),
            (&json!(kind), &json!("What it is"))
        );
    }
}

#[tokio::test]
async fn a_thumbnail_goes_up_with_the_video() {
    let world = world(|_| {}).await;
    let account = world.account().await;
    let mut engine = world.engine(&account);
    let file = TestFile::new("video/mp4", Bytes::from_static(MP4)).attach("");
    let mut post = of(&world.net, "post", file);
    let picture = TestFile::pixel().attach("");
    post.attachments.insert("thumbnail".to_owned(), picture);
    engine.publish(&post).await.unwrap();
    let media = &world.instance.statuses().await[0]["media_attachments"][0];
    assert!(media["preview_url"].is_string(), "{media}");
}

#[tokio::test]
async fn a_file_that_the_server_can_not_use_is_refused_and_says_so() {
    let world = world(|_| {}).await;
    let account = world.account().await;
    let mut engine = world.engine(&account);
    let file = TestFile::new("video/mp4", Bytes::from_static(b"no video")).attach("");
    let error = engine.publish(&of(&world.net, "post", file)).await;
    let error = error.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Refused);
    assert!(
        error.message.contains("can't use one of the files"),
        "{error}"
    );
    // What is only seen while it is processed, too.
    world
        .instance
        .faults(json!([{ "kind": "media_rejected", "network": "mastodon" }]))
        .await;
    let file = TestFile::new("video/mp4", Bytes::from_static(MP4)).attach("");
    let error = engine.publish(&of(&world.net, "post", file)).await;
    assert_eq!(error.unwrap_err().kind, ErrorKind::Refused);
    assert!(world.instance.statuses().await.is_empty());
}

/// A GIF of four megapixels, and what the library makes of it.
struct LargeGif;

#[async_trait]
impl MediaSource for LargeGif {
    async fn image(&self, _: &ImageRules) -> Result<RenderedImage, NetworkError> {
        panic!("it would stand still");
    }

    async fn open(&self, rendition: Rendition<'_>) -> Result<Arc<dyn MediaFile>, NetworkError> {
        let (mime_type, bytes) = match rendition {
            Rendition::Original => ("image/gif", GIF),
            Rendition::Video(_) => ("video/mp4", MP4),
            Rendition::Image(_) => panic!("it would stand still"),
        };
        let facts = FileFacts {
            mime_type: mime_type.to_owned(),
            bytes: bytes.len() as u64,
            width: Some(2_000),
            height: Some(2_000),
            duration_ms: Some(3_000),
        };
        Ok(Arc::new(TestFile {
            bytes: Bytes::from_static(bytes),
            facts,
        }))
    }

    async fn link(&self, _: Rendition<'_>, _: std::time::Duration) -> Result<Url, NetworkError> {
        panic!("Mastodon fetches nothing");
    }
}

#[tokio::test]
async fn a_gif_that_is_too_large_moves_on_as_a_video() {
    let world = world(|_| {}).await;
    let account = world.account().await;
    let mut engine = world.engine(&account);
    let file = OutgoingMedia {
        source: Arc::new(LargeGif),
        ..TestFile::new("image/gif", Bytes::from_static(GIF)).attach("")
    };
    engine.publish(&of(&world.net, "post", file)).await.unwrap();
    let statuses = world.instance.statuses().await;
    assert_eq!(statuses[0]["media_attachments"][0]["type"], "video");
}

static ZEROS: [u8; 1 << 20] = [0; 1 << 20];

/// A file that is larger than any piece of it that may be in memory.
struct Endless(FileFacts);

#[async_trait]
impl MediaSource for Endless {
    async fn image(&self, _: &ImageRules) -> Result<RenderedImage, NetworkError> {
        panic!("no image");
    }

    async fn open(&self, _: Rendition<'_>) -> Result<Arc<dyn MediaFile>, NetworkError> {
        Ok(Arc::new(Self(self.0.clone())))
    }

    async fn link(&self, _: Rendition<'_>, _: std::time::Duration) -> Result<Url, NetworkError> {
        panic!("Mastodon fetches nothing");
    }
}

#[async_trait]
impl MediaFile for Endless {
    fn facts(&self) -> &FileFacts {
        &self.0
    }

    async fn read(&self, _: std::ops::Range<u64>) -> Result<Bytes, NetworkError> {
        panic!("it must not be read whole");
    }

    fn stream(&self, range: std::ops::Range<u64>) -> BoxStream<'static, std::io::Result<Bytes>> {
        let pieces = (range.start..range.end).step_by(1 << 20).map(|at| {
            let start = if at == 0 { MP4 } else { &[] };
            Ok([start, &ZEROS[start.len()..]].concat().into())
        });
        Box::pin(futures::stream::iter(pieces))
    }
}

#[tokio::test]
async fn a_large_video_is_streamed() {
    let world = world(|_| {}).await;
    let account = world.account().await;
    let mut engine = world.engine(&account);
    let facts = FileFacts {
        mime_type: "video/mp4".to_owned(),
        bytes: 16 << 20,
        width: Some(1_920),
        height: Some(1_080),
        duration_ms: Some(60_000),
    };
    let file = OutgoingMedia {
        source: Arc::new(Endless(facts)),
        ..TestFile::new("video/mp4", Bytes::from_static(MP4)).attach("")
    };
    let mut post = of(&world.net, "post", file);
    post.parts.push(part("More", &[]));
    engine.publish(&post).await.unwrap();
    assert_eq!(world.instance.statuses().await.len(), 2);
}
