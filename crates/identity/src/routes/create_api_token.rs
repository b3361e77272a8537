//! `POST /api-tokens`

use axum::{extract::State, http::StatusCode};
use http_kit::{Authenticated, Json, ProblemResponses, Result};
use kernel::Permission;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{ApiTokenRequest, Identity, NewApiToken, TokenKind};

/// A new API token.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct CreateApiTokenRequest {
    /// What it is for.
    #[schema(max_length = 120, examples("n8n"))]
    name: String,
    /// What it may do, at most.
    #[schema(value_type = Vec<Permission>)]
    scopes: Vec<String>,
    /// After how many days it stops working, 1 to 3650; never, if left out.
    #[schema(minimum = 1, maximum = 3650)]
    expires_in_days: Option<u32>,
    /// Whose it is; `personal` if left out. `service` takes `organization:manage`.
    kind: Option<TokenKind>,
}

/// Make an API token; its secret is shown this once
#[utoipa::path(
    post,
    path = "/api-tokens",
    operation_id = "createApiToken",
    tag = "api tokens",
    request_body = CreateApiTokenRequest,
    responses((status = 201, description = "The token with its secret.", body = NewApiToken), ProblemResponses),
)]
pub(super) async fn create_api_token(
    State(identity): State<Identity>,
    Authenticated(caller): Authenticated,
    Json(request): Json<CreateApiTokenRequest>,
) -> Result<(StatusCode, Json<NewApiToken>)> {
    let request = ApiTokenRequest {
        name: request.name,
        scopes: request.scopes,
        expires_in_days: request.expires_in_days,
        kind: request.kind.unwrap_or(TokenKind::Personal),
    };
    Ok((
        StatusCode::CREATED,
        Json(identity.create_api_token(&caller, request).await?),
    ))
}
