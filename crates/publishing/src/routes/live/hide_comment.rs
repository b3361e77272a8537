//! `PUT /posts/{id}/targets/{target}/comments/{comment}/hidden`

use axum::{extract::State, http::StatusCode};
use content::{PostId, TargetId};
use http_kit::{Authenticated, Json, Path, ProblemResponses, Result};
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Publishing;

/// Whether a comment is hidden.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::routes) struct CommentHidden {
    /// Whether it is.
    hidden: bool,
}

/// Hide a comment, or show it again
///
/// Hidden comments stay on the network, but the public does not see them.
#[utoipa::path(
    put,
    path = "/posts/{id}/targets/{target}/comments/{comment}/hidden",
    operation_id = "hideComment",
    tag = "posts",
    params(
        ("id" = PostId, Path, description = "The post"),
        ("target" = TargetId, Path, description = "The target"),
        ("comment" = String, Path, description = "The network's id of the comment"),
    ),
    request_body = CommentHidden,
    responses((status = 204, description = "It is done"), ProblemResponses)
)]
pub(in crate::routes) async fn hide_comment(
    State(publishing): State<Publishing>,
    Authenticated(caller): Authenticated,
    Path((id, target, comment)): Path<(PostId, TargetId, String)>,
    Json(input): Json<CommentHidden>,
) -> Result<StatusCode> {
    publishing
        .hide_comment(&caller, id, target, &comment, input.hidden)
        .await?;
    Ok(StatusCode::NO_CONTENT)
}
