//! Connecting an account: developers.tiktok.com/doc/login-kit-web and
//! /doc/oauth-get-a-user-access-token (2 November 2026).
//!
//! An access token lasts two hours, a refresh token 180 days, and each refresh replaces the
//! refresh token: the old one stops working at once. A person may untick any permission.

use kernel::Timestamp;
use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;

use super::{
    api::{self, NAME},
    creator, error,
};
use crate::{
    Net, NetworkError, Platform,
    connector::{
        Account, AppRegistration, Callback, ConnectRequest, ConnectStep, Connection, Credentials,
        Profile, ProfileKind, Standing,
    },
    error::{ConnectError, ConnectReason, ErrorKind},
    http::Endpoint,
};

/// Name and picture.
pub(super) const BASIC: &str = "user.info.basic";
/// Publishing, and what the account may publish.
pub(super) const PUBLISH: &str = "video.publish";
/// The account's numbers.
pub(super) const STATS: &str = "user.info.stats";
/// The public videos and their numbers.
pub(super) const LIST: &str = "video.list";

const NO_APP: &str = "AllIN has no app registered with TikTok yet. Please ask your administrator to add one under Settings → Networks.";
const TOKEN: &str = "/v2/oauth/token/";

/// What an account is called with.
pub(super) struct Secret {
    pub(super) access_token: SecretString,
    refresh_token: SecretString,
    /// What the person granted, separated by commas.
    scope: String,
}

/// [`Secret`] as it is stored.
#[derive(Serialize, Deserialize)]
struct Stored {
    access_token: String,
    refresh_token: String,
    scope: String,
}

impl Secret {
    /// Whether the person granted `scope`.
    pub(super) fn may(&self, scope: &str) -> bool {
        self.scope.split(',').any(|granted| granted.trim() == scope)
    }

