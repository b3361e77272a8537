//! What every request passes.

mod idempotency;
mod identify;
mod limit;
mod observe;

use std::time::Duration;

use axum::{
    body::Body,
    extract::{Request, State},
    http::{HeaderValue, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use http_kit::Failure;
use kernel::{Code, Problem};

pub(crate) use idempotency::idempotency;
pub use identify::TrustedProxies;
pub(crate) use identify::identify;
pub use limit::Limits;
pub(crate) use limit::{Limiter, limit_address, limit_person};
pub(crate) use observe::observe;

/// Scripts, styles and requests come from here alone. Images may come from the networks (an
/// account's picture) and from files that are being uploaded. The documentation page's viewer
/// writes its styles into the page, hence the exception for styles.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; img-src 'self' https: data: blob:; \
     media-src 'self' blob:; style-src 'self' 'unsafe-inline'; object-src 'none'; base-uri 'none'; \
     form-action 'self'; frame-ancestors 'none'";

/// The same for a server that is reached without TLS.
const CONTENT_SECURITY_POLICY_PLAIN: &str = "default-src 'self'; img-src 'self' https: http: data: \
     blob:; media-src 'self' blob:; style-src 'self' 'unsafe-inline'; object-src 'none'; \
     base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// A request that takes longer is given up; an upload takes as long as its line needs.
const TIMEOUT: Duration = Duration::from_mins(1);

/// Gives up on requests that take too long.
pub(crate) async fn give_up(request: Request, next: Next) -> Response {
    let content_type = request.headers().get(header::CONTENT_TYPE);
    if content_type.is_some_and(|kind| kind.as_bytes().starts_with(b"multipart/")) {
        return next.run(request).await;
    }
    tokio::time::timeout(TIMEOUT, next.run(request))
        .await
        .unwrap_or_else(|_| {
            Failure::from(Problem::new(
                Code::Unavailable,
                "The server took too long. Look whether it was done before you try again.",
            ))
            .into_response()
        })
}

/// Headers that make browsers careful.
pub(crate) async fn security_headers(
    State(https): State<bool>,
    request: Request,
    next: Next,
) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    // Without TLS of our own, a network's pictures may come without it, too (a server at home).
    let policy = if https {
        CONTENT_SECURITY_POLICY
    } else {
        CONTENT_SECURITY_POLICY_PLAIN
    };
    // Uploaded files bring a stricter policy of their own.
    headers
        .entry(header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static(policy));
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("same-origin"),
    );
    if https {
        headers.insert(
            header::STRICT_TRANSPORT_SECURITY,
            HeaderValue::from_static("max-age=31536000"),
        );
    }
    response
}

/// No endpoint has this address.
pub(crate) async fn not_found() -> Failure {
    Problem::new(Code::NotFound, "There is no such endpoint. See /api/docs.").into()
}

/// The endpoint exists, with other methods.
pub(crate) async fn method_not_allowed() -> Failure {
    Problem::new(
        Code::MethodNotAllowed,
        "This address does not take this method. See /api/docs.",
    )
    .into()
}

/// A handler panicked: a fault of ours, answered like every other.
#[expect(clippy::needless_pass_by_value, reason = "the layer's signature")]
pub(crate) fn panicked(panic: Box<dyn std::any::Any + Send>) -> Response<Body> {
    let words = panic
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string))
        .unwrap_or_else(|| "a panic without words".to_owned());
    Failure::from(Problem::internal(words)).into_response()
}
