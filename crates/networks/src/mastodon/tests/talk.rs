//! Rules, numbers, replies, and the end of an account.

use std::{collections::BTreeMap, time::Duration};

use serde_json::{Value, json};

use super::world;
use crate::{
    connector::{Connector, Metric},
    descriptor::{Format, OptionKind},
    error::ErrorKind,
    mastodon::Mastodon,
    rules::{Draft, DraftMedia, DraftPart, check},
    testing::{part, request, request_as},
};

#[expect(
    clippy::needless_pass_by_value,
    reason = "callers write the options as `json!`"
)]
fn found(format: &str, text: &str, files: &[&str], options: Value) -> Vec<&'static str> {
    let options = options.as_object().unwrap().clone();
    let file = |mime_type| DraftMedia {
        mime_type,
        alt_text: "Something",
        bytes: 1_000,
        width: Some(600),
        height: Some(600),
        duration_ms: None,
    };
    let draft = Draft {
        format: Some(format),
        parts: vec![DraftPart {
            text,
            media: files.iter().map(|mime_type| file(*mime_type)).collect(),
        }],
        options: &options,
        attachments: BTreeMap::from([("thumbnail", file("image/png"))]),
    };
    let checked = check(&Mastodon, &Value::Null, &draft);
    checked
        .findings
        .iter()
        .map(|finding| finding.code)
        .collect()
}

fn expect(format: &str, text: &str, files: &[&str], options: Value, expected: &[&str]) {
    let said = format!("{format} {text} {files:?} {options}");
    assert_eq!(found(format, text, files, options), expected, "{said}");
}

#[test]
fn preflight_knows_which_files_go_together() {
    for (format, files, expected) in [
        ("post", vec![], vec![]),
        ("post", vec!["image/png"; 4], vec![]),
        ("post", vec!["image/png"; 5], vec!["too_many_files"]),
        ("post", vec!["video/mp4"], vec![]),
        ("post", vec!["video/mp4", "image/png"], vec!["mixed_media"]),
        (
            "post",
            vec!["image/gif", "image/gif"],
            vec!["too_many_gifs"],
        ),
        ("post", vec!["audio/mpeg"], vec!["media_type_not_supported"]),
        ("audio", vec!["audio/mpeg"], vec![]),
        ("audio", vec!["image/png"], vec!["media_type_not_supported"]),
        ("audio", vec![], vec!["too_few_files"]),
    ] {
        expect(format, "Hello", &files, json!({}), &expected);
    }
    let thumbnail = || json!({ "thumbnail": "1" });
    expect("post", "", &["video/mp4"], thumbnail(), &[]);
    expect(
        "post",
        "",
        &["image/png"],
        thumbnail(),
        &["thumbnail_unused"],
    );
    let quote = || json!({ "quote": "https://mastodon.social/@a/1" });
    expect("post", "Hello", &[], quote(), &[]);
    expect("post", "", &["image/png"], quote(), &["quote_with_media"]);
}

#[test]
fn preflight_knows_the_options_of_mastodon() {
    let poll = |minutes: u32| json!({ "poll": { "choices": ["a", "b"], "minutes": minutes } });
    expect("poll", "Which?", &[], poll(60), &[]);
    expect("poll", "Which?", &[], json!({}), &["option_required"]);
    let not_a_file = ["too_many_files", "media_type_not_supported"];
    expect("poll", "Which?", &["image/png"], poll(60), &not_a_file);
    for (option, value, expected) in [
        ("poll", poll(5)["poll"].clone(), None),
        ("poll", poll(4)["poll"].clone(), Some("option_invalid")),
        ("poll", poll(43_830)["poll"].clone(), Some("option_invalid")),
        ("contentWarning", json!("w".repeat(494)), None),
        (
            "contentWarning",
            json!("w".repeat(495)),
            Some("text_too_long"),
        ),
        ("language", json!("de"), None),
        ("language", json!("German"), Some("option_invalid")),
        ("visibility", json!("private"), None),
        ("visibility", json!("direct"), Some("nobody_mentioned")),
        ("visibility", json!("secret"), Some("option_invalid")),
    ] {
        let mut options = poll(60);
        options[option] = value;
        expect("poll", "Which?", &[], options, expected.as_slice());
    }
    expect(
        "post",
        "Hi @eve",
        &[],
        json!({ "visibility": "direct" }),
        &[],
    );
    let comment = json!({ "firstComment": "c".repeat(501) });
    expect(
        "post",
        "Hello",
        &[],
        comment,
        &["option_invalid", "option_invalid"],
    );
}

fn has(format: &Format, key: &str) -> bool {
    format.options.iter().any(|option| option.key == key)
}

