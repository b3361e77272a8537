//! Accounts, as docs.joinmastodon.org/methods/accounts describes them.

use axum::{
    Json,
    extract::{Path, Query, State},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Net, entity::View, refusal, state::account_id};
use crate::kit::{Actor, Answer, Here, people};

/// `GET /api/v1/accounts/verify_credentials`.
pub(super) async fn verify_credentials(
    State(net): State<Net>,
    here: Here,
    actor: Actor,
) -> Answer<Json<Value>> {
    if !actor.may("profile") {
        actor.require("read:accounts")?;
    }
    let mut account = net
        .memory()
        .account_entity(actor.account(), net.now(), &here);
    account["source"] = json!({
        "privacy": "public",
        "sensitive": false,
        "language": null,
        "quote_policy": "public",
        "indexable": true,
        "hide_collections": false,
        "attribution_domains": [],
        "note": "",
        "fields": [],
        "follow_requests_count": 0,
    });
    Ok(Json(account))
}

/// `GET /api/v1/accounts/:id`: those of the sandbox, and whoever has published.
pub(super) async fn show(
    State(net): State<Net>,
    here: Here,
    Path(id): Path<String>,
) -> Answer<Json<Value>> {
    let state = net.memory();
    let known = people::ACCOUNTS.iter().map(|account| account.username);
    let name = state
        .statuses
        .values()
        .map(|status| status.account.as_str())
        .chain(known)
        .find(|name| account_id(name) == id)
        .ok_or_else(refusal::not_found)?;
    Ok(Json(state.account_entity(name, net.now(), &here)))
}

/// How a list of statuses is narrowed.
#[derive(Debug, Deserialize)]
pub(super) struct Paging {
    max_id: Option<String>,
    since_id: Option<String>,
    limit: Option<usize>,
}

/// `GET /api/v1/accounts/:id/statuses`: the newest first, 20 unless asked for more, 40 at most.
pub(super) async fn statuses(
    State(net): State<Net>,
    here: Here,
    actor: Actor,
    Path(id): Path<String>,
    Query(paging): Query<Paging>,
) -> Answer<Json<Value>> {
    actor.require("read:statuses")?;
    let state = net.memory();
    let view = View::of(&net, &here, &actor);
    let statuses: Vec<_> = state
        .statuses
        .values()
        .rev()
        .filter(|status| account_id(&status.account) == id && status.is_seen_by(view.who))
        .filter(|status| paging.max_id.as_ref().is_none_or(|max| status.id < *max))
        .filter(|status| {
            paging
                .since_id
                .as_ref()
                .is_none_or(|since| status.id > *since)
        })
        .take(paging.limit.unwrap_or(20).min(40))
        .map(|status| state.status_entity(status, &view))
        .collect();
    Ok(Json(json!(statuses)))
}
