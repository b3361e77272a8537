//! Every format, and everything that can be said of one.

use std::{collections::BTreeMap, time::Duration};

use bytes::Bytes;
use serde_json::{Value, json};

use super::{Youtube, mp4, post, video, world};
use crate::{
    connector::{Account, Connector, Metric},
    error::ErrorKind,
    testing::{TestFile, World, lookup},
};

/// What a request was, in a line.
fn line(request: &Value) -> String {
    let text = |key: &str| request[key].as_str().unwrap_or_default();
    format!("{} {}", text("method"), text("path"))
}

#[tokio::test]
async fn a_video_is_shown_only_when_everything_about_it_is_in_place() {
    let world = world().await;
    let account = world.account().await;
    let mut request = video(
        &world,
        json!({
            "tags": ["coffee", "slow morning"],
            "category": "26",
            "language": "en",
            "captionsLanguage": "de",
            "playlist": playlist(&world, &account, "Roasting").await,
            "firstComment": "Which roast is yours?",
            "license": "creativeCommon",
            "paidPromotion": true,
            "syntheticMedia": true,
            "embeddable": false,
            "notifySubscribers": false,
        }),
    );
    request
        .attachments
        .insert("thumbnail".to_owned(), TestFile::pixel().attach(""));
    let captions = Bytes::from_static(b"WEBVTT\n\n00:00.000 --> 00:02.000\nGuten Morgen\n");
    request.attachments.insert(
        "captions".to_owned(),
        TestFile::new("text/vtt", captions).attach(""),
    );
    let done = world.published(&account, &request).await;

    let posts = world.posts().await;
    let accepted = world.accepted().await;
    assert_eq!((posts.len(), accepted), (1, 1));
    let post = &posts[0];
    assert_eq!(post["format"], "video");
    assert_eq!(post["title"], "From bean to cup");
    assert_eq!(post["text"], request.parts[0].text.as_str());
    assert!(post["media"][0]["cover"].is_object() && post["media"][0]["captions"].is_object());
    let details: BTreeMap<String, String> = serde_json::from_value(json!(
        post["details"]
            .as_array()
            .unwrap()
            .iter()
            .map(|pair| { (pair[0].as_str().unwrap(), pair[1].as_str().unwrap()) })
            .collect::<BTreeMap<_, _>>()
    ))
    .unwrap();
    assert_eq!(details["Visibility"], "public");
    assert_eq!(details["Tags"], "coffee, slow morning");
    assert_eq!(details["Playlist"], "Roasting");

    let requests = world.requests().await;
    let insert = requests
        .iter()
        .find(|one| line(one) == "POST /upload/youtube/v3/videos")
        .unwrap();
    let sent = &insert["json"];
    assert_eq!(sent["status"]["privacyStatus"], "private");
    assert_eq!(sent["status"]["license"], "creativeCommon");
    assert_eq!(sent["status"]["containsSyntheticMedia"], true);
    assert_eq!(sent["status"]["embeddable"], false);
    assert_eq!(sent["snippet"]["categoryId"], "26");
    assert_eq!(
        sent["paidProductPlacementDetails"]["hasPaidProductPlacement"],
        true
    );
    assert!(
        insert["query"]
            .to_string()
            .contains(r#"["notifySubscribers","false"]"#)
    );
    let order: Vec<_> = requests.iter().map(line).collect();
    let at = |wanted: &str| order.iter().position(|line| line == wanted).unwrap();
    let release = at("PUT /youtube/v3/videos");
    for before in [
        "POST /upload/youtube/v3/thumbnails/set",
        "POST /upload/youtube/v3/captions",
        "POST /youtube/v3/playlistItems",
    ] {
        assert!(at(before) < release, "{before}: {order:?}");
    }
    assert!(at("POST /youtube/v3/commentThreads") > release);

    let published = Youtube.published(&world.net, &account, &request, &done);
    assert_eq!(published.platform_post_id, post["id"].as_str().unwrap());
    let page = published.url.unwrap();
    assert!(page.as_str().contains("/watch?v="), "{page}");
    assert!(reqwest::get(page).await.unwrap().status().is_success());
}

async fn playlist(world: &World, account: &Account, title: &str) -> String {
    let url = world
        .instance
        .url
        .join("youtube/youtube/v3/playlists?part=snippet,status")
        .unwrap();
    let secret = super::super::auth::secret(account).unwrap();
    let body = json!({ "snippet": { "title": title }, "status": { "privacyStatus": "public" } });
    let answer: Value = reqwest::Client::new()
        .post(url)
        .bearer_auth(secrecy::ExposeSecret::expose_secret(&secret.access_token))
        .json(&body)
        .send()
        .await
        .unwrap()
        .json()
        .await
        .unwrap();
    let id = answer["id"].as_str().unwrap().to_owned();
    let choices = Youtube
        .choices(&world.net, account, &lookup("playlist"))
        .await
        .unwrap();
    assert!(
        choices
            .iter()
            .any(|choice| choice.value == id && choice.label == title)
    );
    id
}

#[tokio::test]
async fn a_short_is_one() {
    let world = world().await;
    let account = world.account().await;
    let file = TestFile::new("video/mp4", mp4(200_000, 1_080, 1_920, 30));
    let request = post(&world, "short", file, json!({ "title": "Pouring" }));
    let done = world.published(&account, &request).await;
    let posts = world.posts().await;
    assert_eq!(posts[0]["format"], "short");
    let url = Youtube
        .published(&world.net, &account, &request, &done)
        .url
        .unwrap();
    assert!(url.path().contains("/shorts/"), "{url}");
    assert!(reqwest::get(url).await.unwrap().status().is_success());
}

#[tokio::test]
async fn privacy_is_what_was_chosen() {
    let world = world().await;
    let account = world.account().await;
    let private = video(&world, json!({ "privacy": "private" }));
    let mut engine = world.engine(&account);
    engine.publish(&private).await.unwrap();
    assert!(engine.done.iter().all(|step| step.name != "post:0"));
    assert_eq!(world.posts().await.len(), 0);

    world
        .published(&account, &video(&world, json!({ "privacy": "unlisted" })))
        .await;
    let posts = world.posts().await;
    let accepted = world.accepted().await;
    assert_eq!((posts.len(), accepted), (1, 1));
    assert_eq!(posts[0]["details"][0], json!(["Visibility", "unlisted"]));
}

#[tokio::test]
async fn made_for_kids_is_said() {
    let world = world().await;
    let account = world.account().await;
    world
        .published(&account, &video(&world, json!({ "madeForKids": true })))
        .await;
    let posts = world.posts().await;
    assert_eq!(posts[0]["details"][1], json!(["Made for kids", "yes"]));
}

#[tokio::test]
async fn youtube_can_be_let_publish_it_later() {
    let world = world().await;
    let account = world.account().await;
    let at = (world.net.env.now() + Duration::from_hours(5)).to_string();
    let request = video(&world, json!({ "publishAt": at }));
    let mut engine = world.engine(&account);
    engine.publish(&request).await.unwrap();
    assert_eq!(engine.done.last().unwrap().name, "post:0");
    assert_eq!(world.posts().await.len(), 0);
    world.clock.advance(Duration::from_hours(6));
    assert_eq!(world.posts().await.len(), 1);
}

#[tokio::test]
async fn a_post_is_read_back_and_deleted() {
    let world = world().await;
    let account = world.account().await;
    let request = video(&world, json!({}));
    let done = world.published(&account, &request).await;
    let live = Youtube
        .read_back(&world.net, &account, &done)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(live.text.as_deref(), Some(request.parts[0].text.as_str()));
    assert!(live.published_at.is_some());
    Youtube.delete(&world.net, &account, &done).await.unwrap();
    assert_eq!(world.posts().await.len(), 0);
    assert_eq!(
        Youtube
            .read_back(&world.net, &account, &done)
            .await
            .unwrap(),
        None
    );
    // What is gone already counts as deleted.
    Youtube.delete(&world.net, &account, &done).await.unwrap();
}

#[tokio::test]
async fn numbers_of_posts_and_channels_grow() {
    let world = world().await;
    let account = world.account().await;
    let done = world.published(&account, &video(&world, json!({}))).await;
    world.clock.advance(Duration::from_hours(24 * 6));
    let account = world.renewed(&account).await;
    let insights = Youtube.insights().unwrap();
    let post = insights.post(&world.net, &account, &done).await.unwrap();
    for metric in [Metric::Views, Metric::Likes, Metric::WatchSeconds] {
        assert!(post[&metric] > 0, "{metric}: {post:?}");
    }
    assert!(post.contains_key(&Metric::Comments) && post.contains_key(&Metric::Shares));
    let channel = insights.account(&world.net, &account).await.unwrap();
    assert_eq!(channel[&Metric::Posts], 1);
    assert_eq!(channel[&Metric::Views], post[&Metric::Views]);
    assert!(channel[&Metric::Followers] > 2_000);
}

#[tokio::test]
async fn a_file_that_is_no_video_is_refused_in_plain_words() {
    let world = world().await;
    let account = world.account().await;
    let file = TestFile::new("video/mp4", Bytes::from_static(&[7; 4_000]));
    let request = post(&world, "video", file, json!({}));
    let error = world.engine(&account).publish(&request).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Refused);
    assert!(error.message.contains("the file is no video"), "{error}");
    assert_eq!(world.accepted().await, 0);
}

#[tokio::test]
async fn a_channel_that_is_not_verified_has_shorter_videos() {
    let world = world().await;
    let account = world.account_of("priya").await;
    let formats = Youtube.formats(&account.limits);
    let video = formats[0].media.videos.as_ref().unwrap();
    assert_eq!(video.max_seconds, 900);
    let verified = Youtube.formats(&world.account().await.limits);
    assert_eq!(
        verified[0].media.videos.as_ref().unwrap().max_seconds,
        43_200
    );
}
