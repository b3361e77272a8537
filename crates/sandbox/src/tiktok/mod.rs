//! TikTok: Login Kit, Content Posting API (direct post of videos and photos) and Display API, version 2.
//!
//! Written from developers.tiktok.com (checked 2026-11-21): /doc/oauth-get-a-user-access-token (2 November 2026),
//! /doc/content-posting-api-reference-direct-post, -photo-post, -query-creator-info, -get-video-status,
//! /doc/content-posting-api-media-transfer-guide, /doc/tiktok-api-v2-video-list, -video-query, -get-user-info,
//! /doc/webhooks-verification.
//!
//! The app passed TikTok's audit, with two accounts to try what is different: `priya` is a private account, and on
//! `jonas` the app behaves as one that was not audited.

mod creator;
mod display;
mod init;
mod refusal;
mod state;
mod status;
#[cfg(test)]
mod tests;
mod upload;

use std::sync::Arc;

use axum::{
    Router,
    extract::Path,
    response::{IntoResponse, Redirect},
    routing::{get, post, put},
};
use serde_json::{Value, json};

use crate::kit::{
    self, Brand, Here, Hub, Mounted, Profile, Site,
    feed::Look,
    oauth::{ClientAuth, Issued, Method, OAuth, Pkce, Refresh},
    webhooks::{Handshake, Webhooks, hex, hmac_sha256},
};

/// What the handlers are given.
type Net = kit::Net<state::Memory>;

static PROFILE: Profile = Profile {
    id: "tiktok",
    name: "TikTok",
    brand: Brand {
        colour: "#121212",
        look: Look::Tall,
    },
    oauth: OAuth {
        authorize: &["/v2/auth/authorize"],
        token: &["/v2/oauth/token"],
        revoke: &["/v2/oauth/revoke"],
        client_id: "client_key",
        separator: ',',
        scopes: &[
            (
                "user.info.basic",
                "Read your profile info (avatar, display name)",
            ),
            (
                "user.info.profile",
                "Read your additional profile information, such as bio and username",
            ),
            (
                "user.info.stats",
                "Read your statistical data, such as likes and followers",
            ),
            ("video.list", "Read your public videos on TikTok"),
            ("video.publish", "Post content to TikTok"),
            (
                "video.upload",
                "Share content to your TikTok account as a draft",
            ),
        ],
        // For apps on phones and desktops; web apps leave it out.
        pkce: Pkce::Optional(&[Method::HexS256]),
        client_auth: &[ClientAuth::Body],
        access_seconds: Some(7_200),
        refresh: Some(Refresh {
            seconds: Some(180 * 86_400),
            rotates: true,
            earned: |_, _| true,
        }),
        approve: "Continue",
        granted: Some("scopes"),
        answer: token_answer,
        refuse: refusal::oauth,
        ..OAuth::RFC
    },
    refuse: refusal::refuse,
    publishing: &[
        "POST /v2/post/publish/video/init",
        "POST /v2/post/publish/content/init",
    ],
    uploading: &["PUT /video"],
    webhooks: Some(Webhooks {
        sign: |secret, body, at| {
            let mut signed = format!("{}.", at.as_seconds()).into_bytes();
            signed.extend_from_slice(body);
            let signature = hex(&hmac_sha256(secret, &signed));
            vec![(
                "tiktok-signature",
                format!("t={},s={signature}", at.as_seconds()),
            )]
        },
        handshake: Handshake::None,
    }),
};

/// `/doc/oauth-get-a-user-access-token`.
fn token_answer(site: &Site, issued: &Issued) -> Value {
    json!({
        "access_token": issued.access_token,
        "expires_in": issued.expires_in,
        "open_id": state::open_id(&issued.token.account),
        "refresh_expires_in": issued.refresh_expires_in,
        "refresh_token": issued.refresh_token,
        "scope": site.profile.oauth.join(&issued.token.scopes),
        "token_type": "Bearer",
    })
}

/// The network, ready to be served. The kit takes the slash from the end of each address.
pub(crate) fn network(hub: &Arc<Hub>) -> Mounted {
    let api = Router::new()
        .route("/v2/post/publish/creator_info/query", post(creator::query))
        .route("/v2/post/publish/video/init", post(init::video))
        .route("/v2/post/publish/content/init", post(init::photos))
        .route("/v2/post/publish/status/fetch", post(status::fetch))
        .route("/v2/user/info", get(display::user))
        .route("/v2/video/list", post(display::list))
        .route("/v2/video/query", post(display::query))
        .route("/video", put(upload::piece))
        .fallback(refusal::nothing_here);
    let pages = Router::new().route("/{username}/{kind}/{id}", get(page));
    Net::new(hub, &PROFILE, state::Memory::default()).mount_with_pages(api, pages)
}

/// `/@mara/video/7…`: the page of a post, where browsers expect it.
async fn page(here: Here, Path((_, _, id)): Path<(String, String, String)>) -> impl IntoResponse {
    Redirect::to(&format!("{}/feed/{id}", here.base))
}
