//! The endpoints, one file each. Paths are relative to `/api/v1`, but for [`media_routes`].

mod contents;
mod media;
mod posts;
mod quotas;

use axum::{Router, extract::DefaultBodyLimit, routing::get};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::Content;

/// Bytes of an upload's form besides the file.
const FORM_BYTES: u64 = 1 << 20;

/// The endpoints of the media library and of posts, and their documentation.
pub fn routes(content: Content) -> OpenApiRouter {
    let largest = content.media.limits.largest();
    // Each kind's own limit is enforced while a file comes in; this one is the outer wall.
    let upload = DefaultBodyLimit::max(usize::try_from(largest + FORM_BYTES).unwrap_or(usize::MAX));
    OpenApiRouter::new()
        .routes(routes!(
            contents::list::list_content,
            contents::create::create_content
        ))
        .layer(upload)
        .routes(routes!(
            contents::get::get_content,
            contents::update::update_content,
            contents::delete::delete_content
        ))
        .routes(routes!(contents::renditions::list_renditions))
        .routes(routes!(posts::list::list_posts))
        .routes(routes!(posts::count::count_posts))
        .routes(routes!(posts::get::get_post))
        .routes(routes!(posts::preflight::preflight))
        .routes(routes!(posts::preflight_stored::preflight_post))
        .routes(routes!(posts::duplicate::duplicate_post))
        .routes(routes!(quotas::list_quotas))
        .with_state(content)
}

/// The signed addresses of files, for the server's root: they need no log-in.
pub fn media_routes(content: Content) -> Router {
    Router::new()
        .route("/media/{tenant}/{id}/{variant}", get(media::serve))
        .with_state(content)
}
