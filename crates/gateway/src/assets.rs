//! The web UI, out of the binary.

use axum::{
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use http_kit::Failure;
use kernel::{Code, Problem};

/// A file with a hash in its name never changes.
const FOREVER: &str = "public, max-age=31536000, immutable";
/// A page is asked for anew each time, and answered in short where it has not changed.
const REVALIDATE: &str = "no-cache";

/// A file of the UI; every other address is a page of it, which the browser's router knows.
pub(crate) async fn serve(uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    if path.starts_with("api/") {
        return Failure::from(Problem::new(
            Code::NotFound,
            "There is no such endpoint. See /api/docs.",
        ))
        .into_response();
    }
    if let Some(file) = webui::file(path) {
        return answer(&file, &headers, path.starts_with("assets/"));
    }
    // A file that is missing must not be answered with a page: a browser would run it as script.
    let is_file = path
        .rsplit('/')
        .next()
        .is_some_and(|name| name.contains('.'));
    match webui::file("index.html") {
        Some(page) if !is_file => answer(&page, &headers, false),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

fn answer(file: &webui::File, headers: &HeaderMap, hashed: bool) -> Response {
    let etag = format!("\"{}\"", file.hash());
    let cache = if hashed { FOREVER } else { REVALIDATE };
    let cache = (header::CACHE_CONTROL, HeaderValue::from_static(cache));
    if headers
        .get(header::IF_NONE_MATCH)
        .is_some_and(|known| known.as_bytes() == etag.as_bytes())
    {
        return (StatusCode::NOT_MODIFIED, [cache]).into_response();
    }
    let mut response = ([cache], file.bytes().clone()).into_response();
    let headers = response.headers_mut();
    if let Ok(kind) = HeaderValue::from_str(file.media_type()) {
        headers.insert(header::CONTENT_TYPE, kind);
    }
    if let Ok(etag) = HeaderValue::from_str(&etag) {
        headers.insert(header::ETAG, etag);
    }
    response
}
