//! Publishing, with everything that can go wrong.

use std::time::Duration;

use serde_json::{Value, json};

use super::{World, world};
use crate::{
    connector::{Connector, DoneStep, Found, StepWork},
    error::{Certainty, ErrorKind},
    mastodon::Mastodon,
    testing::{Engine, Instance, TestClock, net, part, request},
};

fn on_post(kind: &str) -> Value {
    json!([{ "kind": kind, "method": "POST", "path": "/api/v1/statuses" }])
}

#[tokio::test]
async fn old_instances_work_too() {
    let world = world(|config| config.old = true).await;
    let (page, ..) = world.begin(None).await;
    assert!(!page.query().unwrap().contains("code_challenge"));
    let account = world.account().await;
    let mut engine = world.engine(&account);
    world.instance.faults(on_post("drop_after_accept")).await;
    let post = request(
        &world.net,
        vec![part("a <b> & https://c.example/d @eve@f.org", &[])],
    );
    engine.publish(&post).await.unwrap();
    assert_eq!(engine.log, ["post:0 unknown", "post:0 found"]);
    assert_eq!(world.instance.statuses().await.len(), 1);
}

#[tokio::test]
async fn publishes_a_thread_with_images_and_deletes_it() {
    let world = world(|_| {}).await;
    let account = world.account().await;
    let mut engine = world.engine(&account);
    let post = request(
        &world.net,
        vec![
            part("first #hello", &["one", "two"]),
            part("second", &[]),
            part("third", &["three"]),
        ],
    );
    engine.publish(&post).await.unwrap();
    let names: Vec<_> = engine.done.iter().map(|step| step.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "media:0:0",
            "media:0:1",
            "media:2:0",
            "post:0",
            "post:1",
            "post:2"
        ]
    );
    let statuses = world.instance.statuses().await;
    let texts: Vec<_> = statuses
        .iter()
        .map(|status| status["text"].as_str().unwrap())
        .collect();
    assert_eq!(texts, ["first #hello", "second", "third"]);
    assert_eq!(statuses[0]["in_reply_to_id"], Value::Null);
    assert_eq!(statuses[1]["in_reply_to_id"], statuses[0]["id"]);
    assert_eq!(statuses[2]["in_reply_to_id"], statuses[1]["id"]);
    let images = statuses[0]["media_attachments"].as_array().unwrap();
    assert_eq!(
        [&images[0]["description"], &images[1]["description"]],
        ["one", "two"]
    );

    let published = Mastodon.published(&world.net, &account, &post, &engine.done);
    assert_eq!(
        published.platform_post_id,
        statuses[0]["id"].as_str().unwrap()
    );
    let page = reqwest::get(published.url.unwrap())
        .await
        .unwrap()
        .text()
        .await
        .unwrap();
    assert!(
        page.contains("first") && page.contains("third") && page.contains("alt=\"two\""),
        "{page}"
    );

    Mastodon
        .delete(&world.net, &account, &engine.done)
        .await
        .unwrap();
    assert_eq!(world.instance.statuses().await.len(), 0);
    Mastodon
        .delete(&world.net, &account, &engine.done)
        .await
        .unwrap();
}

#[tokio::test]
async fn waits_for_an_image_that_takes_its_time() {
    let world = world(|config| config.media_polls = 3).await;
    let account = world.account().await;
    let mut engine = world.engine(&account);
    let post = request(&world.net, vec![part("slow", &["alt"])]);
    engine.publish(&post).await.unwrap();
    assert_eq!(engine.log, ["ready:0:0 pending"; 3]);
    let names: Vec<_> = engine.done.iter().map(|step| step.name.as_str()).collect();
    assert_eq!(names, ["media:0:0", "ready:0:0", "post:0"]);
    assert_eq!(world.instance.statuses().await.len(), 1);
}

#[tokio::test]
async fn a_lost_answer_is_found_and_never_repeated() {
    for fault in ["drop_after_accept", "garbage"] {
        let world = world(|_| {}).await;
        let account = world.account().await;
        let mut engine = world.engine(&account);
        // A thread of equal parts, with and without files: each must be told from the others.
        let post = request(
            &world.net,
            vec![part("same", &[]), part("same", &[]), part("same", &["x"])],
        );
        for _ in 0..3 {
            world.instance.faults(on_post(fault)).await;
        }
        engine.publish(&post).await.unwrap();
        let found = [
            "post:0 unknown",
            "post:0 found",
            "post:1 unknown",
            "post:1 found",
            "post:2 unknown",
            "post:2 found",
        ];
        assert_eq!(engine.log, found, "{fault}");
        assert_eq!(world.instance.statuses().await.len(), 3, "{fault}");
        let published = Mastodon.published(&world.net, &account, &post, &engine.done);
        assert!(published.url.is_some(), "{fault}");
    }
}

