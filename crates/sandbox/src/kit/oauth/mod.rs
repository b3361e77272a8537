//! OAuth 2.0: the authorisation code grant of RFC 6749 with the proof of RFC 7636, refresh and
//! revocation. Where networks differ, the difference is data: [`OAuth`].
//!
//! Every network knows the app `sandbox-app` with the secret `sandbox-secret`, which may send
//! people back to any address; Mastodon registers others.

mod authorize;
mod store;
mod token;

use axum::{Json, Router, http::StatusCode, routing::get};
use serde_json::{Value, json};

pub(crate) use authorize::Consent;
pub(crate) use store::{App, Issued, Store, Token};

use super::{Refusal, Site};

/// How a network lets apps in.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "networks differ in each of them on its own"
)]
pub(crate) struct OAuth {
    /// Where the consent page is, under the network's base.
    pub(crate) authorize: &'static [&'static str],
    /// Where codes and refresh tokens are redeemed, by POST and by GET.
    pub(crate) token: &'static [&'static str],
    /// Where tokens are revoked, by POST, as RFC 7009 has it.
    pub(crate) revoke: &'static [&'static str],
    /// What the parameter with the client's id is called.
    pub(crate) client_id: &'static str,
    /// What stands between scopes.
    pub(crate) separator: char,
    /// The scopes there are, with the words of the consent page.
    pub(crate) scopes: &'static [(&'static str, &'static str)],
    /// Scopes that include others, as `write` includes `write:media` on Mastodon.
    pub(crate) nested_scopes: bool,
    /// Whether a proof by RFC 7636 is wanted.
    pub(crate) pkce: Pkce,
    /// How a client may prove who it is.
    pub(crate) client_auth: &'static [ClientAuth],
    /// How long an access token works, in seconds; `None`: for ever.
    pub(crate) access_seconds: Option<u64>,
    /// Refresh tokens, where the network has them.
    pub(crate) refresh: Option<Refresh>,
    /// How access tokens are swapped for such that live longer.
    pub(crate) exchanges: &'static [Exchange],
    /// Whether the person also chooses among the pages and companies that he manages.
    pub(crate) chooses_companies: bool,
    /// Whether any name will do for an account, as on an instance that lets everybody in.
    pub(crate) any_account: bool,
    /// Whether single scopes can be unticked on the consent page.
    pub(crate) unticks: bool,
    /// What the button of the consent page says.
    pub(crate) approve: &'static str,
    /// The name under which the granted scopes come back with the code, where they do.
    pub(crate) granted: Option<&'static str>,
    /// The answer of the token endpoint.
    pub(crate) answer: fn(&Site, &Issued) -> Value,
    /// The refusal of the token endpoint.
    pub(crate) refuse: fn(&Site, Error) -> Refusal,
}

impl OAuth {
    /// By the letter of the RFCs. Networks say `..OAuth::RFC` and name where they deviate.
    pub(crate) const RFC: Self = Self {
        authorize: &["/oauth/authorize"],
        token: &["/oauth/token"],
        revoke: &["/oauth/revoke"],
        client_id: "client_id",
        separator: ' ',
        scopes: &[],
        nested_scopes: false,
        pkce: Pkce::Optional(&[Method::S256]),
        client_auth: &[ClientAuth::Basic, ClientAuth::Body],
        access_seconds: Some(3_600),
        refresh: None,
        exchanges: &[],
        chooses_companies: false,
        any_account: false,
        unticks: true,
        approve: "Allow",
        granted: None,
        answer: rfc_answer,
        refuse: rfc_refusal,
    };

    /// Whether `granted` has `wanted`.
    pub(crate) fn covers(&self, granted: &[String], wanted: &str) -> bool {
        let whole = wanted.split(':').next().unwrap_or(wanted);
        granted
            .iter()
            .any(|scope| scope == wanted || (self.nested_scopes && scope == whole))
    }

    fn split(&self, scopes: &str) -> Vec<String> {
        let mut list: Vec<String> = scopes
            .split([self.separator, ' '])
            .filter(|scope| !scope.is_empty())
            .map(str::to_owned)
            .collect();
        list.sort();
        list.dedup();
        list
    }

    /// Scopes as the network writes them in a row.
    pub(crate) fn join(&self, scopes: &[String]) -> String {
        scopes.join(&self.separator.to_string())
    }
}

/// Whether the proof of RFC 7636 is wanted, and by which methods.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Pkce {
    /// The parameters are ignored.
    Ignored,
    /// Checked if it is begun.
    Optional(&'static [Method]),
    /// Nothing goes without.
    Required(&'static [Method]),
}

/// How the challenge is made from the verifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Method {
    /// SHA-256 in URL-safe Base64, by the RFC.
    S256,
    /// The verifier itself, by the RFC.
    Plain,
    /// SHA-256 in hexadecimal under the name `S256`, as TikTok has it for desktop apps.
    HexS256,
}

