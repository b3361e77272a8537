//! The network: as much of a Mastodon instance as connecting an account and publishing text need
//! (docs.joinmastodon.org/methods/statuses), and a note of when each post arrived.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use anyhow::bail;
use axum::{
    Json, Router,
    extract::State,
    routing::{get, post},
};
use kernel::{Env, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::server::Server;

/// Nothing more is expected when no post came for this long.
const SILENCE: Duration = Duration::from_mins(1);

/// A running instance. It ends with the program.
#[derive(Debug)]
pub(crate) struct Peer {
    /// Its address.
    pub(crate) url: String,
    state: Instance,
}

#[derive(Clone, Debug)]
struct Instance {
    url: Arc<str>,
    env: Env,
    arrivals: Arc<Mutex<Vec<Arrival>>>,
}

/// A post that was received.
#[derive(Clone, Debug)]
pub(crate) struct Arrival {
    pub(crate) text: String,
    pub(crate) at: Timestamp,
}

#[derive(Deserialize)]
struct Status {
    status: String,
}

/// Starts an instance on a free port.
pub(crate) async fn start() -> anyhow::Result<Peer> {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let state = Instance {
        url: url.as_str().into(),
        env: Env::system(),
        arrivals: Arc::default(),
    };
    let router = Router::new()
        .route("/api/v2/instance", get(instance))
        .route(
            "/api/v1/apps",
            post(async || Json(json!({ "client_id": "c", "client_secret": "s" }))),
        )
        .route(
            "/oauth/token",
            post(async || Json(json!({ "access_token": "t" }))),
        )
        .route("/api/v1/accounts/verify_credentials", get(person))
        .route("/api/v1/statuses", post(publish))
        .with_state(state.clone());
    tokio::spawn(async move { axum::serve(listener, router).await });
    Ok(Peer { url, state })
}

async fn instance() -> Json<Value> {
    Json(json!({ "domain": "bench.example", "version": "4.4.0" }))
}

async fn person(State(instance): State<Instance>) -> Json<Value> {
    let url = format!("{}/@bench", instance.url);
    Json(json!({ "id": "1", "username": "bench", "display_name": "Bench", "url": url }))
}

async fn publish(State(instance): State<Instance>, Json(status): Json<Status>) -> Json<Value> {
    let at = instance.env.now();
    let id = {
        let mut arrivals = instance
            .arrivals
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        arrivals.push(Arrival {
            text: status.status,
            at,
        });
        arrivals.len().to_string()
    };
    Json(json!({ "url": format!("{}/@bench/{id}", instance.url), "id": id }))
}

impl Peer {
    fn count(&self) -> usize {
        self.state
            .arrivals
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .len()
    }

    /// Waits for that many posts of a server and takes them, in the order of their arrival.
    pub(crate) async fn receive(
        &self,
        posts: usize,
        from: &mut Server,
    ) -> anyhow::Result<Vec<Arrival>> {
        let (mut seen, mut since) = (0, Instant::now());
        loop {
            let count = self.count();
            if count >= posts {
                break;
            }
            from.ensure_alive()?;
            if count > seen {
                (seen, since) = (count, Instant::now());
            } else if since.elapsed() > SILENCE {
                bail!("{count} of {posts} posts arrived, then none for {SILENCE:?}");
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        Ok(self.take())
    }

    /// Takes what has arrived.
    pub(crate) fn take(&self) -> Vec<Arrival> {
        let mut arrivals = self
            .state
            .arrivals
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut arrivals)
    }
}
