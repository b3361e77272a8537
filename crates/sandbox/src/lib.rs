//! Simulates the networks over HTTP, for development and for tests.
//!
//! What stands here is one whole Mastodon instance, in memory: app registration, OAuth with a
//! consent page, media that is processed in the background, statuses with idempotency keys,
//! threads, deletion, rate limits, the refusals of the real one, and pages that show what was
//! published. Written from the documentation at docs.joinmastodon.org (state of July 2026, API of
//! Mastodon 4.4) and *not* from our connector, so that both can't be wrong in the same way.
//!
//! | module | what a reader finds there |
//! |---|---|
//! | [`state`](mod@state) | what the instance remembers |
//! | `instance` | what it says of itself: limits, version, OAuth metadata |
//! | `oauth` | apps, consent, tokens |
//! | `media`, `statuses`, `accounts` | the API that a client publishes with |
//! | `text` | how it counts and renders text |
//! | `pages` | what a person sees in a browser |
//! | [`faults`] | how a test makes it slow, silent, broken or forgetful |
//!
//! `POST /sandbox/faults` takes `{"next":[{"kind":"drop_after_accept","path":"/api/v1/statuses"}]}`;
//! `GET /sandbox/statuses` answers everything that was published.

mod accounts;
mod answer;
pub mod faults;
mod instance;
mod media;
mod oauth;
mod pages;
mod params;
pub mod state;
mod statuses;
#[cfg(test)]
mod tests;
mod text;

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::{DefaultBodyLimit, Request, State},
    http::{HeaderValue, header::DATE},
    middleware,
    response::Response,
    routing::{get, post},
};
use kernel::Env;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tower::ServiceExt;

use crate::state::Sandbox;

/// How the instance is set up.
#[derive(Clone, Debug)]
pub struct Config {
    /// Time and randomness.
    pub env: Env,
    /// Characters of a status.
    pub max_characters: usize,
    /// How often the instance says that a file is still being processed before it is ready.
    /// Zero: files are ready at once, as images usually are since Mastodon 4.0.
    pub media_polls: u32,
    /// Behave like a version before 4.0: no `/api/v2/instance`, no OAuth metadata, no
    /// `/source` of a status.
    pub old: bool,
}

impl Config {
    /// An instance as most are.
    pub fn new(env: Env) -> Self {
        Self {
            env,
            max_characters: 500,
            media_polls: 0,
            old: false,
        }
    }
}

/// The whole instance, as a router to mount or to serve.
pub fn router(config: Config) -> Router {
    let sandbox = Arc::new(Sandbox::new(config));
    let api = Router::new()
        .route("/api/v1/instance", get(instance::v1))
        .route("/api/v2/instance", get(instance::v2))
        .route(
            "/.well-known/oauth-authorization-server",
            get(instance::oauth_metadata),
        )
        .route("/.well-known/nodeinfo", get(instance::nodeinfo_links))
        .route("/nodeinfo/2.0", get(instance::nodeinfo))
        .route("/api/v1/apps", post(oauth::register))
        .route("/oauth/authorize", get(oauth::consent).post(oauth::decide))
        .route("/oauth/token", post(oauth::token))
        .route("/oauth/revoke", post(oauth::revoke))
        .route(
            "/api/v1/accounts/verify_credentials",
            get(accounts::verify_credentials),
        )
        .route("/api/v1/accounts/{id}/statuses", get(accounts::statuses))
        .route("/api/v2/media", post(media::upload))
        .route("/api/v1/media/{id}", get(media::show).put(media::update))
        .route("/api/v1/statuses", post(statuses::create))
        .route(
            "/api/v1/statuses/{id}",
            get(statuses::show).delete(statuses::delete),
        )
        .route("/api/v1/statuses/{id}/context", get(statuses::context))
        .route("/api/v1/statuses/{id}/source", get(statuses::source))
        .layer(DefaultBodyLimit::max(media::IMAGE_SIZE_LIMIT + 64 * 1024))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&sandbox),
            faults::apply,
        ));
    let rest = Router::new()
        .route("/", get(pages::feed))
        .route("/media/{id}/original", get(media::file))
        .route("/avatars/{name}", get(pages::avatar))
        .route("/{account}", get(pages::profile))
        .route("/{account}/{id}", get(pages::status))
        .route(
            "/sandbox/faults",
            post(faults::set).get(faults::list).delete(faults::clear),
        )
        .route("/sandbox/statuses", get(all_statuses));
    let instance = api
        .merge(rest)
        .layer(middleware::map_response_with_state(
            Arc::clone(&sandbox),
            date,
        ))
        .with_state(sandbox);
    Router::new().fallback_service(instance.map_request(without_trailing_slash))
}

/// Rails takes `/api/v2/instance/` for `/api/v2/instance`, and clients rely on it.
fn without_trailing_slash(mut request: Request) -> Request {
    let path = request.uri().path();
    let trimmed = path.trim_end_matches('/');
    if !trimmed.is_empty() && trimmed.len() < path.len() {
        let query = request
            .uri()
            .query()
            .map(|query| format!("?{query}"))
            .unwrap_or_default();
        if let Ok(uri) = format!("{trimmed}{query}").parse() {
            *request.uri_mut() = uri;
        }
    }
    request
}

/// Serves the instance on `listener` until the future is dropped.
pub async fn serve(listener: TcpListener, config: Config) -> std::io::Result<()> {
    axum::serve(listener, router(config)).await
}

/// The server's clock, as every answer shows it: RFC 9110 §6.6.1.
async fn date(State(sandbox): State<Arc<Sandbox>>, mut response: Response) -> Response {
    let now = sandbox.now().to_jiff();
    let printer = jiff::fmt::rfc2822::DateTimePrinter::new();
    if let Some(value) = printer
        .timestamp_to_rfc9110_string(&now)
        .ok()
        .and_then(|date| HeaderValue::from_str(&date).ok())
    {
        response.headers_mut().insert(DATE, value);
    }
    response
}

/// Everything that stands published, oldest first, with the number of accepted requests: what a
/// test asks to know whether something was published twice.
async fn all_statuses(State(sandbox): State<Arc<Sandbox>>, origin: params::Origin) -> Json<Value> {
    let state = sandbox.state();
    let statuses: Vec<_> = state
        .statuses
        .values()
        .map(|status| {
            let mut entity = state.status_entity(status, &origin);
            entity["text"] = json!(status.text);
            entity
        })
        .collect();
    Json(json!({ "count": statuses.len(), "statuses": statuses }))
}
