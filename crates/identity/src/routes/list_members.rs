//! `GET /members`

use axum::extract::State;
use http_kit::{Authenticated, Json, ProblemResponses, Result};

use super::Listed;
use crate::{Identity, Member};

/// The members of the organisation
#[utoipa::path(
    get,
    path = "/members",
    operation_id = "listMembers",
    tag = "members",
    responses((status = 200, description = "The members.", body = Listed<Member>), ProblemResponses),
)]
pub(super) async fn list_members(
    State(identity): State<Identity>,
    Authenticated(caller): Authenticated,
) -> Result<Json<Listed<Member>>> {
    Ok(Json(Listed {
        data: identity.members(&caller).await?,
    }))
}
