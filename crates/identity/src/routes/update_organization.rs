//! `PATCH /organizations/current`

use axum::extract::State;
use http_kit::{Authenticated, Json, ProblemResponses, Result};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{Identity, MissedPolicy, Organization, OrganizationChange};

/// What is to change; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct UpdateOrganizationRequest {
    #[schema(max_length = 120)]
    name: Option<String>,
    /// The time zone by its IANA name.
    #[schema(examples("Europe/London"))]
    time_zone: Option<String>,
    missed_policy: Option<MissedPolicy>,
}

/// Change the organisation's settings
#[utoipa::path(
    patch,
    path = "/organizations/current",
    operation_id = "updateOrganization",
    tag = "organizations",
    request_body = UpdateOrganizationRequest,
    responses((status = 200, description = "The organisation, changed.", body = Organization), ProblemResponses),
)]
pub(super) async fn update_organization(
    State(identity): State<Identity>,
    Authenticated(caller): Authenticated,
    Json(request): Json<UpdateOrganizationRequest>,
) -> Result<Json<Organization>> {
    let UpdateOrganizationRequest {
        name,
        time_zone,
        missed_policy,
    } = request;
    let change = OrganizationChange {
        name,
        time_zone,
        missed_policy,
    };
    Ok(Json(identity.update_organization(&caller, change).await?))
}
