use super::*;
use crate::connector::{DoneStep, StepAnswer, StepWork};

/// Publishes, and answers what the feed page shows of it.
async fn published(world: &World, account: &Account, request: &PublishRequest) -> Value {
    let mut engine = world.engine(account);
    engine.publish(request).await.unwrap();
    let published = Facebook.published(&world.net, account, request, &engine.done);
    let posts = world.posts().await;
    let post = posts.last().unwrap().clone();
    assert_eq!(post["id"], published.platform_post_id);
    let url = published.url.unwrap();
    assert!(url.as_str().ends_with(&published.platform_post_id), "{url}");
    post
}

#[tokio::test]
async fn a_text_and_a_link() {
    let world = world().await;
    let account = world.account().await;
    let post = published(&world, &account, &post(&world, "Six o'clock")).await;
    assert_eq!(post["format"], "post");
    assert_eq!(post["account"], "harbourlight");
    assert_eq!(post["text"], "Six o'clock");

    let options = json!({ "link": "https://harbour.example/menu", "place": "7640348500" });
    let request = world.request("post", "The menu", Vec::new(), options);
    let post = published(&world, &account, &request).await;
    assert_eq!(post["link"], "https://harbour.example/menu");
    assert!(post["details"].to_string().contains("7640348500"));
}

#[tokio::test]
async fn photos_with_descriptions() {
    let world = world().await;
    let account = world.account().await;
    for count in [1, 3] {
        let media = (0..count).map(|number| image(&format!("Cup {number}")));
        let request = world.request("post", "Cups", media.collect(), json!({}));
        let post = published(&world, &account, &request).await;
        let media = post["media"].as_array().unwrap();
        assert_eq!(media.len(), count);
        assert_eq!(media[0]["alt"], "Cup 0");
        assert_eq!(media[count - 1]["alt"], format!("Cup {}", count - 1));
    }
}

#[tokio::test]
async fn videos_and_reels() {
    let world = world().await;
    let account = world.account().await;
    for format in ["video", "reel"] {
        let options = json!({ "title": "Rain" });
        let request = world.request(format, "Watch", vec![video()], options);
        let post = published(&world, &account, &request).await;
        assert_eq!(post["format"], format);
        assert_eq!(post["text"], "Watch");
        assert_eq!(post["title"], "Rain");
        assert_eq!(post["media"][0]["bytes"], VIDEO_BYTES);
    }
}

#[tokio::test]
async fn stories_of_a_photo_and_of_a_video() {
    let world = world().await;
    let account = world.account().await;
    for media in [image("not taken"), video()] {
        let request = world.request("story", "", vec![media], json!({}));
        let post = published(&world, &account, &request).await;
        assert_eq!(post["format"], "story");
    }
    world.clock.advance(Duration::from_hours(25));
    assert!(
        world.posts().await.is_empty(),
        "stories are gone after a day"
    );
}

#[tokio::test]
async fn the_first_comment() {
    let world = world().await;
    let account = world.account().await;
    for (format, media) in [("post", Vec::new()), ("reel", vec![video()])] {
        let options = json!({ "firstComment": "More below" });
        let request = world.request(format, "Hello", media, options);
        let mut engine = world.engine(&account);
        engine.publish(&request).await.unwrap();
        let comments = Facebook.comments().unwrap();
        let page = comments
            .list(&world.net, &account, &engine.done, None)
            .await
            .unwrap();
        let own: Vec<_> = page.comments.iter().filter(|one| one.own).collect();
        assert_eq!(own.len(), 1, "{format}");
        assert_eq!(own[0].text, "More below");
    }
}

/// Runs the first step: the video has an id from then on.
async fn begin(world: &World, account: &Account, request: &PublishRequest) -> DoneStep {
    let step = Facebook.next_step(request, &[]).unwrap();
    let work = StepWork {
        account,
        request,
        done: &[],
        step: &step,
        first_sent_at: world.net.env.now(),
    };
    match Facebook.run_step(&world.net, work).await.unwrap() {
        StepAnswer::Done(result) => DoneStep {
            name: step.name,
            result,
        },
        StepAnswer::Pending { .. } => panic!("made at once"),
    }
}

fn token(account: &Account) -> String {
    let secret = secrecy::ExposeSecret::expose_secret(&account.credentials.secret);
    let secret: Value = serde_json::from_str(secret).unwrap();
    secret["token"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_upload_goes_on_where_it_broke_off() {
    const PART: usize = 120_000;
    let world = world().await;
    let account = world.account().await;
    let client = reqwest::Client::new();
    for format in ["video", "reel"] {
        let request = world.request(format, "Long", vec![video()], json!({}));
        let begun = begin(&world, &account, &request).await;
        let part = TestFile::mp4(VIDEO_BYTES).bytes[..PART].to_vec();
        if format == "video" {
            let session = begun.result["upload_session_id"].as_str().unwrap();
            let form = reqwest::multipart::Form::new()
                .text("upload_phase", "transfer")
                .text("upload_session_id", session.to_owned())
                .text("start_offset", "0")
                .part(
                    "video_file_chunk",
                    reqwest::multipart::Part::bytes(part).file_name("piece"),
                );
            let path = format!("facebook/v26.0/{}/videos", account.platform_account_id);
            let url = world.instance.url.join(&path).unwrap();
            let answer = client.post(url).bearer_auth(token(&account));
            let answer = answer.multipart(form).send().await.unwrap();
            assert_eq!(answer.status(), 200);
        } else {
            let id = begun.result["video_id"].as_str().unwrap();
            let path = format!("facebook/video-upload/v26.0/{id}");
            let url = world.instance.url.join(&path).unwrap();
            let answer = client
                .post(url)
                .header("authorization", format!("OAuth {}", token(&account)))
                .header("offset", 0)
                .header("file_size", VIDEO_BYTES)
                .body(part);
            let answer = answer.send().await.unwrap();
            assert_eq!(answer.status(), 400, "it is not the whole file");
        }
        let mut engine = world.engine(&account);
        engine.done.push(begun);
        engine.publish(&request).await.unwrap();
        let posts = world.posts().await;
        assert_eq!(posts.last().unwrap()["media"][0]["bytes"], VIDEO_BYTES);
    }
    let requests = json!(world.requests().await).to_string();
    assert!(requests.contains(r#""offset":"120000""#), "{requests}");
}

#[tokio::test]
async fn reading_back_and_deleting() {
    let world = world().await;
    let account = world.account().await;
    for (format, media) in [("post", vec![image("")]), ("video", vec![video()])] {
        let request = world.request(format, "Soon gone", media, json!({}));
        let mut engine = world.engine(&account);
        engine.publish(&request).await.unwrap();
        let live = Facebook
            .read_back(&world.net, &account, &engine.done)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(live.text.as_deref(), Some("Soon gone"));
        assert!(live.published_at.is_some());
        for _ in 0..2 {
            Facebook
                .delete(&world.net, &account, &engine.done)
                .await
                .unwrap();
        }
        assert!(world.posts().await.is_empty());
        let gone = Facebook.read_back(&world.net, &account, &engine.done).await;
        assert_eq!(gone.unwrap(), None);
    }
    let request = world.request("story", "", vec![image("")], json!({}));
    let mut engine = world.engine(&account);
    engine.publish(&request).await.unwrap();
    let kept = Facebook.delete(&world.net, &account, &engine.done).await;
    let error = kept.unwrap_err();
    assert!(error.message.contains("delete it on Facebook"), "{error}");
}
