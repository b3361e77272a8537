//! `POST /auth/password`

use axum::{extract::State, http::StatusCode};
use http_kit::{Authenticated, Json, ProblemResponses, Result};
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Identity;

/// The old password and the new one.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ChangePasswordRequest {
    #[schema(value_type = String, format = Password)]
    current_password: SecretString,
    #[schema(value_type = String, format = Password, min_length = 8, max_length = 256)]
    new_password: SecretString,
}

/// Change the caller's password; his other sessions end
#[utoipa::path(
    post,
    path = "/auth/password",
    operation_id = "changePassword",
    tag = "auth",
    request_body = ChangePasswordRequest,
    responses((status = 204, description = "Changed."), ProblemResponses),
)]
pub(super) async fn change_password(
    State(identity): State<Identity>,
    Authenticated(caller): Authenticated,
    Json(request): Json<ChangePasswordRequest>,
) -> Result<StatusCode> {
    identity
        .change_password(&caller, request.current_password, request.new_password)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
