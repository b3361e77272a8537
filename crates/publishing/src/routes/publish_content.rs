//! `POST /publish`

use axum::extract::State;
use axum::http::StatusCode;
use http_kit::{Authenticated, Json, ProblemResponses, Result};
use serde::Serialize;
use utoipa::ToSchema;

use crate::actions::{PublishContent, PublishJob};

use crate::Publishing;

/// The jobs of a post.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PublishJobs {
    /// One for each account.
    jobs: Vec<PublishJob>,
}

/// Publishes one library item on several accounts, now or later.
///
/// The short way: it makes a post of the item and its `metadata`. `/posts` is the full interface.
#[utoipa::path(
    post,
    path = "/publish",
    operation_id = "publishContent",
    tag = "publishing",
    request_body = PublishContent,
    responses((status = 202, description = "One job for each account.", body = PublishJobs), ProblemResponses),
)]
pub(super) async fn publish_content(
    State(publishing): State<Publishing>,
    Authenticated(caller): Authenticated,
    Json(body): Json<PublishContent>,
) -> Result<(StatusCode, Json<PublishJobs>)> {
    Ok((
        StatusCode::ACCEPTED,
        Json(PublishJobs {
            jobs: publishing.publish_content(&caller, body).await?,
        }),
    ))
}
