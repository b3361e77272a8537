//! Files: going in, coming out, and being refused.

use std::time::Duration;

use axum::{
    body::Body,
    http::{Method, Request, header},
};
use image::{DynamicImage, GenericImageView, ImageFormat, RgbaImage};
use serde_json::{Value, json};

use super::support::{
    Fixture, encoded, fixture, fixtures, fixtures_with, new_post, part_with, tenant_path, turned_jpeg, upload_request,
};
use crate::{ContentId, MediaLimits, NewPost};

async fn fetch(fixture: &Fixture, address: &str, headers: &[(header::HeaderName, &str)]) -> super::support::Answer {
    let mut request = Request::get(address);
    for (name, value) in headers {
        request = request.header(name, *value);
    }
    fixture.send(None, request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_picture_is_measured_upright_and_served_by_its_signed_address() {
    for fixture in fixtures().await {
        let file = turned_jpeg(1200, 800);
        let fields = [("title", " Holiday "), ("tags", "sea, sun,sea,"), ("altText", "A beach"), ("description", " ")];
        let form = Some(("../my photo.JPG", "image/jpeg", &file[..]));
        let added = fixture.upload_with(&fixture.caller, &fields, form).await.assert_status(201);
        let item = &added.body;
        assert_eq!((&item["width"], &item["height"]), (&json!(800), &json!(1200)));
        assert_eq!(item["title"], "Holiday");
        assert_eq!(item["tags"], json!(["sea", "sun"]));
        assert_eq!(item["altText"], "A beach");
        assert_eq!(item["description"], Value::Null);
        assert_eq!(item["fileName"], "my photo.JPG");
        assert_eq!((&item["mimeType"], &item["type"], &item["status"]), (&json!("image/jpeg"), &json!("image"), &json!("ready")));
        assert_eq!(item["fileSize"], file.len());

        let original = fetch(&fixture, added.text("/fileUrl"), &[]).await.assert_status(200);
        assert_eq!(original.bytes, file);
        assert_eq!(original.header("content-type"), "image/jpeg");
        assert_eq!(original.header("x-content-type-options"), "nosniff");
        assert!(original.header("content-security-policy").contains("sandbox"));
        assert!(original.header("cache-control").contains("immutable"));

        let thumbnail = fetch(&fixture, added.text("/thumbnailUrl"), &[]).await.assert_status(200);
        let small = image::load_from_memory(&thumbnail.bytes).unwrap();
        assert_eq!(small.dimensions(), (427, 640));
        assert!(!thumbnail.bytes.windows(3).any(|window| window == b"GPS"));
        assert_eq!(fixture.event_kinds().await, ["content.created"]);
    }
}

#[tokio::test]
async fn a_file_is_served_in_part_and_not_twice() {
    let fixture = fixture().await;
    let file = encoded(60, 40, ImageFormat::Png);
    let added = fixture.upload("a.png", "image/png", &file).await.assert_status(201);
    let address = added.text("/fileUrl");
    let range = |text| [(header::RANGE, text)];

    let first = fetch(&fixture, address, &range("bytes=0-99")).await.assert_status(206);
    assert_eq!(first.bytes, file[..100]);
    assert_eq!(first.header("content-range"), format!("bytes 0-99/{}", file.len()));
    assert_eq!(first.header("content-length"), "100");
    let last = fetch(&fixture, address, &range("bytes=-10")).await.assert_status(206);
    assert_eq!(last.bytes, file[file.len() - 10..]);
    let beyond = fetch(&fixture, address, &range("bytes=999999999-")).await.assert_status(416);
    assert_eq!(beyond.header("content-range"), format!("bytes */{}", file.len()));
    let tag = first.header("etag");
    fetch(&fixture, address, &[(header::IF_NONE_MATCH, tag)]).await.assert_status(304);
    let stale = [(header::RANGE, "bytes=0-9"), (header::IF_RANGE, "\"other\"")];
    assert_eq!(fetch(&fixture, address, &stale).await.assert_status(200).bytes, file);
}

#[tokio::test]
async fn an_address_can_not_be_guessed_changed_or_kept() {
    let fixture = fixture().await;
    let added = fixture.upload("a.png", "image/png", &encoded(9, 9, ImageFormat::Png)).await.assert_status(201);
    let address = added.text("/fileUrl").to_owned();
    let stranger = fixture.stranger().await;
    let tenant = tenant_path(&address).to_string();
    for changed in [
        address.replace("original", "thumbnail"),
        address.replace(&tenant, &stranger.tenant.to_string()),
        address.replace("sig=", "sig=A"),
        format!("{}0", address.replace("exp=", "exp=9")),
    ] {
        fetch(&fixture, &changed, &[]).await.assert_problem(403, "FORBIDDEN", "not a valid one");
    }
    fetch(&fixture, address.split('?').next().unwrap(), &[]).await.assert_problem(400, "MALFORMED_PARAMETER", "");
    fixture.clock.forward(Duration::from_hours(25));
    fetch(&fixture, &address, &[]).await.assert_problem(403, "FORBIDDEN", "expired");
}

#[tokio::test]
async fn a_picture_that_shines_through_keeps_doing_so() {
    let fixture = fixture().await;
    let mut bytes = std::io::Cursor::new(Vec::new());
    let glass = RgbaImage::from_pixel(700, 10, image::Rgba([200, 0, 0, 100]));
    DynamicImage::from(glass).write_to(&mut bytes, ImageFormat::Png).unwrap();
    let added = fixture.upload("glass.png", "image/png", bytes.get_ref()).await.assert_status(201);
    let thumbnail = fetch(&fixture, added.text("/thumbnailUrl"), &[]).await.assert_status(200);
    assert_eq!(thumbnail.header("content-type"), "image/webp");
    assert_eq!(image::load_from_memory(&thumbnail.bytes).unwrap().to_rgba8().get_pixel(3, 3)[3], 100);
}

#[tokio::test]
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
    let cases: [(&str, &str, &[u8], u16, &str, &str); 13] = [
        ("a.svg", "image/svg+xml", &svg, 415, "UNSUPPORTED_MEDIA_TYPE", "Accepted are"),
        ("a.jpg", "image/jpeg", &svg, 415, "UNSUPPORTED_MEDIA_TYPE", "its content is of another kind"),
        ("a.html", "text/html", b"<!DOCTYPE html><script>1</script>", 415, "UNSUPPORTED_MEDIA_TYPE", "not accepted"),
        ("a.jpg", "image/jpeg", b"MZ\x90\0\x03\0\0\0\x04\0", 415, "UNSUPPORTED_MEDIA_TYPE", "another kind"),
        ("a.jpg", "image/jpeg", &pdf, 415, "UNSUPPORTED_MEDIA_TYPE", "application/pdf"),
        ("a.mp4", "video/mp4", &png, 415, "UNSUPPORTED_MEDIA_TYPE", "says that it is of the kind video"),
        ("a.jpg", "image/jpeg", &jpeg[..jpeg.len() / 2], 422, "VALIDATION_FAILED", "damaged or incomplete"),
        ("a.png", "image/png", &png[..png.len() / 2], 422, "VALIDATION_FAILED", "damaged or incomplete"),
        ("a.webp", "image/webp", &webp[..webp.len() / 2], 422, "VALIDATION_FAILED", "damaged or incomplete"),
        ("a.gif", "image/gif", &gif[..gif.len() / 2], 422, "VALIDATION_FAILED", "damaged or incomplete"),
        ("a.png", "image/png", &png[..16], 422, "VALIDATION_FAILED", "damaged or incomplete"),
        ("a.png", "image/png", b"", 422, "VALIDATION_FAILED", "empty"),
        ("noname", "", b"just text", 415, "UNSUPPORTED_MEDIA_TYPE", "not accepted"),
    ];
    for (name, mime, file, status, code, words) in cases {
        let answer = fixture.upload(name, mime, file).await;
        answer.assert_problem(status, code, words);
    }
    // Nothing of all this stays behind.
    assert_eq!(fixture.get("/content").await.body["pagination"]["total"], 0);
    assert!(fixture.events().await.is_empty());
    // A name that is only a little wrong does no harm.
    let fine = fixture.upload("a.png", "image/png", &jpeg).await.assert_status(201);
    assert_eq!(fine.body["mimeType"], "image/jpeg");
}

#[tokio::test]
async fn a_bomb_is_not_unpacked() {
    let fixture = fixture().await;
    let mut bytes = std::io::Cursor::new(Vec::new());
    let black = image::GrayImage::new(20_000, 5_001);
    DynamicImage::from(black).write_to(&mut bytes, ImageFormat::Png).unwrap();
    let bomb = bytes.into_inner();
    assert!(bomb.len() < 1 << 20, "{}", bomb.len());
    let answer = fixture.upload("bomb.png", "image/png", &bomb).await;
    answer.assert_problem(422, "VALIDATION_FAILED", "20000 × 5001 pixels");
    assert_eq!(answer.text("/error/details/fields/0/code"), "too_many_pixels");
}

#[tokio::test]
async fn each_kind_of_file_has_its_own_limit() {
    let limits = MediaLimits { image_bytes: 2 << 20, video_bytes: 3 << 20, document_bytes: 1 << 20, ..MediaLimits::default() };
    for fixture in fixtures_with(limits).await {
        let mut video = b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom".to_vec();
        video.resize((3 << 20) - 7, 0);
        let fine = fixture.upload("film.mp4", "video/mp4", &video).await.assert_status(201);
        assert_eq!((&fine.body["type"], &fine.body["thumbnailUrl"], &fine.body["duration"]), (&json!("video"), &Value::Null, &Value::Null));
        let served = fetch(&fixture, fine.text("/fileUrl"), &[]).await.assert_status(200);
        assert_eq!(served.bytes.len(), video.len());
        video.resize((3 << 20) + 1, 0);
        let answer = fixture.upload("film.mp4", "video/mp4", &video).await;
        answer.assert_problem(413, "PAYLOAD_TOO_LARGE", "3 MB");
        // A whole different order of size hits the outer wall.
        video.resize(6 << 20, 0);
        fixture.upload("film.mp4", "video/mp4", &video).await.assert_problem(413, "PAYLOAD_TOO_LARGE", "");
        let mut pdf = b"%PDF-1.7\n".to_vec();
        pdf.resize((1 << 20) + 1, b' ');
        fixture.upload("a.pdf", "application/pdf", &pdf).await.assert_problem(413, "PAYLOAD_TOO_LARGE", "1 MB");
        pdf.truncate(600);
        let document = fixture.upload("a.pdf", "application/pdf", &pdf).await.assert_status(201);
        let served = fetch(&fixture, document.text("/fileUrl"), &[]).await.assert_status(200);
        assert!(served.header("content-disposition").starts_with("attachment"));
    }
}

#[tokio::test]
async fn a_form_that_is_none_is_refused() {
    let fixture = fixture().await;
    let png = encoded(9, 9, ImageFormat::Png);
    let file = || Some(("a.png", "image/png", &png[..]));
    let owner = &fixture.caller;
    fixture.upload_with(owner, &[("title", "x")], None).await.assert_problem(422, "VALIDATION_FAILED", "Choose a file");
    let wrong_type = fixture.upload_with(owner, &[("type", "video")], file()).await;
    wrong_type.assert_problem(415, "UNSUPPORTED_MEDIA_TYPE", "says that it is of the kind video");
    fixture.upload_with(owner, &[("type", "hologram")], file()).await.assert_problem(422, "VALIDATION_FAILED", "image, video");
    let long = "x".repeat(201);
    fixture.upload_with(owner, &[("title", &long)], file()).await.assert_problem(422, "VALIDATION_FAILED", "200");
    fixture.upload_with(owner, &[("title", "a\0b")], file()).await.assert_problem(422, "VALIDATION_FAILED", "NUL");
    let json = Request::post("/api/v1/content").header("content-type", "application/json").body(Body::from("{}")).unwrap();
    fixture.send(Some(owner), json).await.assert_problem(415, "UNSUPPORTED_MEDIA_TYPE", "form");

    // The connection breaks in the middle of the file.
    let whole = upload_request(&[], file());
    let (parts, body) = whole.into_parts();
    let bytes = http_body_util::BodyExt::collect(body).await.unwrap().to_bytes();
    let half = Request::from_parts(parts, Body::from(bytes.slice(..bytes.len() / 2)));
    fixture.send(Some(owner), half).await.assert_problem(400, "MALFORMED_BODY", "broke off");
}

#[tokio::test]
async fn what_is_said_about_a_file_can_be_changed() {
    for fixture in fixtures().await {
        let id: ContentId = fixture.picture().await;
        let path = format!("/content/{id}");
        let changes = json!({ "title": "New", "altText": "A cat", "description": "d", "tags": ["a", " a ", ""] });
        let changed = fixture.ask(Method::PATCH, &path, changes).await.assert_status(200);
        assert_eq!((&changed.body["title"], &changed.body["altText"]), (&json!("New"), &json!("A cat")));
        assert_eq!(changed.body["tags"], json!(["a"]));
        let changed = fixture.ask(Method::PATCH, &path, json!({ "altText": null })).await.assert_status(200);
        assert_eq!((&changed.body["altText"], &changed.body["description"]), (&Value::Null, &json!("d")));
        assert_eq!(fixture.get(&path).await.body["title"], "New");
        fixture.ask(Method::PATCH, &path, json!({ "title": " " })).await.assert_problem(422, "VALIDATION_FAILED", "");
        fixture.ask(Method::PATCH, &path, json!({ "titel": "x" })).await.assert_problem(400, "MALFORMED_BODY", "titel");
        assert_eq!(fixture.event_kinds().await, ["content.created", "content.updated", "content.updated"]);
    }
}

#[tokio::test]
async fn a_file_that_an_unpublished_post_needs_is_not_deleted() {
    for fixture in fixtures().await {
        let id = fixture.picture().await;
        let path = format!("/content/{id}");
        let address = fixture.get(&path).await.text("/fileUrl").to_owned();
        let post = NewPost { parts: vec![part_with("look", &[id])], ..new_post("", &[]) };
        let post = fixture.draft(post).await.unwrap();
        let refused = fixture.ask(Method::DELETE, &path, Value::Null).await;
        refused.assert_problem(409, "CONFLICT", "A post that is not published yet uses this file");
        assert_eq!(refused.body["error"]["details"]["posts"], 1);
        fetch(&fixture, &address, &[]).await.assert_status(200);

        let mut tx = fixture.write().await;
        fixture.content.delete_post(&mut tx, &fixture.caller, post.id).await.unwrap();
        tx.commit().await.unwrap();
        fixture.ask(Method::DELETE, &path, Value::Null).await.assert_status(204);
        fixture.get(&path).await.assert_problem(404, "NOT_FOUND", "media library");
        fetch(&fixture, &address, &[]).await.assert_problem(404, "NOT_FOUND", "");
        assert_eq!(fixture.event_kinds().await.last().unwrap(), "content.deleted");
    }
}
