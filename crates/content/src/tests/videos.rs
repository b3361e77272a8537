//! Videos, sounds, documents and captions on their way in.

use axum::http::header;
use image::load_from_memory;
use serde_json::{Value, json};

use super::{
    films::{H264, made, mp4, sources},
    support::{Fixture, fixture, fixtures},
};
use crate::{MediaLimits, media::document::tests::zip};

fn close(value: &Value, wanted: f64) -> bool {
    (value.as_f64().unwrap() - wanted).abs() < 0.1
}

#[tokio::test]
async fn a_video_is_measured_pictured_and_served_in_ranges() {
    for fixture in fixtures().await {
        let file = mp4();
        let added = fixture.upload("trip.mp4", "video/mp4", &file).await;
        let item = added.assert_status(201);
        let body = &item.body;
        assert_eq!(
            (&body["type"], &body["mimeType"]),
            (&json!("video"), &json!("video/mp4"))
        );
        assert_eq!(
            (&body["width"], &body["height"]),
            (&json!(320), &json!(240))
        );
        assert!(close(&body["duration"], 2.0), "{body}");
        let video = &body["video"];
        assert_eq!(
            (&video["codec"], &video["frameRate"]),
            (&json!("h264"), &json!(25.0))
        );
        assert_eq!(
            (&video["pixelFormat"], &video["hdr"]),
            (&json!("yuv420p"), &json!(false))
        );
        assert!(video["bitrate"].as_u64().unwrap() > 10_000);
        assert_eq!(
            body["audio"],
            json!({ "codec": "aac", "channels": 1, "sampleRate": 44_100 })
        );
        let poster = fixture
            .fetch(item.text("/thumbnailUrl"), &[])
            .await
            .assert_status(200);
        let poster = load_from_memory(&poster.bytes).unwrap();
        assert_eq!((poster.width(), poster.height()), (320, 240));

        // What was stored is what is read again.
        let path = format!("/content/{}", item.text("/id"));
        let again = fixture.get(&path).await;
        assert_eq!(
            (&again.body["video"], &again.body["audio"]),
            (&body["video"], &body["audio"])
        );

        let address = item.text("/fileUrl");
        let head = fixture.head(address).await.assert_status(200);
        assert!(head.bytes.is_empty());
        assert_eq!(head.header("content-length"), file.len().to_string());
        assert_eq!(head.header("content-type"), "video/mp4");
        let range = [(header::RANGE, "bytes=1000-1999")];
        let part = fixture.fetch(address, &range).await.assert_status(206);
        assert_eq!(part.bytes, file[1000..2000]);
        assert_eq!(fixture.fetch(address, &[]).await.bytes, file);
    }
}

#[tokio::test]
async fn every_kind_of_video_and_sound_is_told_by_its_content() {
    let fixture = fixture().await;
    let both = sources("160x120", 1);
    let tone = &both[4..];
    let cases = [
        (
            made(&both, H264, "mov"),
            "video/quicktime",
            "video",
            Some("h264"),
            "aac",
        ),
        (
            made(
                &both,
                "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -c:a libopus",
                "webm",
            ),
            "video/webm",
            "video",
            Some("vp9"),
            "opus",
        ),
        (
            made(tone, "-c:a aac", "m4a"),
            "audio/m4a",
            "audio",
            None,
            "aac",
        ),
        (made(tone, "", "mp3"), "audio/mpeg", "audio", None, "mp3"),
        (
            made(tone, "", "flac"),
            "audio/x-flac",
            "audio",
            None,
            "flac",
        ),
        (
            made(tone, "", "wav"),
            "audio/x-wav",
            "audio",
            None,
            "pcm_s16le",
        ),
    ];
    for (file, mime, kind, codec, sound) in cases {
        // Its name says nothing.
        let item = fixture.upload("file", "", &file).await.assert_status(201);
        let body = &item.body;
        assert_eq!(
            (&body["mimeType"], &body["type"]),
            (&json!(mime), &json!(kind))
        );
        assert!(close(&body["duration"], 1.0), "{body}");
        assert_eq!(body["video"]["codec"], json!(codec), "{body}");
        assert_eq!(body["audio"]["codec"], sound, "{body}");
        assert_eq!(body["thumbnailUrl"].is_string(), codec.is_some());
    }
}

