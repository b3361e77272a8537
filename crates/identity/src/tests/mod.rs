//! The capability through its own front door: real requests to its routes, on both engines.

mod api_tokens;
mod invitations;
mod members;
mod organizations;
mod passwords;
mod registration;
mod sessions;
mod walls;

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr},
    time::Duration,
};

use axum::{
    Extension, Router,
    body::Body,
    http::{HeaderMap, Request, header},
    middleware,
};
use http_body_util::BodyExt;
use http_kit::{ClientIp, RequestId, render_problems};
use kernel::{Env, Timestamp};
use secrecy::SecretBox;
use serde_json::{Value, json};
use store::testing::{self, TestDb};
use testkit::TestClock;
use tower::ServiceExt;

use crate::{Identity, IdentityConfig, authenticate, routes};

pub(crate) const PASSWORD: &str = "Correct-Horse-7";

/// An installation on a clock that stands until it is moved.
struct App {
    db: TestDb,
    clock: TestClock,
    env: Env,
    identity: Identity,
}

fn config() -> IdentityConfig {
    let url = "http://localhost:8080".parse().unwrap();
    // Nothing is remembered, so that what a test does behind this process's back shows at once.
    let recheck_after = Duration::ZERO;
    IdentityConfig {
        recheck_after,
        ..IdentityConfig::new(SecretBox::new(Box::new([7; 32])), url)
    }
}

/// An installation on each engine.
async fn apps() -> Vec<App> {
    apps_with(config).await
}

async fn apps_with(config: fn() -> IdentityConfig) -> Vec<App> {
    let databases = testing::both().await;
    databases
        .into_iter()
        .map(|db| App::new(db, config()))
        .collect()
}

impl App {
    fn new(db: TestDb, config: IdentityConfig) -> Self {
        let clock = TestClock::standing_at(Timestamp::from_micros(1_790_000_000_000_000));
        let env = clock.env();
        let identity = Identity::new(db.db.clone(), env.clone(), config);
        Self {
            db,
            clock,
            env,
            identity,
        }
    }

    /// Another process on the same databases.
    fn replica(&self, config: IdentityConfig) -> Identity {
        Identity::new(self.db.db.clone(), self.env.clone(), config)
    }

    fn pass(&self, time: Duration) {
        self.clock.advance(time);
    }

    fn router(&self) -> Router {
        router(&self.identity, &self.env)
    }

    async fn call(&self, client: &Client, method: &str, path: &str, body: Value) -> Answer {
        send(self.router(), client, method, path, body).await
    }

    async fn get(&self, client: &Client, path: &str) -> Answer {
        self.call(client, "GET", path, Value::Null).await
    }

    async fn post(&self, client: &Client, path: &str, body: Value) -> Answer {
        self.call(client, "POST", path, body).await
    }

    /// Registers a person with his own organisation.
    async fn register(&self, name: &str) -> Client {
        let answer = self
            .post(&Client::anonymous(), "/auth/register", newcomer(name))
            .await;
        answer.is(201);
        answer.client()
    }

    /// Lets a new person join the organisation of `owner`.
    async fn join(&self, owner: &Client, name: &str, role: &str) -> Client {
        // Lists are in the order of time.
        self.pass(Duration::from_secs(1));
        let email = format!("{name}@example.org");
        let invited = self
            .post(
                owner,
                "/invitations",
                json!({ "email": email, "role": role }),
            )
            .await;
        invited.is(201);
        let body = json!({ "token": invited.link_token(), "name": name, "password": PASSWORD });
        let accepted = self
            .post(&Client::anonymous(), "/invitations/accept", body)
            .await;
        accepted.is(200);
        accepted.client()
    }

    async fn log_in(&self, name: &str, password: &str) -> Answer {
        let email = format!("{name}@example.org");
        let body = json!({ "email": email, "password": password });
        self.post(&Client::anonymous(), "/auth/login", body).await
    }
}

fn router(identity: &Identity, env: &Env) -> Router {
    routes(identity.clone())
        .split_for_parts()
        .0
        .layer(middleware::from_fn_with_state(
            identity.clone(),
            authenticate,
        ))
        .layer(middleware::from_fn_with_state(env.clone(), render_problems))
        .layer(Extension(RequestId("test".to_owned())))
}

