//! `kill -9`, on the real program with real files.

use std::{
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use serde_json::json;
use url::Url;

use crate::support::{TestClock, User, eventually, sandbox};

/// The program, killed when it is dropped: as a power cut would, without a chance to tidy up.
struct Server(Child);

impl Server {
    fn start(data: &Path, port: u16) -> Self {
        let child = Command::new(env!("CARGO_BIN_EXE_allin"))
            .arg("serve")
            .current_dir(data)
            .env("ALLIN__DATA__DIR", data)
            .env("ALLIN__SERVER__LISTEN", format!("127.0.0.1:{port}"))
            .env("ALLIN__SECURITY__ALLOW_PRIVATE_TARGETS", "true")
            .env("ALLIN__LIMITS__REQUESTS_PER_PERSON", "0")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        Self(child)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

async fn until_live(base: &Url) {
    let anyone = reqwest::Client::new();
    eventually("the server to answer", || async {
        anyone
            .get(base.join("health/live").unwrap())
            .send()
            .await
            .ok()
            .map(drop)
    })
    .await;
}

#[tokio::test]
async fn posts_survive_kills_and_go_out_exactly_once() {
    const POSTS: usize = 60;
    let folder = tempfile::tempdir().unwrap();
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let base = Url::parse(&format!("http://127.0.0.1:{port}")).unwrap();
    let instance = sandbox(&TestClock::new()).await;

    let server = Server::start(folder.path(), port);
    until_live(&base).await;
    let user = User::register(&base, "olivia").await;
    let account = instance.connect(&user, "olivia").await;
    let env = kernel::Env::system();
    let now = env.now();
    for number in 0..POSTS {
        // Spread over the time in which the server is killed.
        let due = now + Duration::from_millis(2_500 + 80 * number as u64);
        let post = json!({
            "parts": [{ "text": format!("Post {number}"), "media": [] }],
            "targets": [{ "socialAccountId": account }],
            "scheduledAt": due,
        });
        user.post("posts", post).await.ok();
    }
    drop(server);

    for _ in 0..6 {
        let server = Server::start(folder.path(), port);
        until_live(&base).await;
        let pause = Duration::from_millis(300) + Duration::from_secs(1).mul_f64(env.fraction());
        tokio::time::sleep(pause).await;
        drop(server);
    }

    let _server = Server::start(folder.path(), port);
    until_live(&base).await;
    eventually("all posts to be published", || async {
        let list = user.get("posts?status=published&limit=1").await.ok();
        (list["pagination"]["total"] == POSTS).then_some(())
    })
    .await;
    let mut texts: Vec<String> = instance
        .statuses()
        .await
        .iter()
        .map(|status| status["text"].to_string())
        .collect();
    assert_eq!(texts.len(), POSTS, "nothing twice");
    texts.sort();
    texts.dedup();
    assert_eq!(texts.len(), POSTS, "nothing lost");
}
