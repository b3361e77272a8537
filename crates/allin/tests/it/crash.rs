//! `kill -9`, on the real program with real files.

use std::{
    path::Path,
    process::{Child, Command, Stdio},
    time::Duration,
};

use serde_json::json;
use store::Location;
use url::Url;

use crate::support::{Instance, TestClock, User, eventually, sandbox};

/// The program, killed when it is dropped: as a power cut would, without a chance to tidy up.
pub(crate) struct Server(Child);

impl Server {
    /// One that has the installation to itself, on SQLite.
    pub(crate) fn embedded(data: &Path, port: u16) -> Self {
        Self::embedded_with(data, port, &[])
    }

    /// The same, with more in its environment.
    pub(crate) fn embedded_with(data: &Path, port: u16, more: &[(&str, &str)]) -> Self {
        Self::start(
            Command::new(env!("CARGO_BIN_EXE_allin"))
                .env("ALLIN__DATA__DIR", data)
                .envs(more.iter().copied()),
            port,
        )
    }

    /// One of several on PostgreSQL, with the keys and the media of all in `shared`.
    fn replica(shared: &Path, database: &str, port: u16) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_allin"));
        let command = command
            .env("ALLIN__DATA__DIR", shared)
            .env("ALLIN__DATABASE__URL", database);
        Self::start(command, port)
    }

    fn start(command: &mut Command, port: u16) -> Self {
        let child = command
            .arg("serve")
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

/// An address that nobody listens on.
pub(crate) fn free_address() -> (u16, Url) {
    let port = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    (
        port,
        Url::parse(&format!("http://127.0.0.1:{port}")).unwrap(),
    )
}

/// Schedules posts some seconds from now, each a moment after the one before.
async fn schedule(user: &User, account: &str, posts: usize) {
    let now = kernel::Env::system().now();
    for number in 0..posts {
        let post = json!({
            "parts": [{ "text": format!("Post {number}"), "media": [] }],
            "targets": [{ "socialAccountId": account }],
            "scheduledAt": now + Duration::from_millis(3_000 + 80 * number as u64),
        });
        user.post("posts", post).await.ok();
    }
}

/// Waits until as many posts are published, and checks that each is there once.
async fn each_once(user: &User, instance: &Instance, posts: usize) {
    let mut published = 0;
    // A killed replica's lease lasts a minute; then another takes over.
    for _ in 0..600 {
        let list = user.get("posts?status=published&limit=1").await.ok();
        published = usize::try_from(list["pagination"]["total"].as_u64().unwrap()).unwrap();
        if published == posts {
            break;
        }
        tokio::time::sleep(Duration::from_millis(250)).await;
    }
    assert_eq!(published, posts, "all posts are published");
    let mut texts: Vec<String> = instance
        .statuses()
        .await
        .iter()
        .map(|status| status["text"].to_string())
        .collect();
    assert_eq!(texts.len(), posts, "nothing twice");
    texts.sort();
    texts.dedup();
    assert_eq!(texts.len(), posts, "nothing lost");
}

pub(crate) async fn until_live(base: &Url) {
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
    let env = kernel::Env::system();
    let folder = tempfile::tempdir().unwrap();
    let (port, base) = free_address();
    let instance = sandbox(&TestClock::running()).await;
    let server = Server::embedded(folder.path(), port);
    until_live(&base).await;
    let user = User::register(&base, "olivia").await;
    let account = instance.connect(&user, "olivia").await;
    schedule(&user, &account, 60).await;
    drop(server);

    for _ in 0..6 {
        let server = Server::embedded(folder.path(), port);
        until_live(&base).await;
        let pause = Duration::from_millis(300) + Duration::from_secs(1).mul_f64(env.fraction());
        tokio::time::sleep(pause).await;
        drop(server);
    }

    let _server = Server::embedded(folder.path(), port);
    until_live(&base).await;
    each_once(&user, &instance, 60).await;
}

#[tokio::test]
async fn a_replica_takes_over_from_one_that_is_killed() {
    let Some(database) = store::testing::postgres().await else {
        return;
    };
    let Location::Postgres(database_url) = &database.location else {
        unreachable!()
    };
    let shared = tempfile::tempdir().unwrap();
    let ((first_port, first), (second_port, second)) = (free_address(), free_address());
    let instance = sandbox(&TestClock::running()).await;
    let killed = Server::replica(shared.path(), database_url, first_port);
    until_live(&first).await;
    let _survivor = Server::replica(shared.path(), database_url, second_port);
    until_live(&second).await;
    let user = User::register(&first, "olivia").await;
    let account = instance.connect(&user, "olivia").await;
    schedule(&user, &account, 60).await;
    // In the middle of the work.
    eventually("some posts", || async {
        (instance.statuses().await.len() > 10).then_some(())
    })
    .await;
    drop(killed);
    each_once(&user.at(&second), &instance, 60).await;
}
