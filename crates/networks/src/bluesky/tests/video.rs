//! Videos: through the video service, and past it.

use std::{
    ops::Range,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use futures::{StreamExt, stream::BoxStream};
use serde_json::{Value, json};
use url::Url;

use super::{Pds, pds, peer, posted};
use crate::{
    bluesky::Bluesky,
    connector::{
        Account, Connector, FileFacts, MediaFile, MediaSource, OutgoingMedia, OutgoingPart,
        PublishRequest, RenderedImage, Rendition,
    },
    descriptor::ImageRules,
    error::{ErrorKind, NetworkError},
    http::Net,
    testing::{Engine, TestFile, request_as},
};

/// A piece of the simulated service.
const PIECE: usize = 64 * 1024;

/// A file that begins like this, of this size; no two are alike.
fn file(net: &Net, begins: &str, size: usize) -> TestFile {
    let mut bytes = format!("{begins} {} ", crate::step::hex(&net.env.bytes::<8>())).into_bytes();
    bytes.resize(size, 7);
    TestFile::new("video/mp4", Bytes::from(bytes))
}

fn post(net: &Net, media: OutgoingMedia, options: Value) -> PublishRequest {
    let content = OutgoingPart {
        text: "Look".to_owned(),
        media: vec![media],
    };
    request_as(net, "post", vec![content], options)
}

async fn publish<'a>(
    pds: &'a Pds,
    net: &'a Net,
    account: &'a Account,
    request: &PublishRequest,
) -> Result<Engine<'a>, NetworkError> {
    let mut engine = Engine::new(&Bluesky, net, &pds.clock, account);
    engine.publish(request).await?;
    Ok(engine)
}

/// What the service was asked for an upload or a job.
async fn calls(service: &str) -> Vec<String> {
    let url = format!("{service}/calls");
    reqwest::get(url).await.unwrap().json().await.unwrap()
}

/// The service, unless the test is to be skipped.
fn service() -> Option<(Pds, String)> {
    Some((pds()?, peer("ALLIN_TEST_BSKY_VIDEO_URL")?))
}

#[tokio::test]
async fn a_video_is_processed_before_it_is_published() {
    let Some((pds, service)) = service() else {
        return;
    };
    let net = pds.with_videos(&service);
    let account = pds.account().await;
    let video = file(&net, "SLOW", 3 * PIECE + 5).attach("Somebody pours tea");
    let options = json!({ "captions": "an id", "languages": ["de"], "contentWarning": "nudity" });
    let mut request = post(&net, video, options);
    let captions = Bytes::from_static(b"WEBVTT\n\n00:00.000 --> 00:01.000\nTea\n");
    let captions = TestFile::new("text/vtt", captions).attach("");
    request.attachments.insert("captions".to_owned(), captions);
    let engine = publish(&pds, &net, &account, &request).await.unwrap();
    assert!(engine.log.len() >= 3, "{:?}", engine.log);
    assert!(
        engine.log.iter().all(|line| line == "ready:0:0 pending"),
        "{:?}",
        engine.log
    );

    let record = pds.record(&posted(&engine, 0)).await;
    let embed = &record["embed"];
    assert_eq!(embed["$type"], "app.bsky.embed.video");
    assert_eq!(embed["alt"], "Somebody pours tea");
    assert_eq!(
        embed["aspectRatio"],
        json!({ "width": 1_080, "height": 1_920 })
    );
    assert_eq!(embed["video"]["mimeType"], "video/mp4");
    assert_eq!(embed["video"]["size"], 3 * PIECE + 5);
    assert_eq!(embed["captions"][0]["lang"], "de");
    assert_eq!(embed["captions"][0]["file"]["mimeType"], "text/vtt");
    assert_eq!(record["labels"]["values"][0]["val"], "nudity");
    let live = Bluesky
        .read_back(&net, &account, &engine.done)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(live.text.as_deref(), Some("Look"));
}

