//! Uploads that break off, and where they go on.

use std::time::Duration;

use serde_json::{Value, json};

use super::{Youtube, post, video, wide, world};
use crate::{
    connector::{Account, Connector, DoneStep, PublishRequest, StepAnswer, StepWork},
    error::NetworkError,
    testing::World,
};

/// More than two pieces.
const LARGE: usize = 40 * 1024 * 1024;

/// Runs the next step as a worker does that was just started.
async fn one_step(
    world: &World,
    account: &Account,
    request: &PublishRequest,
    done: &mut Vec<DoneStep>,
) -> Result<String, NetworkError> {
    let step = Youtube.next_step(request, done).unwrap();
    let work = StepWork {
        account,
        request,
        done,
        step: &step,
        first_sent_at: world.net.env.now(),
    };
    if let StepAnswer::Done(result) = Youtube.run_step(&world.net, work).await? {
        let name = step.name.clone();
        done.push(DoneStep { name, result });
    }
    Ok(step.name)
}

/// Bytes that arrived with pieces of the file.
async fn received(world: &World) -> u64 {
    let requests = world.requests().await;
    let pieces = requests.iter().filter(|one| {
        one["method"] == "PUT" && one["path"].as_str().unwrap().starts_with("/upload")
    });
    pieces.map(|one| one["bytes"].as_u64().unwrap()).sum()
}

#[tokio::test]
async fn a_large_file_goes_in_pieces() {
    let world = world().await;
    let account = world.account().await;
    let request = post(&world, "video", wide(LARGE), json!({}));
    world.published(&account, &request).await;
    let requests = world.requests().await;
    let ranges: Vec<String> = requests
        .iter()
        .filter(|one| one["method"] == "PUT" && one["bytes"].as_u64().unwrap() > 1_000_000)
        .map(|one| one["headers"]["content-range"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        ranges,
        [
            "bytes 0-16777215/41943040",
            "bytes 16777216-33554431/41943040",
            "bytes 33554432-41943039/41943040",
        ]
    );
    let posts = world.posts().await;
    assert_eq!(posts[0]["media"][0]["bytes"], LARGE);
}

#[tokio::test]
async fn an_upload_goes_on_where_it_broke_off() {
    let world = world().await;
    let account = world.account().await;
    let request = post(&world, "video", wide(LARGE), json!({}));
    let mut done = Vec::new();
    one_step(&world, &account, &request, &mut done)
        .await
        .unwrap();
    // The first piece arrives, its answer and with it the worker are lost.
    world
        .instance
        .faults(
            json!([{ "network": "youtube", "kind": "delay", "ms": 0, "method": "PUT" },
        { "network": "youtube", "kind": "drop_after_accept", "method": "PUT" }]),
        )
        .await;
    one_step(&world, &account, &request, &mut done)
        .await
        .unwrap_err();
    let arrived = received(&world).await;
    assert_eq!(arrived, 16 * 1024 * 1024);
    // Another process knows nothing but the journal.
    one_step(&world, &account, &request, &mut done)
        .await
        .unwrap();
    assert_eq!(received(&world).await, u64::try_from(LARGE).unwrap());
    let mut engine = world.engine(&account);
    engine.done = done;
    engine.publish(&request).await.unwrap();
    let posts = world.posts().await;
    let accepted = world.accepted().await;
    assert_eq!((posts.len(), accepted), (1, 1));
}

#[tokio::test]
async fn a_complete_upload_whose_answer_was_lost_is_not_repeated() {
    let world = world().await;
    let account = world.account().await;
    let request = video(&world, json!({}));
    let mut done = Vec::new();
    one_step(&world, &account, &request, &mut done)
        .await
        .unwrap();
    world
        .instance
        .faults(
            json!([{ "network": "youtube", "kind": "delay", "ms": 0, "method": "PUT" },
        { "network": "youtube", "kind": "drop_after_accept", "method": "PUT" }]),
        )
        .await;
    one_step(&world, &account, &request, &mut done)
        .await
        .unwrap_err();
    let sent = received(&world).await;
    one_step(&world, &account, &request, &mut done)
        .await
        .unwrap();
    assert_eq!(received(&world).await, sent);
    assert_eq!(videos(&world, &account).await, 1);
}

/// How many videos the channel has, private ones too.
async fn videos(world: &World, account: &Account) -> usize {
    let uploads = account.limits["uploads"].as_str().unwrap();
    let url =
        format!("youtube/youtube/v3/playlistItems?part=id&maxResults=50&playlistId={uploads}");
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
    answer["items"].as_array().unwrap().len()
}

#[tokio::test]
async fn an_expired_session_begins_anew_and_finds_what_was_complete() {
    let world = world().await;
    let account = world.account().await;
    let request = video(&world, json!({}));
    let mut done = Vec::new();
    one_step(&world, &account, &request, &mut done)
        .await
        .unwrap();
    world.clock.advance(Duration::from_hours(24 * 8));
    let account = world.renewed(&account).await;
    // Nothing had been sent: there is a second session.
    assert_eq!(
        one_step(&world, &account, &request, &mut done)
            .await
            .unwrap(),
        "media:0:0"
    );
    assert_eq!(
        one_step(&world, &account, &request, &mut done)
            .await
            .unwrap(),
        "session:0:1"
    );
    // All is sent, the answer is lost, and the worker sleeps until the session is gone.
    world
        .instance
        .faults(
            json!([{ "network": "youtube", "kind": "delay", "ms": 0, "method": "PUT" },
        { "network": "youtube", "kind": "drop_after_accept", "method": "PUT" }]),
        )
        .await;
    one_step(&world, &account, &request, &mut done)
        .await
        .unwrap_err();
    world.clock.advance(Duration::from_hours(24 * 8));
    let account = world.renewed(&account).await;
    assert_eq!(
        one_step(&world, &account, &request, &mut done)
            .await
            .unwrap(),
        "media:0:1"
    );
    assert_eq!(
        Youtube.next_step(&request, &done).unwrap().name,
        "ready:0:0"
    );
    assert_eq!(videos(&world, &account).await, 1);
}
