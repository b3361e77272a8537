//! What a post is published with: images, quotes, cards, warnings, rules for those who answer.

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::{Pds, beside, eventually, known, network, pds, posted};
use crate::{
    bluesky::Bluesky,
    connector::{Account, Connector},
    error::ErrorKind,
    testing::{TestFile, part, request_as},
};

async fn published(pds: &Pds, account: &Account, options: Value) -> Value {
    let post = request_as(&pds.net, "post", vec![part("Hello", &[])], options);
    let mut engine = pds.engine(account);
    engine.publish(&post).await.unwrap();
    pds.record(&posted(&engine, 0)).await
}

/// A site with a page and its picture.
async fn site() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let origin = format!("http://{}", listener.local_addr().unwrap());
    let pixel = TestFile::pixel().bytes;
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut request = [0; 2_048];
            let read = stream.read(&mut request).await.unwrap_or(0);
            let path = String::from_utf8_lossy(&request[..read]).into_owned();
            let page: &[u8] = b"<head><meta property='og:title' content='Tea &amp; more'>\
                <meta name='description' content='All about tea'>\
                <meta property='og:image' content='/pic.png'></head>";
            let (status, kind, body) = match path.split(' ').nth(1).unwrap_or_default() {
                "/" => ("302 Found\r\nLocation: /page", "text/plain", &b""[..]),
                "/page" => ("200 OK", "text/html; charset=utf-8", page),
                "/pic.png" => ("200 OK", "image/png", &pixel[..]),
                _ => ("404 Not Found", "text/html", &b"<title>Gone</title>"[..]),
            };
            let head = format!(
                "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
                body.len()
            );
            stream.write_all(head.as_bytes()).await.ok();
            stream.write_all(body).await.ok();
        }
    });
    origin
}

#[tokio::test]
async fn more_than_four_images_are_a_gallery() {
    let Some(pds) = pds() else { return };
    let account = pds.account().await;
    let post = request_as(
        &pds.net,
        "post",
        vec![part("five", &["1", "2", "3", "4", "5"])],
        json!({}),
    );
    let mut engine = pds.engine(&account);
    engine.publish(&post).await.unwrap();
    let record = pds.record(&posted(&engine, 0)).await;
    assert_eq!(record["embed"]["$type"], "app.bsky.embed.gallery");
    let items = record["embed"]["items"].as_array().unwrap();
    assert_eq!(items.len(), 5);
    assert_eq!(items[4]["alt"], "5");
    assert_eq!(items[4]["$type"], "app.bsky.embed.gallery#image");
}

#[tokio::test]
async fn languages_tags_and_warnings_are_said() {
    let Some(pds) = pds() else { return };
    let account = pds.account().await;
    let options = json!({
        "languages": ["en", "pt-BR"],
        "tags": ["#tea", "green tea"],
        "contentWarning": "graphic-media",
    });
    let parts = vec![part("Hidden", &["a wound"]), part("Nothing to hide", &[])];
    let post = request_as(&pds.net, "post", parts, options);
    let mut engine = pds.engine(&account);
    engine.publish(&post).await.unwrap();
    let first = pds.record(&posted(&engine, 0)).await;
    assert_eq!(first["langs"], json!(["en", "pt-BR"]));
    assert_eq!(first["tags"], json!(["tea", "green tea"]));
    assert_eq!(
        first["labels"]["values"],
        json!([{ "val": "graphic-media" }])
    );
    let second = pds.record(&posted(&engine, 1)).await;
    assert_eq!(second["labels"], Value::Null);
    let plain = published(&pds, &account, json!({})).await;
    for key in ["langs", "tags", "labels", "embed", "reply", "facets"] {
        assert_eq!(plain[key], Value::Null, "{key}");
    }
}

