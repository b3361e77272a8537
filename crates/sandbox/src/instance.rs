//! What the instance says of itself.

use std::sync::Arc;

use axum::{Json, extract::State};
use serde_json::{Value, json};

use crate::{
    answer::Refusal,
    media::{DESCRIPTION_LIMIT, IMAGE_SIZE_LIMIT, IMAGE_TYPES},
    oauth::SCOPES,
    params::Origin,
    state::Sandbox,
    statuses::MAX_MEDIA,
    text::CHARACTERS_PER_URL,
};

fn configuration(sandbox: &Sandbox) -> Value {
    json!({
        "statuses": {
            "max_characters": sandbox.config.max_characters,
            "max_media_attachments": MAX_MEDIA,
            "characters_reserved_per_url": CHARACTERS_PER_URL,
        },
        "media_attachments": {
            "description_limit": DESCRIPTION_LIMIT,
            "image_matrix_limit": 33_177_600,
            "image_size_limit": IMAGE_SIZE_LIMIT,
            "supported_mime_types": IMAGE_TYPES,
        },
    })
}

const fn version(sandbox: &Sandbox) -> &'static str {
    if sandbox.config.old {
        "3.4.10"
    } else {
        "4.4.3"
    }
}

fn unless_old(sandbox: &Sandbox) -> Result<(), Refusal> {
    if sandbox.config.old {
        Err(Refusal::not_found())
    } else {
        Ok(())
    }
}

/// `GET /api/v2/instance`, since 4.0.
pub(crate) async fn v2(
    State(sandbox): State<Arc<Sandbox>>,
    origin: Origin,
) -> Result<Json<Value>, Refusal> {
    unless_old(&sandbox)?;
    Ok(Json(json!({
        "domain": origin.domain(),
        "title": "AllIN sandbox",
        "version": version(&sandbox),
        "source_url": "https://github.com/mastodon/mastodon",
        "description": "A simulated instance. What is posted here stays on this machine.",
        "usage": { "users": { "active_month": 1 } },
        "thumbnail": { "url": format!("{}/avatars/sandbox.svg", origin.0) },
        "languages": ["en"],
        "configuration": configuration(&sandbox),
        "registrations": { "enabled": true, "approval_required": false, "message": null },
        "api_versions": { "mastodon": 6 },
        "contact": { "email": "", "account": null },
        "rules": [],
    })))
}

/// `GET /api/v1/instance`, deprecated since 4.0.
pub(crate) async fn v1(State(sandbox): State<Arc<Sandbox>>, origin: Origin) -> Json<Value> {
    Json(json!({
        "uri": origin.domain(),
        "title": "AllIN sandbox",
        "short_description": "A simulated instance.",
        "description": "",
        "email": "",
        "version": version(&sandbox),
        "languages": ["en"],
        "registrations": true,
        "approval_required": false,
        "invites_enabled": false,
        "configuration": configuration(&sandbox),
        "contact_account": null,
        "rules": [],
    }))
}

/// `GET /.well-known/oauth-authorization-server` (RFC 8414), since 4.3.
pub(crate) async fn oauth_metadata(
    State(sandbox): State<Arc<Sandbox>>,
    origin: Origin,
) -> Result<Json<Value>, Refusal> {
    unless_old(&sandbox)?;
    let at = |path: &str| format!("{}{path}", origin.0);
    Ok(Json(json!({
        "issuer": at("/"),
        "authorization_endpoint": at("/oauth/authorize"),
        "token_endpoint": at("/oauth/token"),
        "app_registration_endpoint": at("/api/v1/apps"),
        "revocation_endpoint": at("/oauth/revoke"),
        "scopes_supported": SCOPES,
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "code_challenge_methods_supported": ["S256"],
        "grant_types_supported": ["authorization_code", "client_credentials"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
    })))
}

/// `GET /.well-known/nodeinfo`.
pub(crate) async fn nodeinfo_links(origin: Origin) -> Json<Value> {
    Json(json!({ "links": [{
        "rel": "http://nodeinfo.diaspora.software/ns/schema/2.0",
        "href": format!("{}/nodeinfo/2.0", origin.0),
    }] }))
}

/// `GET /nodeinfo/2.0`.
pub(crate) async fn nodeinfo(State(sandbox): State<Arc<Sandbox>>) -> Json<Value> {
    let posts = sandbox.state().statuses.len();
    Json(json!({
        "version": "2.0",
        "software": { "name": "mastodon", "version": version(&sandbox) },
        "protocols": ["activitypub"],
        "services": { "outbound": [], "inbound": [] },
        "usage": { "users": { "total": 1 }, "localPosts": posts },
        "openRegistrations": true,
        "metadata": {},
    }))
}
