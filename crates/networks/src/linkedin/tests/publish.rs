//! Publishing every format, through every fault.

use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};

use super::{page, person, world};
use crate::{
    connector::{Account, Connector, Found, OutgoingPart, PublishRequest, StepAnswer, StepWork},
    error::{Certainty, ErrorKind, NetworkError},
    linkedin::Linkedin,
    testing::{TestFile, World, part, request, request_as},
};

fn film(bytes: usize) -> TestFile {
    TestFile::new("video/mp4", Bytes::from(vec![7; bytes]))
}

fn with(text: &str, file: TestFile) -> OutgoingPart {
    OutgoingPart {
        text: text.to_owned(),
        media: vec![file.attach("")],
    }
}

async fn publish(
    world: &World,
    account: &Account,
    request: &PublishRequest,
) -> Result<Vec<String>, NetworkError> {
    let mut engine = world.engine(account);
    engine.publish(request).await?;
    assert_eq!(Linkedin.next_step(request, &engine.done), None);
    Ok(engine.log)
}

#[tokio::test]
async fn publishes_as_a_page_and_takes_it_down() {
    let world = world().await;
    let account = page(&world).await;
    let text = "Hello (world) #coffee_time @[Fernway Bicycles](urn:li:organization:123) 50% *off*_";
    let options = json!({ "firstComment": "Come by (early)", "noReshares": true });
    let request = request_as(
        &world.net,
        "post",
        vec![part(text, &["A red pixel"])],
        options,
    );
    let mut engine = world.engine(&account);
    engine.publish(&request).await.unwrap();
    let posts = world.posts().await;
    assert_eq!(posts.len(), 1);
    let seen = "Hello (world) #coffee_time Fernway Bicycles 50% *off*_";
    assert_eq!(posts[0]["text"], seen);
    assert_eq!(posts[0]["media"][0]["alt"], "A red pixel");
    let published = Linkedin.published(&world.net, &account, &request, &engine.done);
    assert_eq!(published.platform_post_id, posts[0]["id"]);
    let page = reqwest::get(published.url.unwrap()).await.unwrap();
    assert!(page.status().is_success());

    let live = Linkedin
        .read_back(&world.net, &account, &engine.done)
        .await
        .unwrap()
        .unwrap();
    assert_eq!(live.text.unwrap(), seen);
    assert!(live.published_at.is_some());
    Linkedin
        .delete(&world.net, &account, &engine.done)
        .await
        .unwrap();
    assert_eq!(world.posts().await, Vec::<Value>::new());
    Linkedin
        .delete(&world.net, &account, &engine.done)
        .await
        .unwrap();
    let gone = Linkedin.read_back(&world.net, &account, &engine.done).await;
    assert_eq!(gone.unwrap(), None);
}

#[tokio::test]
async fn sends_the_bodies_of_the_documentation() {
    let world = world().await;
    let account = page(&world).await;
    let author = account.platform_account_id.clone();
    let text = request(&world.net, vec![part("Text only", &[])]);
    publish(&world, &account, &text).await.unwrap();
    let several = request(&world.net, vec![part("Several", &["One", "", "Three"])]);
    publish(&world, &account, &several).await.unwrap();
    let mut link = request_as(
        &world.net,
        "article",
        vec![part("A link", &[])],
        json!({ "link": "https://example.org/a", "title": "Title", "description": "What it is" }),
    );
    link.attachments
        .insert("thumbnail".to_owned(), TestFile::pixel().attach(""));
    publish(&world, &account, &link).await.unwrap();
    let poll = request_as(
        &world.net,
        "poll",
        vec![part("A poll", &[])],
        json!({ "question": "Which?", "poll": { "choices": ["Red", "Blue"], "minutes": 4_320 } }),
    );
    publish(&world, &account, &poll).await.unwrap();
    let pdf = TestFile::new("application/pdf", Bytes::from_static(b"%PDF-1.7 and so on"));
    let document = request_as(
        &world.net,
        "document",
        vec![with("A document", pdf)],
        json!({ "title": "The plan" }),
    );
    publish(&world, &account, &document).await.unwrap();

    let bodies = world.bodies("/rest/posts").await;
    // learn.microsoft.com/linkedin/marketing/community-management/shares/posts-api#create-a-post
    assert_eq!(
        bodies[0],
        json!({
            "author": author,
            "commentary": "Text only",
            "visibility": "PUBLIC",
            "distribution": {
                "feedDistribution": "MAIN_FEED",
                "targetEntities": [],
                "thirdPartyDistributionChannels": [],
            },
            "lifecycleState": "PUBLISHED",
            "isReshareDisabledByAuthor": false,
        })
    );
    let images = bodies[1]["content"]["multiImage"]["images"]
        .as_array()
        .unwrap();
    assert_eq!(images.len(), 3);
    assert_eq!(images[0]["altText"], "One");
    assert_eq!(images[1].get("altText"), None);
    let article = &bodies[2]["content"]["article"];
    assert_eq!(article["source"], "https://example.org/a");
    assert!(
        article["thumbnail"]
            .as_str()
            .unwrap()
            .starts_with("urn:li:image:")
    );
    assert_eq!(
        bodies[3]["content"]["poll"],
        json!({
            "question": "Which?",
            "options": [{ "text": "Red" }, { "text": "Blue" }],
            "settings": {
                "duration": "THREE_DAYS",
                "voteSelectionType": "SINGLE_VOTE",
                "isVoterVisibleToAuthor": true,
            },
        })
    );
    let media = &bodies[4]["content"]["media"];
    assert!(
        media["id"]
            .as_str()
            .unwrap()
            .starts_with("urn:li:document:")
    );
    assert_eq!(media["title"], "The plan");
    let formats: Vec<_> = world
        .posts()
        .await
        .iter()
        .map(|post| post["format"].clone())
        .collect();
    assert_eq!(formats, ["post", "carousel", "article", "poll", "document"]);
}

