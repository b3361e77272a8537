//! `POST /invitations/preview`

use axum::extract::State;
use http_kit::{Json, ProblemResponses, Result};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::{Identity, InvitationPreview};

/// What the link carries.
#[derive(Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct PreviewInvitationRequest {
    token: String,
}

/// What an invitation says, for whoever has its link
#[utoipa::path(
    post,
    path = "/invitations/preview",
    operation_id = "previewInvitation",
    tag = "members",
    security(()),
    request_body = PreviewInvitationRequest,
    responses((status = 200, description = "The invitation.", body = InvitationPreview), ProblemResponses),
)]
pub(super) async fn preview_invitation(
    State(identity): State<Identity>,
    Json(request): Json<PreviewInvitationRequest>,
) -> Result<Json<InvitationPreview>> {
    Ok(Json(identity.preview_invitation(&request.token).await?))
}
