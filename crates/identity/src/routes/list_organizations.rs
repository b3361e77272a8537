//! `GET /organizations`

use axum::extract::State;
use http_kit::{Authenticated, Json, ProblemResponses, Result};

use super::Listed;
use crate::{Identity, OrganizationRef};

/// The organisations that the caller may act for
#[utoipa::path(
    get,
    path = "/organizations",
    operation_id = "listOrganizations",
    tag = "organizations",
    responses((status = 200, description = "The organisations.", body = Listed<OrganizationRef>), ProblemResponses),
)]
pub(super) async fn list_organizations(
    State(identity): State<Identity>,
    Authenticated(caller): Authenticated,
) -> Result<Json<Listed<OrganizationRef>>> {
    Ok(Json(Listed {
        data: identity.organizations(&caller).await?,
    }))
}
