//! Accounts: `getUsersMe`, `getUsersById`, `getUsersByUsername`.

use axum::{
    Json,
    extract::{Path, State},
};
use serde_json::{Value, json};

use super::{Net, refusal::missing, view::Names};
use crate::kit::{Actor, Answer, Here, Params, insights, people};

/// What an account has subscribed to: `subscription_type`.
pub(super) fn subscription(account: &str) -> &'static str {
    if account == "priya" {
        "Premium"
    } else {
        "None"
    }
}

/// The number that an account goes by.
pub(super) fn id(username: &str) -> String {
    people::number(&format!("x/{username}"), 18).to_string()
}

/// An account beside posts, without its numbers.
pub(super) fn named(here: &Here, username: &str, name: &str, params: &Params) -> Value {
    let mut entity = json!({ "id": id(username), "name": name, "username": username });
    for field in params.get("user.fields").unwrap_or_default().split(',') {
        entity[field] = match field {
            "profile_image_url" => {
                json!(format!("{}{}", here.origin, people::avatar_path(username)))
            }
            "subscription_type" => json!(subscription(username)),
            "verified" => json!(subscription(username) != "None"),
            "verified_type" => json!(if subscription(username) == "None" {
                "none"
            } else {
                "blue"
            }),
            "created_at" => json!("2026-01-01T00:00:00.000Z"),
            "description" => json!(people::find(username).map_or("", |account| account.bio)),
            "protected" => json!(false),
            _ => continue,
        };
    }
    entity
}

/// An account, as much of it as is asked for: schema `User`.
fn known(net: &Net, here: &Here, username: &str, params: &Params) -> Value {
    let name = people::find(username).map_or(username, |account| account.name);
    let mut entity = named(here, username, name, params);
    let fields = params.get("user.fields").unwrap_or_default();
    if fields.split(',').any(|field| field == "public_metrics") {
        let memory = net.memory();
        let posts = memory.posts.values();
        let mut metrics = json!({
            "followers_count": insights::followers(username, net.now()),
            "following_count": 120,
            "listed_count": 3,
            "like_count": 40,
        });
        metrics[Names::of(params).post_count] =
            json!(posts.filter(|post| post.account == username).count());
        entity["public_metrics"] = metrics;
    }
    json!({ "data": entity })
}

fn require(actor: &Actor) -> Answer<()> {
    actor.require("users.read")?;
    actor.require("tweet.read")
}

pub(super) async fn me(
    State(net): State<Net>,
    here: Here,
    actor: Actor,
    params: Params,
) -> Answer<Json<Value>> {
    require(&actor)?;
    Ok(Json(known(&net, &here, actor.account(), &params)))
}

pub(super) async fn by_username(
    State(net): State<Net>,
    here: Here,
    actor: Actor,
    Path(username): Path<String>,
    params: Params,
) -> Answer<Json<Value>> {
    require(&actor)?;
    Ok(Json(match people::find(&username) {
        Some(account) => known(&net, &here, account.username, &params),
        None => json!({ "errors": [missing("user", "username", &username)] }),
    }))
}

pub(super) async fn by_id(
    State(net): State<Net>,
    here: Here,
    actor: Actor,
    Path(number): Path<String>,
    params: Params,
) -> Answer<Json<Value>> {
    require(&actor)?;
    Ok(Json(match with_id(&number) {
        Some(username) => known(&net, &here, username, &params),
        None => json!({ "errors": [missing("user", "id", &number)] }),
    }))
}

/// The account of this number.
pub(super) fn with_id(number: &str) -> Option<&'static str> {
    people::ACCOUNTS
        .iter()
        .map(|account| account.username)
        .find(|username| id(username) == number)
}
