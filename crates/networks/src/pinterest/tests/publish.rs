//! Publishing every format, reading it back, its numbers, deleting it.

use std::{collections::BTreeMap, time::Duration};

use serde_json::{Map, Value, json};

use super::{board, pin, video, world};
use crate::{
    connector::{Connector, Lookup, Metric},
    pinterest::{Pinterest, error::NO_BOARD},
    rules::{Draft, DraftMedia, DraftPart, check},
    testing::{TestFile, lookup},
};

#[tokio::test]
async fn an_image_pin_has_all_that_was_said() {
    let world = world().await;
    let account = world.account().await;
    let sections_of = async |board: &str| {
        let sections = Lookup {
            of: board.to_owned(),
            ..lookup("section")
        };
        Pinterest.choices(&world.net, &account, &sections).await
    };
    let board = board(&world, &account, "Coffee corner").await;
    let sections = sections_of(&board).await.unwrap();
    let labels: Vec<_> = sections.iter().map(|one| one.label.as_str()).collect();
    assert_eq!(labels, ["Beans", "Brewing"]);
    for nothing in ["", "../pins", "7"] {
        let error = sections_of(nothing).await.unwrap_err();
        assert_eq!(error.message, NO_BOARD);
    }
    let options = json!({
        "section": sections[1].value,
        "title": "Saturday roast",
        "link": "https://harbourlight.example/roast",
    });
    let request = pin(&world, &account, &["A cup on a sill"], options).await;
    let mut engine = world.engine(&account);
    engine.publish(&request).await.unwrap();
    let posts = world.posts().await;
    let accepted = world.accepted().await;
    assert_eq!((accepted, posts.len()), (1, 1));
    let pin = &posts[0];
    assert_eq!(pin["format"], "pin");
    assert_eq!(pin["text"], "Fresh from the roaster");
    assert_eq!(pin["title"], "Saturday roast");
    assert_eq!(pin["link"], "https://harbourlight.example/roast");
    assert_eq!(pin["media"][0]["alt"], "A cup on a sill");
    let details = pin["details"].to_string();
    assert!(details.contains("Coffee corner") && details.contains("Brewing"));

    let published = Pinterest.published(&world.net, &account, &request, &engine.done);
    assert_eq!(published.platform_post_id, pin["id"]);
    let page = reqwest::get(published.url.unwrap()).await.unwrap();
    assert!(page.status().is_success() && page.url().path().contains("/feed/"));
    let live = Pinterest
        .read_back(&world.net, &account, &engine.done)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(live.text.as_deref(), Some("Fresh from the roaster"));
    assert!(live.published_at.is_some());

    Pinterest
        .delete(&world.net, &account, &engine.done)
        .await
        .unwrap();
    assert!(world.posts().await.is_empty());
    // What is gone counts as deleted.
    Pinterest
        .delete(&world.net, &account, &engine.done)
        .await
        .unwrap();
    let gone = Pinterest
        .read_back(&world.net, &account, &engine.done)
        .await;
    assert_eq!(gone.unwrap(), None);
}

#[tokio::test]
async fn a_video_is_uploaded_processed_and_then_published() {
    let world = world().await;
    let account = world.account().await;
    let request = video(&world, &account).await;
    let mut engine = world.engine(&account);
    engine.publish(&request).await.unwrap();
    assert!(engine.log.iter().any(|line| line == "ready:0:0 pending"));
    let posts = world.posts().await;
    let accepted = world.accepted().await;
    assert_eq!((accepted, posts.len()), (1, 1));
    assert_eq!(posts[0]["format"], "video");
    assert_eq!(posts[0]["media"][0]["bytes"], 300_000);
    // The file comes last, and the store gets no token.
    let upload = &world.requests_to("/upload").await[0];
    let parts = upload["parts"].as_array().unwrap();
    assert_eq!(parts.last().unwrap()["name"], "file");
    assert_eq!(parts.len(), 9);
    assert!(upload["headers"].get("authorization").is_none());
}

#[tokio::test]
async fn a_video_may_have_a_cover() {
    let world = world().await;
    let account = world.account().await;
    let mut request = video(&world, &account).await;
    request
        .attachments
        .insert("cover".to_owned(), TestFile::pixel().attach(""));
    world.engine(&account).publish(&request).await.unwrap();
    let posts = world.posts().await;
    assert_eq!(posts[0]["media"][0]["cover"]["type"], "image/png");
}

