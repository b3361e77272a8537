//! The token endpoint (RFC 6749 §3.2) and revocation (RFC 7009).

use axum::{
    Json,
    extract::State,
    http::{HeaderMap, Uri, header::AUTHORIZATION},
    response::IntoResponse,
};
use base64::{
    Engine,
    prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD},
};
use serde_json::json;
use sha2::{Digest, Sha256};

use super::{
    ClientAuth, Error, Exchange, Method,
    store::{App, Grant, Issued},
};
use crate::kit::{Answer, Params, Site, webhooks::hex};

/// Redeems a code, a refresh token, or an access token for one that lives longer.
pub(super) async fn token(
    State(site): State<Site>,
    uri: Uri,
    headers: HeaderMap,
    params: Params,
) -> Answer {
    let issued = issue(&site, uri.path(), &headers, &params)
        .map_err(|error| (site.profile.oauth.refuse)(&site, error))?;
    let answer = (site.profile.oauth.answer)(&site, &issued);
    Ok(([("cache-control", "no-store")], Json(answer)).into_response())
}

fn issue(site: &Site, path: &str, headers: &HeaderMap, params: &Params) -> Result<Issued, Error> {
    let oauth = &site.profile.oauth;
    // Facebook's has no `grant_type` with a code.
    let grant_type = params
        .get("grant_type")
        .or_else(|| params.get("code").map(|_| "authorization_code"));
    let grant_type = grant_type.ok_or(Error::Missing("grant_type"))?;
    if let Some(exchange) = oauth
        .exchanges
        .iter()
        .find(|swap| swap.grant_type == grant_type && path.ends_with(last_segment(swap.path)))
    {
        return swap(site, exchange, headers, params);
    }
    let (client_id, app) = client(site, headers, params)?;
    match grant_type {
        "authorization_code" => {
            let code = params.get("code").ok_or(Error::Missing("code"))?;
            let now = site.now();
            // Taken whatever comes next: a code that was tried is spent.
            let grant = site.oauth().redeem(code, now).ok_or(Error::InvalidCode)?;
            check(&grant, &client_id, params)?;
            Ok(match oauth.refresh.filter(|_| grant.refresh) {
                Some(refresh) => site.issue_with_refresh(grant.token, refresh.seconds),
                None => site.issue(grant.token, oauth.access_seconds),
            })
        }
        "refresh_token" => {
            let refresh = oauth.refresh.ok_or(Error::UnsupportedGrantType)?;
            let old = params
                .get("refresh_token")
                .ok_or(Error::Missing("refresh_token"))?;
            let owner = site.oauth().consent_of(old);
            if owner.is_none_or(|(_, owner)| owner != client_id) {
                return Err(Error::InvalidRefreshToken);
            }
            let now = site.now();
            let token = site
                .oauth()
                .refresh(old, refresh.rotates, now)
                .ok_or(Error::InvalidRefreshToken)?;
            if refresh.rotates {
                return Ok(site.issue_with_refresh(token, refresh.seconds));
            }
            let left = token.expires_at.map(|end| end.since(now).as_secs());
            let mut issued = site.issue(token, oauth.access_seconds);
            issued.refresh_token = Some(old.to_owned());
            issued.refresh_expires_in = left;
            Ok(issued)
        }
        "client_credentials" => {
            let scopes = oauth.split(params.get("scope").unwrap_or_default());
            let covered =
                |scope: &String| app.scopes.is_empty() || oauth.covers(&app.scopes, scope);
            if !scopes.iter().all(covered) {
                return Err(Error::InvalidScope);
            }
            let client = (client_id, app.name);
            let token = super::Token::new(
                String::new(),
                client,
                scopes,
                Vec::new(),
                site.next_number(),
            );
            Ok(site.issue(token, oauth.access_seconds))
        }
        _ => Err(Error::UnsupportedGrantType),
    }
}

