//! Publishing, finding again and deleting.

use serde_json::{Value, json};

use super::{pds, uri};
use crate::{
    bluesky::Bluesky,
    connector::{Connector, DoneStep, Found, PublishRequest, StepAnswer, StepWork},
    error::{Certainty, ErrorKind},
    testing::{part, request, strict_net},
};

#[tokio::test]
async fn publishes_a_thread_with_images_and_deletes_it() {
    let Some(pds) = pds() else { return };
    let account = pds.account().await;
    let text = format!(
        "Grüße 👩‍👩‍👧 an @{} und @nobody.test: example.com #hallo",
        pds.handle
    );
    let post = request(
        &pds.net,
        vec![
            part(&text, &["eins", ""]),
            part("zwei", &[]),
            part("drei", &["three"]),
        ],
    );
    let mut engine = pds.engine(&account);
    engine.publish(&post).await.unwrap();
    let posts: Vec<_> = engine
        .done
        .iter()
        .filter(|step| step.name.starts_with("post"))
        .collect();
    assert_eq!(posts.len(), 3);

    let first = pds.record(uri(posts[0])).await;
    assert_eq!(first["text"], text);
    let cut = |facet: &Value| {
        let at = |side: &str| usize::try_from(facet["index"][side].as_u64().unwrap()).unwrap();
        text[at("byteStart")..at("byteEnd")].to_owned()
    };
    let facets = first["facets"].as_array().unwrap();
    assert_eq!(
        facets.len(),
        3,
        "a handle that nobody has stays text: {facets:?}"
    );
    assert_eq!(cut(&facets[0]), format!("@{}", pds.handle));
    assert_eq!(facets[0]["features"][0]["did"], account.platform_account_id);
    assert_eq!(cut(&facets[1]), "example.com");
    assert_eq!(facets[1]["features"][0]["uri"], "https://example.com");
    assert_eq!(cut(&facets[2]), "#hallo");
    let images = first["embed"]["images"].as_array().unwrap();
    assert_eq!([&images[0]["alt"], &images[1]["alt"]], ["eins", ""]);
    assert_eq!(images[0]["aspectRatio"], json!({ "width": 1, "height": 1 }));

    let third = pds.record(uri(posts[2])).await;
    assert_eq!(third["reply"]["root"]["uri"], posts[0].result["uri"]);
    assert_eq!(third["reply"]["parent"]["uri"], posts[1].result["uri"]);

    let published = Bluesky.published(&pds.net, &account, &post, &engine.done);
    assert_eq!(published.platform_post_id, uri(posts[0]));
    let key = uri(posts[0]).rsplit('/').next().unwrap();
    let page = format!("https://bsky.app/profile/{}/post/{key}", pds.handle);
    assert_eq!(published.url.unwrap().as_str(), page);

    for _ in 0..2 {
        Bluesky
            .delete(&pds.net, &account, &engine.done)
            .await
            .unwrap();
        assert_eq!(pds.record(uri(posts[0])).await, Value::Null);
    }
}

#[tokio::test]
async fn a_part_can_not_be_published_twice() {
    let Some(pds) = pds() else { return };
    let account = pds.account().await;
    let post = request(&pds.net, vec![part("once", &[])]);
    let step = Bluesky.next_step(&post, &[]).unwrap();
    let first_sent_at = pds.net.env.now();
    let work = StepWork {
        account: &account,
        request: &post,
        done: &[],
        step: &step,
        first_sent_at,
    };
    assert_eq!(Bluesky.find_step(&pds.net, work).await, Ok(Found::Absent));
    let StepAnswer::Done(posted) = Bluesky.run_step(&pds.net, work).await.unwrap() else {
        panic!("nothing to wait for");
    };
    assert_eq!(
        Bluesky.find_step(&pds.net, work).await,
        Ok(Found::Present(posted.clone()))
    );
    // The answer of the first was lost, say, and the engine crashed before it could look.
    let again = Bluesky.run_step(&pds.net, work).await.unwrap_err();
    assert_eq!(again.certainty, Certainty::Unknown, "{again}");
    let mut engine = pds.engine(&account);
    engine.publish(&post).await.unwrap();
    assert_eq!(engine.log, ["post:0 unknown", "post:0 found"]);
    assert_eq!(engine.done[0].result, posted);
    Bluesky
        .delete(&pds.net, &account, &engine.done)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_refusal_is_told_in_the_servers_words() {
    let Some(pds) = pds() else { return };
    let account = pds.account().await;
    let post = request(&pds.net, vec![part(&"é".repeat(301), &[])]);
    let error = pds.engine(&account).publish(&post).await.unwrap_err();
    assert_eq!(
        (error.kind, error.certainty),
        (ErrorKind::Refused, Certainty::Refused),
        "{error}"
    );
    assert!(error.message.contains("300"), "{error}");
}

#[tokio::test]
async fn an_image_that_the_server_forgot_is_sent_again() {
    let Some(pds) = pds() else { return };
    let account = pds.account().await;
    let post = request(&pds.net, vec![part("forgotten", &["alt"])]);
    let mut engine = pds.engine(&account);
    // A well-formed reference to a file that was never uploaded.
    let blob = json!({
        "$type": "blob",
        "ref": { "$link": "bafkreig5q5rblbzqznwk7ir6mld6aehrb2spzy2k7lch2hcgb2a3u5vu4m" },
        "mimeType": "image/png",
        "size": 11,
    });
    engine.done.push(DoneStep {
        name: "media:0:0".to_owned(),
        result: json!({ "blob": blob, "width": 1, "height": 1 }),
    });
    engine.publish(&post).await.unwrap();
    let record = pds.record(uri(&engine.done[1])).await;
    assert_ne!(record["embed"]["images"][0]["image"]["ref"], blob["ref"]);
    Bluesky
        .delete(&pds.net, &account, &engine.done)
        .await
        .unwrap();
}

#[test]
fn record_keys_are_tids_that_sort_by_time_and_place() {
    let net = strict_net();
    let mut post = request(&net, vec![part("a", &[]), part("b", &[])]);
    let key = |post: &PublishRequest, done: &[DoneStep]| -> String {
        Bluesky
            .next_step(post, done)
            .unwrap()
            .idempotency_key
            .unwrap()
    };
    let done = [DoneStep {
        name: "post:0".to_owned(),
        result: json!({ "uri": "", "cid": "" }),
    }];
    let (first, second) = (key(&post, &[]), key(&post, &done));
    for key in [&first, &second] {
        let legal = |c: char| "234567abcdefghijklmnopqrstuvwxyz".contains(c);
        assert!(
            key.len() == 13 && key.chars().all(legal) && key.as_str() < "k",
            "{key}"
        );
    }
    assert!(first < second, "{first} {second}");
    assert_eq!(first, key(&post, &[]));
    // Another text is the same post; another time or another target is not.
    post.parts[0].text = "corrected".to_owned();
    assert_eq!(first, key(&post, &[]));
    post.due_at = post.due_at + std::time::Duration::from_secs(1);
    assert!(first < key(&post, &[]));
    let other = request(&net, vec![part("a", &[])]);
    assert_ne!(first, key(&other, &[]));
}
