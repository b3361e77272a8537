//! Connecting a channel: developers.google.com/identity/protocols/oauth2/web-server (state of
//! November 2026) with PKCE (RFC 7636), and channels.list of the YouTube Data API.
//!
//! A person may untick any of the permissions; what was granted is in `scope` of the answer.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use kernel::Timestamp;
use reqwest::{Method, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use url::Url;

use super::{
    api::{self, NAME},
    channel::{self, Channel},
    error,
};
use crate::{
    Net, NetworkError, Platform,
    connector::{
        Account, AppRegistration, Callback, ConnectRequest, ConnectStep, Connection, Credentials,
        Standing,
    },
    error::{ConnectError, ConnectReason, ErrorKind},
    http::{Answer, Endpoint},
};

/// Uploads, changes, captions, playlists and comments.
pub(super) const MANAGE: &str = "https://www.googleapis.com/auth/youtube.force-ssl";
/// Watch time and shares.
pub(super) const ANALYTICS: &str = "https://www.googleapis.com/auth/yt-analytics.readonly";

const NO_APP: &str = "AllIN has no app registered with Google yet. Please ask your administrator to add one under Settings → Networks.";

/// Where Google gives tokens: not where it asks for consent.
const AUTH_HOST: &str = "accounts.google.com";
const TOKEN_HOST: &str = "oauth2.googleapis.com";

/// What an account is called with.
pub(super) struct Secret {
    pub(super) access_token: SecretString,
    refresh_token: SecretString,
    /// What the person granted, separated by spaces.
    pub(super) scope: String,
}

/// [`Secret`] as it is stored.
#[derive(Serialize, Deserialize)]
struct Stored {
    access_token: String,
    refresh_token: String,
    scope: String,
}

impl Secret {
    fn credentials(&self, expires_at: Option<Timestamp>) -> Credentials {
        let stored = Stored {
            access_token: self.access_token.expose_secret().to_owned(),
            refresh_token: self.refresh_token.expose_secret().to_owned(),
            scope: self.scope.clone(),
        };
        Credentials {
            secret: json!(stored).to_string().into(),
            expires_at,
        }
    }

    /// Whether the person granted `scope`.
    pub(super) fn may(&self, scope: &str) -> bool {
        self.scope.split(' ').any(|granted| granted == scope)
    }
}

/// The account's tokens.
pub(super) fn secret(account: &Account) -> Result<Secret, NetworkError> {
    let stored: Stored =
        serde_json::from_str(account.credentials.secret.expose_secret()).map_err(|_| {
            NetworkError::not_sent(
                ErrorKind::Reconnect,
                "This account's access is missing. Please connect the account again.",
                "the stored credentials can't be read",
            )
        })?;
    Ok(Secret {
        access_token: stored.access_token.into(),
        refresh_token: stored.refresh_token.into(),
        scope: stored.scope,
    })
}

/// What is kept between the redirect and the callback.
#[derive(Serialize, Deserialize)]
struct Pending {
    /// The PKCE verifier.
    verifier: String,
}

/// Makes the address of Google's consent page.
pub(super) fn connect(net: &Net, request: ConnectRequest) -> Result<ConnectStep, ConnectError> {
    let app = request.app.ok_or_else(|| {
        ConnectError::new(ConnectReason::AppNotAccepted, NO_APP, "no developer app")
    })?;
    let verifier = BASE64_URL_SAFE_NO_PAD.encode(net.env.bytes::<32>());
    let challenge = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(&verifier));
    let mut url = endpoint(net, "/o/oauth2/v2/auth")?;
    url.query_pairs_mut()
        .append_pair("response_type", "code")
        .append_pair("client_id", &app.client_id)
        .append_pair("redirect_uri", app.redirect_uri.as_str())
        .append_pair("scope", &format!("{MANAGE} {ANALYTICS}"))
        .append_pair("state", &request.state)
        .append_pair("code_challenge", &challenge)
        .append_pair("code_challenge_method", "S256")
        // A refresh token comes only with these two, and with the second also the choice between
        // the person's channels.
        .append_pair("access_type", "offline")
        .append_pair("prompt", "consent select_account");
    Ok(ConnectStep::Redirect {
        url,
        pending: json!(Pending { verifier }),
        app,
    })
}

/// Whether Google knows the app. It looks at the app before it looks at the code, which is none.
pub(super) async fn check_app(net: &Net, app: &AppRegistration) -> Result<(), ConnectError> {
    let form = [
        ("grant_type", "authorization_code"),
        ("code", "none"),
        ("client_id", &app.client_id),
        ("client_secret", &app.client_secret),
        ("redirect_uri", app.redirect_uri.as_str()),
    ];
    let answer = post(net, "/token", &form)
        .await
        .map_err(error::connecting)?;
    match error::token_code(&answer).as_str() {
        "invalid_grant" | "redirect_uri_mismatch" => Ok(()),
        _ => Err(error::connecting(error::parse_token_error(
            &answer,
            net.env.now(),
        ))),
    }
}

/// What Google answers for a code or a refresh token.
#[derive(Deserialize)]
struct Token {
    access_token: String,
    expires_in: i64,
    /// Only for a code.
    refresh_token: Option<String>,
    #[serde(default)]
    scope: String,
}

impl Token {
    fn expires_at(&self, now: Timestamp) -> Timestamp {
        Timestamp::from_micros(now.as_micros() + self.expires_in * 1_000_000)
    }
}

