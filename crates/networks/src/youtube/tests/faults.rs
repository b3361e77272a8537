//! Every fault of the sandbox's panel: the right kind, the right sentence, nothing twice.

use serde_json::{Value, json};

use super::{Youtube, video, world};
use crate::{
    connector::{Account, Connector},
    error::{Certainty, ErrorKind, NetworkError},
    testing::World,
};

/// Publishes a video while a fault waits.
async fn meet(fault: Value) -> (World, Account, Result<(), NetworkError>, Vec<String>) {
    let world = world().await;
    let account = world.account().await;
    let request = video(&world, json!({ "firstComment": "Which roast is yours?" }));
    world.fault(fault).await;
    let mut engine = world.engine(&account);
    let result = engine.publish(&request).await;
    let log = engine.log.clone();
    (world, account, result, log)
}

#[tokio::test]
async fn a_lost_answer_to_the_release_is_found() {
    for kind in ["drop_after_accept", "garbage"] {
        let (world, _, result, log) = meet(json!({
            "network": "youtube", "kind": kind, "method": "PUT", "path": "/youtube/v3/videos",
        }))
        .await;
        result.unwrap();
        assert!(log.contains(&"post:0 found".to_owned()), "{kind}: {log:?}");
        let posts = world.posts().await;
        let accepted = world.accepted().await;
        assert_eq!((posts.len(), accepted), (1, 1));
    }
}

#[tokio::test]
async fn a_release_that_did_not_arrive_is_repeated() {
    for kind in ["drop_before", "hang"] {
        let (world, _, result, log) = meet(json!({
            "network": "youtube", "kind": kind, "method": "PUT", "path": "/youtube/v3/videos",
        }))
        .await;
        result.unwrap();
        assert!(log.contains(&"post:0 absent".to_owned()), "{kind}: {log:?}");
        let posts = world.posts().await;
        let accepted = world.accepted().await;
        assert_eq!((posts.len(), accepted), (1, 1));
    }
}

#[tokio::test]
async fn a_lost_comment_is_found_and_not_written_twice() {
    let (world, account, result, log) = meet(json!({
        "network": "youtube", "kind": "drop_after_accept", "path": "/youtube/v3/commentThreads",
    }))
    .await;
    result.unwrap();
    assert!(log.contains(&"comment found".to_owned()), "{log:?}");
    let own = own_comments(&world, &account).await;
    assert_eq!(own, 1);
}

#[tokio::test]
async fn a_comment_that_did_not_arrive_is_written() {
    let (world, account, result, log) = meet(json!({
        "network": "youtube", "kind": "drop_before", "path": "/youtube/v3/commentThreads",
    }))
    .await;
    result.unwrap();
    assert!(log.contains(&"comment absent".to_owned()), "{log:?}");
    assert_eq!(own_comments(&world, &account).await, 1);
}

async fn own_comments(world: &World, account: &Account) -> usize {
    let posts = world.posts().await;
    let id = posts[0]["id"].as_str().unwrap();
    let url = format!("youtube/youtube/v3/commentThreads?part=snippet&videoId={id}");
    let secret = super::super::auth::secret(account).unwrap();
    let answer: Value = reqwest::Client::new()
        .get(world.instance.url.join(&url).unwrap())
        .bearer_auth(secrecy::ExposeSecret::expose_secret(&secret.access_token))
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let own = |thread: &&Value| {
        let author = &thread["snippet"]["topLevelComment"]["snippet"]["authorChannelId"]["value"];
        author == account.platform_account_id.as_str()
    };
    answer["items"]
        .as_array()
        .unwrap()
        .iter()
        .filter(own)
        .count()
}

