//! `GET /organizations/current`

use axum::extract::State;
use http_kit::{Authenticated, Json, ProblemResponses, Result};

use crate::{Identity, Organization};

/// The organisation that the caller acts for
#[utoipa::path(
    get,
    path = "/organizations/current",
    operation_id = "getOrganization",
    tag = "organizations",
    responses((status = 200, description = "The organisation.", body = Organization), ProblemResponses),
)]
pub(super) async fn get_organization(
    State(identity): State<Identity>,
    Authenticated(caller): Authenticated,
) -> Result<Json<Organization>> {
    Ok(Json(identity.organization(&caller).await?))
}
