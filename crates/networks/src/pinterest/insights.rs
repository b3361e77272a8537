//! The numbers of Pins and accounts: operations `pins/get` with `pin_metrics`, `pins/analytics`,
//! `user_account/get` and `user_account/analytics` of the OpenAPI 5.23.0.

use std::{collections::BTreeMap, time::Duration};

use async_trait::async_trait;
use kernel::Timestamp;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Pinterest, api::get, publish::published};
use crate::{
    connector::{Account, DoneStep, Insights, Metric, Numbers},
    error::NetworkError,
    http::Net,
};

/// Pinterest tells daily numbers of the last 90 days.
const DAYS: u64 = 89;
/// Of any Pin; a video Pin has [`VIDEO`] beside them.
const PIN: &str = "IMPRESSION,OUTBOUND_CLICK,PIN_CLICK,SAVE,TOTAL_COMMENTS,TOTAL_REACTIONS";
const VIDEO: &str = "VIDEO_MRC_VIEW,VIDEO_V50_WATCH_TIME";
const ACCOUNT: &str = "IMPRESSION,OUTBOUND_CLICK,SAVE";

/// `summary_metrics` and `lifetime_metrics` of an analytics answer, which is keyed by the way it
/// is split: `all`.
#[derive(Default, Deserialize)]
struct Analytics {
    #[serde(default)]
    summary_metrics: BTreeMap<String, Value>,
    #[serde(default)]
    lifetime_metrics: BTreeMap<String, Value>,
}

impl Analytics {
    async fn read(
        net: &Net,
        account: &Account,
        path: &str,
        metrics: &str,
    ) -> Result<Self, NetworkError> {
        let now = net.env.now();
        let query = [
            ("start_date", day(now - Duration::from_secs(DAYS * 86_400))),
            ("end_date", day(now)),
            ("metric_types", metrics.to_owned()),
        ];
        let query: Vec<_> = query
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let mut by_split: BTreeMap<String, Self> = get(net, account, path, &query).await?;
        Ok(by_split.remove("all").unwrap_or_default())
    }
}

/// A date of UTC: `2026-11-21`.
fn day(time: Timestamp) -> String {
    time.to_jiff()
        .to_zoned(jiff::tz::TimeZone::UTC)
        .date()
        .to_string()
}

/// A count, however it is written. Shares of a whole are left out.
fn count(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| {
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a count, far below the bounds of an i64"
        )]
        value.as_f64().map(|number| number.round() as i64)
    })
}

#[async_trait]
impl Insights for Pinterest {
    /// Since ever where Pinterest tells that, or else of the last 90 days.
    async fn post(
        &self,
        net: &Net,
        account: &Account,
        done: &[DoneStep],
    ) -> Result<Numbers, NetworkError> {
        #[derive(Deserialize)]
        struct Pin {
            media: Option<super::publish::PinMedia>,
            pin_metrics: Option<PinMetrics>,
        }
        #[derive(Deserialize)]
        struct PinMetrics {
            #[serde(default)]
            lifetime_metrics: Map<String, Value>,
        }
        let path = format!("/pins/{}", published(done).platform_post_id);
        let pin: Pin = get(net, account, &path, &[("pin_metrics", "true")]).await?;
        let is_video = pin.media.is_some_and(|media| media.media_type == "video");
        let metrics = if is_video {
            format!("{PIN},{VIDEO}")
        } else {
            PIN.to_owned()
        };
        let analytics =
            Analytics::read(net, account, &format!("{path}/analytics"), &metrics).await?;
        let mut numbers = Numbers::new();
        for (name, value) in analytics
            .summary_metrics
            .iter()
            .chain(&analytics.lifetime_metrics)
        {
            let (metric, value) = match (name.as_str(), count(value)) {
                ("IMPRESSION", Some(value)) => (Metric::Impressions, value),
                ("OUTBOUND_CLICK", Some(value)) => (Metric::Clicks, value),
                ("SAVE", Some(value)) => (Metric::Saves, value),
                ("TOTAL_COMMENTS", Some(value)) => (Metric::Comments, value),
                ("TOTAL_REACTIONS", Some(value)) => (Metric::Likes, value),
                ("VIDEO_MRC_VIEW", Some(value)) => (Metric::Views, value),
                // Milliseconds.
                ("VIDEO_V50_WATCH_TIME", Some(value)) => (Metric::WatchSeconds, value / 1_000),
                _ => continue,
            };
            numbers.insert(metric, value);
        }
        let lifetime = pin.pin_metrics.map(|metrics| metrics.lifetime_metrics);
        for (name, value) in lifetime.iter().flatten() {
            let metric = match name.as_str() {
                "impression" => Metric::Impressions,
                "clickthrough" => Metric::Clicks,
                "save" => Metric::Saves,
                "comment" => Metric::Comments,
                "reaction" => Metric::Likes,
                _ => continue,
            };
            if let Some(value) = count(value) {
                numbers.insert(metric, value);
            }
        }
        Ok(numbers)
    }

    /// Followers and Pins as they are now; the rest of the last 90 days.
    async fn account(&self, net: &Net, account: &Account) -> Result<Numbers, NetworkError> {
        #[derive(Deserialize)]
        struct Counts {
            follower_count: Option<i64>,
            following_count: Option<i64>,
            pin_count: Option<i64>,
        }
        let counts: Counts = get(net, account, "/user_account", &[]).await?;
        let path = "/user_account/analytics";
        let analytics = Analytics::read(net, account, path, ACCOUNT).await?;
        let seen = |name: &str| analytics.summary_metrics.get(name).and_then(count);
        let all = [
            (Metric::Followers, counts.follower_count),
            (Metric::Following, counts.following_count),
            (Metric::Posts, counts.pin_count),
            (Metric::Impressions, seen("IMPRESSION")),
            (Metric::Clicks, seen("OUTBOUND_CLICK")),
            (Metric::Saves, seen("SAVE")),
        ];
        Ok(all
            .into_iter()
            .filter_map(|(metric, value)| Some((metric, value?)))
            .collect())
    }
}
