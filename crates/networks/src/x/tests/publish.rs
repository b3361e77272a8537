//! Publishing every format, through every fault.

use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};

use super::world;
use crate::{
    connector::{Account, Connector, OutgoingPart, PublishRequest, StepAnswer, StepWork},
    error::{Certainty, ErrorKind, NetworkError},
    testing::{TestFile, World, part, request, request_as},
    x::X,
};

fn film(bytes: usize) -> TestFile {
    TestFile::new("video/mp4", Bytes::from(vec![7; bytes]))
}

fn with(text: &str, file: TestFile) -> OutgoingPart {
    OutgoingPart {
        text: text.to_owned(),
        media: vec![file.attach("A film about nothing")],
    }
}

async fn publish(
    world: &World,
    account: &Account,
    request: &PublishRequest,
) -> Result<Vec<String>, NetworkError> {
    let mut engine = world.engine(account);
    engine.publish(request).await?;
    assert_eq!(X.next_step(request, &engine.done), None);
    Ok(engine.log)
}

#[tokio::test]
async fn publishes_a_thread_and_takes_it_down() {
    let world = world().await;
    let account = world.account().await;
    let parts = vec![
        part(
            "First, with a link: https://example.org/long/way & <more>",
            &[],
        ),
        part("Second", &["", "A red pixel"]),
        part("Third", &[]),
    ];
    let options = json!({ "firstComment": "And one more thing", "replySettings": "verified" });
    let request = request_as(&world.net, "post", parts, options);
    let mut engine = world.engine(&account);
    engine.publish(&request).await.unwrap();
    let posts = world.posts().await;
    assert_eq!(posts.len(), 4);
    assert_eq!(posts[0]["details"][0][1], "verified");
    for (index, before) in [(1, 0), (2, 1), (3, 0)] {
        assert_eq!(posts[index]["inReplyTo"], posts[before]["id"]);
    }
    assert_eq!(posts[3]["text"], "And one more thing");
    assert_eq!(posts[1]["media"][1]["alt"], "A red pixel");
    let published = X.published(&world.net, &account, &request, &engine.done);
    assert_eq!(published.platform_post_id, posts[0]["id"]);
    let page = published.url.unwrap();
    assert!(page.path().contains("/mara/status/"), "{page}");
    // The page is there.
    assert!(reqwest::get(page).await.unwrap().status().is_success());

    let live = X
        .read_back(&world.net, &account, &engine.done)
        .await
        .unwrap();
    let live = live.unwrap();
    assert_eq!(live.text.unwrap(), request.parts[0].text);
    assert!(live.published_at.is_some());

    X.delete(&world.net, &account, &engine.done).await.unwrap();
    assert_eq!(world.posts().await, Vec::<Value>::new());
    X.delete(&world.net, &account, &engine.done).await.unwrap();
    let gone = X
        .read_back(&world.net, &account, &engine.done)
        .await
        .unwrap();
    assert_eq!(gone, None);
}

#[tokio::test]
async fn sends_the_bodies_of_the_documentation() {
    let world = world().await;
    let account = world.account().await;
    let poll = json!({ "poll": { "choices": ["Red", "Blue"], "minutes": 1_440 },
        "madeWithAi": true, "paidPartnership": true });
    let first = request_as(&world.net, "post", vec![part("Which?", &[])], poll);
    publish(&world, &account, &first).await.unwrap();
    let id = world.posts().await[0]["id"].as_str().unwrap().to_owned();
    let page = format!("https://x.com/mara/status/{id}?s=20");
    for (option, text) in [("quote", "Look"), ("replyTo", "Indeed")] {
        let options = json!({ option: page });
        let request = request_as(&world.net, "post", vec![part(text, &[])], options);
        publish(&world, &account, &request).await.unwrap();
    }
    let four = request(&world.net, vec![part("Four", &["", "", "", ""])]);
    publish(&world, &account, &four).await.unwrap();
    let bodies = world.bodies("/2/tweets").await;
    assert_eq!(
        bodies[..3],
        [
            json!({ "text": "Which?", "made_with_ai": true, "paid_partnership": true,
                "poll": { "options": ["Red", "Blue"], "duration_minutes": 1_440 } }),
            json!({ "text": "Look", "quote_tweet_id": id }),
            json!({ "text": "Indeed", "reply": { "in_reply_to_tweet_id": id } }),
        ]
    );
    assert_eq!(bodies[3]["media"]["media_ids"].as_array().unwrap().len(), 4);
    let posts = world.posts().await;
    assert_eq!(posts[0]["poll"], json!(["Red", "Blue"]));
    assert_eq!(posts[1]["quotes"], json!(id));
    assert_eq!(posts[3]["media"].as_array().unwrap().len(), 4);
}

