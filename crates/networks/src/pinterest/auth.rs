//! Connecting an account: developers.pinterest.com/docs/getting-started/set-up-authentication-and-authorization
//! and the operations `oauth/token` and `user_account/get` of the OpenAPI 5.23.0.
//!
//! OAuth 2 with the operator's app, which proves itself by HTTP Basic; no PKCE. An access token
//! works for 30 days; a refresh token for 60, and every use gives a new one. Tokens of people
//! can't be revoked by the app (`token/revoke` takes those of system users alone): they remove
//! it on Pinterest, under Settings → Security → Connected apps.

use std::time::Duration;

use kernel::Timestamp;
use reqwest::{Method, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;

use super::{
    NAME,
    api::{call, read},
    error::{bad_answer, parse_connect_error, parse_refresh_error, unreadable},
};
use crate::{
    Platform,
    connector::{
        Account, AppRegistration, Callback, ConnectRequest, ConnectStep, Connection, Credentials,
        Profile, ProfileKind,
    },
    descriptor::Permission,
    error::{ConnectError, ConnectReason, ErrorKind, NetworkError},
    http::{Answer, Endpoint, Net, TransportError},
};

/// Pinterest wants all four of `boards` and `pins` for a Pin to be created.
pub(super) const PERMISSIONS: &[Permission] = &[
    permission(
        "user_accounts:read",
        "to show whose account it is, and its numbers",
    ),
    permission("boards:read", "to let you choose a board"),
    permission("boards:write", "to put Pins on your boards"),
    permission(
        "pins:read",
        "to find published Pins again, and to read their numbers",
    ),
    permission("pins:write", "to publish and delete Pins"),
];

const fn permission(scope: &'static str, why: &'static str) -> Permission {
    Permission {
        scope,
        why,
        required: true,
    }
}

/// What an account is called with.
#[derive(Serialize, Deserialize)]
struct Secret {
    access_token: String,
    refresh_token: String,
}

/// Schema `OauthAccessTokenResponseCode`, and that of a refresh.
#[derive(Deserialize)]
struct Tokens {
    access_token: String,
    refresh_token: String,
    expires_in: u64,
    #[serde(default)]
    scope: String,
}

impl Tokens {
    fn credentials(self, now: Timestamp) -> Credentials {
        let secret = Secret {
            access_token: self.access_token,
            refresh_token: self.refresh_token,
        };
        Credentials {
            secret: json!(secret).to_string().into(),
            expires_at: Some(now + Duration::from_secs(self.expires_in)),
        }
    }
}

fn secret(account: &Account) -> Result<Secret, NetworkError> {
    serde_json::from_str(account.credentials.secret.expose_secret()).map_err(|_| {
        NetworkError::not_sent(
            ErrorKind::Reconnect,
            "This account's access is missing. Please connect the account again.",
            "the stored credentials can't be read",
        )
    })
}

/// The account's access token.
pub(super) fn token(account: &Account) -> Result<SecretString, NetworkError> {
    Ok(secret(account)?.access_token.into())
}

/// Pinterest's own address, or the operator's.
pub(super) fn server(net: &Net) -> Result<Url, ConnectError> {
    endpoint(net, Endpoint::Api, "/")
}

fn endpoint(net: &Net, endpoint: Endpoint, path: &str) -> Result<Url, ConnectError> {
    net.endpoint(Platform::Pinterest, endpoint, path)
        .map_err(|error| ConnectError::transport(NAME, &error))
}

/// Redeems a code that nobody was given: an app that Pinterest does not know is refused for that
/// reason before.
pub(super) async fn check_app(net: &Net, app: &AppRegistration) -> Result<(), ConnectError> {
    let form = [
        ("grant_type", "authorization_code"),
        ("code", "allin-tests-the-app"),
        ("redirect_uri", app.redirect_uri.as_str()),
    ];
    let answer = token_request(net, app, &form)
        .await
        .map_err(|error| ConnectError::transport(NAME, &error))?;
    match answer.status {
        StatusCode::UNAUTHORIZED => Err(ConnectError::new(
            ConnectReason::AppNotAccepted,
            "Pinterest does not know this app id and secret. Please compare both with your app at developers.pinterest.com/apps.",
            super::error::detail(&answer),
        )),
        StatusCode::TOO_MANY_REQUESTS => Err(parse_connect_error(&answer)),
        status if status.is_server_error() => Err(parse_connect_error(&answer)),
        _ => Ok(()),
    }
}

/// Makes the address of the consent page.
pub(super) fn connect(net: &Net, request: ConnectRequest) -> Result<ConnectStep, ConnectError> {
    let app = request.app.ok_or_else(|| {
        ConnectError::new(
            ConnectReason::AppNotAccepted,
            "Pinterest needs a developer app. Please ask your administrator to enter one under Settings → Networks.",
            "no app is configured",
        )
    })?;
    let scopes: Vec<_> = PERMISSIONS.iter().map(|one| one.scope).collect();
    let mut url = endpoint(net, Endpoint::Auth, "/oauth/")?;
    url.query_pairs_mut()
        .append_pair("client_id", &app.client_id)
        .append_pair("redirect_uri", request.redirect_uri.as_str())
        .append_pair("response_type", "code")
        .append_pair("scope", &scopes.join(","))
        .append_pair("state", &request.state);
    Ok(ConnectStep::Redirect {
        url,
        pending: Value::Null,
        app,
    })
}

/// Redeems the code, and reads whose account it is.
pub(super) async fn finish(net: &Net, callback: Callback) -> Result<Connection, ConnectError> {
    let app = &callback.app;
    let form = [
        ("grant_type", "authorization_code"),
        ("code", callback.code.expose_secret()),
        ("redirect_uri", app.redirect_uri.as_str()),
        // Apps made before 25 September 2025 get renewable tokens only when they ask for them.
        ("continuous_refresh", "true"),
    ];
    let failed = |error: TransportError| ConnectError::transport(NAME, &error);
    let answer = token_request(net, app, &form).await.map_err(failed)?;
    if !answer.status.is_success() {
        return Err(parse_connect_error(&answer));
    }
    let tokens: Tokens = answer
        .json()
        .map_err(|error| bad_answer(format!("token: {error}")))?;
    check_scopes(&tokens.scope)?;
    let url = endpoint(net, Endpoint::Api, "/v5/user_account")?;
    let request = net
        .request(Method::GET, url)
        .map_err(failed)?
        .bearer_auth(&tokens.access_token);
    let answer = net.send(request).await.map_err(failed)?;
    if !answer.status.is_success() {
        return Err(parse_connect_error(&answer));
    }
    let person: Person = answer
        .json()
        .map_err(|error| bad_answer(format!("account: {error}")))?;
    Ok(Connection {
        profile: person.profile(net).map_err(failed)?,
        server: server(net)?,
        credentials: tokens.credentials(net.env.now()),
        limits: Value::Null,
    })
}

/// What was granted may be less than what was asked for.
fn check_scopes(granted: &str) -> Result<(), ConnectError> {
    let granted: Vec<_> = granted.split([',', ' ']).collect();
    let missing: Vec<_> = PERMISSIONS
        .iter()
        .filter(|one| !granted.contains(&one.scope))
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let reasons: Vec<_> = missing.iter().map(|one| one.why).collect();
    Err(ConnectError::new(
        ConnectReason::PermissionMissing,
        format!(
            "AllIN was not given every permission that it needs on Pinterest: {}. Please connect again and allow everything that is asked for.",
            reasons.join("; ")
        ),
        format!("granted: {}", granted.join(" ")),
    ))
}

/// New tokens for the refresh token, which can be used once.
pub(super) async fn refresh(net: &Net, account: &Account) -> Result<Credentials, NetworkError> {
    let old = secret(account)?;
    let app = account.app.as_ref().ok_or_else(|| {
        NetworkError::not_sent(
            ErrorKind::Temporary,
            "Pinterest's developer app is not configured any more. Please ask your administrator to enter it under Settings → Networks.",
            "no app is configured",
        )
    })?;
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", old.refresh_token.as_str()),
    ];
    let answer = token_request(net, app, &form)
        .await
        .map_err(|error| NetworkError::transport(NAME, &error))?;
    let now = net.env.now();
    if !answer.status.is_success() {
        return Err(parse_refresh_error(&answer, now));
    }
    let tokens: Tokens = answer.json().map_err(|error| unreadable(&answer, &error))?;
    Ok(tokens.credentials(now))
}

