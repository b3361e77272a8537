//! The edge: health, headers, idempotency, live updates, the API's description.

use std::time::Duration;

use futures::StreamExt;
use serde_json::json;

use crate::support::{User, World};

#[tokio::test]
async fn it_says_that_it_is_ready_and_marks_every_answer() {
    for world in World::both().await {
        let anyone = User::anonymous(&world.base);
        let ready = anyone
            .browse(world.base.join("health/ready").unwrap().as_str())
            .await;
        assert_eq!(
            (ready.status, &ready.body["status"]),
            (200, &json!("ok")),
            "{:?}",
            ready.body
        );
        let answer = anyone.get("posts").await;
        assert_eq!((answer.status, answer.code()), (401, "UNAUTHENTICATED"));
        assert_eq!(
            answer.headers["x-request-id"],
            answer.body["error"]["requestId"].as_str().unwrap()
        );
        assert!(answer.headers.contains_key("content-security-policy"));
    }
}

#[tokio::test]
async fn the_same_request_twice_has_the_effect_of_one() {
    for world in World::both().await {
        let user = world.owner("ann").await;
        let headers = [
            ("content-type", "application/json"),
            ("idempotency-key", "k1"),
        ];
        let body = |text: &str| {
            json!({ "parts": [{ "text": text, "media": [] }], "targets": [] })
                .to_string()
                .into_bytes()
        };
        let first = user.post_with("posts", &headers, body("a")).await;
        let again = user.post_with("posts", &headers, body("a")).await;
        assert_eq!(again.headers["idempotent-replayed"], "true");
        assert_eq!((first.status, first.body), (again.status, again.body));
        let other = user.post_with("posts", &headers, body("b")).await;
        assert_eq!((other.status, other.code()), (409, "IDEMPOTENCY_MISMATCH"));
        assert_eq!(user.get("posts").await.ok()["pagination"]["total"], 1);
    }
}

#[tokio::test]
async fn what_happens_is_told_live_and_nothing_is_missed() {
    for world in World::both().await {
        let user = world.owner("ann").await;
        let url = world.base.join("api/v1/events").unwrap();
        let listen = |after: Option<&str>| {
            let request = reqwest::Client::new()
                .get(url.clone())
                .bearer_auth(user.token.as_ref().unwrap());
            let request = match after {
                Some(id) => request.header("last-event-id", id),
                None => request,
            };
            async move { request.send().await.unwrap().bytes_stream() }
        };
        let mut stream = Box::pin(listen(None).await);
        let hello = stream.next().await.unwrap().unwrap();
        assert!(String::from_utf8_lossy(&hello).contains("event: hello"));
        let draft = json!({ "parts": [{ "text": "Hi", "media": [] }], "targets": [] });
        let post = user.post("posts", draft).await.ok();
        let event = tokio::time::timeout(Duration::from_secs(3), stream.next())
            .await
            .unwrap()
            .unwrap()
            .unwrap();
        let event = String::from_utf8_lossy(&event).into_owned();
        assert!(
            event.contains("event: post.created") && event.contains(post["id"].as_str().unwrap()),
            "{event}"
        );

        let mut resumed = Box::pin(listen(Some("0")).await);
        let mut seen = String::new();
        while !seen.contains("post.created") {
            let next = tokio::time::timeout(Duration::from_secs(3), resumed.next())
                .await
                .unwrap();
            seen.push_str(&String::from_utf8_lossy(&next.unwrap().unwrap()));
        }
    }
}

#[tokio::test]
async fn the_description_is_complete_and_under_review() {
    let world = World::sqlite().await;
    let served = User::anonymous(&world.base)
        .browse(world.base.join("api/openapi.json").unwrap().as_str())
        .await
        .ok();
    assert!(served["openapi"].as_str().unwrap().starts_with("3.1"));
    let text = served.to_string();
    for part in text.split("\"#/components/schemas/").skip(1) {
        let name = part.split('"').next().unwrap();
        assert!(
            served["components"]["schemas"].get(name).is_some(),
            "{name} is not described"
        );
    }
    insta::assert_json_snapshot!("openapi", served);
}

#[tokio::test]
async fn too_many_requests_are_refused_with_the_time_to_come_back() {
    let world = World::with_limits(5, 50).await;
    let anyone = User::anonymous(&world.base);
    let mut last = anyone.get("networks").await;
    assert_eq!(last.headers["x-ratelimit-limit"], "50");
    for _ in 0..60 {
        last = anyone.get("networks").await;
    }
    assert_eq!((last.status, last.code()), (429, "RATE_LIMITED"));
    assert!(last.headers.contains_key("retry-after"));
}
