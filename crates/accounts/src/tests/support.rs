//! An installation with one organisation, and a caller of its router.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    http::{Method, Request, header},
};
use http_body_util::BodyExt;
use kernel::{Caller, Clock, Entropy, Env, Event, Role, TenantId, Timestamp, Via};
use networks::{Net, NetConfig};
use serde_json::Value;
use store::{
    Scope, outbox,
    testing::{self, TestDb},
};
use tower::ServiceExt;
use url::Url;
use vault::{Keyring, Vault};

use crate::Accounts;

/// The system's clock and randomness, but the clock can be put forward.
#[derive(Clone)]
pub(super) struct TestClock {
    system: Env,
    ahead_micros: Arc<AtomicI64>,
}

impl TestClock {
    pub(super) fn forward(&self, by: Duration) {
        self.ahead_micros
            .fetch_add(i64::try_from(by.as_micros()).unwrap(), Ordering::SeqCst);
    }

    pub(super) fn backward(&self, by: Duration) {
        self.ahead_micros
            .fetch_sub(i64::try_from(by.as_micros()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        let ahead = self.ahead_micros.load(Ordering::SeqCst);
        Timestamp::from_micros(self.system.now().as_micros() + ahead)
    }
}

impl Entropy for TestClock {
    fn fill(&self, buffer: &mut [u8]) {
        for byte in buffer {
            [*byte] = self.system.bytes();
        }
    }
}

/// One installation with one organisation.
pub(super) struct Fixture {
    pub(super) test: TestDb,
    pub(super) clock: TestClock,
    pub(super) keys: Keyring,
    pub(super) accounts: Accounts,
    pub(super) caller: Caller,
}

/// An answer of the API.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Value,
    pub(super) location: Option<String>,
}

impl Answer {
    pub(super) fn text(&self, pointer: &str) -> &str {
        self.body
            .pointer(pointer)
            .and_then(Value::as_str)
            .unwrap_or_else(|| panic!("no text at {pointer} in {self:?}"))
    }

    /// Fails unless this is the problem `code` whose message contains `words`.
    #[track_caller]
    pub(super) fn assert_problem(&self, status: u16, code: &str, words: &str) {
        assert_eq!(
            (self.status, self.text("/error/code")),
            (status, code),
            "{self:?}"
        );
        assert!(self.text("/error/message").contains(words), "{self:?}");
    }
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
        let system = Env::system();
        let clock = TestClock {
            system: system.clone(),
            ahead_micros: Arc::default(),
        };
        let keys = Keyring::generate(&system);
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
    let env = Env::new(clock.clone(), clock.clone());
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
        let env = Env::new(self.clock.clone(), self.clock.clone());
        let router: Router = crate::routes(self.accounts.clone()).into();
        let router = router.layer(axum::middleware::from_fn_with_state(
            env,
            http_kit::render_problems,
        ));
        let mut request = Request::builder().method(method).uri(path);
        if body.is_some() {
            request = request.header(header::CONTENT_TYPE, "application/json");
        }
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let mut request = request.body(body).unwrap();
        if let Some(caller) = caller {
            request.extensions_mut().insert(caller.clone());
        }
        let response = router.oneshot(request).await.unwrap();
        let status = response.status().as_u16();
        let location = response
            .headers()
            .get(header::LOCATION)
            .map(|value| value.to_str().unwrap().to_owned());
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        Answer {
            status,
            body,
            location,
        }
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
