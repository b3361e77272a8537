//! `POST /posts/{id}/unpublish`

use axum::extract::State;
use content::{Post, PostId};
use http_kit::{Authenticated, Json, Path, ProblemResponses, Result};

use super::{OneTarget, one_target};

use crate::Publishing;

/// Deletes what is live on the networks: everywhere, or on one account.
#[utoipa::path(
    post,
    path = "/posts/{id}/unpublish",
    operation_id = "unpublishPost",
    tag = "posts",
    params(("id" = PostId, Path, description = "The post.")),
    request_body = Option<OneTarget>,
    responses((status = 200, description = "The post.", body = Post), ProblemResponses),
)]
pub(super) async fn unpublish_post(
    State(publishing): State<Publishing>,
    Authenticated(caller): Authenticated,
    Path(id): Path<PostId>,
    body: Option<Json<OneTarget>>,
) -> Result<Json<Post>> {
    Ok(Json(
        publishing.take_down(&caller, id, one_target(body)).await?,
    ))
}
