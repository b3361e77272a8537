//! `GET /publish/{id}`

use axum::extract::State;
use content::TargetId;
use http_kit::{Authenticated, Json, Path, ProblemResponses, Result};

use crate::actions::PublishJob;

use crate::Publishing;

/// One publish job.
#[utoipa::path(
    get,
    path = "/publish/{id}",
    operation_id = "getPublishJob",
    tag = "publishing",
    params(("id" = TargetId, Path, description = "The job.")),
    responses((status = 200, description = "The job.", body = PublishJob), ProblemResponses),
)]
pub(super) async fn get_publish_job(
    State(publishing): State<Publishing>,
    Authenticated(caller): Authenticated,
    Path(id): Path<TargetId>,
) -> Result<Json<PublishJob>> {
    Ok(Json(publishing.job(&caller, id).await?))
}
