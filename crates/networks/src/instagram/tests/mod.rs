//! The connector against the sandbox, over HTTP.

mod connect;
mod faults;
mod public;
mod publish;

use std::{collections::BTreeMap, time::Duration};

use bytes::Bytes;
use secrecy::SecretString;
use serde_json::{Value, json};
use url::Url;

use super::Instagram;
use crate::{
    Platform,
    connector::{
        Account, AppRegistration, Callback, ConnectRequest, ConnectStep, Connection, Connector,
        OutgoingMedia, OutgoingPart, PublishRequest,
    },
    error::ConnectError,
    http::{EndpointConfig, Net, NetConfig},
    testing::{Engine, Instance, TestClock, TestFile, account, request_as},
};

/// A JPEG, as far as its header tells: 8 × 8 pixels.
const JPEG: &[u8] = &[
    0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc0, 0, 11, 8, 0, 8, 0, 8, 1, 1, 0x11, 0, 0xff, 0xd9,
];

struct World {
    clock: TestClock,
    net: Net,
    instance: Instance,
}

async fn world() -> World {
    let clock = TestClock::default();
    let instance = Instance::start(sandbox::Config::new(clock.env())).await;
    let base = instance.url.join("instagram").unwrap();
    let config = NetConfig {
        allow_private_targets: true,
        timeout: Some(Duration::from_millis(1_500)),
        endpoints: BTreeMap::from([(Platform::Instagram, EndpointConfig::all_at(base))]),
    };
    World {
        net: Net::new(clock.env(), config).unwrap(),
        instance,
        clock,
    }
}

fn image(alt_text: &str) -> OutgoingMedia {
    TestFile::new("image/jpeg", Bytes::from_static(JPEG)).attach(alt_text)
}

/// What begins as an MP4 does.
fn video_bytes() -> Vec<u8> {
    let mut bytes = b"\0\0\0\x18ftypisom\0\0\x02\0isomiso2".to_vec();
    bytes.resize(300_000, 7);
    bytes
}

fn video() -> OutgoingMedia {
    TestFile::new("video/mp4", video_bytes().into()).attach("")
}

impl World {
    fn app(&self) -> AppRegistration {
        AppRegistration {
            server: Instagram.server(&self.net, None).unwrap(),
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
        match Instagram.connect(&self.net, request).await.unwrap() {
            ConnectStep::Redirect { url, .. } => url,
            ConnectStep::Connected(_) => panic!("Instagram needs consent"),
        }
    }

    /// Presses a button of the consent page; answers the query of the address it leads to.
    async fn consent(&self, form: &[(&str, &str)]) -> BTreeMap<String, String> {
        let page = self.begin().await;
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

    async fn finish(&self, code: &str) -> Result<Vec<Connection>, ConnectError> {
        let callback = Callback {
            code: SecretString::from(code.to_owned()),
            pending: Value::Null,
            app: self.app(),
        };
        Instagram.finish_connect(&self.net, callback).await
    }

    async fn account(&self) -> Account {
        let form = [("decision", "approve"), ("account", "mara")];
        let answer = self.consent(&form).await;
        let connection = self.finish(&answer["code"]).await.unwrap().remove(0);
        Account {
            app: Some(self.app()),
            ..account(Platform::Instagram, connection)
        }
    }

    fn engine<'a>(&'a self, account: &'a Account) -> Engine<'a> {
        Engine::new(&Instagram, &self.net, &self.clock, account)
    }

    fn request(
        &self,
        format: &str,
        text: &str,
        media: Vec<OutgoingMedia>,
        options: Value,
    ) -> PublishRequest {
        let part = OutgoingPart {
            text: text.to_owned(),
            media,
        };
        request_as(&self.net, format, vec![part], options)
    }

    fn post(&self, text: &str) -> PublishRequest {
        self.request("post", text, vec![image("A cup")], json!({}))
    }

    /// What stands published, and how many requests published something.
    async fn posts(&self) -> (Vec<Value>, u64) {
        let url = self.instance.url.join("sandbox/posts?network=instagram");
        let all = reqwest::get(url.unwrap()).await.unwrap();
        let all: Value = all.json().await.unwrap();
        let accepted = all["accepted"].as_u64().unwrap();
        (all["posts"].as_array().unwrap().clone(), accepted)
    }
}
