//! `GET /invitations`

use axum::extract::State;
use http_kit::{Authenticated, Json, ProblemResponses, Result};

use super::Listed;
use crate::{Identity, Invitation};

/// The invitations that were not accepted yet
#[utoipa::path(
    get,
    path = "/invitations",
    operation_id = "listInvitations",
    tag = "members",
    responses((status = 200, description = "The invitations.", body = Listed<Invitation>), ProblemResponses),
)]
pub(super) async fn list_invitations(
    State(identity): State<Identity>,
    Authenticated(caller): Authenticated,
) -> Result<Json<Listed<Invitation>>> {
    Ok(Json(Listed {
        data: identity.invitations(&caller).await?,
    }))
}
