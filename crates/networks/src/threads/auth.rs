//! Connecting an account: get-started/get-access-tokens-and-permissions (2026-08-12),
//! /long-lived-tokens, troubleshooting/debug-access-token.
//!
//! OAuth 2 with the operator's app; no PKCE. A code gives a token for an hour, which is swapped
//! for one of 60 days, which renews itself once it is a day old and as long as it has not
//! expired. There is no address to revoke it: people remove AllIN under Settings → Account →
//! Website permissions.

use std::time::Duration;

use kernel::Timestamp;
use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;

use super::{
    NAME,
    api::get,
    error,
    error::{bad_answer, parse_connect_error},
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

pub(super) const PERMISSIONS: &[Permission] = &[
    permission(
        "threads_basic",
        "to show whose account it is, and to find published posts again",
        true,
    ),
    permission("threads_content_publish", "to publish posts", true),
    permission(
        "threads_manage_replies",
        "to continue threads, to answer and to hide replies",
        true,
    ),
    permission(
        "threads_read_replies",
        "to find the parts of threads again, and to show what others reply",
        true,
    ),
    permission(
        "threads_manage_insights",
        "to show how your posts do",
        false,
    ),
    permission("threads_delete", "to delete posts", false),
];

/// How long before its end a token counts as expired: one that has ended can't be renewed.
const EARLY: Duration = Duration::from_hours(168);

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
}

/// The account's access token.
pub(super) fn token(account: &Account) -> Result<SecretString, NetworkError> {
    let secret: Secret =
        serde_json::from_str(account.credentials.secret.expose_secret()).map_err(|_| {
            NetworkError::not_sent(
                ErrorKind::Reconnect,
                "This account's access is missing. Please connect the account again.",
                "the stored credentials can't be read",
            )
        })?;
    Ok(secret.access_token.into())
}

/// A token of 60 days.
#[derive(Deserialize)]
struct LongLived {
    access_token: String,
    expires_in: u64,
}

impl LongLived {
    fn credentials(self, now: Timestamp) -> Credentials {
        let secret = Secret {
            access_token: self.access_token,
        };
        let lifetime = Duration::from_secs(self.expires_in);
        Credentials {
            secret: json!(secret).to_string().into(),
            expires_at: Some(now + lifetime.saturating_sub(EARLY)),
        }
    }
}

pub(super) fn endpoint(net: &Net, endpoint: Endpoint, path: &str) -> Result<Url, ConnectError> {
    net.endpoint(Platform::Threads, endpoint, path)
        .map_err(|error| ConnectError::transport(NAME, &error))
}

/// Redeems a code that nobody was given: an app that Threads does not know is refused for that
/// reason before.
pub(super) async fn check_app(net: &Net, app: &AppRegistration) -> Result<(), ConnectError> {
    let answer = redeem(net, app, "allin-tests-the-app").await?;
    let refusal = parse_connect_error(&answer);
    let words = refusal.message.to_lowercase();
    if answer.status.is_server_error() {
        return Err(refusal);
    }
    if words.contains("client") || words.contains("application") || words.contains("secret") {
        return Err(ConnectError::new(
            ConnectReason::AppNotAccepted,
            "Threads does not know this app id and secret. Please take the Threads app id and the Threads app secret, not those of the Meta app, from App settings → Basic.",
            refusal.detail,
        ));
    }
    Ok(())
}

/// Makes the address of the consent page.
pub(super) fn connect(net: &Net, request: ConnectRequest) -> Result<ConnectStep, ConnectError> {
    let app = request.app.ok_or_else(|| {
        ConnectError::new(
            ConnectReason::AppNotAccepted,
            "Threads needs a developer app. Please ask your administrator to enter one under Settings → Networks.",
            "no app is configured",
        )
    })?;
    let scopes: Vec<_> = PERMISSIONS.iter().map(|one| one.scope).collect();
    let mut url = endpoint(net, Endpoint::Auth, "/oauth/authorize")?;
    url.query_pairs_mut()
        .append_pair("client_id", &app.client_id)
        .append_pair("redirect_uri", request.redirect_uri.as_str())
        .append_pair("scope", &scopes.join(","))
        .append_pair("response_type", "code")
        .append_pair("state", &request.state);
    Ok(ConnectStep::Redirect {
        url,
        pending: Value::Null,
        app,
    })
}

async fn redeem(net: &Net, app: &AppRegistration, code: &str) -> Result<Answer, ConnectError> {
    let form = [
        ("client_id", app.client_id.as_str()),
        ("client_secret", app.client_secret.as_str()),
        ("grant_type", "authorization_code"),
        ("redirect_uri", app.redirect_uri.as_str()),
        ("code", code),
    ];
    let failed = |error: TransportError| ConnectError::transport(NAME, &error);
    let url = endpoint(net, Endpoint::Api, "/oauth/access_token")?;
    let request = net.request(Method::POST, url).map_err(failed)?.form(&form);
    net.send(request).await.map_err(failed)
}

