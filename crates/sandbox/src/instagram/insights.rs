//! Numbers: *Instagram Media Insights*, *Instagram Account Insights*.

use serde_json::{Value, json};

use super::{
    Call, media,
    state::{Kind, Media},
};
use crate::{
    kit::{insights::Insights, people},
    meta::{GraphError, Result},
};

/// The metrics of each product type.
const FEED: &[&str] = &[
    "reach",
    "views",
    "likes",
    "comments",
    "saved",
    "shares",
    "total_interactions",
    "reposts",
    "follows",
    "profile_visits",
    "profile_activity",
    "total_likes",
    "total_comments",
    "total_views",
];
const REELS: &[&str] = &[
    "reach",
    "views",
    "likes",
    "comments",
    "saved",
    "shares",
    "total_interactions",
    "reposts",
    "ig_reels_avg_watch_time",
    "ig_reels_video_view_total_time",
    "reels_skip_rate",
    "total_likes",
    "total_comments",
    "total_views",
];
const STORY: &[&str] = &[
    "reach",
    "views",
    "replies",
    "shares",
    "total_interactions",
    "reposts",
    "navigation",
    "follows",
    "profile_visits",
    "profile_activity",
    "link_clicks",
    "total_views",
];
/// Those of an account, by day.
const ACCOUNT: &[&str] = &[
    "reach",
    "views",
    "accounts_engaged",
    "total_interactions",
    "likes",
    "comments",
    "shares",
    "saves",
    "replies",
    "reposts",
    "profile_links_taps",
    "follows_and_unfollows",
];

/// `GET /{media}/insights`, `GET /{ig-user}/insights`.
pub(super) fn show(call: &Call, id: &str) -> Result {
    call.actor.require("instagram_manage_insights")?;
    let metrics = call.list("metric");
    if metrics.is_empty() {
        return Err(GraphError::parameter("The parameter metric is required").into());
    }
    if crate::meta::login::instagram(id).is_some() {
        return account(call, id, &metrics);
    }
    let media = media::find(call, id, "get")?;
    if media.parent.is_some() {
        return Err(
            GraphError::parameter("Insights are not available for items of an album").into(),
        );
    }
    let known = match media.kind {
        Kind::Reel => REELS,
        Kind::Story => STORY,
        _ => FEED,
    };
    check(&metrics, known)?;
    let numbers = media.exposure(id).insights(call.net.now());
    if media.kind == Kind::Story && numbers.reach < 5 {
        return Err(GraphError::new(
            10,
            "(#10) Not enough viewers for the media to show insights",
        )
        .into());
    }
    let data: Vec<Value> = metrics
        .iter()
        .map(|metric| {
            json!({
                "name": metric,
                "period": "lifetime",
                "values": [{ "value": number(metric, &media, &numbers) }],
                "title": metric.replace('_', " "),
                "description": "A number of the sandbox.",
                "id": format!("{id}/insights/{metric}/lifetime"),
            })
        })
        .collect();
    Ok(json!({ "data": data }))
}

fn check(metrics: &[String], known: &[&str]) -> Result<()> {
    match metrics
        .iter()
        .find(|metric| !known.contains(&metric.as_str()))
    {
        None => Ok(()),
        Some(metric) => Err(GraphError::parameter(format!(
            "metric[0] must be one of the following values: {} (not {metric})",
            known.join(", ")
        ))
        .into()),
    }
}

fn number(metric: &str, media: &Media, numbers: &Insights) -> u64 {
    let together = numbers.likes + numbers.comments + numbers.shares + numbers.saves;
    let views = if media.is_video() {
        numbers.views
    } else {
        numbers.impressions
    };
    match metric {
        "reach" => numbers.reach,
        "views" | "total_views" => views,
        "likes" | "total_likes" => numbers.likes,
        "comments" | "total_comments" | "replies" => numbers.comments,
        "saved" | "saves" => numbers.saves,
        "shares" => numbers.shares,
        "total_interactions" | "accounts_engaged" => together,
        "link_clicks" | "profile_links_taps" => numbers.clicks / 4,
        "profile_visits" | "profile_activity" => numbers.clicks / 2,
        "navigation" => numbers.impressions / 2,
        // Both in milliseconds.
        "ig_reels_video_view_total_time" => numbers.watch_seconds * 1_000,
        "ig_reels_avg_watch_time" => (numbers.watch_seconds * 1_000)
            .checked_div(views)
            .unwrap_or(0),
        "reels_skip_rate" => 32,
        "reposts" => numbers.shares / 10,
        _ => 0,
    }
}

fn account(call: &Call, id: &str, metrics: &[String]) -> Result {
    let account = call.account(id, "get")?;
    check(metrics, ACCOUNT)?;
    if call.params.get("period") != Some("day") {
        return Err(
            GraphError::parameter("The parameter period must be day for these metrics").into(),
        );
    }
    if call.params.get("metric_type") != Some("total_value") {
        return Err(GraphError::parameter(
            "The following metrics should be specified with parameter metric_type=total_value",
        )
        .into());
    }
    let data: Vec<Value> = metrics
        .iter()
        .map(|metric| {
            json!({
                "name": metric,
                "period": "day",
                "title": metric.replace('_', " "),
                "description": "A number of the sandbox.",
                "total_value": { "value": of_account(call, account, metric) },
                "id": format!("{id}/insights/{metric}/day"),
            })
        })
        .collect();
    Ok(json!({ "data": data }))
}

/// What all posts of the account have together.
fn of_account(call: &Call, account: &people::Account, metric: &str) -> u64 {
    let now = call.net.now();
    let memory = call.net.memory();
    memory
        .media
        .iter()
        .filter(|(_, media)| media.account == account.username && media.parent.is_none())
        .map(|(id, media)| number(metric, media, &media.exposure(id).insights(now)))
        .sum()
}
