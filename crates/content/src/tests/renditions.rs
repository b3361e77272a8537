//! Files made to fit a network, and what becomes of them.

use std::{sync::Arc, time::Duration};

use axum::http::{Method, header};
use futures::TryStreamExt;
use image::{GenericImageView, ImageFormat, load_from_memory};
use networks::{
    connector::{MediaFile, MediaSource, Rendition},
    descriptor::{Aspect, VideoRules},
    error::{ErrorKind, NetworkError},
};
use serde_json::{Value, json};

use super::{
    films::{made, mp4, probed, sources},
    render::{ALL, rules},
    samples::encoded,
    support::{Fixture, fixture, fixtures},
};
use crate::{ContentId, media::ContentRecord, repo};

pub(super) fn video_rules() -> VideoRules {
    VideoRules {
        types: &["video/mp4"],
        video_codecs: &["h264"],
        audio_codecs: &["aac"],
        max_bytes: 50_000_000,
        min_seconds: 1,
        max_seconds: 60,
        min_side: 64,
        max_side: 1920,
        max_frame_rate: 60,
        aspect: None,
    }
}

impl Fixture {
    pub(super) async fn record(&self, id: ContentId) -> ContentRecord {
        let mut tx = self.read().await;
        repo::contents::get(&mut tx, id).await.unwrap().unwrap()
    }

    /// Uploads a file and answers where a network gets it from.
    pub(super) async fn source(&self, file: &[u8]) -> (ContentId, Arc<dyn MediaSource>) {
        let item = self.upload("trip", "", file).await.assert_status(201);
        let id = item.id();
        let record = self.record(id).await;
        (id, self.content.media_source(self.caller.tenant, &record))
    }

    pub(super) async fn renditions(&self, id: ContentId) -> Vec<Value> {
        let listed = self.get(&format!("/content/{id}/renditions")).await;
        listed.assert_status(200).body.as_array().unwrap().clone()
    }
}

/// Opens the video, coming back while it is being made.
pub(super) async fn opened(
    source: &Arc<dyn MediaSource>,
    rules: &VideoRules,
) -> Arc<dyn MediaFile> {
    for _ in 0..20 {
        match source.open(Rendition::Video(rules)).await {
            Err(error) if error.retry_after.is_some() => {
                assert_eq!(error.kind, ErrorKind::NotReady, "{error}");
                assert!(error.message.contains("is being converted ("), "{error}");
            }
            opened => return opened.unwrap(),
        }
    }
    panic!("it is never ready")
}

async fn all_of(file: &Arc<dyn MediaFile>) -> Vec<u8> {
    let pieces: Vec<_> = file
        .stream(0..file.facts().bytes)
        .try_collect()
        .await
        .unwrap();
    pieces.concat()
}

fn holds(file: &[u8], words: &str) -> bool {
    file.windows(words.len())
        .any(|window| window == words.as_bytes())
}

fn refused(result: Result<Arc<dyn MediaFile>, NetworkError>) -> String {
    match result {
        Err(error) => {
            assert_eq!(error.kind, ErrorKind::Refused, "{error}");
            error.message
        }
        Ok(file) => panic!("{:?}", file.facts()),
    }
}

#[tokio::test]
async fn a_connector_gets_the_bytes_of_an_image_or_a_reason() {
    let fixture = fixture().await;
    let png = encoded(30, 20, ImageFormat::Png);
    let (id, source) = fixture.source(&png).await;
    let image = source.image(&rules(1 << 20, 4096, ALL)).await.unwrap();
    assert_eq!((&*image.mime_type, image.width), ("image/png", 30));
    let error = source.image(&rules(10, 4096, ALL)).await.unwrap_err();
    assert!(
        error
            .message
            .contains("\"trip\" can't be made small enough"),
        "{error}"
    );
    let message = refused(source.open(Rendition::Video(&video_rules())).await);
    assert!(message.contains("is no video"), "{message}");
    let storage = &fixture.content.media.storage;
    storage
        .remove_item(fixture.caller.tenant, id)
        .await
        .unwrap();
    let error = source.image(&rules(1 << 20, 4096, ALL)).await.unwrap_err();
    assert!(error.message.contains("missing on this server"), "{error}");
}

