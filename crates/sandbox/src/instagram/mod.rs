//! Instagram: the Instagram API with Facebook Login, v26.0. Written from developers.facebook.com,
//! state of September 2026: *Content publishing*, *IG User Media*, *IG Container*, *IG Media*,
//! *IG Comment*, *Instagram Media Insights*, *Instagram Account Insights*, *Error codes*.
//!
//! | module | what a reader finds there |
//! |---|---|
//! | `state` | what it remembers: containers, media, comments |
//! | `containers` | what shall be published, put together |
//! | `upload` | videos, byte by byte, as `rupload.facebook.com` takes them |
//! | `publish` | publishing a container, and how many there may be |
//! | `media` | what is published: reading and deleting it |
//! | `comments` | reading, answering, hiding |
//! | `insights` | the numbers of posts and accounts |

mod comments;
mod containers;
mod insights;
mod media;
mod publish;
mod state;
#[cfg(test)]
mod tests;
mod upload;

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

static PROFILE: Profile = Profile {
    id: "instagram",
    name: "Instagram",
    brand: Brand {
        colour: "#c13584",
        look: Look::Picture,
    },
    oauth: OAuth {
        scopes: &[
            ("instagram_basic", "Read your profile and your posts"),
            (
                "instagram_content_publish",
                "Publish posts, reels and stories",
            ),
            (
                "instagram_manage_comments",
                "Read, answer and hide comments",
            ),
            ("instagram_manage_insights", "Read insights"),
            ("instagram_manage_contents", "Delete posts"),
            ("pages_show_list", "See the Pages you manage"),
            ("pages_read_engagement", "Read what is on your Pages"),
            ("business_management", "See your business portfolio"),
        ],
        ..oauth::OAUTH
    },
    refuse: refusal::refuse,
    publishing: &["POST /*/*/media_publish"],
    uploading: &["POST /ig-api-upload/*/*", "POST /*/*/media"],
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
        .route("/ig-api-upload/{version}/{id}", post(upload::receive));
    Net::new(hub, &PROFILE, Memory::default()).mount(api)
}

type Call = meta::Call<Memory>;

impl Call {
    /// The account of this id, if the actor may act for it.
    fn account(&self, id: &str, verb: &str) -> Result<&'static people::Account> {
        login::instagram(id)
            .filter(|account| login::acts_for(&self.actor, account))
            .ok_or_else(|| GraphError::no_object(verb, id).into())
    }
}

/// `GET /{id}`: whatever has this id.
async fn read(Path((_, id)): Path<(String, String)>, call: Call) -> Answer<Json<Value>> {
    let result = read_node(&call, &id).await;
    call.answer(result)
}

async fn read_node(call: &Call, id: &str) -> Result {
    if let Some(company) = login::page(id) {
        if !login::acts_for(&call.actor, company) {
            return Err(GraphError::no_object("get", id).into());
        }
        let page = login::page_entity(&call.net, &call.actor, company, &call.here);
        return call.select(&page, &["name", "id"]);
    }
    call.actor.require("instagram_basic")?;
    if login::instagram(id).is_some() {
        let account = call.account(id, "get")?;
        return call.select(&media::account_entity(call, account), &["id"]);
    }
    if let Some(answer) = containers::show(call, id).await? {
        return Ok(answer);
    }
    if let Some(answer) = comments::show(call, id)? {
        return Ok(answer);
    }
    media::show(call, id)
}

/// `POST /{id}`: comments on or off, or a comment hidden.
async fn change(Path((_, id)): Path<(String, String)>, call: Call) -> Answer<Json<Value>> {
    let result = change_node(&call, &id);
    call.answer(result)
}

fn change_node(call: &Call, id: &str) -> Result {
    call.actor.require("instagram_manage_comments")?;
    if comments::hide(call, id)? || media::switch_comments(call, id)? {
        return Ok(json!({ "success": true }));
    }
    Err(GraphError::no_object("post", id).into())
}

/// `DELETE /{id}`: a post or a comment.
async fn delete(Path((_, id)): Path<(String, String)>, call: Call) -> Answer<Json<Value>> {
    let result = if comments::delete(&call, &id) {
        Ok(json!({ "success": true }))
    } else {
        media::delete(&call, &id)
    };
    call.answer(result)
}

/// `GET /{id}/{edge}`.
async fn list(
    Path((_, id, edge)): Path<(String, String, String)>,
    call: Call,
) -> Answer<Json<Value>> {
    let result = match edge.as_str() {
        "media" => media::list(&call, &id, false),
        "stories" => media::list(&call, &id, true),
        "children" => media::children(&call, &id),
        "content_publishing_limit" => publish::limit(&call, &id),
        "comments" | "replies" => comments::list(&call, &id),
        "insights" => insights::show(&call, &id),
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
        "media" => containers::create(&call, &id, &version).await,
        "media_publish" => publish::publish(&call, &id),
        "comments" | "replies" => comments::create(&call, &id),
        _ => Err(GraphError::no_object("post", &id).into()),
    };
    call.answer(result)
}
