//! `POST /social-accounts`

use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use http_kit::{Authenticated, Json, ProblemResponses, Result};

use super::AuthUrl;
use crate::{Accounts, ConnectInput, Connected, SocialAccount};

/// Connect an account
///
/// With an app password the account is connected at once. Otherwise the answer holds the page of
/// the network to send the browser to; it comes back to `/oauth/callback`. An account that is
/// connected already gets the new credentials and keeps its id.
#[utoipa::path(
    post,
    path = "/social-accounts",
    operation_id = "connectSocialAccount",
    tag = "social accounts",
    request_body = ConnectInput,
    responses(
        (status = 201, description = "The account is connected", body = SocialAccount),
        (status = 200, description = "The person must say yes on the network's page", body = AuthUrl),
        ProblemResponses,
    )
)]
pub(super) async fn connect_account(
    State(accounts): State<Accounts>,
    Authenticated(caller): Authenticated,
    Json(input): Json<ConnectInput>,
) -> Result<Response> {
    Ok(match accounts.connect(&caller, input).await? {
        Connected::Account(account) => (StatusCode::CREATED, Json(account)).into_response(),
        Connected::Redirect(auth_url) => Json(AuthUrl { auth_url }).into_response(),
    })
}
