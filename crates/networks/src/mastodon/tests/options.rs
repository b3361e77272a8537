//! What else is said of a post.

use serde_json::json;

use super::world;
use crate::{
    connector::Connector,
    error::ErrorKind,
    mastodon::Mastodon,
    testing::{part, request, request_as},
};

#[tokio::test]
async fn every_option_reaches_every_part() {
    let world = world(|_| {}).await;
    let account = world.account().await;
    let mut engine = world.engine(&account);
    let post = request_as(
        &world.net,
        "post",
        vec![part("Hello", &["a cup"]), part("More", &[])],
        json!({
            "contentWarning": "Coffee", "sensitive": true, "visibility": "unlisted",
            "language": "de", "quotePolicy": "followers", "firstComment": "PS",
        }),
    );
    engine.publish(&post).await.unwrap();
    let statuses = world.instance.statuses().await;
    let texts: Vec<_> = statuses.iter().map(|status| &status["text"]).collect();
    assert_eq!(texts, [&json!("Hello"), &json!("More"), &json!("PS")]);
    for status in &statuses {
        assert_eq!(status["spoiler_text"], "Coffee");
        assert_eq!(status["sensitive"], true);
        assert_eq!(status["visibility"], "unlisted");
        assert_eq!(status["language"], "de");
        assert_eq!(status["quote_approval"]["automatic"], json!(["followers"]));
    }
    assert_eq!(statuses[1]["in_reply_to_id"], statuses[0]["id"]);
    assert_eq!(statuses[2]["in_reply_to_id"], statuses[0]["id"]);

    Mastodon
        .delete(&world.net, &account, &engine.done)
        .await
        .unwrap();
    assert!(world.instance.statuses().await.is_empty());
}

#[tokio::test]
async fn a_poll_is_asked_as_it_was_written_and_read_back() {
    let world = world(|_| {}).await;
    let account = world.account().await;
    let mut engine = world.engine(&account);
    let poll = json!({ "choices": ["Light", "Dark"], "minutes": 90, "multiple": true });
    let options = json!({ "poll": poll, "hidePollTotals": true });
    let post = request_as(&world.net, "poll", vec![part("Which?", &[])], options);
    world
        .instance
        .faults(json!([{ "kind": "drop_after_accept", "network": "mastodon", "on": "publish" }]))
        .await;
    engine.publish(&post).await.unwrap();
    assert_eq!(engine.log, ["post:0 unknown", "post:0 found"]);
    let statuses = world.instance.statuses().await;
    assert_eq!(statuses.len(), 1);
    let poll = &statuses[0]["poll"];
    assert_eq!(poll["options"][1]["title"], "Dark");
    assert_eq!(poll["options"][1]["votes_count"], json!(null));
    assert_eq!(poll["multiple"], true);
    let time = |value: &serde_json::Value| -> kernel::Timestamp {
        serde_json::from_value(value.clone()).unwrap()
    };
    let open = time(&poll["expires_at"]).since(time(&statuses[0]["created_at"]));
    assert_eq!(open.as_secs(), 90 * 60);
    let live = Mastodon
        .read_back(&world.net, &account, &engine.done)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(live.text.as_deref(), Some("Which?"));
}

#[tokio::test]
async fn quotes_and_replies_find_the_post_at_its_address() {
    let world = world(|_| {}).await;
    let alice = world.account_of("alice").await;
    let mut engine = world.engine(&alice);
    let first = request(&world.net, vec![part("First", &[])]);
    engine.publish(&first).await.unwrap();
    let page = Mastodon
        .published(&world.net, &alice, &first, &engine.done)
        .url;
    let page = page.unwrap();

    let bob = world.account_of("bob").await;
    let mut engine = world.engine(&bob);
    let both = json!({ "quote": page, "replyTo": page });
    let second = request_as(&world.net, "post", vec![part("Second", &[])], both);
    for _ in 0..2 {
        world
            .instance
            .faults(
                json!([{ "kind": "drop_after_accept", "network": "mastodon", "on": "publish" }]),
            )
            .await;
    }
    engine.publish(&second).await.unwrap();
    assert_eq!(engine.log, ["post:0 unknown", "post:0 found"]);
    let statuses = world.instance.statuses().await;
    assert_eq!(statuses.len(), 2);
    assert_eq!(statuses[1]["in_reply_to_id"], statuses[0]["id"]);
    assert_eq!(
        statuses[1]["quote"]["quoted_status"]["id"],
        statuses[0]["id"]
    );
}

#[tokio::test]
async fn what_may_not_be_quoted_or_is_not_there_is_told_before_anything_is_published() {
    let world = world(|_| {}).await;
    let alice = world.account_of("alice").await;
    let mut engine = world.engine(&alice);
    let closed = json!({ "quotePolicy": "nobody" });
    let first = request_as(&world.net, "post", vec![part("First", &[])], closed);
    engine.publish(&first).await.unwrap();
    let page = Mastodon
        .published(&world.net, &alice, &first, &engine.done)
        .url;

    let bob = world.account_of("bob").await;
    for (options, words) in [
        (json!({ "quote": page }), "does not let this account quote"),
        (json!({ "quote": "https://example.org/1" }), "finds no post"),
        (
            json!({ "replyTo": "https://example.org/1" }),
            "finds no post",
        ),
    ] {
        let post = request_as(&world.net, "post", vec![part("Second", &[])], options);
        let error = world.engine(&bob).publish(&post).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Refused);
        assert!(error.message.contains(words), "{error}");
    }
    assert_eq!(world.instance.statuses().await.len(), 1);
}

#[tokio::test]
async fn a_first_comment_is_told_from_a_part_that_says_the_same() {
    let world = world(|_| {}).await;
    let account = world.account().await;
    let mut engine = world.engine(&account);
    let same = json!({ "firstComment": "same" });
    let parts = vec![part("one", &[]), part("same", &[])];
    let post = request_as(&world.net, "post", parts, same);
    let lost = json!({ "kind": "drop_after_accept", "network": "mastodon", "on": "publish" });
    let before = json!({ "kind": "drop_before", "network": "mastodon", "on": "publish" });
    // The second part is lost after it was taken, the comment before it arrives.
    let pass = json!({ "kind": "delay", "ms": 1, "network": "mastodon", "on": "publish" });
    world.instance.faults(json!([pass, lost, before])).await;
    engine.publish(&post).await.unwrap();
    assert_eq!(
        engine.log,
        [
            "post:1 unknown",
            "post:1 found",
            "comment unknown",
            "comment absent"
        ]
    );
    let statuses = world.instance.statuses().await;
    assert_eq!(statuses.len(), 3);
    assert_eq!(statuses[2]["in_reply_to_id"], statuses[0]["id"]);
}
