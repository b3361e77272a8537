//! `POST /posts/{id}/retry`

use axum::extract::State;
use axum::http::StatusCode;
use content::{Post, PostId};
use http_kit::{Authenticated, Json, Path, ProblemResponses, Result};

use super::{OneTarget, one_target};

use crate::Publishing;

/// Tries failed accounts again: all of them, or one.
#[utoipa::path(
    post,
    path = "/posts/{id}/retry",
    operation_id = "retryPost",
    tag = "posts",
    params(("id" = PostId, Path, description = "The post.")),
    request_body = Option<OneTarget>,
    responses((status = 202, description = "It is on its way.", body = Post), ProblemResponses),
)]
pub(super) async fn retry_post(
    State(publishing): State<Publishing>,
    Authenticated(caller): Authenticated,
    Path(id): Path<PostId>,
    body: Option<Json<OneTarget>>,
) -> Result<(StatusCode, Json<Post>)> {
    Ok((
        StatusCode::ACCEPTED,
        Json(publishing.retry(&caller, id, one_target(body)).await?),
    ))
}
