//! Publishing every format, reading it back, its numbers and replies, deleting it.

use std::{collections::BTreeMap, time::Duration};

use serde_json::{Value, json};

use super::{part, post, video, world};
use crate::{
    connector::{Connector, Lookup, Metric},
    rules::{Draft, DraftMedia, DraftPart, check},
    testing::{TestFile, lookup},
    threads::{Threads, text},
};

#[tokio::test]
async fn a_text_has_all_that_was_said() {
    let world = world().await;
    let account = world.account().await;
    let first = post(&world, vec![part("An older post", vec![])], json!({}));
    world.engine(&account).publish(&first).await.unwrap();
    let search = Lookup {
        search: "OLDER".to_owned(),
        ..lookup("quote")
    };
    let quotes = Threads
        .choices(&world.net, &account, &search)
        .await
        .unwrap();
    assert_eq!(quotes[0].label, "An older post");
    let options = json!({
        "replyControl": "followers_only",
        "replyApprovals": true,
        "topic": "City life",
        "quote": quotes[0].value,
        "link": "https://cities.example/",
    });
    let request = post(&world, vec![part("How we move", vec![])], options);
    let mut engine = world.engine(&account);
    engine.publish(&request).await.unwrap();
    let posts = world.posts().await;
    let accepted = world.accepted().await;
    assert_eq!((accepted, posts.len()), (2, 2));
    let post = &posts[1];
    assert_eq!(post["text"], "How we move");
    assert_eq!(post["link"], "https://cities.example/");
    assert_eq!(post["quotes"], posts[0]["id"]);
    let details = post["details"].to_string();
    for said in ["City life", "followers_only", "approved"] {
        assert!(details.contains(said), "{details}");
    }
    let published = Threads.published(&world.net, &account, &request, &engine.done);
    assert_eq!(published.platform_post_id, post["id"]);
    let page = reqwest::get(published.url.unwrap()).await.unwrap();
    assert!(page.status().is_success());
    let live = Threads
        .read_back(&world.net, &account, &engine.done)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(live.text.as_deref(), Some("How we move"));
    assert!(live.published_at.is_some());
}

#[tokio::test]
async fn a_poll_is_published() {
    let world = world().await;
    let account = world.account().await;
    let poll = json!({ "choices": ["Tram", "Bicycle", "Feet"], "minutes": 1_440 });
    let request = post(&world, vec![part("How?", vec![])], json!({ "poll": poll }));
    world.engine(&account).publish(&request).await.unwrap();
    let posts = world.posts().await;
    assert_eq!(posts[0]["poll"], json!(["Tram", "Bicycle", "Feet"]));
}

#[tokio::test]
async fn files_are_fetched_and_waited_for() {
    for (files, format, alone) in [
        (vec![TestFile::pixel()], "post", true),
        (vec![video()], "video", true),
        (
            vec![TestFile::pixel(), video(), TestFile::pixel()],
            "carousel",
            false,
        ),
    ] {
        let count = files.len();
        let world = world().await;
        let account = world.account().await;
        let request = post(
            &world,
            vec![part("Look", files)],
            json!({ "spoiler": true }),
        );
        let mut engine = world.engine(&account);
        engine.publish(&request).await.unwrap();
        let waited = if alone {
            "assembled:0 pending"
        } else {
            "ready:0:0 pending"
        };
        assert!(engine.log.contains(&waited.to_owned()), "{:?}", engine.log);
        let posts = world.posts().await;
        let accepted = world.accepted().await;
        assert_eq!((accepted, posts.len()), (1, 1), "{format}");
        assert_eq!(posts[0]["format"], format);
        assert_eq!(posts[0]["warning"], "Spoiler");
        let media = posts[0]["media"].as_array().unwrap();
        assert_eq!(media.len(), count);
        assert!(media.iter().all(|file| file["alt"] == "What it shows"));
    }
}

#[tokio::test]
async fn a_thread_is_a_chain_with_a_first_comment_and_goes_as_a_whole() {
    let world = world().await;
    let account = world.account().await;
    let parts = vec![
        part("One", vec![]),
        part("Two", vec![TestFile::pixel()]),
        part("Three", vec![TestFile::pixel(), TestFile::pixel()]),
    ];
    let request = post(&world, parts, json!({ "firstComment": "More at our site" }));
    let mut engine = world.engine(&account);
    engine.publish(&request).await.unwrap();
    let posts = world.posts().await;
    let accepted = world.accepted().await;
    assert_eq!((accepted, posts.len()), (4, 4));
    let ids: Vec<_> = posts.iter().map(|post| post["id"].clone()).collect();
    assert_eq!(posts[1]["inReplyTo"], ids[0]);
    assert_eq!(posts[2]["inReplyTo"], ids[1]);
    assert_eq!(posts[3]["inReplyTo"], ids[0]);
    assert_eq!(posts[3]["text"], "More at our site");
    for _ in 0..2 {
        Threads
            .delete(&world.net, &account, &engine.done)
            .await
            .unwrap();
        assert!(world.posts().await.is_empty());
    }
    let gone = Threads.read_back(&world.net, &account, &engine.done).await;
    assert_eq!(gone.unwrap(), None);
}

