use super::*;
use crate::connector::{DoneStep, StepWork};

/// Publishes, and answers what the feed page shows of it.
async fn published(world: &World, account: &Account, request: &PublishRequest) -> Value {
    let mut engine = world.engine(account);
    engine.publish(request).await.unwrap();
    let published = Instagram.published(&world.net, account, request, &engine.done);
    let posts = world.posts().await;
    let post = posts.last().unwrap().clone();
    assert_eq!(post["id"], published.platform_post_id);
    let url = published.url.unwrap();
    assert!(url.as_str().ends_with(&published.platform_post_id), "{url}");
    post
}

#[tokio::test]
async fn an_image() {
    let world = world().await;
    let account = world.account().await;
    let options = json!({ "collaborators": ["@fernway"], "userTags": ["mara", "@jonas"], "location": "7640348500",
        "aiGenerated": true });
    let request = world.request(
        "post",
        "Six o'clock #coffee @mara",
        vec![image("A cup")],
        options,
    );
    let post = published(&world, &account, &request).await;
    assert_eq!(post["format"], "post");
    assert_eq!(post["account"], "harbourlight");
    assert_eq!(post["text"], "Six o'clock #coffee @mara");
    assert_eq!(post["media"][0]["alt"], "A cup");
    let details = post["details"].to_string();
    for said in [
        "fernway",
        "7640348500",
        r#"\"username\":\"jonas\",\"x\":0.67"#,
        "true",
    ] {
        assert!(details.contains(said), "{said} in {details}");
    }
}

#[tokio::test]
async fn a_carousel_of_images_and_a_video() {
    let world = world().await;
    let account = world.account().await;
    let media = vec![image("One"), video(), image("Three")];
    let request = world.request("carousel", "Three things", media, json!({}));
    let post = published(&world, &account, &request).await;
    assert_eq!(post["format"], "carousel");
    let media = post["media"].as_array().unwrap();
    assert_eq!(media.len(), 3);
    assert_eq!(media[0]["alt"], "One");
    assert_eq!(media[1]["bytes"], 300_000);
}

#[tokio::test]
async fn a_reel_with_a_cover() {
    let world = world().await;
    let account = world.account().await;
    let options = json!({ "shareToFeed": false, "audioName": "Rain", "trial": "MANUAL", "coverSecond": "2.5" });
    let mut request = world.request("reel", "Watch", vec![video()], options);
    let post = published(&world, &account, &request).await;
    assert_eq!(post["format"], "reel");
    let details = post["details"].to_string();
    assert!(details.contains("2500") && details.contains("MANUAL") && details.contains("Rain"));

    request.attachments.insert("cover".to_owned(), image(""));
    let post = published(&world, &account, &request).await;
    assert_eq!(post["media"][0]["cover"]["type"], "image/jpeg");
}

#[tokio::test]
async fn stories_of_an_image_and_of_a_video() {
    let world = world().await;
    let account = world.account().await;
    for media in [image("not taken"), video()] {
        let request = world.request("story", "", vec![media], json!({ "userTags": ["mara"] }));
        assert_eq!(
            published(&world, &account, &request).await["format"],
            "story"
        );
    }
    world.clock.advance(Duration::from_hours(25));
    assert!(
        world.posts().await.is_empty(),
        "stories are gone after a day"
    );
}

#[tokio::test]
async fn the_first_comment_and_comments_off() {
    let world = world().await;
    let account = world.account().await;
    let options = json!({ "firstComment": "#more #tags", "commentsOff": true });
    let request = world.request("post", "Hello", vec![image("")], options);
    let mut engine = world.engine(&account);
    engine.publish(&request).await.unwrap();
    let comments = Instagram.comments().unwrap();
    let page = comments
        .list(&world.net, &account, &engine.done, None)
        .await
        .unwrap();
    let own: Vec<_> = page.comments.iter().filter(|one| one.own).collect();
    assert_eq!(own.len(), 1);
    assert_eq!(own[0].text, "#more #tags");
}

#[tokio::test]
async fn an_upload_goes_on_where_it_broke_off() {
    let world = world().await;
    let account = world.account().await;
    let request = world.request("reel", "Long", vec![video()], json!({}));
    // The container, and a part of the bytes.
    let quota = DoneStep {
        name: "quota".to_owned(),
        result: json!({}),
    };
    let done = vec![quota];
    let step = Instagram.next_step(&request, &done).unwrap();
    let work = StepWork {
        account: &account,
        request: &request,
        done: &done,
        step: &step,
        first_sent_at: world.net.env.now(),
    };
    let crate::connector::StepAnswer::Done(result) =
        Instagram.run_step(&world.net, work).await.unwrap()
    else {
        panic!("made at once")
    };
    let id = result["id"].as_str().unwrap().to_owned();
    let part = TestFile::mp4(300_000).bytes[..120_000].to_vec();
    let token: Value = serde_json::from_str(secrecy::ExposeSecret::expose_secret(
        &account.credentials.secret,
    ))
    .unwrap();
    let url = world
        .instance
        .url
        .join(&format!("instagram/ig-api-upload/v26.0/{id}"))
        .unwrap();
    let broken = reqwest::Client::new()
        .post(url)
        .header(
            "authorization",
            format!("OAuth {}", token["token"].as_str().unwrap()),
        )
        .header("offset", 0)
        .header("file_size", 300_000)
        .body(part)
        .send()
        .await
        .unwrap();
    assert_eq!(broken.status(), 400, "it is not the whole file");

    let mut engine = world.engine(&account);
    engine.done = done;
    engine.done.push(DoneStep {
        name: step.name,
        result,
    });
    engine.publish(&request).await.unwrap();
    let posts = world.posts().await;
    assert_eq!(posts[0]["media"][0]["bytes"], 300_000);
    let requests = json!(world.requests().await).to_string();
    assert!(requests.contains(r#""offset":"120000""#), "{requests}");
}

#[tokio::test]
async fn reading_back_and_deleting() {
    let world = world().await;
    let account = world.account().await;
    let request = post(&world, "Soon gone");
    let mut engine = world.engine(&account);
    engine.publish(&request).await.unwrap();
    let live = Instagram
        .read_back(&world.net, &account, &engine.done)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(live.text.as_deref(), Some("Soon gone"));
    assert!(live.published_at.is_some());
    for _ in 0..2 {
        Instagram
            .delete(&world.net, &account, &engine.done)
            .await
            .unwrap();
    }
    assert!(world.posts().await.is_empty());
    let gone = Instagram
        .read_back(&world.net, &account, &engine.done)
        .await;
    assert_eq!(gone.unwrap(), None);
}
