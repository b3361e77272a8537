//! Counting, preflight, numbers and replies.

use std::time::Duration;

use serde_json::json;

use super::world;
use crate::{
    connector::{Connector, Metric},
    rules::{Draft, DraftMedia, DraftPart, check},
    testing::{part, request},
    x::{X, text::count},
};

#[test]
fn counts_as_the_documentation_does() {
    // docs.x.com/fundamentals/counting-characters, and `parseTweet` of npm twitter-text 3.1.0.
    for (text, weight) in [
        ("", 0),
        ("Hello, world!", 13),
        ("café", 4),
        ("日本語", 6),
        ("👾", 2),
        ("🙋🏽", 2),
        ("👨‍🎤", 2),
        ("👨‍👩‍👧‍👦", 2),
        ("🇩🇪", 2),
        ("1️⃣", 2),
        ("©", 1),
        ("❤️", 2),
        ("https://example.com", 23),
        ("https://example.com/very/long/path?with=query#and", 23),
        ("See example.com.", 4 + 23 + 1),
        ("(https://example.com/a_(b))", 25),
        ("main.zig and a.b", 16),
        ("mail me@example.com", 19),
        ("“quoted” – dash", 15),
    ] {
        assert_eq!(count(text), weight, "{text}");
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "callers write the options as `json!`"
)]
fn found(text: &str, files: &[&str], options: serde_json::Value) -> Vec<&'static str> {
    let options = options.as_object().unwrap().clone();
    let media = files
        .iter()
        .map(|mime_type| DraftMedia {
            mime_type,
            alt_text: "Something",
            bytes: 1_000,
            width: Some(600),
            height: Some(600),
            duration_ms: mime_type.starts_with("video/").then_some(10_000),
        })
        .collect();
    let draft = Draft {
        format: None,
        parts: vec![DraftPart { text, media }],
        options: &options,
        attachments: std::collections::BTreeMap::new(),
    };
    let checked = check(&X, &serde_json::Value::Null, &draft);
    checked
        .findings
        .iter()
        .map(|finding| finding.code)
        .collect()
}

#[test]
fn preflight_knows_the_rules_of_x() {
    let poll = json!({ "poll": { "choices": ["a", "b"], "minutes": 60 } });
    let quote = json!({ "quote": "https://x.com/a/status/1" });
    assert_eq!(found("Hello", &[], json!({})), [""; 0]);
    assert_eq!(found("Hello", &[], poll.clone()), [""; 0]);
    assert_eq!(found("Hello", &["image/png"; 4], json!({})), [""; 0]);
    assert_eq!(found("Hello", &["image/png"], poll), ["poll_with_media"]);
    assert_eq!(found("Hello", &["image/png"], quote), ["quote_with_media"]);
    assert_eq!(
        found("Hello", &["image/png", "image/gif"], json!({})),
        ["gif_not_alone"]
    );
    assert_eq!(
        found("Buy $ACME and $CORP", &[], json!({})),
        ["too_many_cashtags"]
    );
    let elsewhere = json!({ "replyTo": "https://example.org/a" });
    assert_eq!(found("Hello", &[], elsewhere), ["not_a_post"]);
    let long = json!({ "firstComment": "字".repeat(141) });
    assert_eq!(found("Hello", &[], long), ["option_invalid"]);
    assert!(found(&"字".repeat(141), &[], json!({})).contains(&"text_too_long"));
    assert!(!found("Hello", &["image/png"; 5], json!({})).is_empty());
    assert!(!found("Hello", &["image/png", "video/mp4"], json!({})).is_empty());
}

#[tokio::test]
async fn numbers_grow() {
    let world = world().await;
    let mut account = world.account().await;
    let post = request(&world.net, vec![part("Look", &["red"]), part("More", &[])]);
    let mut engine = world.engine(&account);
    engine.publish(&post).await.unwrap();
    let done = engine.done;
    let insights = X.insights().unwrap();
    let mut before = 0;
    for _ in 0..3 {
        world.clock.advance(Duration::from_hours(6));
        account.credentials = X.refresh(&world.net, &account).await.unwrap();
        let numbers = insights.post(&world.net, &account, &done).await.unwrap();
        assert!(numbers[&Metric::Impressions] > before, "{numbers:?}");
        before = numbers[&Metric::Impressions];
        assert!(numbers.contains_key(&Metric::Shares), "{numbers:?}");
        assert!(numbers.contains_key(&Metric::Clicks), "{numbers:?}");
    }
    let numbers = insights.account(&world.net, &account).await.unwrap();
    assert_eq!(numbers[&Metric::Posts], 2);
    assert!(numbers[&Metric::Followers] > 1_000);
}

#[tokio::test]
async fn replies_are_read_answered_and_hidden() {
    let world = world().await;
    let mut account = world.account().await;
    let post = request(
        &world.net,
        vec![part("What do you think?", &[]), part("Well?", &[])],
    );
    let mut engine = world.engine(&account);
    engine.publish(&post).await.unwrap();
    let done = engine.done;
    world.clock.advance(Duration::from_hours(48));
    account.credentials = X.refresh(&world.net, &account).await.unwrap();
    let comments = X.comments().unwrap();
    let all = || comments.list(&world.net, &account, &done, None);
    let page = all().await.unwrap();
    let first = page.comments.first().expect("somebody replied").clone();
    assert!(!first.own && first.text.contains("@mara"), "{first:?}");
    assert_ne!(first.author, "");
    assert!(page.comments.iter().all(|comment| comment.text != "Well?"));

    let answer = comments
        .reply(&world.net, &account, &done, &first.id, "Thank you!")
        .await
        .unwrap();
    let page = all().await.unwrap();
    let own = page
        .comments
        .iter()
        .find(|comment| comment.id == answer.id)
        .unwrap();
    assert!(
        own.own && own.parent_id.as_deref() == Some(&first.id),
        "{own:?}"
    );

    comments
        .set_hidden(&world.net, &account, &first.id, true)
        .await
        .unwrap();
    let page = all().await.unwrap();
    assert!(page.comments.iter().all(|comment| comment.id != first.id));
    comments
        .set_hidden(&world.net, &account, &first.id, false)
        .await
        .unwrap();
    let page = all().await.unwrap();
    assert!(page.comments.iter().any(|comment| comment.id == first.id));
}
