//! The connector against the sandbox, over HTTP.

mod connect;
mod faults;
mod publish;

use std::{collections::BTreeMap, time::Duration};

use bytes::Bytes;
use secrecy::SecretString;
use serde_json::{Value, json};
use url::Url;

use super::Pinterest;
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
    let base = instance.url.join("pinterest").unwrap();
    let config = NetConfig {
        allow_private_targets: true,
        timeout: Some(Duration::from_millis(1_500)),
        endpoints: BTreeMap::from([(Platform::Pinterest, EndpointConfig::all_at(base))]),
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
            server: Pinterest.server(&self.net, None).unwrap(),
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
        match Pinterest.connect(&self.net, request).await.unwrap() {
            ConnectStep::Redirect { url, .. } => url,
            ConnectStep::Connected(_) => panic!("Pinterest needs consent"),
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

    async fn finish(&self, code: &str) -> Result<Connection, ConnectError> {
        let callback = Callback {
            code: SecretString::from(code.to_owned()),
            pending: Value::Null,
            app: self.app(),
        };
        let mut all = Pinterest.finish_connect(&self.net, callback).await?;
        Ok(all.remove(0))
    }

    async fn account(&self) -> Account {
        let answer = self
            .consent(&[("decision", "approve"), ("account", "mara")])
            .await;
        let connection = self.finish(&answer["code"]).await.unwrap();
        Account {
            app: Some(self.app()),
            ..account(Platform::Pinterest, connection)
        }
    }

    /// The board of this name.
    async fn board(&self, account: &Account, name: &str) -> String {
        let boards = Pinterest
            .choices(&self.net, account, "board", "")
            .await
            .unwrap();
        let board = boards.iter().find(|board| board.label == name).unwrap();
        board.value.clone()
    }

    fn engine<'a>(&'a self, account: &'a Account) -> Engine<'a> {
        Engine::new(&Pinterest, &self.net, &self.clock, account)
    }

    /// A Pin of pictures with these descriptions; of one it is an image Pin.
    async fn pin(&self, account: &Account, alt_texts: &[&str], options: Value) -> PublishRequest {
        let format = if alt_texts.len() > 1 {
            "carousel"
        } else {
            "pin"
        };
        let mut request = request_as(
            &self.net,
            format,
            vec![crate::testing::part("Fresh from the roaster", alt_texts)],
            options,
        );
        let board = self.board(account, "Coffee corner").await;
        request.options.insert("board".to_owned(), json!(board));
        request
    }

    async fn video(&self, account: &Account) -> PublishRequest {
        let file = TestFile::new("video/mp4", mp4(300_000));
        let part = OutgoingPart {
            text: "How we roast".to_owned(),
            media: vec![file.attach("Beans turn in a drum")],
        };
        let board = self.board(account, "Harbour mornings").await;
        request_as(&self.net, "video", vec![part], json!({ "board": board }))
    }

    /// What stands published, the oldest first, and how many requests were accepted.
    async fn posts(&self) -> (u64, Vec<Value>) {
        let url = self.instance.url.join("sandbox/posts?network=pinterest");
        let all: Value = reqwest::get(url.unwrap())
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        let posts = all["posts"].as_array().unwrap().clone();
        (all["accepted"].as_u64().unwrap(), posts)
    }

    /// The requests to this path, the oldest first.
    async fn requests(&self, path: &str) -> Vec<Value> {
        let url = self.instance.url.join("sandbox/requests?network=pinterest");
        let all: Vec<Value> = reqwest::get(url.unwrap())
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        all.into_iter().filter(|one| one["path"] == path).collect()
    }
}

/// Bytes that begin as an MP4 file does.
fn mp4(length: usize) -> Bytes {
    let mut bytes = b"\0\0\0\x20ftypisom\0\0\x02\0isomiso2avc1mp41".to_vec();
    bytes.resize(length, 7);
    bytes.into()
}
