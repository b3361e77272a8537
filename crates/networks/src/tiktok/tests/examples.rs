//! The example answers of TikTok's documentation (21 November 2026) are understood, and what the
//! connector sends has the form of its example requests.

use serde_json::{Value, json};

use super::{post, world};
use crate::testing::TestFile;

/// The names of an object's fields, those of inner objects as `a.b`.
fn names(value: &Value, prefix: &str, found: &mut Vec<String>) {
    for (name, inner) in value.as_object().into_iter().flatten() {
        let name = format!("{prefix}{name}");
        if inner.is_object() {
            names(inner, &format!("{name}."), found);
        } else {
            found.push(name);
        }
    }
}

fn all(value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    names(value, "", &mut found);
    found.sort();
    found
}

/// developers.tiktok.com/doc/content-posting-api-reference-direct-post, "Example".
#[tokio::test]
async fn a_direct_post_has_the_form_of_the_example() {
    let example = json!({
        "post_info": {
            "title": "this will be a funny #cat video on your @tiktok #fyp",
            "privacy_level": "MUTUAL_FOLLOW_FRIENDS",
            "disable_duet": false,
            "disable_comment": true,
            "disable_stitch": false,
            "video_cover_timestamp_ms": 1000,
        },
        "source_info": {
            "source": "FILE_UPLOAD",
            "video_size": 50_000_123,
            "chunk_size": 10_000_000,
            "total_chunk_count": 5,
        },
    });
    let world = world().await;
    let account = world.account().await;
    let mut request = post(
        &world,
        "video",
        vec![TestFile::mp4(50_000_123)],
        json!({
            "privacy": "MUTUAL_FOLLOW_FRIENDS", "allowDuet": true, "allowStitch": true, "coverSecond": "1",
        }),
    );
    "this will be a funny #cat video on your @tiktok #fyp".clone_into(&mut request.parts[0].text);
    world.published(&account, &request).await;
    let mut sent = world
        .requests_to("/v2/post/publish/video/init")
        .await
        .remove(0)["json"]
        .take();
    // Documented in the table above the example.
    for also in ["brand_content_toggle", "brand_organic_toggle", "is_aigc"] {
        assert_eq!(
            sent["post_info"].as_object_mut().unwrap().remove(also),
            Some(json!(false))
        );
    }
    assert_eq!(sent, example);
    let pieces = world.requests_to("/video").await;
    let last = &pieces[4]["headers"];
    assert_eq!(last["content-range"], "bytes 40000000-50000122/50000123");
    assert_eq!(last["content-type"], "video/mp4");
    assert_eq!(last["content-length"], "10000123");
    // "The upload_url is the credential": no token goes there.
    assert!(last.get("authorization").is_none());
}

/// developers.tiktok.com/doc/content-posting-api-reference-photo-post, "Example".
#[tokio::test]
async fn a_photo_post_has_the_form_of_the_example() {
    let example = json!({
        "post_info": {
            "title": "funny cat",
            "description": "this will be a #funny photo on your @tiktok #fyp",
            "disable_comment": true,
            "privacy_level": "PUBLIC_TO_EVERYONE",
            "auto_add_music": true,
        },
        "source_info": {
            "source": "PULL_FROM_URL",
            "photo_cover_index": 1,
            "photo_images": ["https://tiktokcdn.com/obj/example-image-01.webp", "https://tiktokcdn.com/obj/example-image-02.webp"],
        },
        "post_mode": "DIRECT_POST",
        "media_type": "PHOTO",
    });
    let world = world().await;
    let account = world.account().await;
    let request = post(
        &world,
        "photo",
        vec![TestFile::jpeg(), TestFile::jpeg()],
        json!({ "title": "funny cat", "addMusic": true, "coverPhoto": "2" }),
    );
    world.published(&account, &request).await;
    let mut sent = world
        .requests_to("/v2/post/publish/content/init")
        .await
        .remove(0)["json"]
        .take();
    for also in ["brand_content_toggle", "brand_organic_toggle"] {
        sent["post_info"].as_object_mut().unwrap().remove(also);
    }
    assert_eq!(all(&sent), all(&example));
    assert_eq!(sent["source_info"]["photo_cover_index"], 1);
}
