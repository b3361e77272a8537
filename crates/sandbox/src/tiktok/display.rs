//! The Display API: /doc/tiktok-api-v2-get-user-info, -video-list, -video-query, -video-object.

use axum::{
    Json,
    extract::{RawQuery, State},
};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{
    Net, refusal,
    state::{Task, feed_post, open_id},
};
use crate::kit::{Actor, Answer, Here, Refusal, insights, people};
use kernel::Timestamp;

/// Fields of a user, with the scope of each.
const USER: &[(&str, &str)] = &[
    ("open_id", "user.info.basic"),
    ("union_id", "user.info.basic"),
    ("avatar_url", "user.info.basic"),
    ("avatar_url_100", "user.info.basic"),
    ("avatar_large_url", "user.info.basic"),
    ("display_name", "user.info.basic"),
    ("bio_description", "user.info.profile"),
    ("profile_deep_link", "user.info.profile"),
    ("is_verified", "user.info.profile"),
    ("username", "user.info.profile"),
    ("follower_count", "user.info.stats"),
    ("following_count", "user.info.stats"),
    ("likes_count", "user.info.stats"),
    ("video_count", "user.info.stats"),
];
/// Fields of a video.
const VIDEO: &[&str] = &[
    "id",
    "create_time",
    "cover_image_url",
    "share_url",
    "video_description",
    "duration",
    "height",
    "width",
    "title",
    "embed_html",
    "embed_link",
    "like_count",
    "comment_count",
    "share_count",
    "view_count",
];
/// Videos of a page, and ids of a question.
const MOST: usize = 20;
/// Characters of a description.
const DESCRIPTION: usize = 150;

fn params(net: &Net, message: &str) -> Refusal {
    refusal::new(net, 400, "invalid_params", message)
}

fn fields(net: &Net, query: Option<&str>, known: &[&str]) -> Answer<Vec<String>> {
    let query = query.unwrap_or_default().as_bytes();
    let fields: Vec<String> = url::form_urlencoded::parse(query)
        .filter(|(name, _)| name == "fields")
        .flat_map(|(_, value)| {
            value
                .split(',')
                .map(|field| field.trim().to_owned())
                .collect::<Vec<_>>()
        })
        .filter(|field| !field.is_empty())
        .collect();
    if fields.is_empty() {
        return Err(params(net, "Fields is required"));
    }
    match fields.iter().find(|field| !known.contains(&field.as_str())) {
        Some(field) => Err(params(net, &format!("Invalid fields: {field}"))),
        None => Ok(fields),
    }
}

/// `GET /v2/user/info/`.
pub(super) async fn user(
    State(net): State<Net>,
    here: Here,
    actor: Actor,
    RawQuery(query): RawQuery,
) -> Answer<Json<Value>> {
    let known: Vec<&str> = USER.iter().map(|(name, _)| *name).collect();
    let fields = fields(&net, query.as_deref(), &known)?;
    let account = actor.account();
    let person = people::find(account);
    let now = net.now();
    let memory = net.memory();
    let own = memory.public(account, now);
    let likes: u64 = own.iter().map(|task| numbers(task, now).likes).sum();
    let avatar = format!("{}{}", here.origin, people::avatar_path(account));
    let mut user = Map::new();
    for field in fields {
        let scope = USER
            .iter()
            .find(|(name, _)| *name == field)
            .map_or("", |(_, scope)| scope);
        actor.require(scope)?;
        let value = match field.as_str() {
            "open_id" => json!(open_id(account)),
            "union_id" => json!(open_id(&format!("{account}/union"))),
            "display_name" => json!(person.map_or(account, |known| known.name)),
            "bio_description" => json!(person.map_or("", |known| known.bio)),
            "username" => json!(account),
            "profile_deep_link" => json!(format!("https://vm.tiktok.com/{account}")),
            "is_verified" => json!(false),
            "follower_count" => json!(insights::followers(account, now)),
            "following_count" => json!(people::number(account, 3)),
            "likes_count" => json!(likes),
            "video_count" => json!(own.len()),
            _ => json!(avatar),
        };
        user.insert(field, value);
    }
    Ok(refusal::ok(&net, &json!({ "user": user })))
}