/// A file whose second piece can't be read the first time.
#[derive(Clone)]
struct Breaking {
    bytes: Bytes,
    facts: FileFacts,
    broke: Arc<AtomicBool>,
}

#[async_trait]
impl MediaSource for Breaking {
    async fn image(&self, _: &ImageRules) -> Result<RenderedImage, NetworkError> {
        panic!("it is a video");
    }

    async fn open(&self, _: Rendition<'_>) -> Result<Arc<dyn MediaFile>, NetworkError> {
        Ok(Arc::new(self.clone()))
    }

    async fn link(&self, _: Rendition<'_>, _: Duration) -> Result<Url, NetworkError> {
        panic!("nobody fetches it");
    }
}

#[async_trait]
impl MediaFile for Breaking {
    fn facts(&self) -> &FileFacts {
        &self.facts
    }

    async fn read(&self, _: Range<u64>) -> Result<Bytes, NetworkError> {
        panic!("it is streamed");
    }

    fn stream(&self, range: Range<u64>) -> BoxStream<'static, std::io::Result<Bytes>> {
        let range = usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap();
        let piece = if range.start == PIECE && !self.broke.swap(true, Ordering::Relaxed) {
            Err(std::io::Error::other("the disk is gone"))
        } else {
            Ok(self.bytes.slice(range))
        };
        futures::stream::iter([piece]).boxed()
    }
}

#[tokio::test]
async fn an_upload_goes_on_where_it_broke_off() {
    let Some((pds, service)) = service() else {
        return;
    };
    let net = pds.with_videos(&service);
    let account = pds.account().await;
    let TestFile { bytes, facts } = file(&net, "", 4 * PIECE);
    let broke = Arc::new(AtomicBool::new(false));
    let media = OutgoingMedia {
        content_id: net.env.uuid(),
        mime_type: "video/mp4".to_owned(),
        alt_text: String::new(),
        source: Arc::new(Breaking {
            bytes,
            facts,
            broke,
        }),
    };
    let request = post(&net, media, json!({}));
    let mut engine = Engine::new(&Bluesky, &net, &pds.clock, &account);
    let error = engine.publish(&request).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Temporary, "{error}");
    let job = engine.done[0].result["job"].as_str().unwrap().to_owned();
    engine.publish(&request).await.unwrap();
    let parts: Vec<_> = calls(&service)
        .await
        .into_iter()
        .filter_map(|call| Some(call.strip_prefix(&format!("uploadPart {job} "))?.to_owned()))
        .collect();
    assert_eq!(parts, ["1", "2", "3", "4"], "each arrived once");
    let record = pds.record(&posted(&engine, 0)).await;
    assert_eq!(record["embed"]["video"]["size"], 4 * PIECE);
}

#[tokio::test]
async fn a_video_that_can_not_be_processed_is_never_published() {
    let Some((pds, service)) = service() else {
        return;
    };
    let net = pds.with_videos(&service);
    let account = pds.account().await;
    let video = file(&net, "FAIL encoding_failure", PIECE).attach("");
    let request = post(&net, video, json!({}));
    let mut engine = Engine::new(&Bluesky, &net, &pds.clock, &account);
    let error = engine.publish(&request).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Refused);
    assert!(
        error.message.contains("can't process this video"),
        "{error}"
    );
    assert!(error.detail.contains("encoding_failure"), "{error}");

    let mut long = file(&net, "", PIECE);
    long.facts.duration_ms = Some(700_000);
    let request = post(&net, long.attach(""), json!({}));
    let error = publish(&pds, &net, &account, &request).await.err().unwrap();
    assert!(
        error.message.contains("longer than Bluesky allows"),
        "{error}"
    );
}

#[tokio::test]
async fn a_service_that_can_not_reach_the_server_is_passed_by() {
    let Some((pds, service)) = service() else {
        return;
    };
    let net = pds.with_videos(&service);
    let account = pds.account().await;
    let video = file(&net, "FAIL pds_upload_failure", PIECE).attach("");
    let request = post(&net, video, json!({}));
    let engine = publish(&pds, &net, &account, &request).await.unwrap();
    let record = pds.record(&posted(&engine, 0)).await;
    assert_eq!(record["embed"]["video"]["size"], PIECE);
}

