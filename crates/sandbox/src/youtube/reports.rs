//! reports.query of the YouTube Analytics API v2: developers.google.com/youtube/analytics/reference/reports/query and
//! /youtube/analytics/channel_reports. Reports lack the last two days.

use std::time::Duration;

use axum::{Json, extract::State};
use jiff::{ToSpan, civil::Date};
use kernel::Timestamp;
use serde_json::{Value, json};

use super::{
    Net, channels,
    details::Privacy,
    refusal,
    request::{Query, permit},
    scope,
    state::Video,
};
use crate::kit::{
    Actor, Answer, Refusal,
    insights::{Exposure, Form, Insights, followers},
};

/// Days that reports lag behind.
const LAG_DAYS: u64 = 2;
const DAY: Duration = Duration::from_hours(24);

/// The metrics of basic user activity reports.
const METRICS: &[&str] = &[
    "views",
    "engagedViews",
    "comments",
    "likes",
    "dislikes",
    "shares",
    "estimatedMinutesWatched",
    "averageViewDuration",
    "averageViewPercentage",
    "subscribersGained",
    "subscribersLost",
];

/// The public that sees a video.
pub(super) fn exposure(video: &Video) -> Exposure {
    Exposure {
        id: format!("youtube/{}", video.id),
        published_at: video.shown_at.unwrap_or(video.uploaded_at),
        form: if video.is_short() {
            Form::ShortVideo
        } else {
            Form::Video
        },
        followers: followers(&video.account, video.shown_at.unwrap_or(video.uploaded_at)),
        seconds: video.facts.map_or(60, |facts| facts.millis.div_ceil(1_000)),
    }
}

/// What was counted until this instant. A private video is seen by nobody.
pub(super) fn counts(video: &Video, now: Timestamp) -> Insights {
    if video.privacy(now) == Privacy::Private {
        return Insights::default();
    }
    exposure(video).insights(now)
}

fn invalid(words: &str) -> Refusal {
    refusal::new(400, "global", "badRequest", words)
}

fn midnight(day: Date) -> Option<Timestamp> {
    let start = day.at(0, 0, 0, 0).in_tz("UTC").ok()?;
    Some(start.timestamp().into())
}

fn day(query: &Query, name: &str) -> Answer<Date> {
    query
        .get(name)
        .and_then(|text| text.parse().ok())
        .ok_or_else(|| {
            invalid(&format!(
                "The query is not supported: {name} must be YYYY-MM-DD."
            ))
        })
}

