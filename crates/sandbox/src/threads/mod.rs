//! Threads, API v1.0. Written from developers.facebook.com/documentation/threads (checked
//! 2026-11-21; each module names its pages).
//!
//! | module | what a reader finds there |
//! |---|---|
//! | `oauth` | how apps are let in; what a token is worth |
//! | `containers` | what is put together before it is published |
//! | `publish` | making a container public, and how often that may be done |
//! | `read` | posts, replies, profiles, deleting, hiding |
//! | `insights` | what the public does |
//! | `refusal` | how it says no |
//! | `state`, `text` | what it remembers, how it counts |

mod containers;
mod insights;
mod oauth;
mod publish;
mod read;
mod refusal;
mod state;
#[cfg(test)]
mod tests;
mod text;

use std::sync::Arc;

use axum::{
    Router,
    extract::State,
    http::{HeaderMap, header::AUTHORIZATION},
    routing::{get, post},
};

use crate::kit::{
    self, Actor, Answer, Brand, Hub, Mounted, Params, Profile, Refusal, Trouble,
    feed::Look,
    people,
    webhooks::{Handshake, Webhooks, hub_signature},
};

type Net = kit::Net<state::Memory>;

static PROFILE: Profile = Profile {
    id: "threads",
    name: "Threads",
    brand: Brand {
        colour: "#101010",
        look: Look::Text,
    },
    oauth: oauth::OAUTH,
    refuse: refusal::refuse,
    publishing: &["POST /v1.0/*/threads_publish"],
    uploading: &["POST /v1.0/*/threads"],
    webhooks: Some(Webhooks {
        sign: hub_signature,
        handshake: Handshake::Hub,
    }),
};

/// The network.
pub(crate) fn network(hub: &Arc<Hub>) -> Mounted {
    let api = Router::new()
        .route("/v1.0/debug_token", get(oauth::debug))
        .route("/debug_token", get(oauth::debug))
        .route("/v1.0/{node}", get(read::node).delete(read::delete))
        .route(
            "/v1.0/{node}/threads",
            get(read::threads).post(containers::create),
        )
        .route("/v1.0/{node}/threads_publish", post(publish::publish))
        .route(
            "/v1.0/{node}/threads_publishing_limit",
            get(publish::limits),
        )
        .route("/v1.0/{node}/threads_insights", get(insights::of_user))
        .route("/v1.0/{node}/insights", get(insights::of_post))
        .route("/v1.0/{node}/replies", get(read::replies))
        .route("/v1.0/{node}/conversation", get(read::conversation))
        .route("/v1.0/{node}/manage_reply", post(read::manage_reply))
        .fallback(nothing);
    Net::new(hub, &PROFILE, state::Memory::default()).mount(api)
}

async fn nothing(State(net): State<Net>) -> Refusal {
    net.refuse(&Trouble::NotFound)
}

/// Who asks: by `access_token` among the parameters, or by the header.
fn actor(net: &Net, headers: &HeaderMap, params: &Params) -> Answer<Actor> {
    let header = headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "));
    let token = params
        .get("access_token")
        .or(header)
        .ok_or_else(|| net.refuse(&Trouble::TokenUnknown))?;
    let actor = Actor::of(net, token)?;
    actor.require("threads_basic")?;
    Ok(actor)
}

/// The number that an account goes by: app-scoped, of 17 digits.
fn user_id(username: &str) -> String {
    people::find(username).map_or_else(String::new, |person| {
        person.number("threads", 17).to_string()
    })
}

/// Whether `node` means the account that asks.
fn is_self(actor: &Actor, node: &str) -> bool {
    node == "me" || node == user_id(actor.account())
}
