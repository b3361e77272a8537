//! What every request under `/rest` needs: marketing/versioning.

use axum::{
    extract::Request,
    http::{HeaderMap, StatusCode},
    middleware::Next,
    response::{IntoResponse, Response},
};

use super::refusal;
use crate::kit::Answer;

/// The versions that are served: a year back from the newest that is known.
const OLDEST: u32 = 202_510;
const NEWEST: u32 = 202_609;

/// `LinkedIn-Version: YYYYMM` and `X-Restli-Protocol-Version: 2.0.0`.
pub(super) async fn headers(request: Request, next: Next) -> Response {
    match check(request.headers()) {
        Ok(()) => next.run(request).await,
        Err(refusal) => refusal.into_response(),
    }
}

fn check(headers: &HeaderMap) -> Answer<()> {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let Some(version) = header("linkedin-version") else {
        return Err(refusal::bad(
            "VERSION_MISSING",
            "A version must be present. Please specify a version by adding the LinkedIn-Version header.",
        ));
    };
    let served = version
        .parse::<u32>()
        .is_ok_and(|version| (OLDEST..=NEWEST).contains(&version));
    if !served {
        return Err(refusal::new(
            StatusCode::UPGRADE_REQUIRED,
            "NONEXISTENT_VERSION",
            None,
            &format!("Requested version {version} is not active"),
        ));
    }
    if header("x-restli-protocol-version") != Some("2.0.0") {
        return Err(refusal::bad(
            "INVALID_HEADER",
            "X-RestLi-Protocol-Version must be 2.0.0",
        ));
    }
    Ok(())
}