/// `GET /v2/reports`.
pub(super) async fn query(
    State(net): State<Net>,
    actor: Actor,
    query: Query,
) -> Answer<Json<Value>> {
    permit(&net, &actor, scope::REPORTS, 0)?;
    let own = format!("channel=={}", channels::id(actor.account()));
    let ids = query.get("ids").unwrap_or_default();
    if ids != "channel==MINE" && ids != own {
        return Err(refusal::new(403, "global", "forbidden", "Forbidden"));
    }
    let (start, end) = (day(&query, "startDate")?, day(&query, "endDate")?);
    let metrics = query.list("metrics");
    if metrics.is_empty() || metrics.iter().any(|metric| !METRICS.contains(metric)) {
        return Err(invalid(
            "Unknown identifier given in field parameters.metrics.",
        ));
    }
    let dimensions = query.list("dimensions");
    if !matches!(dimensions[..], [] | ["day" | "video"]) {
        return Err(invalid(
            "The query is not supported. Check the documentation for supported queries.",
        ));
    }
    if dimensions == ["video"] && (query.get("sort").is_none() || query.get("maxResults").is_none())
    {
        return Err(invalid(
            "The query is not supported: the dimension video needs sort and maxResults.",
        ));
    }
    let wanted = match query.get("filters") {
        None => None,
        Some(filter) => Some(
            filter
                .strip_prefix("video==")
                .ok_or_else(|| invalid("Unknown identifier given in field parameters.filters."))?,
        ),
    };
    let now = net.now();
    let memory = net.memory();
    let videos: Vec<&Video> = memory
        .videos
        .iter()
        .filter(|video| video.account == actor.account())
        .filter(|video| wanted.is_none_or(|wanted| wanted.split(',').any(|id| id == video.id)))
        .collect();
    let known = now - DAY * u32::try_from(LAG_DAYS).unwrap_or(0);
    let at = |day: Date| midnight(day).map_or(known, |at| at.min(known));
    let (from, until) = (at(start), at(end.saturating_add(1.day())));
    let rows: Vec<Vec<Value>> = match dimensions[..] {
        ["day"] => {
            let mut rows = Vec::new();
            let mut today = start;
            while today <= end && at(today) < known && rows.len() < 5_000 {
                let tomorrow = today.saturating_add(1.day());
                let sum = sum(&videos, at(today), at(tomorrow));
                if sum.views > 0 {
                    rows.push(row(Some(json!(today.to_string())), &metrics, &sum, &videos));
                }
                today = tomorrow;
            }
            rows
        }
        ["video"] => videos
            .iter()
            .map(|video| {
                let sum = sum(&[*video], from, until);
                row(Some(json!(video.id)), &metrics, &sum, &[*video])
            })
            .collect(),
        _ => vec![row(None, &metrics, &sum(&videos, from, until), &videos)],
    };
    let header = |name: &&str, kind: &str, data: &str| json!({ "name": name, "columnType": kind, "dataType": data });
    let mut headers: Vec<Value> = dimensions
        .iter()
        .map(|name| header(name, "DIMENSION", "STRING"))
        .collect();
    headers.extend(metrics.iter().map(|name| {
        let data = if name.starts_with("average") {
            "FLOAT"
        } else {
            "INTEGER"
        };
        header(name, "METRIC", data)
    }));
    let mut answer = json!({ "kind": "youtubeAnalytics#resultTable", "columnHeaders": headers });
    if !rows.is_empty() {
        answer["rows"] = json!(rows);
    }
    Ok(Json(answer))
}

/// What came between two instants.
fn sum(videos: &[&Video], from: Timestamp, until: Timestamp) -> Insights {
    videos.iter().fold(Insights::default(), |sum, video| {
        let (before, after) = (counts(video, from), counts(video, until));
        Insights {
            views: sum.views + after.views.saturating_sub(before.views),
            likes: sum.likes + after.likes.saturating_sub(before.likes),
            comments: sum.comments + after.comments.saturating_sub(before.comments),
            shares: sum.shares + after.shares.saturating_sub(before.shares),
            watch_seconds: sum.watch_seconds
                + after.watch_seconds.saturating_sub(before.watch_seconds),
            ..sum
        }
    })
}

fn row(
    dimension: Option<Value>,
    metrics: &[&str],
    sum: &Insights,
    videos: &[&Video],
) -> Vec<Value> {
    let average = sum.watch_seconds / sum.views.max(1);
    let length = videos
        .iter()
        .map(|video| exposure(video).seconds)
        .max()
        .unwrap_or(1)
        .max(1);
    let value = |metric: &&str| match *metric {
        "views" => json!(sum.views),
        "engagedViews" => json!(sum.views * 8 / 10),
        "comments" => json!(sum.comments),
        "likes" => json!(sum.likes),
        "dislikes" => json!(sum.likes / 40),
        "shares" => json!(sum.shares),
        "estimatedMinutesWatched" => json!(sum.watch_seconds / 60),
        "averageViewDuration" => json!(average),
        "averageViewPercentage" => json!(average * 100 / length),
        "subscribersGained" => json!(sum.views / 300),
        _ => json!(sum.views / 2_000),
    };
    dimension
        .into_iter()
        .chain(metrics.iter().map(value))
        .collect()
}