#[tokio::test]
async fn who_may_reply_and_quote_is_there_with_the_post() {
    let Some(pds) = pds() else { return };
    let account = pds.account().await;
    let rule = |name: &str| json!([{ "$type": format!("app.bsky.feed.threadgate#{name}") }]);
    for (who, allow) in [
        ("nobody", json!([])),
        ("followers", rule("followerRule")),
        ("following", rule("followingRule")),
        ("mentioned", rule("mentionRule")),
    ] {
        let parts = vec![part("first", &[]), part("second", &[])];
        let options = json!({ "replyControl": who, "noQuotes": true });
        let post = request_as(&pds.net, "post", parts, options);
        let mut engine = pds.engine(&account);
        engine.publish(&post).await.unwrap();
        let (first, second) = (posted(&engine, 0), posted(&engine, 1));
        let gate = |uri: &str| beside(uri, "app.bsky.feed.threadgate");
        let threadgate = pds.record(&gate(&first)).await;
        assert_eq!(threadgate["allow"], allow, "{who}");
        assert_eq!(threadgate["post"], first);
        assert_eq!(pds.record(&gate(&second)).await, Value::Null);
        for uri in [&first, &second] {
            let postgate = pds.record(&beside(uri, "app.bsky.feed.postgate")).await;
            let rules = json!([{ "$type": "app.bsky.feed.postgate#disableRule" }]);
            assert_eq!(postgate["embeddingRules"], rules);
        }
        // The answer was lost: the post is found, and a repetition changes nothing.
        let done = std::mem::take(&mut engine.done);
        engine.publish(&post).await.unwrap();
        assert_eq!(engine.done, done);
        assert!(
            engine.log.contains(&"post:0 found".to_owned()),
            "{:?}",
            engine.log
        );

        Bluesky
            .delete(&pds.net, &account, &engine.done)
            .await
            .unwrap();
        assert_eq!(pds.record(&first).await, Value::Null);
        assert_eq!(pds.record(&gate(&first)).await, Value::Null);
        let postgate = beside(&second, "app.bsky.feed.postgate");
        assert_eq!(pds.record(&postgate).await, Value::Null);
    }
}

#[tokio::test]
async fn quotes_a_post_beside_images_too() {
    let Some(pds) = network() else { return };
    let (account, other) = (pds.account().await, pds.somebody().await);
    let quoted = pds
        .write(
            &other,
            json!({ "$type": "app.bsky.feed.post", "text": "quote me" }),
        )
        .await;
    let uri = quoted["uri"].as_str().unwrap();
    known(&pds, &account, uri).await;

    let record = published(&pds, &account, json!({ "quote": uri })).await;
    let embed = json!({ "$type": "app.bsky.embed.record", "record": quoted });
    assert_eq!(record["embed"], embed);

    let key = uri.rsplit('/').next().unwrap();
    let page = format!("https://bsky.app/profile/{}/post/{key}", other.username);
    let post = request_as(
        &pds.net,
        "post",
        vec![part("with an image", &["alt"])],
        json!({ "quote": page }),
    );
    let mut engine = pds.engine(&account);
    engine.publish(&post).await.unwrap();
    let record = pds.record(&posted(&engine, 0)).await;
    assert_eq!(record["embed"]["$type"], "app.bsky.embed.recordWithMedia");
    assert_eq!(record["embed"]["record"]["record"], quoted);
    assert_eq!(record["embed"]["media"]["images"][0]["alt"], "alt");

    let missing = format!(
        "https://bsky.app/profile/{}/post/3kabcdefghijk",
        other.username
    );
    let post = request_as(
        &pds.net,
        "post",
        vec![part("x", &[])],
        json!({ "quote": missing }),
    );
    let error = pds.engine(&account).publish(&post).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Refused);
    assert!(error.message.contains("can't find the post"), "{error}");
}

#[tokio::test]
async fn respects_who_may_not_be_quoted_or_answered() {
    let Some(pds) = network() else { return };
    let (account, other) = (pds.account().await, pds.somebody().await);
    let closed = json!({ "replyControl": "nobody", "noQuotes": true });
    let post = request_as(&pds.net, "post", vec![part("closed", &[])], closed);
    let mut engine = pds.engine(&other);
    engine.publish(&post).await.unwrap();
    let uri = posted(&engine, 0);
    for (key, words) in [
        ("quote", "lets nobody quote"),
        ("replyTo", "not let this account reply"),
    ] {
        let error = eventually(key, || async {
            let post = request_as(&pds.net, "post", vec![part("x", &[])], json!({ key: uri }));
            let error = pds.engine(&account).publish(&post).await.err()?;
            // Until the AppView knows the post.
            (!error.message.contains("can't find")).then_some(error)
        })
        .await;
        assert!(error.message.contains(words), "{error}");
    }
}

