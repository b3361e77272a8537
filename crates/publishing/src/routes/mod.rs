//! The HTTP routes: one endpoint, one file.

mod cancel_post;
mod create_post;
mod delete_post;
mod get_publish_job;
mod list_attempts;
mod live;
mod publish_content;
mod publish_post;
mod resolve_target;
mod retry_post;
mod schedule_post;
mod unpublish_post;
mod update_post;

use content::TargetId;
use http_kit::Json;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::Publishing;

/// One target of a post, or all of them.
#[derive(Clone, Copy, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
struct OneTarget {
    /// The target; left out, all of them.
    target_id: Option<TargetId>,
}

/// Which page of comments is asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct CommentCursor {
    /// Where the page begins: an earlier page's `next`.
    cursor: Option<String>,
}

/// The target that an optional body names.
fn one_target(body: Option<Json<OneTarget>>) -> Option<TargetId> {
    body.and_then(|Json(one)| one.target_id)
}

/// The routes, without the `/api/v1` before them.
pub fn routes(publishing: Publishing) -> OpenApiRouter {
    OpenApiRouter::new()
        .routes(routes!(cancel_post::cancel_post))
        .routes(routes!(create_post::create_post))
        .routes(routes!(delete_post::delete_post))
        .routes(routes!(get_publish_job::get_publish_job))
        .routes(routes!(list_attempts::list_attempts))
        .routes(routes!(live::get_live_post::get_live_post))
        .routes(routes!(live::get_numbers::get_numbers))
        .routes(routes!(live::list_comments::list_comments))
        .routes(routes!(live::reply_to_comment::reply_to_comment))
        .routes(routes!(live::hide_comment::hide_comment))
        .routes(routes!(publish_content::publish_content))
        .routes(routes!(publish_post::publish_post))
        .routes(routes!(resolve_target::resolve_target))
        .routes(routes!(retry_post::retry_post))
        .routes(routes!(schedule_post::schedule_post))
        .routes(routes!(unpublish_post::unpublish_post))
        .routes(routes!(update_post::update_post))
        .with_state(publishing)
}
