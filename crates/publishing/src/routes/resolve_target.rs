//! `POST /posts/{id}/resolve`

use axum::extract::State;
use content::{Post, PostId};
use http_kit::{Authenticated, Json, Path, ProblemResponses, Result};

use crate::actions::Resolve;

use crate::Publishing;

/// Decides about an account of which nobody could tell whether the post is live.
#[utoipa::path(
    post,
    path = "/posts/{id}/resolve",
    operation_id = "resolveTarget",
    tag = "posts",
    params(("id" = PostId, Path, description = "The post.")),
    request_body = Resolve,
    responses((status = 200, description = "The post.", body = Post), ProblemResponses),
)]
pub(super) async fn resolve_target(
    State(publishing): State<Publishing>,
    Authenticated(caller): Authenticated,
    Path(id): Path<PostId>,
    Json(body): Json<Resolve>,
) -> Result<Json<Post>> {
    Ok(Json(publishing.resolve(&caller, id, body).await?))
}
