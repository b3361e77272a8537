//! X, API v2. Written from docs.x.com and X's OpenAPI 2.167 (checked 2026-11-21).
//!
//! The OpenAPI renamed `tweet.fields` to `post.fields` in August 2026, and with it what answers
//! hold; the guides and most libraries have the old names. Both are taken, and answered in kind.
//! The app of the sandbox may quote, as an enterprise's may; replies are restricted as they are for
//! everybody else.
//!
//! | module | what a reader finds there |
//! |---|---|
//! | `posts` | publishing and deleting |
//! | `rules` | what a post may be |
//! | `media` | uploads, their processing and descriptions |
//! | `reading` | posts, timelines, search, replies |
//! | `users` | accounts |
//! | `view` | how all of these are shown, under the new names or the old ones |
//! | `text` | weighted length, links of t.co |
//! | `refusal` | how it says no |
//! | `state` | what it remembers |

mod media;
mod posts;
mod reading;
mod refusal;
mod rules;
mod state;
mod text;
mod users;
mod view;

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse, Redirect},
    routing::{get, post, put},
};

use crate::kit::{
    self, Brand, Here, Hub, Mounted, Profile, Refusal, Trouble,
    feed::Look,
    oauth::{self, ClientAuth, OAuth, Pkce, Refresh},
};

type Net = kit::Net<state::Memory>;

static PROFILE: Profile = Profile {
    id: "x",
    name: "X",
    brand: Brand {
        colour: "#0f1419",
        look: Look::Text,
    },
    // docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code
    oauth: OAuth {
        authorize: &["/i/oauth2/authorize"],
        token: &["/2/oauth2/token"],
        revoke: &["/2/oauth2/revoke"],
        scopes: &[
            ("tweet.read", "All the posts you can view"),
            ("tweet.write", "Post and repost for you"),
            (
                "tweet.moderate.write",
                "Hide and unhide replies to your posts",
            ),
            ("users.read", "Any account you can view"),
            ("media.write", "Upload media"),
            (
                "offline.access",
                "Stay connected to your account until you revoke access",
            ),
        ],
        pkce: Pkce::Required(&[oauth::Method::S256, oauth::Method::Plain]),
        client_auth: &[ClientAuth::Basic, ClientAuth::Public],
        access_seconds: Some(7_200),
        refresh: Some(Refresh {
            seconds: Some(180 * 86_400),
            rotates: true,
            earned: |_, granted| granted.iter().any(|scope| scope == "offline.access"),
        }),
        unticks: false,
        approve: "Authorize app",
        answer: refusal::token_answer,
        refuse: refusal::oauth,
        ..OAuth::RFC
    },
    refuse: refusal::refuse,
    publishing: &["POST /2/tweets"],
    uploading: &["POST /2/media/upload", "POST /2/media/upload/*/append"],
    webhooks: None,
};

/// The network.
pub(crate) fn network(hub: &Arc<Hub>) -> Mounted {
    let api = Router::new()
        .route("/2/tweets", post(posts::create).get(reading::several))
        .route("/2/tweets/search/recent", get(reading::search))
        .route("/2/tweets/{id}", get(reading::one).delete(posts::delete))
        .route("/2/tweets/{id}/hidden", put(posts::hide))
        .route("/2/users/me", get(users::me))
        .route("/2/users/by/username/{username}", get(users::by_username))
        .route("/2/users/{id}", get(users::by_id))
        .route("/2/users/{id}/tweets", get(reading::timeline))
        .route("/2/media/upload", post(media::whole).get(media::status))
        .route("/2/media/upload/initialize", post(media::initialize))
        .route("/2/media/upload/{id}/append", post(media::append))
        .route("/2/media/upload/{id}/finalize", post(media::finalize))
        .route("/2/media/metadata", post(media::describe))
        .fallback(nothing);
    let pages = Router::new()
        .route("/{username}", get(profile))
        .route("/{username}/status/{id}", get(page));
    Net::new(hub, &PROFILE, state::Memory::default()).mount_with_pages(api, pages)
}

/// The page of a post, where browsers expect it.
async fn page(here: Here, Path((_, id)): Path<(String, String)>) -> impl IntoResponse {
    Redirect::to(&format!("{}/feed/{id}", here.base))
}

/// The page of an account.
async fn profile(here: Here) -> impl IntoResponse {
    Redirect::to(&format!("{}/feed", here.base))
}

async fn nothing(State(net): State<Net>) -> Refusal {
    net.refuse(&Trouble::NotFound)
}
