//! A network of the sandbox, with its connector before it.

use std::{
    collections::{BTreeMap, HashMap},
    ops::Index,
    time::Duration,
};

use reqwest::redirect::Policy;
use serde_json::{Value, json};
use url::Url;

use super::{Engine, Instance, TestClock, account, request_as};
use crate::{
    Platform, connector,
    connector::{
        Account, AppRegistration, Callback, ConnectRequest, ConnectStep, Connection, Connector,
        DoneStep, OutgoingMedia, OutgoingPart, PublishRequest,
    },
    error::ConnectError,
    http::{EndpointConfig, Net, NetConfig},
};

/// A network of a sandbox of its own, and what speaks to it: as an operator set it up who
/// registered the app `sandbox-app`.
pub(crate) struct World {
    platform: Platform,
    pub(crate) clock: TestClock,
    pub(crate) net: Net,
    pub(crate) instance: Instance,
}

/// What came of a consent page.
#[derive(Debug)]
pub(crate) struct Consent {
    /// What the connector wanted to be given back.
    pub(crate) pending: Value,
    /// The query of the address that the page led to.
    pub(crate) answer: HashMap<String, String>,
}

impl Consent {
    /// The parameter of this name, if it came.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.answer.get(name).map(String::as_str)
    }
}

impl Index<&str> for Consent {
    type Output = str;

    fn index(&self, name: &str) -> &str {
        self.get(name)
            .unwrap_or_else(|| panic!("{name} is missing: {:?}", self.answer))
    }
}

/// What is sent when this person agrees to everything.
pub(crate) fn approve(person: &str) -> [(&str, &str); 2] {
    [("decision", "approve"), ("account", person)]
}

impl World {
    /// A network that nothing happened on yet.
    pub(crate) async fn of(platform: Platform) -> Self {
        let clock = TestClock::default();
        let instance = Instance::start(sandbox::Config::new(clock.env())).await;
        let base = instance.url.join(platform.as_str()).unwrap();
        let config = NetConfig {
            allow_private_targets: true,
            timeout: Some(Duration::from_secs(4)),
            endpoints: BTreeMap::from([(platform, EndpointConfig::all_at(base))]),
        };
        Self {
            platform,
            net: Net::new(clock.env(), config).unwrap(),
            clock,
            instance,
        }
    }

