//! Connecting an account: docs.x.com/fundamentals/authentication/oauth-2-0/authorization-code and
//! …/user-access-token, state of November 2026.
//!
//! OAuth 2 with PKCE and the operator's app. An access token works for two hours; a refresh token
//! (scope `offline.access`) can be used once and gives a new pair. The consent page takes all
//! scopes or none.

use std::time::Duration;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use kernel::Timestamp;
use reqwest::{Method, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use url::Url;

use super::{
    NAME,
    error::{bad_answer, parse_connect_error, parse_error, parse_refresh_error, unreadable},
    get,
};
use crate::{
    Platform,
    connector::{
        Account, AppRegistration, Callback, ConnectRequest, ConnectStep, Connection, Credentials,
        Profile, ProfileKind, Standing,
    },
    descriptor::Permission,
    error::{ConnectError, ConnectReason, ErrorKind, NetworkError},
    http::{Answer, Endpoint, Net, TransportError},
};

/// The scopes that the OpenAPI 2.167 names for the operations that are called.
pub(super) const PERMISSIONS: &[Permission] = &[
    permission(
        "tweet.read",
        "to find published posts again, and to read their numbers",
        true,
    ),
    permission("tweet.write", "to publish and delete posts", true),
    permission(
        "users.read",
        "to show whose account it is, and its numbers",
        true,
    ),
    permission("media.write", "to upload images and videos", true),
    permission("offline.access", "to stay connected", true),
    permission("tweet.moderate.write", "to hide replies", false),
];

const fn permission(scope: &'static str, why: &'static str, required: bool) -> Permission {
    Permission {
        scope,
        why,
        required,
    }
}

/// What must be remembered between the redirect and the callback.
#[derive(Serialize, Deserialize)]
struct Pending {
    verifier: String,
}

/// What an account is called with.
#[derive(Serialize, Deserialize)]
struct Secret {
    access_token: String,
    refresh_token: String,
}

/// The answer of the token endpoint.
#[derive(Deserialize)]
struct Tokens {
    access_token: String,
    refresh_token: Option<String>,
    expires_in: u64,
    #[serde(default)]
    scope: String,
}

impl Tokens {
    /// `old` is the refresh token that was used, for an answer without a new one.
    fn credentials(self, now: Timestamp, old: Option<String>) -> Credentials {
        let secret = Secret {
            access_token: self.access_token,
            refresh_token: self.refresh_token.or(old).unwrap_or_default(),
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

/// The developer app that the account was connected with.
fn app(account: &Account) -> Result<&AppRegistration, NetworkError> {
    account.app.as_ref().ok_or_else(|| {
        NetworkError::not_sent(
            ErrorKind::Refused,
            "AllIN's developer app for X is missing. Please ask your administrator to enter it under Settings → Networks.",
            "no app is configured",
        )
    })
}

/// The account's access token.
pub(super) fn token(account: &Account) -> Result<SecretString, NetworkError> {
    Ok(secret(account)?.access_token.into())
}

/// X's own address, or the operator's.
pub(super) fn server(net: &Net) -> Result<Url, ConnectError> {
    endpoint(net, Endpoint::Api, "/")
}

fn endpoint(net: &Net, endpoint: Endpoint, path: &str) -> Result<Url, ConnectError> {
    net.endpoint(Platform::X, endpoint, path)
        .map_err(|error| ConnectError::transport(NAME, &error))
}

/// Makes the address of the consent page.
pub(super) fn connect(net: &Net, request: ConnectRequest) -> Result<ConnectStep, ConnectError> {
    let Some(app) = request.app else {
        return Err(ConnectError::new(
            ConnectReason::Unsupported,
            "X can't be connected yet: it needs a developer app. Please ask your administrator to enter one under Settings → Networks.",
            "no app is configured",
        ));
    };
    let scopes: Vec<_> = PERMISSIONS.iter().map(|one| one.scope).collect();
    let verifier = BASE64_URL_SAFE_NO_PAD.encode(net.env.bytes::<32>());
    let challenge = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()));
    let query: String = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([
            ("response_type", "code"),
            ("client_id", &app.client_id),
            ("redirect_uri", request.redirect_uri.as_str()),
            ("scope", &scopes.join(" ")),
            ("state", &request.state),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ])
        .finish();
    let mut url = endpoint(net, Endpoint::Auth, "/i/oauth2/authorize")?;
    // X asks for %20 between scopes, where forms have a plus sign.
    url.set_query(Some(&query.replace('+', "%20")));
    Ok(ConnectStep::Redirect {
        url,
        pending: json!(Pending { verifier }),
        app,
    })
}

/// Redeems the code, and reads whose account it is.
pub(super) async fn finish(net: &Net, callback: Callback) -> Result<Connection, ConnectError> {
    let app = &callback.app;
    let pending: Pending = serde_json::from_value(callback.pending)
        .map_err(|error| bad_answer(format!("what was kept of the request: {error}")))?;
    let form = [
        ("grant_type", "authorization_code"),
        ("code", callback.code.expose_secret()),
        ("redirect_uri", app.redirect_uri.as_str()),
        ("code_verifier", pending.verifier.as_str()),
    ];
    let failed = |error: TransportError| ConnectError::transport(NAME, &error);
    let answer = post(net, app, "/2/oauth2/token", &form)
        .await
        .map_err(failed)?;
    if !answer.status.is_success() {
        return Err(parse_connect_error(&answer));
    }
    let tokens: Tokens = answer
        .json()
        .map_err(|error| bad_answer(format!("token: {error}")))?;
    check_scopes(&tokens.scope)?;
    let url = endpoint(net, Endpoint::Api, &format!("/2/users/me?{ME}"))?;
    let request = net
        .request(Method::GET, url)
        .map_err(failed)?
        .bearer_auth(&tokens.access_token);
    let answer = net.send(request).await.map_err(failed)?;
    if !answer.status.is_success() {
        return Err(parse_connect_error(&answer));
    }
    let person: Me = answer
        .json()
        .map_err(|error| bad_answer(format!("account: {error}")))?;
    let Standing { profile, limits } = person.data.standing(net).map_err(failed)?;
    Ok(Connection {
        profile,
        server: server(net)?,
        credentials: tokens.credentials(net.env.now(), None),
        limits,
    })
}

/// What was granted may be less than what was asked for.
pub(super) fn check_scopes(granted: &str) -> Result<(), ConnectError> {
    let granted: Vec<_> = granted.split(' ').collect();
    let missing: Vec<_> = PERMISSIONS
        .iter()
        .filter(|one| one.required && !granted.contains(&one.scope))
        .map(|one| one.why)
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    Err(ConnectError::new(
        ConnectReason::PermissionMissing,
        format!(
            "AllIN was not given every permission that it needs on X: {}. Please connect again and allow everything that is asked for.",
            missing.join("; ")
        ),
        format!("granted: {}", granted.join(" ")),
    ))
}

/// New tokens for the refresh token, which can be used once.
pub(super) async fn refresh(net: &Net, account: &Account) -> Result<Credentials, NetworkError> {
    let old = secret(account)?;
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", old.refresh_token.as_str()),
    ];
    let answer = post(net, app(account)?, "/2/oauth2/token", &form)
        .await
        .map_err(|error| NetworkError::transport(NAME, &error))?;
    let now = net.env.now();
    if !answer.status.is_success() {
        return Err(parse_refresh_error(&answer, now));
    }
    let tokens: Tokens = answer.json().map_err(|error| unreadable(&answer, &error))?;
    Ok(tokens.credentials(now, Some(old.refresh_token)))
}

/// Withdraws both tokens: step 6 of the guide.
pub(super) async fn revoke(net: &Net, account: &Account) -> Result<(), NetworkError> {
    let secret = secret(account)?;
    let app = app(account)?;
    for token in [&secret.refresh_token, &secret.access_token] {
        let form = [("token", token.as_str())];
        let answer = post(net, app, "/2/oauth2/revoke", &form)
            .await
            .map_err(|error| NetworkError::transport(NAME, &error))?;
        // A token that X does not know any more is as good as withdrawn.
        if !answer.status.is_success() && !answer.status.is_client_error() {
            return Err(parse_error(&answer, net.env.now()));
        }
    }
    Ok(())
}

/// Whether X knows the app: it looks at who asks before it looks at the code.
pub(super) async fn check_app(net: &Net, app: &AppRegistration) -> Result<(), ConnectError> {
    let form = [
        ("grant_type", "authorization_code"),
        ("code", "a code that nobody was given"),
        ("redirect_uri", app.redirect_uri.as_str()),
        ("code_verifier", "of no consent"),
    ];
    let answer = post(net, app, "/2/oauth2/token", &form)
        .await
        .map_err(|error| ConnectError::transport(NAME, &error))?;
    if answer.status == StatusCode::BAD_REQUEST {
        return Ok(());
    }
    Err(parse_connect_error(&answer))
}

/// Sends a form as the app: with its secret by HTTP Basic, or as a public client by its id.
async fn post(
    net: &Net,
    app: &AppRegistration,
    path: &str,
    form: &[(&str, &str)],
) -> Result<Answer, TransportError> {
    let url = net.endpoint(Platform::X, Endpoint::Api, path)?;
    let request = net.request(Method::POST, url)?;
    let request = if app.client_secret.is_empty() {
        let mut form = form.to_vec();
        form.push(("client_id", &app.client_id));
        request.form(&form)
    } else {
        request
            .basic_auth(&app.client_id, Some(&app.client_secret))
            .form(form)
    };
    net.send(request).await
}

/// The query that asks for what is needed of an account.
const ME: &str = "user.fields=profile_image_url,subscription_type";

/// Reads the profile, which proves that the token still works, and the subscription.
pub(super) async fn standing(net: &Net, account: &Account) -> Result<Standing, NetworkError> {
    let me: Me = get(net, account, &format!("/2/users/me?{ME}"), &[]).await?;
    me.data
        .standing(net)
        .map_err(|error| NetworkError::transport(NAME, &error))
}

/// `GetUsersMeResponse` of the OpenAPI.
#[derive(Deserialize)]
struct Me {
    data: Person,
}

#[derive(Deserialize)]
struct Person {
    id: String,
    name: String,
    username: String,
    profile_image_url: Option<String>,
    /// `Basic`, `Premium`, `PremiumPlus` or `None`.
    subscription_type: Option<String>,
}

impl Person {
    fn standing(self, net: &Net) -> Result<Standing, TransportError> {
        let path = format!("/{}", self.username);
        let limits = json!({ "subscription": self.subscription_type });
        let profile = Profile {
            kind: ProfileKind::Person,
            profile_url: net.endpoint(Platform::X, Endpoint::Auth, &path)?,
            platform_account_id: self.id,
            display_name: self.name,
            avatar_url: self
                .profile_image_url
                .and_then(|image| Url::parse(&image).ok()),
            username: self.username,
        };
        Ok(Standing { profile, limits })
    }
}
