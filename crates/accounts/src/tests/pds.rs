//! Accounts of a real Bluesky server (`scripts/pds.sh`), whose tokens expire.

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, Method, StatusCode, Uri, header},
};
use kernel::Env;
use networks::connector::Credentials;
use reqwest::Client;
use secrecy::ExposeSecret;
use serde_json::{Value, json};
use store::{Scope, sql};
use tokio::net::TcpListener;

use super::support::{Answer, Fixture};
use crate::SocialAccountId;

/// The PDS's access tokens live for two hours.
pub(super) const LIFE: Duration = Duration::from_hours(2);

sql! {
    SET_SECRET: Tenant = "UPDATE social_accounts SET secret = $2 WHERE id = $1";
    COUNT_RENEWALS: System = "SELECT count(*) FROM token_renewals";
}

/// An account of the test PDS.
pub(super) struct Person {
    pub(super) pds: String,
    pub(super) handle: String,
    pub(super) app_password: String,
    pub(super) token: String,
}

pub(super) async fn xrpc(pds: &str, procedure: &str, token: Option<&str>, input: Value) -> Value {
    let mut request = Client::new()
        .post(format!("{pds}/xrpc/{procedure}"))
        .json(&input);
    if let Some(token) = token {
        request = request.bearer_auth(token);
    }
    let response = request.send().await.unwrap().error_for_status().unwrap();
    response.json().await.unwrap_or_default()
}

impl Person {
    /// A new account, or `None` where no PDS was given.
    pub(super) async fn new() -> Option<Self> {
        let Ok(pds) = std::env::var("ALLIN_TEST_PDS_URL") else {
            assert!(
                std::env::var_os("ALLIN_TEST_REQUIRE").is_none(),
                "ALLIN_TEST_PDS_URL is not set: run the tests by `make test`"
            );
            return None;
        };
        let name: String = Env::system()
            .uuid()
            .simple()
            .to_string()
            .chars()
            .skip(16)
            .collect();
        let handle = format!("a{name}.test");
        let input = json!({
            "handle": handle,
            "email": format!("{name}@example.com"),
            "password": "main password",
        });
        let account = xrpc(&pds, "com.atproto.server.createAccount", None, input).await;
        let token = account["accessJwt"].as_str().unwrap().to_owned();
        let mut person = Self {
            pds,
            handle,
            app_password: String::new(),
            token,
        };
        person.app_password = person.new_app_password("one").await;
        Some(person)
    }

    pub(super) async fn new_app_password(&self, name: &str) -> String {
        let input = json!({ "name": name });
        let procedure = "com.atproto.server.createAppPassword";
        let made = xrpc(&self.pds, procedure, Some(&self.token), input).await;
        made["password"].as_str().unwrap().to_owned()
    }

    pub(super) async fn revoke_app_password(&self, name: &str) {
        let input = json!({ "name": name });
        xrpc(
            &self.pds,
            "com.atproto.server.revokeAppPassword",
            Some(&self.token),
            input,
        )
        .await;
    }

    pub(super) async fn connect(&self, fixture: &Fixture, password: &str) -> Answer {
        let body = json!({
            "platform": "bluesky",
            "identifier": format!(" @{}", self.handle),
            "appPassword": password,
            "serviceUrl": self.pds,
        });
        fixture.post("/social-accounts", body).await
    }

    pub(super) async fn connected(&self, fixture: &Fixture) -> SocialAccountId {
        let answer = self.connect(fixture, &self.app_password).await;
        assert_eq!(answer.status, 201, "{answer:?}");
        answer.text("/id").parse().unwrap()
    }
}

/// Stands before the PDS, counts how often tokens are asked for, and can be slow.
#[derive(Clone)]
pub(super) struct Proxy {
    pub(super) pds: String,
    delay: Duration,
    renewals: Arc<AtomicUsize>,
}

impl Proxy {
    /// Puts itself between an account and its PDS, until the next renewal.
    pub(super) async fn before(fixture: &Fixture, id: SocialAccountId, delay: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let pds = set_pds(fixture, id, &address).await;
        let proxy = Self {
            pds,
            delay,
            renewals: Arc::default(),
        };
        let router = Router::new().fallback(Self::pass).with_state(proxy.clone());
        tokio::spawn(async { axum::serve(listener, router).await });
        proxy
    }

    async fn pass(
        State(proxy): State<Self>,
        method: Method,
        uri: Uri,
        headers: HeaderMap,
        body: Bytes,
    ) -> (StatusCode, Bytes) {
        if uri.path().ends_with("Session") && method == Method::POST {
            proxy.renewals.fetch_add(1, Ordering::SeqCst);
            tokio::time::sleep(proxy.delay).await;
        }
        let mut request = Client::new()
            .request(method, format!("{}{uri}", proxy.pds))
            .body(body);
        for name in [header::AUTHORIZATION, header::CONTENT_TYPE] {
            if let Some(value) = headers.get(&name) {
                request = request.header(name, value);
            }
        }
        let response = request.send().await.unwrap();
        (response.status(), response.bytes().await.unwrap())
    }

    pub(super) fn renewals(&self) -> usize {
        self.renewals.load(Ordering::SeqCst)
    }
}

/// Changes the PDS in an account's credentials; answers the one before.
pub(super) async fn set_pds(fixture: &Fixture, id: SocialAccountId, pds: &str) -> String {
    let tenant = fixture.caller.tenant;
    let credentials = fixture
        .accounts
        .acting(tenant, id)
        .await
        .unwrap()
        .account
        .credentials
        .clone();
    let mut secret: Value = serde_json::from_str(credentials.secret.expose_secret()).unwrap();
    let before = secret["pds"]
        .as_str()
        .unwrap()
        .trim_end_matches('/')
        .to_owned();
    secret["pds"] = json!(pds);
    let credentials = Credentials {
        secret: secret.to_string().into(),
        ..credentials
    };
    let sealed = fixture
        .accounts
        .seal(tenant, id, &credentials)
        .await
        .unwrap();
    let mut tx = fixture.test.db.write(Scope::Tenant(tenant)).await.unwrap();
    tx.execute_one(&SET_SECRET, (id, sealed.secret))
        .await
        .unwrap();
    tx.commit().await.unwrap();
    fixture.accounts.credentials.forget_all().await;
    before
}

pub(super) async fn noted_renewals(fixture: &Fixture) -> i64 {
    let mut tx = fixture.test.db.read(Scope::System).await.unwrap();
    let (count,): (i64,) = tx.one(&COUNT_RENEWALS, ()).await.unwrap();
    count
}

/// [`set_pds`] for an account whose token has expired.
pub(super) async fn set_pds_back(fixture: &Fixture, id: SocialAccountId, pds: &str) {
    let forward = LIFE + Duration::from_mins(1);
    fixture
        .clock
        .shift(-i64::try_from(forward.as_micros()).unwrap());
    set_pds(fixture, id, pds).await;
    fixture.clock.advance(forward);
}
