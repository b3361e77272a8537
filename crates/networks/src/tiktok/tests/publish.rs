//! Every format, and everything that can be said of one.

use serde_json::{Value, json};

use super::{Tiktok, post, video, world};
use crate::{
    connector::Connector,
    error::ErrorKind,
    testing::{TestFile, lookup},
};

fn details(post: &Value) -> Vec<String> {
    let pairs = post["details"].as_array().unwrap();
    pairs
        .iter()
        .map(|pair| {
            format!(
                "{}: {}",
                pair[0].as_str().unwrap(),
                pair[1].as_str().unwrap()
            )
        })
        .collect()
}

#[tokio::test]
async fn a_video_is_sent_with_what_was_chosen() {
    let world = world().await;
    let account = world.account().await;
    let request = video(
        &world,
        json!({
            "allowComments": true,
            "allowStitch": true,
            "ownBrand": true,
            "aiGenerated": true,
            "coverSecond": "1.5",
        }),
    );
    let done = world.published(&account, &request).await;
    let posts = world.posts().await;
    let accepted = world.accepted().await;
    assert_eq!((posts.len(), accepted), (1, 1));
    assert_eq!(posts[0]["text"], request.parts[0].text.as_str());
    assert_eq!(
        details(&posts[0]),
        [
            "Who can see it: PUBLIC_TO_EVERYONE",
            "Comments: yes",
            "Promotional content: yes",
            "Stitches: yes",
            "AI-generated: yes",
        ]
    );
    let init = world
        .requests_to("/v2/post/publish/video/init")
        .await
        .remove(0);
    assert_eq!(init["json"]["post_info"]["video_cover_timestamp_ms"], 1_500);
    assert_eq!(init["json"]["post_info"]["disable_duet"], true);
    // TikTok wants to be asked what the creator may do before every post.
    assert!(
        world
            .requests_to("/v2/post/publish/creator_info/query")
            .await
            .len()
            >= 2
    );
    let published = Tiktok.published(&world.net, &account, &request, &done);
    assert_eq!(published.platform_post_id, posts[0]["id"].as_str().unwrap());
    let page = published.url.unwrap();
    assert!(page.path().contains("/@mara/video/7"), "{page}");
    assert!(reqwest::get(page).await.unwrap().status().is_success());
}

#[tokio::test]
async fn a_video_can_be_fetched_by_tiktok() {
    let world = world().await;
    let account = world.account().await;
    let request = video(&world, json!({ "transfer": "link" }));
    world.published(&account, &request).await;
    let posts = world.posts().await;
    let accepted = world.accepted().await;
    assert_eq!((posts.len(), accepted), (1, 1));
    assert_eq!(posts[0]["media"][0]["bytes"], 300_000);
    let init = world
        .requests_to("/v2/post/publish/video/init")
        .await
        .remove(0);
    assert_eq!(init["json"]["source_info"]["source"], "PULL_FROM_URL");
}

#[tokio::test]
async fn photos_have_title_description_music_and_cover() {
    let world = world().await;
    let account = world.account().await;
    let request = post(
        &world,
        "photo",
        vec![TestFile::jpeg(), TestFile::jpeg(), TestFile::jpeg()],
        json!({ "title": "Three cups", "addMusic": true, "coverPhoto": "2" }),
    );
    let done = world.published(&account, &request).await;
    let posts = world.posts().await;
    let accepted = world.accepted().await;
    assert_eq!((posts.len(), accepted), (1, 1));
    assert_eq!(posts[0]["title"], "Three cups");
    assert_eq!(posts[0]["media"].as_array().unwrap().len(), 3);
    let shown = details(&posts[0]);
    assert!(shown.contains(&"Music: yes".to_owned()) && shown.contains(&"Cover: 2".to_owned()));
    let url = Tiktok
        .published(&world.net, &account, &request, &done)
        .url
        .unwrap();
    assert!(url.as_str().contains("/photo/"), "{url}");
}

#[tokio::test]
async fn only_what_the_creator_may_choose_can_be_chosen() {
    let world = world().await;
    let private = world.account_of("priya").await;
    let choices = Tiktok
        .choices(&world.net, &private, &lookup("privacy"))
        .await
        .unwrap();
    let values: Vec<_> = choices.iter().map(|choice| choice.value.as_str()).collect();
    assert_eq!(
        values,
        ["FOLLOWER_OF_CREATOR", "MUTUAL_FOLLOW_FRIENDS", "SELF_ONLY"]
    );
    let error = world
        .engine(&private)
        .publish(&video(&world, json!({})))
        .await
        .unwrap_err();
    assert_eq!(error.kind, ErrorKind::Refused);
    assert!(
        error.message.contains("Followers, Friends, Only me"),
        "{error}"
    );
    let duet = video(&world, json!({ "privacy": "SELF_ONLY", "allowDuet": true }));
    let error = world.engine(&private).publish(&duet).await.unwrap_err();
    assert!(error.message.contains("duets off"), "{error}");
    assert_eq!(world.accepted().await, 0);
}

#[tokio::test]
async fn an_app_without_audit_publishes_for_the_owner_alone() {
    let world = world().await;
    let account = world.account_of("jonas").await;
    let choices = Tiktok
        .choices(&world.net, &account, &lookup("privacy"))
        .await
        .unwrap();
    assert_eq!(choices.len(), 1);
    let request = video(&world, json!({ "privacy": "SELF_ONLY" }));
    let done = world.published(&account, &request).await;
    let posts = world.posts().await;
    assert_eq!(details(&posts[0]), ["Who can see it: SELF_ONLY"]);
    // Nobody but the owner can open it, so there is no link.
    assert_eq!(
        Tiktok.published(&world.net, &account, &request, &done).url,
        None
    );
    let live = Tiktok.read_back(&world.net, &account, &done).await.unwrap();
    assert!(live.is_some());
}

#[tokio::test]
async fn a_post_is_read_back_and_can_not_be_deleted() {
    let world = world().await;
    let account = world.account().await;
    let request = video(&world, json!({}));
    let done = world.published(&account, &request).await;
    let live = Tiktok
        .read_back(&world.net, &account, &done)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(live.text.as_deref(), Some(request.parts[0].text.as_str()));
    assert!(live.url.is_some() && live.published_at.is_some());
    let error = Tiktok
        .delete(&world.net, &account, &done)
        .await
        .unwrap_err();
    assert!(error.message.contains("TikTok app"), "{error}");
    assert!(!Tiktok.descriptor().features.delete);
}

#[tokio::test]
async fn a_post_that_tiktok_can_not_use_is_refused_in_plain_words() {
    let world = world().await;
    let account = world.account().await;
    let file = TestFile::new("video/mp4", bytes::Bytes::from_static(&[7; 4_000]));
    let request = post(&world, "video", vec![file], json!({}));
    let error = world.engine(&account).publish(&request).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Refused);
    assert!(error.message.contains("can't read the file"), "{error}");
    assert_eq!(world.posts().await.len(), 0);
}
