//! What the instance says of itself.

use axum::{Json, extract::State};
use serde_json::{Value, json};

use super::{
    Net,
    media::{
        DESCRIPTION_LIMIT, IMAGE_PIXELS, IMAGE_SIZE_LIMIT, IMAGE_TYPES, OTHER_TYPES,
        VIDEO_SIZE_LIMIT,
    },
    oauth::SCOPES,
    poll, refusal,
    statuses::MAX_MEDIA,
    text::CHARACTERS_PER_URL,
};
use crate::kit::{Answer, Here};

/// Where the real one streams from; nothing does here.
const STREAMING: &str = "wss://streaming.invalid";

/// Whom to write to: one of the companies.
fn contact(net: &Net, here: &Here) -> Value {
    net.memory().account_entity("harbourlight", net.now(), here)
}

fn configuration(net: &Net) -> Value {
    let types = [&IMAGE_TYPES[..], &OTHER_TYPES[..]].concat();
    json!({
        "urls": { "streaming": STREAMING, "status": null, "about": null },
        "vapid": { "public_key": "" },
        "accounts": {
            "max_display_name_length": 30,
            "max_note_length": 500,
            "max_featured_tags": 10,
            "max_pinned_statuses": 5,
            "max_profile_fields": 4,
            "profile_field_name_limit": 255,
            "profile_field_value_limit": 255,
        },
        "timelines_access": {
            "live_feeds": { "local": "public", "remote": "public" },
            "hashtag_feeds": { "local": "public", "remote": "public" },
            "trending_link_feeds": { "local": "public", "remote": "public" },
        },
        "translation": { "enabled": false },
        "limited_federation": false,
        "statuses": {
            "max_characters": net.hub.config.max_characters,
            "max_media_attachments": MAX_MEDIA,
            "characters_reserved_per_url": CHARACTERS_PER_URL,
        },
        "media_attachments": {
            "description_limit": DESCRIPTION_LIMIT,
            "image_matrix_limit": IMAGE_PIXELS,
            "image_size_limit": IMAGE_SIZE_LIMIT,
            "video_frame_rate_limit": 120,
            "video_matrix_limit": 8_294_400,
            "video_size_limit": VIDEO_SIZE_LIMIT,
            "supported_mime_types": types,
        },
        "polls": {
            "max_options": poll::MAX_OPTIONS,
            "max_characters_per_option": poll::OPTION_CHARACTERS,
            "min_expiration": poll::MIN_SECONDS,
            "max_expiration": poll::MAX_SECONDS,
        },
    })
}

fn version(net: &Net) -> &'static str {
    if net.hub.config.old {
        "3.4.10"
    } else {
        "4.5.0"
    }
}

fn unless_old(net: &Net) -> Answer<()> {
    if net.hub.config.old {
        Err(refusal::not_found())
    } else {
        Ok(())
    }
}

/// `GET /api/v2/instance`, since 4.0.
pub(super) async fn v2(State(net): State<Net>, here: Here) -> Answer<Json<Value>> {
    unless_old(&net)?;
    Ok(Json(json!({
        "domain": here.domain(),
        "title": "AllIN sandbox",
        "version": version(&net),
        "source_url": "https://github.com/mastodon/mastodon",
        "description": "A simulated instance. What is posted here stays on this machine.",
        "usage": { "users": { "active_month": 1 } },
        "thumbnail": { "url": format!("{}/avatars/sandbox.svg", here.origin) },
        "languages": ["en"],
        "configuration": configuration(&net),
        "registrations": {
            "enabled": true,
            "approval_required": false,
            "reason_required": false,
            "message": null,
            "min_age": null,
            "url": null,
        },
        "icon": [],
        "api_versions": { "mastodon": 7 },
        "contact": { "email": "", "account": contact(&net, &here) },
        "rules": [],
    })))
}

/// `GET /api/v1/instance`, deprecated since 4.0.
pub(super) async fn v1(State(net): State<Net>, here: Here) -> Json<Value> {
    let statuses = net.memory().statuses.len();
    let contact = contact(&net, &here);
    Json(json!({
        "uri": here.domain(),
        "title": "AllIN sandbox",
        "short_description": "A simulated instance.",
        "description": "",
        "email": "",
        "version": version(&net),
        "urls": { "streaming_api": STREAMING },
        "stats": { "user_count": 5, "status_count": statuses, "domain_count": 1 },
        "thumbnail": format!("{}/avatars/sandbox.svg", here.origin),
        "languages": ["en"],
        "registrations": true,
        "approval_required": false,
        "invites_enabled": false,
        "configuration": configuration(&net),
        "contact_account": contact,
        "rules": [],
    }))
}

/// `GET /.well-known/oauth-authorization-server` (RFC 8414), since 4.3.
pub(super) async fn oauth_metadata(State(net): State<Net>, here: Here) -> Answer<Json<Value>> {
    unless_old(&net)?;
    let at = |path: &str| format!("{}{path}", here.origin);
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
pub(super) async fn nodeinfo_links(here: Here) -> Json<Value> {
    Json(json!({ "links": [{
        "rel": "http://nodeinfo.diaspora.software/ns/schema/2.0",
        "href": format!("{}/nodeinfo/2.0", here.origin),
    }] }))
}

/// `GET /nodeinfo/2.0`.
pub(super) async fn nodeinfo(State(net): State<Net>) -> Json<Value> {
    let posts = net.memory().statuses.len();
    Json(json!({
        "version": "2.0",
        "software": { "name": "mastodon", "version": version(&net) },
        "protocols": ["activitypub"],
        "services": { "outbound": [], "inbound": [] },
        "usage": { "users": { "total": 1 }, "localPosts": posts },
        "openRegistrations": true,
        "metadata": {},
    }))
}
