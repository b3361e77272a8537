//! Log-in with an app password: lexicons com.atproto.server.createSession, refreshSession,
//! getSession and deleteSession (2026-08-20). Works with any server of the AT Protocol (PDS).
//!
//! A session's access token lives for minutes to hours, its refresh token for about two months.
//! The app password is kept beside them, since it alone brings an account back that rested
//! longer. The DID document of the session names the PDS that really holds the account; all
//! later requests go there.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use kernel::Timestamp;
use reqwest::Method;
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;

use super::{
    DEFAULT_SERVER,
    error::{self, parse_connect_error, parse_error, unreadable},
    profile_url, xrpc,
};
use crate::{
    Platform,
    connector::{
        Account, ConnectRequest, ConnectStep, Connection, Credentials, Profile, ProfileKind,
        server_name,
    },
    error::{ConnectError, ConnectReason, ErrorKind, NetworkError},
    http::{Answer, Net, TransportError},
};

/// What an account is called with.
#[derive(Serialize, Deserialize)]
pub(super) struct Secret {
    /// The server that holds the account.
    pub(super) pds: Url,
    /// What the person logged in with.
    identifier: String,
    app_password: String,
    pub(super) access_token: String,
    refresh_token: String,
}

/// The answer of createSession and refreshSession.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Session {
    did: String,
    handle: String,
    access_jwt: String,
    refresh_jwt: String,
    did_doc: Option<Value>,
}

/// The account's credentials.
pub(super) fn secret(account: &Account) -> Result<Secret, NetworkError> {
    serde_json::from_str(account.credentials.secret.expose_secret()).map_err(|_| {
        NetworkError::not_sent(
            ErrorKind::Reconnect,
            "This account's app password is missing. Please connect the account again.",
            "the stored credentials can't be read",
        )
    })
}

/// The server that a person means.
pub(super) fn server(net: &Net, named: Option<&str>) -> Result<Url, ConnectError> {
    let named = named.map(str::trim).filter(|named| !named.is_empty());
    let url = match named {
        Some(named) => net.origin(named),
        None => net
            .default_server(Platform::Bluesky)
            .cloned()
            .or_else(|| Url::parse(DEFAULT_SERVER).ok()),
    };
    url.ok_or_else(|| {
        ConnectError::new(
            ConnectReason::NotAServer,
            "That is not the address of a server. It should look like bsky.social.",
            "no readable address",
        )
    })
}

/// Logs in.
pub(super) async fn connect(
    net: &Net,
    request: ConnectRequest,
) -> Result<ConnectStep, ConnectError> {
    let origin = server(net, request.server.as_deref())?;
    let name = server_name(&origin);
    // Handles copied from a page often carry an @ or invisible marks of writing direction.
    let identifier: String = request
        .identifier
        .unwrap_or_default()
        .chars()
        .filter(|c| !c.is_whitespace() && !c.is_control() && !is_direction_mark(*c))
        .collect();
    let identifier = identifier.trim_start_matches('@').to_owned();
    let app_password = request
        .secret
        .map(|secret| secret.expose_secret().trim().to_owned())
        .unwrap_or_default();
    if identifier.is_empty() || app_password.is_empty() {
        return Err(ConnectError::new(
            ConnectReason::WrongCredentials,
            "Please enter the account's handle and an app password.",
            "handle or app password is empty",
        ));
    }
    let answer = create_session(net, &origin, &identifier, &app_password)
        .await
        .map_err(|error| ConnectError::transport(&name, &error))?;
    if !answer.status.is_success() {
        return Err(parse_connect_error(&name, &answer));
    }
    let session: Session = answer.json().map_err(|error| {
        ConnectError::new(
            ConnectReason::BadAnswer,
            format!("{name} answered something that AllIN does not understand. Please check the address; it must be a Bluesky server's."),
            error.to_string(),
        )
    })?;
    let pds = pds(session.did_doc.as_ref()).unwrap_or_else(|| origin.clone());
    let profile = read_profile(net, &pds, &session.did, &session.handle)
        .await
        .unwrap_or_else(|_| bare_profile(&session.did, &session.handle));
    Ok(ConnectStep::Connected(Box::new(Connection {
        profile,
        server: origin,
        credentials: credentials(session, pds, identifier, app_password),
        limits: Value::Null,
    })))
}