#[tokio::test]
async fn an_image_is_made_once_and_a_network_can_fetch_it_as_long_as_agreed() {
    for fixture in fixtures().await {
        let (id, source) = fixture.source(&encoded(900, 600, ImageFormat::Png)).await;
        let jpeg = rules(1 << 20, 300, &["image/jpeg"]);
        let valid_for = Duration::from_hours(3 * 24);
        let link = source
            .link(Rendition::Image(&jpeg), valid_for)
            .await
            .unwrap();
        assert!(
            link.as_str().starts_with("http://127.0.0.1:8080/media/"),
            "{link}"
        );
        let files = fixture.files();
        assert_eq!(
            link,
            source
                .link(Rendition::Image(&jpeg), valid_for)
                .await
                .unwrap()
        );
        assert_eq!(fixture.files(), files);

        let address = format!("{}?{}", link.path(), link.query().unwrap());
        let head = fixture.head(&address).await.assert_status(200);
        assert_eq!(head.header("content-type"), "image/jpeg");
        let served = fixture.fetch(&address, &[]).await.assert_status(200);
        assert_eq!(
            served.header("content-length"),
            served.bytes.len().to_string()
        );
        assert_eq!(
            head.header("content-length"),
            served.header("content-length")
        );
        let image = load_from_memory(&served.bytes).unwrap();
        assert_eq!(image.dimensions(), (300, 200));
        let last = [(header::RANGE, "bytes=-10")];
        let last = fixture.fetch(&address, &last).await.assert_status(206);
        assert_eq!(last.bytes, served.bytes[served.bytes.len() - 10..]);
        assert_eq!(source.image(&jpeg).await.unwrap().bytes, served.bytes);

        let made = fixture.renditions(id).await;
        assert_eq!(made.len(), 1);
        assert_eq!(
            (&made[0]["state"], &made[0]["progress"]),
            (&json!("ready"), &json!(1.0))
        );
        assert_eq!(
            (&made[0]["mimeType"], &made[0]["width"]),
            (&json!("image/jpeg"), &json!(300))
        );

        fixture.clock.advance(Duration::from_mins(3 * 24 * 60 - 5));
        fixture.head(&address).await.assert_status(200);
        fixture.clock.advance(Duration::from_mins(70));
        fixture.head(&address).await.assert_status(403);
    }
}

#[tokio::test]
async fn a_video_that_fits_is_wrapped_anew_without_what_it_tells_of_its_maker() {
    for fixture in fixtures().await {
        let upload = mp4();
        assert!(holds(&upload, "SECRET"));
        assert_eq!(
            probed(&upload, "format_tags=location"),
            "+48.1374+011.5755/"
        );
        let (id, source) = fixture.source(&upload).await;
        let rules = video_rules();
        let file = opened(&source, &rules).await;
        let facts = file.facts().clone();
        assert_eq!((facts.width, facts.height), (Some(320), Some(240)));
        assert_eq!(facts.mime_type, "video/mp4");
        assert!(facts.duration_ms.unwrap().abs_diff(2_000) < 100);
        let bytes = all_of(&file).await;
        assert_eq!(bytes.len() as u64, facts.bytes);
        assert_eq!(file.read(100..200).await.unwrap(), bytes[100..200]);
        assert_eq!(probed(&bytes, "format_tags=location"), "");
        for secret in ["SECRET", "loci", "Lavf"] {
            assert!(!holds(&bytes, secret), "{secret}");
        }
        // The table of contents comes first.
        let at = |name: &[u8]| bytes.windows(4).position(|window| window == name).unwrap();
        assert!(at(b"moov") < at(b"mdat"));
        // Not one picture was encoded again.
        let hash = "stream=codec_name,extradata_size,nb_frames,bit_rate";
        assert_eq!(probed(&bytes, hash), probed(&upload, hash));

        // Another account with the same wishes gets the same file.
        let files = fixture.files();
        let again = opened(&source, &rules).await;
        assert_eq!(all_of(&again).await, bytes);
        assert_eq!(fixture.files(), files);
        assert_eq!(fixture.renditions(id).await.len(), 1);

        // It goes with its original.
        let path = format!("/content/{id}");
        fixture
            .ask(Method::DELETE, &path, Value::Null)
            .await
            .assert_status(204);
        assert_eq!(fixture.files(), 0);
    }
}

#[tokio::test]
async fn a_video_that_breaks_rules_is_encoded_again() {
    let fixture = fixture().await;
    let webm = made(
        &sources("640x358", 2),
        "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -c:a libopus",
        "webm",
    );
    let (_, source) = fixture.source(&webm).await;
    let rules = VideoRules {
        max_side: 301,
        max_frame_rate: 15,
        ..video_rules()
    };
    let file = opened(&source, &rules).await;
    let bytes = all_of(&file).await;
    let streams = "stream=codec_name,width,height,pix_fmt,avg_frame_rate,sample_rate";
    assert_eq!(
        probed(&bytes, streams),
        "h264 300 168 yuv420p 15/1 aac 48000 0/0"
    );
    assert_eq!(
        probed(&bytes, "format=format_name"),
        "mov,mp4,m4a,3gp,3g2,mj2"
    );

    // A network that takes WebM gets it as it is, but for its metadata.
    let webm_too = VideoRules {
        types: &["video/webm", "video/mp4"],
        video_codecs: &["vp9"],
        audio_codecs: &["opus"],
        ..video_rules()
    };
    let file = opened(&source, &webm_too).await;
    assert_eq!(file.facts().mime_type, "video/webm");
}

