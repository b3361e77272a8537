//! `POST /posts/{id}/publish`

use axum::extract::State;
use axum::http::StatusCode;
use content::{Post, PostId};
use http_kit::{Authenticated, Json, Path, ProblemResponses, Result};

use crate::Publishing;

/// Publishes a post now.
#[utoipa::path(
    post,
    path = "/posts/{id}/publish",
    operation_id = "publishPost",
    tag = "posts",
    params(("id" = PostId, Path, description = "The post.")),
    responses((status = 202, description = "It is on its way.", body = Post), ProblemResponses),
)]
pub(super) async fn publish_post(
    State(publishing): State<Publishing>,
    Authenticated(caller): Authenticated,
    Path(id): Path<PostId>,
) -> Result<(StatusCode, Json<Post>)> {
    Ok((
        StatusCode::ACCEPTED,
        Json(publishing.publish_now(&caller, id).await?),
    ))
}
