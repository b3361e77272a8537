//! The connector against the sandbox, over HTTP.

mod connect;
mod examples;
mod faults;
mod publish;
mod rules;
mod upload;

use std::{collections::BTreeMap, time::Duration};

use bytes::Bytes;
use secrecy::SecretString;
use serde_json::{Value, json};
use url::Url;

use super::Tiktok;
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
    let base = instance.url.join("tiktok").unwrap();
    let config = NetConfig {
        allow_private_targets: true,
        timeout: Some(Duration::from_millis(1_500)),
        endpoints: BTreeMap::from([(Platform::Tiktok, EndpointConfig::all_at(base))]),
    };
    World {
        net: Net::new(clock.env(), config).unwrap(),
        instance,
        clock,
    }
}

/// What begins as an MP4, of so many bytes.
fn mp4(bytes: usize) -> TestFile {
    let mut file = b"\0\0\0\x18ftypisom\0\0\x02\0isommp42".to_vec();
    file.resize(bytes, 7);
    TestFile::new("video/mp4", Bytes::from(file))
}

/// What begins as a JPEG.
fn photo() -> TestFile {
    let mut file = b"\xff\xd8\xff\xe0\0\x10JFIF\0".to_vec();
    file.resize(2_000, 7);
    TestFile::new("image/jpeg", Bytes::from(file))
}

impl World {
    fn app(&self) -> AppRegistration {
        AppRegistration {
            server: Tiktok.server(&self.net, None).unwrap(),
            client_id: "sandbox-app".to_owned(),
            client_secret: "sandbox-secret".to_owned(),
            redirect_uri: "https://allin.example/oauth/callback".parse().unwrap(),
        }
    }

    async fn begin(&self) -> Url {
        let request = ConnectRequest {
            server: None,
            identifier: None,
            secret: None,
            redirect_uri: self.app().redirect_uri,
            state: "the-state".to_owned(),
            app: Some(self.app()),
        };
        match Tiktok.connect(&self.net, request).await.unwrap() {
            ConnectStep::Redirect { url, .. } => url,
            ConnectStep::Connected(_) => panic!("TikTok needs consent"),
        }
    }

    /// Presses a button of the consent page; answers the query of the address it leads to.
    async fn press(&self, form: &[(&str, &str)]) -> BTreeMap<String, String> {
        let browser = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        let answer = browser
            .post(self.begin().await)
            .form(form)
            .send()
            .await
            .unwrap();
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
        Ok(Tiktok.finish_connect(&self.net, callback).await?.remove(0))
    }

    async fn connect(&self, form: &[(&str, &str)]) -> Result<Connection, ConnectError> {
        let answer = self.press(form).await;
        self.finish(&answer["code"]).await
    }

    fn as_account(&self, connection: Connection) -> Account {
        Account {
            app: Some(self.app()),
            ..account(Platform::Tiktok, connection)
        }
    }

    async fn account_of(&self, name: &str) -> Account {
        let form = [("decision", "approve"), ("account", name)];
        self.as_account(self.connect(&form).await.unwrap())
    }

    async fn account(&self) -> Account {
        self.account_of("mara").await
    }

    async fn renewed(&self, account: Account) -> Account {
        Account {
            credentials: Tiktok.refresh(&self.net, &account).await.unwrap(),
            ..account
        }
    }

    fn engine<'a>(&'a self, account: &'a Account) -> Engine<'a> {
        Engine::new(&Tiktok, &self.net, &self.clock, account)
    }

    /// A post of these files, for everybody unless the options say otherwise.
    fn post(&self, format: &str, files: Vec<TestFile>, options: Value) -> PublishRequest {
        let part = OutgoingPart {
            text: "Pouring the first cup #coffee @fernway".to_owned(),
            media: files.into_iter().map(|file| file.attach("")).collect(),
        };
        let mut request = request_as(&self.net, format, vec![part], options);
        let everybody = || json!("PUBLIC_TO_EVERYONE");
        request.options.entry("privacy").or_insert_with(everybody);
        request
    }

    fn video(&self, options: Value) -> PublishRequest {
        self.post("video", vec![mp4(300_000)], options)
    }

    async fn published(&self, account: &Account, request: &PublishRequest) -> Vec<DoneStep> {
        let mut engine = self.engine(account);
        engine.publish(request).await.unwrap();
        engine.done
    }

    async fn sandbox(&self, path: &str) -> Value {
        let url = self.instance.url.join(path).unwrap();
        reqwest::get(url).await.unwrap().json().await.unwrap()
    }

    /// Everything that is published, oldest first, and by how many requests it came.
    async fn posts(&self) -> (Vec<Value>, u64) {
        let all = self.sandbox("sandbox/posts?network=tiktok").await;
        let accepted = all["accepted"].as_u64().unwrap();
        (all["posts"].as_array().unwrap().clone(), accepted)
    }

    /// The requests that came to an address, oldest first.
    async fn requests(&self, path: &str) -> Vec<Value> {
        let all = self.sandbox("sandbox/requests?network=tiktok").await;
        let list = all
            .as_array()
            .or_else(|| all["requests"].as_array())
            .unwrap();
        let there = |one: &&Value| one["path"].as_str().unwrap().trim_end_matches('/') == path;
        list.iter().filter(there).cloned().collect()
    }
}
