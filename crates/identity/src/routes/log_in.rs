//! `POST /auth/login`

use axum::{extract::State, response::IntoResponse};
use http_kit::{ClientIp, Json, ProblemResponses, Result};
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{AuthResponse, authenticated};
use crate::{Identity, Transport};

/// Who logs in.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct LogInRequest {
    #[schema(format = Email, examples("ada@example.org"))]
    email: String,
    #[schema(value_type = String, format = Password)]
    password: SecretString,
    /// How the tokens are carried; `bearer` if left out.
    transport: Option<Transport>,
}

/// Log in
///
/// After several failures the e-mail, or the client's address, is locked for a while.
#[utoipa::path(
    post,
    path = "/auth/login",
    operation_id = "logIn",
    tag = "auth",
    security(()),
    request_body = LogInRequest,
    responses((status = 200, description = "Logged in.", body = AuthResponse), ProblemResponses),
)]
pub(super) async fn log_in(
    State(identity): State<Identity>,
    ClientIp(address): ClientIp,
    Json(request): Json<LogInRequest>,
) -> Result<impl IntoResponse> {
    let transport = request.transport.unwrap_or(Transport::Bearer);
    let grant = identity
        .log_in(&request.email, request.password, transport, Some(address))
        .await?;
    Ok(authenticated(&identity, grant))
}