fn numbers(task: &Task, now: Timestamp) -> insights::Insights {
    let mut post = feed_post(task);
    // TikTok's videos are tall and short.
    if task.details.is_video {
        post.format = "short";
    }
    post.exposure("tiktok", 30).insights(now)
}

fn show(task: &Task, fields: &[String], now: Timestamp, here: &Here) -> Value {
    let details = &task.details;
    let text = if details.is_video {
        &details.title
    } else {
        &details.description
    };
    let numbers = numbers(task, now);
    let mut video = Map::new();
    for field in fields {
        let value = match field.as_str() {
            "id" => json!(task.post_id.to_string()),
            "create_time" => json!(task.began_at.as_seconds()),
            "title" => json!(details.title),
            "video_description" => json!(text.chars().take(DESCRIPTION).collect::<String>()),
            "duration" => json!(30),
            "height" => json!(1_920),
            "width" => json!(1_080),
            "like_count" => json!(numbers.likes),
            "comment_count" => json!(numbers.comments),
            "share_count" => json!(numbers.shares),
            "view_count" => json!(numbers.views),
            "cover_image_url" => json!(format!(
                "{}{}",
                here.origin,
                people::avatar_path(&task.account)
            )),
            "share_url" => json!(format!("{}/feed/{}", here.base, task.post_id)),
            _ => json!(format!("https://www.tiktok.com/embed/v2/{}", task.post_id)),
        };
        video.insert(field.clone(), value);
    }
    Value::Object(video)
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct ListBody {
    cursor: Option<i64>,
    max_count: Option<usize>,
}

/// `POST /v2/video/list/`: the public ones, the newest first.
pub(super) async fn list(
    State(net): State<Net>,
    here: Here,
    actor: Actor,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Answer<Json<Value>> {
    actor.require("video.list")?;
    let fields = fields(&net, query.as_deref(), VIDEO)?;
    let body: ListBody = if body.is_empty() {
        ListBody::default()
    } else {
        serde_json::from_slice(&body).map_err(|error| params(&net, &error.to_string()))?
    };
    let most = body.max_count.unwrap_or(10);
    if most > MOST {
        return Err(params(&net, "max_count must be at most 20"));
    }
    let now = net.now();
    let memory = net.memory();
    // The cursor is an instant in milliseconds: what is older follows.
    let older = |task: &&Task| {
        body.cursor
            .is_none_or(|cursor| task.began_at.as_micros() / 1_000 < cursor)
    };
    let rest: Vec<&Task> = memory
        .public(actor.account(), now)
        .into_iter()
        .filter(older)
        .collect();
    let shown: Vec<&Task> = rest.iter().copied().take(most).collect();
    let cursor = shown
        .last()
        .map_or(0, |task| task.began_at.as_micros() / 1_000);
    let videos: Vec<Value> = shown
        .iter()
        .map(|task| show(task, &fields, now, &here))
        .collect();
    let data = json!({ "videos": videos, "cursor": cursor, "has_more": rest.len() > videos.len() });
    Ok(refusal::ok(&net, &data))
}

#[derive(Deserialize)]
struct QueryBody {
    filters: Filters,
}

#[derive(Deserialize)]
struct Filters {
    #[serde(default)]
    video_ids: Vec<String>,
}

/// `POST /v2/video/query/`.
pub(super) async fn query(
    State(net): State<Net>,
    here: Here,
    actor: Actor,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Answer<Json<Value>> {
    actor.require("video.list")?;
    let fields = fields(&net, query.as_deref(), VIDEO)?;
    let body: QueryBody =
        serde_json::from_slice(&body).map_err(|error| params(&net, &error.to_string()))?;
    let ids = body.filters.video_ids;
    if ids.is_empty() || ids.len() > MOST {
        return Err(params(&net, "video_ids must be 1 to 20"));
    }
    let now = net.now();
    let memory = net.memory();
    let videos: Vec<Value> = memory
        .public(actor.account(), now)
        .into_iter()
        .filter(|task| ids.contains(&task.post_id.to_string()))
        .map(|task| show(task, &fields, now, &here))
        .collect();
    Ok(refusal::ok(&net, &json!({ "videos": videos })))
}
