//! Accounts, as docs.joinmastodon.org/methods/accounts describes them.

use std::sync::Arc;

use axum::{
    Json,
    extract::{Path, Query, State},
};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::{
    answer::Refusal,
    params::{Actor, Origin},
    state::{Memory, Sandbox, account_id},
};

/// `GET /api/v1/accounts/verify_credentials`.
pub(crate) async fn verify_credentials(
    origin: Origin,
    actor: Actor,
) -> Result<Json<Value>, Refusal> {
    actor
        .require("profile")
        .or_else(|_| actor.require("read:accounts"))?;
    let mut account = Memory::account_entity(&actor.account, &origin);
    account["source"] = json!({ "privacy": "public", "sensitive": false, "language": null });
    Ok(Json(account))
}

/// How a list of statuses is narrowed.
#[derive(Debug, Deserialize)]
pub(crate) struct Paging {
    max_id: Option<String>,
    since_id: Option<String>,
    limit: Option<usize>,
}

/// `GET /api/v1/accounts/:id/statuses`: the newest first, 20 unless asked for more, 40 at most.
pub(crate) async fn statuses(
    State(sandbox): State<Arc<Sandbox>>,
    origin: Origin,
    actor: Actor,
    Path(id): Path<String>,
    Query(paging): Query<Paging>,
) -> Result<Json<Value>, Refusal> {
    actor.require("read:statuses")?;
    let state = sandbox.state();
    let statuses: Vec<_> = state
        .statuses
        .values()
        .rev()
        .filter(|status| account_id(&status.account) == id)
        .filter(|status| paging.max_id.as_ref().is_none_or(|max| status.id < *max))
        .filter(|status| {
            paging
                .since_id
                .as_ref()
                .is_none_or(|since| status.id > *since)
        })
        .take(paging.limit.unwrap_or(20).min(40))
        .map(|status| state.status_entity(status, &origin))
        .collect();
    Ok(Json(json!(statuses)))
}
