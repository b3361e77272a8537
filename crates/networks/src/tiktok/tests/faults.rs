//! Every fault of the sandbox's panel: the right kind, the right sentence, nothing twice.

use serde_json::{Value, json};

use super::{Tiktok, post, video, world};
use crate::{
    connector::{Account, Connector, DoneStep, Found, StepWork},
    error::{Certainty, ErrorKind, NetworkError},
    testing::{TestFile, World},
};

/// Publishes a video while a fault waits.
async fn meet(fault: Value) -> (World, Result<(), NetworkError>, Vec<String>) {
    let world = world().await;
    let account = world.account().await;
    let request = video(&world, json!({}));
    world.fault(fault).await;
    let mut engine = world.engine(&account);
    let result = engine.publish(&request).await;
    let log = engine.log.clone();
    (world, result, log)
}

#[tokio::test]
async fn a_lost_answer_to_the_last_piece_is_found() {
    let fault = json!({ "network": "tiktok", "kind": "drop_after_accept", "on": "upload" });
    let (world, result, log) = meet(fault).await;
    result.unwrap();
    assert!(log.contains(&"post:0 found".to_owned()), "{log:?}");
    let posts = world.posts().await;
    let accepted = world.accepted().await;
    assert_eq!((posts.len(), accepted), (1, 1));
}

#[tokio::test]
async fn a_last_piece_that_did_not_arrive_is_sent_again() {
    let fault = json!({ "network": "tiktok", "kind": "drop_before", "method": "PUT" });
    let (world, result, log) = meet(fault).await;
    result.unwrap();
    assert!(log.contains(&"post:0 absent".to_owned()), "{log:?}");
    assert_eq!(world.accepted().await, 1);
}

#[tokio::test]
async fn a_lost_answer_to_photos_is_found_among_public_posts_or_left_to_a_person() {
    let world = world().await;
    let account = world.account().await;
    let request = post(&world, "photo", vec![TestFile::jpeg()], json!({}));
    let lost = json!([{ "network": "tiktok", "kind": "drop_after_accept", "on": "publish" }]);
    world.instance.faults(lost).await;
    let done: Vec<DoneStep> = Vec::new();
    let step = Tiktok.next_step(&request, &done).unwrap();
    let work = StepWork {
        account: &account,
        request: &request,
        done: &done,
        step: &step,
        first_sent_at: world.net.env.now(),
    };
    let error = Tiktok.run_step(&world.net, work).await.unwrap_err();
    assert_eq!(error.certainty, Certainty::Unknown);
    // TikTok still looks at it, so nobody can tell.
    let found = Tiktok.find_step(&world.net, work).await.unwrap();
    assert!(
        matches!(&found, Found::CannotTell(why) if why.contains("TikTok app")),
        "{found:?}"
    );
    world.clock.advance(std::time::Duration::from_mins(2));
    let found = Tiktok.find_step(&world.net, work).await.unwrap();
    assert!(matches!(found, Found::Present(_)), "{found:?}");
    let mut engine = world.engine(&account);
    if let Found::Present(result) = found {
        engine.done.push(DoneStep {
            name: step.name.clone(),
            result,
        });
    }
    engine.publish(&request).await.unwrap();
    let published = Tiktok.published(&world.net, &account, &request, &engine.done);
    assert!(published.url.is_some());
    assert_eq!(world.accepted().await, 1);
}

#[tokio::test]
async fn a_private_post_whose_answer_was_lost_is_left_to_a_person() {
    let world = world().await;
    let account: Account = world.account().await;
    let request = post(
        &world,
        "photo",
        vec![TestFile::jpeg()],
        json!({ "privacy": "SELF_ONLY" }),
    );
    let step = Tiktok.next_step(&request, &[]).unwrap();
    let work = StepWork {
        account: &account,
        request: &request,
        done: &[],
        step: &step,
        first_sent_at: world.net.env.now(),
    };
    let found = Tiktok.find_step(&world.net, work).await.unwrap();
    assert!(matches!(found, Found::CannotTell(_)));
}

#[tokio::test]
async fn refusals_have_their_kinds_and_sentences() {
    let cases = [
        (
            json!({ "kind": "status", "status": 503, "on": "publish" }),
            ErrorKind::Temporary,
            "problem of its own",
        ),
        (
            json!({ "kind": "status", "status": 429, "on": "publish" }),
            ErrorKind::RateLimited,
            "no more requests",
        ),
        (
            json!({ "kind": "expire_token", "on": "publish" }),
            ErrorKind::TokenExpired,
            "expired",
        ),
        (
            json!({ "kind": "revoke_token", "on": "publish" }),
            ErrorKind::TokenExpired,
            "expired",
        ),
        (
            json!({ "kind": "permission_missing", "on": "publish" }),
            ErrorKind::Reconnect,
            "every permission ticked",
        ),
        (
            json!({ "kind": "duplicate_content" }),
            ErrorKind::Refused,
            "spam",
        ),
        (
            json!({ "kind": "media_rejected" }),
            ErrorKind::Refused,
            "can't read the file",
        ),
        (
            json!({ "kind": "hang", "on": "publish" }),
            ErrorKind::Temporary,
            "in time",
        ),
        (
            json!({ "kind": "drop_before", "on": "publish" }),
            ErrorKind::Temporary,
            "broke",
        ),
        (
            json!({ "kind": "garbage", "on": "publish" }),
            ErrorKind::Temporary,
            "problem of its own",
        ),
        (
            json!({ "kind": "flood", "on": "publish" }),
            ErrorKind::Temporary,
            "larger answer",
        ),
    ];
    for (mut fault, kind, words) in cases {
        fault["network"] = json!("tiktok");
        let (world, result, log) = meet(fault.clone()).await;
        let error = result.unwrap_err();
        assert_eq!(error.kind, kind, "{fault}: {error}");
        assert!(error.message.contains(words), "{fault}: {error}");
        assert_eq!(world.posts().await.len(), 0, "{fault}: {log:?}");
        if kind == ErrorKind::RateLimited {
            assert!(error.retry_after.is_some(), "{error}");
        }
    }
}

#[tokio::test]
async fn slow_processing_is_waited_for() {
    let (world, result, log) = meet(json!({
        "network": "tiktok", "kind": "slow_processing", "seconds": 100,
    }))
    .await;
    result.unwrap();
    assert!(
        log.iter().filter(|line| *line == "live:0 pending").count() >= 10,
        "{log:?}"
    );
    assert_eq!(world.posts().await.len(), 1);
}

#[tokio::test]
async fn six_posts_a_minute_and_fifteen_a_day_are_taken() {
    let world = world().await;
    let account = world.account().await;
    let mut told = Vec::new();
    for _ in 0..17 {
        let mut engine = world.engine(&account);
        if let Err(error) = engine
            .publish(&video(&world, json!({ "privacy": "SELF_ONLY" })))
            .await
        {
            assert_eq!(error.kind, ErrorKind::RateLimited);
            told.push(error.message);
        }
        world.clock.advance(std::time::Duration::from_secs(15));
    }
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(told[0].contains("in a day"), "{told:?}");
}
