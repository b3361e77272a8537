//! The connector against the sandbox, over HTTP.

mod connect;
mod publish;
mod talk;

use std::{collections::HashMap, time::Duration};

use reqwest::redirect::Policy;
use serde_json::{Value, json};
use url::Url;

use super::Linkedin;
use crate::{
    Platform,
    connector::{
        Account, AppRegistration, Callback, ConnectRequest, ConnectStep, Connection, Connector,
        ProfileKind,
    },
    error::ConnectError,
    http::{EndpointConfig, Net, NetConfig},
    testing::{Engine, Instance, TestClock, account},
};

struct World {
    clock: TestClock,
    net: Net,
    instance: Instance,
}

async fn world() -> World {
    let clock = TestClock::default();
    let instance = Instance::start(sandbox::Config::new(clock.env())).await;
    let base = instance.url.join("linkedin").unwrap();
    let endpoints = EndpointConfig::all_at(base);
    let config = NetConfig {
        endpoints: [(Platform::Linkedin, endpoints)].into(),
        timeout: Some(Duration::from_secs(4)),
        ..NetConfig::default()
    };
    World {
        net: Net::new(clock.env(), config).unwrap(),
        clock,
        instance,
    }
}

fn app(secret: &str) -> AppRegistration {
    AppRegistration {
        server: "http://127.0.0.1/".parse().unwrap(),
        client_id: "sandbox-app".to_owned(),
        client_secret: secret.to_owned(),
        redirect_uri: "https://allin.example/oauth/callback".parse().unwrap(),
    }
}

impl World {
    async fn begin(&self, what: Option<&str>) -> (Url, Value) {
        let request = ConnectRequest {
            server: what.map(str::to_owned),
            identifier: None,
            secret: None,
            redirect_uri: app("").redirect_uri,
            state: "the-state".to_owned(),
            app: Some(app("sandbox-secret")),
        };
        match Linkedin.connect(&self.net, request).await.unwrap() {
            ConnectStep::Redirect { url, pending, .. } => (url, pending),
            ConnectStep::Connected(_) => panic!("LinkedIn needs consent"),
        }
    }

    /// Fills in the consent page; answers the query of the address that it leads to.
    async fn consent(&self, page: &Url, form: &[(&str, &str)]) -> HashMap<String, String> {
        let browser = reqwest::Client::builder()
            .redirect(Policy::none())
            .build()
            .unwrap();
        let answer = browser.post(page.clone()).form(form).send().await.unwrap();
        assert_eq!(answer.status(), 303, "{}", answer.text().await.unwrap());
        let target: Url = answer.headers()["location"]
            .to_str()
            .unwrap()
            .parse()
            .unwrap();
        target.query_pairs().into_owned().collect()
    }

    async fn connect(&self, what: Option<&str>) -> Result<Vec<Connection>, ConnectError> {
        let (page, pending) = self.begin(what).await;
        let form = [("decision", "approve"), ("account", "mara")];
        let answer = self.consent(&page, &form).await;
        let callback = Callback {
            code: answer["code"].clone().into(),
            pending,
            app: app("sandbox-secret"),
        };
        Linkedin.finish_connect(&self.net, callback).await
    }

    async fn account(&self, what: Option<&str>, kind: ProfileKind) -> Account {
        let connections = self.connect(what).await.unwrap();
        let connection = connections
            .into_iter()
            .find(|connection| connection.profile.kind == kind)
            .unwrap();
        let mut account = account(Platform::Linkedin, connection);
        account.app = Some(app("sandbox-secret"));
        account
    }

    /// An organisation's page.
    async fn page(&self) -> Account {
        self.account(None, ProfileKind::Organization).await
    }

    /// A person's profile, with an app that reaches profiles alone.
    async fn person(&self) -> Account {
        self.account(Some("profile"), ProfileKind::Person).await
    }

    fn engine<'a>(&'a self, account: &'a Account) -> Engine<'a> {
        Engine::new(&Linkedin, &self.net, &self.clock, account)
    }

    async fn sandbox(&self, path: &str) -> Value {
        let url = self.instance.url.join(path).unwrap();
        reqwest::get(url).await.unwrap().json().await.unwrap()
    }

    /// What stands published, the oldest first.
    async fn posts(&self) -> Vec<Value> {
        let all = self.sandbox("sandbox/posts?network=linkedin").await;
        all["posts"].as_array().unwrap().clone()
    }

    /// The bodies of all requests to `path`, in order.
    async fn bodies(&self, path: &str) -> Vec<Value> {
        let all = self.sandbox("sandbox/requests?network=linkedin").await;
        let all = all["requests"]
            .as_array()
            .unwrap_or_else(|| all.as_array().unwrap());
        all.iter()
            .filter(|request| request["path"] == path && request["method"] == "POST")
            .map(|request| request["json"].clone())
            .collect()
    }

    async fn fault(&self, fault: Value) {
        let mut fault = fault;
        fault["network"] = json!("linkedin");
        self.instance.faults(json!([fault])).await;
    }
}
