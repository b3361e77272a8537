//! `POST /auth/switch`

use axum::{extract::State, response::IntoResponse};
use http_kit::{Authenticated, Json, ProblemResponses, Result};
use kernel::TenantId;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{AuthResponse, authenticated};
use crate::Identity;

/// Where to go on.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct SwitchRequest {
    organization_id: TenantId,
}

/// Go on in another organisation
#[utoipa::path(
    post,
    path = "/auth/switch",
    operation_id = "switchOrganization",
    tag = "auth",
    request_body = SwitchRequest,
    responses((status = 200, description = "Tokens for that organisation.", body = AuthResponse), ProblemResponses),
)]
pub(super) async fn switch_organization(
    State(identity): State<Identity>,
    Authenticated(caller): Authenticated,
    Json(request): Json<SwitchRequest>,
) -> Result<impl IntoResponse> {
    let grant = identity.switch(&caller, request.organization_id).await?;
    Ok(authenticated(&identity, grant))
}
