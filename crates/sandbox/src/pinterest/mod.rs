//! Pinterest, API v5. Written from Pinterest's OpenAPI 5.23.0 and the guides at
//! developers.pinterest.com/docs (checked 2026-11-21); the operations' names are cited.
//!
//! | module | what a reader finds there |
//! |---|---|
//! | `oauth` | how apps are let in |
//! | `account` | whose account it is, and its numbers |
//! | `boards` | boards and their sections |
//! | `media` | registering a video, the file store it goes to, its processing |
//! | `pins`, `source` | Pins, and what they are made of |
//! | `analytics` | what the public does with Pins |
//! | `refusal` | how it says no |
//! | `state` | what it remembers |

mod account;
mod analytics;
mod boards;
mod media;
mod oauth;
mod pins;
mod refusal;
mod source;
mod state;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse, Redirect},
    routing::{get, post},
};

use crate::kit::{
    self, Actor, Answer, Brand, Here, Hub, Mounted, Profile, Refusal, Trouble,
    feed::Look,
    quota::{Quota, Window},
};

type Net = kit::Net<state::Memory>;

static PROFILE: Profile = Profile {
    id: "pinterest",
    name: "Pinterest",
    brand: Brand {
        colour: "#bd081c",
        look: Look::Pins,
    },
    oauth: oauth::OAUTH,
    refuse: refusal::refuse,
    publishing: &["POST /v5/pins"],
    uploading: &["POST /v5/media", "POST /upload"],
    webhooks: None,
};

/// The network.
pub(crate) fn network(hub: &Arc<Hub>) -> Mounted {
    let api = Router::new()
        .route("/v5/oauth/token/revoke", post(oauth::revoke))
        .route("/v5/user_account", get(account::show))
        .route("/v5/user_account/analytics", get(account::analytics))
        .route("/v5/boards", get(boards::list).post(boards::create))
        .route(
            "/v5/boards/{board_id}",
            get(boards::show).delete(boards::delete),
        )
        .route("/v5/boards/{board_id}/pins", get(pins::of_board))
        .route(
            "/v5/boards/{board_id}/sections",
            get(boards::sections).post(boards::create_section),
        )
        .route("/v5/media", get(media::list).post(media::register))
        .route("/v5/media/{media_id}", get(media::show))
        .route("/upload", post(media::upload))
        .route("/v5/pins", get(pins::list).post(pins::create))
        .route("/v5/pins/{pin_id}", get(pins::show).delete(pins::delete))
        .route("/v5/pins/{pin_id}/analytics", get(analytics::of_pin))
        .fallback(nothing);
    let pages = Router::new().route("/pin/{id}", get(page));
    Net::new(hub, &PROFILE, state::Memory::default()).mount_with_pages(api, pages)
}

/// developers.pinterest.com/docs/reference/rate-limits, standard access: category `org_write`.
const WRITES: Quota = Quota {
    name: "org_write",
    limit: 100,
    window: Window::Rolling(60),
};

/// Counts a request that writes, of an account through an app.
fn write(net: &Net, actor: &Actor) -> Answer<()> {
    let who = format!("{}/{}", actor.token.client_id, actor.account());
    match net.spend(&WRITES, &who, 1) {
        Ok(_) => Ok(()),
        Err(usage) => Err(net.refuse(&Trouble::RateLimited { reset: usage.reset })),
    }
}

/// The page of a Pin, where browsers expect it.
async fn page(here: Here, Path(id): Path<String>) -> impl IntoResponse {
    Redirect::to(&format!("{}/feed/{id}", here.base))
}

async fn nothing(State(net): State<Net>) -> Refusal {
    net.refuse(&Trouble::NotFound)
}
