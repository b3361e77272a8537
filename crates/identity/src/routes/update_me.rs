//! `PATCH /auth/me`

use axum::extract::State;
use http_kit::{Authenticated, Json, ProblemResponses, Result};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{Identity, Me};

/// What is to change; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct UpdateMeRequest {
    #[schema(max_length = 120)]
    name: Option<String>,
}

/// Change what the caller is called
#[utoipa::path(
    patch,
    path = "/auth/me",
    operation_id = "updateMe",
    tag = "auth",
    request_body = UpdateMeRequest,
    responses((status = 200, description = "The caller, changed.", body = Me), ProblemResponses),
)]
pub(super) async fn update_me(
    State(identity): State<Identity>,
    Authenticated(caller): Authenticated,
    Json(request): Json<UpdateMeRequest>,
) -> Result<Json<Me>> {
    Ok(Json(
        identity.rename_me(&caller, request.name.as_deref()).await?,
    ))
}