/// `POST /v5/oauth/token`
async fn token_request(
    net: &Net,
    app: &AppRegistration,
    form: &[(&str, &str)],
) -> Result<Answer, TransportError> {
    let url = net.endpoint(Platform::Pinterest, Endpoint::Api, "/v5/oauth/token")?;
    let request = net
        .request(Method::POST, url)?
        .basic_auth(&app.client_id, Some(&app.client_secret))
        .form(form);
    net.send(request).await
}

/// Reads the profile, which proves that the token still works.
pub(super) async fn profile(net: &Net, account: &Account) -> Result<Profile, NetworkError> {
    let answer = call(net, account, Method::GET, "/user_account", |request| {
        request
    })
    .await?;
    let person: Person = read(net, &answer)?;
    person
        .profile(net)
        .map_err(|error| NetworkError::transport(NAME, &error))
}

/// Schema `Account`.
#[derive(Deserialize)]
struct Person {
    id: String,
    username: String,
    #[serde(default)]
    account_type: String,
    business_name: Option<String>,
    profile_image: Option<String>,
}

impl Person {
    fn profile(self, net: &Net) -> Result<Profile, TransportError> {
        let path = format!("/{}/", self.username);
        Ok(Profile {
            kind: if self.account_type == "BUSINESS" {
                ProfileKind::Business
            } else {
                ProfileKind::Person
            },
            profile_url: net.endpoint(Platform::Pinterest, Endpoint::Auth, &path)?,
            platform_account_id: self.id,
            display_name: self
                .business_name
                .filter(|name| !name.is_empty())
                .unwrap_or_else(|| self.username.clone()),
            avatar_url: self.profile_image.and_then(|image| Url::parse(&image).ok()),
            username: self.username,
        })
    }
}
