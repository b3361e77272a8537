//! Files that are refused, and why.

use axum::{body::Body, http::Request};
use image::{DynamicImage, ImageFormat};
use serde_json::json;

use super::{
    films::{mp4, padded},
    samples::encoded,
    support::{fixture, fixtures_with, upload_request},
};
use crate::MediaLimits;

/// A file's name, declared type and content, and what is answered to it.
type Lie<'a> = (&'a str, &'a str, &'a [u8], u16, &'a str, &'a str);

#[tokio::test]
#[expect(clippy::too_many_lines, reason = "one story, told in its order")]
async fn files_that_lie_or_are_damaged_are_refused_in_plain_words() {
    let fixture = fixture().await;
    let (jpeg, png, webp, gif) = (
        encoded(300, 200, ImageFormat::Jpeg),
        encoded(300, 200, ImageFormat::Png),
        encoded(300, 200, ImageFormat::WebP),
        encoded(30, 20, ImageFormat::Gif),
    );
    let svg = b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>".to_vec();
    let mut pdf = b"%PDF-1.7\n".to_vec();
    pdf.resize(500, b' ');
    let cases: [Lie<'_>; 13] = [
        (
            "a.svg",
            "image/svg+xml",
            &svg,
            415,
            "UNSUPPORTED_MEDIA_TYPE",
            "Accepted are",
        ),
        (
            "a.jpg",
            "image/jpeg",
            &svg,
            415,
            "UNSUPPORTED_MEDIA_TYPE",
            "its content is of another kind",
        ),
        (
            "a.html",
            "text/html",
            b"<!DOCTYPE html><script>1</script>",
            415,
            "UNSUPPORTED_MEDIA_TYPE",
            "not accepted",
        ),
        (
            "a.jpg",
            "image/jpeg",
            b"MZ\x90\0\x03\0\0\0\x04\0",
            415,
            "UNSUPPORTED_MEDIA_TYPE",
            "another kind",
        ),
        (
            "a.jpg",
            "image/jpeg",
            &pdf,
            415,
            "UNSUPPORTED_MEDIA_TYPE",
            "application/pdf",
        ),
        (
            "a.mp4",
            "video/mp4",
            &png,
            415,
            "UNSUPPORTED_MEDIA_TYPE",
            "says that it is of the kind video",
        ),
        (
            "a.jpg",
            "image/jpeg",
            &jpeg[..jpeg.len() / 2],
            422,
            "VALIDATION_FAILED",
            "damaged or incomplete",
        ),
        (
            "a.png",
            "image/png",
            &png[..png.len() / 2],
            422,
            "VALIDATION_FAILED",
            "damaged or incomplete",
        ),
        (
            "a.webp",
            "image/webp",
            &webp[..webp.len() / 2],
            422,
            "VALIDATION_FAILED",
            "damaged or incomplete",
        ),
        (
            "a.gif",
            "image/gif",
            &gif[..gif.len() / 2],
            422,
            "VALIDATION_FAILED",
            "damaged or incomplete",
        ),
        (
            "a.png",
            "image/png",
            &png[..16],
            422,
            "VALIDATION_FAILED",
            "damaged or incomplete",
        ),
        ("a.png", "image/png", b"", 422, "VALIDATION_FAILED", "empty"),
        (
            "noname",
            "",
            b"just text",
            415,
            "UNSUPPORTED_MEDIA_TYPE",
            "not accepted",
        ),
    ];
    for (name, mime, file, status, code, words) in cases {
        let answer = fixture.upload(name, mime, file).await;
        answer.assert_problem(status, code, words);
    }
    // Nothing of all this stays behind.
    assert_eq!(fixture.get("/content").await.body["pagination"]["total"], 0);
    assert!(fixture.events().await.is_empty());
    // A name that is only a little wrong does no harm.
    let fine = fixture
        .upload("a.png", "image/png", &jpeg)
        .await
        .assert_status(201);
    assert_eq!(fine.body["mimeType"], "image/jpeg");
}

#[tokio::test]
async fn a_bomb_is_not_unpacked() {
    let fixture = fixture().await;
    let mut bytes = std::io::Cursor::new(Vec::new());
    let black = image::GrayImage::new(20_000, 5_001);
    DynamicImage::from(black)
        .write_to(&mut bytes, ImageFormat::Png)
        .unwrap();
    let bomb = bytes.into_inner();
    assert!(bomb.len() < 1 << 20, "{}", bomb.len());
    let answer = fixture.upload("bomb.png", "image/png", &bomb).await;
    answer.assert_problem(422, "VALIDATION_FAILED", "20000 × 5001 pixels");
    assert_eq!(
        answer.text("/error/details/fields/0/code"),
        "too_many_pixels"
    );
}

