//! `POST /invitations`

use axum::{extract::State, http::StatusCode};
use http_kit::{Authenticated, Json, ProblemResponses, Result};
use kernel::Role;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{Identity, NewInvitation};

/// Who is invited, and as what.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct CreateInvitationRequest {
    #[schema(format = Email, examples("grace@example.org"))]
    email: String,
    /// `editor` is taken as `publisher`.
    #[schema(value_type = Role)]
    role: String,
}

/// Invite somebody by link
///
/// The link is shown this once and works for seven days. An earlier invitation of the same e-mail is replaced.
#[utoipa::path(
    post,
    path = "/invitations",
    operation_id = "createInvitation",
    tag = "members",
    request_body = CreateInvitationRequest,
    responses((status = 201, description = "The invitation with its link.", body = NewInvitation), ProblemResponses),
)]
pub(super) async fn create_invitation(
    State(identity): State<Identity>,
    Authenticated(caller): Authenticated,
    Json(request): Json<CreateInvitationRequest>,
) -> Result<(StatusCode, Json<NewInvitation>)> {
    let invitation = identity
        .invite(&caller, &request.email, &request.role)
        .await?;
    Ok((StatusCode::CREATED, Json(invitation)))
}
