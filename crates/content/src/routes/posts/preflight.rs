use axum::extract::State;
use http_kit::{Authenticated, Json, ProblemResponses, Result};

use crate::{Content, Plan, PreflightReport};

/// Every problem that a post would have
///
/// Changes nothing. Problems of severity `error` would keep it from being scheduled.
#[utoipa::path(
    post,
    path = "/posts/preflight",
    operation_id = "preflight",
    tag = "posts",
    request_body = Plan,
    responses((status = OK, body = PreflightReport), ProblemResponses),
)]
pub(in crate::routes) async fn preflight(
    State(content): State<Content>,
    Authenticated(caller): Authenticated,
    Json(plan): Json<Plan>,
) -> Result<Json<PreflightReport>> {
    Ok(Json(content.preflight_plan(&caller, &plan).await?))
}
