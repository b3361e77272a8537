//! `DELETE /api-tokens/{id}`

use axum::{extract::State, http::StatusCode};
use http_kit::{Authenticated, Path, ProblemResponses, Result};
use kernel::ApiTokenId;

use crate::Identity;

/// Revoke an API token; it stops working
#[utoipa::path(
    delete,
    path = "/api-tokens/{id}",
    operation_id = "revokeApiToken",
    tag = "api tokens",
    params(("id" = ApiTokenId, Path, description = "The token.")),
    responses((status = 204, description = "Revoked."), ProblemResponses),
)]
pub(super) async fn revoke_api_token(
    State(identity): State<Identity>,
    Authenticated(caller): Authenticated,
    Path(id): Path<ApiTokenId>,
) -> Result<StatusCode> {
    identity.revoke_api_token(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