#[tokio::test]
async fn an_instance_says_what_it_takes() {
    let limits = json!({
        "maxCharacters": 5_000, "maxFiles": 16, "takesVideos": false, "takesSounds": false,
        "takesQuotes": false, "pollMaxChoices": 10, "pollMaxMinutes": 60,
    });
    let formats = Mastodon.formats(&limits);
    let ids: Vec<_> = formats.iter().map(|format| format.id).collect();
    assert_eq!(ids, ["post", "poll"]);
    assert_eq!(formats[0].text.max_characters, 5_000);
    assert_eq!(formats[0].media.max, 16);
    assert!(formats[0].media.videos.is_none());
    assert!(!has(&formats[0], "quote") && !has(&formats[0], "quotePolicy"));
    let poll = formats[1]
        .options
        .iter()
        .find(|option| option.key == "poll");
    match &poll.unwrap().kind {
        OptionKind::Poll {
            max_choices,
            minutes,
            ..
        } => assert_eq!((*max_choices, minutes), (10, &vec![5, 60])),
        other => panic!("{other:?}"),
    }

    // What a new instance says of itself, and an old one.
    let new = world(|_| {}).await.account().await;
    assert!(has(&Mastodon.formats(&new.limits)[0], "quote"));
    let old = world(|config| config.old = true).await.account().await;
    assert!(!has(&Mastodon.formats(&old.limits)[0], "quote"));
    assert_eq!(old.limits["pollMaxMinutes"], 43_829);
    assert_eq!(old.limits["videoMaxBytes"], 103_809_024);
}

#[tokio::test]
async fn numbers_grow() {
    let world = world(|_| {}).await;
    let account = world.account_of("priya").await;
    let mut engine = world.engine(&account);
    let post = request(&world.net, vec![part("Look", &["red"]), part("More", &[])]);
    engine.publish(&post).await.unwrap();
    let insights = Mastodon.insights().unwrap();
    let mut before = 0;
    for _ in 0..3 {
        world.clock.advance(Duration::from_hours(12));
        let numbers = insights
            .post(&world.net, &account, &engine.done)
            .await
            .unwrap();
        assert!(numbers[&Metric::Likes] > before, "{numbers:?}");
        before = numbers[&Metric::Likes];
        assert!(numbers.contains_key(&Metric::Shares), "{numbers:?}");
        assert!(numbers[&Metric::Comments] > 0, "{numbers:?}");
        assert_eq!(numbers[&Metric::Quotes], 0);
    }
    let numbers = insights.account(&world.net, &account).await.unwrap();
    assert_eq!(numbers[&Metric::Posts], 2);
    assert!(numbers[&Metric::Followers] > 50_000, "{numbers:?}");
}

#[tokio::test]
async fn replies_are_read_and_answered_and_nothing_is_hidden() {
    let world = world(|_| {}).await;
    let account = world.account_of("priya").await;
    let mut engine = world.engine(&account);
    let warned = json!({ "contentWarning": "Trains" });
    let parts = vec![part("Open from six.", &[]), part("And till late.", &[])];
    let post = request_as(&world.net, "post", parts, warned);
    engine.publish(&post).await.unwrap();
    let comments = Mastodon.comments().unwrap();
    world.clock.advance(Duration::from_hours(48));
    let list = async || {
        let page = comments.list(&world.net, &account, &engine.done, None);
        page.await.unwrap().comments
    };
    let before = list().await;
    let comment = before.first().unwrap();
    assert!(!comment.own && comment.author.contains("@elsewhere.example"));
    assert_eq!(comment.parent_id, None);
    assert!(!comment.text.contains('<'), "{}", comment.text);

    let reply = async || {
        let (net, id) = (&world.net, comment.id.as_str());
        let reply = comments.reply(net, &account, &engine.done, id, "Thank you!");
        reply.await.unwrap()
    };
    let written = reply().await;
    assert_eq!(written.parent_id.as_ref(), Some(&comment.id));
    assert!(
        written.own && written.text.contains(&comment.author),
        "{written:?}"
    );
    // Asked twice, it is written once.
    assert_eq!(reply().await.id, written.id);
    let after = list().await;
    assert_eq!(after.len(), before.len() + 1);
    assert!(after.iter().any(|one| one.id == written.id && one.own));

    let hidden = comments.set_hidden(&world.net, &account, &comment.id, true);
    let error = hidden.await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Refused);
    assert!(error.message.contains("mute or block"), "{error}");
}

#[tokio::test]
async fn a_removed_account_can_not_be_used_any_more() {
    let world = world(|_| {}).await;
    let account = world.account().await;
    Mastodon.revoke(&world.net, &account).await.unwrap();
    Mastodon.revoke(&world.net, &account).await.unwrap();
    let error = Mastodon.standing(&world.net, &account).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Reconnect);
}
