//! The numbers of videos and channels: `statistics` of the Data API, up to date, and reports of the
//! YouTube Analytics API v2, which lag behind by two or three days
//! (developers.google.com/youtube/analytics/channel_reports, state of November 2026).

use async_trait::async_trait;
use reqwest::Method;
use serde::Deserialize;
use serde_json::Value;

use super::{
    api, auth,
    channel::Channel,
    publish,
    resource::{List, Statistics},
};
use crate::{
    Net, NetworkError,
    connector::{Account, DoneStep, Insights, Metric, Numbers},
};

/// The day of the first video, so that a report reaches back to the beginning.
const FIRST_DAY: &str = "2005-04-23";

/// Reads the numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct YoutubeInsights;

#[async_trait]
impl Insights for YoutubeInsights {
    async fn post(
        &self,
        net: &Net,
        account: &Account,
        done: &[DoneStep],
    ) -> Result<Numbers, NetworkError> {
        let mut numbers = Numbers::new();
        let Some(id) = publish::video_id(done) else {
            return Ok(numbers);
        };
        let Some(video) = publish::video(net, account, &id, "statistics").await? else {
            return Ok(numbers);
        };
        counted(&mut numbers, &video.statistics);
        report(net, account, Some(&id), &mut numbers).await?;
        Ok(numbers)
    }

    async fn account(&self, net: &Net, account: &Account) -> Result<Numbers, NetworkError> {
        let mut numbers = Numbers::new();
        let channels: List<Channel> = api::read(
            net,
            account,
            Method::GET,
            api::data(net, "/channels")?,
            |request| {
                request.query(&[
                    ("part", "statistics"),
                    ("id", account.platform_account_id.as_str()),
                ])
            },
        )
        .await?;
        if let Some(channel) = channels.items.first() {
            counted(&mut numbers, &channel.statistics);
        }
        report(net, account, None, &mut numbers).await?;
        Ok(numbers)
    }
}

fn counted(numbers: &mut Numbers, statistics: &Statistics) {
    let counts = [
        (Metric::Views, &statistics.view_count),
        (Metric::Likes, &statistics.like_count),
        (Metric::Comments, &statistics.comment_count),
        (Metric::Followers, &statistics.subscriber_count),
        (Metric::Posts, &statistics.video_count),
    ];
    for (metric, count) in counts {
        if let Some(count) = count.as_ref().and_then(|count| count.parse().ok()) {
            numbers.insert(metric, count);
        }
    }
}

/// `reports.query`'s answer: one row, as no dimension is asked for.
#[derive(Deserialize)]
struct Report {
    #[serde(default)]
    rows: Vec<Vec<Value>>,
}

/// Adds what only the Analytics API knows, if the person let AllIN read it.
async fn report(
    net: &Net,
    account: &Account,
    video: Option<&str>,
    numbers: &mut Numbers,
) -> Result<(), NetworkError> {
    if !auth::secret(account)?.may(auth::ANALYTICS) {
        return Ok(());
    }
    let ids = format!("channel=={}", account.platform_account_id);
    let today = net.env.now().to_jiff().strftime("%Y-%m-%d").to_string();
    let filter = video.map(|video| ("filters", format!("video=={video}")));
    let report: Report = api::read(net, account, Method::GET, api::reports(net)?, |request| {
        request
            .query(&[
                ("ids", ids.as_str()),
                ("startDate", FIRST_DAY),
                ("endDate", &today),
                ("metrics", "estimatedMinutesWatched,shares"),
            ])
            .query(filter.as_slice())
    })
    .await?;
    if let Some([minutes, shares]) = report.rows.first().map(Vec::as_slice) {
        if let Some(minutes) = minutes.as_i64() {
            numbers.insert(Metric::WatchSeconds, minutes * 60);
        }
        if let Some(shares) = shares.as_i64() {
            numbers.insert(Metric::Shares, shares);
        }
    }
    Ok(())
}