async fn send(router: Router, client: &Client, method: &str, path: &str, body: Value) -> Answer {
    let mut request = Request::builder()
        .method(method)
        .uri(path)
        .extension(ClientIp(client.address));
    for (name, value) in &client.headers {
        request = request.header(*name, value);
    }
    let body = if body.is_null() {
        Body::empty()
    } else {
        request = request.header(header::CONTENT_TYPE, "application/json");
        Body::from(body.to_string())
    };
    let response = router.oneshot(request.body(body).unwrap()).await.unwrap();
    let (status, headers) = (response.status().as_u16(), response.headers().clone());
    let bytes = response.into_body().collect().await.unwrap().to_bytes();
    let body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
    Answer {
        request: format!("{method} {path}"),
        status,
        headers,
        body,
    }
}

/// Who sends requests, and from where.
#[derive(Clone, Debug)]
struct Client {
    headers: Vec<(&'static str, String)>,
    address: IpAddr,
    refresh: String,
    id: String,
}

impl Client {
    fn anonymous() -> Self {
        let address = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
        Self {
            headers: Vec::new(),
            address,
            refresh: String::new(),
            id: String::new(),
        }
    }

    fn bearer(token: &str) -> Self {
        Self {
            headers: vec![("authorization", format!("Bearer {token}"))],
            ..Self::anonymous()
        }
    }

    fn at(self, address: &str) -> Self {
        Self {
            address: address.parse().unwrap(),
            ..self
        }
    }

    fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.push((name, value.to_owned()));
        self
    }
}

/// What came back.
#[derive(Debug)]
struct Answer {
    request: String,
    status: u16,
    headers: HeaderMap,
    body: Value,
}

impl Answer {
    #[track_caller]
    fn is(&self, status: u16) -> &Value {
        assert_eq!(self.status, status, "{}: {}", self.request, self.body);
        &self.body
    }

    #[track_caller]
    fn fails(&self, status: u16, code: &str) -> &Value {
        assert_eq!(
            (self.status, self.code()),
            (status, code),
            "{}: {}",
            self.request,
            self.body
        );
        &self.body["error"]
    }

    fn code(&self) -> &str {
        self.body["error"]["code"].as_str().unwrap_or_default()
    }

    /// The codes of the fields that can't be accepted, by path.
    #[track_caller]
    fn fields(&self) -> Vec<String> {
        let error = self.fails(422, "VALIDATION_FAILED");
        let fields = error["details"]["fields"].as_array().unwrap().iter();
        fields
            .map(|f| {
                format!(
                    "{}:{}",
                    f["path"].as_str().unwrap(),
                    f["code"].as_str().unwrap()
                )
            })
            .collect()
    }

    /// The bearer client that an `AuthResponse` makes.
    #[track_caller]
    fn client(&self) -> Client {
        let access = self.body["accessToken"].as_str().unwrap();
        let refresh = self.body["refreshToken"].as_str().unwrap().to_owned();
        let id = self.body["user"]["id"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        Client {
            refresh,
            id,
            ..Client::bearer(access)
        }
    }

    /// The cookies that are set: values and attributes by name.
    fn cookies(&self) -> BTreeMap<String, (String, String)> {
        let set = self.headers.get_all(header::SET_COOKIE).iter();
        set.map(|cookie| {
            let (name, rest) = cookie.to_str().unwrap().split_once('=').unwrap();
            let (value, attributes) = rest.split_once("; ").unwrap();
            (name.to_owned(), (value.to_owned(), attributes.to_owned()))
        })
        .collect()
    }

    /// The browser that the cookies make, sending the CSRF token.
    fn browser(&self) -> Client {
        let cookies = self.cookies();
        let header: Vec<_> = cookies
            .iter()
            .map(|(name, (value, _))| format!("{name}={value}"))
            .collect();
        Client::anonymous()
            .with("cookie", &header.join("; "))
            .with("x-csrf-token", &cookies["allin_csrf"].0)
    }

    /// The token in the link of a new invitation.
    #[track_caller]
    fn link_token(&self) -> String {
        let url = self.body["url"].as_str().unwrap();
        url.split_once("/invite?token=").unwrap().1.to_owned()
    }
}

fn newcomer(name: &str) -> Value {
    json!({
        "email": format!("{name}@example.org"),
        "password": PASSWORD,
        "name": name,
        "tenantName": format!("{name}'s team"),
    })
}
