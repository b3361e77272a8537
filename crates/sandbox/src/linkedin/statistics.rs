//! Numbers of posts: marketing/community-management/organizations/share-statistics and
//! …/members/post-statistics.

use axum::{Json, extract::State};
use serde_json::{Value, json};

use super::{
    Net, refusal,
    state::{self, Memory, Post},
};
use crate::kit::{Actor, Answer, Params, insights::Insights};

/// The URN inside `List(…)`, decoded.
fn listed(text: &str) -> Vec<&str> {
    text.strip_prefix("List(")
        .and_then(|inner| inner.strip_suffix(')'))
        .map_or_else(Vec::new, |inner| inner.split(',').collect())
}

fn numbers(net: &Net, post: &Post) -> Insights {
    Memory::exposure(post, net).insights(net.now())
}

fn totals(numbers: &Insights) -> Value {
    json!({
        "impressionCount": numbers.impressions,
        "uniqueImpressionsCount": numbers.reach,
        "clickCount": numbers.clicks,
        "likeCount": numbers.likes,
        "commentCount": numbers.comments,
        "shareCount": numbers.shares,
        "engagement": 0.04,
    })
}

/// `GET /rest/organizationalEntityShareStatistics`: of single posts, or of the page.
pub(super) async fn of_page(
    State(net): State<Net>,
    actor: Actor,
    params: Params,
) -> Answer<Json<Value>> {
    if !actor.may("rw_organization_admin") {
        return Err(refusal::denied(
            "organizationalEntityShareStatistics.FINDER-organizationalEntity.20260901",
        ));
    }
    let page = params.get("organizationalEntity").unwrap_or_default();
    if params.get("q") != Some("organizationalEntity") || page.is_empty() {
        return Err(refusal::bad(
            "PARAM_INVALID",
            "q must be organizationalEntity",
        ));
    }
    let memory = net.memory();
    let posts = memory
        .posts
        .values()
        .filter(|post| state::urn(&post.account) == page);
    let (shares, ugc) = (params.get("shares"), params.get("ugcPosts"));
    let elements: Vec<_> = if shares.is_some() || ugc.is_some() {
        let mut wanted = listed(shares.unwrap_or_default());
        wanted.extend(listed(ugc.unwrap_or_default()));
        posts
            .filter(|post| wanted.contains(&post.urn.as_str()))
            .map(|post| (post, numbers(&net, post)))
            // Posts with no actions or impressions are not included.
            .filter(|(_, numbers)| numbers.impressions > 0)
            .map(|(post, numbers)| {
                let kind = if post.urn.starts_with("urn:li:share:") {
                    "share"
                } else {
                    "ugcPost"
                };
                json!({
                    "organizationalEntity": page,
                    kind: post.urn,
                    "totalShareStatistics": totals(&numbers),
                })
            })
            .collect()
    } else {
        let mut all = Insights::default();
        for post in posts {
            let one = numbers(&net, post);
            all.impressions += one.impressions;
            all.reach += one.reach;
            all.clicks += one.clicks;
            all.likes += one.likes;
            all.comments += one.comments;
            all.shares += one.shares;
        }
        vec![json!({ "organizationalEntity": page, "totalShareStatistics": totals(&all) })]
    };
    Ok(Json(json!({
        "paging": { "start": 0, "count": 10, "links": [] },
        "elements": elements,
    })))
}

/// `GET /rest/memberCreatorPostAnalytics?q=entity`: one number at a time.
pub(super) async fn of_member(
    State(net): State<Net>,
    actor: Actor,
    params: Params,
) -> Answer<Json<Value>> {
    if !actor.may("r_member_postAnalytics") {
        return Err(refusal::denied(
            "memberCreatorPostAnalytics.FINDER-entity.20260901",
        ));
    }
    let entity = params.get("entity").unwrap_or_default();
    let urn = entity
        .trim_start_matches('(')
        .trim_end_matches(')')
        .split_once(':')
        .filter(|(kind, _)| ["share", "ugc"].contains(kind))
        .map(|(_, urn)| urn);
    let (Some("entity"), Some(urn)) = (params.get("q"), urn) else {
        return Err(refusal::bad("PARAM_INVALID", "entity is not well-formed"));
    };
    let total_only = ["MEMBERS_REACHED", "LINK_CLICKS"];
    let word = params.get("queryType").unwrap_or_default();
    let aggregation = params.get("aggregation").unwrap_or_default();
    if aggregation != "TOTAL" && (aggregation != "DAILY" || total_only.contains(&word)) {
        return Err(refusal::bad("PARAM_INVALID", "aggregation is not possible"));
    }
    let memory = net.memory();
    let post = memory
        .posts
        .get(urn)
        .filter(|post| post.account == actor.account());
    let Some(post) = post else {
        return Err(refusal::denied("the post, which belongs to somebody else"));
    };
    let numbers = numbers(&net, post);
    let count = match word {
        "IMPRESSION" => numbers.impressions,
        "MEMBERS_REACHED" => numbers.reach,
        "RESHARE" => numbers.shares,
        "REACTION" => numbers.likes,
        "COMMENT" => numbers.comments,
        "POST_SAVE" => numbers.saves,
        "POST_SEND" => numbers.shares / 2,
        "LINK_CLICKS" => numbers.clicks,
        _ => return Err(refusal::bad("PARAM_INVALID", "queryType is not known")),
    };
    Ok(Json(json!({
        "paging": { "start": 0, "count": 10, "links": [] },
        "elements": [{ "count": count, "metricType": word, "targetEntity": { "share": urn } }],
    })))
}