    pub(crate) fn connector(&self) -> &'static dyn Connector {
        connector(self.platform)
    }

    /// The operator's app.
    pub(crate) fn app(&self) -> AppRegistration {
        AppRegistration {
            server: self.connector().server(&self.net, None).unwrap(),
            client_id: "sandbox-app".to_owned(),
            client_secret: "sandbox-secret".to_owned(),
            redirect_uri: "https://allin.example/oauth/callback".parse().unwrap(),
        }
    }

    /// An app that the network does not know.
    pub(crate) fn wrong_app(&self) -> AppRegistration {
        AppRegistration {
            client_secret: "guessed".to_owned(),
            ..self.app()
        }
    }

    /// What a person asks for who names this server, and an installation with this app.
    pub(crate) fn wish(
        &self,
        server: Option<&str>,
        app: Option<AppRegistration>,
    ) -> ConnectRequest {
        ConnectRequest {
            server: server.map(str::to_owned),
            identifier: None,
            secret: None,
            redirect_uri: self.app().redirect_uri,
            state: "the-state".to_owned(),
            app,
            limits: Value::Null,
        }
    }

    /// Begins to connect: the address of the consent page.
    pub(crate) async fn begin(&self) -> Url {
        self.begin_at(None).await.0
    }

    /// As [`World::begin`] with a server's name, with what the connector wants to be given back.
    pub(crate) async fn begin_at(&self, server: Option<&str>) -> (Url, Value) {
        let wish = self.wish(server, Some(self.app()));
        match self.connector().connect(&self.net, wish).await.unwrap() {
            ConnectStep::Redirect { url, pending, .. } => (url, pending),
            ConnectStep::Connected(_) => panic!("{} needs consent", self.platform.name()),
        }
    }

    /// Begins to connect, and sends the consent page's form.
    pub(crate) async fn consent(&self, form: &[(&str, &str)]) -> Consent {
        self.consent_at(None, form).await
    }

    /// As [`World::consent`] with a server's name.
    pub(crate) async fn consent_at(&self, server: Option<&str>, form: &[(&str, &str)]) -> Consent {
        let (page, pending) = self.begin_at(server).await;
        let browser = reqwest::Client::builder()
            .redirect(Policy::none())
            .build()
            .unwrap();
        let answer = browser.post(page).form(form).send().await.unwrap();
        assert_eq!(answer.status(), 303, "{}", answer.text().await.unwrap());
        let target = answer.headers()["location"].to_str().unwrap();
        let target: Url = target.parse().unwrap();
        assert_eq!(target.path(), self.app().redirect_uri.path());
        Consent {
            pending,
            answer: target.query_pairs().into_owned().collect(),
        }
    }

    /// What a consent connects.
    pub(crate) async fn finish(&self, consent: &Consent) -> Result<Vec<Connection>, ConnectError> {
        let callback = Callback {
            code: consent["code"].to_owned().into(),
            pending: consent.pending.clone(),
            app: self.app(),
        };
        self.connector().finish_connect(&self.net, callback).await
    }

    /// Connects by this answer to the consent page.
    pub(crate) async fn connect(
        &self,
        form: &[(&str, &str)],
    ) -> Result<Vec<Connection>, ConnectError> {
        self.finish(&self.consent(form).await).await
    }

    /// The account of a connection, as it comes back from the store.
    pub(crate) fn as_account(&self, connection: Connection) -> Account {
        Account {
            app: Some(self.app()),
            ..account(self.platform, connection)
        }
    }

    /// The first account that this person can connect.
    pub(crate) async fn account_of(&self, person: &str) -> Account {
        let connections = self.connect(&approve(person)).await.unwrap();
        self.as_account(connections.into_iter().next().unwrap())
    }

    /// The first account that Mara can connect.
    pub(crate) async fn account(&self) -> Account {
        self.account_of("mara").await
    }

    /// The account with new credentials.
    pub(crate) async fn renewed(&self, account: &Account) -> Account {
        Account {
            credentials: self.connector().refresh(&self.net, account).await.unwrap(),
            ..account.clone()
        }
    }

    /// What publishes for the account.
    pub(crate) fn engine<'a>(&'a self, account: &'a Account) -> Engine<'a> {
        Engine::new(self.connector(), &self.net, &self.clock, account)
    }

    /// A post of one part.
    pub(crate) fn request(
        &self,
        format: &str,
        text: &str,
        media: Vec<OutgoingMedia>,
        options: Value,
    ) -> PublishRequest {
        let text = text.to_owned();
        request_as(
            &self.net,
            format,
            vec![OutgoingPart { text, media }],
            options,
        )
    }

    /// Publishes to the end; answers the steps.
    pub(crate) async fn published(
        &self,
        account: &Account,
        request: &PublishRequest,
    ) -> Vec<DoneStep> {
        let mut engine = self.engine(account);
        engine.publish(request).await.unwrap();
        engine.done
    }

    /// Queues a fault that meets this network.
    pub(crate) async fn fault(&self, fault: Value) {
        let mut fault = fault;
        fault["network"] = json!(self.platform);
        self.instance.faults(json!([fault])).await;
    }

    async fn sandbox(&self, what: &str) -> Value {
        let path = format!("sandbox/{what}?network={}", self.platform);
        let url = self.instance.url.join(&path).unwrap();
        reqwest::get(url).await.unwrap().json().await.unwrap()
    }

    /// What stands published, the oldest first.
    pub(crate) async fn posts(&self) -> Vec<Value> {
        self.sandbox("posts").await["posts"]
            .as_array()
            .unwrap()
            .clone()
    }

    /// How many requests published something.
    pub(crate) async fn accepted(&self) -> u64 {
        self.sandbox("posts").await["accepted"].as_u64().unwrap()
    }

    /// The requests that came, the oldest first.
    pub(crate) async fn requests(&self) -> Vec<Value> {
        self.sandbox("requests").await.as_array().unwrap().clone()
    }

    /// The requests to a path, the oldest first.
    pub(crate) async fn requests_to(&self, path: &str) -> Vec<Value> {
        let mut all = self.requests().await;
        all.retain(|one| one["path"].as_str().unwrap().trim_end_matches('/') == path);
        all
    }

    /// The JSON that was posted to a path, the oldest first.
    pub(crate) async fn bodies(&self, path: &str) -> Vec<Value> {
        let mut all = self.requests_to(path).await;
        all.retain(|one| one["method"] == "POST");
        all.into_iter().map(|one| one["json"].clone()).collect()
    }
}
