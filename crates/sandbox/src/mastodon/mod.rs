//! A Mastodon instance: app registration, OAuth with a consent page, media that is processed in
//! the background, statuses with idempotency keys, threads, deletion, rate limits, the refusals of
//! the real one, and pages that show what was published. Written from the documentation at
//! docs.joinmastodon.org (checked 2026-11-21, API of Mastodon 4.5).
//!
//! | module | what a reader finds there |
//! |---|---|
//! | `state`, `entity` | what the instance remembers, and how it shows it |
//! | `instance` | what it says of itself: limits, version, OAuth metadata |
//! | `oauth` | apps and how they are let in |
//! | `media`, `statuses`, `poll`, `quotes` | the API that a client publishes with |
//! | `accounts`, `search` | the API that finds things |
//! | `text` | how it counts and renders text |
//! | `refusal` | how it says no |
//! | `pages` | what a person sees in a browser |

mod accounts;
mod entity;
mod instance;
mod media;
mod oauth;
mod pages;
mod poll;
mod quotes;
mod refusal;
mod search;
mod state;
mod statuses;
#[cfg(test)]
mod tests;
mod text;

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::State,
    routing::{get, post, put},
};
use serde_json::{Value, json};

use self::{entity::View, state::Memory};
use crate::kit::{self, Brand, Here, Hub, Mounted, Profile, feed::Look};

type Net = kit::Net<Memory>;

static PROFILE: Profile = Profile {
    id: "mastodon",
    name: "Mastodon",
    brand: Brand {
        colour: "#563acc",
        look: Look::Text,
    },
    oauth: oauth::OAUTH,
    refuse: refusal::refuse,
    publishing: &["POST /api/v1/statuses"],
    uploading: &["POST /api/v2/media"],
    webhooks: None,
};

/// The instance.
pub(crate) fn network(hub: &Arc<Hub>) -> Mounted {
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
        .route(
            "/api/v1/accounts/verify_credentials",
            get(accounts::verify_credentials),
        )
        .route("/api/v1/accounts/{id}", get(accounts::show))
        .route("/api/v1/accounts/{id}/statuses", get(accounts::statuses))
        .route("/api/v2/search", get(search::v2))
        .route("/api/v2/media", post(media::upload))
        .route(
            "/api/v1/media/{id}",
            get(media::show).put(media::update).delete(media::delete),
        )
        .route("/api/v1/polls/{id}", get(poll::show))
        .route(
            "/api/v1/statuses",
            get(statuses::index).post(statuses::create),
        )
        .route(
            "/api/v1/statuses/{id}",
            get(statuses::show).delete(statuses::delete),
        )
        .route("/api/v1/statuses/{id}/context", get(statuses::context))
        .route("/api/v1/statuses/{id}/source", get(statuses::source))
        .route("/api/v1/statuses/{id}/quotes", get(quotes::list))
        .route(
            "/api/v1/statuses/{id}/interaction_policy",
            put(quotes::change_policy),
        );
    let pages = Router::new()
        .route("/", get(pages::home))
        .route("/media/{id}/original", get(media::file))
        .route("/{account}", get(pages::profile))
        .route("/{account}/{id}", get(pages::status))
        .route("/sandbox/statuses", get(all_statuses));
    Net::new(hub, &PROFILE, Memory::default()).mount_with_pages(api, pages)
}

/// A boolean as clients may write it: everything but these words is true (docs.joinmastodon.org's
/// client/intro#boolean).
fn is_true(value: Option<&str>) -> bool {
    value.is_some_and(|value| {
        !matches!(
            value,
            "" | "0" | "f" | "F" | "false" | "FALSE" | "off" | "OFF"
        )
    })
}

/// `GET /sandbox/statuses`: everything that stands published, oldest first, as the API shows it.
async fn all_statuses(State(net): State<Net>, here: Here) -> Json<Value> {
    let state = net.memory();
    let view = View::of_anybody(&net, &here);
    let statuses: Vec<_> = state
        .statuses
        .values()
        .map(|status| {
            let mut entity = state.status_entity(status, &view);
            entity["text"] = json!(status.text);
            entity
        })
        .collect();
    Json(json!({ "count": statuses.len(), "statuses": statuses }))
}
