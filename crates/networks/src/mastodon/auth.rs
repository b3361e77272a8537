//! Connecting an account: docs.joinmastodon.org/client/authorized, /methods/oauth and
//! /methods/apps, state of July 2026 (Mastodon 4.5). OAuth 2 with a client that AllIN registers by itself, and PKCE
//! where the server says that it has it (since 4.3).

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use reqwest::Method;
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use url::Url;

use super::{
    error::{bad_answer, parse_connect_error, parse_error},
    instance,
};
use crate::{
    connector::{
        Account, AppRegistration, Callback, ConnectRequest, ConnectStep, Connection, Credentials,
        Profile, ProfileKind, Standing, server_name,
    },
    descriptor::Permission,
    error::{ConnectError, ConnectReason, ErrorKind, NetworkError},
    http::{Answer, Net, TransportError},
};

/// The least that AllIN needs. Known since 2.4.3, so that one registration serves a server before
/// and after its upgrades; nobody can untick one (docs.joinmastodon.org/api/oauth-scopes).
const SCOPES: &str = "read:accounts read:search read:statuses write:media write:statuses";

pub(super) const PERMISSIONS: &[Permission] = &[
    permission("read:accounts", "to show the account's name and numbers"),
    permission("read:search", "to find posts that are quoted or replied to"),
    permission(
        "read:statuses",
        "to read its posts, their numbers and replies",
    ),
    permission("write:media", "to upload files"),
    permission("write:statuses", "to publish and delete posts"),
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
    /// The app that the token was given to, which alone may revoke it.
    client_id: String,
    client_secret: String,
}

/// `POST /oauth/token`
#[derive(Deserialize)]
struct Granted {
    access_token: String,
}