#[tokio::test]
async fn a_video_goes_up_in_pieces_and_is_waited_for() {
    let world = world().await;
    let account = world.account().await;
    let size = (9 << 20) + 17;
    let request = request(&world.net, vec![with("Watch this", film(size))]);
    let log = publish(&world, &account, &request).await.unwrap();
    assert!(
        log.iter().all(|line| line == "ready:0:0 pending"),
        "{log:?}"
    );
    assert!(!log.is_empty());
    let posts = world.posts().await;
    assert_eq!(posts[0]["media"][0]["bytes"], json!(size));
    assert_eq!(posts[0]["media"][0]["alt"], "A film about nothing");
    let begun = world.bodies("/2/media/upload/initialize").await;
    assert_eq!(
        begun,
        [
            json!({ "media_type": "video/mp4", "total_bytes": size, "media_category": "tweet_video" })
        ]
    );
}

#[tokio::test]
async fn an_upload_that_breaks_off_goes_on_where_it_was() {
    let world = world().await;
    let account = world.account().await;
    let request = request(&world.net, vec![with("Watch this", film(9 << 20))]);
    let mut engine = world.engine(&account);
    let fault = json!({ "kind": "drop_before", "path": "/2/media/upload/*/append" });
    world.fault(fault.clone()).await;
    let error = engine.publish(&request).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Temporary, "{error}");
    // One piece came and its answer did not: it is sent again, which does no harm.
    world
        .fault(json!({ "kind": "drop_after_accept", "path": "/2/media/upload/*/append" }))
        .await;
    engine.publish(&request).await.unwrap_err();
    engine.publish(&request).await.unwrap();
    assert_eq!(world.bodies("/2/media/upload/initialize").await.len(), 1);
    assert_eq!(world.posts().await[0]["media"][0]["bytes"], json!(9 << 20));
}

#[tokio::test]
async fn a_gif_is_processed_like_a_video() {
    let world = world().await;
    let account = world.account().await;
    let gif = TestFile::new("image/gif", Bytes::from_static(b"GIF89a and so on"));
    let request = request(&world.net, vec![with("Wiggle", gif)]);
    publish(&world, &account, &request).await.unwrap();
    let begun = world.bodies("/2/media/upload/initialize").await;
    assert_eq!(begun[0]["media_category"], "tweet_gif");
}

#[tokio::test]
async fn a_lost_answer_is_looked_for() {
    let world = world().await;
    let account = world.account().await;
    for (text, alt_texts, options) in [
        ("Plain", &[][..], json!({})),
        (
            "A link https://example.org/?a=1&b=2 and example.com",
            &[],
            json!({}),
        ),
        ("With a picture", &["red"], json!({})),
        ("5 < 6 & 7 > 6", &[], json!({})),
        ("", &["Only a picture"], json!({})),
    ] {
        for (fault, expected) in [
            ("drop_after_accept", ["post:0 unknown", "post:0 found"]),
            ("garbage", ["post:0 unknown", "post:0 found"]),
            ("drop_before", ["post:0 unknown", "post:0 absent"]),
        ] {
            let text = if text.is_empty() {
                String::new()
            } else {
                format!("{text} {fault}")
            };
            let before = world.posts().await.len();
            let request = request_as(
                &world.net,
                "post",
                vec![part(&text, alt_texts)],
                options.clone(),
            );
            let fault = json!({ "kind": fault, "on": "publish" });
            world.fault(fault.clone()).await;
            let log = publish(&world, &account, &request).await.unwrap();
            assert_eq!(log, expected, "{text} {fault}");
            assert_eq!(world.posts().await.len(), before + 1, "{text} {fault}");
            world.clock.advance(Duration::from_mins(2));
        }
    }
}

#[tokio::test]
async fn parts_and_the_first_comment_are_found_too() {
    let world = world().await;
    let account = world.account().await;
    let options = json!({ "firstComment": "That is all" });
    let parts = vec![part("One", &[]), part("Same words", &[])];
    let request = request_as(&world.net, "post", parts, options);
    world
        .instance
        .faults(json!([
            { "network": "x", "kind": "drop_after_accept", "on": "publish", "times": 3 },
        ]))
        .await;
    publish(&world, &account, &request).await.unwrap();
    assert_eq!(world.posts().await.len(), 3);
}

