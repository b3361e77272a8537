//! Networks' quotas: told before a post is planned, and kept when it is due.

use std::time::Duration;

use kernel::Timestamp;
use serde_json::{Value, json};

use crate::support::{User, World, eventually, until_status};

/// What X takes of an account in 15 minutes, and the longest thread.
const LIMIT: usize = 100;
const THREAD: usize = 25;

fn post(account: &str, mark: &str, parts: usize) -> Value {
    let part = |number| json!({ "text": format!("{mark} {number}"), "media": [] });
    json!({
        "parts": (0..parts).map(part).collect::<Vec<_>>(),
        "targets": [{ "socialAccountId": account }],
    })
}

async fn make(user: &User, mut post: Value, at: Option<Timestamp>) -> String {
    match at {
        Some(at) => post["scheduledAt"] = json!(at),
        None => post["publishNow"] = json!(true),
    }
    let made = user.post("posts", post).await.ok();
    made["id"].as_str().unwrap().to_owned()
}

/// The codes of what preflight has to say about a post of one part at `at`, and what is used up.
async fn preflight(user: &User, account: &str, at: Timestamp, more: Value) -> (Vec<Value>, Value) {
    let mut asked = post(account, "One more", 1);
    asked["scheduledAt"] = json!(at);
    for (key, value) in more.as_object().unwrap() {
        asked[key] = value.clone();
    }
    let report = user.post("posts/preflight", asked).await.ok();
    assert_eq!(report["ok"], true, "it is a warning: {report}");
    let target = &report["targets"][0];
    let problems = target["problems"].as_array().unwrap();
    for problem in problems {
        assert_eq!(problem["severity"], "warning");
    }
    let codes = problems.iter().map(|problem| problem["code"].clone());
    (codes.collect(), target["quotas"][0].clone())
}

#[tokio::test]
async fn what_would_be_too_much_is_said_while_it_is_planned() {
    for (world, instance) in World::both_simulated().await {
        let user = world.owner("olivia").await;
        let account = instance.consent(&user, "x", "mara").await;
        let account = account["id"].as_str().unwrap();
        let at = world.clock.env().now() + Duration::from_hours(24);
        let mut last = String::new();
        for number in 0..LIMIT / THREAD {
            let post = post(account, &format!("Planned {number}"), THREAD);
            last = make(&user, post, Some(at)).await;
        }
        let minutes = |minutes| Duration::from_mins(minutes);
        for around in [at - minutes(14), at, at + minutes(14)] {
            let (codes, used) = preflight(&user, account, around, json!({})).await;
            assert_eq!(codes, ["quota_used_up"], "{}: {around}", world.engine);
            assert_eq!((&used["used"], &used["limit"]), (&json!(100), &json!(100)));
            let free: Timestamp = serde_json::from_value(used["freeAt"].clone()).unwrap();
            assert_eq!(free, at + minutes(15));
        }
        for apart in [at - minutes(15), at + minutes(15)] {
            let (codes, used) = preflight(&user, account, apart, json!({})).await;
            assert!(codes.is_empty() && used["freeAt"].is_null(), "{codes:?}");
        }
        // A post that is looked at again does not count against itself.
        let (codes, used) = preflight(&user, account, at, json!({ "postId": last })).await;
        assert!(codes.is_empty(), "{codes:?}");
        assert_eq!(used["used"], 75);
        let report = user
            .post(&format!("posts/{last}/preflight"), json!({}))
            .await;
        assert_eq!(report.ok()["targets"][0]["quotas"][0]["used"], 75);

        // Nothing is out yet; and nobody else learns of it.
        let used = user.get("quotas").await.ok();
        assert_eq!(used["data"][0]["socialAccountId"], account);
        assert_eq!(used["data"][0]["quotas"][0]["used"], 0);
        let stranger = world.owner("steve").await;
        assert_eq!(stranger.get("quotas").await.ok()["data"], json!([]));
    }
}

#[tokio::test]
async fn a_post_beyond_the_quota_waits_for_room_and_uses_no_try() {
    for (world, instance) in World::both_simulated().await {
        let mut user = world.owner("olivia").await;
        let account = instance.consent(&user, "x", "mara").await;
        let account = account["id"].as_str().unwrap();
        for number in 0..LIMIT / THREAD {
            let post = post(account, &format!("Thread {number}"), THREAD);
            let id = make(&user, post, None).await;
            until_status(&user, &id, "published").await;
        }
        let used = user.get("quotas").await.ok();
        let quota = &used["data"][0]["quotas"][0];
        assert_eq!(
            (&quota["used"], &quota["limit"]),
            (&json!(100), &json!(100))
        );
        let free: Timestamp = serde_json::from_value(quota["freeAt"].clone()).unwrap();

        let asked = instance.asked("x", "/2/tweets").await;
        let waits = make(&user, post(account, "It waits", 1), None).await;
        let problem = eventually("the post to wait", || async {
            let post = user.get(&format!("posts/{waits}")).await.ok();
            let problem = post["targets"][0]["problem"].clone();
            (post["status"] == "scheduled" && !problem.is_null()).then_some(problem)
        })
        .await;
        assert_eq!(
            problem["code"], "quota_used_up",
            "{}: {problem}",
            world.engine
        );
        assert_eq!(problem["retryAt"], json!(free));
        let words = problem["message"].as_str().unwrap();
        assert!(
            words.starts_with("X takes 100 posts from an account in 15 minutes."),
            "{words}"
        );
        // One that comes later goes later, and it is still its author's.
        let second = make(&user, post(account, "Called off", 1), None).await;
        eventually("the second to wait", || async {
            let post = user.get(&format!("posts/{second}")).await.ok();
            (!post["targets"][0]["problem"].is_null()).then_some(())
        })
        .await;
        let path = format!("posts/{second}/cancel");
        let cancelled = user.post(&path, json!({})).await.ok();
        assert_eq!(cancelled["status"], "cancelled");

        world.clock.advance(Duration::from_mins(16));
        user.log_in().await;
        let post = until_status(&user, &waits, "published").await;
        let attempts = user.get(&format!("posts/{waits}/attempts")).await.ok();
        let outcomes: Vec<_> = attempts["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|attempt| &attempt["outcome"])
            .collect();
        assert_eq!(outcomes, ["published", "waiting"], "{post}");
        assert_eq!(instance.marked("x", "It waits").await, 1);
        assert_eq!(instance.marked("x", "Called off").await, 0);
        let more = instance.asked("x", "/2/tweets").await - asked;
        assert_eq!(more, 1, "the network was asked once, and not in vain");
    }
}
