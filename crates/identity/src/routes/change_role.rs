//! `PATCH /members/{id}`

use axum::extract::State;
use http_kit::{Authenticated, Json, Path, ProblemResponses, Result};
use kernel::{PersonId, Role};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{Identity, Member};

/// What the member is to be.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct ChangeRoleRequest {
    /// `editor` is taken as `publisher`.
    #[schema(value_type = Role)]
    role: String,
}

/// Give a member another role
#[utoipa::path(
    patch,
    path = "/members/{id}",
    operation_id = "changeRole",
    tag = "members",
    params(("id" = PersonId, Path, description = "The person.")),
    request_body = ChangeRoleRequest,
    responses((status = 200, description = "The member, changed.", body = Member), ProblemResponses),
)]
pub(super) async fn change_role(
    State(identity): State<Identity>,
    Authenticated(caller): Authenticated,
    Path(id): Path<PersonId>,
    Json(request): Json<ChangeRoleRequest>,
) -> Result<Json<Member>> {
    Ok(Json(
        identity.change_role(&caller, id, &request.role).await?,
    ))
}
