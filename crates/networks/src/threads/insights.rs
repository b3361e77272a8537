//! The numbers of posts and accounts: insights (2026-01-30).

use std::time::Duration;

use async_trait::async_trait;
use reqwest::Method;
use serde::Deserialize;

use super::{
    Threads,
    api::{call, get, read},
    publish::posts,
};
use crate::{
    connector::{Account, DoneStep, Insights, Metric, Numbers},
    error::NetworkError,
    http::Net,
};

const POST: &str = "views,likes,replies,reposts,quotes,shares";
const ACCOUNT: &str = "views,likes,replies,reposts,quotes,clicks";
/// The days that an account's numbers are of.
const DAYS: u64 = 90;

#[derive(Deserialize)]
struct Answered {
    data: Vec<Counted>,
}

/// One metric, in one of the three shapes there are.
#[derive(Deserialize)]
struct Counted {
    name: String,
    #[serde(default)]
    values: Vec<Value>,
    total_value: Option<Value>,
    #[serde(default)]
    link_total_values: Vec<Value>,
}

#[derive(Deserialize)]
struct Value {
    #[serde(default)]
    value: i64,
}

impl Counted {
    fn sum(&self) -> i64 {
        self.values
            .iter()
            .chain(&self.total_value)
            .chain(&self.link_total_values)
            .map(|value| value.value)
            .sum()
    }

    fn metric(&self) -> Option<Metric> {
        Some(match self.name.as_str() {
            "views" => Metric::Views,
            "likes" => Metric::Likes,
            "replies" => Metric::Comments,
            // What is passed on, within Threads and out of it.
            "reposts" | "shares" => Metric::Shares,
            "quotes" => Metric::Quotes,
            "clicks" => Metric::Clicks,
            "followers_count" => Metric::Followers,
            _ => return None,
        })
    }
}

fn add(numbers: &mut Numbers, counted: &[Counted]) {
    for one in counted {
        if let Some(metric) = one.metric() {
            *numbers.entry(metric).or_default() += one.sum();
        }
    }
}

#[async_trait]
impl Insights for Threads {
    async fn post(
        &self,
        net: &Net,
        account: &Account,
        done: &[DoneStep],
    ) -> Result<Numbers, NetworkError> {
        let mut numbers = Numbers::new();
        for (part, post) in posts(done).into_iter().enumerate() {
            let path = format!("/{}/insights", post.id);
            let mut answered: Answered = get(net, account, &path, &[("metric", POST)]).await?;
            // Those of the first part are the replies of the whole thread.
            answered
                .data
                .retain(|one| part == 0 || one.name != "replies");
            add(&mut numbers, &answered.data);
        }
        Ok(numbers)
    }

    /// Followers as they are now; the rest of the last 90 days.
    async fn account(&self, net: &Net, account: &Account) -> Result<Numbers, NetworkError> {
        let path = "/me/threads_insights";
        let now = net.env.now();
        let since = now - Duration::from_secs(DAYS * 86_400);
        let (since, until) = (since.as_seconds().to_string(), now.as_seconds().to_string());
        let parameters = [("metric", ACCOUNT), ("since", &since), ("until", &until)];
        let answered: Answered = get(net, account, path, &parameters).await?;
        let mut numbers = Numbers::new();
        add(&mut numbers, &answered.data);
        // It takes no dates, and profiles without an Instagram account have none of it.
        let parameters = [("metric", "followers_count")];
        let answer = call(net, account, Method::GET, path, &parameters).await?;
        if answer.status.is_success() {
            let answered: Answered = read(net, &answer)?;
            add(&mut numbers, &answered.data);
        }
        Ok(numbers)
    }
}
