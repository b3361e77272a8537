//! What people and programs get wrong.

use serde_json::json;

use crate::support::{User, World, png, sandbox};

#[tokio::test]
async fn bodies_that_can_not_be_read_get_a_clear_problem() {
    let world = World::sqlite().await;
    let user = world.owner("ann").await;
    let json_type = [("content-type", "application/json")];
    for (body, status, code) in [
        (b"{\"parts\":".to_vec(), 400, "MALFORMED_BODY"),
        (
            b"{\"parts\":7,\"targets\":[]}".to_vec(),
            400,
            "MALFORMED_BODY",
        ),
        (
            b"{\"parts\":[],\"scheduledat\":\"2099-01-01T00:00:00Z\"}".to_vec(),
            400,
            "MALFORMED_BODY",
        ),
        (vec![b' '; 2 * 1024 * 1024], 413, "PAYLOAD_TOO_LARGE"),
    ] {
        let answer = user.post_with("posts", &json_type, body).await;
        assert_eq!((answer.status, answer.code()), (status, code));
        assert!(!answer.message().is_empty());
    }
    let answer = user
        .post_with("posts", &[("content-type", "text/plain")], b"hi".to_vec())
        .await;
    assert_eq!(
        (answer.status, answer.code()),
        (415, "UNSUPPORTED_MEDIA_TYPE")
    );
    assert_eq!(user.get("posts?page=x").await.code(), "MALFORMED_PARAMETER");
    assert_eq!(user.get("posts/not-an-id").await.code(), "NOT_FOUND");
    assert_eq!(user.get("nowhere").await.code(), "NOT_FOUND");
    assert_eq!(
        user.call("PUT", "posts", None).await.code(),
        "METHOD_NOT_ALLOWED"
    );
}

#[tokio::test]
async fn times_that_do_not_exist_or_are_over_are_refused() {
    let world = World::sqlite().await;
    let user = world.owner("ann").await;
    let instance = sandbox(&world.clock).await;
    let account = instance.connect(&user, "ann").await;
    let post = json!({
        "parts": [{ "text": "Hello", "media": [] }], "targets": [{ "socialAccountId": account }],
    });
    let post = user.post("posts", post).await.ok();
    let path = format!("posts/{}/schedule", post["id"].as_str().unwrap());
    let past = user
        .post(&path, json!({ "scheduledAt": "2020-01-01T00:00:00Z" }))
        .await;
    assert_eq!(
        past.body["error"]["details"]["fields"][0]["code"],
        "schedule_in_past"
    );
    let gap = user
        .post(
            &path,
            json!({ "scheduledLocal": "2027-03-28T02:30", "timeZone": "Europe/Berlin" }),
        )
        .await;
    assert_eq!(gap.code(), "VALIDATION_FAILED");
    assert!(
        gap.body.to_string().contains("nonexistent_local_time"),
        "{}",
        gap.body
    );
    assert_eq!(
        user.post(&path, json!({})).await.code(),
        "VALIDATION_FAILED"
    );
}

#[tokio::test]
async fn a_post_that_breaks_rules_is_not_scheduled_and_every_problem_is_told() {
    let world = World::sqlite().await;
    let user = world.owner("ann").await;
    let instance = sandbox(&world.clock).await;
    let account = instance.connect(&user, "ann").await;
    let post = json!({
        "parts": [{ "text": "x".repeat(501), "media": [] }, { "text": "", "media": [] }],
        "targets": [{ "socialAccountId": account }], "publishNow": true,
    });
    let answer = user.post("posts", post).await;
    assert_eq!((answer.status, answer.code()), (422, "PREFLIGHT_FAILED"));
    let problems = answer.body["error"]["details"]["targets"][0]["problems"]
        .as_array()
        .unwrap();
    assert!(problems.len() >= 2, "{problems:?}");
    assert!(
        user.get("posts").await.ok()["data"]
            .as_array()
            .unwrap()
            .is_empty(),
        "nothing half-made"
    );
}

#[tokio::test]
async fn files_that_lie_about_their_type_are_refused() {
    let world = World::sqlite().await;
    let user = world.owner("ann").await;
    let html = user
        .upload(
            "photo.png",
            "image/png",
            b"<html><script>alert(1)</script>".to_vec(),
        )
        .await;
    assert_eq!((html.status, html.code()), (415, "UNSUPPORTED_MEDIA_TYPE"));
    let mut cut = png(200, 200);
    cut.truncate(cut.len() / 2);
    let cut = user.upload("cut.png", "image/png", cut).await;
    assert!((400..500).contains(&cut.status), "{cut:?}");
    // The name says JPEG; the content decides.
    let renamed = user
        .upload("photo.jpg", "image/jpeg", png(20, 20))
        .await
        .ok();
    assert_eq!(renamed["mimeType"], "image/png");
}

#[tokio::test]
async fn uploaded_files_are_served_by_signed_addresses_only() {
    let world = World::sqlite().await;
    let user = world.owner("ann").await;
    let file = user.upload("sea.png", "image/png", png(30, 30)).await.ok();
    let url = world.base.join(file["fileUrl"].as_str().unwrap()).unwrap();
    let anonymous = User::anonymous(&world.base);
    let served = anonymous.browse(url.as_str()).await;
    assert_eq!(served.status, 200);
    assert_eq!(served.headers["x-content-type-options"], "nosniff");
    let forged = url.as_str().replace("sig=", "sig=A");
    assert!((400..500).contains(&anonymous.browse(&forged).await.status));
}