#[tokio::test]
async fn numbers_grow() {
    let world = world().await;
    let account = world.account_of("priya").await;
    let request = post(
        &world,
        vec![part("One", vec![]), part("Two", vec![])],
        json!({}),
    );
    let mut engine = world.engine(&account);
    engine.publish(&request).await.unwrap();
    let insights = Threads.insights().unwrap();
    world.clock.advance(Duration::from_hours(2));
    let early = insights
        .post(&world.net, &account, &engine.done)
        .await
        .unwrap();
    world.clock.advance(Duration::from_hours(48));
    let late = insights
        .post(&world.net, &account, &engine.done)
        .await
        .unwrap();
    for metric in [Metric::Views, Metric::Likes, Metric::Shares] {
        assert!(
            late[&metric] > early[&metric],
            "{metric}: {early:?} {late:?}"
        );
    }
    let whole = insights.account(&world.net, &account).await.unwrap();
    assert!(whole[&Metric::Followers] >= 51_300);
    assert!(
        whole[&Metric::Likes] >= late[&Metric::Likes],
        "{whole:?} {late:?}"
    );
}

#[tokio::test]
async fn replies_are_read_answered_and_hidden() {
    let world = world().await;
    let account = world.account().await;
    let request = post(
        &world,
        vec![part("One", vec![]), part("Two", vec![])],
        json!({}),
    );
    let mut engine = world.engine(&account);
    engine.publish(&request).await.unwrap();
    world.clock.advance(Duration::from_hours(72));
    let comments = Threads.comments().unwrap();
    let mut all = Vec::new();
    let mut cursor: Option<String> = None;
    loop {
        let page = comments
            .list(&world.net, &account, &engine.done, cursor.as_deref())
            .await
            .unwrap();
        all.extend(page.comments);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    assert!(all.len() > 2 && all.iter().all(|one| !one.own && !one.hidden));
    assert!(all.is_sorted_by_key(|one| one.created_at));
    let first = &all[0].id;
    let answer = comments
        .reply(&world.net, &account, &engine.done, first, "Thank you!")
        .await
        .unwrap();
    comments
        .set_hidden(&world.net, &account, &all[1].id, true)
        .await
        .unwrap();
    let page = comments
        .list(&world.net, &account, &engine.done, None)
        .await
        .unwrap();
    assert!(
        page.comments
            .iter()
            .any(|one| one.id == all[1].id && one.hidden)
    );
    let posts = world.posts().await;
    let sent = posts.iter().find(|post| post["id"] == answer.id).unwrap();
    assert_eq!(
        (&sent["text"], &sent["inReplyTo"]),
        (&json!("Thank you!"), &json!(first))
    );
}

#[test]
fn an_emoji_counts_its_bytes() {
    for (text, count) in [
        ("", 0),
        ("Grüße", 5),
        ("👍", 4),
        ("a👍b", 6),
        ("👨‍👩‍👧", 18),
        ("☕️", 6),
        ("3 €", 3),
    ] {
        assert_eq!(text::count(text), count, "{text}");
    }
}

#[test]
fn preflight_knows_what_threads_alone_refuses() {
    let picture = DraftMedia {
        mime_type: "image/png",
        alt_text: "x",
        bytes: 1_000,
        width: Some(100),
        height: Some(100),
        duration_ms: None,
    };
    let codes = |options: Value, media: Vec<DraftMedia<'_>>, text: &str| {
        let options = options.as_object().unwrap().clone();
        let draft = Draft {
            format: None,
            parts: vec![DraftPart { text, media }],
            options: &options,
            attachments: BTreeMap::new(),
        };
        let checked = check(&Threads, &Value::Null, &draft);
        let codes: Vec<_> = checked.findings.iter().map(|one| one.code).collect();
        codes
    };
    let poll = json!({ "choices": ["a", "b"], "minutes": 1_440 });
    assert!(codes(json!({ "poll": poll }), vec![], "Hi").is_empty());
    assert_eq!(
        codes(json!({ "poll": poll }), vec![picture], "Hi"),
        ["only_without_files"]
    );
    let link = "https://a.example/";
    assert_eq!(
        codes(json!({ "poll": poll, "link": link }), vec![], "Hi"),
        ["poll_and_link"]
    );
    assert_eq!(
        codes(json!({ "topic": "a.b" }), vec![], "Hi"),
        ["topic_characters"]
    );
    let long = "👍".repeat(126);
    assert_eq!(
        codes(json!({ "firstComment": long }), vec![], "Hi"),
        ["first_comment_too_long"]
    );
    assert_eq!(codes(json!({}), vec![], &long), ["text_too_long"]);
}
