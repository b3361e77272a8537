//! What becomes of a post when the network misbehaves as it is given a file.

use serde_json::{Value, json};

use super::{Connected, Files, connect_all, options, post, publish, until};
use crate::support::{Instance, User, World};

/// Every way in which a file goes to a network: network, format, kind of file, and the sort of
/// requests that bring it.
const UPLOADS: [(&str, &str, &str, &str); 13] = [
    ("facebook", "post", "a picture", "upload"),
    // The sandbox counts every phase of a Page's video as publishing.
    ("facebook", "video", "a video", "publish"),
    ("facebook", "reel", "a video", "upload"),
    ("instagram", "post", "a picture", "upload"),
    ("instagram", "reel", "a video", "upload"),
    ("linkedin", "post", "a picture", "upload"),
    ("linkedin", "post", "a video", "upload"),
    ("pinterest", "video", "a video", "upload"),
    ("threads", "post", "a picture", "upload"),
    ("tiktok", "video", "a video", "upload"),
    ("x", "post", "a picture", "upload"),
    ("x", "post", "a video", "upload"),
    ("youtube", "video", "a video", "upload"),
];

/// Networks that look at a picture at once, so that its processing can't be slow.
const PICTURES_AT_ONCE: [&str; 2] = ["facebook", "x"];

/// How a post ends that met a fault.
enum End {
    /// It is published, after another try at most.
    Published,
    /// It failed, and a person is told to do this.
    Failed(&'static str),
    /// The network decides which of the two.
    Either(&'static str),
}

/// Lets every upload meet a fault, and looks how the post ends.
async fn every_upload(name: &str, fault: &Value, end: &End) {
    let (world, instance) = World::simulated().await;
    let user = world.owner("olivia").await;
    let files = Files::upload(&user).await;
    let networks = connect_all(&user, &instance).await;
    let one = async |network: &Connected| {
        // One after another: a fault meets the network's next request, whosever it is.
        for (_, format, kind, on) in UPLOADS.iter().filter(|one| one.0 == network.platform) {
            let at_once = PICTURES_AT_ONCE.contains(&network.platform.as_str());
            if fault["kind"] == "slow_processing" && *kind == "a picture" && at_once {
                continue;
            }
            let name = format!("{name}, {} {format} with {kind}", network.platform);
            let format = network.format(format);
            let sets = files.sets(format);
            let (_, set) = sets.iter().find(|(what, _)| what == kind).unwrap();
            let options = options(&user, network, format, &files, |_| false).await;
            let mut fault = fault.clone();
            fault["network"] = json!(network.platform);
            if fault["kind"] != "media_rejected" && fault["kind"] != "slow_processing" {
                fault["on"] = json!(on);
            }
            // An earlier fault may have ended the account's tokens.
            instance.consent(&user, &network.platform, "mara").await;
            instance.faults(json!([fault])).await;
            let post = post(network, format, set, &options, &name);
            let post = publish(&user, &name, post).await;
            look(&user, &instance, network, &post, &name, end).await;
            assert!(
                !instance.waiting_faults().await.contains(&network.platform),
                "{name}: the fault met nothing"
            );
        }
    };
    futures::future::join_all(networks.iter().map(one)).await;
}

/// Follows a post to its end.
async fn look(
    user: &User,
    instance: &Instance,
    network: &Connected,
    post: &str,
    name: &str,
    end: &End,
) {
    let first = until(user, post, name, &["scheduled", "published", "failed"]).await;
    let told = |post: &Value| {
        let words = post["targets"][0]["problem"]["message"].as_str();
        assert!(
            words.is_some_and(|words| words.len() > 20),
            "{name}: {post}"
        );
    };
    if first["status"] == "scheduled" {
        told(&first);
    }
    let last = until(user, post, name, &["published", "failed"]).await;
    let status = last["status"].as_str().unwrap();
    let there = instance.marked(&network.platform, name).await;
    match (end, status) {
        (End::Published | End::Either(_), "published") => assert_eq!(there, 1, "{name}"),
        (End::Failed(next) | End::Either(next), "failed") => {
            told(&last);
            let problem = &last["targets"][0]["problem"];
            assert_eq!(problem["nextStep"], *next, "{name}: {problem}");
            if *next == "reconnect" {
                // The person does as he is told.
                instance.consent(user, &network.platform, "mara").await;
                let again = format!("posts/{post}/retry");
                user.post(&again, json!({})).await.ok();
                until(user, post, name, &["published"]).await;
                let there = instance.marked(&network.platform, name).await;
                assert_eq!(there, 1, "{name}, after another try");
            } else {
                assert_eq!(there, 0, "{name}");
            }
        }
        _ => panic!("{name}: {status}, {}", last["targets"][0]["problem"]),
    }
}

#[tokio::test]
async fn an_upload_that_is_slow_is_waited_for() {
    every_upload(
        "slow",
        &json!({ "kind": "delay", "ms": 1_500 }),
        &End::Published,
    )
    .await;
}

#[tokio::test]
async fn an_upload_whose_connection_breaks_is_sent_again() {
    every_upload("broken", &json!({ "kind": "drop_before" }), &End::Published).await;
}

#[tokio::test]
async fn an_upload_whose_answer_is_lost_is_not_taken_twice() {
    let fault = json!({ "kind": "drop_after_accept" });
    every_upload("lost", &fault, &End::Published).await;
}

#[tokio::test]
async fn an_upload_that_is_answered_by_nonsense_is_not_taken_twice() {
    every_upload("nonsense", &json!({ "kind": "garbage" }), &End::Published).await;
}

#[tokio::test]
async fn an_upload_is_tried_again_after_a_fault_of_the_network() {
    let fault = json!({ "kind": "status", "status": 503 });
    every_upload("failing", &fault, &End::Published).await;
}

#[tokio::test]
async fn an_upload_waits_for_the_end_of_a_rate_limit() {
    let fault = json!({ "kind": "status", "status": 429, "reset_seconds": 10 });
    every_upload("limited", &fault, &End::Published).await;
}

#[tokio::test]
async fn a_token_that_expires_during_an_upload_is_renewed_or_asked_for() {
    let fault = json!({ "kind": "expire_token" });
    every_upload("expired", &fault, &End::Either("reconnect")).await;
}

#[tokio::test]
async fn a_withdrawn_consent_during_an_upload_asks_to_reconnect() {
    let fault = json!({ "kind": "revoke_token" });
    every_upload("revoked", &fault, &End::Either("reconnect")).await;
}

#[tokio::test]
async fn a_file_that_the_network_rejects_asks_for_another_one() {
    every_upload(
        "rejected",
        &json!({ "kind": "media_rejected" }),
        &End::Failed("edit"),
    )
    .await;
}

#[tokio::test]
async fn a_file_that_is_processed_slowly_is_waited_for() {
    let fault = json!({ "kind": "slow_processing", "seconds": 30 });
    every_upload("processed slowly", &fault, &End::Published).await;
}
