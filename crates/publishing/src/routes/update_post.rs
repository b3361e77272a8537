//! `PATCH /posts/{id}`

use axum::extract::State;
use content::{Post, PostChanges, PostId};
use http_kit::{Authenticated, Json, Path, ProblemResponses, Result};

use crate::Publishing;

/// Edits a post.
///
/// `version` is the one that was read; if somebody changed the post since, the answer is
/// `VERSION_CONFLICT`. A scheduled post stays scheduled and must pass preflight again.
#[utoipa::path(
    patch,
    path = "/posts/{id}",
    operation_id = "updatePost",
    tag = "posts",
    params(("id" = PostId, Path, description = "The post.")),
    request_body = PostChanges,
    responses((status = 200, description = "The post.", body = Post), ProblemResponses),
)]
pub(super) async fn update_post(
    State(publishing): State<Publishing>,
    Authenticated(caller): Authenticated,
    Path(id): Path<PostId>,
    Json(body): Json<PostChanges>,
) -> Result<Json<Post>> {
    Ok(Json(publishing.update(&caller, id, body).await?))
}
