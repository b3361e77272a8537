//! `GET /posts/{id}/targets/{target}/live`

use axum::extract::State;
use content::{PostId, TargetId};
use http_kit::{Authenticated, Json, Path, ProblemResponses, Result};

use crate::actions::LiveView;

use crate::Publishing;

/// A published post as its network shows it
///
/// Asked from the network at this moment.
#[utoipa::path(
    get,
    path = "/posts/{id}/targets/{target}/live",
    operation_id = "getLivePost",
    tag = "posts",
    params(
        ("id" = PostId, Path, description = "The post"),
        ("target" = TargetId, Path, description = "The target"),
    ),
    responses((status = 200, description = "What the network shows", body = LiveView), ProblemResponses)
)]
pub(in crate::routes) async fn get_live_post(
    State(publishing): State<Publishing>,
    Authenticated(caller): Authenticated,
    Path((id, target)): Path<(PostId, TargetId)>,
) -> Result<Json<LiveView>> {
    Ok(Json(publishing.live_post(&caller, id, target).await?))
}
