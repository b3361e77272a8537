//! Numbers: *Instagram Media Insights* and *IG User* (September 2026). A metric that a product
//! type does not have fails the whole request, so each type has its own list.

use async_trait::async_trait;
use serde::Deserialize;
use serde_json::Value;

use super::{GRAPH, Instagram, find::List, publish};
use crate::{
    connector::{Account, DoneStep, Insights, Metric, Numbers},
    error::NetworkError,
    http::Net,
};

const FEED: &str = "reach,views,likes,comments,saved,shares,profile_visits";
const REELS: &str = "reach,views,likes,comments,saved,shares,ig_reels_video_view_total_time";
const STORY: &str = "reach,views,replies,shares,profile_visits,link_clicks";

#[derive(Deserialize)]
struct Kind {
    media_product_type: Option<String>,
}

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

#[async_trait]
impl Insights for Instagram {
    async fn post(
        &self,
        net: &Net,
        account: &Account,
        done: &[DoneStep],
    ) -> Result<Numbers, NetworkError> {
        let Some(id) = publish::media_id(done) else {
            return Ok(Numbers::new());
        };
        let query = [("fields", "media_product_type")];
        let kind: Kind = GRAPH.get(net, account, &format!("/{id}"), &query).await?;
        let metrics = match kind.media_product_type.as_deref() {
            Some("REELS") => REELS,
            Some("STORY") => STORY,
            _ => FEED,
        };
        let path = format!("/{id}/insights");
        let answer = GRAPH
            .call(net, account, reqwest::Method::GET, &path, |request| {
                request.query(&[("metric", metrics)])
            })
            .await?;
        if String::from_utf8_lossy(&answer.body).contains("Not enough viewers") {
            // A story that fewer than five people saw has no numbers.
            return Ok(Numbers::new());
        }
        let list: List<Measured> = GRAPH.read(net, &answer)?;
        Ok(list
            .data
            .into_iter()
            .filter_map(|measured| number(&measured))
            .collect())
    }

    async fn account(&self, net: &Net, account: &Account) -> Result<Numbers, NetworkError> {
        #[derive(Deserialize)]
        struct User {
            followers_count: Option<i64>,
            follows_count: Option<i64>,
            media_count: Option<i64>,
        }
        let path = format!("/{}", account.platform_account_id);
        let query = [("fields", "followers_count,follows_count,media_count")];
        let user: User = GRAPH.get(net, account, &path, &query).await?;
        let numbers = [
            (Metric::Followers, user.followers_count),
            (Metric::Following, user.follows_count),
            (Metric::Posts, user.media_count),
        ];
        Ok(numbers
            .into_iter()
            .filter_map(|(metric, value)| Some((metric, value?)))
            .collect())
    }
}

fn number(measured: &Measured) -> Option<(Metric, i64)> {
    let value = measured.values.first()?.value.as_i64()?;
    let metric = match measured.name.as_str() {
        "reach" => Metric::Reach,
        "views" => Metric::Views,
        "likes" => Metric::Likes,
        "comments" | "replies" => Metric::Comments,
        "saved" => Metric::Saves,
        "shares" => Metric::Shares,
        "profile_visits" => Metric::ProfileVisits,
        "link_clicks" => Metric::Clicks,
        // In milliseconds.
        "ig_reels_video_view_total_time" => return Some((Metric::WatchSeconds, value / 1_000)),
        _ => return None,
    };
    Some((metric, value))
}
