//! `DELETE /members/{id}`

use axum::{extract::State, http::StatusCode};
use http_kit::{Authenticated, Path, ProblemResponses, Result};
use kernel::PersonId;

use crate::Identity;

/// Remove a member, or leave the organisation
#[utoipa::path(
    delete,
    path = "/members/{id}",
    operation_id = "removeMember",
    tag = "members",
    params(("id" = PersonId, Path, description = "The person.")),
    responses((status = 204, description = "Removed."), ProblemResponses),
)]
pub(super) async fn remove_member(
    State(identity): State<Identity>,
    Authenticated(caller): Authenticated,
    Path(id): Path<PersonId>,
) -> Result<StatusCode> {
    identity.remove_member(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
