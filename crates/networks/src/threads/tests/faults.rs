//! Every fault gives the right state, message and next step; nothing is published twice.

use serde_json::{Value, json};

use super::{part, post, video, world};
use crate::{
    connector::{Connector, DoneStep, PublishRequest, StepAnswer, StepWork},
    error::{Certainty, ErrorKind, NetworkError},
    meta::limit,
    testing::{Engine, TestFile, World},
    threads::{Threads, error},
};

/// Carries out one step, however often it has to be waited for.
async fn one_step(world: &World, engine: &mut Engine<'_>, request: &PublishRequest) {
    let step = Threads.next_step(request, &engine.done).unwrap();
    loop {
        let done = engine.done.clone();
        let work = StepWork {
            account: engine.account,
            request,
            done: &done,
            step: &step,
            first_sent_at: world.net.env.now(),
        };
        match Threads.run_step(&world.net, work).await.unwrap() {
            StepAnswer::Pending { after, .. } => world.clock.advance(after),
            StepAnswer::Done(result) => {
                engine.done.push(DoneStep {
                    name: step.name,
                    result,
                });
                return;
            }
        }
    }
}

async fn refused(fault: Value) -> (NetworkError, u64) {
    let world = world().await;
    let account = world.account().await;
    let files = if fault["kind"] == "media_rejected" {
        vec![video()]
    } else {
        vec![]
    };
    let request = post(&world, vec![part("One", files)], json!({}));
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
            json!({ "kind": "status", "status": 429 }),
            ErrorKind::RateLimited,
            "tries again",
        ),
        (
            json!({ "kind": "expire_token" }),
            ErrorKind::TokenExpired,
            "connect the account again",
        ),
        (
            json!({ "kind": "revoke_token" }),
            ErrorKind::Reconnect,
            "connect the account again",
        ),
        (
            json!({ "kind": "permission_missing", "scope": "threads_content_publish" }),
            ErrorKind::Reconnect,
            "permission",
        ),
        (
            json!({ "kind": "duplicate_content" }),
            ErrorKind::Refused,
            "repetition",
        ),
        (
            json!({ "kind": "media_rejected" }),
            ErrorKind::Refused,
            "could not process the file",
        ),
        (
            json!({ "kind": "status", "status": 400 }),
            ErrorKind::Refused,
            "Invalid parameter",
        ),
    ] {
        let (error, accepted) = refused(fault.clone()).await;
        assert_eq!(error.kind, kind, "{fault}: {error}");
        assert_eq!(error.certainty, Certainty::Refused, "{fault}");
        assert!(error.message.contains(words), "{fault}: {error}");
        assert_eq!(accepted, 0, "{fault}");
    }
}

#[tokio::test]
async fn a_lost_answer_is_found_and_nothing_is_published_twice() {
    for (kind, ends) in [
        ("drop_after_accept", "found"),
        ("garbage", "found"),
        ("drop_before", "absent"),
        ("hang", "absent"),
    ] {
        for lost in ["post:0", "post:1", "comment"] {
            let world = world().await;
            let account = world.account().await;
            let parts = || vec![part("One", vec![]), part("Two", vec![TestFile::pixel()])];
            let options = json!({ "firstComment": "Three" });
            // The same was published before, and is not taken for this.
            let request = post(&world, parts(), options);
            world.engine(&account).publish(&request).await.unwrap();
            world.clock.advance(std::time::Duration::from_mins(10));
            let mut engine = world.engine(&account);
            // The fault meets the publication that is meant.
            while let Some(step) = Threads.next_step(&request, &engine.done) {
                if step.name == lost {
                    world.fault(json!({ "kind": kind, "on": "publish" })).await;
                    break;
                }
                one_step(&world, &mut engine, &request).await;
            }
            engine.publish(&request).await.unwrap();
            let expected = [format!("{lost} unknown"), format!("{lost} {ends}")];
            assert!(
                expected.iter().all(|line| engine.log.contains(line)),
                "{kind} {lost}: {:?}",
                engine.log
            );
            let posts = world.posts().await;
            let accepted = world.accepted().await;
            assert_eq!((accepted, posts.len()), (6, 6), "{kind} {lost}");
            assert_eq!(posts[4]["inReplyTo"], posts[3]["id"], "{kind} {lost}");
            assert_eq!(posts[5]["inReplyTo"], posts[3]["id"], "{kind} {lost}");
        }
    }
}

#[tokio::test]
async fn slow_processing_is_waited_for() {
    let world = world().await;
    let account = world.account().await;
    let request = post(&world, vec![part("", vec![video()])], json!({}));
    world
        .fault(json!({ "kind": "slow_processing", "seconds": 300 }))
        .await;
    let mut engine = world.engine(&account);
    engine.publish(&request).await.unwrap();
    assert!(engine.log.len() > 15, "{:?}", engine.log);
    assert_eq!(world.accepted().await, 1);
}

#[tokio::test]
async fn a_prepared_post_expires_after_a_day() {
    let world = world().await;
    let account = world.account().await;
    let request = post(&world, vec![part("One", vec![])], json!({}));
    let mut engine = world.engine(&account);
    // The quota, and the container.
    for _ in 0..2 {
        one_step(&world, &mut engine, &request).await;
    }
    world.clock.advance(std::time::Duration::from_hours(25));
    let error = engine.publish(&request).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Refused);
    assert!(error.message.contains("24 hours"), "{error}");
}

#[tokio::test]
async fn the_daily_limit_is_met() {
    let world = world().await;
    let account = world.account().await;
    for number in 0..250 {
        let request = post(
            &world,
            vec![part(&format!("Post {number}"), vec![])],
            json!({}),
        );
        world.engine(&account).publish(&request).await.unwrap();
    }
    let request = post(&world, vec![part("One more", vec![])], json!({}));
    let mut engine = world.engine(&account);
    let error = engine.publish(&request).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::RateLimited);
    assert_eq!(error.retry_after, Some(limit::PAUSE));
    assert!(engine.done.is_empty(), "nothing is prepared in vain");
    assert_eq!(world.accepted().await, 250);
}

#[test]
fn every_error_of_a_container_has_a_sentence() {
    // troubleshooting, as it is spelled there.
    for message in [
        "FAILED_DOWNLOADING_VIDEO",
        "FAILED_PROCESSING_AUDIO",
        "FAILED_PROCESSING_VIDEO",
        "INVALID_ASPEC_RATIO",
        "INVALID_ASPECT_RATIO",
        "INVALID_BIT_RATE",
        "INVALID_DURATION",
        "INVALID_FRAME_RATE",
        "INVALID_AUDIO_CHANNELS",
        "INVALID_AUDIO_CHANNEL_LAYOUT",
    ] {
        let error = error::container_error(message);
        assert!(!error.message.contains('_'), "{message}: {error}");
    }
    let unknown = error::container_error("UNKNOWN");
    assert!(unknown.message.contains("UNKNOWN"), "{unknown}");
}
