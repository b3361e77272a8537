//! A post's files go to the network ahead of it, and its author may still change his mind.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, time::Duration};

use serde_json::{Value, json};

use crate::{
    crash::{Server, free_address, until_live},
    networks::film,
    support::{Instance, TestClock, User, World, eventually, png, sandbox, until_status},
};

/// Plans a post with a file, `ahead` from now.
async fn plan(
    user: &User,
    account: &str,
    file: &Value,
    at: kernel::Timestamp,
    text: &str,
) -> String {
    let post = json!({
        "parts": [{ "text": text, "media": [{ "contentId": file["id"], "altText": "The sea" }] }],
        "targets": [{ "socialAccountId": account }],
        "scheduledAt": at,
    });
    let made = user.post("posts", post).await.ok();
    made["id"].as_str().unwrap().to_owned()
}

/// Waits until the latest attempt has ended like this, and answers all of them, the latest first.
async fn until_attempt(user: &User, post: &str, outcome: &str) -> Value {
    eventually(&format!("an attempt to be {outcome}"), || async {
        let attempts = user.get(&format!("posts/{post}/attempts")).await.ok();
        (attempts["data"][0]["outcome"] == outcome).then_some(attempts)
    })
    .await
}

async fn uploads(instance: &Instance) -> usize {
    instance.asked("mastodon", "/api/v2/media").await
}

#[tokio::test]
async fn files_go_ahead_and_the_post_is_still_its_authors() {
    for world in World::both().await {
        let user = world.owner("olivia").await;
        let instance = sandbox(&world.clock).await;
        let account = instance.connect(&user, "olivia").await;
        let image = user.upload("sea.png", "image/png", png(80, 60)).await.ok();
        let at = world.clock.env().now() + Duration::from_secs(50);
        let id = plan(&user, &account, &image, at, "Ahead").await;
        until_attempt(&user, &id, "prepared").await;
        assert_eq!(uploads(&instance).await, 1, "{}", world.engine);
        assert!(instance.statuses().await.is_empty());

        let post = user.get(&format!("posts/{id}")).await.ok();
        assert_eq!(
            (&post["status"], &post["targets"][0]["problem"]),
            (&json!("scheduled"), &Value::Null)
        );
        let other = json!({ "version": post["version"], "parts": [{
            "text": "Changed", "media": post["parts"][0]["media"],
        }] });
        user.patch(&format!("posts/{id}"), other).await.ok();
        eventually("what was changed to be prepared", || async {
            (uploads(&instance).await == 2).then_some(())
        })
        .await;
        until_attempt(&user, &id, "prepared").await;

        world.clock.advance(Duration::from_secs(50));
        let post = until_status(&user, &id, "published").await;
        assert_eq!(
            uploads(&instance).await,
            2,
            "nothing is uploaded at its time"
        );
        let statuses = instance.statuses().await;
        assert_eq!(statuses.len(), 1);
        assert_eq!(statuses[0]["text"], "Changed");
        assert_eq!(
            statuses[0]["media_attachments"][0]["description"],
            "The sea"
        );
        let published: kernel::Timestamp =
            serde_json::from_value(post["targets"][0]["publishedAt"].clone()).unwrap();
        assert!(published >= at, "{published} for {at}");
    }
}

#[tokio::test]
async fn a_post_can_be_called_off_while_its_files_are_under_way() {
    for world in World::both().await {
        let user = world.owner("olivia").await;
        let instance = sandbox(&world.clock).await;
        let account = instance.connect(&user, "olivia").await;
        let image = user.upload("sea.png", "image/png", png(80, 60)).await.ok();
        let slow = json!([{ "kind": "delay", "ms": 1_500, "on": "upload" }]);
        instance.faults(slow).await;
        let at = world.clock.env().now() + Duration::from_secs(50);
        let id = plan(&user, &account, &image, at, "Called off").await;
        until_attempt(&user, &id, "running").await;
        let cancelled = user
            .post(&format!("posts/{id}/cancel"), json!({}))
            .await
            .ok();
        assert_eq!(cancelled["status"], "cancelled", "{}", world.engine);
        until_attempt(&user, &id, "released").await;

        world.clock.advance(Duration::from_secs(55));
        // Longer than the upload takes.
        tokio::time::sleep(Duration::from_secs(3)).await;
        let post = user.get(&format!("posts/{id}")).await.ok();
        assert_eq!(post["status"], "cancelled");
        assert!(instance.statuses().await.is_empty());
    }
}

