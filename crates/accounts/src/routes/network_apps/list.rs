//! `GET /network-apps`

use axum::extract::State;
use http_kit::{Authenticated, Json, ProblemResponses, Result};

use crate::{Accounts, NetworkApp, routes::List};

/// Developer apps
///
/// How the app of each network that needs one is set up, and what to register with the network.
#[utoipa::path(
    get,
    path = "/network-apps",
    operation_id = "listNetworkApps",
    tag = "social accounts",
    responses((status = 200, description = "One row per network", body = List<NetworkApp>), ProblemResponses)
)]
pub(in crate::routes) async fn list_network_apps(
    State(accounts): State<Accounts>,
    Authenticated(caller): Authenticated,
) -> Result<Json<List<NetworkApp>>> {
    let data = accounts.network_apps(&caller).await?;
    Ok(Json(List { data }))
}
