//! Facebook Login: *Manually build a login flow* and *Long-lived access tokens*.

use axum::http::StatusCode;
use serde_json::{Value, json};

use super::GraphError;
use crate::kit::{
    Refusal, Site,
    oauth::{ClientAuth, Error, Exchange, Issued, OAuth, Pkce},
};

/// Seconds of a short-lived user token: "expiring in hours".
const SHORT: u64 = 2 * 3_600;
/// Seconds of a long-lived one: "about 60 days".
const LONG: u64 = 60 * 86_400;

/// How Facebook and Instagram let apps in, but for the scopes.
pub(crate) const OAUTH: OAuth = OAuth {
    authorize: &["/{version}/dialog/oauth"],
    token: &["/{version}/oauth/access_token"],
    // Access ends by `DELETE /{user}/permissions`.
    revoke: &[],
    separator: ',',
    pkce: Pkce::Ignored,
    client_auth: &[ClientAuth::Body],
    access_seconds: Some(SHORT),
    exchanges: &[Exchange {
        path: "/{version}/oauth/access_token",
        grant_type: "fb_exchange_token",
        parameter: "fb_exchange_token",
        seconds: LONG,
        needs_secret: true,
    }],
    chooses_companies: true,
    approve: "Continue",
    answer,
    refuse,
    ..OAuth::RFC
};

fn answer(_: &Site, issued: &Issued) -> Value {
    let mut answer = json!({ "access_token": issued.access_token, "token_type": "bearer" });
    if let Some(seconds) = issued.expires_in {
        answer["expires_in"] = json!(seconds);
    }
    answer
}

fn refuse(site: &Site, error: Error) -> Refusal {
    match error {
        Error::InvalidClient => GraphError::new(1, "Error validating client secret."),
        Error::InvalidCode => {
            GraphError::new(100, "This authorization code has been used.").subcode(36_009)
        }
        Error::RedirectMismatch => GraphError::new(
            100,
            "Error validating verification code. Please make sure your redirect_uri is identical to the one you used in the OAuth dialog request",
        )
        .subcode(36_008),
        Error::InvalidAccessToken | Error::InvalidRefreshToken => {
            GraphError::new(190, "Invalid OAuth access token - Cannot parse access token")
        }
        Error::Missing(name) => GraphError::new(100, format!("Missing {name} parameter.")),
        Error::ProofFailed | Error::InvalidScope | Error::UnsupportedGrantType => {
            GraphError::new(100, "Invalid request.").status(StatusCode::BAD_REQUEST)
        }
    }
    .at(site)
}
