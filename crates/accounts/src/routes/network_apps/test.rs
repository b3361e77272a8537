//! `POST /network-apps/{platform}/test`

use axum::extract::State;
use http_kit::{Authenticated, Json, Path, ProblemResponses, Result};
use networks::Platform;
use serde::Serialize;
use utoipa::ToSchema;

use crate::{Accounts, AppCheck};

#[derive(Serialize, ToSchema)]
#[schema(as = NetworkAppTest)]
pub(in crate::routes) struct Outcome {
    /// Whether accounts can be connected.
    ok: bool,
    /// What was looked at.
    checks: Vec<AppCheck>,
}

/// Test the developer app
///
/// Asks the network whether it knows the app that would be used, and says what is wrong.
#[utoipa::path(
    post,
    path = "/network-apps/{platform}/test",
    operation_id = "testNetworkApp",
    tag = "social accounts",
    params(("platform" = Platform, Path, description = "The network")),
    responses((status = 200, description = "What was found", body = Outcome), ProblemResponses)
)]
pub(in crate::routes) async fn test_network_app(
    State(accounts): State<Accounts>,
    Authenticated(caller): Authenticated,
    Path(platform): Path<Platform>,
) -> Result<Json<Outcome>> {
    let checks = accounts.test_network_app(&caller, platform).await?;
    let ok = checks.iter().all(|check| check.ok);
    Ok(Json(Outcome { ok, checks }))
}