#[tokio::test]
async fn each_kind_of_file_has_its_own_limit() {
    let limits = MediaLimits {
        image_bytes: 2 << 20,
        video_bytes: 3 << 20,
        document_bytes: 1 << 20,
        ..MediaLimits::default()
    };
    for fixture in fixtures_with(limits).await {
        let mut video = padded(mp4(), (3 << 20) - 7);
        let fine = fixture
            .upload("film.mp4", "video/mp4", &video)
            .await
            .assert_status(201);
        assert_eq!(
            (&fine.body["type"], &fine.body["fileSize"]),
            (&json!("video"), &json!(video.len()))
        );
        let served = fixture
            .fetch(fine.text("/fileUrl"), &[])
            .await
            .assert_status(200);
        assert_eq!(served.bytes.len(), video.len());
        let cut = fixture
            .upload("film.mp4", "video/mp4", &video[..2 << 20])
            .await;
        cut.assert_problem(422, "VALIDATION_FAILED", "damaged or incomplete");
        video.resize((3 << 20) + 1, 0);
        let answer = fixture.upload("film.mp4", "video/mp4", &video).await;
        answer.assert_problem(413, "PAYLOAD_TOO_LARGE", "3 MB");
        // A whole different order of size hits the outer wall.
        video.resize(6 << 20, 0);
        fixture
            .upload("film.mp4", "video/mp4", &video)
            .await
            .assert_problem(413, "PAYLOAD_TOO_LARGE", "");
        let mut pdf = b"%PDF-1.7\nstartxref 0 %%EOF".to_vec();
        pdf.resize((1 << 20) + 1, b' ');
        fixture
            .upload("a.pdf", "application/pdf", &pdf)
            .await
            .assert_problem(413, "PAYLOAD_TOO_LARGE", "1 MB");
        pdf.truncate(600);
        let document = fixture
            .upload("a.pdf", "application/pdf", &pdf)
            .await
            .assert_status(201);
        let served = fixture
            .fetch(document.text("/fileUrl"), &[])
            .await
            .assert_status(200);
        assert!(
            served
                .header("content-disposition")
                .starts_with("attachment")
        );
    }
}

#[tokio::test]
async fn a_form_that_is_none_is_refused() {
    let fixture = fixture().await;
    let png = encoded(9, 9, ImageFormat::Png);
    let file = || Some(("a.png", "image/png", &png[..]));
    let owner = &fixture.caller;
    fixture
        .upload_with(owner, &[("title", "x")], None)
        .await
        .assert_problem(422, "VALIDATION_FAILED", "Choose a file");
    let wrong_type = fixture
        .upload_with(owner, &[("type", "video")], file())
        .await;
    wrong_type.assert_problem(
        415,
        "UNSUPPORTED_MEDIA_TYPE",
        "says that it is of the kind video",
    );
    fixture
        .upload_with(owner, &[("type", "hologram")], file())
        .await
        .assert_problem(422, "VALIDATION_FAILED", "image, video");
    let long = "x".repeat(201);
    fixture
        .upload_with(owner, &[("title", &long)], file())
        .await
        .assert_problem(422, "VALIDATION_FAILED", "200");
    fixture
        .upload_with(owner, &[("title", "a\0b")], file())
        .await
        .assert_problem(422, "VALIDATION_FAILED", "U+0000");
    let json = Request::post("/api/v1/content")
        .header("content-type", "application/json")
        .body(Body::from("{}"))
        .unwrap();
    fixture
        .send(Some(owner), json)
        .await
        .assert_problem(415, "UNSUPPORTED_MEDIA_TYPE", "form");

    // The connection breaks in the middle of the file.
    let whole = upload_request(&[], file());
    let (parts, body) = whole.into_parts();
    let bytes = http_body_util::BodyExt::collect(body)
        .await
        .unwrap()
        .to_bytes();
    let half = Request::from_parts(parts, Body::from(bytes.slice(..bytes.len() / 2)));
    fixture
        .send(Some(owner), half)
        .await
        .assert_problem(400, "MALFORMED_BODY", "broke off");
    assert_eq!(fixture.files(), 0);
}