    fn credentials(&self, expires_at: Timestamp) -> Credentials {
        let stored = Stored {
            access_token: self.access_token.expose_secret().to_owned(),
            refresh_token: self.refresh_token.expose_secret().to_owned(),
            scope: self.scope.clone(),
        };
        Credentials {
            secret: json!(stored).to_string().into(),
            expires_at: Some(expires_at),
        }
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

/// The operator's app.
fn app(account: &Account) -> Result<&AppRegistration, NetworkError> {
    account
        .app
        .as_ref()
        .ok_or_else(|| NetworkError::not_sent(ErrorKind::Refused, NO_APP, "no developer app"))
}

/// Whether TikTok knows the app. It looks at the app before it looks at the code, which is none.
pub(super) async fn check_app(net: &Net, app: &AppRegistration) -> Result<(), ConnectError> {
    let form = [
        ("client_key", app.client_id.as_str()),
        ("client_secret", &app.client_secret),
        ("code", "none"),
        ("grant_type", "authorization_code"),
        ("redirect_uri", app.redirect_uri.as_str()),
    ];
    match token(net, &form).await {
        Err(error)
            if error.detail.contains("invalid_client")
                || error.detail.contains("unauthorized_client") =>
        {
            Err(error::connecting(error))
        }
        Err(error) if error.kind != ErrorKind::Reconnect => Err(error::connecting(error)),
        _ => Ok(()),
    }
}

/// Makes the address of TikTok's consent page. PKCE is for apps on phones and desktops alone.
pub(super) fn connect(net: &Net, request: ConnectRequest) -> Result<ConnectStep, ConnectError> {
    let app = request.app.ok_or_else(|| {
        ConnectError::new(ConnectReason::AppNotAccepted, NO_APP, "no developer app")
    })?;
    let mut url = net
        .endpoint(Platform::Tiktok, Endpoint::Auth, "/v2/auth/authorize/")
        .map_err(|error| ConnectError::transport(NAME, &error))?;
    url.query_pairs_mut()
        .append_pair("client_key", &app.client_id)
        .append_pair("response_type", "code")
        .append_pair("scope", &[BASIC, STATS, LIST, PUBLISH].join(","))
        .append_pair("redirect_uri", app.redirect_uri.as_str())
        .append_pair("state", &request.state)
        // Otherwise TikTok skips its page for who has agreed before, and another of his accounts
        // could never be connected.
        .append_pair("disable_auto_auth", "1");
    Ok(ConnectStep::Redirect {
        url,
        pending: Value::Null,
        app,
    })
}

/// What TikTok answers for a code or a refresh token.
#[derive(Deserialize)]
struct Token {
    access_token: String,
    expires_in: i64,
    refresh_token: String,
    open_id: String,
    #[serde(default)]
    scope: String,
}

impl Token {
    fn expires_at(&self, now: Timestamp) -> Timestamp {
        Timestamp::from_micros(now.as_micros() + self.expires_in * 1_000_000)
    }
}

async fn token(net: &Net, form: &[(&str, &str)]) -> Result<Token, NetworkError> {
    let url = api::method(net, TOKEN)?;
    let answer = api::send(net, Method::POST, url, |request| request.form(form)).await?;
    if let Some(error) = error::parse_token_error(&answer, net.env.now()) {
        return Err(error);
    }
    answer
        .json()
        .map_err(|cause| error::unreadable(&answer, &cause.to_string()))
}

/// Redeems the code, and reads whose account it is.
pub(super) async fn finish(net: &Net, callback: Callback) -> Result<Connection, ConnectError> {
    let form = [
        ("client_key", callback.app.client_id.as_str()),
        ("client_secret", &callback.app.client_secret),
        ("code", callback.code.expose_secret()),
        ("grant_type", "authorization_code"),
        ("redirect_uri", callback.app.redirect_uri.as_str()),
    ];
    let token = token(net, &form).await.map_err(error::connecting)?;
    let expires_at = token.expires_at(net.env.now());
    let secret = Secret {
        access_token: token.access_token.into(),
        refresh_token: token.refresh_token.into(),
        scope: token.scope,
    };
    if !secret.may(BASIC) || !secret.may(PUBLISH) {
        return Err(ConnectError::new(
            ConnectReason::PermissionMissing,
            "AllIN needs the permissions to read your profile and to publish, and one was not given. Please connect the account again and leave every permission ticked.",
            format!("granted: {}", secret.scope),
        ));
    }
    let Standing { profile, limits } = read(net, &secret, &token.open_id)
        .await
        .map_err(error::connecting)?;
    Ok(Connection {
        profile,
        server: server(net)?,
        credentials: secret.credentials(expires_at),
        limits,
    })
}

/// Where TikTok is.
pub(super) fn server(net: &Net) -> Result<Url, ConnectError> {
    api::method(net, "/").map_err(error::connecting)
}

/// New tokens, both of them.
pub(super) async fn refresh(net: &Net, account: &Account) -> Result<Credentials, NetworkError> {
    let mut secret = secret(account)?;
    let app = app(account)?;
    let form = [
        ("client_key", app.client_id.as_str()),
        ("client_secret", &app.client_secret),
        ("grant_type", "refresh_token"),
        ("refresh_token", secret.refresh_token.expose_secret()),
    ];
    let token = token(net, &form).await?;
    let expires_at = token.expires_at(net.env.now());
    secret.access_token = token.access_token.into();
    secret.refresh_token = token.refresh_token.into();
    if !token.scope.is_empty() {
        secret.scope = token.scope;
    }
    Ok(secret.credentials(expires_at))
}

/// Withdraws the consent: developers.tiktok.com/doc/oauth-revoke-a-user-access-token.
pub(super) async fn revoke(net: &Net, account: &Account) -> Result<(), NetworkError> {
    let secret = secret(account)?;
    let app = app(account)?;
    let form = [
        ("client_key", app.client_id.as_str()),
        ("client_secret", &app.client_secret),
        ("token", secret.access_token.expose_secret()),
    ];
    let url = api::method(net, "/v2/oauth/revoke/")?;
    let answer = api::send(net, Method::POST, url, |request| request.form(&form)).await?;
    match error::parse_token_error(&answer, net.env.now()) {
        // A token that is withdrawn already is as good.
        Some(error) if error.kind != ErrorKind::Reconnect => Err(error),
        _ => Ok(()),
    }
}

/// Reads the profile, which proves that the token still works.
pub(super) async fn standing(net: &Net, account: &Account) -> Result<Standing, NetworkError> {
    let secret = secret(account)?;
    read(net, &secret, &account.platform_account_id).await
}

/// `user/info`: developers.tiktok.com/doc/tiktok-api-v2-get-user-info.
#[derive(Deserialize)]
struct Data {
    user: User,
}

#[derive(Deserialize)]
struct User {
    #[serde(default)]
    display_name: String,
    avatar_url: Option<Url>,
}

async fn read(net: &Net, secret: &Secret, open_id: &str) -> Result<Standing, NetworkError> {
    let path = "/v2/user/info/?fields=open_id,avatar_url,display_name";
    let Data { user } = api::get(net, &secret.access_token, path).await?;
    let creator = creator::query(net, &secret.access_token).await?;
    let address = format!("https://www.tiktok.com/@{}", creator.creator_username);
    let profile_url = Url::parse(&address).map_err(|error| {
        NetworkError::unknown(
            "TikTok answered something that AllIN does not understand.",
            error.to_string(),
        )
    })?;
    let display_name = if user.display_name.is_empty() {
        creator.creator_username.clone()
    } else {
        user.display_name
    };
    let profile = Profile {
        kind: ProfileKind::Person,
        platform_account_id: open_id.to_owned(),
        username: creator.creator_username.clone(),
        display_name,
        avatar_url: user.avatar_url,
        profile_url,
    };
    Ok(Standing {
        profile,
        limits: creator.limits(),
    })
}
