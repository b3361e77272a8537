//! The connector against the sandbox, over HTTP.

mod comments;
mod connect;
mod faults;
mod publish;
mod rules;
mod upload;

use std::{collections::BTreeMap, time::Duration};

use bytes::Bytes;
use secrecy::SecretString;
use serde_json::{Value, json};
use url::Url;

use super::Youtube;
use crate::{
    Platform,
    connector::{
        Account, AppRegistration, Callback, ConnectRequest, ConnectStep, Connection, Connector,
        DoneStep, OutgoingPart, PublishRequest,
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
    let base = instance.url.join("youtube").unwrap();
    let config = NetConfig {
        allow_private_targets: true,
        timeout: Some(Duration::from_millis(1_500)),
        endpoints: BTreeMap::from([(Platform::Youtube, EndpointConfig::all_at(base))]),
    };
    World {
        net: Net::new(clock.env(), config).unwrap(),
        instance,
        clock,
    }
}

/// The beginning of an MP4 with its index, filled up to `bytes`.
fn mp4(bytes: usize, width: u32, height: u32, seconds: u32) -> Bytes {
    let mut file = b"\0\0\0\x18ftypisom\0\0\x02\0isommp42".to_vec();
    file.extend_from_slice(b"\0\0\0\x6cmvhd\0\0\0\0\0\0\0\0\0\0\0\0");
    file.extend_from_slice(&1_000_u32.to_be_bytes());
    file.extend_from_slice(&(seconds * 1_000).to_be_bytes());
    file.extend_from_slice(b"\0\0\0\x5ctkhd");
    file.extend_from_slice(&[0; 76]);
    file.extend_from_slice(&(width << 16).to_be_bytes());
    file.extend_from_slice(&(height << 16).to_be_bytes());
    file.resize(bytes.max(file.len()), 7);
    file.into()
}

/// A video of 16:9.
fn wide(bytes: usize) -> TestFile {
    TestFile::new("video/mp4", mp4(bytes, 1_920, 1_080, 90))
}

impl World {
    fn app(&self) -> AppRegistration {
        AppRegistration {
            server: Youtube.server(&self.net, None).unwrap(),
            client_id: "sandbox-app".to_owned(),
            client_secret: "sandbox-secret".to_owned(),
            redirect_uri: "https://allin.example/oauth/callback".parse().unwrap(),
        }
    }

    async fn begin(&self) -> (Url, Value) {
        let request = ConnectRequest {
            server: None,
            identifier: None,
            secret: None,
            redirect_uri: self.app().redirect_uri,
            state: "the-state".to_owned(),
            app: Some(self.app()),
        };
        match Youtube.connect(&self.net, request).await.unwrap() {
            ConnectStep::Redirect { url, pending, .. } => (url, pending),
            ConnectStep::Connected(_) => panic!("YouTube needs consent"),
        }
    }

    /// Presses a button of a consent page; answers the query of the address it leads to.
    async fn press(page: Url, form: &[(&str, &str)]) -> BTreeMap<String, String> {
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
        assert_eq!(target.path(), "/oauth/callback");
        target.query_pairs().into_owned().collect()
    }

    async fn finish(&self, code: &str, pending: Value) -> Result<Vec<Connection>, ConnectError> {
        let callback = Callback {
            code: SecretString::from(code.to_owned()),
            pending,
            app: self.app(),
        };
        Youtube.finish_connect(&self.net, callback).await
    }

    /// Connects with this answer to the consent page.
    async fn connect(&self, form: &[(&str, &str)]) -> Result<Vec<Connection>, ConnectError> {
        let (page, pending) = self.begin().await;
        let answer = Self::press(page, form).await;
        self.finish(&answer["code"], pending).await
    }

    async fn account_of(&self, name: &str) -> Account {
        let form = [("decision", "approve"), ("account", name)];
        let connection = self.connect(&form).await.unwrap().remove(0);
        Account {
            app: Some(self.app()),
            ..account(Platform::Youtube, connection)
        }
    }

    async fn account(&self) -> Account {
        self.account_of("mara").await
    }

    fn engine<'a>(&'a self, account: &'a Account) -> Engine<'a> {
        Engine::new(&Youtube, &self.net, &self.clock, account)
    }

    /// A post of one file.
    fn post(&self, format: &str, file: TestFile, options: Value) -> PublishRequest {
        let part = OutgoingPart {
            text: "How we roast.\n\n#coffee https://harbourlight.example".to_owned(),
            media: vec![file.attach("")],
        };
        let mut request = request_as(&self.net, format, vec![part], options);
        request
            .options
            .entry("title")
            .or_insert_with(|| json!("From bean to cup"));
        request
    }

    fn video(&self, options: Value) -> PublishRequest {
        self.post("video", wide(300_000), options)
    }

    async fn published(&self, account: &Account, request: &PublishRequest) -> Vec<DoneStep> {
        let mut engine = self.engine(account);
        engine.publish(request).await.unwrap();
        engine.done
    }

    /// What the sandbox tells at this path.
    async fn sandbox(&self, path: &str) -> Value {
        let url = self.instance.url.join(path).unwrap();
        reqwest::get(url).await.unwrap().json().await.unwrap()
    }

    /// Everything that others can see, oldest first, and by how many requests it came.
    async fn posts(&self) -> (Vec<Value>, u64) {
        let all = self.sandbox("sandbox/posts?network=youtube").await;
        let accepted = all["accepted"].as_u64().unwrap();
        (all["posts"].as_array().unwrap().clone(), accepted)
    }

    /// The requests that came, as `PUT /youtube/v3/videos`.
    async fn requests(&self) -> Vec<Value> {
        let all = self.sandbox("sandbox/requests?network=youtube").await;
        let list = all.as_array().or_else(|| all["requests"].as_array());
        list.unwrap().clone()
    }
}