#[tokio::test]
async fn a_video_goes_up_in_pieces_and_is_waited_for() {
    let world = world().await;
    let account = page(&world).await;
    let size = (9 << 20) + 17;
    let request = request(&world.net, vec![with("Watch this", film(size))]);
    let mut engine = world.engine(&account);
    // A piece is refused, another one's answer is lost: only those are sent again.
    world
        .fault(json!({ "kind": "status", "status": 503, "on": "upload" }))
        .await;
    engine.publish(&request).await.unwrap_err();
    world
        .fault(json!({ "kind": "drop_after_accept", "on": "upload" }))
        .await;
    engine.publish(&request).await.unwrap_err();
    engine.publish(&request).await.unwrap();
    assert!(engine.log.iter().any(|line| line == "ready:0:0 pending"));
    assert_eq!(world.bodies("/rest/videos").await.len(), 2);
    let posts = world.posts().await;
    assert_eq!(posts[0]["media"][0]["bytes"], json!(size));
    assert!(
        posts[0]["id"]
            .as_str()
            .unwrap()
            .starts_with("urn:li:ugcPost:")
    );
}

#[tokio::test]
async fn a_person_publishes_too() {
    let world = world().await;
    let account = person(&world).await;
    let options = json!({ "visibility": "CONNECTIONS" });
    let request = request_as(&world.net, "post", vec![part("Just me", &["red"])], options);
    let mut engine = world.engine(&account);
    let error = engine.publish(&request).await.unwrap_err();
    // Such an app can't see whether the picture is processed; LinkedIn says when it is not.
    assert_eq!(error.kind, ErrorKind::Temporary, "{error}");
    assert_eq!(error.certainty, Certainty::Refused);
    world.clock.advance(error.retry_after.unwrap());
    engine.publish(&request).await.unwrap();
    assert_eq!(world.posts().await.len(), 1);
    let live = Linkedin.read_back(&world.net, &account, &engine.done).await;
    assert!(live.unwrap_err().message.contains("does not let apps"));
    Linkedin
        .delete(&world.net, &account, &engine.done)
        .await
        .unwrap();
    assert_eq!(world.posts().await.len(), 0);
}

#[tokio::test]
async fn a_lost_answer_of_a_page_is_looked_for() {
    let world = world().await;
    let account = page(&world).await;
    for (text, alt_texts) in [
        ("Plain", &[][..]),
        (
            "(Reserved) *characters* #tag_one & @[Name](urn:li:person:abc)",
            &[],
        ),
        ("With a picture", &["red"]),
    ] {
        for (fault, expected) in [
            ("drop_after_accept", ["post:0 unknown", "post:0 found"]),
            ("drop_before", ["post:0 unknown", "post:0 absent"]),
        ] {
            let before = world.posts().await.len();
            let text = format!("{text} {fault}");
            let request = request(&world.net, vec![part(&text, alt_texts)]);
            world.fault(json!({ "kind": fault, "on": "publish" })).await;
            let mut log = publish(&world, &account, &request).await.unwrap();
            log.retain(|line| line.starts_with("post"));
            assert_eq!(log, expected, "{text}");
            assert_eq!(world.posts().await.len(), before + 1, "{text}");
            world.clock.advance(Duration::from_mins(2));
        }
    }
}

