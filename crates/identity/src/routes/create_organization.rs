//! `POST /organizations`

use axum::{extract::State, http::StatusCode};
use http_kit::{Authenticated, Json, ProblemResponses, Result};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{Identity, Organization};

/// A new organisation.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct CreateOrganizationRequest {
    #[schema(max_length = 120)]
    name: String,
    /// The time zone by its IANA name; UTC if left out.
    #[schema(examples("Europe/London"))]
    time_zone: Option<String>,
}

/// Found another organisation, which the caller owns
#[utoipa::path(
    post,
    path = "/organizations",
    operation_id = "createOrganization",
    tag = "organizations",
    request_body = CreateOrganizationRequest,
    responses((status = 201, description = "Founded.", body = Organization), ProblemResponses),
)]
pub(super) async fn create_organization(
    State(identity): State<Identity>,
    Authenticated(caller): Authenticated,
    Json(request): Json<CreateOrganizationRequest>,
) -> Result<(StatusCode, Json<Organization>)> {
    let time_zone = request.time_zone.as_deref();
    let organization = identity
        .create_organization(&caller, &request.name, time_zone)
        .await?;
    Ok((StatusCode::CREATED, Json(organization)))
}
