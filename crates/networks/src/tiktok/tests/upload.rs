//! Uploads in pieces: how files are cut, and where a broken upload goes on.

use std::time::Duration;

use serde_json::{Value, json};

use super::{super::upload::Plan, Tiktok, post, world};
use crate::{
    connector::{Account, Connector, DoneStep, PublishRequest, StepAnswer, StepWork},
    error::NetworkError,
    testing::{TestFile, World},
};

async fn one_step(
    world: &World,
    account: &Account,
    request: &PublishRequest,
    done: &mut Vec<DoneStep>,
) -> Result<String, NetworkError> {
    let step = Tiktok.next_step(request, done).unwrap();
    let work = StepWork {
        account,
        request,
        done,
        step: &step,
        first_sent_at: world.net.env.now(),
    };
    if let StepAnswer::Done(result) = Tiktok.run_step(&world.net, work).await? {
        let name = step.name.clone();
        done.push(DoneStep { name, result });
    }
    Ok(step.name)
}

/// The example of /doc/content-posting-api-media-transfer-guide: 50,000,123 bytes in pieces of
/// 10,000,000 are five, and the last one has 10,000,123.
#[test]
fn files_are_cut_as_the_documentation_says() {
    let plan = Plan::of(50_000_123);
    assert_eq!(
        plan,
        Plan {
            bytes: 50_000_123,
            chunk: 10_000_000,
            count: 5
        }
    );
    assert_eq!(plan.last(), 40_000_000);
    for bytes in [
        1,
        4_999_999,
        5_000_000,
        9_999_999,
        10_000_000,
        19_999_999,
        64_000_001,
        4_000_000_000,
    ] {
        let plan = Plan::of(bytes);
        let last = bytes - plan.last();
        assert_eq!(plan.count, bytes / plan.chunk, "{bytes}");
        assert!(
            (1..=1_000).contains(&plan.count) && last < 128_000_000,
            "{bytes}"
        );
        assert!(
            bytes < 5_000_000 && plan.chunk == bytes || plan.chunk >= 5_000_000,
            "{bytes}"
        );
    }
}

async fn ranges(world: &World) -> Vec<String> {
    let pieces = world.requests_to("/video").await;
    let range = |one: &Value| one["headers"]["content-range"].as_str().unwrap().to_owned();
    pieces.iter().map(range).collect()
}

#[tokio::test]
async fn a_large_file_goes_in_pieces_and_the_last_one_publishes_it() {
    let world = world().await;
    let account = world.account().await;
    let request = post(&world, "video", vec![TestFile::mp4(25_000_000)], json!({}));
    let mut done = Vec::new();
    for expected in ["session:0:0", "media:0:0"] {
        assert_eq!(
            one_step(&world, &account, &request, &mut done)
                .await
                .unwrap(),
            expected
        );
    }
    assert_eq!(ranges(&world).await, ["bytes 0-9999999/25000000"]);
    assert_eq!(world.accepted().await, 0);
    let step = Tiktok.next_step(&request, &done).unwrap();
    assert!(step.public && step.name == "post:0");
    let mut engine = world.engine(&account);
    engine.done = done;
    engine.publish(&request).await.unwrap();
    assert_eq!(ranges(&world).await[1], "bytes 10000000-24999999/25000000");
    let posts = world.posts().await;
    let accepted = world.accepted().await;
    assert_eq!((posts.len(), accepted), (1, 1));
    assert_eq!(posts[0]["media"][0]["bytes"], 25_000_000);
}

#[tokio::test]
async fn an_upload_goes_on_where_it_broke_off() {
    let world = world().await;
    let account = world.account().await;
    let request = post(&world, "video", vec![TestFile::mp4(35_000_000)], json!({}));
    let mut done = Vec::new();
    one_step(&world, &account, &request, &mut done)
        .await
        .unwrap();
    // The first piece arrives; its answer, and the worker with it, are lost.
    let lost = json!([{ "network": "tiktok", "kind": "drop_after_accept", "method": "PUT" }]);
    world.instance.faults(lost).await;
    one_step(&world, &account, &request, &mut done)
        .await
        .unwrap_err();
    one_step(&world, &account, &request, &mut done)
        .await
        .unwrap();
    assert_eq!(
        ranges(&world).await,
        [
            "bytes 0-9999999/35000000",
            "bytes 10000000-19999999/35000000"
        ]
    );
    let mut engine = world.engine(&account);
    engine.done = done;
    engine.publish(&request).await.unwrap();
    assert_eq!(world.accepted().await, 1);
}

#[tokio::test]
async fn an_expired_address_begins_anew() {
    let world = world().await;
    let account = world.account().await;
    let request = post(&world, "video", vec![TestFile::mp4(25_000_000)], json!({}));
    let mut done = Vec::new();
    one_step(&world, &account, &request, &mut done)
        .await
        .unwrap();
    one_step(&world, &account, &request, &mut done)
        .await
        .unwrap();
    world.clock.advance(Duration::from_mins(61));
    assert_eq!(
        one_step(&world, &account, &request, &mut done)
            .await
            .unwrap(),
        "post:0"
    );
    assert_eq!(
        Tiktok.next_step(&request, &done).unwrap().name,
        "session:0:1"
    );
    assert_eq!(world.accepted().await, 0);
    let mut engine = world.engine(&account);
    engine.done = done;
    engine.publish(&request).await.unwrap();
    let posts = world.posts().await;
    let accepted = world.accepted().await;
    assert_eq!((posts.len(), accepted), (1, 1));
}
