//! From a draft to a post that is live: on time, once, and told truthfully.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::{Instance, User, World, eventually, png, sandbox, until_status};

/// A person with an account on a simulated instance.
struct Stage {
    user: User,
    instance: Instance,
    account: String,
}

async fn stage(world: &World) -> Stage {
    let user = world.owner("olivia").await;
    let instance = sandbox(&world.clock).await;
    let account = instance.connect(&user, "olivia").await;
    Stage {
        user,
        instance,
        account,
    }
}

impl Stage {
    fn text(&self, text: &str) -> Value {
        json!({
            "parts": [{ "text": text, "media": [] }],
            "targets": [{ "socialAccountId": self.account }],
        })
    }

    /// Publishes now and answers the post's id.
    async fn publish(&self, text: &str) -> String {
        let mut post = self.text(text);
        post["publishNow"] = json!(true);
        let post = self.user.post("posts", post).await.ok();
        post["id"].as_str().unwrap().to_owned()
    }
}

#[tokio::test]
async fn a_scheduled_post_with_an_image_goes_live_once_and_on_time() {
    for world in World::both().await {
        let stage = stage(&world).await;
        let image = stage
            .user
            .upload("sea.png", "image/png", png(80, 60))
            .await
            .ok();
        let mut post = stage.text("Hello from #AllIN");
        post["parts"][0]["media"] = json!([{ "contentId": image["id"], "altText": "The sea" }]);
        let at = world.clock.env().now() + Duration::from_secs(2);
        post["scheduledAt"] = json!(at);
        let post = stage.user.post("posts", post).await.ok();
        assert_eq!(post["status"], "scheduled", "{}", world.engine);
        let id = post["id"].as_str().unwrap();
        assert!(
            stage.instance.statuses().await.is_empty(),
            "before its time nothing is out"
        );

        let post = until_status(&stage.user, id, "published").await;
        let target = &post["targets"][0];
        let statuses = stage.instance.statuses().await;
        assert_eq!(statuses.len(), 1);
        assert_eq!(statuses[0]["text"], "Hello from #AllIN");
        assert_eq!(
            statuses[0]["media_attachments"][0]["description"],
            "The sea"
        );
        assert_eq!(target["platformPostUrl"], statuses[0]["url"]);
        assert_eq!(target["attempts"], 1);
        let published: kernel::Timestamp =
            serde_json::from_value(target["publishedAt"].clone()).unwrap();
        assert!(
            published >= at && published.since(at) < Duration::from_secs(2),
            "{published} for {at}"
        );

        let attempts = stage.user.get(&format!("posts/{id}/attempts")).await.ok();
        assert_eq!(attempts["data"][0]["outcome"], "published");
        assert!(
            attempts["data"][0]["steps"]
                .as_array()
                .unwrap()
                .iter()
                .all(|step| step["state"] == "accepted")
        );

        let post = stage
            .user
            .post(&format!("posts/{id}/unpublish"), json!({}))
            .await
            .ok();
        assert_eq!(post["targets"][0]["status"], "deleted");
        assert!(stage.instance.statuses().await.is_empty());
    }
}

#[tokio::test]
async fn a_lost_answer_does_not_publish_twice() {
    for world in World::both().await {
        let stage = stage(&world).await;
        stage
            .instance
            .faults(json!([{ "kind": "drop_after_accept", "method": "POST", "path": "/api/v1/statuses" }]))
            .await;
        let id = stage.publish("Only once").await;
        let post = until_status(&stage.user, &id, "published").await;
        let statuses = stage.instance.statuses().await;
        assert_eq!(statuses.len(), 1, "{}", world.engine);
        assert_eq!(post["targets"][0]["platformPostUrl"], statuses[0]["url"]);
    }
}

#[tokio::test]
async fn a_worker_does_not_take_over_what_it_has_in_hand_itself() {
    for world in World::both().await {
        let stage = stage(&world).await;
        stage
            .instance
            .faults(json!([{ "kind": "delay", "ms": 3_000, "method": "POST", "path": "/api/v1/statuses" }]))
            .await;
        let slow = stage.publish("Slow and alive").await;
        until_status(&stage.user, &slow, "publishing").await;
        // Its lease ends before it is extended, and then the worker takes its next turn.
        world.clock.advance(Duration::from_mins(3));
        let next = stage.publish("The next turn").await;
        until_status(&stage.user, &next, "published").await;
        let post = until_status(&stage.user, &slow, "published").await;
        assert_eq!(post["targets"][0]["attempts"], 1, "{}", world.engine);
        assert_eq!(stage.instance.statuses().await.len(), 2);
    }
}

