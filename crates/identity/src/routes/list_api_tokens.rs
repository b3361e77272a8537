//! `GET /api-tokens`

use axum::extract::State;
use http_kit::{Authenticated, Json, ProblemResponses, Result};

use super::Listed;
use crate::{ApiToken, Identity};

/// The caller's API tokens and the organisation's
#[utoipa::path(
    get,
    path = "/api-tokens",
    operation_id = "listApiTokens",
    tag = "api tokens",
    responses((status = 200, description = "The tokens, without their secrets.", body = Listed<ApiToken>), ProblemResponses),
)]
pub(super) async fn list_api_tokens(
    State(identity): State<Identity>,
    Authenticated(caller): Authenticated,
) -> Result<Json<Listed<ApiToken>>> {
    Ok(Json(Listed {
        data: identity.api_tokens(&caller).await?,
    }))
}
