//! An installation with one organisation, and a caller of its router.

use axum::{Router, http::Method};
use kernel::{Caller, Env, Event, Role, TenantId, Via};
use networks::{Net, NetConfig};
use serde_json::Value;
use store::{
    Scope, outbox,
    testing::{self, TestDb},
};
use testkit::json_request;
pub(super) use testkit::{Answer, TestClock};
use url::Url;
use vault::{Keyring, Vault};

use crate::Accounts;

/// One installation with one organisation.
pub(super) struct Fixture {
    pub(super) test: TestDb,
    pub(super) clock: TestClock,
    pub(super) keys: Keyring,
    pub(super) accounts: Accounts,
    pub(super) caller: Caller,
}

/// Servers on this machine are allowed.
pub(super) fn config() -> NetConfig {
    NetConfig {
        allow_private_targets: true,
        ..NetConfig::default()
    }
}

/// An installation on each engine.
pub(super) async fn fixtures() -> Vec<Fixture> {
    fixtures_with(config()).await
}

pub(super) async fn fixtures_with(config: NetConfig) -> Vec<Fixture> {
    let mut fixtures = Vec::new();
    for test in testing::both().await {
        let clock = TestClock::running();
        let keys = Keyring::generate(&clock.env());
        let accounts = open(&test, &clock, &keys, config.clone());
        let tenant = testing::tenant(&test.db).await;
        let caller = caller(tenant, Role::Owner);
        fixtures.push(Fixture {
            test,
            clock,
            keys,
            accounts,
            caller,
        });
    }
    fixtures
}

/// Another process of the same installation.
pub(super) fn open(
    test: &TestDb,
    clock: &TestClock,
    keys: &Keyring,
    config: NetConfig,
) -> Accounts {
    let env = clock.env();
    let net = Net::new(env.clone(), config).unwrap();
    let vault = Vault::new(env.clone(), keys.clone());
    let public_url = Url::parse("http://allin.test/").unwrap();
    Accounts::new(test.db.clone(), env, vault, net, public_url)
}

/// A new person in an organisation.
pub(super) fn caller(tenant: TenantId, role: Role) -> Caller {
    let env = Env::system();
    Caller {
        person: env.id(),
        tenant,
        role,
        via: Via::Session(env.id()),
    }
}

impl Fixture {
    pub(super) async fn call(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        self.call_as(Some(&self.caller), method, path, body).await
    }

    pub(super) async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, None).await
    }

    pub(super) async fn post(&self, path: &str, body: Value) -> Answer {
        self.call(Method::POST, path, Some(body)).await
    }

    pub(super) async fn call_as(
        &self,
        caller: Option<&Caller>,
        method: Method,
        path: &str,
        body: Option<Value>,
    ) -> Answer {
        let routes: Router = crate::routes(self.accounts.clone()).into();
        let request = json_request(method, path, &body.unwrap_or_default());
        testkit::send(routes, &self.clock.env(), caller, request).await
    }

    /// The organisation's events so far, as `kind status`.
    pub(super) async fn events(&self) -> Vec<String> {
        let events = self.raw_events().await;
        events
            .iter()
            .map(|event| format!("{} {}", event.kind, event.data["status"].as_str().unwrap()))
            .collect()
    }

    pub(super) async fn raw_events(&self) -> Vec<Event> {
        let mut tx = self
            .test
            .db
            .read(Scope::Tenant(self.caller.tenant))
            .await
            .unwrap();
        let events = outbox::read_after(&mut tx, 0, 100).await.unwrap();
        events.into_iter().map(|(_, event)| event).collect()
    }
}

/// The pairs of a query.
pub(super) fn query(address: &str) -> std::collections::HashMap<String, String> {
    let url = Url::parse("http://allin.test")
        .unwrap()
        .join(address)
        .unwrap();
    url.query_pairs().into_owned().collect()
}
