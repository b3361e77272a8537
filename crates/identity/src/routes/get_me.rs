//! `GET /auth/me`

use axum::extract::State;
use http_kit::{Authenticated, Json, ProblemResponses, Result};

use crate::{Identity, Me};

/// Who is logged in, where, and what he may do there
#[utoipa::path(
    get,
    path = "/auth/me",
    operation_id = "getMe",
    tag = "auth",
    responses((status = 200, description = "The caller.", body = Me), ProblemResponses),
)]
pub(super) async fn get_me(
    State(identity): State<Identity>,
    Authenticated(caller): Authenticated,
) -> Result<Json<Me>> {
    Ok(Json(identity.me(&caller).await?))
}
