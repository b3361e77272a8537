//! Every fault gives the right state, message and next step; nothing is published twice.

use std::time::Duration;

use serde_json::{Value, json};

use super::{pin, video, world};
use crate::{
    connector::Connector,
    error::{Certainty, ErrorKind, NetworkError},
    pinterest::Pinterest,
};

/// Publishes an image Pin while `fault` waits for the request that creates it.
async fn refused(fault: Value) -> (NetworkError, u64) {
    let world = world().await;
    let account = world.account().await;
    let request = pin(&world, &account, &["x"], json!({})).await;
    let mut fault = fault;
    if fault["kind"] != "media_rejected" {
        fault["on"] = json!("publish");
    }
    world.fault(fault).await;
    let error = world.engine(&account).publish(&request).await.unwrap_err();
    (error, world.accepted().await)
}

#[tokio::test]
async fn refusals_are_told_apart() {
    for (fault, kind, words) in [
        (
            json!({ "kind": "status", "status": 429, "reset_seconds": 40 }),
            ErrorKind::RateLimited,
            "tries again",
        ),
        (
            json!({ "kind": "expire_token" }),
            ErrorKind::TokenExpired,
            "connect the account again",
        ),
        (
            json!({ "kind": "permission_missing", "scope": "pins:write" }),
            ErrorKind::Reconnect,
            "permission",
        ),
        (
            json!({ "kind": "duplicate_content" }),
            ErrorKind::Refused,
            "spam",
        ),
        (
            json!({ "kind": "media_rejected" }),
            ErrorKind::Refused,
            "The image could not be processed.",
        ),
        (
            json!({ "kind": "status", "status": 400 }),
            ErrorKind::Refused,
            "Pinterest refused this",
        ),
    ] {
        let (error, accepted) = refused(fault.clone()).await;
        assert_eq!(error.kind, kind, "{fault}: {error}");
        assert_eq!(error.certainty, Certainty::Refused, "{fault}");
        assert!(error.message.contains(words), "{fault}: {error}");
        assert_eq!(accepted, 0, "{fault}");
        if kind == ErrorKind::RateLimited {
            assert_eq!(error.retry_after, Some(Duration::from_secs(40)));
        }
    }
}

#[tokio::test]
async fn a_lost_answer_is_found_and_nothing_is_published_twice() {
    for (kind, log) in [
        ("drop_after_accept", vec!["post:0 unknown", "post:0 found"]),
        ("garbage", vec!["post:0 unknown", "post:0 found"]),
        ("drop_before", vec!["post:0 unknown", "post:0 absent"]),
        ("hang", vec!["post:0 unknown", "post:0 absent"]),
    ] {
        let world = world().await;
        let account = world.account().await;
        // A Pin that looks alike was there before, and is not taken for this one.
        let request = pin(&world, &account, &["x"], json!({ "title": "T" })).await;
        world.engine(&account).publish(&request).await.unwrap();
        world.clock.advance(Duration::from_mins(10));
        let fault = json!([{ "kind": kind, "on": "publish", "network": "pinterest" }]);
        world.instance.faults(fault).await;
        let mut engine = world.engine(&account);
        engine.publish(&request).await.unwrap();
        assert_eq!(engine.log, log, "{kind}");
        let posts = world.posts().await;
        let accepted = world.accepted().await;
        assert_eq!((accepted, posts.len()), (2, 2), "{kind}");
        let published = Pinterest.published(&world.net, &account, &request, &engine.done);
        assert_eq!(published.platform_post_id, posts[1]["id"], "{kind}");
    }
}

#[tokio::test]
async fn a_server_error_is_looked_into() {
    let world = world().await;
    let account = world.account().await;
    let request = pin(&world, &account, &["x"], json!({})).await;
    world
        .instance
        .faults(json!([{ "kind": "status", "status": 503, "on": "publish" }]))
        .await;
    let mut engine = world.engine(&account);
    engine.publish(&request).await.unwrap();
    assert_eq!(engine.log, ["post:0 unknown", "post:0 absent"]);
    assert_eq!(world.accepted().await, 1);
}

#[tokio::test]
async fn slow_processing_is_waited_for() {
    let world = world().await;
    let account = world.account().await;
    let request = video(&world, &account).await;
    world
        .instance
        .faults(json!([{ "kind": "slow_processing", "seconds": 120 }]))
        .await;
    let mut engine = world.engine(&account);
    engine.publish(&request).await.unwrap();
    assert!(engine.log.len() > 20, "{:?}", engine.log);
    assert_eq!(world.accepted().await, 1);
}

#[tokio::test]
async fn a_video_that_can_not_be_processed_is_explained() {
    let world = world().await;
    let account = world.account().await;
    let request = video(&world, &account).await;
    world
        .instance
        .faults(json!([{ "kind": "media_rejected" }]))
        .await;
    let error = world.engine(&account).publish(&request).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Refused);
    assert!(
        error.message.contains("could not process the video"),
        "{error}"
    );
}

#[tokio::test]
async fn an_upload_that_broke_begins_anew() {
    for kind in ["drop_before", "drop_after_accept"] {
        let world = world().await;
        let account = world.account().await;
        let request = video(&world, &account).await;
        world
            .instance
            .faults(json!([{ "kind": kind, "path": "/upload" }]))
            .await;
        let mut engine = world.engine(&account);
        let error = engine.publish(&request).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Temporary, "{kind}: {error}");
        engine.publish(&request).await.unwrap();
        let posts = world.posts().await;
        let accepted = world.accepted().await;
        assert_eq!((accepted, posts.len()), (1, 1), "{kind}");
    }
}

#[tokio::test]
async fn a_board_that_is_gone_is_named() {
    let world = world().await;
    let account = world.account().await;
    let mut request = pin(&world, &account, &["x"], json!({})).await;
    request.options.insert("board".to_owned(), json!("1"));
    let error = world.engine(&account).publish(&request).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Refused);
    assert!(error.message.contains("board does not exist"), "{error}");
}
