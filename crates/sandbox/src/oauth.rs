//! Apps, consent and tokens, as docs.joinmastodon.org/methods/oauth describes them.

use std::{collections::BTreeSet, sync::Arc, time::Duration};

use axum::{
    Json,
    extract::{Query, State},
    http::StatusCode,
    response::{Html, IntoResponse, Redirect, Response},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::Url;

use crate::{
    answer::Refusal,
    pages,
    params::{Origin, Params},
    state::{App, Grant, Sandbox, Token},
};

/// The scopes that there are, as far as publishing needs any.
pub(crate) const SCOPES: [&str; 9] = [
    "profile",
    "read",
    "read:accounts",
    "read:statuses",
    "write",
    "write:accounts",
    "write:media",
    "write:statuses",
    "follow",
];
/// Where the code is shown instead of sent.
const OUT_OF_BAND: &str = "urn:ietf:wg:oauth:2.0:oob";
/// How long an authorisation code may be redeemed.
const CODE_LIFETIME: Duration = Duration::from_mins(10);

fn scopes(text: &str) -> BTreeSet<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

fn joined(scopes: &BTreeSet<String>) -> String {
    scopes
        .iter()
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(" ")
}

fn invalid_grant() -> Refusal {
    Refusal::oauth(
        StatusCode::BAD_REQUEST,
        "invalid_grant",
        "The provided authorization grant is invalid, expired, revoked, does not match the redirection URI \
         used in the authorization request, or was issued to another client.",
    )
}

fn invalid_client() -> Refusal {
    Refusal::oauth(
        StatusCode::UNAUTHORIZED,
        "invalid_client",
        "Client authentication failed due to unknown client, no client authentication included, or \
         unsupported authentication method.",
    )
}

/// `POST /api/v1/apps`.
pub(crate) async fn register(
    State(sandbox): State<Arc<Sandbox>>,
    params: Params,
) -> Result<Json<Value>, Refusal> {
    let name = params.require("client_name")?.to_owned();
    params
        .require("redirect_uris")
        .or_else(|refusal| params.get("redirect_uris[]").ok_or(refusal))?;
    let redirect_uris: Vec<String> = params
        .all("redirect_uris")
        .iter()
        .flat_map(|uris| {
            uris.split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>()
        })
        .collect();
    if redirect_uris
        .iter()
        .any(|uri| uri != OUT_OF_BAND && Url::parse(uri).is_err())
    {
        return Err(Refusal::invalid("Redirect URI must be an absolute URI."));
    }
    let scopes = scopes(params.get("scopes").unwrap_or("read"));
    if !scopes.iter().all(|scope| SCOPES.contains(&scope.as_str())) {
        return Err(Refusal::invalid(
            "Scopes doesn't match configured on the server.",
        ));
    }
    let (client_id, secret) = (sandbox.secret(), sandbox.secret());
    let mut state = sandbox.state();
    let answer = json!({
        "id": state.next_id(),
        "name": name,
        "website": params.get("website"),
        "scopes": scopes,
        "redirect_uri": redirect_uris.join("\n"),
        "redirect_uris": redirect_uris,
        "client_id": client_id,
        "client_secret": secret,
        "client_secret_expires_at": 0,
    });
    state.apps.insert(
        client_id,
        App {
            name,
            secret,
            redirect_uris,
            scopes,
        },
    );
    Ok(Json(answer))
}

/// What an app asks the person for.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Consent {
    pub(crate) client_id: String,
    pub(crate) redirect_uri: String,
    #[serde(default)]
    pub(crate) response_type: String,
    #[serde(default)]
    pub(crate) scope: Option<String>,
    #[serde(default)]
    pub(crate) state: Option<String>,
    #[serde(default)]
    pub(crate) code_challenge: Option<String>,
    #[serde(default)]
    pub(crate) code_challenge_method: Option<String>,
}

impl Consent {
    /// The app that asks, if it may ask for this.
    fn check(&self, sandbox: &Sandbox) -> Result<(App, BTreeSet<String>), Refusal> {
        let app = sandbox
            .state()
            .apps
            .get(&self.client_id)
            .cloned()
            .ok_or_else(invalid_client)?;
        let refuse = |error, words| Err(Refusal::oauth(StatusCode::BAD_REQUEST, error, words));
        if !app.redirect_uris.contains(&self.redirect_uri) {
            return refuse("invalid_request", "The redirect uri included is not valid.");
        }
        if self.response_type != "code" {
            return refuse(
                "unsupported_response_type",
                "The authorization server does not support this response type.",
            );
        }
        let scopes = scopes(self.scope.as_deref().unwrap_or("read"));
        if !scopes.is_subset(&app.scopes) {
            return refuse(
                "invalid_scope",
                "The requested scope is invalid, unknown, or malformed.",
            );
        }
        if self.code_challenge.is_some() && self.code_challenge_method.as_deref() != Some("S256") {
            return refuse("invalid_request", "The code challenge method must be S256.");
        }
        Ok((app, scopes))
    }

    fn redirect(&self, pairs: &[(&str, &str)]) -> Result<Response, Refusal> {
        let mut url = Url::parse(&self.redirect_uri).map_err(|_| invalid_grant())?;
        url.query_pairs_mut().extend_pairs(pairs);
        if let Some(state) = &self.state {
            url.query_pairs_mut().append_pair("state", state);
        }
        Ok(Redirect::to(url.as_str()).into_response())
    }
}

