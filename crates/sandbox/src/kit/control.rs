//! `/sandbox`: the API that rules the sandbox and tells what happened in it.

use std::{sync::Arc, time::Duration};

use axum::{
    Json, Router,
    extract::{Path, Query, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde::Deserialize;
use serde_json::{Value, json};
use url::Url;

use super::{Hub, Mounted, blobs, faults::Fault, feed, panel, people, recorder::Recorded};

/// What these handlers are given.
#[derive(Clone)]
pub(crate) struct Control {
    pub(crate) hub: Arc<Hub>,
    pub(crate) networks: Arc<Vec<Mounted>>,
}

/// The addresses under `/sandbox`, and those that no network has for itself.
pub(crate) fn routes(control: Control) -> Router {
    let hub = Arc::clone(&control.hub);
    let feeds = feed::routes(&control.networks);
    let panel = panel::routes(control.clone());
    Router::new()
        .route("/sandbox/networks", get(networks))
        .route(
            "/sandbox/faults",
            post(add_faults).get(list_faults).delete(clear_faults),
        )
        .route("/sandbox/requests", get(requests).delete(clear_requests))
        .route("/sandbox/posts", get(posts))
        .route("/sandbox/webhooks", get(subscriptions).post(subscribe))
        .route("/sandbox/webhooks/{id}", axum::routing::delete(unsubscribe))
        .route("/sandbox/clock", get(clock).post(advance))
        .with_state(control)
        .merge(feeds)
        .merge(panel)
        .merge(
            Router::new()
                .route("/sandbox/media/{id}", get(blobs::show))
                .route("/avatars/{name}", get(people::avatar))
                .with_state(hub),
        )
}

/// Which network is meant.
#[derive(Debug, Deserialize)]
pub(crate) struct Which {
    network: Option<String>,
}

/// The body of `POST /sandbox/faults`.
#[derive(Debug, Deserialize)]
struct Faults {
    next: Vec<Fault>,
}

/// `GET /sandbox/networks`: the networks and their bases, as paths.
async fn networks(State(control): State<Control>) -> Json<Value> {
    let all = control.networks.iter().map(|network| {
        let profile = network.site.profile;
        json!({ "id": profile.id, "name": profile.name, "base": profile.prefix() })
    });
    Json(json!({ "networks": all.collect::<Vec<_>>() }))
}

async fn add_faults(State(control): State<Control>, Json(faults): Json<Faults>) -> Response {
    if let Some(problem) = faults.next.iter().find_map(Fault::problem) {
        return (StatusCode::UNPROCESSABLE_ENTITY, problem).into_response();
    }
    control.hub.faults().extend(faults.next);
    StatusCode::NO_CONTENT.into_response()
}

async fn list_faults(State(control): State<Control>) -> Json<Vec<Fault>> {
    Json(control.hub.faults().iter().cloned().collect())
}

async fn clear_faults(State(control): State<Control>) -> StatusCode {
    control.hub.faults().clear();
    StatusCode::NO_CONTENT
}

/// `GET /sandbox/requests?network=x`: the last requests, the oldest first.
async fn requests(
    State(control): State<Control>,
    Query(which): Query<Which>,
) -> Json<Vec<Recorded>> {
    Json(control.hub.recorder.list(which.network.as_deref()))
}

async fn clear_requests(State(control): State<Control>) -> StatusCode {
    control.hub.recorder.clear();
    StatusCode::NO_CONTENT
}

/// `GET /sandbox/posts?network=x`: what stands published, the oldest first, and how many
/// requests were accepted: what a test asks to know whether something was published twice.
async fn posts(State(control): State<Control>, Query(which): Query<Which>) -> Response {
    let chosen = |network: &&Mounted| {
        which
            .network
            .as_deref()
            .is_none_or(|name| name == network.site.profile.id)
    };
    let mut accepted = 0;
    let mut all = Vec::new();
    for network in control.networks.iter().filter(chosen) {
        accepted += network.site.published();
        for post in (network.posts)() {
            let mut post = json!(post);
            post["network"] = json!(network.site.profile.id);
            all.push(post);
        }
    }
    Json(json!({ "accepted": accepted, "count": all.len(), "posts": all })).into_response()
}

/// The body of `POST /sandbox/webhooks`.
#[derive(Debug, Deserialize)]
struct Subscribe {
    network: String,
    url: Url,
    secret: String,
    #[serde(default)]
    verify_token: String,
}

/// `GET /sandbox/webhooks`: who is told, and what was delivered lately.
async fn subscriptions(State(control): State<Control>) -> Json<Value> {
    let subscribers = &control.hub.subscribers;
    Json(json!({ "subscriptions": subscribers.list(), "deliveries": subscribers.deliveries() }))
}

/// `POST /sandbox/webhooks`: subscribes an address, as an operator does on a network's console.
async fn subscribe(State(control): State<Control>, Json(asked): Json<Subscribe>) -> Response {
    let refuse = |words: String| (StatusCode::UNPROCESSABLE_ENTITY, words).into_response();
    let network = control
        .networks
        .iter()
        .find(|network| network.site.profile.id == asked.network);
    let Some(network) = network else {
        return refuse(format!("There is no network {}.", asked.network));
    };
    let subscribed = network
        .site
        .subscribe(asked.url, &asked.secret, &asked.verify_token)
        .await;
    match subscribed {
        Ok(subscription) => (StatusCode::CREATED, Json(subscription)).into_response(),
        Err(words) => refuse(words),
    }
}

/// `DELETE /sandbox/webhooks/1`.
async fn unsubscribe(State(control): State<Control>, Path(id): Path<u64>) -> StatusCode {
    control.hub.subscribers.remove(id);
    StatusCode::NO_CONTENT
}

/// `GET /sandbox/clock`.
async fn clock(State(control): State<Control>) -> Json<Value> {
    Json(json!({ "now": control.hub.now() }))
}

/// The body of `POST /sandbox/clock`.
#[derive(Debug, Deserialize)]
struct Advance {
    seconds: u64,
}

/// `POST /sandbox/clock`: puts the clock of all networks forward.
async fn advance(State(control): State<Control>, Json(by): Json<Advance>) -> Json<Value> {
    control.hub.advance(Duration::from_secs(by.seconds));
    clock(State(control)).await
}