#[tokio::test]
async fn refusals_have_their_kinds_and_sentences() {
    let cases = [
        (
            json!({ "kind": "status", "status": 503, "on": "upload" }),
            ErrorKind::Temporary,
            "problem of its own",
        ),
        (
            json!({ "kind": "status", "status": 500, "path": "/upload" }),
            ErrorKind::Temporary,
            "problem of its own",
        ),
        (
            json!({ "kind": "status", "status": 429, "reset_seconds": 90, "on": "publish" }),
            ErrorKind::RateLimited,
            "no more requests",
        ),
        (
            json!({ "kind": "expire_token", "on": "upload" }),
            ErrorKind::TokenExpired,
            "expired",
        ),
        (
            json!({ "kind": "revoke_token", "on": "upload" }),
            ErrorKind::TokenExpired,
            "expired",
        ),
        (
            json!({ "kind": "permission_missing", "on": "publish" }),
            ErrorKind::Reconnect,
            "every box ticked",
        ),
        (
            json!({ "kind": "media_rejected" }),
            ErrorKind::Refused,
            "did not take the video",
        ),
        (
            json!({ "kind": "duplicate_content" }),
            ErrorKind::Refused,
            "already exists",
        ),
        (
            json!({ "kind": "hang", "on": "upload" }),
            ErrorKind::Temporary,
            "in time",
        ),
        (
            json!({ "kind": "drop_before", "on": "upload" }),
            ErrorKind::Temporary,
            "broke",
        ),
        (
            json!({ "kind": "garbage", "on": "upload", "method": "PUT" }),
            ErrorKind::Temporary,
            "does not understand",
        ),
        (
            json!({ "kind": "flood", "on": "upload", "method": "PUT" }),
            ErrorKind::Temporary,
            "larger answer",
        ),
        (
            json!({ "kind": "redirect", "location": "https://elsewhere.example", "on": "upload" }),
            ErrorKind::Temporary,
            "problem of its own",
        ),
    ];
    for (mut fault, kind, words) in cases {
        fault["network"] = json!("youtube");
        let (world, _, result, log) = meet(fault.clone()).await;
        let error = result.unwrap_err();
        assert_eq!(error.kind, kind, "{fault}: {error}");
        assert!(error.message.contains(words), "{fault}: {error}");
        assert_eq!(world.accepted().await, 0, "{fault}: {log:?}");
        if kind == ErrorKind::RateLimited {
            assert_eq!(
                error.retry_after.unwrap().as_secs().div_ceil(10),
                9,
                "{error}"
            );
            assert_eq!(error.certainty, Certainty::Refused);
        }
    }
}

#[tokio::test]
async fn slow_processing_is_waited_for() {
    let (world, _, result, log) = meet(json!({
        "network": "youtube", "kind": "slow_processing", "seconds": 120,
    }))
    .await;
    result.unwrap();
    assert!(
        log.iter()
            .filter(|line| *line == "ready:0:0 pending")
            .count()
            >= 8,
        "{log:?}"
    );
    assert_eq!(world.posts().await.len(), 1);
}

#[tokio::test]
async fn a_used_up_quota_waits_for_midnight_in_california() {
    let world = world().await;
    let account = world.account().await;
    // A list costs one unit, a change 50.
    let url = world
        .instance
        .url
        .join("youtube/youtube/v3/playlists?part=snippet")
        .unwrap();
    let secret = super::super::auth::secret(&account).unwrap();
    let client = reqwest::Client::new();
    for _ in 0..200 {
        let request = client
            .post(url.clone())
            .json(&json!({ "snippet": { "title": "x" } }));
        let token = secrecy::ExposeSecret::expose_secret(&secret.access_token);
        request.bearer_auth(token).send().await.unwrap();
    }
    // What is left is not enough for another change, but for some lists.
    let mut looks = 0;
    let error = loop {
        looks += 1;
        assert!(looks < 60, "the quota never ends");
        if let Err(error) = Youtube.standing(&world.net, &account).await {
            break error;
        }
    };
    assert_eq!(error.kind, ErrorKind::RateLimited);
    assert!(error.message.contains("daily quota"), "{error}");
    let wait = error.retry_after.unwrap().as_secs();
    assert!(wait > 0 && wait <= 25 * 3_600, "{wait}");
}
