//! The HTTP endpoints, one a file.

mod accept_invitation;
mod change_password;
mod change_role;
mod create_api_token;
mod create_invitation;
mod create_organization;
mod get_me;
mod get_organization;
mod list_api_tokens;
mod list_invitations;
mod list_members;
mod list_organizations;
mod log_in;
mod log_out;
mod preview_invitation;
mod refresh;
mod register;
mod remove_member;
mod revoke_api_token;
mod switch_organization;
mod update_me;
mod update_organization;
mod withdraw_invitation;

use http_kit::Json;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::{Grant, Identity, Transport, User, cookies};

/// The endpoints of people and organisations, for below `/api/v1`.
pub fn routes(identity: Identity) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(register::register))
        .routes(routes!(log_in::log_in))
        .routes(routes!(refresh::refresh))
        .routes(routes!(log_out::log_out))
        .routes(routes!(get_me::get_me, update_me::update_me))
        .routes(routes!(change_password::change_password))
        .routes(routes!(switch_organization::switch_organization))
        .routes(routes!(
            list_organizations::list_organizations,
            create_organization::create_organization
        ))
        .routes(routes!(
            get_organization::get_organization,
            update_organization::update_organization
        ))
        .routes(routes!(list_members::list_members))
        .routes(routes!(
            change_role::change_role,
            remove_member::remove_member
        ))
        .routes(routes!(
            list_invitations::list_invitations,
            create_invitation::create_invitation
        ))
        .routes(routes!(withdraw_invitation::withdraw_invitation))
        .routes(routes!(preview_invitation::preview_invitation))
        .routes(routes!(accept_invitation::accept_invitation))
        .routes(routes!(
            list_api_tokens::list_api_tokens,
            create_api_token::create_api_token
        ))
        .routes(routes!(revoke_api_token::revoke_api_token))
        .with_state(identity)
}

/// A list that is short enough to be answered whole.
#[derive(Debug, Serialize, ToSchema)]
struct Listed<T> {
    /// The entries.
    data: Vec<T>,
}

/// Who logged in, and his tokens, unless they travel in cookies.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AuthResponse {
    /// Sent as `Authorization: Bearer …`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    access_token: Option<String>,
    /// Gets new tokens, once.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    refresh_token: Option<String>,
    /// How long the access token lasts, in seconds.
    #[schema(examples(900))]
    expires_in: u64,
    /// Sent as `X-CSRF-Token` on every POST, PUT, PATCH and DELETE by cookie.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    csrf_token: Option<String>,
    /// Who logged in.
    user: User,
}

/// The answer to a log-in: tokens in the body, or in cookies.
type Authenticated = (Option<cookies::SetCookies>, Json<AuthResponse>);

fn authenticated(identity: &Identity, grant: Grant) -> Authenticated {
    let Grant { user, tokens } = grant;
    let expires_in = tokens.expires_in.as_secs();
    match tokens.transport {
        Transport::Cookie => {
            let set = cookies::set(&tokens, identity.cookies_secure());
            let body = AuthResponse {
                access_token: None,
                refresh_token: None,
                expires_in,
                csrf_token: Some(tokens.csrf),
                user,
            };
            (Some(set), Json(body))
        }
        Transport::Bearer => {
            let body = AuthResponse {
                access_token: Some(tokens.access),
                refresh_token: Some(tokens.refresh),
                expires_in,
                csrf_token: None,
                user,
            };
            (None, Json(body))
        }
    }
}