#[tokio::test]
async fn a_turned_and_a_squeezed_video_are_measured_as_they_are_seen() {
    let fixture = fixture().await;
    let folder = tempfile::tempdir().unwrap();
    let upright = folder.path().join("in.mp4");
    std::fs::write(&upright, mp4()).unwrap();
    let source = ["-i".to_owned(), upright.display().to_string()];
    let turned = made(&source, "-c copy -metadata:s:v rotate=90", "mp4");
    let item = fixture
        .upload("t.mp4", "video/mp4", &turned)
        .await
        .assert_status(201);
    assert_eq!(
        (&item.body["width"], &item.body["height"]),
        (&json!(240), &json!(320))
    );
    let poster = fixture.fetch(item.text("/thumbnailUrl"), &[]).await;
    let poster = load_from_memory(&poster.bytes).unwrap();
    assert_eq!((poster.width(), poster.height()), (240, 320));

    let squeezed = made(
        &sources("160x120", 1),
        &format!("{H264} -vf setsar=2/1"),
        "mp4",
    );
    let item = fixture
        .upload("s.mp4", "video/mp4", &squeezed)
        .await
        .assert_status(201);
    assert_eq!(
        (&item.body["width"], &item.body["height"]),
        (&json!(320), &json!(120))
    );
    assert_eq!(item.body["video"]["squarePixels"], false);
}

#[tokio::test]
async fn a_recording_of_a_browser_that_knows_no_length_is_measured() {
    let fixture = fixture().await;
    let options = "-c:v libvpx -deadline realtime -cpu-used 8 -c:a libopus -f webm -live 1";
    let live = made(&sources("160x120", 2), options, "webm");
    let item = fixture
        .upload("live.webm", "video/webm", &live)
        .await
        .assert_status(201);
    assert!(close(&item.body["duration"], 2.0), "{:?}", item.body);
}

#[tokio::test]
async fn videos_that_are_damaged_or_something_else_are_refused_in_plain_words() {
    let fixture = fixture().await;
    let video = mp4();
    let both = sources("160x120", 1);
    let sound_alone = made(&both[4..], "-c:a aac", "mp4");
    let webm = made(
        &both,
        "-c:v libvpx -deadline realtime -cpu-used 8 -c:a libopus",
        "webm",
    );
    // The table of contents is there, but what it speaks of is not.
    let fast = made(&both, &format!("{H264} -movflags +faststart"), "mp4");
    let mut scrambled = fast.clone();
    let data = scrambled
        .windows(4)
        .position(|name| name == b"mdat")
        .unwrap();
    scrambled[data + 4..].fill(0xff);
    let mut unknown = fast.clone();
    for at in 0..unknown.len() - 4 {
        if &unknown[at..at + 4] == b"avc1" {
            unknown[at..at + 4].copy_from_slice(b"zzzz");
        }
    }
    let playlist =
        b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://127.0.0.1:9/secret.ts\n".to_vec();
    let mut disguised = b"\0\0\0\x14ftypisom\0\0\0\0isom".to_vec();
    disguised.extend(&playlist);
    let cases: [(&[u8], u16, &str); 9] = [
        (&video[..video.len() / 2], 422, "damaged or incomplete"),
        (&fast[..fast.len() - 100], 422, "damaged or incomplete"),
        (&webm[..webm.len() / 2], 422, "damaged or incomplete"),
        (&scrambled, 422, "damaged or incomplete"),
        (&disguised, 422, "damaged or incomplete"),
        (&playlist, 415, "another kind"),
        (&unknown, 422, "Export it as MP4"),
        (&sound_alone, 422, "no pictures"),
        (b"RIFF\x10\0\0\0AVI LIST", 415, "another kind"),
    ];
    for (number, (file, status, words)) in cases.into_iter().enumerate() {
        let answer = fixture.upload("a.mp4", "video/mp4", file).await;
        assert_eq!(answer.status, status, "case {number}: {answer:?}");
        assert!(
            answer.text("/error/message").contains(words),
            "case {number}: {answer:?}"
        );
    }
    assert_eq!(fixture.files(), 0);
    assert!(fixture.events().await.is_empty());
}

