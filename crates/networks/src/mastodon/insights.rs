//! Numbers: docs.joinmastodon.org/entities/Status and /entities/Account, state of July 2026.
//! Mastodon counts nobody who only looks.

use async_trait::async_trait;
use reqwest::{Method, StatusCode};
use serde::Deserialize;

use super::{Mastodon, call, publish::posted, read};
use crate::{
    connector::{Account, DoneStep, Insights, Metric, Numbers},
    error::NetworkError,
    http::Net,
};

#[derive(Deserialize)]
struct Status {
    favourites_count: i64,
    reblogs_count: i64,
    replies_count: i64,
    /// Since 4.5.
    quotes_count: Option<i64>,
}

#[derive(Deserialize)]
struct Person {
    followers_count: i64,
    following_count: i64,
    statuses_count: i64,
}

#[async_trait]
impl Insights for Mastodon {
    async fn post(
        &self,
        net: &Net,
        account: &Account,
        done: &[DoneStep],
    ) -> Result<Numbers, NetworkError> {
        let mut numbers = Numbers::new();
        for posted in posted(done) {
            let path = format!("api/v1/statuses/{}", posted.id);
            let answer = call(net, account, Method::GET, &path, |request| request).await?;
            if answer.status == StatusCode::NOT_FOUND {
                // Somebody deleted this part on Mastodon itself.
                continue;
            }
            let status: Status = read(net, account, &answer)?;
            for (metric, number) in [
                (Metric::Likes, Some(status.favourites_count)),
                (Metric::Shares, Some(status.reblogs_count)),
                (Metric::Comments, Some(status.replies_count)),
                (Metric::Quotes, status.quotes_count),
            ] {
                if let Some(number) = number {
                    *numbers.entry(metric).or_default() += number;
                }
            }
        }
        Ok(numbers)
    }

    async fn account(&self, net: &Net, account: &Account) -> Result<Numbers, NetworkError> {
        let path = "api/v1/accounts/verify_credentials";
        let answer = call(net, account, Method::GET, path, |request| request).await?;
        let person: Person = read(net, account, &answer)?;
        Ok(Numbers::from([
            (Metric::Followers, person.followers_count),
            (Metric::Following, person.following_count),
            (Metric::Posts, person.statuses_count),
        ]))
    }
}
