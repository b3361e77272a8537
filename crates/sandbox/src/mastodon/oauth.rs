//! Apps and tokens, as docs.joinmastodon.org/methods/oauth and /methods/apps describe them.

use axum::{Json, extract::State};
use serde_json::{Value, json};
use url::Url;

use super::{Net, refusal, state};
use crate::kit::{
    Answer, Params, Site,
    oauth::{self, App, Issued, Method, OAuth, Pkce},
};

/// The scopes that there are, as far as publishing needs any.
pub(super) const SCOPES: [&str; 10] = [
    "read",
    "profile",
    "read:accounts",
    "read:search",
    "read:statuses",
    "write",
    "write:accounts",
    "write:media",
    "write:statuses",
    "follow",
];

/// Mastodon's OAuth: tokens never end, and nobody can untick a scope.
pub(super) const OAUTH: OAuth = OAuth {
    scopes: &[
        ("read", "Read everything of your account"),
        ("profile", "Read only your profile"),
        ("read:accounts", "See account information"),
        ("read:search", "Search for you"),
        ("read:statuses", "See all posts"),
        ("write", "Change everything of your account"),
        ("write:accounts", "Change your profile"),
        ("write:media", "Upload media files"),
        ("write:statuses", "Publish posts"),
        ("follow", "Change whom you follow"),
    ],
    nested_scopes: true,
    pkce: Pkce::Optional(&[Method::S256]),
    access_seconds: None,
    any_account: true,
    unticks: false,
    approve: "Approve",
    answer,
    refuse: refusal::oauth,
    ..OAuth::RFC
};

fn answer(site: &Site, issued: &Issued) -> Value {
    let mut answer = oauth::rfc_answer(site, issued);
    answer["created_at"] = json!(site.now().as_seconds());
    answer
}

/// `POST /api/v1/apps`.
pub(super) async fn register(State(net): State<Net>, params: Params) -> Answer<Json<Value>> {
    let blank = |name| refusal::invalid(format!("{name} can't be blank"));
    let name = params
        .get("client_name")
        .ok_or_else(|| blank("client_name"))?
        .to_owned();
    let redirect_uris: Vec<String> = params
        .all("redirect_uris")
        .iter()
        .flat_map(|uris| uris.split_whitespace())
        .map(str::to_owned)
        .collect();
    if redirect_uris.is_empty() {
        return Err(blank("redirect_uris"));
    }
    if redirect_uris.iter().any(|uri| Url::parse(uri).is_err()) {
        return Err(refusal::invalid("Redirect URI must be an absolute URI."));
    }
    let scopes: Vec<String> = params
        .get("scopes")
        .unwrap_or("read")
        .split_whitespace()
        .map(str::to_owned)
        .collect();
    if !scopes.iter().all(|scope| SCOPES.contains(&scope.as_str())) {
        return Err(refusal::invalid(
            "Scopes doesn't match configured on the server.",
        ));
    }
    let (client_id, secret) = (net.secret(), net.secret());
    let answer = json!({
        "id": state::next_id(&net),
        "name": name,
        "website": params.get("website"),
        "scopes": scopes,
        "redirect_uri": redirect_uris.join("\n"),
        "redirect_uris": redirect_uris,
        "client_id": client_id,
        "client_secret": secret,
        "client_secret_expires_at": 0,
    });
    let app = App {
        name,
        secret,
        redirect_uris,
        scopes,
    };
    net.oauth().apps.insert(client_id, app);
    Ok(Json(answer))
}
