//! Facebook Pages: the Pages API and the Video API, v26.0. Written from developers.facebook.com,
//! state of September 2026: *Pages API: posts*, *Page Feed*, *Page Photos*, *Page Videos*,
//! *Reels publishing*, *Facebook Stories API*, *Page Insights*, *Comment*.
//!
//! | module | what a reader finds there |
//! |---|---|
//! | `state` | what it remembers: posts, photos, videos, comments |
//! | `posts` | posts: made, published, changed, listed, deleted |
//! | `photos` | photos, and stories of one |
//! | `videos` | videos, reels and stories, from the first byte to the last |
//! | `comments` | reading, answering, hiding |
//! | `insights` | the numbers of posts, videos and Pages |

mod comments;
mod insights;
mod photos;
mod posts;
mod state;
#[cfg(test)]
mod tests;
mod videos;

use std::sync::Arc;

use axum::{
    Json, Router,
    extract::Path,
    routing::{get, post},
};
use serde_json::{Value, json};

use self::state::Memory;
use crate::{
    kit::{
        self, Answer, Brand, Hub, Mounted, Profile,
        feed::Look,
        oauth::OAuth,
        people,
        webhooks::{self, Handshake, Webhooks},
    },
    meta::{self, GraphError, Result, login, oauth, refusal},
};

type Net = kit::Net<Memory>;
type Call = meta::Call<Memory>;

static PROFILE: Profile = Profile {
    id: "facebook",
    name: "Facebook",
    brand: Brand {
        colour: "#0866d6",
        look: Look::Text,
    },
    oauth: OAuth {
        scopes: &[
            ("pages_show_list", "See the Pages you manage"),
            ("pages_read_engagement", "Read what is on your Pages"),
            ("pages_manage_posts", "Publish and delete posts"),
            ("pages_manage_engagement", "Write and hide comments"),
            (
                "pages_read_user_content",
                "Read what others write on your Pages",
            ),
            ("read_insights", "Read insights"),
            ("business_management", "See your business portfolio"),
        ],
        ..oauth::OAUTH
    },
    refuse: refusal::refuse,
    publishing: &[
        "POST /*/*/feed",
        "POST /*/*/photo_stories",
        "POST /*/*/video_stories",
        "POST /*/*/video_reels",
        "POST /*/*/videos",
        "POST /*/*",
    ],
    uploading: &["POST /video-upload/*/*", "POST /*/*/photos"],
    webhooks: Some(Webhooks {
        sign: webhooks::hub_signature,
        handshake: Handshake::Hub,
    }),
};

/// The network.
pub(crate) fn network(hub: &Arc<Hub>) -> Mounted {
    let api = Router::new()
        .route("/{version}/me", get(login::me))
        .route("/{version}/me/accounts", get(login::accounts))
        .route(
            "/{version}/me/permissions",
            get(login::permissions).delete(login::revoke),
        )
        .route("/{version}/debug_token", get(login::debug_token))
        .route("/{version}/{id}", get(read).post(change).delete(delete))
        .route("/{version}/{id}/{edge}", get(list).post(create))
        .route("/video-upload/{version}/{id}", post(videos::receive));
    Net::new(hub, &PROFILE, Memory::default()).mount(api)
}

impl Call {
    /// The Page of this id, if the request comes with its own token.
    fn page(&self, id: &str, verb: &str) -> Result<&'static people::Account> {
        let page = login::page(id).filter(|page| login::acts_for(&self.actor, page));
        let page = page.ok_or_else(|| GraphError::no_object(verb, id))?;
        if !login::is_page(&self.actor) {
            return Err(GraphError::new(
                190,
                "A Page access token is required for this call for the new Pages experience.",
            )
            .subcode(2_069_032)
            .into());
        }
        Ok(page)
    }
}

/// `GET /{id}`: whatever has this id.
async fn read(Path((_, id)): Path<(String, String)>, call: Call) -> Answer<Json<Value>> {
    let result = read_node(&call, &id).await;
    call.answer(result)
}

async fn read_node(call: &Call, id: &str) -> Result {
    if let Some(page) = login::page(id) {
        if !login::acts_for(&call.actor, page) {
            return Err(GraphError::no_object("get", id).into());
        }
        let entity = login::page_entity(&call.net, &call.actor, page, &call.here);
        return call.select(&entity, &["name", "id"]);
    }
    call.actor.require("pages_read_engagement")?;
    if let Some(answer) = videos::show(call, id).await? {
        return Ok(answer);
    }
    if let Some(answer) = comments::show(call, id)? {
        return Ok(answer);
    }
    if let Some(answer) = photos::show(call, id)? {
        return Ok(answer);
    }
    posts::show(call, id)
}

/// `POST /{id}`: a post published or changed, a comment hidden or changed.
async fn change(Path((_, id)): Path<(String, String)>, call: Call) -> Answer<Json<Value>> {
    let result = match comments::change(&call, &id) {
        Ok(false) => posts::change(&call, &id),
        Ok(true) => Ok(json!({ "success": true })),
        Err(error) => Err(error),
    };
    call.answer(result)
}

/// `DELETE /{id}`: a post, a video or a comment.
async fn delete(Path((_, id)): Path<(String, String)>, call: Call) -> Answer<Json<Value>> {
    let result = if comments::delete(&call, &id) {
        Ok(json!({ "success": true }))
    } else {
        posts::delete(&call, &id)
    };
    call.answer(result)
}

/// `GET /{id}/{edge}`.
async fn list(
    Path((_, id, edge)): Path<(String, String, String)>,
    call: Call,
) -> Answer<Json<Value>> {
    let result = match edge.as_str() {
        "feed" => posts::list(&call, &id, true),
        "posts" | "published_posts" => posts::list(&call, &id, false),
        "stories" => posts::stories(&call, &id),
        "video_reels" => videos::reels(&call, &id),
        "comments" => comments::list(&call, &id),
        "insights" | "video_insights" => insights::show(&call, &id),
        _ => Err(GraphError::no_object("get", &id).into()),
    };
    call.answer(result)
}

/// `POST /{id}/{edge}`.
async fn create(
    Path((version, id, edge)): Path<(String, String, String)>,
    call: Call,
) -> Answer<Json<Value>> {
    let result = match edge.as_str() {
        "feed" => posts::create(&call, &id),
        "photos" => photos::create(&call, &id).await,
        "photo_stories" => photos::story(&call, &id),
        "videos" => videos::chunked(&call, &id).await,
        "video_reels" | "video_stories" => videos::by_upload(&call, &id, &edge, &version),
        "comments" => comments::create(&call, &id),
        _ => Err(GraphError::no_object("post", &id).into()),
    };
    call.answer(result)
}
