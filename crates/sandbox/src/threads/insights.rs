//! What the public does: insights ("Media insights", "User insights").

use std::time::Duration;

use axum::{
    Json,
    extract::{Path, State},
    http::HeaderMap,
};
use kernel::Timestamp;
use serde_json::{Value, json};

use super::{Net, actor, is_self, refusal, state::Post, state::time, user_id};
use crate::kit::{
    Answer, Params,
    insights::{Insights, followers},
};

/// "The earliest Unix timestamp that can be used."
const EARLIEST: i64 = 1_712_991_600;
const DAY: Duration = Duration::from_hours(24);

fn of(post: &Post, at: Timestamp) -> Insights {
    let seconds = if post.content.media_type == "VIDEO" {
        20
    } else {
        0
    };
    post.feed().exposure("threads", seconds).insights(at)
}

/// The metric of a post at an instant.
fn metric(seen: &Insights, name: &str) -> Option<u64> {
    Some(match name {
        "views" => seen.impressions,
        "likes" => seen.likes,
        "replies" => seen.comments,
        "reposts" => seen.shares,
        "quotes" => seen.shares / 4,
        "shares" => seen.saves,
        "clicks" => seen.clicks,
        _ => return None,
    })
}

fn wanted(params: &Params) -> Answer<Vec<String>> {
    let metrics = params
        .get("metric")
        .ok_or_else(|| refusal::invalid("Param metric is required"))?;
    Ok(metrics
        .split(',')
        .map(|name| name.trim().to_owned())
        .collect())
}

/// `GET /{threads-media-id}/insights`
pub(super) async fn of_post(
    State(net): State<Net>,
    headers: HeaderMap,
    Path(node): Path<String>,
    params: Params,
) -> Answer<Json<Value>> {
    let actor = actor(&net, &headers, &params)?;
    actor.require("threads_manage_insights")?;
    let post = net
        .memory()
        .posts
        .get(&node)
        .filter(|post| post.account == actor.account())
        .cloned()
        .ok_or_else(|| refusal::missing(&node))?;
    let seen = of(&post, net.now());
    let mut data = Vec::new();
    for name in wanted(&params)? {
        let value = metric(&seen, &name)
            .filter(|_| name != "clicks")
            .ok_or_else(|| refusal::invalid(&format!("Invalid metric: {name}")))?;
        data.push(json!({
            "name": name,
            "period": "lifetime",
            "values": [{ "value": value }],
            "title": name,
            "description": format!("The number of {name} of your post."),
            "id": format!("{node}/insights/{name}/lifetime"),
        }));
    }
    Ok(Json(json!({ "data": data })))
}

/// `GET /{threads-user-id}/threads_insights`
pub(super) async fn of_user(
    State(net): State<Net>,
    headers: HeaderMap,
    Path(node): Path<String>,
    params: Params,
) -> Answer<Json<Value>> {
    let actor = actor(&net, &headers, &params)?;
    actor.require("threads_manage_insights")?;
    if !is_self(&actor, &node) {
        return Err(refusal::missing(&node));
    }
    let now = net.now();
    let bound = |name: &str, usual: i64| {
        let at = params.get(name).map_or(Ok(usual), str::parse::<i64>);
        at.ok()
            .filter(|at| *at >= EARLIEST)
            .ok_or_else(|| refusal::invalid(&format!("Param {name} is not valid")))
    };
    let since = bound("since", now.as_seconds() - 2 * 86_400)?;
    let until = bound("until", now.as_seconds())?;
    let at = |seconds: i64| Timestamp::from_micros(seconds * 1_000_000).min(now);
    let (since, until) = (at(since), at(until));
    let posts: Vec<Post> = net
        .memory()
        .posts
        .values()
        .filter(|post| post.account == actor.account())
        .cloned()
        .collect();
    let total = |name: &str, from: Timestamp, to: Timestamp| -> u64 {
        posts
            .iter()
            .filter_map(|post| {
                let (late, early) = (of(post, to), of(post, from));
                Some(metric(&late, name)? - metric(&early, name)?)
            })
            .sum()
    };
    let id = user_id(actor.account());
    let mut data = Vec::new();
    for name in wanted(&params)? {
        let mut entry = json!({
            "name": name,
            "period": "day",
            "title": name,
            "description": "",
            "id": format!("{id}/insights/{name}/day"),
        });
        match name.as_str() {
            "views" => {
                let mut values = Vec::new();
                let mut day = since;
                while day < until {
                    let end = (day + DAY).min(until);
                    values.push(json!({
                        "value": total("views", day, end),
                        "end_time": time(end),
                    }));
                    day = day + DAY;
                }
                entry["values"] = json!(values);
            }
            "likes" | "replies" | "reposts" | "quotes" => {
                entry["total_value"] = json!({ "value": total(&name, since, until) });
            }
            "clicks" => {
                let linked = posts.iter().filter_map(|post| {
                    let link = post.content.link.as_ref()?;
                    let value = of(post, until).clicks - of(post, since).clicks;
                    Some(json!({ "value": value, "link_url": link }))
                });
                entry["link_total_values"] = json!(linked.collect::<Vec<_>>());
            }
            "followers_count" => {
                entry["total_value"] = json!({ "value": followers(actor.account(), now) });
            }
            _ => return Err(refusal::invalid(&format!("Invalid metric: {name}"))),
        }
        data.push(entry);
    }
    Ok(Json(json!({ "data": data })))
}