/// Redeems the code, swaps the token for one that lives longer, looks what was permitted, and
/// reads whose account it is.
pub(super) async fn finish(net: &Net, callback: Callback) -> Result<Connection, ConnectError> {
    let app = &callback.app;
    // Threads appends `#_`, which browsers do not send on but people may paste.
    let code = callback.code.expose_secret().trim_end_matches("#_");
    let answer = redeem(net, app, code).await?;
    let short: Secret = success(&answer, "token")?;
    let query = [
        ("grant_type", "th_exchange_token"),
        ("client_secret", app.client_secret.as_str()),
        ("access_token", short.access_token.as_str()),
    ];
    let answer = ask(net, "/access_token", &query).await?;
    let long: LongLived = success(&answer, "long-lived token")?;
    let token = long.access_token.clone();
    check_scopes(net, &token).await?;
    let query = [("fields", FIELDS), ("access_token", token.as_str())];
    let answer = ask(net, "/v1.0/me", &query).await?;
    let person: Person = success(&answer, "profile")?;
    Ok(Connection {
        profile: person
            .profile(net)
            .map_err(|error| ConnectError::transport(NAME, &error))?,
        server: endpoint(net, Endpoint::Api, "/")?,
        credentials: long.credentials(net.env.now()),
        limits: Value::Null,
    })
}

async fn ask(net: &Net, path: &str, query: &[(&str, &str)]) -> Result<Answer, ConnectError> {
    let failed = |error: TransportError| ConnectError::transport(NAME, &error);
    let url = endpoint(net, Endpoint::Api, path)?;
    let request = net.request(Method::GET, url).map_err(failed)?.query(query);
    net.send(request).await.map_err(failed)
}

fn success<T: serde::de::DeserializeOwned>(answer: &Answer, what: &str) -> Result<T, ConnectError> {
    if !answer.status.is_success() {
        return Err(parse_connect_error(answer));
    }
    answer
        .json()
        .map_err(|error| bad_answer(format!("{what}: {error}")))
}

/// `GET /debug_token`: people may untick what is asked for.
async fn check_scopes(net: &Net, token: &str) -> Result<(), ConnectError> {
    #[derive(Deserialize)]
    struct Debugged {
        data: Data,
    }
    #[derive(Deserialize)]
    struct Data {
        #[serde(default)]
        scopes: Vec<String>,
    }
    let query = [("input_token", token), ("access_token", token)];
    let answer = ask(net, "/v1.0/debug_token", &query).await?;
    if error::code(&answer).is_some_and(|code| code == "10" || code.starts_with("190")) {
        return Err(missing(&["to show whose account it is"], "nothing"));
    }
    let granted: Debugged = success(&answer, "granted permissions")?;
    let granted = granted.data.scopes;
    let lacking: Vec<_> = PERMISSIONS
        .iter()
        .filter(|one| one.required && !granted.iter().any(|scope| scope == one.scope))
        .map(|one| one.why)
        .collect();
    if lacking.is_empty() {
        Ok(())
    } else {
        Err(missing(&lacking, &granted.join(" ")))
    }
}

fn missing(reasons: &[&str], granted: &str) -> ConnectError {
    ConnectError::new(
        ConnectReason::PermissionMissing,
        format!(
            "AllIN was not given every permission that it needs on Threads: {}. Please connect again and allow it.",
            reasons.join("; ")
        ),
        format!("granted: {granted}"),
    )
}

/// `GET /refresh_access_token`: the token renews itself.
pub(super) async fn refresh(net: &Net, account: &Account) -> Result<Credentials, NetworkError> {
    let old = token(account)?;
    let failed = |error| NetworkError::transport(NAME, &error);
    let url = net
        .endpoint(Platform::Threads, Endpoint::Api, "/refresh_access_token")
        .map_err(failed)?;
    let query = [
        ("grant_type", "th_refresh_token"),
        ("access_token", old.expose_secret()),
    ];
    let request = net.request(Method::GET, url).map_err(failed)?.query(&query);
    let answer = net.send(request).await.map_err(failed)?;
    let now = net.env.now();
    if !answer.status.is_success() {
        let mut error = error::parse_error(&answer, now);
        if error.kind == ErrorKind::TokenExpired {
            error.kind = ErrorKind::Reconnect;
        }
        return Err(error);
    }
    let long: LongLived = answer
        .json()
        .map_err(|error| error::unreadable(&answer, &error))?;
    Ok(long.credentials(now))
}

/// threads-profiles, "Fields".
const FIELDS: &str = "id,username,name,threads_profile_picture_url";

#[derive(Deserialize)]
struct Person {
    id: String,
    username: String,
    name: Option<String>,
    threads_profile_picture_url: Option<String>,
}

impl Person {
    fn profile(self, net: &Net) -> Result<Profile, TransportError> {
        let path = format!("/@{}", self.username);
        Ok(Profile {
            kind: ProfileKind::Person,
            profile_url: net.endpoint(Platform::Threads, Endpoint::Auth, &path)?,
            platform_account_id: self.id,
            display_name: self
                .name
                .filter(|name| !name.is_empty())
                .unwrap_or_else(|| self.username.clone()),
            avatar_url: self
                .threads_profile_picture_url
                .and_then(|url| Url::parse(&url).ok()),
            username: self.username,
        })
    }
}

/// Reads the profile, which proves that the token still works.
pub(super) async fn profile(net: &Net, account: &Account) -> Result<Profile, NetworkError> {
    let person: Person = get(net, account, "/me", &[("fields", FIELDS)]).await?;
    person
        .profile(net)
        .map_err(|error| NetworkError::transport(NAME, &error))
}
