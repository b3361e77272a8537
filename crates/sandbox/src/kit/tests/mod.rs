//! The kit through HTTP, on a network that exists only here.

mod control;
mod files;
mod network;
mod oauth;
mod reading;

use std::time::Duration;

use kernel::Timestamp;
use reqwest::{Client, Method, RequestBuilder, Response, redirect::Policy};
use serde_json::{Value, json};
use testkit::TestClock;
use tokio::{net::TcpListener, task::JoinHandle};

/// A served sandbox with the test's network under `/toy`.
struct World {
    origin: String,
    clock: TestClock,
    http: Client,
    server: JoinHandle<()>,
}

impl World {
    async fn start() -> Self {
        // 2026-11-21T12:00:00Z.
        let clock = TestClock::standing_at(Timestamp::from_micros(1_795_262_400_000_000));
        let config = crate::Config::new(clock.env());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let router = crate::Sandbox::of(config, |hub| vec![network::network(hub)]).router();
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        let http = Client::builder()
            .redirect(Policy::none())
            .timeout(Duration::from_secs(5))
            .no_proxy()
            .build()
            .unwrap();
        Self {
            origin,
            clock,
            http,
            server,
        }
    }

    fn advance(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.http.request(method, format!("{}{path}", self.origin))
    }

    async fn get(&self, path: &str) -> Value {
        let answer = self.request(Method::GET, path).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        answer.json().await.unwrap()
    }

    async fn page(&self, path: &str) -> (u16, String) {
        let answer = self.request(Method::GET, path).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    async fn fault(&self, fault: Value) {
        let answer = self
            .request(Method::POST, "/sandbox/faults")
            .json(&json!({ "next": [fault] }))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 204, "{}", answer.text().await.unwrap());
    }

    /// Publishes; answers the response.
    async fn publish(&self, token: &str, text: &str) -> reqwest::Result<Response> {
        self.request(Method::POST, "/toy/posts")
            .bearer_auth(token)
            .json(&json!({ "text": text }))
            .send()
            .await
    }

    async fn count(&self) -> (u64, u64) {
        let posts = self.get("/sandbox/posts?network=toy").await;
        (
            posts["accepted"].as_u64().unwrap(),
            posts["count"].as_u64().unwrap(),
        )
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.server.abort();
    }
}