#[tokio::test]
async fn a_lost_first_comment_is_looked_for() {
    let world = world().await;
    let account = page(&world).await;
    let options = json!({ "firstComment": "One more thing" });
    let request = request_as(&world.net, "post", vec![part("Look", &[])], options);
    world
        .fault(json!({ "kind": "drop_after_accept", "path": "/rest/socialActions" }))
        .await;
    let log = publish(&world, &account, &request).await.unwrap();
    assert_eq!(log, ["comment unknown", "comment found"]);
}

#[tokio::test]
async fn what_became_of_a_persons_post_is_told_by_a_refused_repetition() {
    let world = world().await;
    let account = person(&world).await;
    let request = request(&world.net, vec![part("Perhaps", &[])]);
    let step = Linkedin.next_step(&request, &[]).unwrap();
    let work = StepWork {
        account: &account,
        request: &request,
        done: &[],
        step: &step,
        first_sent_at: request.due_at,
    };
    world
        .fault(json!({ "kind": "drop_after_accept", "on": "publish" }))
        .await;
    let lost = Linkedin.run_step(&world.net, work).await.unwrap_err();
    assert_eq!(lost.certainty, Certainty::Unknown);
    // LinkedIn lets nobody look, so a person is asked.
    let found = Linkedin.find_step(&world.net, work).await.unwrap();
    assert!(matches!(found, Found::CannotTell(_)), "{found:?}");
    // If he says “publish again”, LinkedIn names the post that is there.
    let answer = Linkedin.run_step(&world.net, work).await.unwrap();
    let posts = world.posts().await;
    assert_eq!(posts.len(), 1);
    assert_eq!(answer, StepAnswer::Done(json!({ "urn": posts[0]["id"] })));

    // Another post with the same text is refused.
    world.clock.advance(Duration::from_mins(5));
    let other = request_as(&world.net, "post", vec![part("Perhaps", &[])], json!({}));
    let error = publish(&world, &account, &other).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Refused, "{error}");
    assert!(error.message.contains("same text"), "{error}");
    world.clock.advance(Duration::from_mins(10));
    publish(&world, &account, &other).await.unwrap();
}

#[tokio::test]
async fn every_fault_says_what_to_do() {
    let world = world().await;
    for (fault, kind, words) in [
        (
            json!({ "kind": "status", "status": 429, "reset_seconds": 60 }),
            ErrorKind::RateLimited,
            "tries again",
        ),
        (
            json!({ "kind": "status", "status": 426 }),
            ErrorKind::Refused,
            "update AllIN",
        ),
        (
            json!({ "kind": "duplicate_content" }),
            ErrorKind::Refused,
            "same text",
        ),
        (
            json!({ "kind": "permission_missing" }),
            ErrorKind::Reconnect,
            "permission",
        ),
        (
            json!({ "kind": "expire_token" }),
            ErrorKind::TokenExpired,
            "connect",
        ),
        (
            json!({ "kind": "revoke_token" }),
            ErrorKind::Reconnect,
            "connect",
        ),
    ] {
        let account = page(&world).await;
        let mut fault = fault;
        fault["on"] = json!("publish");
        world.fault(fault.clone()).await;
        let request = request(&world.net, vec![part("Never seen", &[])]);
        let error = publish(&world, &account, &request).await.unwrap_err();
        assert_eq!(
            (error.kind, error.certainty),
            (kind, Certainty::Refused),
            "{fault}: {error}"
        );
        assert!(error.message.contains(words), "{fault}: {error}");
        if kind == ErrorKind::RateLimited {
            let wait = error.retry_after.unwrap().as_secs();
            assert!((55..=61).contains(&wait), "{wait}");
        }
    }
    assert_eq!(world.posts().await.len(), 0);
    let account = page(&world).await;
    world
        .instance
        .faults(json!([{ "network": "linkedin", "kind": "status", "status": 504, "on": "publish", "times": 2 }]))
        .await;
    let request = request(&world.net, vec![part("After the storm", &[])]);
    publish(&world, &account, &request).await.unwrap();
    assert_eq!(world.posts().await.len(), 1);
}

#[tokio::test]
async fn rejected_and_slow_media_are_told() {
    let world = world().await;
    let account = page(&world).await;
    world.fault(json!({ "kind": "media_rejected" })).await;
    let film_post = request(&world.net, vec![with("A film", film(100_000))]);
    let error = publish(&world, &account, &film_post).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Refused, "{error}");
    assert!(error.detail.contains("Unsupported file format"), "{error}");
    world
        .fault(json!({ "kind": "slow_processing", "seconds": 60 }))
        .await;
    let log = publish(&world, &account, &film_post).await.unwrap();
    assert!(log.len() > 10, "{log:?}");
    assert_eq!(world.posts().await.len(), 1);
}
