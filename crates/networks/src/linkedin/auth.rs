//! Connecting accounts: learn.microsoft.com/linkedin/shared/authentication/authorization-code-flow,
//! …/programmatic-refresh-tokens, consumer/integrations/self-serve/sign-in-with-linkedin-v2, and
//! marketing/community-management/organizations/organization-access-control-by-role (202609).
//!
//! OAuth 2 with the operator's app, without PKCE. LinkedIn refuses a consent whole that asks for
//! one scope that the app does not have, and there are two kinds of apps: any app may have *Sign In*
//! and *Share on LinkedIn*, which reach the person's own profile; the Community Management API, which
//! reaches pages, comments and numbers, is alone in its app. The person says which kind AllIN's is;
//! it is kept in the account's limits, so that he is not asked again.
//!
//! An access token works for 60 days; a refresh token is given to approved apps alone.

use std::time::Duration;

use kernel::Timestamp;
use reqwest::{Method, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::json;
use url::Url;

use super::{
    NAME,
    error::{
        bad_answer, not_renewable, parse_connect_error, parse_error, parse_refresh_error,
        unreadable,
    },
    people,
};
use crate::{
    Platform,
    connector::{
        Account, AppRegistration, Callback, ConnectRequest, ConnectStep, Connection, Credentials,
        Profile,
    },
    descriptor::Permission,
    error::{ConnectError, ConnectReason, ErrorKind, NetworkError},
    http::{Answer, Endpoint, Net, TransportError},
};

/// Everything that is asked for: the first three of an app that reaches profiles, the rest of one
/// that reaches pages.
pub(super) const PERMISSIONS: &[Permission] = &[
    permission("openid", "to know who you are", false),
    permission("profile", "to show your name and picture", false),
    permission(
        "w_member_social",
        "to publish and delete posts for you",
        true,
    ),
    permission("r_basicprofile", "to show your name", false),
    permission(
        "rw_organization_admin",
        "to list your pages, and to read their numbers",
        false,
    ),
    permission(
        "w_organization_social",
        "to publish and delete posts of your pages",
        false,
    ),
    permission(
        "r_organization_social",
        "to find published posts of your pages again",
        false,
    ),
    permission("w_member_social_feed", "to comment for you", false),
    permission(
        "w_organization_social_feed",
        "to comment as your pages",
        false,
    ),
    permission(
        "r_organization_social_feed",
        "to read comments on your pages",
        false,
    ),
    permission(
        "r_member_postAnalytics",
        "to read the numbers of your posts",
        false,
    ),
    permission(
        "r_member_profileAnalytics",
        "to read how many follow you",
        false,
    ),
];

/// How many of [`PERMISSIONS`] a profile needs; pages need all but the first two.
const OF_PROFILES: usize = 3;
const NOT_OF_PAGES: usize = 2;

const fn permission(scope: &'static str, why: &'static str, required: bool) -> Permission {
    Permission {
        scope,
        why,
        required,
    }
}

/// What an account is called with.
#[derive(Serialize, Deserialize)]
struct Secret {
    access_token: String,
    refresh_token: Option<String>,
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
    fn credentials(&self, now: Timestamp, old: Option<&str>) -> Credentials {
        let secret = Secret {
            access_token: self.access_token.clone(),
            refresh_token: self.refresh_token.as_deref().or(old).map(str::to_owned),
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

/// LinkedIn's own address, or the operator's.
pub(super) fn server(net: &Net) -> Result<Url, ConnectError> {
    endpoint(net, Endpoint::Api, "/")
}

/// Whether the app reaches profiles alone: as the person typed, or as it was when the account was
/// connected before.
fn is_profile(request: &ConnectRequest) -> bool {
    let named = request.server.as_deref().unwrap_or_default();
    named.trim().eq_ignore_ascii_case("profile") || request.limits["profile"] == true
}

pub(super) fn endpoint(net: &Net, endpoint: Endpoint, path: &str) -> Result<Url, ConnectError> {
    net.endpoint(Platform::Linkedin, endpoint, path)
        .map_err(|error| ConnectError::transport(NAME, &error))
}

/// What must be remembered between the redirect and the callback.
#[derive(Serialize, Deserialize)]
struct Pending {
    profile: bool,
}

/// Makes the address of the consent page.
pub(super) fn connect(net: &Net, request: ConnectRequest) -> Result<ConnectStep, ConnectError> {
    let profile = is_profile(&request);
    let Some(app) = request.app else {
        return Err(ConnectError::new(
            ConnectReason::Unsupported,
            "LinkedIn can't be connected yet: it needs a developer app. Please ask your administrator to enter one under Settings → Networks.",
            "no app is configured",
        ));
    };
    let asked = if profile {
        &PERMISSIONS[..OF_PROFILES]
    } else {
        &PERMISSIONS[NOT_OF_PAGES..]
    };
    let scopes: Vec<_> = asked.iter().map(|one| one.scope).collect();
    let query: String = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs([
            ("response_type", "code"),
            ("client_id", &app.client_id),
            ("redirect_uri", request.redirect_uri.as_str()),
            ("state", &request.state),
            ("scope", &scopes.join(" ")),
        ])
        .finish();
    let mut url = endpoint(net, Endpoint::Auth, "/oauth/v2/authorization")?;
    url.set_query(Some(&query.replace('+', "%20")));
    Ok(ConnectStep::Redirect {
        url,
        pending: json!(Pending { profile }),
        app,
    })
}

/// Redeems the code: the person's own profile, and the pages that he may post for.
pub(super) async fn finish(net: &Net, callback: Callback) -> Result<Vec<Connection>, ConnectError> {
    let app = &callback.app;
    let pending: Pending = serde_json::from_value(callback.pending)
        .map_err(|error| bad_answer(format!("what was kept of the request: {error}")))?;
    let form = [
        ("grant_type", "authorization_code"),
        ("code", callback.code.expose_secret()),
        ("redirect_uri", app.redirect_uri.as_str()),
        ("client_id", app.client_id.as_str()),
        ("client_secret", app.client_secret.as_str()),
    ];
    let failed = |error: TransportError| ConnectError::transport(NAME, &error);
    let answer = post(net, "/oauth/v2/accessToken", &form)
        .await
        .map_err(failed)?;
    if !answer.status.is_success() {
        return Err(parse_connect_error(&answer));
    }
    let tokens: Tokens = answer
        .json()
        .map_err(|error| bad_answer(format!("token: {error}")))?;
    let granted = check_scopes(&tokens.scope)?;
    let pages = granted.iter().any(|scope| scope == "w_organization_social");
    let profiles = people::all(net, &tokens.access_token, pending.profile, pages).await?;
    let server = server(net)?;
    let connection = |profile: Profile| Connection {
        profile,
        server: server.clone(),
        credentials: tokens.credentials(net.env.now(), None),
        limits: json!({ "scopes": granted, "profile": pending.profile }),
    };
    Ok(profiles.into_iter().map(connection).collect())
}

/// The scopes that were granted. LinkedIn writes commas between them, or spaces.
pub(super) fn check_scopes(granted: &str) -> Result<Vec<String>, ConnectError> {
    let granted: Vec<_> = granted
        .split([',', ' '])
        .filter(|scope| !scope.is_empty())
        .map(str::to_owned)
        .collect();
    let missing: Vec<_> = PERMISSIONS
        .iter()
        .filter(|one| one.required && !granted.iter().any(|scope| scope == one.scope))
        .map(|one| one.why)
        .collect();
    if missing.is_empty() {
        return Ok(granted);
    }
    Err(ConnectError::new(
        ConnectReason::PermissionMissing,
        format!(
            "AllIN was not given every permission that it needs on LinkedIn: {}. Please connect again and allow everything that is asked for.",
            missing.join("; ")
        ),
        format!("granted: {}", granted.join(" ")),
    ))
}

/// New tokens for the refresh token, where LinkedIn gave one.
pub(super) async fn refresh(net: &Net, account: &Account) -> Result<Credentials, NetworkError> {
    let old = secret(account)?;
    let (Some(refresh_token), Some(app)) = (old.refresh_token, &account.app) else {
        return Err(not_renewable());
    };
    let form = [
        ("grant_type", "refresh_token"),
        ("refresh_token", refresh_token.as_str()),
        ("client_id", app.client_id.as_str()),
        ("client_secret", app.client_secret.as_str()),
    ];
    let answer = post(net, "/oauth/v2/accessToken", &form)
        .await
        .map_err(|error| NetworkError::transport(NAME, &error))?;
    let now = net.env.now();
    if !answer.status.is_success() {
        return Err(parse_refresh_error(&answer, now));
    }
    let tokens: Tokens = answer.json().map_err(|error| unreadable(&answer, error))?;
    Ok(tokens.credentials(now, Some(&refresh_token)))
}

/// Whether LinkedIn knows the app: it looks at who asks before it looks at the code.
pub(super) async fn check_app(net: &Net, app: &AppRegistration) -> Result<(), ConnectError> {
    let form = [
        ("grant_type", "authorization_code"),
        ("code", "a code that nobody was given"),
        ("redirect_uri", app.redirect_uri.as_str()),
        ("client_id", app.client_id.as_str()),
        ("client_secret", app.client_secret.as_str()),
    ];
    let answer = post(net, "/oauth/v2/accessToken", &form)
        .await
        .map_err(|error| ConnectError::transport(NAME, &error))?;
    let error = parse_connect_error(&answer);
    if error.reason == ConnectReason::Denied && answer.status == StatusCode::BAD_REQUEST {
        return Ok(());
    }
    Err(error)
}

/// Withdraws the access token.
pub(super) async fn revoke(net: &Net, account: &Account) -> Result<(), NetworkError> {
    let Some(app) = &account.app else {
        return Ok(());
    };
    let token = token(account)?;
    let form = [
        ("client_id", app.client_id.as_str()),
        ("client_secret", app.client_secret.as_str()),
        ("token", token.expose_secret()),
    ];
    let answer = post(net, "/oauth/v2/revoke", &form)
        .await
        .map_err(|error| NetworkError::transport(NAME, &error))?;
    // A token that LinkedIn does not know any more is as good as withdrawn.
    if answer.status.is_success() || answer.status.is_client_error() {
        return Ok(());
    }
    Err(parse_error(&answer, net.env.now()))
}

async fn post(net: &Net, path: &str, form: &[(&str, &str)]) -> Result<Answer, TransportError> {
    let url = net.endpoint(Platform::Linkedin, Endpoint::Auth, path)?;
    net.send(net.request(Method::POST, url)?.form(form)).await
}