fn is_direction_mark(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

async fn create_session(
    net: &Net,
    server: &Url,
    identifier: &str,
    password: &str,
) -> Result<Answer, TransportError> {
    let url = xrpc(server, "com.atproto.server.createSession")?;
    let body = json!({ "identifier": identifier, "password": password });
    net.send(net.request(Method::POST, url)?.json(&body)).await
}

/// New tokens: by the refresh token, and if that is spent, by the app password.
pub(super) async fn refresh(net: &Net, account: &Account) -> Result<Credentials, NetworkError> {
    let secret = secret(account)?;
    let server = server_name(&account.server);
    let failed = |error: TransportError| NetworkError::transport(&server, &error);
    let url = xrpc(&secret.pds, "com.atproto.server.refreshSession").map_err(failed)?;
    let request = net
        .request(Method::POST, url)
        .map_err(failed)?
        .bearer_auth(&secret.refresh_token);
    let mut answer = net.send(request).await.map_err(failed)?;
    if answer.status.is_client_error() {
        answer = create_session(
            net,
            &account.server,
            &secret.identifier,
            &secret.app_password,
        )
        .await
        .map_err(failed)?;
    }
    if !answer.status.is_success() {
        return Err(parse_error(&server, &answer, net.env.now()));
    }
    let session: Session = answer
        .json()
        .map_err(|error| unreadable(&server, &answer, &error))?;
    let pds = pds(session.did_doc.as_ref()).unwrap_or(secret.pds);
    Ok(credentials(
        session,
        pds,
        secret.identifier,
        secret.app_password,
    ))
}

/// Ends the session: com.atproto.server.deleteSession, which takes the refresh token. The app
/// password stays; only the person can withdraw it, in Bluesky's settings.
pub(super) async fn revoke(net: &Net, account: &Account) -> Result<(), NetworkError> {
    let secret = secret(account)?;
    let server = server_name(&account.server);
    let failed = |error: TransportError| NetworkError::transport(&server, &error);
    let url = xrpc(&secret.pds, "com.atproto.server.deleteSession").map_err(failed)?;
    let request = net
        .request(Method::POST, url)
        .map_err(failed)?
        .bearer_auth(&secret.refresh_token);
    let answer = net.send(request).await.map_err(failed)?;
    let is_over = matches!(
        error::name(&answer).as_str(),
        "ExpiredToken" | "InvalidToken"
    );
    if answer.status.is_success() || is_over {
        return Ok(());
    }
    Err(parse_error(&server, &answer, net.env.now()))
}

/// Reads the profile, which proves that the session still works.
pub(super) async fn profile(net: &Net, account: &Account) -> Result<Profile, NetworkError> {
    #[derive(Deserialize)]
    struct Current {
        did: String,
        handle: String,
    }
    let answer = super::call(
        net,
        account,
        Method::GET,
        "com.atproto.server.getSession",
        |request| request,
    )
    .await?;
    let server = server_name(&account.server);
    if !answer.status.is_success() {
        return Err(parse_error(&server, &answer, net.env.now()));
    }
    let current: Current = answer
        .json()
        .map_err(|error| unreadable(&server, &answer, &error))?;
    read_profile(net, &secret(account)?.pds, &current.did, &current.handle)
        .await
        .map_err(|error| NetworkError::transport(&server, &error))
}

fn credentials(
    session: Session,
    pds: Url,
    identifier: String,
    app_password: String,
) -> Credentials {
    let expires_at = expiry(&session.access_jwt);
    let secret = Secret {
        pds,
        identifier,
        app_password,
        access_token: session.access_jwt,
        refresh_token: session.refresh_jwt,
    };
    Credentials {
        secret: json!(secret).to_string().into(),
        expires_at,
    }
}

/// When a token expires, by its own `exp` claim (RFC 7519 §4.1.4). The server checks it; here it
/// only tells when to refresh.
fn expiry(token: &str) -> Option<Timestamp> {
    #[derive(Deserialize)]
    struct Claims {
        exp: i64,
    }
    let claims = BASE64_URL_SAFE_NO_PAD
        .decode(token.split('.').nth(1)?)
        .ok()?;
    let claims: Claims = serde_json::from_slice(&claims).ok()?;
    Some(Timestamp::from_micros(claims.exp.checked_mul(1_000_000)?))
}

/// The account's PDS, by its DID document: atproto.com/specs/did#did-documents.
fn pds(did_doc: Option<&Value>) -> Option<Url> {
    let services = did_doc?.get("service")?.as_array()?;
    let service = services.iter().find(|service| {
        let is = |field: &str, value: &str| {
            service
                .get(field)
                .and_then(Value::as_str)
                .is_some_and(|text| text.ends_with(value))
        };
        is("id", "#atproto_pds") && is("type", "AtprotoPersonalDataServer")
    })?;
    Url::parse(service.get("serviceEndpoint")?.as_str()?).ok()
}

/// The profile record, which an account need not have: lexicon app.bsky.actor.profile.
async fn read_profile(
    net: &Net,
    pds: &Url,
    did: &str,
    handle: &str,
) -> Result<Profile, TransportError> {
    let mut url = xrpc(pds, "com.atproto.repo.getRecord")?;
    url.query_pairs_mut()
        .append_pair("repo", did)
        .append_pair("collection", "app.bsky.actor.profile")
        .append_pair("rkey", "self");
    let answer = net.send(net.request(Method::GET, url)?).await?;
    let mut profile = bare_profile(did, handle);
    let record: Value = answer.json().unwrap_or_default();
    if let Some(name) = record.pointer("/value/displayName").and_then(Value::as_str)
        && !name.trim().is_empty()
    {
        name.clone_into(&mut profile.display_name);
    }
    if let Some(cid) = record
        .pointer("/value/avatar/ref/$link")
        .and_then(Value::as_str)
    {
        let mut url = xrpc(pds, "com.atproto.sync.getBlob")?;
        url.query_pairs_mut()
            .append_pair("did", did)
            .append_pair("cid", cid);
        profile.avatar_url = Some(url);
    }
    Ok(profile)
}

fn bare_profile(did: &str, handle: &str) -> Profile {
    Profile {
        kind: ProfileKind::Person,
        platform_account_id: did.to_owned(),
        username: handle.to_owned(),
        display_name: handle.to_owned(),
        avatar_url: None,
        profile_url: profile_url(handle, did),
    }
}

/// Whether a refusal means that the record is not there: getRecord answers 400, not 404.
pub(super) fn is_absent(answer: &Answer) -> bool {
    error::name(answer) == "RecordNotFound"
}
