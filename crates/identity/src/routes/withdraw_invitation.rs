//! `DELETE /invitations/{id}`

use axum::{extract::State, http::StatusCode};
use http_kit::{Authenticated, Path, ProblemResponses, Result};

use crate::{Identity, InvitationId};

/// Take an invitation back; its link stops working
#[utoipa::path(
    delete,
    path = "/invitations/{id}",
    operation_id = "withdrawInvitation",
    tag = "members",
    params(("id" = InvitationId, Path, description = "The invitation.")),
    responses((status = 204, description = "Withdrawn."), ProblemResponses),
)]
pub(super) async fn withdraw_invitation(
    State(identity): State<Identity>,
    Authenticated(caller): Authenticated,
    Path(id): Path<InvitationId>,
) -> Result<StatusCode> {
    identity.withdraw(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
