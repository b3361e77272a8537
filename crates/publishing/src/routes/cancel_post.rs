//! `POST /posts/{id}/cancel`

use axum::extract::State;
use content::{Post, PostId};
use http_kit::{Authenticated, Json, Path, ProblemResponses, Result};

use crate::Publishing;

/// Takes a scheduled post out of the queue.
#[utoipa::path(
    post,
    path = "/posts/{id}/cancel",
    operation_id = "cancelPost",
    tag = "posts",
    params(("id" = PostId, Path, description = "The post.")),
    responses((status = 200, description = "The post.", body = Post), ProblemResponses),
)]
pub(super) async fn cancel_post(
    State(publishing): State<Publishing>,
    Authenticated(caller): Authenticated,
    Path(id): Path<PostId>,
) -> Result<Json<Post>> {
    Ok(Json(publishing.cancel(&caller, id).await?))
}
