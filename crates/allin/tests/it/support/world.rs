//! A running installation.

use std::net::SocketAddr;

use allin::{
    app::App,
    config::{Config, Limits},
};
use serde_json::{Value, json};
use store::{Location, testing::TestDb};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use url::Url;

use super::{TestClock, User, eventually};

/// One server with its worker, on a database of its own.
pub(crate) struct World {
    pub(crate) base: Url,
    pub(crate) clock: TestClock,
    _app: App,
    pub(crate) engine: &'static str,
    config: Config,
    stop: CancellationToken,
    _database: TestDb,
    _folder: TempDir,
}

impl World {
    /// A world on each engine that there is.
    pub(crate) async fn both() -> Vec<Self> {
        let mut worlds = Vec::new();
        for database in store::testing::both().await {
            worlds.push(Self::on(database).await);
        }
        worlds
    }

    /// A world on SQLite, for what does not depend on the engine.
    pub(crate) async fn sqlite() -> Self {
        Self::on(store::testing::sqlite().await).await
    }

    /// A world on SQLite that counts requests a minute, of a person and of an address.
    pub(crate) async fn with_limits(person: u32, address: u32) -> Self {
        let limits = Limits {
            requests_per_person: person,
            requests_per_address: address,
        };
        Self::limited(store::testing::sqlite().await, limits).await
    }

    /// A world on SQLite with the sandbox in place of the networks that need a developer app.
    pub(crate) async fn simulated() -> (Self, Instance) {
        Self::simulated_on(store::testing::sqlite().await).await
    }

    /// The same on each engine that there is.
    pub(crate) async fn both_simulated() -> Vec<(Self, Instance)> {
        let mut worlds = Vec::new();
        for database in store::testing::both().await {
            worlds.push(Self::simulated_on(database).await);
        }
        worlds
    }

    async fn simulated_on(database: TestDb) -> (Self, Instance) {
        let clock = TestClock::running();
        let instance = sandbox(&clock).await;
        let unlimited = Limits {
            requests_per_person: 0,
            requests_per_address: 0,
        };
        let world = Self::with(database, clock, |config| {
            config.limits = unlimited;
            allin::networks::simulate(&mut config.networks, &instance.url);
        });
        (world.await, instance)
    }

    async fn on(database: TestDb) -> Self {
        let unlimited = Limits {
            requests_per_person: 0,
            requests_per_address: 0,
        };
        Self::limited(database, unlimited).await
    }

    async fn limited(database: TestDb, limits: Limits) -> Self {
        Self::with(database, TestClock::running(), |config| {
            config.limits = limits;
        })
        .await
    }

    async fn with(database: TestDb, clock: TestClock, configure: impl FnOnce(&mut Config)) -> Self {
        // Shown with a test that failed. Of several worlds the first one starts it.
        let _ = tracing_subscriber::fmt()
            // A pool's waits would bury what a test says in the end.
            .with_env_filter("info,sqlx::pool=error")
            .with_test_writer()
            .try_init();
        let folder = tempfile::tempdir().unwrap();
        let mut config = Config::default();
        config.data.dir = match &database.location {
            Location::Sqlite(dir) => dir.clone(),
            Location::Postgres(url) => {
                config.database.url.clone_from(url);
                folder.path().to_owned()
            }
        };
        config.server.metrics = false;
        config.security.allow_private_targets = true;
        configure(&mut config);
        let engine = database.db.engine_name();
        let (base, app, stop) = start(&mut config, &clock).await;
        Self {
            base,
            clock,
            _app: app,
            engine,
            config,
            stop,
            _database: database,
            _folder: folder,
        }
    }

    /// One more server on the same database, as another process would be.
    pub(crate) async fn second_server(&self) -> (Url, App, CancellationToken) {
        let mut config = self.config.clone();
        start(&mut config, &self.clock).await
    }

    /// A new person with an organisation of his own.
    pub(crate) async fn owner(&self, name: &str) -> User {
        User::register(&self.base, name).await
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop.cancel();
    }
}

async fn start(config: &mut Config, clock: &TestClock) -> (Url, App, CancellationToken) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    config.server.public_url = Some(base.clone());
    let app = App::open(config, clock.env(), true).await.unwrap();
    let stop = CancellationToken::new();
    tokio::spawn(app.parts.worker.clone().unwrap().run(stop.clone()));
    let service =
        gateway::router(app.parts.clone()).into_make_service_with_connect_info::<SocketAddr>();
    tokio::spawn(async move { axum::serve(listener, service).await });
    (base, app, stop)
}

/// A simulated Mastodon instance.
pub(crate) struct Instance {
    pub(crate) url: Url,
    http: reqwest::Client,
}

/// Starts a simulated Mastodon instance.
pub(crate) async fn sandbox(clock: &TestClock) -> Instance {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    tokio::spawn(sandbox::serve(listener, sandbox::Config::new(clock.env())));
    Instance {
        url,
        http: reqwest::Client::new(),
    }
}

