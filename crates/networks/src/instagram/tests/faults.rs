use super::*;
use crate::{
    error::{Certainty, ErrorKind, NetworkError},
    meta::limit,
};

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

#[tokio::test]
async fn a_lost_answer_is_found_again() {
    for (format, media) in [
        ("post", vec![image("")]),
        ("carousel", vec![image(""), image("")]),
        ("reel", vec![video()]),
        ("story", vec![image("")]),
    ] {
        let faults = json!([{ "kind": "drop_after_accept", "on": "publish" }]);
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
    for kind in ["drop_before", "hang"] {
        let faults = json!([{ "kind": kind, "on": "publish" }]);
        let (world, log, result) = with(faults, |world| post(world, "Once only")).await;
        result.unwrap();
        assert!(log.contains(&"post:0 absent".to_owned()), "{kind}: {log:?}");
        assert_eq!(world.accepted().await, 1);
    }
    // Done, but answered with nonsense.
    let faults = json!([{ "kind": "garbage", "on": "publish" }]);
    let (world, log, result) = with(faults, |world| post(world, "Once only")).await;
    result.unwrap();
    assert!(log.contains(&"post:0 found".to_owned()), "{log:?}");
    assert_eq!(world.accepted().await, 1);
    // Failed without doing it.
    let faults = json!([{ "kind": "status", "status": 500, "on": "publish" }]);
    let (world, log, result) = with(faults, |world| post(world, "Once only")).await;
    result.unwrap();
    assert!(log.contains(&"post:0 absent".to_owned()), "{log:?}");
    assert_eq!(world.accepted().await, 1);
}

#[tokio::test]
async fn a_lost_first_comment_is_found_again() {
    let faults =
        json!([{ "kind": "drop_after_accept", "method": "POST", "path": "/v26.0/*/comments" }]);
    let (_, log, result) = with(faults, |world| {
        world.request(
            "post",
            "Hi",
            vec![image("")],
            json!({ "firstComment": "First!" }),
        )
    })
    .await;
    result.unwrap();
    assert!(log.contains(&"comment found".to_owned()), "{log:?}");
}

#[tokio::test]
async fn each_fault_has_its_kind_and_its_sentence() {
    let on_publish = |fault: Value| {
        let mut fault = fault;
        fault["on"] = json!("publish");
        error(json!([fault]))
    };
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
    assert!(twice.message.contains("spam"), "{twice}");
    for error in [limited, expired, revoked, missing, twice] {
        assert_eq!(error.certainty, Certainty::Refused);
    }
}

#[tokio::test]
async fn the_daily_limit_is_met() {
    let world = world().await;
    let account = world.account().await;
    for number in 0..100 {
        let request = post(&world, &format!("Post {number}"));
        world.engine(&account).publish(&request).await.unwrap();
    }
    let mut request = post(&world, "One more");
    let mut engine = world.engine(&account);
    let asked = engine.publish(&request).await.unwrap_err();
    assert!(asked.detail.contains("100 of 100"), "{asked}");
    assert!(engine.done.is_empty(), "nothing is prepared in vain");

    // Long before its time nobody knows how much there will be room for then.
    request.due_at = request.due_at + Duration::from_hours(1);
    let refused = world.engine(&account).publish(&request).await.unwrap_err();
    assert!(refused.detail.contains("2207042"), "{refused}");
    for error in [asked, refused] {
        assert_eq!(error.kind, ErrorKind::RateLimited);
        assert_eq!(error.retry_after, Some(limit::PAUSE));
        assert!(error.certainty.had_no_effect(), "{error}");
    }
    assert_eq!(world.accepted().await, 100);
}

#[tokio::test]
async fn files_that_are_refused_or_slow() {
    let rejected = json!([{ "kind": "media_rejected" }]);
    let (world, _, result) = with(rejected, |world| {
        world.request("reel", "No", vec![video()], json!({}))
    })
    .await;
    let error = result.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Refused);
    assert!(error.message.contains("MP4 or MOV"), "{error}");
    assert!(world.posts().await.is_empty());

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
async fn an_image_of_another_type_is_refused_before_anything_is_seen() {
    let (world, _, result) = with(json!([]), |world| {
        world.request("post", "PNG", vec![TestFile::pixel().attach("")], json!({}))
    })
    .await;
    let error = result.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Refused);
    assert!(error.message.contains("JPEG"), "{error}");
    assert!(world.posts().await.is_empty());
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
        Instagram.standing(&world.net, &account).await.unwrap_err()
    };
    let shown = format!("{error} {error:?} {account:?}");
    let secret = secrecy::ExposeSecret::expose_secret(&account.credentials.secret);
    let secret: Value = serde_json::from_str(secret).unwrap();
    for name in ["token", "user_token"] {
        assert!(!shown.contains(secret[name].as_str().unwrap()), "{name}");
    }
}
