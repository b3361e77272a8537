use super::*;
use crate::error::{Certainty, ErrorKind, NetworkError};

/// Publishes a post while these faults wait; the engine's log and its error.
async fn with(
    faults: Value,
    request: impl FnOnce(&World) -> PublishRequest,
) -> (World, Vec<String>, Result<(), NetworkError>) {
    let world = world().await;
    let account = world.account().await;
    let request = request(&world);
    world.instance.faults(faults).await;
    let (log, result) = {
        let mut engine = world.engine(&account);
        let result = engine.publish(&request).await;
        (engine.log, result)
    };
    (world, log, result)
}

async fn error(faults: Value) -> NetworkError {
    let (world, _, result) = with(faults, |world| post(world, "Not now")).await;
    assert!(world.posts().await.is_empty());
    result.unwrap_err()
}

/// A fault that meets the request that publishes; the ones before it make something that nobody
/// sees yet.
fn late(before: u32, fault: &Value) -> Value {
    let mut fault = fault.clone();
    fault["on"] = json!("publish");
    if before == 0 {
        return json!([fault]);
    }
    json!([{ "kind": "delay", "ms": 0, "on": "publish", "times": before }, fault])
}

#[tokio::test]
async fn a_lost_answer_is_found_again() {
    for (format, media, before) in [
        ("post", Vec::new(), 1),
        ("post", vec![image(""), image("")], 1),
        // The beginning and three pieces.
        ("video", vec![video()], 4),
        ("reel", vec![video()], 1),
        ("story", vec![image("")], 0),
        ("story", vec![video()], 1),
    ] {
        let faults = late(before, &json!({ "kind": "drop_after_accept" }));
        let text = if format == "story" { "" } else { "Once only" };
        let (world, log, result) = with(faults, |world| {
            world.request(format, text, media, json!({}))
        })
        .await;
        result.unwrap();
        assert!(
            log.contains(&"post:0 found".to_owned()),
            "{format}: {log:?}"
        );
        assert_eq!(world.accepted().await, 1, "{format} is published once");
    }
}

#[tokio::test]
async fn what_was_not_published_is_published_again() {
    for (format, media, before) in [
        ("post", Vec::new(), 1),
        ("reel", vec![video()], 1),
        ("story", vec![image("")], 0),
    ] {
        for fault in [
            json!({ "kind": "drop_before" }),
            json!({ "kind": "hang" }),
            json!({ "kind": "status", "status": 500 }),
        ] {
            let media = media.clone();
            let (world, log, result) = with(late(before, &fault), |world| {
                world.request(format, "", media, json!({ "link": "https://example.com/" }))
            })
            .await;
            result.unwrap();
            assert!(
                log.contains(&"post:0 absent".to_owned()),
                "{format} {fault}: {log:?}"
            );
            assert_eq!(world.accepted().await, 1);
        }
    }
    // Done, but answered with nonsense.
    let faults = late(1, &json!({ "kind": "garbage" }));
    let (world, log, result) = with(faults, |world| post(world, "Once only")).await;
    result.unwrap();
    assert!(log.contains(&"post:0 found".to_owned()), "{log:?}");
    assert_eq!(world.accepted().await, 1);
}

#[tokio::test]
async fn an_unseen_post_that_was_lost_harms_nobody() {
    let faults = late(0, &json!({ "kind": "drop_after_accept" }));
    let (world, _, result) = with(faults, |world| post(world, "Once only")).await;
    // The engine tries a step again that nobody sees.
    assert!(!result.unwrap_err().certainty.had_no_effect());
    let posts = world.posts().await;
    let accepted = world.accepted().await;
    assert_eq!((posts.len(), accepted), (0, 0));
}

#[tokio::test]
async fn a_lost_first_comment_is_found_again() {
    let faults =
        json!([{ "kind": "drop_after_accept", "method": "POST", "path": "/v26.0/*/comments" }]);
    let (_, log, result) = with(faults, |world| {
        let options = json!({ "firstComment": "First!" });
        world.request("post", "Hi", Vec::new(), options)
    })
    .await;
    result.unwrap();
    assert!(log.contains(&"comment found".to_owned()), "{log:?}");
}

#[tokio::test]
async fn each_fault_has_its_kind_and_its_sentence() {
    let on_publish = |fault: Value| error(late(1, &fault));
    let limited =
        on_publish(json!({ "kind": "status", "status": 429, "reset_seconds": 600 })).await;
    assert_eq!(limited.kind, ErrorKind::RateLimited);
    assert_eq!(limited.retry_after, Some(Duration::from_mins(10)));

    let expired = on_publish(json!({ "kind": "expire_token" })).await;
    assert_eq!(expired.kind, ErrorKind::TokenExpired);

    let revoked = on_publish(json!({ "kind": "revoke_token" })).await;
    assert_eq!(revoked.kind, ErrorKind::Reconnect);
    assert!(revoked.message.contains("removed AllIN"), "{revoked}");

    let missing = on_publish(json!({ "kind": "permission_missing" })).await;
    assert_eq!(missing.kind, ErrorKind::Reconnect);
    assert!(missing.message.contains("permission"), "{missing}");

    let twice = on_publish(json!({ "kind": "duplicate_content" })).await;
    assert_eq!(twice.kind, ErrorKind::Refused);
    assert!(twice.message.contains("same post twice"), "{twice}");
    for error in [limited, expired, revoked, missing, twice] {
        assert_eq!(error.certainty, Certainty::Refused);
    }
}

#[tokio::test]
async fn files_that_are_refused_or_slow() {
    for (format, media, words) in [
        ("post", image(""), "JPEG, PNG or GIF"),
        ("video", video(), "another one"),
        ("reel", video(), "another one"),
    ] {
        let rejected = json!([{ "kind": "media_rejected" }]);
        let (world, _, result) = with(rejected, |world| {
            world.request(format, "No", vec![media], json!({}))
        })
        .await;
        let error = result.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Refused);
        assert!(error.message.contains(words), "{format}: {error}");
        assert!(world.posts().await.is_empty());
    }

    let slow = json!([{ "kind": "slow_processing", "seconds": 120 }]);
    let (world, log, result) = with(slow, |world| {
        world.request("reel", "Slow", vec![video()], json!({}))
    })
    .await;
    result.unwrap();
    assert!(
        log.iter().filter(|line| line.ends_with("pending")).count() > 3,
        "{log:?}"
    );
    assert_eq!(world.accepted().await, 1);
}

#[tokio::test]
async fn no_secret_is_in_what_is_shown() {
    let world = world().await;
    let account = world.account().await;
    let error = {
        world
            .instance
            .faults(json!([{ "kind": "drop_before" }]))
            .await;
        Facebook.standing(&world.net, &account).await.unwrap_err()
    };
    let shown = format!("{error} {error:?} {account:?}");
    let secret = secrecy::ExposeSecret::expose_secret(&account.credentials.secret);
    let secret: Value = serde_json::from_str(secret).unwrap();
    for name in ["token", "user_token"] {
        assert!(!shown.contains(secret[name].as_str().unwrap()), "{name}");
    }
}
