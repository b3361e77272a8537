//! Counts and times every request, and logs it once.

use std::time::Instant;

use axum::{
    extract::{MatchedPath, Request},
    middleware::Next,
    response::Response,
};
use http_kit::RequestId;

/// The route pattern rather than the path: paths hold ids, and media addresses hold signatures.
pub(crate) async fn observe(request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = request.method().clone();
    let route = request
        .extensions()
        .get::<MatchedPath>()
        .map_or("(assets)", MatchedPath::as_str)
        .to_owned();
    let request_id = request
        .extensions()
        .get::<RequestId>()
        .map(|RequestId(id)| id.clone());
    let response = next.run(request).await;
    let status = response.status().as_u16();
    let took = began.elapsed();
    let labels = [
        ("method", method.to_string()),
        ("route", route.clone()),
        ("status", status.to_string()),
    ];
    metrics::counter!("allin_http_requests_total", &labels).increment(1);
    metrics::histogram!("allin_http_request_seconds", "route" => route.clone())
        .record(took.as_secs_f64());
    tracing::debug!(%method, route, status, took_ms = took.as_millis(), request_id, "request");
    response
}
