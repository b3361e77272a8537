//! Quotes, as docs.joinmastodon.org/client/quotes and /methods/statuses#quotes describe them (since
//! Mastodon 4.5).

use std::time::Duration;

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde_json::{Value, json};

use super::{
    Net,
    entity::View,
    refusal,
    state::{Memory, Status},
};
use crate::kit::{Actor, Answer, Here, Params, Refusal};

const POLICIES: [&str; 3] = ["public", "followers", "nobody"];
/// How long a stranger's instance takes to accept a quote.
const APPROVED_AFTER: Duration = Duration::from_mins(1);

/// The policy of a status: what was asked for, unless not everybody sees it.
pub(super) fn policy(asked: Option<&str>, visibility: &str) -> Answer<String> {
    let asked = asked.unwrap_or("public");
    if !POLICIES.contains(&asked) {
        return Err(refusal::invalid(
            "Quote approval policy is not included in the list",
        ));
    }
    let is_open = matches!(visibility, "public" | "unlisted");
    Ok(if is_open { asked } else { "nobody" }.to_owned())
}

/// docs.joinmastodon.org/entities/QuoteApproval. Nobody follows anybody here.
pub(super) fn approval(status: &Status, who: Option<&str>) -> Value {
    let automatic: &[&str] = match status.quote_policy.as_str() {
        "nobody" => &[],
        policy => &[policy],
    };
    json!({
        "automatic": automatic,
        "manual": [],
        "current_user": if may_quote(status, who) { "automatic" } else { "denied" },
    })
}

fn may_quote(status: &Status, who: Option<&str>) -> bool {
    let own = who == Some(status.account.as_str()) && status.visibility != "direct";
    own || status.quote_policy == "public"
}

fn not_found() -> Refusal {
    let words = "The post you are trying to quote does not appear to exist.";
    refusal::new(StatusCode::NOT_FOUND, words)
}

/// Looks whether `status`, which is about to be published, may quote what it quotes, and makes it
/// as private as that.
pub(super) fn check(net: &Net, state: &Memory, status: &mut Status) -> Answer<()> {
    let Some(id) = &status.quoted else {
        return Ok(());
    };
    if !status.media.is_empty() || status.poll.is_some() {
        return Err(refusal::invalid(
            "Cannot attach media or a poll to a post that quotes another",
        ));
    }
    let Some(quoted) = state.statuses.get(id) else {
        let known = state.stranger(id, net.now()).is_some();
        return if known { Ok(()) } else { Err(not_found()) };
    };
    // Mastodon tells what may not be quoted as what is not there.
    if !quoted.is_seen_by(Some(&status.account)) || !may_quote(quoted, Some(&status.account)) {
        return Err(not_found());
    }
    let mentions = status.text.contains(&format!("@{}", quoted.account));
    if status.visibility == "direct" && quoted.account != status.account && !mentions {
        return Err(refusal::invalid(
            "Cannot quote a non-mentioned user in a Private Mention post.",
        ));
    }
    if quoted.visibility == "private" && status.visibility != "direct" {
        "private".clone_into(&mut status.visibility);
    }
    Ok(())
}

impl Memory {
    /// docs.joinmastodon.org/entities/Quote
    pub(super) fn quote(&self, status: &Status, view: &View<'_>) -> Value {
        let Some(id) = &status.quoted else {
            return Value::Null;
        };
        let (state, shown) = if let Some(quoted) = self.statuses.get(id) {
            ("accepted", self.shallow(quoted, view))
        } else if let Some((below, answer)) = self.stranger(id, view.now) {
            if view.now.since(status.created_at) < APPROVED_AFTER {
                ("pending", Value::Null)
            } else {
                ("accepted", Self::stranger_entity(below, &answer))
            }
        } else {
            ("deleted", Value::Null)
        };
        json!({ "state": state, "quoted_status": shown })
    }

    /// The statuses that quote this one, the oldest first.
    pub(super) fn quoting(&self, id: &str) -> impl Iterator<Item = &Status> {
        let quotes = move |status: &&Status| status.quoted.as_deref() == Some(id);
        self.statuses.values().filter(quotes)
    }
}

/// `GET /api/v1/statuses/:id/quotes`.
pub(super) async fn list(
    State(net): State<Net>,
    here: Here,
    actor: Actor,
    Path(id): Path<String>,
) -> Answer<Json<Value>> {
    actor.require("read:statuses")?;
    let state = net.memory();
    let view = View::of(&net, &here, &actor);
    state.seen(&id, &view)?;
    let mut quoting: Vec<_> = state
        .quoting(&id)
        .filter(|status| status.is_seen_by(view.who))
        .map(|status| state.status_entity(status, &view))
        .collect();
    quoting.reverse();
    Ok(Json(json!(quoting)))
}

/// `PUT /api/v1/statuses/:id/interaction_policy`.
pub(super) async fn change_policy(
    State(net): State<Net>,
    here: Here,
    actor: Actor,
    Path(id): Path<String>,
    params: Params,
) -> Answer<Json<Value>> {
    actor.require("write:statuses")?;
    let mut state = net.memory();
    let status = state
        .statuses
        .get_mut(&id)
        .filter(|status| status.account == actor.account())
        .ok_or_else(refusal::not_found)?;
    status.quote_policy = policy(params.get("quote_approval_policy"), &status.visibility)?;
    let status = status.clone();
    Ok(Json(
        state.status_entity(&status, &View::of(&net, &here, &actor)),
    ))
}