#[tokio::test]
async fn a_video_is_made_as_small_as_the_network_wants_it() {
    let fixture = fixture().await;
    let noise = "color=gray:size=640x480:rate=25:duration=3,noise=alls=60:allf=t";
    let noise: Vec<_> = ["-f", "lavfi", "-i", noise].map(str::to_owned).to_vec();
    let large = made(&noise, "-c:v libx264 -preset ultrafast -crf 18", "mp4");
    assert!(large.len() > 1_000_000);
    let (_, source) = fixture.source(&large).await;
    let rules = VideoRules {
        max_bytes: 300_000,
        ..video_rules()
    };
    let file = opened(&source, &rules).await;
    assert!(file.facts().bytes <= 300_000, "{:?}", file.facts());
    let hopeless = VideoRules {
        max_bytes: 5_000,
        ..video_rules()
    };
    let message = refused(source.open(Rendition::Video(&hopeless)).await);
    assert!(message.contains("too long to be made smaller"), "{message}");
}

#[tokio::test]
async fn what_re_encoding_can_not_mend_is_explained() {
    let fixture = fixture().await;
    let (_, source) = fixture.source(&mp4()).await;
    let cases = [
        (
            VideoRules {
                max_seconds: 1,
                ..video_rules()
            },
            "plays 2 s; this network takes at most 1 s",
        ),
        (
            VideoRules {
                min_seconds: 3,
                ..video_rules()
            },
            "at least 3 s",
        ),
        (
            VideoRules {
                min_side: 360,
                ..video_rules()
            },
            "at least 360",
        ),
        (
            VideoRules {
                aspect: Some(Aspect { min: 0.5, max: 0.6 }),
                ..video_rules()
            },
            "a shape that this network does not take",
        ),
    ];
    for (rules, words) in cases {
        let message = refused(source.open(Rendition::Video(&rules)).await);
        assert!(message.contains(words), "{message}");
    }
    let error = source.image(&rules(1 << 20, 100, ALL)).await.unwrap_err();
    assert!(error.message.contains("is no image"), "{error}");
    // The original can always be had.
    let file = source.open(Rendition::Original).await.unwrap();
    assert!(holds(&all_of(&file).await, "SECRET"));
}

#[tokio::test]
async fn colours_for_hdr_screens_and_deep_pixels_are_brought_down() {
    let fixture = fixture().await;
    let picture = sources("320x240", 1)[..4].to_vec();
    let options = "-c:v libx265 -preset ultrafast -pix_fmt yuv420p10le -color_primaries bt2020 \
        -color_trc smpte2084 -colorspace bt2020nc -tag:v hvc1 -x265-params log-level=error";
    let (id, source) = fixture.source(&made(&picture, options, "mov")).await;
    assert!(fixture.record(id).await.facts.video.unwrap().hdr);
    let file = opened(&source, &video_rules()).await;
    let found = probed(
        &all_of(&file).await,
        "stream=codec_name,pix_fmt,color_transfer",
    );
    assert_eq!(found, "h264 yuv420p bt709");
}

#[tokio::test]
async fn a_turned_video_stays_turned_and_a_moving_gif_becomes_a_video() {
    let fixture = fixture().await;
    let folder = tempfile::tempdir().unwrap();
    let upright = folder.path().join("in.mp4");
    std::fs::write(&upright, mp4()).unwrap();
    let source = ["-i".to_owned(), upright.display().to_string()];
    let turned = made(&source, "-c copy -metadata:s:v rotate=90", "mp4");
    let (_, source) = fixture.source(&turned).await;
    let file = opened(&source, &video_rules()).await;
    assert_eq!(
        (file.facts().width, file.facts().height),
        (Some(240), Some(320))
    );
    let small = VideoRules {
        max_side: 160,
        ..video_rules()
    };
    let file = opened(&source, &small).await;
    assert_eq!(
        (file.facts().width, file.facts().height),
        (Some(120), Some(160))
    );

    let gif = made(&sources("200x100", 2)[..4], "-r 5", "gif");
    let (_, source) = fixture.source(&gif).await;
    let file = opened(&source, &video_rules()).await;
    assert_eq!(file.facts().mime_type, "video/mp4");
    assert!(file.facts().duration_ms.unwrap().abs_diff(2_000) < 300);
}
