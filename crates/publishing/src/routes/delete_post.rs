//! `DELETE /posts/{id}`

use axum::extract::State;
use axum::http::StatusCode;
use content::PostId;
use http_kit::{Authenticated, Path, ProblemResponses, Result};

use crate::Publishing;

/// Deletes a post from AllIN. What is live on a network stays there.
#[utoipa::path(
    delete,
    path = "/posts/{id}",
    operation_id = "deletePost",
    tag = "posts",
    params(("id" = PostId, Path, description = "The post.")),
    responses((status = 204, description = "It is gone."), ProblemResponses),
)]
pub(super) async fn delete_post(
    State(publishing): State<Publishing>,
    Authenticated(caller): Authenticated,
    Path(id): Path<PostId>,
) -> Result<StatusCode> {
    publishing.delete(&caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
