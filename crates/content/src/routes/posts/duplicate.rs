use axum::{extract::State, http::StatusCode};
use http_kit::{Authenticated, Json, Path, ProblemResponses, Result};

use crate::{Content, Post, PostId};

/// Copy a post as a new draft
///
/// Accounts and files that are gone are left out.
#[utoipa::path(
    post,
    path = "/posts/{id}/duplicate",
    operation_id = "duplicatePost",
    tag = "posts",
    params(("id" = PostId, Path, description = "The post to copy")),
    responses((status = CREATED, body = Post), ProblemResponses),
)]
pub(in crate::routes) async fn duplicate_post(
    State(content): State<Content>,
    Authenticated(caller): Authenticated,
    Path(id): Path<PostId>,
) -> Result<(StatusCode, Json<Post>)> {
    Ok((
        StatusCode::CREATED,
        Json(content.duplicate(&caller, id).await?),
    ))
}
