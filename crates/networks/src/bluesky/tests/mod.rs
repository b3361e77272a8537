//! The connector against a real PDS and a real AppView: `scripts/pds.sh start`, then
//! `eval "$(scripts/pds.sh env)"`. Without them these tests print that they were skipped; with
//! `ALLIN_TEST_REQUIRE=1` they fail. The video service is simulated: it is no published program.

mod connect;
mod embeds;
mod faults;
mod publish;
mod rules;
mod talk;
mod video;

use std::{collections::BTreeMap, time::Duration};

use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::Bluesky;
use crate::{
    Platform,
    connector::{Account, ConnectRequest, ConnectStep, Connection, Connector, DoneStep},
    error::ConnectError,
    http::{EndpointConfig, Net, NetConfig},
    testing::{Engine, TestClock, account, net},
};

/// The server under test and an account on it.
struct Pds {
    clock: TestClock,
    net: Net,
    url: String,
    handle: String,
    password: String,
}

fn read(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// What `scripts/pds.sh env` says; `None` skips the test.
#[expect(
    clippy::print_stderr,
    reason = "a skipped test must not look like one that passed"
)]
fn peer(name: &str) -> Option<String> {
    let found = read(name);
    if found.is_none() {
        assert!(
            read("ALLIN_TEST_REQUIRE").is_none(),
            "{name} is not set; see scripts/pds.sh"
        );
        eprintln!("skipped: {name} is not set; see scripts/pds.sh");
    }
    found
}

fn pds() -> Option<Pds> {
    let url = peer("ALLIN_TEST_PDS_URL")?;
    let clock = TestClock::default();
    Some(Pds {
        net: net(&clock),
        clock,
        url,
        handle: read("ALLIN_TEST_PDS_HANDLE").unwrap(),
        password: read("ALLIN_TEST_PDS_APP_PASSWORD").unwrap(),
    })
}

/// The same where an AppView runs beside the server.
fn network() -> Option<Pds> {
    peer("ALLIN_TEST_BSKY_APPVIEW_URL")?;
    pds()
}

fn connect_request(server: &str, handle: &str, password: &str) -> ConnectRequest {
    ConnectRequest {
        server: Some(server.to_owned()),
        identifier: Some(handle.to_owned()),
        secret: Some(SecretString::from(password)),
        redirect_uri: "https://allin.example/oauth/callback".parse().unwrap(),
        state: String::new(),
        app: None,
        limits: Value::Null,
    }
}

async fn connect(net: &Net, request: ConnectRequest) -> Result<Connection, ConnectError> {
    match Bluesky.connect(net, request).await? {
        ConnectStep::Connected(connection) => Ok(*connection),
        ConnectStep::Redirect { .. } => panic!("app passwords need no redirect"),
    }
}

impl Pds {
    async fn account(&self) -> Account {
        self.log_in(&self.handle, &self.password).await
    }

    async fn log_in(&self, handle: &str, password: &str) -> Account {
        let request = connect_request(&self.url, handle, password);
        account(
            Platform::Bluesky,
            connect(&self.net, request).await.unwrap(),
        )
    }

    /// Somebody else on the same server.
    async fn somebody(&self) -> Account {
        let name: String = crate::step::hex(&self.net.env.bytes::<8>());
        let handle = format!("{name}.test");
        let body =
            json!({ "handle": handle, "email": format!("{name}@example.com"), "password": name });
        let made = self
            .post("com.atproto.server.createAccount", None, &body)
            .await;
        assert_eq!(made["handle"], handle, "{made}");
        self.log_in(&handle, &name).await
    }

    /// Writes a record as an account, with no connector between.
    async fn write(&self, account: &Account, mut record: Value) -> Value {
        record["createdAt"] = json!(super::record::now(&self.net));
        let body = json!({
            "repo": account.platform_account_id,
            "collection": record["$type"],
            "record": record,
        });
        let token = token(account);
        let written = self
            .post("com.atproto.repo.createRecord", Some(&token), &body)
            .await;
        assert!(written["uri"].is_string(), "{written}");
        json!({ "uri": written["uri"], "cid": written["cid"] })
    }

    async fn post(&self, method: &str, token: Option<&str>, body: &Value) -> Value {
        let url = format!("{}/xrpc/{method}", self.url);
        let mut request = reqwest::Client::new().post(url).json(body);
        if let Some(token) = token {
            request = request.bearer_auth(token);
        }
        request.send().await.unwrap().json().await.unwrap()
    }

    fn engine<'a>(&'a self, account: &'a Account) -> Engine<'a> {
        Engine::new(&Bluesky, &self.net, &self.clock, account)
    }

    /// A record as anybody reads it. `Null` where there is none.
    async fn record(&self, uri: &str) -> Value {
        let [did, collection, rkey]: [&str; 3] = uri
            .trim_start_matches("at://")
            .split('/')
            .collect::<Vec<_>>()
            .try_into()
            .unwrap();
        let url = format!(
            "{}/xrpc/com.atproto.repo.getRecord?repo={did}&collection={collection}&rkey={rkey}",
            self.url
        );
        let answer: Value = reqwest::get(url).await.unwrap().json().await.unwrap();
        answer["value"].clone()
    }

    /// A client that sends videos to this service.
    fn with_videos(&self, service: &str) -> Net {
        let endpoints = EndpointConfig {
            upload: Some(service.parse().unwrap()),
            ..EndpointConfig::default()
        };
        let config = NetConfig {
            allow_private_targets: true,
            endpoints: BTreeMap::from([(Platform::Bluesky, endpoints)]),
            timeout: Some(Duration::from_secs(10)),
        };
        Net::new(self.clock.env(), config).unwrap()
    }
}

/// Asks until the answer is there: the AppView learns of a record a moment after the PDS.
async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, ask: impl Fn() -> F) -> T {
    for _ in 0..100 {
        if let Some(answer) = ask().await {
            return answer;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("it never came: {what}");
}

/// Waits until the AppView knows a post.
async fn known(pds: &Pds, account: &Account, uri: &str) {
    eventually("the post", || async {
        let found = super::link::posts(&pds.net, account, &[uri]).await.unwrap();
        (!found.is_empty()).then_some(())
    })
    .await;
}

fn token(account: &Account) -> String {
    let secret: Value = serde_json::from_str(account.credentials.secret.expose_secret()).unwrap();
    secret["access_token"].as_str().unwrap().to_owned()
}

/// The same account with one field of its credentials replaced.
fn with(account: &Account, field: &str, value: &str) -> Account {
    let mut secret: Value =
        serde_json::from_str(account.credentials.secret.expose_secret()).unwrap();
    secret[field] = json!(value);
    let mut account = account.clone();
    account.credentials.secret = secret.to_string().into();
    account
}

fn uri(step: &DoneStep) -> &str {
    step.result["uri"].as_str().unwrap()
}

/// The address of a published part.
fn posted(engine: &Engine<'_>, part: usize) -> String {
    let name = format!("post:{part}");
    let step = engine.done.iter().find(|step| step.name == name).unwrap();
    uri(step).to_owned()
}

/// The record of the same key in another collection.
fn beside(uri: &str, collection: &str) -> String {
    uri.replace("app.bsky.feed.post", collection)
}
