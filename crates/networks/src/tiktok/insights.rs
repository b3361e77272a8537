//! The numbers of public posts and of accounts: developers.tiktok.com/doc/tiktok-api-v2-video-object
//! and /doc/tiktok-api-v2-get-user-info (state of November 2026).

use async_trait::async_trait;
use serde::Deserialize;

use super::{
    api,
    auth::{self, LIST, STATS},
    live, video,
};
use crate::{
    Net, NetworkError,
    connector::{Account, DoneStep, Insights, Metric, Numbers},
};

/// Reads the numbers.
#[derive(Clone, Copy, Debug)]
pub(super) struct TiktokInsights;

fn numbers(counts: &[(Metric, Option<i64>)]) -> Numbers {
    counts
        .iter()
        .filter_map(|(metric, count)| Some((*metric, (*count)?)))
        .collect()
}

#[async_trait]
impl Insights for TiktokInsights {
    async fn post(
        &self,
        net: &Net,
        account: &Account,
        done: &[DoneStep],
    ) -> Result<Numbers, NetworkError> {
        let Some(id) = live::post_id(done) else {
            return Ok(Numbers::new());
        };
        if !auth::secret(account)?.may(LIST) {
            return Ok(Numbers::new());
        }
        Ok(match video::query(net, account, &id).await? {
            None => Numbers::new(),
            Some(video) => numbers(&[
                (Metric::Views, video.view_count),
                (Metric::Likes, video.like_count),
                (Metric::Comments, video.comment_count),
                (Metric::Shares, video.share_count),
            ]),
        })
    }

    async fn account(&self, net: &Net, account: &Account) -> Result<Numbers, NetworkError> {
        #[derive(Deserialize)]
        struct Data {
            user: User,
        }
        #[derive(Deserialize)]
        struct User {
            follower_count: Option<i64>,
            following_count: Option<i64>,
            likes_count: Option<i64>,
            video_count: Option<i64>,
        }
        let secret = auth::secret(account)?;
        if !secret.may(STATS) {
            return Ok(Numbers::new());
        }
        let path = "/v2/user/info/?fields=follower_count,following_count,likes_count,video_count";
        let Data { user } = api::get(net, &secret.access_token, path).await?;
        Ok(numbers(&[
            (Metric::Followers, user.follower_count),
            (Metric::Following, user.following_count),
            (Metric::Likes, user.likes_count),
            (Metric::Posts, user.video_count),
        ]))
    }
}
