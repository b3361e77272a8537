//! The numbers of posts and accounts: lexicons app.bsky.feed.getPosts and app.bsky.actor.getProfile
//! (2026-08-20), asked of Bluesky's AppView through the account's server.

use async_trait::async_trait;
use serde::Deserialize;

use super::{Bluesky, appview, link, publish::posted};
use crate::{
    connector::{Account, DoneStep, Insights, Metric, Numbers},
    error::NetworkError,
    http::Net,
};

/// app.bsky.actor.defs#profileViewDetailed
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Profile {
    followers_count: Option<i64>,
    follows_count: Option<i64>,
    posts_count: Option<i64>,
}

/// Adds what was told.
fn add(numbers: &mut Numbers, told: &[(Metric, Option<i64>)]) {
    for (metric, number) in told {
        if let Some(number) = number {
            *numbers.entry(*metric).or_default() += number;
        }
    }
}

#[async_trait]
impl Insights for Bluesky {
    async fn post(
        &self,
        net: &Net,
        account: &Account,
        done: &[DoneStep],
    ) -> Result<Numbers, NetworkError> {
        let parts = posted(done);
        let uris: Vec<_> = parts.iter().map(|post| post.uri.as_str()).collect();
        let mut numbers = Numbers::new();
        for view in link::posts(net, account, &uris).await? {
            // The further parts of the thread are replies, but no comments.
            let is_continued = uris.windows(2).any(|pair| pair[0] == view.post.uri);
            let replies = view
                .reply_count
                .map(|count| (count - i64::from(is_continued)).max(0));
            add(
                &mut numbers,
                &[
                    (Metric::Likes, view.like_count),
                    (Metric::Comments, replies),
                    (Metric::Shares, view.repost_count),
                    (Metric::Quotes, view.quote_count),
                    (Metric::Saves, view.bookmark_count),
                ],
            );
        }
        Ok(numbers)
    }

    async fn account(&self, net: &Net, account: &Account) -> Result<Numbers, NetworkError> {
        let query = [("actor", account.platform_account_id.as_str())];
        let profile: Profile = appview(net, account, "app.bsky.actor.getProfile", &query).await?;
        let mut numbers = Numbers::new();
        add(
            &mut numbers,
            &[
                (Metric::Followers, profile.followers_count),
                (Metric::Following, profile.follows_count),
                (Metric::Posts, profile.posts_count),
            ],
        );
        Ok(numbers)
    }
}
