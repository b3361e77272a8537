//! What people and programs get wrong.

use std::collections::BTreeSet;

use serde_json::{Value, json};

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

/// The places of all texts of a schema, such as `parts[0].text`.
fn texts(document: &Value, schema: &Value, at: &str, found: &mut BTreeSet<String>) {
    if let Some(name) = schema["$ref"].as_str() {
        let schema = document.pointer(name.trim_start_matches('#')).unwrap();
        return texts(document, schema, at, found);
    }
    for several in ["oneOf", "anyOf", "allOf"] {
        for one in schema[several].as_array().into_iter().flatten() {
            texts(document, one, at, found);
        }
    }
    let kinds = schema["type"].to_string();
    if kinds.contains("string") {
        found.insert(at.to_owned());
    }
    if kinds.contains("array") {
        texts(document, &schema["items"], &format!("{at}[0]"), found);
    }
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        let dot = if at.is_empty() { "" } else { "." };
        texts(document, field, &format!("{at}{dot}{name}"), found);
    }
}

/// A body that has nothing but a text at this place.
fn only(place: &str, text: &str) -> Value {
    place.rsplit('.').fold(json!(text), |inner, step| {
        let (name, item) = step
            .strip_suffix("[0]")
            .map_or((step, false), |name| (name, true));
        json!({ name: if item { json!([inner]) } else { inner } })
    })
}

#[tokio::test]
async fn the_character_that_can_not_be_kept_is_refused_in_every_text() {
    for world in World::both().await {
        let user = world.owner("ann").await;
        let url = world.base.join("api/openapi.json").unwrap();
        let document = user.browse(url.as_str()).await.ok();
        let mut looked_at = 0;
        for (path, item) in document["paths"].as_object().unwrap() {
            for (method, operation) in item.as_object().unwrap() {
                let steps = path.split('/').skip(1).map(|step| match step {
                    "{platform}" => "x",
                    step if step.starts_with('{') => "019a0000-0000-7000-8000-000000000000",
                    step => step,
                });
                let path = steps.collect::<Vec<_>>().join("/");
                let schema = &operation["requestBody"]["content"]["application/json"]["schema"];
                let mut places = BTreeSet::new();
                texts(&document, schema, "", &mut places);
                for place in places {
                    let body = only(&place, "a\0b");
                    let answer = user.call(&method.to_uppercase(), &path, Some(body)).await;
                    let field = &answer.body["error"]["details"]["fields"][0];
                    assert_eq!(
                        (answer.status, &field["path"], &field["code"]),
                        (422, &json!(place), &json!("invalid_character")),
                        "{method} {path}: {answer:?}"
                    );
                    looked_at += 1;
                }
            }
        }
        assert!(looked_at > 40, "only {looked_at} texts");
        let lists = ["posts?search=a%00b", "content?search=a%00b"];
        for list in lists {
            assert_eq!(user.get(list).await.code(), "MALFORMED_PARAMETER", "{list}");
        }
        assert_eq!(user.get("posts/a%00b").await.code(), "NOT_FOUND");
        // What only looks like it is a text like any other.
        let draft =
            json!({ "title": "\\u0000", "parts": [{ "text": "%00 \\u0000" }], "targets": [] });
        let post = user.post("posts", draft).await.ok();
        assert_eq!(post["parts"][0]["text"], "%00 \\u0000");
    }
}