#[tokio::test]
async fn a_refused_repetition_is_found() {
    let world = world().await;
    let account = world.account().await;
    let request = request(&world.net, vec![part("Once only", &[])]);
    let mut engine = world.engine(&account);
    let step = X.next_step(&request, &[]).unwrap();
    engine.publish(&request).await.unwrap();
    // The same step again, as after a restart that lost the answer: X says it is a duplicate.
    let work = StepWork {
        account: &account,
        request: &request,
        done: &[],
        step: &step,
        first_sent_at: request.due_at,
    };
    let answer = X.run_step(&world.net, work).await.unwrap();
    let StepAnswer::Done(answer) = answer else {
        panic!("{answer:?}")
    };
    assert_eq!(answer, engine.done[0].result);
    assert_eq!(world.posts().await.len(), 1);

    // Another post with the same text is refused.
    world.clock.advance(Duration::from_mins(10));
    let other = request_as(&world.net, "post", vec![part("Once only", &[])], json!({}));
    let error = publish(&world, &account, &other).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Refused);
    assert!(error.message.contains("same text"), "{error}");
}

#[tokio::test]
async fn every_fault_says_what_to_do() {
    let world = world().await;
    for (fault, kind, words) in [
        (
            json!({ "kind": "status", "status": 429, "reset_seconds": 60 }),
            ErrorKind::RateLimited,
            "tries again",
        ),
        (
            json!({ "kind": "status", "status": 402 }),
            ErrorKind::Refused,
            "credit",
        ),
        (
            json!({ "kind": "duplicate_content" }),
            ErrorKind::Refused,
            "same text",
        ),
        (
            json!({ "kind": "permission_missing" }),
            ErrorKind::Reconnect,
            "permission",
        ),
        (
            json!({ "kind": "expire_token" }),
            ErrorKind::TokenExpired,
            "connect",
        ),
    ] {
        let account = world.account().await;
        let mut fault = fault;
        fault["on"] = json!("publish");
        world.fault(fault.clone()).await;
        let request = request(&world.net, vec![part(&fault.to_string(), &[])]);
        let error = publish(&world, &account, &request).await.unwrap_err();
        assert_eq!(
            (error.kind, error.certainty),
            (kind, Certainty::Refused),
            "{fault}: {error}"
        );
        assert!(error.message.contains(words), "{fault}: {error}");
        if kind == ErrorKind::RateLimited {
            let wait = error.retry_after.unwrap().as_secs();
            assert!((55..=61).contains(&wait), "{wait}");
        }
    }
    assert_eq!(world.posts().await.len(), 0);
    let account = world.account().await;
    // A broken server is asked again; nothing is published twice.
    world
        .instance
        .faults(json!([{ "network": "x", "kind": "status", "status": 503, "on": "publish", "times": 2 }]))
        .await;
    let request = request(&world.net, vec![part("After the storm", &[])]);
    publish(&world, &account, &request).await.unwrap();
    assert_eq!(world.posts().await.len(), 1);
}

#[tokio::test]
async fn rejected_and_slow_media_are_told() {
    let world = world().await;
    let account = world.account().await;
    world.fault(json!({ "kind": "media_rejected" })).await;
    let film_post = request(&world.net, vec![with("A film", film(100))]);
    let error = publish(&world, &account, &film_post).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Refused, "{error}");
    assert!(error.message.contains("files"), "{error}");
    assert!(error.detail.contains("Unsupported video format"), "{error}");

    world.fault(json!({ "kind": "media_rejected" })).await;
    let picture = request(&world.net, vec![part("A picture", &["red"])]);
    let error = publish(&world, &account, &picture).await.unwrap_err();
    assert!(error.message.contains("files"), "{error}");

    world
        .fault(json!({ "kind": "slow_processing", "seconds": 60 }))
        .await;
    let log = publish(&world, &account, &film_post).await.unwrap();
    assert!(log.len() > 10, "{log:?}");
    assert_eq!(world.posts().await.len(), 1);
}

#[tokio::test]
async fn the_limit_of_posts_is_kept() {
    let world = world().await;
    let account = world.account().await;
    for number in 0..100 {
        let post = request(&world.net, vec![part(&format!("Number {number}"), &[])]);
        publish(&world, &account, &post).await.unwrap();
    }
    let post = request(&world.net, vec![part("One too many", &[])]);
    let error = publish(&world, &account, &post).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::RateLimited, "{error}");
    world.clock.advance(error.retry_after.unwrap());
    publish(&world, &account, &post).await.unwrap();
}
