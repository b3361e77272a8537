//! `POST /posts/{id}/schedule`

use axum::extract::State;
use content::{Post, PostId};
use http_kit::{Authenticated, Json, Path, ProblemResponses, Result};

use crate::actions::When;

use crate::Publishing;

/// Schedules a post, or moves one that is scheduled.
#[utoipa::path(
    post,
    path = "/posts/{id}/schedule",
    operation_id = "schedulePost",
    tag = "posts",
    params(("id" = PostId, Path, description = "The post.")),
    request_body = When,
    responses((status = 200, description = "The post.", body = Post), ProblemResponses),
)]
pub(super) async fn schedule_post(
    State(publishing): State<Publishing>,
    Authenticated(caller): Authenticated,
    Path(id): Path<PostId>,
    Json(body): Json<When>,
) -> Result<Json<Post>> {
    Ok(Json(publishing.schedule(&caller, id, &body).await?))
}