impl Instance {
    /// Makes the next requests that fit go wrong.
    pub(crate) async fn faults(&self, next: Value) {
        let url = self.url.join("sandbox/faults").unwrap();
        let answer = self
            .http
            .post(url)
            .json(&json!({ "next": next }))
            .send()
            .await
            .unwrap();
        assert!(answer.status().is_success(), "{answer:?}");
    }

    /// The networks for which faults wait.
    pub(crate) async fn waiting_faults(&self) -> Vec<String> {
        let url = self.url.join("sandbox/faults").unwrap();
        let answer = self.http.get(url).send().await.unwrap();
        let faults: Vec<Value> = answer.json().await.unwrap();
        let network = |fault: &Value| Some(fault["network"].as_str()?.to_owned());
        faults.iter().filter_map(network).collect()
    }

    /// Everything that was published.
    pub(crate) async fn statuses(&self) -> Vec<Value> {
        let url = self.url.join("sandbox/statuses").unwrap();
        let all: Value = self
            .http
            .get(url)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        all["statuses"].as_array().unwrap().clone()
    }

    /// Connects an account of this instance, the way a browser does. Answers its id in AllIN.
    pub(crate) async fn connect(&self, user: &User, account: &str) -> String {
        let answer = user
            .post(
                "social-accounts",
                json!({ "platform": "mastodon", "instanceUrl": self.url }),
            )
            .await;
        let form = [("decision", "approve"), ("account", account)];
        let landed = press(user, &answer.ok(), &form).await;
        let (_, id) = landed
            .split_once("connected=")
            .unwrap_or_else(|| panic!("{landed}"));
        id.to_owned()
    }

    /// Answers a network's consent page, and says where the browser is sent in the end.
    pub(crate) async fn answer_consent(
        &self,
        user: &User,
        platform: &str,
        form: &[(&str, &str)],
    ) -> String {
        let answer = user
            .post("social-accounts", json!({ "platform": platform }))
            .await;
        press(user, &answer.ok(), form).await
    }

    /// Connects the first account that a person of the sandbox lets AllIN act for, and answers it.
    pub(crate) async fn consent(&self, user: &User, platform: &str, person: &str) -> Value {
        let form = [("decision", "approve"), ("account", person)];
        let landed = self.answer_consent(user, platform, &form).await;
        if let Some((_, id)) = landed.split_once("connected=") {
            return user.get(&format!("social-accounts/{id}")).await.ok();
        }
        let (_, offer) = landed
            .split_once("/accounts/choose/")
            .unwrap_or_else(|| panic!("{platform}: {landed}"));
        let path = format!("social-accounts/pending/{offer}");
        let key = user.get(&path).await.ok()["choices"][0]["key"].clone();
        let connected = user.post(&path, json!({ "keys": [key] })).await.ok();
        connected["data"][0].clone()
    }

    /// What stands published on a network.
    async fn posts(&self, network: &str) -> Value {
        let url = self.url.join(&format!("sandbox/posts?network={network}"));
        let answer = self.http.get(url.unwrap()).send().await.unwrap();
        answer.json().await.unwrap()
    }

    /// What a network was asked for, the oldest first.
    pub(crate) async fn requests(&self, network: &str) -> Value {
        let url = self
            .url
            .join(&format!("sandbox/requests?network={network}"));
        let answer = self.http.get(url.unwrap()).send().await.unwrap();
        answer.json().await.unwrap()
    }

    /// How many requests came to a path that ends like this.
    pub(crate) async fn asked(&self, network: &str, path: &str) -> usize {
        let requests = self.requests(network).await;
        let ends = |request: &&Value| request["path"].as_str().unwrap().ends_with(path);
        requests.as_array().unwrap().iter().filter(ends).count()
    }

    /// How many posts stand published whose text holds `mark`.
    pub(crate) async fn marked(&self, network: &str, mark: &str) -> usize {
        let posts = self.posts(network).await;
        let posts = posts["posts"].as_array().unwrap();
        let is_marked = |post: &&Value| post.to_string().contains(mark);
        posts.iter().filter(is_marked).count()
    }
}

/// Presses a button of a consent page as a browser would, and follows to where that leads.
async fn press(user: &User, answer: &Value, form: &[(&str, &str)]) -> String {
    let consent = Url::parse(answer["authUrl"].as_str().unwrap()).unwrap();
    let browser = reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let pressed = browser.post(consent).form(form).send().await.unwrap();
    let callback = pressed.headers()["location"].to_str().unwrap().to_owned();
    let callback = user.browse(&callback).await;
    callback.headers["location"].to_str().unwrap().to_owned()
}

/// Waits until a post has the given status.
pub(crate) async fn until_status(user: &User, post: &str, status: &str) -> Value {
    eventually(&format!("a post to become {status}"), || async {
        let post = user.get(&format!("posts/{post}")).await.ok();
        (post["status"] == status).then_some(post)
    })
    .await
}
