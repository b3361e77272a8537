//! Numbers: the share statistics and network sizes of pages, and the member post statistics,
//! learn.microsoft.com/linkedin/marketing/community-management/organizations/share-statistics,
//! …/organizations/organization-lookup-api and …/members/post-statistics, version 202609.

use async_trait::async_trait;
use serde::Deserialize;

use super::{Linkedin, encode, get, people::Elements, publish::Posted};
use crate::{
    connector::{Account, DoneStep, Insights, Metric, Numbers},
    error::NetworkError,
    http::Net,
    step::StepName,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Shares {
    total_share_statistics: Totals,
}

#[derive(Deserialize)]
struct Totals {
    #[serde(rename = "impressionCount")]
    impressions: Option<i64>,
    #[serde(rename = "uniqueImpressionsCount")]
    reach: Option<i64>,
    #[serde(rename = "clickCount")]
    clicks: Option<i64>,
    #[serde(rename = "likeCount")]
    likes: Option<i64>,
    #[serde(rename = "commentCount")]
    comments: Option<i64>,
    #[serde(rename = "shareCount")]
    shares: Option<i64>,
}

#[derive(Deserialize)]
struct Counted {
    count: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Size {
    first_degree_size: i64,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Followed {
    member_followers_count: i64,
}

/// LinkedIn's words for what it counts of a member's post.
const OF_MEMBERS: [(&str, Metric); 7] = [
    ("IMPRESSION", Metric::Impressions),
    ("MEMBERS_REACHED", Metric::Reach),
    ("REACTION", Metric::Likes),
    ("COMMENT", Metric::Comments),
    ("RESHARE", Metric::Shares),
    ("POST_SAVE", Metric::Saves),
    ("LINK_CLICKS", Metric::Clicks),
];

fn page(account: &Account) -> Option<&str> {
    let urn = account.platform_account_id.as_str();
    urn.starts_with("urn:li:organization:").then_some(urn)
}

#[async_trait]
impl Insights for Linkedin {
    async fn post(
        &self,
        net: &Net,
        account: &Account,
        done: &[DoneStep],
    ) -> Result<Numbers, NetworkError> {
        let Some(Posted { urn }) = StepName::Post(0).result(done) else {
            return Ok(Numbers::new());
        };
        let is_share = urn.starts_with("urn:li:share:");
        let mut numbers = Numbers::new();
        let Some(page) = page(account) else {
            let kind = if is_share { "share" } else { "ugc" };
            for (word, metric) in OF_MEMBERS {
                let path = format!(
                    "/rest/memberCreatorPostAnalytics?q=entity&entity=({kind}:{})&queryType={word}&aggregation=TOTAL",
                    encode(&urn)
                );
                let counted: Elements<Counted> = get(net, account, &path).await?;
                if let Some(counted) = counted.elements.first() {
                    numbers.insert(metric, counted.count);
                }
            }
            return Ok(numbers);
        };
        let kind = if is_share { "shares" } else { "ugcPosts" };
        let path = format!(
            "/rest/organizationalEntityShareStatistics?q=organizationalEntity&organizationalEntity={}&{kind}=List({})",
            encode(page),
            encode(&urn)
        );
        // A post that nobody has seen yet is left out.
        let shares: Elements<Shares> = get(net, account, &path).await?;
        for share in shares.elements {
            let totals = share.total_share_statistics;
            for (metric, number) in [
                (Metric::Impressions, totals.impressions),
                (Metric::Reach, totals.reach),
                (Metric::Clicks, totals.clicks),
                (Metric::Likes, totals.likes),
                (Metric::Comments, totals.comments),
                (Metric::Shares, totals.shares),
            ] {
                if let Some(number) = number {
                    numbers.insert(metric, number);
                }
            }
        }
        Ok(numbers)
    }

    async fn account(&self, net: &Net, account: &Account) -> Result<Numbers, NetworkError> {
        let followers = if let Some(page) = page(account) {
            let path = format!(
                "/rest/networkSizes/{}?edgeType=COMPANY_FOLLOWED_BY_MEMBER",
                encode(page)
            );
            let size: Size = get(net, account, &path).await?;
            Some(size.first_degree_size)
        } else {
            let path = "/rest/memberFollowersCount?q=me";
            let followed: Elements<Followed> = get(net, account, path).await?;
            followed
                .elements
                .first()
                .map(|followed| followed.member_followers_count)
        };
        Ok(followers
            .map(|followers| (Metric::Followers, followers))
            .into_iter()
            .collect())
    }
}