#[tokio::test]
async fn what_was_uploaded_ahead_survives_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let (port, base) = free_address();
    let clock = TestClock::running();
    let instance = sandbox(&clock).await;
    let server = Server::embedded(folder.path(), port);
    until_live(&base).await;
    let user = User::register(&base, "olivia").await;
    let account = instance.connect(&user, "olivia").await;
    let image = user.upload("sea.png", "image/png", png(80, 60)).await.ok();
    let at = clock.env().now() + Duration::from_secs(8);
    let id = plan(&user, &account, &image, at, "Ahead").await;
    until_attempt(&user, &id, "prepared").await;
    drop(server);

    let _server = Server::embedded(folder.path(), port);
    until_live(&base).await;
    until_status(&user, &id, "published").await;
    assert_eq!(instance.statuses().await.len(), 1);
    assert_eq!(uploads(&instance).await, 1, "it was not uploaded again");
}

/// Puts an ffmpeg into `folder` that never comes to an end with a conversion, and notes its id.
fn slow_ffmpeg(folder: &Path) {
    let tool = folder.join("ffmpeg");
    let pid = folder.join("pid");
    let script = format!(
        "#!/bin/sh\ncase \" $* \" in *\" -progress \"*)\n  echo $$ > {}\n  exec sleep 300 ;;\nesac\nexec /usr/bin/ffmpeg \"$@\"\n",
        pid.display()
    );
    fs::write(&tool, script).unwrap();
    fs::set_permissions(&tool, fs::Permissions::from_mode(0o700)).unwrap();
}

#[tokio::test]
async fn a_video_that_is_being_converted_is_waited_for_and_its_ffmpeg_dies_with_the_server() {
    let folder = tempfile::tempdir().unwrap();
    let tools = tempfile::tempdir().unwrap();
    slow_ffmpeg(tools.path());
    let (port, base) = free_address();
    let clock = TestClock::running();
    let instance = sandbox(&clock).await;
    let path = format!(
        "{}:{}",
        tools.path().display(),
        std::env::var("PATH").unwrap()
    );
    let x = format!("{}x", instance.url);
    let more = [
        ("PATH", path.as_str()),
        ("ALLIN__NETWORKS__X__API_URL", &x),
        ("ALLIN__NETWORKS__X__AUTH_URL", &x),
        ("ALLIN__NETWORKS__X__UPLOAD_URL", &x),
        ("ALLIN__NETWORKS__X__CLIENT_ID", "sandbox-app"),
        ("ALLIN__NETWORKS__X__CLIENT_SECRET", "sandbox-secret"),
    ];
    let server = Server::embedded_with(folder.path(), port, &more);
    until_live(&base).await;
    let user = User::register(&base, "olivia").await;
    let account = instance.consent(&user, "x", "mara").await;
    let account = account["id"].as_str().unwrap();
    let video = user
        .upload("film.mp4", "video/mp4", film("1280x720"))
        .await
        .ok();
    let at = clock.env().now() + Duration::from_secs(55);
    let id = plan(&user, account, &video, at, "A film").await;

    // It waits in hand for a while, before it gives the job back.
    tokio::time::sleep(Duration::from_secs(30)).await;
    let attempts = until_attempt(&user, &id, "waiting").await;
    let words = attempts["data"][0]["message"].as_str().unwrap();
    assert!(words.contains("is being converted (0 %)"), "{words}");
    let post = user.get(&format!("posts/{id}")).await.ok();
    assert_eq!(post["status"], "scheduled");

    let pid = fs::read_to_string(tools.path().join("pid")).unwrap();
    drop(server);
    eventually("ffmpeg to end", || async {
        let stat = fs::read_to_string(format!("/proc/{}/stat", pid.trim()));
        stat.map_or(true, |stat| stat.contains(") Z "))
            .then_some(())
    })
    .await;
}
