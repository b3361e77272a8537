//! `PUT /network-apps/{platform}`

use axum::{extract::State, http::StatusCode};
use http_kit::{Authenticated, Json, Path, ProblemResponses, Result};
use networks::Platform;

use crate::{Accounts, NewNetworkApp};

/// Set the organisation's developer app
///
/// The secret is stored encrypted and never shown again.
#[utoipa::path(
    put,
    path = "/network-apps/{platform}",
    operation_id = "setNetworkApp",
    tag = "social accounts",
    params(("platform" = Platform, Path, description = "The network")),
    request_body = NewNetworkApp,
    responses((status = 204, description = "It is set"), ProblemResponses)
)]
pub(in crate::routes) async fn set_network_app(
    State(accounts): State<Accounts>,
    Authenticated(caller): Authenticated,
    Path(platform): Path<Platform>,
    Json(app): Json<NewNetworkApp>,
) -> Result<StatusCode> {
    accounts.set_network_app(&caller, platform, app).await?;
    Ok(StatusCode::NO_CONTENT)
}
