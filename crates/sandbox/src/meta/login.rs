//! Who is logged in: `/me`, the pages he manages, his permissions; and what a token is.

use axum::{
    Json,
    extract::{Path, State},
};
use serde_json::{Value, json};

use super::{GraphError, fields, list};
use crate::kit::{
    Actor, Answer, Here, Params, Site,
    people::{self, Account, AccountKind},
};

/// A user token that works longer than this is a long-lived one.
const SHORT_LIVED: u64 = 86_400;

/// The id of a Page.
pub(crate) fn page_id(account: &Account) -> String {
    account.number("facebook", 15).to_string()
}

/// The id of an Instagram professional account.
pub(crate) fn instagram_id(account: &Account) -> String {
    format!("178414{:011}", account.number("instagram", 11))
}

/// The id of a person, as this app knows him.
pub(crate) fn person_id(account: &Account) -> String {
    account.number("facebook", 17).to_string()
}

/// The company of a Page's id.
pub(crate) fn page(id: &str) -> Option<&'static Account> {
    companies().find(|account| page_id(account) == id)
}

/// The company of an Instagram account's id.
pub(crate) fn instagram(id: &str) -> Option<&'static Account> {
    companies().find(|account| instagram_id(account) == id)
}

fn companies() -> impl Iterator<Item = &'static Account> {
    people::ACCOUNTS
        .iter()
        .filter(|account| account.kind == AccountKind::Company)
}

/// Whether the actor is a page, by its own token.
pub(crate) fn is_page(actor: &Actor) -> bool {
    people::find(actor.account()).is_some_and(|account| account.kind == AccountKind::Company)
}

/// Whether the actor may act for this company: by its own token, or as the person that gave it
/// to the app.
pub(crate) fn acts_for(actor: &Actor, company: &Account) -> bool {
    actor.account() == company.username
        || actor
            .token
            .companies
            .iter()
            .any(|name| name == company.username)
}

/// The Page as Graph shows it. With a user token the Page's own token is among its fields.
pub(crate) fn page_entity(
    site: &Site,
    actor: &Actor,
    company: &'static Account,
    here: &Here,
) -> Value {
    let avatar = format!("{}{}", here.origin, people::avatar_path(company.username));
    let instagram = json!({
        "id": instagram_id(company),
        "username": company.username,
        "name": company.name,
        "profile_picture_url": avatar,
    });
    // Without `instagram_basic` a Page does not tell which account is linked to it.
    let instagram = actor.may("instagram_basic").then_some(instagram);
    json!({
        "id": page_id(company),
        "name": company.name,
        "username": company.username,
        "category": "Local business",
        "category_list": [{ "id": "2500", "name": "Local business" }],
        "about": company.bio,
        "link": format!("{}/feed?account={}", here.base, company.username),
        "followers_count": company.followers,
        "fan_count": company.followers,
        "is_published": true,
        "picture": { "data": { "url": avatar, "width": 100, "height": 100, "is_silhouette": false } },
        "tasks": ["ANALYZE", "ADVERTISE", "MODERATE", "CREATE_CONTENT", "MANAGE"],
        "access_token": page_token(site, actor, company),
        "instagram_business_account": instagram,
    })
}

/// A Page's token lives as long as the user token it comes from; one that comes from a long-lived
/// user token does not expire (*Long-lived access tokens*).
fn page_token(site: &Site, actor: &Actor, company: &Account) -> Option<String> {
    if is_page(actor) {
        return None;
    }
    let left = actor
        .token
        .expires_at
        .map(|end| end.since(site.now()).as_secs());
    let mut token = actor.token.clone();
    company.username.clone_into(&mut token.account);
    let issued = site.issue(token, left.filter(|left| *left <= SHORT_LIVED));
    Some(issued.access_token)
}

/// `GET /me`, which is the person, or the Page where its token asks.
pub(crate) async fn me(
    State(site): State<Site>,
    here: Here,
    actor: Actor,
    params: Params,
) -> Answer<Json<Value>> {
    let Some(account) = people::find(actor.account()) else {
        return Err(GraphError::no_object("get", "me").at(&site));
    };
    let entity = if is_page(&actor) {
        page_entity(&site, &actor, account, &here)
    } else {
        json!({ "id": person_id(account), "name": account.name })
    };
    let picked = fields::select(&entity, params.get("fields"), &["name", "id"]);
    picked.map(Json).map_err(|error| error.at(&site))
}

/// `GET /me/accounts`: the Pages that the person gave to the app. Empty without `pages_show_list`.
pub(crate) async fn accounts(
    State(site): State<Site>,
    Path(version): Path<String>,
    here: Here,
    actor: Actor,
    params: Params,
) -> Answer<Json<Value>> {
    let pages: Vec<Value> = companies()
        .filter(|company| actor.may("pages_show_list") && acts_for(&actor, company))
        .map(|company| page_entity(&site, &actor, company, &here))
        .collect();
    let defaults = [
        "access_token",
        "category",
        "category_list",
        "name",
        "id",
        "tasks",
    ];
    let path = format!("/{version}/me/accounts");
    let page = list::page(&here, &path, &params, &pages, &defaults);
    page.map(Json).map_err(|error| error.at(&site))
}

/// `GET /me/permissions`.
pub(crate) async fn permissions(State(site): State<Site>, actor: Actor) -> Json<Value> {
    let all = site.profile.oauth.scopes.iter().map(|(scope, _)| {
        let status = if actor.may(scope) {
            "granted"
        } else {
            "declined"
        };
        json!({ "permission": scope, "status": status })
    });
    Json(json!({ "data": all.collect::<Vec<_>>() }))
}

/// `DELETE /me/permissions`: the person takes the app's access away, that of all pages too.
pub(crate) async fn revoke(State(site): State<Site>, actor: Actor) -> Json<Value> {
    site.oauth().revoke_consent(actor.token.consent);
    Json(json!({ "success": true }))
}

/// `GET /debug_token`, asked with the app's own token `{id}|{secret}`.
pub(crate) async fn debug_token(State(site): State<Site>, params: Params) -> Answer<Json<Value>> {
    let asks = params
        .get("access_token")
        .and_then(|token| token.split_once('|'));
    let known = asks.is_some_and(|(id, secret)| {
        site.oauth()
            .apps
            .get(id)
            .is_some_and(|app| app.secret == secret)
    });
    if !known {
        let error = GraphError::new(190, "Invalid OAuth access token signature.");
        return Err(error.at(&site));
    }
    let token = params.get("input_token").unwrap_or_default();
    let now = site.now();
    let found = site.oauth().token(token, now).cloned();
    let Ok(token) = found else {
        return Ok(Json(json!({ "data": { "is_valid": false, "scopes": [] } })));
    };
    let account = people::find(&token.account);
    let company = account.filter(|account| account.kind == AccountKind::Company);
    let targets: Vec<String> = companies()
        .filter(|company| token.companies.iter().any(|name| name == company.username))
        .map(page_id)
        .collect();
    let granular = token.scopes.iter().map(|scope| {
        if scope.starts_with("pages_") {
            json!({ "scope": scope, "target_ids": targets })
        } else {
            json!({ "scope": scope })
        }
    });
    Ok(Json(json!({ "data": {
        "app_id": token.client_id,
        "application": token.app_name,
        "type": if company.is_some() { "PAGE" } else { "USER" },
        "is_valid": true,
        "expires_at": token.expires_at.map_or(0, kernel::Timestamp::as_seconds),
        "scopes": token.scopes,
        "granular_scopes": granular.collect::<Vec<_>>(),
        "profile_id": company.map(page_id),
    } })))
}