/// Redeems the code, and reads whose channel it is.
pub(super) async fn finish(net: &Net, callback: Callback) -> Result<Vec<Connection>, ConnectError> {
    let pending: Pending = serde_json::from_value(callback.pending)
        .map_err(|error| error::bad_answer(format!("pending: {error}")))?;
    let form = [
        ("grant_type", "authorization_code"),
        ("code", callback.code.expose_secret()),
        ("client_id", &callback.app.client_id),
        ("client_secret", &callback.app.client_secret),
        ("redirect_uri", callback.app.redirect_uri.as_str()),
        ("code_verifier", &pending.verifier),
    ];
    let token = token(net, &form).await.map_err(|error| {
        if error.kind == ErrorKind::Reconnect && error.detail.contains("invalid_grant") {
            return ConnectError::new(
                ConnectReason::Denied,
                "Google does not accept that consent any more. Please connect the channel again.",
                error.detail,
            );
        }
        error::connecting(error)
    })?;
    let expires_at = token.expires_at(net.env.now());
    let Some(refresh_token) = token.refresh_token else {
        return Err(error::bad_answer("the token's answer has no refresh_token"));
    };
    let secret = Secret {
        access_token: token.access_token.into(),
        refresh_token: refresh_token.into(),
        scope: token.scope,
    };
    if !secret.may(MANAGE) {
        return Err(ConnectError::new(
            ConnectReason::PermissionMissing,
            "AllIN needs the permission to manage your videos, which was not given. Please connect the channel again and leave that box ticked.",
            format!("granted: {}", secret.scope),
        ));
    }
    let credentials = secret.credentials(Some(expires_at));
    let channels = channel::list(net, &secret.access_token)
        .await
        .map_err(error::connecting)?;
    if channels.is_empty() {
        return Err(ConnectError::new(
            ConnectReason::NothingToConnect,
            "This Google account has no YouTube channel. Please create one on youtube.com, and connect it then.",
            "channels.list answered no item",
        ));
    }
    let server = server(net)?;
    let connection = |channel: Channel| {
        Ok(Connection {
            limits: channel.limits(),
            profile: channel.profile()?,
            server: server.clone(),
            credentials: credentials.clone(),
        })
    };
    channels.into_iter().map(connection).collect()
}

/// Where YouTube is.
pub(super) fn server(net: &Net) -> Result<Url, ConnectError> {
    api::data(net, "")
        .map_err(error::connecting)
        .and_then(|url| {
            url.join("/")
                .map_err(|error| error::bad_answer(error.to_string()))
        })
}

/// A new access token. Google keeps the refresh token as it is.
pub(super) async fn refresh(net: &Net, account: &Account) -> Result<Credentials, NetworkError> {
    let mut secret = secret(account)?;
    let app = account
        .app
        .as_ref()
        .ok_or_else(|| NetworkError::not_sent(ErrorKind::Refused, NO_APP, "no developer app"))?;
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", secret.refresh_token.expose_secret()),
        ("client_id", &app.client_id),
        ("client_secret", &app.client_secret),
    ];
    let token = token(net, &form).await?;
    let expires_at = token.expires_at(net.env.now());
    secret.access_token = token.access_token.into();
    if let Some(rotated) = token.refresh_token {
        secret.refresh_token = rotated.into();
    }
    Ok(secret.credentials(Some(expires_at)))
}

/// Withdraws the consent. A token that is withdrawn already is as good.
pub(super) async fn revoke(net: &Net, account: &Account) -> Result<(), NetworkError> {
    let secret = secret(account)?;
    let form = [("token", secret.refresh_token.expose_secret())];
    let answer = post(net, "/revoke", &form).await?;
    if answer.status.is_success() || answer.status == StatusCode::BAD_REQUEST {
        return Ok(());
    }
    Err(error::parse_token_error(&answer, net.env.now()))
}

/// Reads the channel, which proves that the token still works.
pub(super) async fn standing(net: &Net, account: &Account) -> Result<Standing, NetworkError> {
    let secret = secret(account)?;
    let channels = channel::list(net, &secret.access_token).await?;
    let channel = channels
        .into_iter()
        .find(|channel| channel.id == account.platform_account_id)
        .ok_or_else(|| {
            NetworkError::refused(
                ErrorKind::Reconnect,
                "The consent is for another channel now. Please connect this channel again.",
                "channels.list does not answer the account's channel",
            )
        })?;
    let limits = channel.limits();
    let profile = channel
        .profile()
        .map_err(|error| NetworkError::unknown(error.message, error.detail))?;
    Ok(Standing { profile, limits })
}

async fn token(net: &Net, form: &[(&str, &str)]) -> Result<Token, NetworkError> {
    let answer = post(net, "/token", form).await?;
    if !answer.status.is_success() {
        return Err(error::parse_token_error(&answer, net.env.now()));
    }
    answer
        .json()
        .map_err(|cause| error::unreadable(&answer, &cause))
}

async fn post(net: &Net, path: &str, form: &[(&str, &str)]) -> Result<Answer, NetworkError> {
    let failed = |error| NetworkError::transport(NAME, &error);
    let mut url = net
        .endpoint(Platform::Youtube, Endpoint::Auth, path)
        .map_err(failed)?;
    if url.host_str() == Some(AUTH_HOST) {
        url.set_host(Some(TOKEN_HOST)).map_err(error::address)?;
    }
    let request = net.request(Method::POST, url).map_err(failed)?.form(form);
    net.send(request).await.map_err(failed)
}

fn endpoint(net: &Net, path: &str) -> Result<Url, ConnectError> {
    net.endpoint(Platform::Youtube, Endpoint::Auth, path)
        .map_err(|error| ConnectError::transport(NAME, &error))
}
