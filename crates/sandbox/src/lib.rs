//! Simulates the networks over HTTP, for development and for tests.
//!
//! One server plays all networks: Mastodon at the root of its origin, every other one under its
//! name, such as `/x`. Each is written from the network's documentation and *not* from our
//! connector, so that both can't be wrong in the same way.
//!
//! | module | what a reader finds there |
//! |---|---|
//! | `kit` | what every network is made of: OAuth, faults, files, feeds, the recorder, `/sandbox` |
//! | `mastodon`, … | one folder per network: its addresses, entities, rules and words |
//!
//! `/sandbox` is the panel; `POST /sandbox/faults` takes
//! `{"next":[{"network":"x","kind":"drop_after_accept","on":"publish"}]}`, `GET /sandbox/posts`
//! answers everything that was published, `GET /sandbox/requests` how it was asked for.

mod facebook;
mod instagram;
mod kit;
mod linkedin;
mod mastodon;
mod meta;
mod pinterest;
#[cfg(test)]
mod tests;
mod threads;
mod tiktok;
mod x;
mod youtube;

use std::sync::Arc;

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    http::{HeaderValue, header::DATE},
    middleware,
    response::Response,
};
use kernel::Env;
use tokio::net::TcpListener;
use tower::ServiceExt;

use crate::kit::{Hub, Mounted, control, faults, oauth, recorder};

/// Every network, one line each.
fn networks(hub: &Arc<Hub>) -> Vec<Mounted> {
    vec![
        mastodon::network(hub),
        pinterest::network(hub),
        threads::network(hub),
        facebook::network(hub),
        instagram::network(hub),
        tiktok::network(hub),
        youtube::network(hub),
        x::network(hub),
        linkedin::network(hub),
        // The next network goes here.
    ]
}

/// Bytes of a body that a handler reads whole. Files are streamed and know no limit.
const READ_WHOLE: usize = 64 << 20;

/// How the sandbox is set up.
#[derive(Clone, Debug)]
pub struct Config {
    /// Time and randomness.
    pub env: Env,
    /// Hosts beside this machine that networks may fetch media from and send webhooks to.
    pub allowed_hosts: Vec<String>,
    /// Mastodon: characters of a status.
    pub max_characters: usize,
    /// Mastodon: how often the instance says that a file is still being processed before it is
    /// ready. Zero: files are ready at once, as images usually are since 4.0.
    pub media_polls: u32,
    /// Mastodon: behave like a version before 4.0: no `/api/v2/instance`, no OAuth metadata, no
    /// `/source` of a status.
    pub old: bool,
}

impl Config {
    /// Networks as most are.
    pub fn new(env: Env) -> Self {
        Self {
            env,
            allowed_hosts: Vec::new(),
            max_characters: 500,
            media_polls: 0,
            old: false,
        }
    }
}

/// All networks, before they are served.
pub struct Sandbox {
    hub: Arc<Hub>,
    networks: Arc<Vec<Mounted>>,
}

impl Sandbox {
    /// Every network there is.
    pub fn new(config: Config) -> Self {
        Self::of(config, networks)
    }

    fn of(config: Config, networks: impl Fn(&Arc<Hub>) -> Vec<Mounted>) -> Self {
        let hub = Arc::new(Hub::new(config));
        Self {
            networks: Arc::new(networks(&hub)),
            hub,
        }
    }

    /// The names of the networks and their bases below this origin, such as
    /// `http://127.0.0.1:8090/x`.
    pub fn addresses(&self, origin: &str) -> Vec<(&'static str, String)> {
        self.networks
            .iter()
            .map(|network| network.site.profile)
            .map(|profile| (profile.name, format!("{origin}{}", profile.prefix())))
            .collect()
    }

    /// All networks, as a router to mount or to serve.
    pub fn router(&self) -> Router {
        let mut router = control::routes(control::Control {
            hub: Arc::clone(&self.hub),
            networks: Arc::clone(&self.networks),
        });
        for network in self.networks.iter() {
            let prefix = network.site.profile.prefix();
            let one = one(network);
            router = if prefix.is_empty() {
                router.merge(one)
            } else {
                router.nest(&prefix, one)
            };
        }
        let date = middleware::map_response_with_state(Arc::clone(&self.hub), date);
        let router = router.layer(date).map_request(without_trailing_slash);
        Router::new().fallback_service(router)
    }

    /// Serves the networks on `listener` until the future is dropped.
    pub async fn serve(&self, listener: TcpListener) -> std::io::Result<()> {
        axum::serve(listener, self.router()).await
    }
}

/// All networks, as a router to mount or to serve.
pub fn router(config: Config) -> Router {
    Sandbox::new(config).router()
}

/// One network: what clients ask passes the recorder and the faults, what browsers see does not.
fn one(network: &Mounted) -> Router {
    let site = &network.site;
    let api = network.api.clone().merge(oauth::routes(site));
    api.layer(DefaultBodyLimit::max(READ_WHOLE))
        .layer(middleware::from_fn_with_state(site.clone(), faults::apply))
        .layer(middleware::from_fn_with_state(
            site.clone(),
            recorder::record,
        ))
        .merge(network.pages.clone())
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

/// Serves the networks on `listener` until the future is dropped.
pub async fn serve(listener: TcpListener, config: Config) -> std::io::Result<()> {
    Sandbox::new(config).serve(listener).await
}

/// The server's clock, as every answer shows it: RFC 9110 §6.6.1.
async fn date(State(hub): State<Arc<Hub>>, mut response: Response) -> Response {
    let now = hub.now().to_jiff();
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
