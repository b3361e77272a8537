//! Files: going in, coming out, and being deleted.

use std::time::Duration;

use axum::http::{Method, header};
use image::{DynamicImage, GenericImageView, ImageFormat, RgbaImage};
use serde_json::{Value, json};

use super::{
    samples::{encoded, new_post, part_with, turned_jpeg},
    support::{fixture, fixtures, tenant_path},
};
use crate::{ContentId, NewPost};

#[tokio::test]
async fn a_picture_is_measured_upright_and_served_by_its_signed_address() {
    for fixture in fixtures().await {
        let file = turned_jpeg(1200, 800);
        let fields = [
            ("title", " Holiday "),
            ("tags", "sea, sun,sea,"),
            ("altText", "A beach"),
            ("description", " "),
        ];
        let form = Some(("../my photo.JPG", "image/jpeg", &file[..]));
        let added = fixture
            .upload_with(&fixture.caller, &fields, form)
            .await
            .assert_status(201);
        let item = &added.body;
        assert_eq!(
            (&item["width"], &item["height"]),
            (&json!(800), &json!(1200))
        );
        assert_eq!(item["title"], "Holiday");
        assert_eq!(item["tags"], json!(["sea", "sun"]));
        assert_eq!(item["altText"], "A beach");
        assert_eq!(item["description"], Value::Null);
        assert_eq!(item["fileName"], "my photo.JPG");
        assert_eq!(
            (&item["mimeType"], &item["type"], &item["status"]),
            (&json!("image/jpeg"), &json!("image"), &json!("ready"))
        );
        assert_eq!(item["fileSize"], file.len());

        let original = fixture
            .fetch(added.text("/fileUrl"), &[])
            .await
            .assert_status(200);
        assert_eq!(original.bytes, file);
        assert_eq!(original.header("content-type"), "image/jpeg");
        assert_eq!(original.header("x-content-type-options"), "nosniff");
        assert!(
            original
                .header("content-security-policy")
                .contains("sandbox")
        );
        assert!(original.header("cache-control").contains("immutable"));

        let thumbnail = fixture
            .fetch(added.text("/thumbnailUrl"), &[])
            .await
            .assert_status(200);
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
    let added = fixture
        .upload("a.png", "image/png", &file)
        .await
        .assert_status(201);
    let address = added.text("/fileUrl");
    let range = |text| [(header::RANGE, text)];

    let first = fixture
        .fetch(address, &range("bytes=0-99"))
        .await
        .assert_status(206);
    assert_eq!(first.bytes, file[..100]);
    assert_eq!(
        first.header("content-range"),
        format!("bytes 0-99/{}", file.len())
    );
    assert_eq!(first.header("content-length"), "100");
    let last = fixture
        .fetch(address, &range("bytes=-10"))
        .await
        .assert_status(206);
    assert_eq!(last.bytes, file[file.len() - 10..]);
    let beyond = fixture
        .fetch(address, &range("bytes=999999999-"))
        .await
        .assert_status(416);
    assert_eq!(
        beyond.header("content-range"),
        format!("bytes */{}", file.len())
    );
    let tag = first.header("etag");
    fixture
        .fetch(address, &[(header::IF_NONE_MATCH, tag)])
        .await
        .assert_status(304);
    let stale = [
        (header::RANGE, "bytes=0-9"),
        (header::IF_RANGE, "\"other\""),
    ];
    assert_eq!(
        fixture
            .fetch(address, &stale)
            .await
            .assert_status(200)
            .bytes,
        file
    );
}

#[tokio::test]
async fn an_address_can_not_be_guessed_changed_or_kept() {
    let fixture = fixture().await;
    let added = fixture
        .upload("a.png", "image/png", &encoded(9, 9, ImageFormat::Png))
        .await
        .assert_status(201);
    let address = added.text("/fileUrl").to_owned();
    let stranger = fixture.stranger().await;
    let tenant = tenant_path(&address).to_string();
    for changed in [
        address.replace("original", "thumbnail"),
        address.replace(&tenant, &stranger.tenant.to_string()),
        address.replace("sig=", "sig=A"),
        format!("{}0", address.replace("exp=", "exp=9")),
    ] {
        fixture
            .fetch(&changed, &[])
            .await
            .assert_problem(403, "FORBIDDEN", "not a valid one");
    }
    fixture
        .fetch(address.split('?').next().unwrap(), &[])
        .await
        .assert_problem(400, "MALFORMED_PARAMETER", "");
    fixture.clock.advance(Duration::from_hours(25));
    fixture
        .fetch(&address, &[])
        .await
        .assert_problem(403, "FORBIDDEN", "expired");
}

#[tokio::test]
async fn a_picture_that_shines_through_keeps_doing_so() {
    let fixture = fixture().await;
    let mut bytes = std::io::Cursor::new(Vec::new());
    let glass = RgbaImage::from_pixel(700, 10, image::Rgba([200, 0, 0, 100]));
    DynamicImage::from(glass)
        .write_to(&mut bytes, ImageFormat::Png)
        .unwrap();
    let added = fixture
        .upload("glass.png", "image/png", bytes.get_ref())
        .await
        .assert_status(201);
    let thumbnail = fixture
        .fetch(added.text("/thumbnailUrl"), &[])
        .await
        .assert_status(200);
    assert_eq!(thumbnail.header("content-type"), "image/webp");
    assert_eq!(
        image::load_from_memory(&thumbnail.bytes)
            .unwrap()
            .to_rgba8()
            .get_pixel(3, 3)[3],
        100
    );
}

#[tokio::test]
async fn what_is_said_about_a_file_can_be_changed() {
    for fixture in fixtures().await {
        let id: ContentId = fixture.picture().await;
        let path = format!("/content/{id}");
        let changes = json!({ "title": "New", "altText": "A cat", "description": "d", "tags": ["a", " a ", ""] });
        let changed = fixture
            .ask(Method::PATCH, &path, changes)
            .await
            .assert_status(200);
        assert_eq!(
            (&changed.body["title"], &changed.body["altText"]),
            (&json!("New"), &json!("A cat"))
        );
        assert_eq!(changed.body["tags"], json!(["a"]));
        let changed = fixture
            .ask(Method::PATCH, &path, json!({ "altText": null }))
            .await
            .assert_status(200);
        assert_eq!(
            (&changed.body["altText"], &changed.body["description"]),
            (&Value::Null, &json!("d"))
        );
        assert_eq!(fixture.get(&path).await.body["title"], "New");
        fixture
            .ask(Method::PATCH, &path, json!({ "title": " " }))
            .await
            .assert_problem(422, "VALIDATION_FAILED", "");
        fixture
            .ask(Method::PATCH, &path, json!({ "titel": "x" }))
            .await
            .assert_problem(400, "MALFORMED_BODY", "titel");
        assert_eq!(
            fixture.event_kinds().await,
            ["content.created", "content.updated", "content.updated"]
        );
    }
}

#[tokio::test]
async fn a_file_that_an_unpublished_post_needs_is_not_deleted() {
    for fixture in fixtures().await {
        let id = fixture.picture().await;
        let path = format!("/content/{id}");
        let address = fixture.get(&path).await.text("/fileUrl").to_owned();
        let post = NewPost {
            parts: vec![part_with("look", &[id])],
            ..new_post("", &[])
        };
        let post = fixture.draft(post).await.unwrap();
        let refused = fixture.ask(Method::DELETE, &path, Value::Null).await;
        refused.assert_problem(
            409,
            "CONFLICT",
            "A post that is not published yet uses this file",
        );
        assert_eq!(refused.body["error"]["details"]["posts"], 1);
        fixture.fetch(&address, &[]).await.assert_status(200);

        let mut tx = fixture.write().await;
        fixture
            .content
            .delete_post(&mut tx, &fixture.caller, post.id)
            .await
            .unwrap();
        tx.commit().await.unwrap();
        fixture
            .ask(Method::DELETE, &path, Value::Null)
            .await
            .assert_status(204);
        fixture
            .get(&path)
            .await
            .assert_problem(404, "NOT_FOUND", "media library");
        fixture
            .fetch(&address, &[])
            .await
            .assert_problem(404, "NOT_FOUND", "");
        assert_eq!(
            fixture.event_kinds().await.last().unwrap(),
            "content.deleted"
        );
    }
}
