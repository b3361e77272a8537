//! How apps are let in: developers.pinterest.com/docs/getting-started/set-up-authentication-and-authorization
//! and the operations `oauth/token` and `token/revoke`.

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode, header::AUTHORIZATION},
};
use serde_json::{Value, json};

use super::{Net, refusal};
use crate::kit::{
    Answer, Params, Site,
    oauth::{ClientAuth, Issued, OAuth, Pkce, Refresh},
};

/// 30 days; the refresh token 60, renewed with every use (continuous refresh).
pub(super) const OAUTH: OAuth = OAuth {
    authorize: &["/oauth"],
    token: &["/v5/oauth/token"],
    // It revokes nothing of people; see `revoke`.
    revoke: &[],
    separator: ',',
    scopes: &[
        ("user_accounts:read", "See your user accounts and followers"),
        (
            "boards:read",
            "See your public boards, including group boards you join",
        ),
        (
            "boards:write",
            "Create, update, or delete your public boards",
        ),
        ("pins:read", "See your public Pins"),
        ("pins:write", "Create, update, or delete your public Pins"),
        ("boards:read_secret", "See your secret boards"),
        (
            "boards:write_secret",
            "Create, update, or delete your secret boards",
        ),
        ("pins:read_secret", "See your secret Pins"),
        (
            "pins:write_secret",
            "Create, update, or delete your secret Pins",
        ),
        (
            "user_accounts:write",
            "Update your user accounts and followers",
        ),
    ],
    pkce: Pkce::Ignored,
    client_auth: &[ClientAuth::Basic],
    access_seconds: Some(30 * 86_400),
    refresh: Some(Refresh {
        seconds: Some(60 * 86_400),
        rotates: true,
        earned: |_, _| true,
    }),
    approve: "Give access",
    answer,
    refuse: refusal::oauth,
    ..OAuth::RFC
};

/// Schemas `OauthAccessTokenResponseCode` and `OauthAccessTokenResponseRefresh`.
fn answer(site: &Site, issued: &Issued) -> Value {
    let mut answer = json!({
        "response_type": "authorization_code",
        "access_token": issued.access_token,
        "token_type": "bearer",
        "expires_in": issued.expires_in,
        "scope": issued.token.scopes.join(" "),
    });
    if let (Some(token), Some(seconds)) = (&issued.refresh_token, issued.refresh_expires_in) {
        let lifetime = std::time::Duration::from_secs(seconds);
        answer["refresh_token"] = json!(token);
        answer["refresh_token_expires_in"] = json!(seconds);
        answer["refresh_token_expires_at"] = json!((site.now() + lifetime).as_seconds());
    }
    answer
}

/// `token/revoke`: "Only tokens issued for system users are currently supported."
pub(super) async fn revoke(
    State(net): State<Net>,
    headers: HeaderMap,
    params: Params,
) -> Answer<()> {
    let named = headers.contains_key(AUTHORIZATION);
    if !named {
        return Err(refusal::new(
            StatusCode::UNAUTHORIZED,
            2,
            "Authentication failed.",
        ));
    }
    if params.get("token").is_none() {
        return Err(refusal::oauth(
            &net,
            crate::kit::oauth::Error::Missing("token"),
        ));
    }
    Err(refusal::new(
        StatusCode::FORBIDDEN,
        29,
        "You are not permitted to access that resource.",
    ))
}
