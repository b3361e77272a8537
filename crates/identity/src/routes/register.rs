//! `POST /auth/register`

use axum::{extract::State, http::StatusCode, response::IntoResponse};
use http_kit::{Json, ProblemResponses, Result};
use secrecy::SecretString;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{AuthResponse, authenticated};
use crate::{Identity, Newcomer, Transport};

/// Who registers, and the organisation that he founds.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct RegisterRequest {
    #[schema(format = Email, examples("ada@example.org"))]
    email: String,
    /// At least 8 characters with an upper-case and a lower-case letter, a digit and a special
    /// character, without the e-mail's name.
    #[schema(value_type = String, format = Password, min_length = 8, max_length = 256)]
    password: SecretString,
    #[schema(max_length = 120, examples("Ada Lovelace"))]
    name: String,
    /// The organisation's name.
    #[schema(max_length = 120, examples("Analytical Engines"))]
    tenant_name: String,
    /// The organisation's time zone by its IANA name; UTC if left out.
    #[schema(examples("Europe/London"))]
    time_zone: Option<String>,
    /// How the tokens are carried; `bearer` if left out.
    transport: Option<Transport>,
}

/// Register a person who founds an organisation, and log him in
#[utoipa::path(
    post,
    path = "/auth/register",
    operation_id = "register",
    tag = "auth",
    security(()),
    request_body = RegisterRequest,
    responses((status = 201, description = "Registered and logged in.", body = AuthResponse), ProblemResponses),
)]
pub(super) async fn register(
    State(identity): State<Identity>,
    Json(request): Json<RegisterRequest>,
) -> Result<impl IntoResponse> {
    let transport = request.transport.unwrap_or(Transport::Bearer);
    let newcomer = Newcomer {
        email: request.email,
        password: request.password,
        name: request.name,
        tenant_name: request.tenant_name,
        time_zone: request.time_zone,
    };
    let grant = identity.register(newcomer, transport).await?;
    Ok((StatusCode::CREATED, authenticated(&identity, grant)))
}