#[tokio::test]
async fn a_service_of_before_takes_the_file_whole() {
    let Some((pds, service)) = service() else {
        return;
    };
    let net = pds.with_videos(&format!("{service}/old"));
    let account = pds.account().await;
    let video = file(&net, "", PIECE + 1).attach("");
    // The same file again is a refusal that names the first one's job.
    for _ in 0..2 {
        let request = post(&net, video.clone(), json!({}));
        let engine = publish(&pds, &net, &account, &request).await.unwrap();
        assert_eq!(engine.done[0].result, json!({ "way": "whole" }));
        let record = pds.record(&posted(&engine, 0)).await;
        assert_eq!(record["embed"]["video"]["size"], PIECE + 1);
    }
}

#[tokio::test]
async fn a_server_that_nobody_outside_reaches_takes_the_file_itself() {
    let Some(pds) = pds() else { return };
    let account = pds.account().await;
    let request = post(
        &pds.net,
        file(&pds.net, "", 3_000_000).attach(""),
        json!({}),
    );
    let engine = publish(&pds, &pds.net, &account, &request).await.unwrap();
    assert_eq!(engine.done[0].result, json!({ "way": "server" }));
    let record = pds.record(&posted(&engine, 0)).await;
    assert_eq!(record["embed"]["video"]["size"], 3_000_000);

    // The server under test takes 5 MiB.
    let request = post(
        &pds.net,
        file(&pds.net, "", 6_000_000).attach(""),
        json!({}),
    );
    let error = publish(&pds, &pds.net, &account, &request)
        .await
        .err()
        .unwrap();
    assert!(error.message.contains("no file as large"), "{error}");
}

#[tokio::test]
async fn a_video_that_the_server_forgot_is_sent_again() {
    let Some((pds, service)) = service() else {
        return;
    };
    let net = pds.with_videos(&service);
    let account = pds.account().await;
    let request = post(&net, file(&net, "", PIECE).attach(""), json!({}));
    let mut engine = Engine::new(&Bluesky, &net, &pds.clock, &account);
    let forgotten = json!({
        "$type": "blob",
        "ref": { "$link": "bafkreig5q5rblbzqznwk7ir6mld6aehrb2spzy2k7lch2hcgb2a3u5vu4m" },
        "mimeType": "video/mp4",
        "size": 11,
    });
    for (name, result) in [
        ("session:0:0", json!({ "way": "whole" })),
        ("media:0:0", json!({ "blob": forgotten })),
        (
            "ready:0:0",
            json!({ "blob": forgotten, "width": 1, "height": 1 }),
        ),
    ] {
        engine.done.push(crate::connector::DoneStep {
            name: name.to_owned(),
            result,
        });
    }
    engine.publish(&request).await.unwrap();
    let record = pds.record(&posted(&engine, 0)).await;
    assert_eq!(record["embed"]["video"]["size"], PIECE);
}

#[tokio::test]
async fn a_video_that_the_service_forgot_is_sent_again() {
    let Some((pds, service)) = service() else {
        return;
    };
    let net = pds.with_videos(&service);
    let account = pds.account().await;
    let request = post(&net, file(&net, "", PIECE).attach(""), json!({}));
    let mut engine = Engine::new(&Bluesky, &net, &pds.clock, &account);
    for (name, result) in [
        ("session:0:0", json!({ "way": "whole" })),
        ("media:0:0", json!({ "job": "of last week" })),
    ] {
        engine.done.push(crate::connector::DoneStep {
            name: name.to_owned(),
            result,
        });
    }
    engine.publish(&request).await.unwrap();
    let record = pds.record(&posted(&engine, 0)).await;
    assert_eq!(record["embed"]["video"]["size"], PIECE);
}
