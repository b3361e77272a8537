//! How apps are let in: get-started/get-access-tokens-and-permissions, /long-lived-tokens and
//! troubleshooting/debug-access-token.

use axum::{Json, extract::State, http::HeaderMap};
use serde_json::{Value, json};

use super::{Net, actor, refusal, user_id};
use crate::kit::{
    Answer, Params, Site,
    oauth::{ClientAuth, Exchange, Issued, OAuth, Pkce},
};

/// A short token works for an hour, a long one for 60 days and is renewed by itself.
const SHORT: u64 = 3_600;
const LONG: u64 = 60 * 86_400;

pub(super) const OAUTH: OAuth = OAuth {
    authorize: &["/oauth/authorize"],
    token: &["/oauth/access_token"],
    revoke: &[],
    separator: ',',
    scopes: &[
        ("threads_basic", "See your profile and your posts"),
        ("threads_content_publish", "Publish posts for you"),
        ("threads_read_replies", "Read the replies to your posts"),
        ("threads_manage_replies", "Reply, and hide replies"),
        ("threads_manage_insights", "See the numbers of your posts"),
        ("threads_delete", "Delete your posts"),
        ("threads_location_tagging", "Name places in your posts"),
        ("threads_manage_mentions", "See who mentions you"),
        ("threads_keyword_search", "Search public posts"),
        ("threads_profile_discovery", "See public profiles"),
    ],
    pkce: Pkce::Ignored,
    client_auth: &[ClientAuth::Body],
    access_seconds: Some(SHORT),
    exchanges: &[
        Exchange {
            path: "/access_token",
            grant_type: "th_exchange_token",
            parameter: "access_token",
            seconds: LONG,
            needs_secret: true,
        },
        Exchange {
            path: "/refresh_access_token",
            grant_type: "th_refresh_token",
            parameter: "access_token",
            seconds: LONG,
            needs_secret: false,
        },
    ],
    approve: "Continue",
    answer,
    refuse: refusal::oauth,
    ..OAuth::RFC
};

/// The answer to a code names the person; that to a swap says how long the token works.
fn answer(_: &Site, issued: &Issued) -> Value {
    if issued.expires_in == Some(SHORT) {
        let id: u64 = user_id(&issued.token.account).parse().unwrap_or_default();
        return json!({ "access_token": issued.access_token, "user_id": id });
    }
    json!({
        "access_token": issued.access_token,
        "token_type": "bearer",
        "expires_in": issued.expires_in,
    })
}

/// `GET /debug_token?input_token=…`
pub(super) async fn debug(
    State(net): State<Net>,
    headers: HeaderMap,
    params: Params,
) -> Answer<Json<Value>> {
    actor(&net, &headers, &params)?;
    let token = params
        .get("input_token")
        .ok_or_else(|| refusal::invalid("The parameter input_token is required"))?;
    let found = net.oauth().token(token, net.now()).cloned();
    let Ok(token) = found else {
        return Ok(Json(json!({ "data": { "is_valid": false, "scopes": [] } })));
    };
    Ok(Json(json!({ "data": {
        "type": "USER",
        "application": token.app_name,
        "is_valid": true,
        "issued_at": net.now().as_seconds(),
        "expires_at": token.expires_at.map(kernel::Timestamp::as_seconds),
        "scopes": token.scopes,
        "user_id": user_id(&token.account),
    } })))
}
