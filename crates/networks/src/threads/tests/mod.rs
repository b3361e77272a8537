//! The connector against the sandbox, over HTTP.

mod connect;
mod faults;
mod publish;

use std::{collections::BTreeMap, time::Duration};

use bytes::Bytes;
use secrecy::SecretString;
use serde_json::{Value, json};
use url::Url;

use super::Threads;
use crate::{
    Platform,
    connector::{
        Account, AppRegistration, Callback, ConnectRequest, ConnectStep, Connection, Connector,
        OutgoingPart, PublishRequest,
    },
    error::ConnectError,
    http::{EndpointConfig, Net, NetConfig},
    testing::{Engine, Instance, TestClock, TestFile, account, request_as},
};

struct World {
    clock: TestClock,
    net: Net,
    instance: Instance,
}

async fn world() -> World {
    let clock = TestClock::default();
    let instance = Instance::start(sandbox::Config::new(clock.env())).await;
    let base = instance.url.join("threads").unwrap();
    let config = NetConfig {
        allow_private_targets: true,
        timeout: Some(Duration::from_millis(1_500)),
        endpoints: BTreeMap::from([(Platform::Threads, EndpointConfig::all_at(base))]),
    };
    World {
        net: Net::new(clock.env(), config).unwrap(),
        instance,
        clock,
    }
}

impl World {
    fn app(&self) -> AppRegistration {
        AppRegistration {
            server: Threads.server(&self.net, None).unwrap(),
            client_id: "sandbox-app".to_owned(),
            client_secret: "sandbox-secret".to_owned(),
            redirect_uri: "https://allin.example/oauth/callback".parse().unwrap(),
        }
    }

    /// Presses a button of the consent page; answers the query of the address it leads to.
    async fn consent(&self, form: &[(&str, &str)]) -> BTreeMap<String, String> {
        let request = ConnectRequest {
            server: None,
            identifier: None,
            secret: None,
            redirect_uri: self.app().redirect_uri,
            state: "the-state".to_owned(),
            app: Some(self.app()),
        };
        let page = match Threads.connect(&self.net, request).await.unwrap() {
            ConnectStep::Redirect { url, .. } => url,
            ConnectStep::Connected(_) => panic!("Threads needs consent"),
        };
        let browser = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        let answer = browser.post(page).form(form).send().await.unwrap();
        assert_eq!(answer.status(), 303);
        let target: Url = answer.headers()["location"]
            .to_str()
            .unwrap()
            .parse()
            .unwrap();
        target.query_pairs().into_owned().collect()
    }

    async fn finish(&self, code: &str) -> Result<Connection, ConnectError> {
        let callback = Callback {
            code: SecretString::from(code.to_owned()),
            pending: Value::Null,
            app: self.app(),
        };
        let mut all = Threads.finish_connect(&self.net, callback).await?;
        Ok(all.remove(0))
    }

    async fn account(&self) -> Account {
        let answer = self
            .consent(&[("decision", "approve"), ("account", "priya")])
            .await;
        let connection = self.finish(&answer["code"]).await.unwrap();
        Account {
            app: Some(self.app()),
            ..account(Platform::Threads, connection)
        }
    }

    fn engine<'a>(&'a self, account: &'a Account) -> Engine<'a> {
        Engine::new(&Threads, &self.net, &self.clock, account)
    }

    fn post(&self, parts: Vec<OutgoingPart>, options: Value) -> PublishRequest {
        request_as(&self.net, "post", parts, options)
    }

    /// What stands published, the oldest first, and how many requests were accepted.
    async fn posts(&self) -> (u64, Vec<Value>) {
        let url = self.instance.url.join("sandbox/posts?network=threads");
        let all: Value = reqwest::get(url.unwrap())
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        let posts = all["posts"].as_array().unwrap().clone();
        (all["accepted"].as_u64().unwrap(), posts)
    }

    async fn fault(&self, fault: Value) {
        let mut fault = fault;
        fault["network"] = json!("threads");
        self.instance.faults(json!([fault])).await;
    }
}

/// A part with these files.
fn part(text: &str, files: Vec<TestFile>) -> OutgoingPart {
    OutgoingPart {
        text: text.to_owned(),
        media: files
            .into_iter()
            .map(|file| file.attach("What it shows"))
            .collect(),
    }
}

/// Bytes that begin as an MP4 file does.
fn video() -> TestFile {
    let mut bytes = b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41".to_vec();
    bytes.resize(50_000, 7);
    TestFile::new("video/mp4", Bytes::from(bytes))
}