#[tokio::test]
async fn a_post_that_may_be_live_can_not_be_changed_until_that_is_known() {
    for world in World::both().await {
        let stage = stage(&world).await;
        // The answer is lost, and then the network can't even be asked.
        stage
            .instance
            .faults(json!([
                { "kind": "drop_after_accept", "method": "POST", "path": "/api/v1/statuses" },
                { "kind": "status", "status": 503, "method": "GET", "path": "/api/v1/accounts" },
            ]))
            .await;
        let id = stage.publish("Was it sent?").await;
        let post = eventually("a retry", || async {
            let post = stage.user.get(&format!("posts/{id}")).await.ok();
            (post["targets"][0]["problem"]["nextStep"] == "retry_later").then_some(post)
        })
        .await;
        let other = json!({
            "version": post["version"], "parts": [{ "text": "Another text", "media": [] }],
        });
        let edited = stage.user.patch(&format!("posts/{id}"), other).await;
        assert_eq!(edited.code(), "INVALID_STATE", "{}", world.engine);
        assert!(
            edited.message().contains("finding out"),
            "{}",
            edited.message()
        );
        for action in ["publish", "cancel"] {
            let answer = stage
                .user
                .post(&format!("posts/{id}/{action}"), json!({}))
                .await;
            assert_eq!(answer.code(), "INVALID_STATE", "{action}");
        }
        world.clock.advance(Duration::from_mins(1));
        until_status(&stage.user, &id, "published").await;
        let texts: Vec<_> = stage
            .instance
            .statuses()
            .await
            .iter()
            .map(|s| s["text"].clone())
            .collect();
        assert_eq!(texts, ["Was it sent?"], "{}", world.engine);
    }
}

