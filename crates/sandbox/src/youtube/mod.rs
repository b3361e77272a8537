//! YouTube: Data API v3 with resumable uploads, and the reports of the Analytics API v2.
//!
//! Written from developers.google.com/youtube/data, /youtube/analytics and
//! /identity/protocols/oauth2/web-server (checked 2026-11-21) and from the discovery documents
//! `youtube` v3 (revision 20261104) and `youtubeAnalytics` v2 (20240707).
//!
//! | module | what is in it |
//! |---|---|
//! | `upload` | videos.insert: resumable sessions, multipart, plain media |
//! | `videos`, `details`, `resource` | videos.list, update, delete; what is said of a video; how it is shown |
//! | `attachments` | thumbnails.set, captions |
//! | `playlists`, `channels`, `comments` | the methods of these names, and videoCategories |
//! | `reports` | reports.query of the Analytics API |
//! | `quota` | units and uploads per day |

mod attachments;
mod channels;
mod comments;
mod details;
mod mp4;
mod playlists;
mod quota;
mod refusal;
mod reports;
mod request;
mod resource;
mod state;
#[cfg(test)]
mod tests;
mod upload;
mod videos;

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, Query},
    response::{IntoResponse, Redirect},
    routing::{get, post},
};
use serde::Deserialize;

use crate::kit::{
    self, Brand, Here, Hub, Mounted, Profile,
    feed::Look,
    oauth::{ClientAuth, Method, OAuth, Pkce, Refresh},
};

/// What the handlers are given.
type Net = kit::Net<state::Memory>;

/// The scopes of developers.google.com/youtube/data/guides/auth/server-side-web-apps.
mod scope {
    pub(super) const ALL: &str = "https://www.googleapis.com/auth/youtube";
    pub(super) const FORCE_SSL: &str = "https://www.googleapis.com/auth/youtube.force-ssl";
    pub(super) const READ_ONLY: &str = "https://www.googleapis.com/auth/youtube.readonly";
    pub(super) const UPLOAD: &str = "https://www.googleapis.com/auth/youtube.upload";
    pub(super) const ANALYTICS: &str = "https://www.googleapis.com/auth/yt-analytics.readonly";

    /// Of each method the scopes of which one is enough, as the discovery document lists them.
    pub(super) const READ: &[&str] = &[ALL, FORCE_SSL, READ_ONLY];
    pub(super) const WRITE: &[&str] = &[ALL, FORCE_SSL];
    pub(super) const INSERT: &[&str] = &[ALL, FORCE_SSL, UPLOAD];
    pub(super) const SSL: &[&str] = &[FORCE_SSL];
    pub(super) const REPORTS: &[&str] = &[ALL, READ_ONLY, ANALYTICS];
}

static PROFILE: Profile = Profile {
    id: "youtube",
    name: "YouTube",
    brand: Brand {
        colour: "#c00",
        look: Look::Video,
    },
    oauth: OAuth {
        authorize: &["/o/oauth2/v2/auth"],
        token: &["/token"],
        revoke: &["/revoke"],
        scopes: &[
            (scope::ALL, "Manage your YouTube account"),
            (
                scope::FORCE_SSL,
                "See, edit, and permanently delete your YouTube videos, ratings, comments and captions",
            ),
            (scope::READ_ONLY, "View your YouTube account"),
            (scope::UPLOAD, "Manage your YouTube videos"),
            (
                scope::ANALYTICS,
                "View YouTube Analytics reports for your YouTube content",
            ),
        ],
        pkce: Pkce::Optional(&[Method::S256, Method::Plain]),
        client_auth: &[ClientAuth::Body, ClientAuth::Basic],
        access_seconds: Some(3_599),
        refresh: Some(Refresh {
            seconds: None,
            rotates: false,
            earned: |consent, _| consent.get("access_type") == Some("offline"),
        }),
        approve: "Continue",
        granted: Some("scope"),
        refuse: refusal::oauth,
        ..OAuth::RFC
    },
    refuse: refusal::refuse,
    publishing: &[
        "PUT /youtube/v3/videos",
        "POST /youtube/v3/commentThreads",
        "POST /youtube/v3/comments",
    ],
    uploading: &[
        "POST /upload/youtube/v3/videos",
        "PUT /upload/youtube/v3/videos",
        "POST /resumable/upload/youtube/v3/videos",
        "PUT /resumable/upload/youtube/v3/videos",
        "POST /upload/youtube/v3/thumbnails/set",
        "POST /upload/youtube/v3/captions",
    ],
    // Only feeds of new public videos (PubSubHubbub), which AllIN does not need.
    webhooks: None,
};

/// The network, ready to be served.
pub(crate) fn network(hub: &Arc<Hub>) -> Mounted {
    let uploads = post(upload::insert).put(upload::continue_session);
    let api = Router::new()
        .route("/upload/youtube/v3/videos", uploads.clone())
        .route("/resumable/upload/youtube/v3/videos", uploads)
        .route(
            "/upload/youtube/v3/thumbnails/set",
            post(attachments::set_thumbnail),
        )
        .route(
            "/upload/youtube/v3/captions",
            post(attachments::insert_captions),
        )
        .route(
            "/youtube/v3/videos",
            get(videos::list).put(videos::update).delete(videos::delete),
        )
        .route(
            "/youtube/v3/videos:batchGetStats",
            get(videos::batch_get_stats),
        )
        .route(
            "/youtube/v3/captions",
            get(attachments::list_captions).delete(attachments::delete_captions),
        )
        .route("/youtube/v3/channels", get(channels::list))
        .route("/youtube/v3/videoCategories", get(channels::categories))
        .route(
            "/youtube/v3/playlists",
            get(playlists::list)
                .post(playlists::insert)
                .delete(playlists::delete),
        )
        .route(
            "/youtube/v3/playlistItems",
            get(playlists::items)
                .post(playlists::add)
                .delete(playlists::remove),
        )
        .route(
            "/youtube/v3/commentThreads",
            get(comments::threads).post(comments::insert_thread),
        )
        .route(
            "/youtube/v3/comments",
            get(comments::replies)
                .post(comments::reply)
                .delete(comments::delete),
        )
        .route(
            "/youtube/v3/comments/setModerationStatus",
            post(comments::moderate),
        )
        .route("/v2/reports", get(reports::query))
        .fallback(refusal::nothing_here);
    let pages = Router::new()
        .route("/watch", get(watch))
        .route("/shorts/{id}", get(short));
    Net::new(hub, &PROFILE, state::Memory::default()).mount_with_pages(api, pages)
}

/// The page of a video, where browsers expect it.
async fn watch(here: Here, Query(asked): Query<Watch>) -> impl IntoResponse {
    Redirect::to(&format!("{}/feed/{}", here.base, asked.v))
}

/// `?v=`: the video's id.
#[derive(Deserialize)]
struct Watch {
    v: String,
}

/// The page of a Short.
async fn short(here: Here, Path(id): Path<String>) -> impl IntoResponse {
    Redirect::to(&format!("{}/feed/{id}", here.base))
}
