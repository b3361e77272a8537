//! The edge: everything between a socket and the use cases.
//!
//! | module | what a reader finds there |
//! |---|---|
//! | [`openapi`] | the routes of all capabilities and their description |
//! | [`middleware`] | request ids, client addresses, rate limits, idempotency, security headers |
//! | [`live`] | server-sent events: an organisation's outbox, as it grows |
//! | [`health`] | liveness, readiness, metrics |
//! | [`assets`] | the web UI |
//!
//! [`router`] puts them together. The order of the middleware is written there, and why.

mod assets;
mod health;
mod live;
mod middleware;
mod openapi;

use std::{sync::Arc, time::Duration};

use accounts::Accounts;
use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{HeaderName, HeaderValue, Method, header},
    middleware::{from_fn, from_fn_with_state},
    routing::get,
};
use content::Content;
use identity::Identity;
use kernel::Env;
use metrics_exporter_prometheus::PrometheusHandle;
use publishing::{Publishing, Worker};
use store::Db;
use tower::ServiceBuilder;
use tower_http::{catch_panic::CatchPanicLayer, compression::CompressionLayer, cors::CorsLayer};

pub use middleware::{Limits, TrustedProxies};
pub use openapi::document;

/// JSON bodies larger than this are refused. Uploads have limits of their own.
const BODY_LIMIT: usize = 1024 * 1024;

/// What the edge is put together from.
#[derive(Clone, Debug)]
pub struct Parts {
    /// The databases.
    pub db: Db,
    /// The clock and the randomness.
    pub env: Env,
    /// People and organisations.
    pub identity: Identity,
    /// Social accounts.
    pub accounts: Accounts,
    /// Media and posts.
    pub content: Content,
    /// Publishing.
    pub publishing: Publishing,
    /// This process's worker, if it has one.
    pub worker: Option<Worker>,
    /// What `/metrics` shows; `None` hides it.
    pub metrics: Option<PrometheusHandle>,
    /// How the edge is set up.
    pub config: Config,
}

/// How the edge is set up.
#[derive(Clone, Debug, Default)]
pub struct Config {
    /// Requests a minute.
    pub limits: Limits,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub trusted_proxies: TrustedProxies,
    /// Other origins whose pages may call the API with a bearer token.
    pub allowed_origins: Vec<HeaderValue>,
    /// Whether people reach the server by https.
    pub https: bool,
}

/// The whole HTTP surface.
pub fn router(parts: Parts) -> Router {
    let parts = Arc::new(parts);
    let (api, document) = openapi::split(&parts);
    let limiter = middleware::Limiter::new(&parts);
    let api = api
        .layer(
            // A request passes these from the first to the last.
            ServiceBuilder::new()
                .layer(from_fn(middleware::give_up))
                .layer(from_fn_with_state(
                    limiter.clone(),
                    middleware::limit_address,
                ))
                .layer(from_fn_with_state(
                    parts.identity.clone(),
                    identity::authenticate,
                ))
                .layer(from_fn_with_state(limiter, middleware::limit_person))
                .layer(from_fn_with_state(
                    Arc::clone(&parts),
                    middleware::idempotency,
                )),
        )
        .fallback(middleware::not_found)
        .method_not_allowed_fallback(middleware::method_not_allowed);

    Router::new()
        .nest("/api/v1", api)
        .merge(openapi::routes(document))
        .merge(content::media_routes(parts.content.clone()))
        .merge(health::routes(&parts))
        .fallback(get(assets::serve))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(
            ServiceBuilder::new()
                // The id first, so that everything behind it can name it.
                .layer(from_fn_with_state(Arc::clone(&parts), middleware::identify))
                .layer(from_fn(middleware::observe))
                .layer(from_fn_with_state(parts.config.https, middleware::security_headers))
                .layer(cors(&parts.config))
                .layer(CompressionLayer::new())
                // Writes the body of problems, also of those that a panic left.
                .layer(from_fn_with_state(parts.env.clone(), http_kit::render_problems))
                .layer(CatchPanicLayer::custom(middleware::panicked)),
        )
}

/// What a process that only publishes answers: its health and its metrics.
pub fn health_router(parts: Parts) -> Router {
    health::routes(&Arc::new(parts))
}

/// Our own pages need no CORS; other origins must be named, and never get cookies.
fn cors(config: &Config) -> CorsLayer {
    CorsLayer::new()
        .allow_origin(config.allowed_origins.clone())
        .allow_methods([Method::GET, Method::POST, Method::PATCH, Method::DELETE])
        .allow_headers([
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            HeaderName::from_static("idempotency-key"),
            HeaderName::from_static("x-request-id"),
        ])
        .expose_headers([
            HeaderName::from_static("x-request-id"),
            HeaderName::from_static("x-ratelimit-limit"),
            HeaderName::from_static("x-ratelimit-remaining"),
            HeaderName::from_static("x-ratelimit-reset"),
            header::RETRY_AFTER,
        ])
        .max_age(Duration::from_hours(1))
}
