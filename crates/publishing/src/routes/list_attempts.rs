//! `GET /posts/{id}/attempts`

use axum::extract::State;
use content::PostId;
use http_kit::{Authenticated, Json, Path, ProblemResponses, Result};
use serde::Serialize;
use utoipa::ToSchema;

use crate::actions::Attempt;

use crate::Publishing;

/// The attempts of a post.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Attempts {
    /// The newest first.
    data: Vec<Attempt>,
}

/// Every attempt to publish a post, the newest first.
#[utoipa::path(
    get,
    path = "/posts/{id}/attempts",
    operation_id = "listAttempts",
    tag = "posts",
    params(("id" = PostId, Path, description = "The post.")),
    responses((status = 200, description = "The attempts.", body = Attempts), ProblemResponses),
)]
pub(super) async fn list_attempts(
    State(publishing): State<Publishing>,
    Authenticated(caller): Authenticated,
    Path(id): Path<PostId>,
) -> Result<Json<Attempts>> {
    Ok(Json(Attempts {
        data: publishing.attempts(&caller, id).await?,
    }))
}
