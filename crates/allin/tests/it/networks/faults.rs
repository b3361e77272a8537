//! What becomes of a post when the network misbehaves as it publishes it.

use serde_json::json;

use super::{Connected, Files, connect_all, options, post, publish, until};
use crate::support::World;

/// What a post must be after a fault: its state, and the next step that a person is shown.
const FAULTS: [(&str, &[&str]); 6] = [
    ("drop_after_accept", &["published", "needs_attention"]),
    (
        "drop_before",
        &["published", "needs_attention", "scheduled"],
    ),
    ("expire_token", &["published", "failed"]),
    ("revoke_token", &["failed"]),
    ("permission_missing", &["failed"]),
    ("status", &["scheduled"]),
];

#[tokio::test]
async fn a_network_that_misbehaves_gets_nothing_twice_and_no_success_is_claimed_falsely() {
    let one_kind = async |(kind, allowed): (&str, &[&str])| {
        // Each kind of fault has networks of its own: a fault meets the next request, whosever it is.
        let (world, instance) = World::simulated().await;
        let user = world.owner(&kind.replace('_', "-")).await;
        let files = Files::upload(&user).await;
        let networks = connect_all(&user, &instance).await;
        let one = async |network: &Connected| {
            let name = format!("{kind} on {}", network.platform);
            let format = &network.formats[0];
            let options = options(&user, network, format, &files, |_| false).await;
            let draft = post(network, format, &files.usual(format), &options, &name);
            let mut fault = json!({ "network": network.platform, "kind": kind, "on": "publish" });
            if kind == "status" {
                fault["status"] = json!(429);
                fault["reset_seconds"] = json!(120);
            }
            instance.faults(json!([fault])).await;
            let made = publish(&user, &name, draft).await;
            let post = until(&user, &made, &name, allowed).await;
            let status = post["status"].as_str().unwrap();
            let problem = &post["targets"][0]["problem"];
            let there = instance.marked(&network.platform, &name).await;
            assert!(there <= 1, "{name}: {there} posts");
            if status == "published" {
                assert_eq!(there, 1, "{name}: nothing is there");
            } else {
                assert!(
                    problem["message"]
                        .as_str()
                        .is_some_and(|words| words.len() > 20),
                    "{name}: {problem}"
                );
            }
            if kind == "revoke_token" {
                assert_eq!(problem["nextStep"], "reconnect", "{name}: {problem}");
            }
        };
        futures::future::join_all(networks.iter().map(one)).await;
    };
    futures::future::join_all(FAULTS.map(one_kind)).await;
}
