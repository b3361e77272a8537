//! `POST /auth/logout`

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::IntoResponse,
};
use axum_extra::extract::CookieJar;
use http_kit::{Authenticated, ProblemResponses, Result};

use crate::{Identity, cookies};

/// End the session
#[utoipa::path(
    post,
    path = "/auth/logout",
    operation_id = "logOut",
    tag = "auth",
    responses((status = 204, description = "The session is over."), ProblemResponses),
)]
pub(super) async fn log_out(
    State(identity): State<Identity>,
    caller: Option<Authenticated>,
    jar: CookieJar,
    headers: HeaderMap,
) -> Result<impl IntoResponse> {
    let caller = caller.map(|Authenticated(caller)| caller);
    let presented = cookies::presented(&jar, &headers, None);
    identity.log_out(caller.as_ref(), presented).await?;
    Ok((
        cookies::clear(identity.cookies_secure()),
        StatusCode::NO_CONTENT,
    ))
}