#[tokio::test]
async fn a_thread_answers_a_post() {
    let Some(pds) = network() else { return };
    let (account, other) = (pds.account().await, pds.somebody().await);
    let root = pds
        .write(
            &other,
            json!({ "$type": "app.bsky.feed.post", "text": "root" }),
        )
        .await;
    let reply = json!({ "root": root, "parent": root });
    let parent = pds
        .write(
            &other,
            json!({ "$type": "app.bsky.feed.post", "text": "parent", "reply": reply }),
        )
        .await;
    known(&pds, &account, parent["uri"].as_str().unwrap()).await;
    let parts = vec![part("one", &[]), part("two", &[])];
    let options = json!({ "replyTo": parent["uri"] });
    let post = request_as(&pds.net, "post", parts, options);
    let mut engine = pds.engine(&account);
    engine.publish(&post).await.unwrap();
    let first = pds.record(&posted(&engine, 0)).await;
    assert_eq!(first["reply"], json!({ "root": root, "parent": parent }));
    let second = pds.record(&posted(&engine, 1)).await;
    assert_eq!(second["reply"]["root"], root);
    assert_eq!(second["reply"]["parent"]["uri"], posted(&engine, 0));
}

#[tokio::test]
async fn the_first_link_is_shown_as_a_card() {
    let Some(pds) = pds() else { return };
    let account = pds.account().await;
    let site = site().await;
    let text = format!("Read {site}/ and {site}/other");
    let post = request_as(
        &pds.net,
        "post",
        vec![part(&text, &[]), part(&format!("{site}/nothing"), &[])],
        json!({}),
    );
    let mut engine = pds.engine(&account);
    engine.publish(&post).await.unwrap();
    let card = &pds.record(&posted(&engine, 0)).await["embed"]["external"];
    assert_eq!(card["uri"], format!("{site}/"));
    assert_eq!(card["title"], "Tea & more");
    assert_eq!(card["description"], "All about tea");
    assert_eq!(card["thumb"]["mimeType"], "image/png");
    // A page that is not there is no card, and no reason not to publish.
    assert_eq!(pds.record(&posted(&engine, 1)).await["embed"], Value::Null);

    let off = json!({ "linkCard": false });
    let post = request_as(&pds.net, "post", vec![part(&text, &[])], off);
    let mut engine = pds.engine(&account);
    engine.publish(&post).await.unwrap();
    assert_eq!(pds.record(&posted(&engine, 0)).await["embed"], Value::Null);
}

#[tokio::test]
async fn a_card_says_what_its_author_says() {
    let Some(pds) = pds() else { return };
    let account = pds.account().await;
    let gone = format!("{}/nothing", site().await);
    let bare = published(&pds, &account, json!({ "link": gone })).await;
    let card = json!({ "uri": gone, "title": gone, "description": "" });
    assert_eq!(bare["embed"]["external"], card);

    let options = json!({
        "link": gone,
        "linkTitle": "Our shop",
        "linkDescription": "Open again",
        "linkThumbnail": "an id",
    });
    let mut post = request_as(&pds.net, "post", vec![part("Hello", &[])], options);
    let image = TestFile::pixel().attach("");
    post.attachments.insert("linkThumbnail".to_owned(), image);
    let mut engine = pds.engine(&account);
    engine.publish(&post).await.unwrap();
    let record = pds.record(&posted(&engine, 0)).await;
    let card = &record["embed"]["external"];
    assert_eq!(
        [&card["title"], &card["description"]],
        ["Our shop", "Open again"]
    );
    assert_eq!(card["thumb"]["mimeType"], "image/png");
}