/// What is kept between the redirect and the callback.
#[derive(Serialize, Deserialize)]
struct Pending {
    /// The PKCE verifier, where the server has PKCE.
    verifier: Option<String>,
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

/// `POST /oauth/revoke`: the token ends. Repeating it does no harm.
pub(super) async fn revoke(net: &Net, account: &Account) -> Result<(), NetworkError> {
    let secret = secret(account)?;
    let form = [
        ("client_id", &secret.client_id),
        ("client_secret", &secret.client_secret),
        ("token", &secret.access_token),
    ];
    let server = server_name(&account.server);
    let failed = |error: TransportError| NetworkError::transport(&server, &error);
    let url = super::at(account, "oauth/revoke")?;
    let request = net.request(Method::POST, url).map_err(failed)?.form(&form);
    let answer = net.send(request).await.map_err(failed)?;
    if answer.status.is_success() {
        return Ok(());
    }
    Err(parse_error(&server, &answer, net.env.now()))
}

/// Begins the authorisation: finds the server, registers AllIN with it unless it is, and makes
/// the address of the consent page.
pub(super) async fn connect(
    net: &Net,
    request: ConnectRequest,
) -> Result<ConnectStep, ConnectError> {
    let origin = instance::origin(net, request.server.as_deref())?;
    let instance = instance::read(net, &origin).await?;
    let origin = instance.origin;
    let server = server_name(&origin);
    let has_connected = request.app.is_some();
    let app = match request.app {
        Some(app)
            if app.server == origin
                && app.redirect_uri == request.redirect_uri
                && is_known(net, &server, &app).await? =>
        {
            app
        }
        _ => register(net, &origin, &server, &request.redirect_uri).await?,
    };
    let verifier = has_pkce(net, &origin)
        .await
        .then(|| BASE64_URL_SAFE_NO_PAD.encode(net.env.bytes::<32>()));
    let mut url = endpoint(&origin, &server, "oauth/authorize")?;
    url.query_pairs_mut()
        .append_pair("response_type", "code")
        .append_pair("client_id", &app.client_id)
        .append_pair("redirect_uri", request.redirect_uri.as_str())
        .append_pair("scope", SCOPES)
        .append_pair("state", &request.state);
    if has_connected {
        // Otherwise the browser's log-in decides, and a second account of the same server could
        // never be connected.
        url.query_pairs_mut().append_pair("force_login", "true");
    }
    if let Some(verifier) = &verifier {
        let challenge = BASE64_URL_SAFE_NO_PAD.encode(Sha256::digest(verifier));
        url.query_pairs_mut()
            .append_pair("code_challenge", &challenge)
            .append_pair("code_challenge_method", "S256");
    }
    Ok(ConnectStep::Redirect {
        url,
        pending: json!(Pending { verifier }),
        app,
    })
}

/// Redeems the code, and reads whose account it is.
pub(super) async fn finish(net: &Net, callback: Callback) -> Result<Connection, ConnectError> {
    let origin = &callback.app.server;
    let server = server_name(origin);
    let pending: Pending = serde_json::from_value(callback.pending)
        .map_err(|error| bad_answer(&server, format!("pending: {error}")))?;
    let mut form = vec![
        ("grant_type", "authorization_code"),
        ("code", callback.code.expose_secret()),
        ("client_id", &callback.app.client_id),
        ("client_secret", &callback.app.client_secret),
        ("redirect_uri", callback.app.redirect_uri.as_str()),
    ];
    if let Some(verifier) = &pending.verifier {
        form.push(("code_verifier", verifier));
    }
    let url = endpoint(origin, &server, "oauth/token")?;
    let failed = |error: TransportError| ConnectError::transport(&server, &error);
    let request = net.request(Method::POST, url).map_err(failed)?.form(&form);
    let answer = net.send(request).await.map_err(failed)?;
    if !answer.status.is_success() {
        return Err(parse_connect_error(&server, &answer));
    }
    let granted: Granted = answer
        .json()
        .map_err(|error| bad_answer(&server, format!("token: {error}")))?;
    let instance = instance::read(net, origin).await?;
    let url = endpoint(origin, &server, "api/v1/accounts/verify_credentials")?;
    let request = net
        .request(Method::GET, url)
        .map_err(failed)?
        .bearer_auth(&granted.access_token);
    let answer = net.send(request).await.map_err(failed)?;
    if !answer.status.is_success() {
        return Err(parse_connect_error(&server, &answer));
    }
    let person: Person = answer
        .json()
        .map_err(|error| bad_answer(&server, format!("account: {error}")))?;
    let secret = Secret {
        access_token: granted.access_token,
        client_id: callback.app.client_id,
        client_secret: callback.app.client_secret,
    };
    Ok(Connection {
        profile: person.profile(&instance.domain, origin),
        server: origin.clone(),
        credentials: Credentials {
            secret: json!(secret).to_string().into(),
            expires_at: None,
        },
        limits: json!(instance.limits),
    })
}

/// Reads the profile, which proves that the token still works, and what the instance allows.
pub(super) async fn standing(net: &Net, account: &Account) -> Result<Standing, NetworkError> {
    let answer = super::call(
        net,
        account,
        Method::GET,
        "api/v1/accounts/verify_credentials",
        |request| request,
    )
    .await?;
    let server = server_name(&account.server);
    let person: Person = super::read(net, account, &answer)?;
    let domain = account
        .username
        .rsplit_once('@')
        .map_or(server.as_str(), |(_, domain)| domain);
    Ok(Standing {
        profile: person.profile(domain, &account.server),
        limits: match instance::read(net, &account.server).await {
            Ok(instance) => json!(instance.limits),
            // The account works all the same.
            Err(_) => account.limits.clone(),
        },
    })
}

/// Registers AllIN as a client of the server.
async fn register(
    net: &Net,
    origin: &Url,
    server: &str,
    redirect_uri: &Url,
) -> Result<AppRegistration, ConnectError> {
    #[derive(Deserialize)]
    struct Registered {
        client_id: String,
        client_secret: String,
    }
    let body = [
        ("client_name", "AllIN"),
        ("redirect_uris", redirect_uri.as_str()),
        ("scopes", SCOPES),
    ];
    let url = endpoint(origin, server, "api/v1/apps")?;
    let answer = post(net, server, url, &body).await?;
    if !answer.status.is_success() {
        return Err(parse_connect_error(server, &answer));
    }
    let app: Registered = answer
        .json()
        .map_err(|error| bad_answer(server, format!("app: {error}")))?;
    Ok(AppRegistration {
        server: origin.clone(),
        client_id: app.client_id,
        client_secret: app.client_secret,
        redirect_uri: redirect_uri.clone(),
    })
}

/// Whether the server still knows the app, with all the scopes of today. Before 4.3 servers forgot
/// apps that nobody used, and a forgotten app ends on an error page of the server.
async fn is_known(net: &Net, server: &str, app: &AppRegistration) -> Result<bool, ConnectError> {
    let body = [
        ("grant_type", "client_credentials"),
        ("client_id", &app.client_id),
        ("client_secret", &app.client_secret),
        ("redirect_uri", app.redirect_uri.as_str()),
        ("scope", SCOPES),
    ];
    let url = endpoint(&app.server, server, "oauth/token")?;
    Ok(post(net, server, url, &body).await?.status.is_success())
}

/// Whether the server proves codes by PKCE with S256. It says so in its metadata (RFC 8414);
/// a server that can't be asked is taken for an old one, which ignores PKCE.
async fn has_pkce(net: &Net, origin: &Url) -> bool {
    #[derive(Deserialize)]
    struct Metadata {
        #[serde(default)]
        code_challenge_methods_supported: Vec<String>,
    }
    let Ok(url) = origin.join(".well-known/oauth-authorization-server") else {
        return false;
    };
    let Ok(answer) = net.discover(url).await else {
        return false;
    };
    answer.json().is_ok_and(|metadata: Metadata| {
        metadata
            .code_challenge_methods_supported
            .iter()
            .any(|method| method == "S256")
    })
}

async fn post(
    net: &Net,
    server: &str,
    url: Url,
    form: &[(&str, &str)],
) -> Result<Answer, ConnectError> {
    let failed = |error: TransportError| ConnectError::transport(server, &error);
    let request = net.request(Method::POST, url).map_err(failed)?.form(form);
    net.send(request).await.map_err(failed)
}

fn endpoint(origin: &Url, server: &str, path: &str) -> Result<Url, ConnectError> {
    origin.join(path).map_err(|error| {
        ConnectError::new(
            ConnectReason::NotAServer,
            format!("{server} is not the address of a server. Please check it."),
            error.to_string(),
        )
    })
}

/// An account as the server describes it: docs.joinmastodon.org/entities/Account.
#[derive(Deserialize)]
struct Person {
    id: String,
    username: String,
    display_name: String,
    avatar: Option<String>,
    url: Option<String>,
}

impl Person {
    fn profile(self, domain: &str, origin: &Url) -> Profile {
        let page = self.url.as_deref().and_then(|url| Url::parse(url).ok());
        let username = format!("{}@{domain}", self.username);
        Profile {
            kind: ProfileKind::Person,
            platform_account_id: self.id,
            display_name: if self.display_name.trim().is_empty() {
                username.clone()
            } else {
                self.display_name
            },
            avatar_url: self.avatar.as_deref().and_then(|url| Url::parse(url).ok()),
            profile_url: page
                .or_else(|| origin.join(&format!("@{}", self.username)).ok())
                .unwrap_or_else(|| origin.clone()),
            username,
        }
    }
}