/// `GET /oauth/authorize`: the page that asks the person.
pub(crate) async fn consent(
    State(sandbox): State<Arc<Sandbox>>,
    origin: Origin,
    Query(consent): Query<Consent>,
) -> Result<Html<String>, Refusal> {
    let (app, scopes) = consent.check(&sandbox)?;
    Ok(pages::consent(&origin, &app, &joined(&scopes)))
}

/// `POST /oauth/authorize`: the person's answer, from the page's form.
pub(crate) async fn decide(
    State(sandbox): State<Arc<Sandbox>>,
    Query(consent): Query<Consent>,
    form: Params,
) -> Result<Response, Refusal> {
    let (_, scopes) = consent.check(&sandbox)?;
    if form.get("decision") != Some("approve") {
        return consent.redirect(&[
            ("error", "access_denied"),
            (
                "error_description",
                "The resource owner or authorization server denied the request.",
            ),
        ]);
    }
    let account = form.get("account").unwrap_or("demo");
    let well_formed = |c: char| c.is_ascii_alphanumeric() || c == '_';
    if account.len() > 30 || !account.chars().all(well_formed) {
        return Err(Refusal::invalid(
            "Username must contain only letters, numbers and underscores",
        ));
    }
    let code = sandbox.secret();
    let grant = Grant {
        client_id: consent.client_id.clone(),
        redirect_uri: consent.redirect_uri.clone(),
        scopes,
        challenge: consent
            .code_challenge
            .clone()
            .filter(|_| !sandbox.config.old),
        account: account.to_ascii_lowercase(),
        issued_at: sandbox.now(),
    };
    sandbox.state().grants.insert(code.clone(), grant);
    if consent.redirect_uri == OUT_OF_BAND {
        return Ok(pages::code(&code).into_response());
    }
    consent.redirect(&[("code", &code)])
}

/// `POST /oauth/token`.
pub(crate) async fn token(
    State(sandbox): State<Arc<Sandbox>>,
    params: Params,
) -> Result<Json<Value>, Refusal> {
    let client_id = params.get("client_id").ok_or_else(invalid_client)?;
    let app = sandbox
        .state()
        .apps
        .get(client_id)
        .cloned()
        .ok_or_else(invalid_client)?;
    if params.get("client_secret") != Some(&app.secret) {
        return Err(invalid_client());
    }
    let scopes = match params.get("grant_type") {
        Some("client_credentials") => scopes(params.get("scope").unwrap_or("read")),
        Some("authorization_code") => {
            let code = params.get("code").ok_or_else(invalid_grant)?;
            // Taken out whatever comes next: a code that was tried is spent.
            let grant = sandbox
                .state()
                .grants
                .remove(code)
                .ok_or_else(invalid_grant)?;
            let token = sandbox.secret();
            let scopes = redeem(&sandbox, &grant, client_id, &params)?;
            sandbox.state().tokens.insert(
                token.clone(),
                Token {
                    account: grant.account,
                    client_id: client_id.to_owned(),
                    app_name: app.name,
                    scopes: scopes.clone(),
                },
            );
            return Ok(answer(&sandbox, &token, &scopes));
        }
        _ => {
            return Err(Refusal::oauth(
                StatusCode::BAD_REQUEST,
                "unsupported_grant_type",
                "The authorization grant type is not supported by the authorization server.",
            ));
        }
    };
    if !scopes.is_subset(&app.scopes) {
        return Err(Refusal::oauth(
            StatusCode::BAD_REQUEST,
            "invalid_scope",
            "The requested scope is invalid, unknown, or malformed.",
        ));
    }
    // An app's own token opens nothing that the sandbox has, so it need not be remembered.
    Ok(answer(&sandbox, &sandbox.secret(), &scopes))
}

fn answer(sandbox: &Sandbox, token: &str, scopes: &BTreeSet<String>) -> Json<Value> {
    Json(json!({
        "access_token": token,
        "token_type": "Bearer",
        "scope": joined(scopes),
        "created_at": sandbox.now().as_seconds(),
    }))
}

fn redeem(
    sandbox: &Sandbox,
    grant: &Grant,
    client_id: &str,
    params: &Params,
) -> Result<BTreeSet<String>, Refusal> {
    let in_time = sandbox.now().since(grant.issued_at) <= CODE_LIFETIME;
    let same_client = grant.client_id == client_id;
    let same_redirect = params.get("redirect_uri") == Some(&grant.redirect_uri);
    // RFC 7636 §4.6.
    let proven = match &grant.challenge {
        None => true,
        Some(challenge) => params.get("code_verifier").is_some_and(|verifier| {
            BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes())) == *challenge
        }),
    };
    if in_time && same_client && same_redirect && proven {
        Ok(grant.scopes.clone())
    } else {
        Err(invalid_grant())
    }
}

/// `POST /oauth/revoke`.
pub(crate) async fn revoke(
    State(sandbox): State<Arc<Sandbox>>,
    params: Params,
) -> Result<Json<Value>, Refusal> {
    let refusal = || {
        Refusal::oauth(
            StatusCode::FORBIDDEN,
            "unauthorized_client",
            "You are not authorized to revoke this token",
        )
    };
    let (client_id, token) = (
        params.get("client_id").ok_or_else(refusal)?,
        params.get("token").ok_or_else(refusal)?,
    );
    let mut state = sandbox.state();
    let secret = state.apps.get(client_id).map(|app| app.secret.clone());
    let owner = state.tokens.get(token).map(|token| token.client_id.clone());
    if secret.as_deref() != params.get("client_secret")
        || owner.is_some_and(|owner| owner != client_id)
    {
        return Err(refusal());
    }
    state.tokens.remove(token);
    Ok(Json(json!({})))
}
