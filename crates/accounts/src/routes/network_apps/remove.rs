//! `DELETE /network-apps/{platform}`

use axum::{extract::State, http::StatusCode};
use http_kit::{Authenticated, Path, ProblemResponses, Result};
use networks::Platform;

use crate::Accounts;

/// Remove the organisation's developer app
///
/// The installation's own app is used from then on, if there is one. Accounts that were connected
/// with the removed app must be connected again once their access runs out.
#[utoipa::path(
    delete,
    path = "/network-apps/{platform}",
    operation_id = "removeNetworkApp",
    tag = "social accounts",
    params(("platform" = Platform, Path, description = "The network")),
    responses((status = 204, description = "It is removed"), ProblemResponses)
)]
pub(in crate::routes) async fn remove_network_app(
    State(accounts): State<Accounts>,
    Authenticated(caller): Authenticated,
    Path(platform): Path<Platform>,
) -> Result<StatusCode> {
    accounts.remove_network_app(&caller, platform).await?;
    Ok(StatusCode::NO_CONTENT)
}
