//! Numbers: *Page Insights* (September 2026). `page_impressions*`, `page_fans*` and
//! `post_impressions*` ended in November 2025 and June 2026; what is asked for here came in their
//! place. One metric that is not known fails the whole request.

use async_trait::async_trait;
use reqwest::Method;
use serde::Deserialize;
use serde_json::Value;

use super::{Facebook, GRAPH, find::List, publish};
use crate::{
    connector::{Account, DoneStep, Insights, Metric, Numbers},
    error::NetworkError,
    http::Net,
};

const POST: &str =
    "post_media_view,post_total_media_view_unique,post_clicks,post_reactions_by_type_total";
const VIDEO: &str = "post_video_views,post_video_avg_time_watched";

/// One metric of the answer.
#[derive(Deserialize)]
struct Measured {
    name: String,
    #[serde(default)]
    values: Vec<MeasuredValue>,
}

#[derive(Deserialize)]
struct MeasuredValue {
    value: Value,
}

impl Measured {
    fn value(&self) -> Option<&Value> {
        Some(&self.values.first()?.value)
    }
}

/// Counts that are fields of the post.
#[derive(Deserialize)]
struct Counts {
    shares: Option<Shares>,
    comments: Option<Summarised>,
}

#[derive(Deserialize)]
struct Shares {
    count: i64,
}

#[derive(Deserialize)]
struct Summarised {
    summary: Option<Summary>,
}

#[derive(Deserialize)]
struct Summary {
    total_count: Option<i64>,
}

#[async_trait]
impl Insights for Facebook {
    async fn post(
        &self,
        net: &Net,
        account: &Account,
        done: &[DoneStep],
    ) -> Result<Numbers, NetworkError> {
        let Some((posted, _)) = publish::posted(done).filter(|(posted, _)| !posted.story) else {
            return Ok(Numbers::new());
        };
        let Some(id) = publish::post_id(done) else {
            return Ok(Numbers::new());
        };
        let path = format!("/{id}/insights");
        let query = [("metric", POST)];
        let list: List<Measured> = GRAPH.get(net, account, &path, &query).await?;
        let mut numbers: Numbers = list.data.iter().filter_map(number).collect();
        let query = [("fields", "shares,comments.summary(true).limit(0)")];
        let counts: Counts = GRAPH.get(net, account, &format!("/{id}"), &query).await?;
        // A post that nobody shared has no such field.
        numbers.insert(
            Metric::Shares,
            counts.shares.map_or(0, |shares| shares.count),
        );
        let summary = counts.comments.and_then(|comments| comments.summary);
        if let Some(count) = summary.and_then(|summary| summary.total_count) {
            numbers.insert(Metric::Comments, count);
        }
        if posted.video.is_some() {
            numbers.extend(watched(net, account, &path).await?);
        }
        Ok(numbers)
    }

    async fn account(&self, net: &Net, account: &Account) -> Result<Numbers, NetworkError> {
        #[derive(Deserialize)]
        struct Page {
            followers_count: Option<i64>,
        }
        let path = format!("/{}", account.platform_account_id);
        let query = [("fields", "followers_count")];
        let page: Page = GRAPH.get(net, account, &path, &query).await?;
        Ok(page
            .followers_count
            .map(|count| (Metric::Followers, count))
            .into_iter()
            .collect())
    }
}

/// How long a video was watched. Which of these metrics stay was open in June 2026, so a refusal
/// means that there is no such number.
async fn watched(net: &Net, account: &Account, path: &str) -> Result<Numbers, NetworkError> {
    let answer = GRAPH
        .call(net, account, Method::GET, path, |request| {
            request.query(&[("metric", VIDEO)])
        })
        .await?;
    if answer.status.is_client_error() {
        return Ok(Numbers::new());
    }
    let list: List<Measured> = GRAPH.read(net, &answer)?;
    let of = |name: &str| {
        let found = list.data.iter().find(|measured| measured.name == name)?;
        found.value()?.as_i64()
    };
    // The average is in milliseconds.
    let seconds = of("post_video_views")
        .zip(of("post_video_avg_time_watched"))
        .map(|(views, average)| views * average / 1_000);
    Ok(seconds
        .map(|seconds| (Metric::WatchSeconds, seconds))
        .into_iter()
        .collect())
}

fn number(measured: &Measured) -> Option<(Metric, i64)> {
    let value = measured.value()?;
    let metric = match measured.name.as_str() {
        "post_media_view" => Metric::Views,
        "post_total_media_view_unique" => Metric::Reach,
        "post_clicks" => Metric::Clicks,
        "post_reactions_by_type_total" => {
            let all = value.as_object()?.values().filter_map(Value::as_i64).sum();
            return Some((Metric::Likes, all));
        }
        _ => return None,
    };
    Some((metric, value.as_i64()?))
}