#[tokio::test]
async fn a_passing_failure_is_told_and_tried_again() {
    for world in World::both().await {
        let stage = stage(&world).await;
        stage
            .instance
            .faults(json!([
                { "kind": "status", "status": 503, "method": "POST", "path": "/api/v1/statuses" },
            ]))
            .await;
        let id = stage.publish("Patience").await;
        let waiting = eventually("a retry", || async {
            let post = stage.user.get(&format!("posts/{id}")).await.ok();
            (post["targets"][0]["problem"]["nextStep"] == "retry_later").then_some(post)
        })
        .await;
        assert_eq!(waiting["status"], "scheduled", "{}", world.engine);
        assert!(waiting["targets"][0]["problem"]["retryAt"].is_string());
        world.clock.advance(Duration::from_mins(1));
        let post = until_status(&stage.user, &id, "published").await;
        assert_eq!(post["targets"][0]["attempts"], 2);
        assert!(post["targets"][0]["problem"].is_null());
        assert_eq!(stage.instance.statuses().await.len(), 1);
        let attempts = stage.user.get(&format!("posts/{id}/attempts")).await.ok();
        let outcomes: Vec<_> = attempts["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|a| a["outcome"].clone())
            .collect();
        assert_eq!(outcomes, ["published", "retrying"]);
    }
}

#[tokio::test]
async fn a_revoked_account_fails_with_the_way_out_and_can_be_retried() {
    for world in World::both().await {
        let stage = stage(&world).await;
        stage
            .instance
            .faults(json!([{ "kind": "revoke_token", "path": "/api/v1/statuses" }]))
            .await;
        let id = stage.publish("Locked out").await;
        let post = until_status(&stage.user, &id, "failed").await;
        assert_eq!(
            post["targets"][0]["problem"]["nextStep"], "reconnect",
            "{}",
            world.engine
        );
        let account = stage
            .user
            .get(&format!("social-accounts/{}", stage.account))
            .await
            .ok();
        assert_eq!(account["status"], "expired");

        let again = stage.instance.connect(&stage.user, "olivia").await;
        assert_eq!(again, stage.account, "reconnecting keeps the account");
        stage
            .user
            .post(&format!("posts/{id}/retry"), json!({}))
            .await
            .ok();
        until_status(&stage.user, &id, "published").await;
        assert_eq!(stage.instance.statuses().await.len(), 1);
    }
}

#[tokio::test]
async fn cancelled_moved_and_edited_posts_do_what_was_said_last() {
    for world in World::both().await {
        let mut stage = stage(&world).await;
        let later = world.clock.env().now() + Duration::from_hours(1);
        let [cancelled, edited, moved] = ["Cancelled", "Before", "Moved"].map(|text| {
            let mut post = stage.text(text);
            post["scheduledAt"] = json!(later);
            post
        });
        let cancelled = stage.user.post("posts", cancelled).await.ok();
        let edited = stage.user.post("posts", edited).await.ok();
        let moved = stage.user.post("posts", moved).await.ok();
        let id = |post: &Value| post["id"].as_str().unwrap().to_owned();

        let path = format!("posts/{}/cancel", id(&cancelled));
        assert_eq!(
            stage.user.post(&path, json!({})).await.ok()["status"],
            "cancelled"
        );
        let change = json!({
            "version": edited["version"], "parts": [{ "text": "After", "media": [] }],
        });
        let path = format!("posts/{}", id(&edited));
        assert_eq!(
            stage.user.patch(&path, change.clone()).await.ok()["status"],
            "scheduled"
        );
        assert_eq!(
            stage.user.patch(&path, change).await.code(),
            "VERSION_CONFLICT"
        );
        let path = format!("posts/{}/schedule", id(&moved));
        let far = world.clock.env().now() + Duration::from_hours(2);
        stage
            .user
            .post(&path, json!({ "scheduledAt": far }))
            .await
            .ok();

        world.clock.advance(Duration::from_secs(3601));
        stage.user.log_in().await;
        until_status(&stage.user, &id(&edited), "published").await;
        let texts: Vec<_> = stage
            .instance
            .statuses()
            .await
            .iter()
            .map(|s| s["text"].clone())
            .collect();
        assert_eq!(texts, ["After"], "{}", world.engine);
    }
}

#[tokio::test]
async fn a_post_missed_during_an_outage_asks_instead_of_bursting() {
    let world = World::sqlite().await;
    let mut stage = stage(&world).await;
    let mut post = stage.text("Missed");
    post["scheduledAt"] = json!(world.clock.env().now() + Duration::from_mins(10));
    let post = stage.user.post("posts", post).await.ok();
    let id = post["id"].as_str().unwrap();
    // The organisation allows an hour.
    world.clock.advance(Duration::from_secs(600 + 3700));
    stage.user.log_in().await;
    let post = until_status(&stage.user, id, "needs_attention").await;
    assert_eq!(post["targets"][0]["problem"]["code"], "missed");
    assert!(stage.instance.statuses().await.is_empty());

    let decision = json!({ "targetId": post["targets"][0]["id"], "decision": "publish_again" });
    stage
        .user
        .post(&format!("posts/{id}/resolve"), decision)
        .await
        .ok();
    until_status(&stage.user, id, "published").await;
    assert_eq!(stage.instance.statuses().await.len(), 1);
}

#[tokio::test]
async fn the_short_way_publishes_one_library_item() {
    let world = World::sqlite().await;
    let stage = stage(&world).await;
    let image = stage
        .user
        .upload("sea.png", "image/png", png(40, 40))
        .await
        .ok();
    let ask = json!({
        "contentId": image["id"], "publishNow": true,
        "accounts": [{ "socialAccountId": stage.account, "platform": "mastodon" }],
        "metadata": { "title": "The sea", "description": "At dawn", "hashtags": ["sea", "#dawn"] },
    });
    let answer = stage.user.post("publish", ask).await;
    assert_eq!(answer.status, 202);
    let job = answer.ok()["jobs"][0].clone();
    let id = job["id"].as_str().unwrap().to_owned();
    eventually("the job", || async {
        let job = stage.user.get(&format!("publish/{id}")).await.ok();
        (job["status"] == "published").then_some(())
    })
    .await;
    assert_eq!(
        stage.instance.statuses().await[0]["text"],
        "The sea\n\nAt dawn\n\n#sea #dawn"
    );
}

#[tokio::test]
async fn two_servers_share_the_work() {
    let mut worlds = World::both().await;
    let Some(world) = worlds.pop().filter(|world| world.engine == "PostgreSQL") else {
        return;
    };
    let stage = stage(&world).await;
    let (base, app, stop) = world.second_server().await;
    let there = stage.user.at(&base);
    let at = world.clock.env().now() + Duration::from_secs(8);
    for number in 0..40 {
        let user = if number % 2 == 0 { &stage.user } else { &there };
        let mut post = stage.text(&format!("Post {number}"));
        post["scheduledAt"] = json!(at);
        user.post("posts", post).await.ok();
    }
    eventually("forty posts", || async {
        (stage.instance.statuses().await.len() >= 40).then_some(())
    })
    .await;
    tokio::time::sleep(Duration::from_secs(1)).await;
    let mut texts: Vec<_> = stage
        .instance
        .statuses()
        .await
        .iter()
        .map(|s| s["text"].to_string())
        .collect();
    texts.sort();
    texts.dedup();
    assert_eq!(
        (texts.len(), stage.instance.statuses().await.len()),
        (40, 40)
    );
    stop.cancel();
    drop(app);
}