fn last_segment(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// The client that asks, if it can prove it.
fn client(site: &Site, headers: &HeaderMap, params: &Params) -> Result<(String, App), Error> {
    let oauth = &site.profile.oauth;
    let basic = headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Basic "))
        .and_then(|value| BASE64_STANDARD.decode(value).ok())
        .and_then(|value| String::from_utf8(value).ok());
    let by_header = basic
        .as_deref()
        .and_then(|pair| pair.split_once(':'))
        .map(|(id, secret)| (ClientAuth::Basic, id, Some(secret)));
    let by_body = params.get(oauth.client_id).map(|id| {
        let secret = params.get("client_secret");
        let way = if secret.is_some() {
            ClientAuth::Body
        } else {
            ClientAuth::Public
        };
        (way, id, secret)
    });
    let (way, id, secret) = by_header.or(by_body).ok_or(Error::InvalidClient)?;
    let app = site
        .oauth()
        .apps
        .get(id)
        .cloned()
        .ok_or(Error::InvalidClient)?;
    let proven = way == ClientAuth::Public || secret == Some(&app.secret);
    if oauth.client_auth.contains(&way) && proven {
        Ok((id.to_owned(), app))
    } else {
        Err(Error::InvalidClient)
    }
}

fn check(grant: &Grant, client_id: &str, params: &Params) -> Result<(), Error> {
    if grant.token.client_id != client_id {
        return Err(Error::InvalidCode);
    }
    if params.get("redirect_uri") != Some(&grant.redirect_uri) {
        return Err(Error::RedirectMismatch);
    }
    let Some((challenge, method)) = &grant.challenge else {
        return Ok(());
    };
    // RFC 7636 §4.6.
    let verifier = params.get("code_verifier").ok_or(Error::ProofFailed)?;
    let digest = Sha256::digest(verifier.as_bytes());
    let expected = match method {
        Method::Plain => verifier.to_owned(),
        Method::S256 => BASE64_URL_SAFE_NO_PAD.encode(digest),
        Method::HexS256 => hex(&digest),
    };
    if expected == *challenge {
        Ok(())
    } else {
        Err(Error::ProofFailed)
    }
}

fn swap(
    site: &Site,
    exchange: &Exchange,
    headers: &HeaderMap,
    params: &Params,
) -> Result<Issued, Error> {
    if exchange.needs_secret {
        // Instagram and Threads ask for the secret alone; Facebook for both.
        let secret_alone = params.get(site.profile.oauth.client_id).is_none()
            && params.get("client_secret") == Some("sandbox-secret");
        if !secret_alone {
            client(site, headers, params)?;
        }
    }
    let old = params
        .get(exchange.parameter)
        .ok_or(Error::Missing(exchange.parameter))?;
    let token = site
        .oauth()
        .token(old, site.now())
        .map_err(|_| Error::InvalidAccessToken)?
        .clone();
    Ok(site.issue(token, Some(exchange.seconds)))
}

/// RFC 7009: a token that is not known counts as revoked.
pub(super) async fn revoke(State(site): State<Site>, headers: HeaderMap, params: Params) -> Answer {
    let refuse = |error| (site.profile.oauth.refuse)(&site, error);
    let token = params
        .get("token")
        .ok_or_else(|| refuse(Error::Missing("token")))?;
    let owner = site.oauth().consent_of(token);
    // Google's takes the token alone; who has it may end it.
    let named =
        headers.contains_key(AUTHORIZATION) || params.get(site.profile.oauth.client_id).is_some();
    if named {
        let (client_id, _) = client(&site, &headers, &params).map_err(refuse)?;
        if owner.as_ref().is_some_and(|(_, owner)| *owner != client_id) {
            return Err(refuse(Error::InvalidClient));
        }
    }
    if let Some((consent, _)) = owner {
        site.oauth().revoke_consent(consent);
    }
    Ok(Json(json!({})).into_response())
}