/// How a client proves who it is (RFC 6749 §2.3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ClientAuth {
    /// `Authorization: Basic`.
    Basic,
    /// `client_secret` among the parameters.
    Body,
    /// Not at all: a public client with a proof by RFC 7636.
    Public,
}

/// Refresh tokens.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Refresh {
    /// How long one works, in seconds; `None`: until it is revoked.
    pub(crate) seconds: Option<u64>,
    /// Whether each use gives a new one and ends the old one.
    pub(crate) rotates: bool,
    /// Whether this consent earns one: by its parameters and the granted scopes.
    pub(crate) earned: fn(&Consent, &[String]) -> bool,
}

/// A grant that swaps a living access token for one that lives longer, as Meta's networks have.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Exchange {
    /// Where, by GET and POST. It may be one of the token addresses.
    pub(crate) path: &'static str,
    /// The value of `grant_type`, such as `fb_exchange_token`.
    pub(crate) grant_type: &'static str,
    /// The parameter with the access token.
    pub(crate) parameter: &'static str,
    /// How long the new one works, in seconds.
    pub(crate) seconds: u64,
    /// Whether the app's secret is asked for.
    pub(crate) needs_secret: bool,
}

/// What the token endpoint refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Error {
    /// No such client, or a wrong secret.
    InvalidClient,
    /// The code is unknown, too old, or was used.
    InvalidCode,
    /// Another address than the one that consent was asked with.
    RedirectMismatch,
    /// The verifier does not fit the challenge.
    ProofFailed,
    /// The refresh token is unknown, too old, or was replaced.
    InvalidRefreshToken,
    /// The access token that shall be exchanged is unknown or too old.
    InvalidAccessToken,
    /// A scope that is unknown, or that the app may not ask for.
    InvalidScope,
    /// Something is missing: the name of a parameter.
    Missing(&'static str),
    /// Another `grant_type` than those there are.
    UnsupportedGrantType,
}

impl Error {
    /// The code and the words of RFC 6749 §5.2.
    pub(crate) const fn rfc(self) -> (StatusCode, &'static str, &'static str) {
        let bad = StatusCode::BAD_REQUEST;
        match self {
            Self::InvalidClient => (
                StatusCode::UNAUTHORIZED,
                "invalid_client",
                "Client authentication failed.",
            ),
            Self::InvalidCode => (
                bad,
                "invalid_grant",
                "The authorization code is invalid, expired or was used already.",
            ),
            Self::RedirectMismatch => (
                bad,
                "invalid_grant",
                "The redirect URI does not match the one of the authorization request.",
            ),
            Self::ProofFailed => (
                bad,
                "invalid_grant",
                "The code verifier does not match the code challenge.",
            ),
            Self::InvalidRefreshToken => (
                bad,
                "invalid_grant",
                "The refresh token is invalid, expired or revoked.",
            ),
            Self::InvalidAccessToken => (
                bad,
                "invalid_grant",
                "The access token is invalid, expired or revoked.",
            ),
            Self::InvalidScope => (bad, "invalid_scope", "The requested scope is invalid."),
            Self::Missing(_) => (bad, "invalid_request", "A parameter is missing."),
            Self::UnsupportedGrantType => (
                bad,
                "unsupported_grant_type",
                "The authorization grant type is not supported.",
            ),
        }
    }
}

/// RFC 6749 §5.1.
pub(crate) fn rfc_answer(site: &Site, issued: &Issued) -> Value {
    let mut answer = json!({
        "access_token": issued.access_token,
        "token_type": "Bearer",
        "scope": site.profile.oauth.join(&issued.token.scopes),
    });
    if let Some(seconds) = issued.expires_in {
        answer["expires_in"] = json!(seconds);
    }
    if let Some(refresh) = &issued.refresh_token {
        answer["refresh_token"] = json!(refresh);
    }
    answer
}

/// RFC 6749 §5.2.
pub(crate) fn rfc_refusal(_: &Site, error: Error) -> Refusal {
    let (status, code, words) = error.rfc();
    let words = match error {
        Error::Missing(name) => format!("The parameter {name} is missing."),
        _ => words.to_owned(),
    };
    let body = Json(json!({ "error": code, "error_description": words }));
    Refusal::new(status, body).header("cache-control", "no-store")
}

/// The network's addresses of OAuth.
pub(crate) fn routes(site: &Site) -> Router {
    let oauth = &site.profile.oauth;
    let mut router = Router::new();
    for path in oauth.authorize {
        router = router.route(path, get(authorize::page).post(authorize::decide));
    }
    let mut exchanges: Vec<_> = oauth.exchanges.iter().map(|swap| swap.path).collect();
    exchanges.extend(oauth.token);
    exchanges.sort_unstable();
    exchanges.dedup();
    for path in exchanges {
        router = router.route(path, get(token::token).post(token::token));
    }
    for path in oauth.revoke {
        router = router.route(path, axum::routing::post(token::revoke));
    }
    router.with_state(site.clone())
}
