//! LinkedIn, people and organisations, by the versioned REST API. Written from
//! learn.microsoft.com/linkedin, version 202609 (checked 2026-11-21): pages cited in each module.
//!
//! | module | what a reader finds there |
//! |---|---|
//! | `gate` | the headers that every request needs |
//! | `people` | who somebody is, his pages, their sizes |
//! | `posts` | publishing, reading and deleting posts |
//! | `little` | the format of their texts |
//! | `media` | images, documents and videos |
//! | `social` | comments |
//! | `statistics` | numbers of posts |
//! | `refusal` | how it says no |
//! | `state` | what it remembers |

mod gate;
mod little;
mod media;
mod people;
mod posts;
mod refusal;
mod social;
mod state;
mod statistics;

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, State},
    middleware,
    response::{IntoResponse, Redirect},
    routing::{get, post, put},
};

use crate::kit::{
    self, Brand, Here, Hub, Mounted, Profile, Refusal, Trouble,
    feed::Look,
    oauth::{ClientAuth, OAuth, Pkce, Refresh},
};

type Net = kit::Net<state::Memory>;

static PROFILE: Profile = Profile {
    id: "linkedin",
    name: "LinkedIn",
    brand: Brand {
        colour: "#0a66c2",
        look: Look::Text,
    },
    // shared/authentication/authorization-code-flow and …/programmatic-refresh-tokens
    oauth: OAuth {
        authorize: &["/oauth/v2/authorization"],
        token: &["/oauth/v2/accessToken"],
        revoke: &["/oauth/v2/revoke"],
        // LinkedIn's own client writes commas, the guides spaces; both are taken.
        separator: ',',
        scopes: &[
            ("openid", "Use your name and photo"),
            ("profile", "Use your name and photo"),
            ("email", "Use your email address"),
            ("r_basicprofile", "Use your basic profile"),
            (
                "w_member_social",
                "Create, modify, and delete posts on your behalf",
            ),
            (
                "w_member_social_feed",
                "Create, modify, and delete comments and reactions on your behalf",
            ),
            (
                "r_member_postAnalytics",
                "Retrieve your posts and their reporting data",
            ),
            (
                "r_member_profileAnalytics",
                "Retrieve your profile analytics",
            ),
            (
                "rw_organization_admin",
                "Manage your organizations' pages and retrieve reporting data",
            ),
            (
                "w_organization_social",
                "Create, modify, and delete posts on your organizations' behalf",
            ),
            (
                "r_organization_social",
                "Retrieve your organizations' posts",
            ),
            (
                "w_organization_social_feed",
                "Create, modify, and delete comments on your organizations' behalf",
            ),
            (
                "r_organization_social_feed",
                "Retrieve comments on your organizations' posts",
            ),
        ],
        pkce: Pkce::Ignored,
        client_auth: &[ClientAuth::Body],
        access_seconds: Some(60 * 86_400),
        refresh: Some(Refresh {
            seconds: Some(365 * 86_400),
            rotates: false,
            // Apps with the Community Management API get them.
            earned: |_, granted| granted.iter().any(|scope| scope == "w_organization_social"),
        }),
        unticks: false,
        approve: "Allow",
        answer: refusal::token_answer,
        refuse: refusal::oauth,
        ..OAuth::RFC
    },
    refuse: refusal::refuse,
    publishing: &["POST /rest/posts", "POST /rest/socialActions/*/comments"],
    uploading: &["PUT /dms-uploads/*", "PUT /dms-uploads/*/*"],
    webhooks: None,
};

/// The network.
pub(crate) fn network(hub: &Arc<Hub>) -> Mounted {
    let net = Net::new(hub, &PROFILE, state::Memory::default());
    let rest = Router::new()
        .route("/rest/posts", post(posts::create).get(posts::by_author))
        .route("/rest/posts/{urn}", get(posts::show).delete(posts::delete))
        .route("/rest/images", post(media::initialize_image))
        .route("/rest/images/{urn}", get(media::show))
        .route("/rest/documents", post(media::initialize_document))
        .route("/rest/documents/{urn}", get(media::show))
        .route("/rest/videos", post(media::video_action))
        .route("/rest/videos/{urn}", get(media::show))
        .route("/rest/organizationAcls", get(people::access))
        .route("/rest/organizations/{id}", get(people::organization))
        .route("/rest/networkSizes/{urn}", get(people::size))
        .route("/rest/memberFollowersCount", get(people::followers))
        .route(
            "/rest/socialActions/{urn}/comments",
            post(social::create).get(social::list),
        )
        .route(
            "/rest/organizationalEntityShareStatistics",
            get(statistics::of_page),
        )
        .route(
            "/rest/memberCreatorPostAnalytics",
            get(statistics::of_member),
        )
        .layer(middleware::from_fn(gate::headers));
    let api = rest
        .route("/v2/userinfo", get(people::userinfo))
        .route("/v2/me", get(people::me))
        .route("/dms-uploads/{id}", put(media::put_whole))
        .route("/dms-uploads/{id}/{part}", put(media::put_part))
        .fallback(nothing);
    let pages = Router::new()
        .route("/feed/update/{urn}", get(page))
        .route("/in/{name}", get(profile))
        .route("/company/{name}", get(profile));
    net.mount_with_pages(api, pages)
}

/// The page of a post, where browsers expect it.
async fn page(here: Here, Path(urn): Path<String>) -> impl IntoResponse {
    Redirect::to(&format!("{}/feed/{urn}", here.base))
}

/// The page of an account.
async fn profile(here: Here) -> impl IntoResponse {
    Redirect::to(&format!("{}/feed", here.base))
}

async fn nothing(State(net): State<Net>) -> Refusal {
    net.refuse(&Trouble::NotFound)
}