#[tokio::test]
async fn a_carousel_has_cards() {
    let world = world().await;
    let account = world.account().await;
    let options = json!({
        "cardTitles": ["One", "", "Three"],
        "cardLinks": ["https://harbourlight.example/1"],
    });
    let request = pin(&world, &account, &["a", "", "c"], options).await;
    world.engine(&account).publish(&request).await.unwrap();
    let posts = world.posts().await;
    assert_eq!(posts[0]["format"], "carousel");
    assert_eq!(posts[0]["media"].as_array().unwrap().len(), 3);
    assert_eq!(posts[0]["media"][0]["alt"], "a\nc");
    let sent = &world.requests_to("/v5/pins").await[0]["json"]["media_source"];
    assert_eq!(sent["source_type"], "multiple_image_base64");
    assert_eq!(sent["items"][0]["link"], "https://harbourlight.example/1");
    assert_eq!(sent["items"][1].get("title"), None);
    assert_eq!(sent["items"][2]["title"], "Three");
}

#[tokio::test]
async fn numbers_grow() {
    let world = world().await;
    let account = world.account().await;
    let options = json!({ "link": "https://harbourlight.example/" });
    let request = pin(&world, &account, &["x"], options).await;
    let mut engine = world.engine(&account);
    engine.publish(&request).await.unwrap();
    let insights = Pinterest.insights().unwrap();
    world.clock.advance(Duration::from_hours(6));
    let early = insights
        .post(&world.net, &account, &engine.done)
        .await
        .unwrap();
    world.clock.advance(Duration::from_hours(72));
    let late = insights
        .post(&world.net, &account, &engine.done)
        .await
        .unwrap();
    for metric in [Metric::Impressions, Metric::Saves, Metric::Likes] {
        assert!(
            late[&metric] > early[&metric],
            "{metric}: {early:?} {late:?}"
        );
    }
    assert!(!late.contains_key(&Metric::Views));
    let whole = insights.account(&world.net, &account).await.unwrap();
    assert_eq!(whole[&Metric::Posts], 1);
    assert_eq!(whole[&Metric::Followers], 2_840);
    assert_eq!(whole[&Metric::Impressions], late[&Metric::Impressions]);

    let video = video(&world, &account).await;
    let mut engine = world.engine(&account);
    engine.publish(&video).await.unwrap();
    world.clock.advance(Duration::from_hours(48));
    let seen = insights
        .post(&world.net, &account, &engine.done)
        .await
        .unwrap();
    assert!(seen[&Metric::Views] > 0 && seen[&Metric::WatchSeconds] > seen[&Metric::Views]);
}

fn draft<'a>(options: &'a Map<String, Value>, media: Vec<DraftMedia<'a>>) -> Draft<'a> {
    Draft {
        format: None,
        parts: vec![DraftPart { text: "", media }],
        options,
        attachments: BTreeMap::new(),
    }
}

#[test]
fn preflight_knows_what_pinterest_alone_refuses() {
    let picture = |width, alt_text| DraftMedia {
        mime_type: "image/png",
        alt_text,
        bytes: 1_000,
        width: Some(width),
        height: Some(1_500),
        duration_ms: None,
    };
    let codes = |options: Value, media: Vec<DraftMedia<'_>>| {
        let options = options.as_object().unwrap().clone();
        let checked = check(&Pinterest, &Value::Null, &draft(&options, media));
        let codes: Vec<_> = checked.findings.iter().map(|one| one.code).collect();
        (checked.format.id, codes)
    };
    let board = json!({ "board": "1" });
    assert_eq!(
        codes(board.clone(), vec![picture(1_000, "a")]),
        ("pin", vec![])
    );
    let (_, missing) = codes(json!({}), vec![picture(1_000, "a")]);
    assert_eq!(missing.len(), 1, "a board is required: {missing:?}");
    let (_, wrong) = codes(
        json!({ "board": "1", "section": "2/3" }),
        vec![picture(1_000, "a")],
    );
    assert_eq!(wrong, ["section_of_another_board"]);
    let (format, shapes) = codes(
        board.clone(),
        vec![picture(1_000, "a"), picture(1_500, "b")],
    );
    assert_eq!((format, shapes), ("carousel", vec!["different_shapes"]));
    let long = "x".repeat(300);
    let (_, alt) = codes(board, vec![picture(1_000, &long), picture(1_000, &long)]);
    assert_eq!(alt, ["alt_texts_too_long"]);
}
