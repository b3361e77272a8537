//! Numbers: *Page Insights* (September 2026, without what ended in November 2025 and June 2026),
//! *Video Insights*.

use serde_json::{Value, json};

use super::{Call, posts, videos};
use crate::{
    kit::{
        insights::{Insights, followers},
        people,
    },
    meta::{self, GraphError, Result, login},
};

const POST: &[&str] = &[
    "post_media_view",
    "post_total_media_view_unique",
    "post_clicks",
    "post_reactions_like_total",
    "post_reactions_by_type_total",
    "post_video_views",
    "post_video_view_time",
    "post_video_avg_time_watched",
];
const PAGE: &[&str] = &[
    "page_media_view",
    "page_total_media_view_unique",
    "page_post_engagements",
    "page_follows",
    "page_daily_follows_unique",
    "page_daily_unfollows_unique",
    "page_views_total",
    "page_video_views",
];

/// `GET /{post}/insights`, `GET /{video}/video_insights`, `GET /{page}/insights`.
pub(super) fn show(call: &Call, id: &str) -> Result {
    call.actor.require("read_insights")?;
    let metrics = call.list("metric");
    if metrics.is_empty() {
        return Err(GraphError::new(3001, "(#3001) No metric was specified to be fetched. Please specify one or more metrics to be fetched and try again.")
            .subcode(1_504_028)
            .into());
    }
    if login::page(id).is_some() {
        return page(call, id, &metrics);
    }
    let video = videos::find(call, id)?;
    let post_id = video
        .and_then(|video| video.post)
        .unwrap_or_else(|| id.to_owned());
    let post = posts::find(call, &post_id, "get")?;
    check(&metrics, POST)?;
    let numbers = call
        .net
        .memory()
        .exposure(&post_id, &post)
        .insights(call.net.now());
    let data: Vec<Value> = metrics
        .iter()
        .map(|metric| {
            json!({
                "name": metric,
                "period": "lifetime",
                "values": [{ "value": value(metric, &numbers) }],
                "title": metric.replace('_', " "),
                "description": "A number of the sandbox.",
                "id": format!("{id}/insights/{metric}/lifetime"),
            })
        })
        .collect();
    Ok(json!({ "data": data }))
}

fn check(metrics: &[String], known: &[&str]) -> Result<()> {
    if metrics
        .iter()
        .all(|metric| known.contains(&metric.as_str()))
    {
        Ok(())
    } else {
        Err(GraphError::parameter("The value must be a valid insights metric").into())
    }
}

fn value(metric: &str, numbers: &Insights) -> Value {
    match metric {
        "post_media_view" => json!(numbers.impressions),
        "post_total_media_view_unique" => json!(numbers.reach),
        "post_clicks" => json!(numbers.clicks),
        "post_reactions_like_total" => json!(numbers.likes),
        "post_reactions_by_type_total" => {
            json!({ "like": numbers.likes - numbers.likes / 5, "love": numbers.likes / 5 })
        }
        "post_video_views" => json!(numbers.views),
        // In milliseconds.
        "post_video_view_time" => json!(numbers.watch_seconds * 1_000),
        "post_video_avg_time_watched" => {
            json!(
                (numbers.watch_seconds * 1_000)
                    .checked_div(numbers.views)
                    .unwrap_or(0)
            )
        }
        _ => json!(0),
    }
}

fn page(call: &Call, id: &str, metrics: &[String]) -> Result {
    let account = call.page(id, "get")?;
    check(metrics, PAGE)?;
    let data: Vec<Value> = metrics
        .iter()
        .map(|metric| {
            json!({
                "name": metric,
                "period": "day",
                "values": [{
                    "value": of_page(call, account, metric),
                    "end_time": meta::time(call.net.now()),
                }],
                "title": metric.replace('_', " "),
                "description": "A number of the sandbox.",
                "id": format!("{id}/insights/{metric}/day"),
            })
        })
        .collect();
    Ok(json!({ "data": data }))
}

fn of_page(call: &Call, account: &people::Account, metric: &str) -> u64 {
    let now = call.net.now();
    if metric == "page_follows" {
        return followers(account.username, now);
    }
    let memory = call.net.memory();
    let of_posts = memory
        .posts
        .iter()
        .filter(|(_, post)| post.account == account.username && post.published_at.is_some())
        .map(|(id, post)| memory.exposure(id, post).insights(now));
    of_posts
        .map(|numbers| match metric {
            "page_media_view" => numbers.impressions,
            "page_total_media_view_unique" => numbers.reach,
            "page_post_engagements" => numbers.likes + numbers.comments + numbers.shares,
            "page_video_views" => numbers.views,
            "page_views_total" => numbers.clicks / 2,
            _ => 0,
        })
        .sum()
}