#[tokio::test]
async fn documents_and_captions_are_known_by_their_content() {
    let fixture = fixture().await;
    let pdf = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\nstartxref\n0\n%%EOF\n".to_vec();
    let docx = zip(&["[Content_Types].xml", "word/document.xml"]);
    let pptx = zip(&["[Content_Types].xml", "ppt/presentation.xml"]);
    let srt = "1\n00:00:01,000 --> 00:00:02,500\nGrüß Gott\n"
        .as_bytes()
        .to_vec();
    let vtt = b"WEBVTT\n\n00:01.000 --> 00:02.500\nHello\n".to_vec();
    for (name, file, kind, ending) in [
        ("a.pdf", &pdf, "document", "pdf"),
        ("talk", &docx, "document", "docx"),
        ("deck.pptx", &pptx, "document", "pptx"),
        ("captions.txt", &srt, "caption", "srt"),
        ("talk.vtt", &vtt, "caption", "vtt"),
    ] {
        let item = fixture.upload(name, "", file).await.assert_status(201);
        assert_eq!(item.body["type"], kind, "{name}");
        assert!(
            item.text("/fileUrl")
                .contains(&format!("original.{ending}?")),
            "{name}"
        );
        let served = fixture
            .fetch(item.text("/fileUrl"), &[])
            .await
            .assert_status(200);
        assert_eq!(served.bytes, file[..]);
    }
    let listed = fixture.get("/content?type=caption").await;
    assert_eq!(listed.body["pagination"]["total"], 2);
    assert_eq!(listed.body["data"][0]["duration"], 2.5);

    let bad_times = b"1\n00:00:05,000 --> 00:00:02,000\nx\n".to_vec();
    let latin = b"1\n00:00:01,000 --> 00:00:02,000\nGr\xfc\xdfe\n".to_vec();
    let archive = zip(&["virus.exe"]);
    for (name, file, status, words) in [
        ("a.pdf", &pdf[..pdf.len() - 8], 422, "damaged or incomplete"),
        (
            "a.docx",
            &docx[..docx.len() - 8],
            422,
            "damaged or incomplete",
        ),
        ("a.docx", &archive[..], 415, "not accepted"),
        ("a.jpg", &archive[..], 415, "another kind"),
        ("a.srt", &bad_times[..], 422, "ends before it begins"),
        ("a.srt", &latin[..], 422, "UTF-8"),
        ("a.srt", b"just text", 415, "another kind"),
    ] {
        let answer = fixture.upload(name, "", file).await;
        assert_eq!(answer.status, status, "{name}: {answer:?}");
        assert!(
            answer.text("/error/message").contains(words),
            "{name}: {answer:?}"
        );
    }
}

#[tokio::test]
async fn a_file_that_is_two_things_is_only_ever_the_one() {
    let fixture = fixture().await;
    let script = b"<html><script>alert(1)</script></html>";
    let mut image = super::samples::encoded(30, 20, image::ImageFormat::Gif);
    image.extend(script);
    image.extend(zip(&["[Content_Types].xml", "word/document.xml"]));
    let item = fixture.upload("a.gif", "", &image).await.assert_status(201);
    assert_eq!(item.body["mimeType"], "image/gif");
    let served = fixture.fetch(item.text("/fileUrl"), &[]).await;
    assert_eq!(served.header("content-type"), "image/gif");
    assert_eq!(served.header("x-content-type-options"), "nosniff");
    assert!(served.header("content-security-policy").contains("sandbox"));
}

#[tokio::test]
async fn a_full_disk_is_told_and_keeps_nothing() {
    let limits = MediaLimits {
        spare_bytes: u64::MAX / 2,
        ..MediaLimits::default()
    };
    let fixture = Fixture::with_limits(limits).await;
    let answer = fixture.upload("a.mp4", "video/mp4", &mp4()).await;
    answer.assert_problem(503, "UNAVAILABLE", "disk is full");
    assert_eq!(fixture.files(), 0);
}

#[tokio::test]
async fn a_server_without_ffmpeg_says_so_and_takes_in_the_rest() {
    let fixture = Fixture::without_ffmpeg().await;
    let answer = fixture.upload("a.mp4", "video/mp4", &mp4()).await;
    answer.assert_problem(503, "UNAVAILABLE", "ffmpeg is not installed");
    assert_eq!(fixture.files(), 0);
    fixture.picture().await;
}
