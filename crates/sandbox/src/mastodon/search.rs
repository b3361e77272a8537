//! The search, as docs.joinmastodon.org/methods/search describes it. It looks through the posts of
//! whoever asks, as an instance with a search index does, and knows every post by its address.

use axum::{Json, extract::State};
use serde_json::{Value, json};

use super::{
    Net,
    entity::View,
    is_true,
    state::{Memory, stranger_url},
    text,
};
use crate::kit::{Actor, Answer, Here, Params, people};

/// `GET /api/v2/search`.
pub(super) async fn v2(
    State(net): State<Net>,
    here: Here,
    actor: Actor,
    params: Params,
) -> Answer<Json<Value>> {
    actor.require("read:search")?;
    let state = net.memory();
    let view = View::of(&net, &here, &actor);
    let sought = params.get("q").unwrap_or_default().trim();
    let kind = params.get("type");
    let limit = params.get("limit").and_then(|text| text.parse().ok());
    let limit: usize = limit.unwrap_or(20).min(40);
    let list = |name: &str, found: Vec<Value>| {
        let wanted = kind.is_none_or(|kind| kind == name) && !sought.is_empty();
        let all = if wanted { found } else { Vec::new() };
        json!(all.into_iter().take(limit).collect::<Vec<_>>())
    };
    let is_address = sought.starts_with("https://") || sought.starts_with("http://");
    let statuses = if is_address {
        let resolves = is_true(params.get("resolve"));
        by_address(&state, sought, resolves, &view)
    } else {
        by_words(&state, sought, &view)
    };
    let word = sought.trim_start_matches(['@', '#']).to_lowercase();
    Ok(Json(json!({
        "accounts": list("accounts", accounts(&state, &word, &view)),
        "statuses": list("statuses", statuses),
        "hashtags": list("hashtags", hashtags(&state, &word, &here)),
    })))
}

/// The status at an address of this instance, or of one that a stranger is on.
fn by_address(state: &Memory, address: &str, resolves: bool, view: &View<'_>) -> Vec<Value> {
    let address = address.split(['?', '#']).next().unwrap_or(address);
    let id = address.rsplit('/').next().unwrap_or_default();
    if let Some(status) = state.statuses.get(id) {
        let entity = state.status_entity(status, view);
        let is_it = entity["url"] == address || entity["uri"] == address;
        let seen = is_it && status.is_seen_by(view.who);
        return if seen { vec![entity] } else { Vec::new() };
    }
    let stranger = resolves.then(|| state.stranger(id, view.now)).flatten();
    stranger
        .filter(|(_, answer)| stranger_url(answer) == address)
        .map(|(below, answer)| Memory::stranger_entity(below, &answer))
        .into_iter()
        .collect()
}

fn by_words(state: &Memory, words: &str, view: &View<'_>) -> Vec<Value> {
    let words = words.to_lowercase();
    let own = state.statuses.values().rev().filter(|status| {
        view.who == Some(status.account.as_str()) && status.text.to_lowercase().contains(&words)
    });
    own.map(|status| state.status_entity(status, view))
        .collect()
}

fn accounts(state: &Memory, word: &str, view: &View<'_>) -> Vec<Value> {
    let known = people::ACCOUNTS.iter().map(|account| account.username);
    known
        .filter(|name| name.contains(word))
        .map(|name| state.account_entity(name, view.now, view.here))
        .collect()
}

fn hashtags(state: &Memory, word: &str, here: &Here) -> Vec<Value> {
    let mut names: Vec<_> = state
        .statuses
        .values()
        .flat_map(|status| text::hashtags(&status.text))
        .filter(|name| name.contains(word))
        .collect();
    names.sort();
    names.dedup();
    let tag = |name: String| json!({ "name": name, "url": format!("{}/tags/{name}", here.origin), "history": [] });
    names.into_iter().map(tag).collect()
}
