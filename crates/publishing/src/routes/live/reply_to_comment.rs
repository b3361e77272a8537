//! `POST /posts/{id}/targets/{target}/comments/{comment}/replies`

use axum::{extract::State, http::StatusCode};
use content::{PostId, TargetId};
use http_kit::{Authenticated, Json, Path, ProblemResponses, Result};
use networks::connector::Comment;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::Publishing;

/// An answer to a comment.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::routes) struct NewReply {
    /// What it says.
    text: String,
}

/// Answer a comment
///
/// As the account. Everybody can read it.
#[utoipa::path(
    post,
    path = "/posts/{id}/targets/{target}/comments/{comment}/replies",
    operation_id = "replyToComment",
    tag = "posts",
    params(
        ("id" = PostId, Path, description = "The post"),
        ("target" = TargetId, Path, description = "The target"),
        ("comment" = String, Path, description = "The network's id of the comment"),
    ),
    request_body = NewReply,
    responses((status = 201, description = "The answer", body = Comment), ProblemResponses)
)]
pub(in crate::routes) async fn reply_to_comment(
    State(publishing): State<Publishing>,
    Authenticated(caller): Authenticated,
    Path((id, target, comment)): Path<(PostId, TargetId, String)>,
    Json(input): Json<NewReply>,
) -> Result<(StatusCode, Json<Comment>)> {
    let comment = publishing
        .reply(&caller, id, target, &comment, &input.text)
        .await?;
    Ok((StatusCode::CREATED, Json(comment)))
}