#[tokio::test]
async fn what_never_happened_is_absent_and_is_sent_again() {
    let faults = [
        on_post("drop_before"),
        on_post("hang"),
        json!([{ "kind": "status", "status": 500, "method": "POST", "path": "/api/v1/statuses" }]),
        json!([{ "kind": "status", "status": 503, "method": "POST", "path": "/api/v1/statuses" }]),
    ];
    for fault in faults {
        let world = world(|_| {}).await;
        let account = world.account().await;
        let mut engine = world.engine(&account);
        // The same words, published a while ago, are another post.
        engine
            .publish(&request(&world.net, vec![part("hello", &[])]))
            .await
            .unwrap();
        world.clock.advance(Duration::from_mins(1));
        world.instance.faults(fault.clone()).await;
        engine.done.clear();
        engine
            .publish(&request(&world.net, vec![part("hello", &[])]))
            .await
            .unwrap();
        assert_eq!(engine.log, ["post:0 unknown", "post:0 absent"], "{fault}");
        assert_eq!(world.instance.statuses().await.len(), 2, "{fault}");
    }
}

#[tokio::test]
async fn an_absent_post_is_not_believed_at_once() {
    let world = world(|_| {}).await;
    let account = world.account().await;
    let post = request(&world.net, vec![part("hello", &[])]);
    let step = Mastodon.next_step(&post, &[]).unwrap();
    let first_sent_at = world.net.env.now();
    let work = StepWork {
        account: &account,
        request: &post,
        done: &[],
        step: &step,
        first_sent_at,
    };
    let early = Mastodon.find_step(&world.net, work).await.unwrap_err();
    assert_eq!(early.kind, ErrorKind::Temporary);
    world.clock.advance(early.retry_after.unwrap());
    assert_eq!(
        Mastodon.find_step(&world.net, work).await,
        Ok(Found::Absent)
    );
}

#[tokio::test]
async fn a_server_with_a_wrong_clock_is_understood() {
    for wrong_by in [-3_600_000_000i64, 3_600_000_000] {
        let clock = TestClock::default();
        let server_clock = TestClock::default();
        server_clock.shift(wrong_by);
        let instance = Instance::start(sandbox::Config::new(server_clock.env())).await;
        let world = World {
            net: net(&clock),
            instance,
            clock,
        };
        let account = world.account().await;
        let mut engine = world.engine(&account);
        world.instance.faults(on_post("drop_after_accept")).await;
        engine
            .publish(&request(&world.net, vec![part("hello", &[])]))
            .await
            .unwrap();
        assert_eq!(engine.log, ["post:0 unknown", "post:0 found"], "{wrong_by}");
    }
}

#[tokio::test]
async fn a_repetition_with_the_same_key_makes_no_second_post() {
    let world = world(|_| {}).await;
    let account = world.account().await;
    let post = request(&world.net, vec![part("hello", &[])]);
    let mut engine = world.engine(&account);
    engine.publish(&post).await.unwrap();
    engine.done.clear();
    engine.publish(&post).await.unwrap();
    assert_eq!(world.instance.statuses().await.len(), 1);
}

#[tokio::test]
async fn a_file_that_the_server_forgot_is_sent_again() {
    let world = world(|_| {}).await;
    let account = world.account().await;
    let mut engine = world.engine(&account);
    engine.done.push(DoneStep {
        name: "media:0:0".to_owned(),
        result: json!({ "id": "1", "ready": true }),
    });
    engine
        .publish(&request(&world.net, vec![part("late", &["alt"])]))
        .await
        .unwrap();
    let statuses = world.instance.statuses().await;
    assert_eq!(statuses[0]["media_attachments"][0]["description"], "alt");
}

#[tokio::test]
async fn refusals_say_what_to_do() {
    let world = world(|_| {}).await;
    let account = world.account().await;
    let mut engine = world.engine(&account);
    let post = request(&world.net, vec![part("hello", &[])]);

    world.instance.faults(json!([{ "kind": "status", "status": 429, "reset_seconds": 120, "path": "/api/v1/statuses" }])).await;
    let limited = engine.publish(&post).await.unwrap_err();
    assert_eq!(
        (limited.kind, limited.certainty),
        (ErrorKind::RateLimited, Certainty::Refused)
    );
    let wait = limited.retry_after.unwrap().as_secs();
    assert!((115..=120).contains(&wait), "{wait}");

    let long = request(&world.net, vec![part(&"a".repeat(501), &[])]);
    let refused = engine.publish(&long).await.unwrap_err();
    assert_eq!(
        (refused.kind, refused.certainty),
        (ErrorKind::Refused, Certainty::Refused)
    );
    assert!(
        refused.message.contains("character limit of 500"),
        "{refused}"
    );

    world
        .instance
        .faults(json!([{ "kind": "redirect", "location": "http://127.0.0.1:1/" }]))
        .await;
    assert_eq!(
        engine.publish(&post).await.unwrap_err().kind,
        ErrorKind::Refused
    );

    world.instance.faults(on_post("revoke_token")).await;
    let revoked = engine.publish(&post).await.unwrap_err();
    assert_eq!(
        (revoked.kind, revoked.certainty),
        (ErrorKind::Reconnect, Certainty::Refused)
    );
    assert_eq!(
        Mastodon
            .refresh(&world.net, &account)
            .await
            .unwrap_err()
            .kind,
        ErrorKind::Reconnect
    );
    assert_eq!(world.instance.statuses().await.len(), 0);

    drop(world.instance);
    tokio::time::sleep(Duration::from_millis(50)).await;
    let gone = Engine::new(&Mastodon, &world.net, &world.clock, &account)
        .publish(&post)
        .await;
    let gone = gone.unwrap_err();
    assert_eq!(
        (gone.kind, gone.certainty),
        (ErrorKind::Temporary, Certainty::NotSent),
        "{gone}"
    );
}
