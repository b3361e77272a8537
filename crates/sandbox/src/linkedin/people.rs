//! Who somebody is: consumer/integrations/self-serve/sign-in-with-linkedin-v2,
//! shared/integrations/people/profile-api, marketing/community-management/organizations/
//! organization-access-control-by-role and /organization-lookup-api.

use axum::{
    Json,
    extract::{Path, State},
};
use serde_json::{Value, json};

use super::{Net, refusal, state};
use crate::kit::{
    Actor, Answer, Here, Params, Trouble, insights,
    people::{self, AccountKind},
};

/// `GET /v2/userinfo`, by OpenID Connect.
pub(super) async fn userinfo(
    State(_): State<Net>,
    here: Here,
    actor: Actor,
) -> Answer<Json<Value>> {
    if !(actor.may("openid") && actor.may("profile")) {
        return Err(refusal::denied("userinfo.GET.NO_VERSION"));
    }
    let name = people::find(actor.account()).map_or("", |account| account.name);
    let (given, family) = name.split_once(' ').unwrap_or((name, ""));
    Ok(Json(json!({
        "sub": state::id(actor.account()),
        "name": name,
        "given_name": given,
        "family_name": family,
        "picture": format!("{}{}", here.origin, people::avatar_path(actor.account())),
        "locale": { "country": "US", "language": "en" },
    })))
}

/// `GET /v2/me`.
pub(super) async fn me(State(_): State<Net>, actor: Actor) -> Answer<Json<Value>> {
    if !actor.may("r_basicprofile") {
        return Err(refusal::denied("me.GET.NO_VERSION"));
    }
    let name = people::find(actor.account()).map_or("", |account| account.name);
    let (given, family) = name.split_once(' ').unwrap_or((name, ""));
    Ok(Json(json!({
        "id": state::id(actor.account()),
        "localizedFirstName": given,
        "localizedLastName": family,
        "localizedHeadline": people::find(actor.account()).map_or("", |account| account.bio),
        "vanityName": actor.account(),
    })))
}

/// `GET /rest/organizationAcls?q=roleAssignee`.
pub(super) async fn access(
    State(_): State<Net>,
    actor: Actor,
    params: Params,
) -> Answer<Json<Value>> {
    if !(actor.may("rw_organization_admin") || actor.may("r_organization_admin")) {
        return Err(refusal::denied(
            "organizationAcls.FINDER-roleAssignee.20260901",
        ));
    }
    if params.get("q") != Some("roleAssignee") {
        return Err(refusal::bad("PARAM_INVALID", "q must be roleAssignee"));
    }
    let companies = people::find(actor.account())
        .into_iter()
        .flat_map(people::Account::companies);
    let role = |role: &str| params.get("role").is_none_or(|wanted| wanted == role);
    let elements: Vec<_> = companies
        .filter(|_| role("ADMINISTRATOR"))
        .map(|company| {
            let urn = state::urn(company.username);
            json!({
                "role": "ADMINISTRATOR",
                "state": "APPROVED",
                "roleAssignee": state::urn(actor.account()),
                "organization": urn,
                "organizationTarget": urn,
            })
        })
        .collect();
    Ok(Json(json!({
        "paging": { "start": 0, "count": 100, "total": elements.len(), "links": [] },
        "elements": elements,
    })))
}

/// `GET /rest/organizations/{id}`.
pub(super) async fn organization(
    State(net): State<Net>,
    _: Actor,
    Path(id): Path<String>,
) -> Answer<Json<Value>> {
    let company = people::ACCOUNTS
        .iter()
        .find(|account| account.kind == AccountKind::Company && state::id(account.username) == id);
    let Some(company) = company else {
        return Err(net.refuse(&Trouble::NotFound));
    };
    Ok(Json(json!({
        "id": id.parse::<u64>().unwrap_or_default(),
        "localizedName": company.name,
        "localizedDescription": company.bio,
        "vanityName": company.username,
    })))
}

/// `GET /rest/networkSizes/{urn}?edgeType=COMPANY_FOLLOWED_BY_MEMBER`.
pub(super) async fn size(
    State(net): State<Net>,
    _: Actor,
    Path(urn): Path<String>,
    params: Params,
) -> Answer<Json<Value>> {
    if params.get("edgeType") != Some("COMPANY_FOLLOWED_BY_MEMBER") {
        return Err(refusal::bad("PARAM_INVALID", "edgeType is not known"));
    }
    let company = people::ACCOUNTS
        .iter()
        .find(|account| state::urn(account.username) == urn);
    match company {
        Some(company) => Ok(Json(json!({
            "firstDegreeSize": insights::followers(company.username, net.now()),
        }))),
        None => Err(net.refuse(&Trouble::NotFound)),
    }
}

/// `GET /rest/memberFollowersCount?q=me`.
pub(super) async fn followers(
    State(net): State<Net>,
    actor: Actor,
    params: Params,
) -> Answer<Json<Value>> {
    if !actor.may("r_member_profileAnalytics") {
        return Err(refusal::denied("memberFollowersCount.FINDER-me.20260901"));
    }
    if params.get("q") != Some("me") {
        return Err(refusal::bad("PARAM_INVALID", "q must be me"));
    }
    let count = insights::followers(actor.account(), net.now());
    Ok(Json(json!({
        "paging": { "start": 0, "count": 10, "links": [] },
        "elements": [{ "memberFollowersCount": count }],
    })))
}
