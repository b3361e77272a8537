//! `POST /auth/refresh`

use axum::{extract::State, http::HeaderMap, response::IntoResponse};
use axum_extra::extract::CookieJar;
use http_kit::{Json, ProblemResponses, Result};
use kernel::{Code, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Identity, Transport, cookies};

/// The refresh token, unless it comes in a cookie.
#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct RefreshRequest {
    refresh_token: Option<String>,
}

/// New tokens, unless they travel in cookies.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct RefreshResponse {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    access_token: Option<String>,
    /// The next refresh token; the one that was sent is used up.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    refresh_token: Option<String>,
    /// How long the access token lasts, in seconds.
    #[schema(examples(900))]
    expires_in: u64,
}

/// Get new tokens for a refresh token
///
/// A refresh token works once. One that comes again ends the session, for somebody else may hold it.
#[utoipa::path(
    post,
    path = "/auth/refresh",
    operation_id = "refresh",
    tag = "auth",
    security(()),
    request_body(content = Option<RefreshRequest>),
    responses((status = 200, description = "New tokens.", body = RefreshResponse), ProblemResponses),
)]
pub(super) async fn refresh(
    State(identity): State<Identity>,
    jar: CookieJar,
    headers: HeaderMap,
    request: Option<Json<RefreshRequest>>,
) -> Result<impl IntoResponse> {
    let Json(request) = request.unwrap_or_default();
    let presented = cookies::presented(&jar, &headers, request.refresh_token.as_deref())
        .ok_or_else(|| Problem::new(Code::Unauthenticated, "There is no session. Log in."))?;
    let tokens = identity.refresh(presented).await?;
    let expires_in = tokens.expires_in.as_secs();
    Ok(match tokens.transport {
        Transport::Cookie => {
            let body = RefreshResponse {
                access_token: None,
                refresh_token: None,
                expires_in,
            };
            (
                Some(cookies::set(&tokens, identity.cookies_secure())),
                Json(body),
            )
        }
        Transport::Bearer => {
            let body = RefreshResponse {
                access_token: Some(tokens.access),
                refresh_token: Some(tokens.refresh),
                expires_in,
            };
            (None, Json(body))
        }
    })
}
