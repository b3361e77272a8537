//! The connector against the sandbox, over HTTP.

mod connect;
mod media;
mod options;
mod publish;
mod talk;

use std::collections::HashMap;

use secrecy::SecretString;
use serde_json::Value;
use url::Url;

use super::Mastodon;
use crate::{
    Platform,
    connector::{Account, AppRegistration, Callback, ConnectRequest, ConnectStep, Connector},
    error::ConnectError,
    http::Net,
    testing::{Engine, Instance, TestClock, account, net},
};

struct World {
    clock: TestClock,
    net: Net,
    instance: Instance,
}

async fn world(change: impl FnOnce(&mut sandbox::Config)) -> World {
    let clock = TestClock::default();
    let mut config = sandbox::Config::new(clock.env());
    change(&mut config);
    World {
        net: net(&clock),
        instance: Instance::start(config).await,
        clock,
    }
}

fn connect_request(server: &str, app: Option<AppRegistration>) -> ConnectRequest {
    ConnectRequest {
        server: Some(server.to_owned()),
        identifier: None,
        secret: None,
        redirect_uri: "https://allin.example/oauth/callback".parse().unwrap(),
        state: "the-state".to_owned(),
        app,
        limits: Value::Null,
    }
}

impl World {
    async fn begin(&self, app: Option<AppRegistration>) -> (Url, Value, AppRegistration) {
        let request = connect_request(self.instance.url.as_str(), app);
        match Mastodon.connect(&self.net, request).await.unwrap() {
            ConnectStep::Redirect { url, pending, app } => (url, pending, app),
            ConnectStep::Connected(_) => panic!("Mastodon needs consent"),
        }
    }

    /// Presses a button of the consent page; answers the query of the address it leads to.
    async fn consent(&self, page: &Url, decision: &str) -> HashMap<String, String> {
        self.consent_of("alice", page, decision).await
    }

    async fn consent_of(&self, name: &str, page: &Url, decision: &str) -> HashMap<String, String> {
        let browser = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        let html = browser
            .get(page.clone())
            .send()
            .await
            .unwrap()
            .text()
            .await
            .unwrap();
        assert!(html.contains("Approve") && html.contains("AllIN"), "{html}");
        let form = [("decision", decision), ("account", name)];
        let answer = browser.post(page.clone()).form(&form).send().await.unwrap();
        assert_eq!(answer.status(), 303);
        let target: Url = answer.headers()["location"]
            .to_str()
            .unwrap()
            .parse()
            .unwrap();
        assert_eq!(target.path(), "/oauth/callback");
        target.query_pairs().into_owned().collect()
    }

    async fn account(&self) -> Account {
        self.account_of("alice").await
    }

    async fn account_of(&self, name: &str) -> Account {
        let (page, pending, app) = self.begin(None).await;
        let answer = self.consent_of(name, &page, "approve").await;
        let code = SecretString::from(answer["code"].clone());
        let callback = Callback { code, pending, app };
        account(
            Platform::Mastodon,
            Mastodon
                .finish_connect(&self.net, callback)
                .await
                .unwrap()
                .remove(0),
        )
    }

    fn engine<'a>(&'a self, account: &'a Account) -> Engine<'a> {
        Engine::new(&Mastodon, &self.net, &self.clock, account)
    }

    async fn refused(&self, app: Option<AppRegistration>) -> ConnectError {
        let request = connect_request(self.instance.url.as_str(), app);
        Mastodon.connect(&self.net, request).await.unwrap_err()
    }
}
