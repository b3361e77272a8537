//! Numbers: docs.x.com/x-api/fundamentals/metrics, `getPostsByIds` and `getUsersMe` of the
//! OpenAPI 2.167. The non-public ones are told for 30 days.

use async_trait::async_trait;
use serde::Deserialize;

use super::{X, get, publish::posted};
use crate::{
    connector::{Account, DoneStep, Insights, Metric, Numbers},
    error::NetworkError,
    http::Net,
};

#[derive(Deserialize)]
struct Posts {
    #[serde(default)]
    data: Vec<Post>,
    #[serde(default)]
    includes: Includes,
}

#[derive(Deserialize)]
struct Post {
    public_metrics: Option<Public>,
    non_public_metrics: Option<NonPublic>,
}

/// Under the new names and the old ones.
#[derive(Deserialize)]
struct Public {
    #[serde(rename = "impression_count")]
    impressions: Option<i64>,
    #[serde(rename = "like_count")]
    likes: Option<i64>,
    #[serde(rename = "reply_count")]
    replies: Option<i64>,
    #[serde(rename = "repost_count", alias = "retweet_count")]
    reposts: Option<i64>,
    #[serde(rename = "quote_count")]
    quotes: Option<i64>,
    #[serde(rename = "bookmark_count")]
    bookmarks: Option<i64>,
}

#[derive(Deserialize)]
struct NonPublic {
    url_link_clicks: Option<i64>,
    user_profile_clicks: Option<i64>,
}

#[derive(Default, Deserialize)]
struct Includes {
    #[serde(default)]
    media: Vec<Media>,
}

#[derive(Deserialize)]
struct Media {
    public_metrics: Option<MediaPublic>,
}

#[derive(Deserialize)]
struct MediaPublic {
    view_count: Option<i64>,
}

#[derive(Deserialize)]
struct Me {
    data: Person,
}

#[derive(Deserialize)]
struct Person {
    public_metrics: Option<PersonPublic>,
}

#[derive(Deserialize)]
struct PersonPublic {
    #[serde(rename = "followers_count")]
    followers: Option<i64>,
    #[serde(rename = "following_count")]
    following: Option<i64>,
    #[serde(rename = "post_count", alias = "tweet_count")]
    posts: Option<i64>,
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
impl Insights for X {
    async fn post(
        &self,
        net: &Net,
        account: &Account,
        done: &[DoneStep],
    ) -> Result<Numbers, NetworkError> {
        let ids: Vec<_> = posted(done).into_iter().map(|posted| posted.id).collect();
        if ids.is_empty() {
            return Ok(Numbers::new());
        }
        let ids = ids.join(",");
        let ask = |fields: &'static str| {
            let query = [
                ("ids", ids.as_str()),
                ("post.fields", fields),
                ("expansions", "attachments.media_keys"),
                ("media.fields", "public_metrics"),
            ];
            async move { get::<Posts>(net, account, "/2/tweets", &query).await }
        };
        let mut posts = ask("public_metrics,non_public_metrics").await?;
        if posts.data.is_empty() {
            // X leaves out a post whole of which one field may not be read any more.
            posts = ask("public_metrics").await?;
        }
        let mut numbers = Numbers::new();
        for post in &posts.data {
            if let Some(public) = &post.public_metrics {
                add(
                    &mut numbers,
                    &[
                        (Metric::Impressions, public.impressions),
                        (Metric::Likes, public.likes),
                        (Metric::Comments, public.replies),
                        (Metric::Shares, public.reposts),
                        (Metric::Quotes, public.quotes),
                        (Metric::Saves, public.bookmarks),
                    ],
                );
            }
            if let Some(private) = &post.non_public_metrics {
                add(
                    &mut numbers,
                    &[
                        (Metric::Clicks, private.url_link_clicks),
                        (Metric::ProfileVisits, private.user_profile_clicks),
                    ],
                );
            }
        }
        for media in &posts.includes.media {
            let views = media.public_metrics.as_ref().and_then(|it| it.view_count);
            add(&mut numbers, &[(Metric::Views, views)]);
        }
        Ok(numbers)
    }

    async fn account(&self, net: &Net, account: &Account) -> Result<Numbers, NetworkError> {
        let query = [("user.fields", "public_metrics")];
        let me: Me = get(net, account, "/2/users/me", &query).await?;
        let mut numbers = Numbers::new();
        if let Some(public) = me.data.public_metrics {
            add(
                &mut numbers,
                &[
                    (Metric::Followers, public.followers),
                    (Metric::Following, public.following),
                    (Metric::Posts, public.posts),
                ],
            );
        }
        Ok(numbers)
    }
}
