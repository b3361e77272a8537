//! `POST /social-accounts/{id}/reconnect`

use axum::extract::State;
use http_kit::{Authenticated, Json, Path, ProblemResponses, Result};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::AuthUrl;
use crate::{Accounts, Connected, SocialAccount, SocialAccountId};

#[derive(Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = ReconnectInput)]
pub(super) struct Input {
    /// A new app password, for networks that take one.
    #[schema(value_type = Option<String>, format = Password)]
    app_password: Option<SecretString>,
}

#[derive(Serialize, ToSchema)]
#[serde(untagged)]
#[schema(as = ReconnectAnswer)]
pub(super) enum Answer {
    /// The account is connected again.
    Account(Box<SocialAccount>),
    /// The person must say yes on the network's page.
    Redirect(AuthUrl),
}

/// Reconnect an account
///
/// With a new app password, or by a new yes on the network's page. It must lead to the same
/// account of the network.
#[utoipa::path(
    post,
    path = "/social-accounts/{id}/reconnect",
    operation_id = "reconnectSocialAccount",
    tag = "social accounts",
    params(("id" = SocialAccountId, Path, description = "The account")),
    request_body = Input,
    responses((status = 200, description = "The account, or where to go on", body = Answer), ProblemResponses)
)]
pub(super) async fn reconnect_account(
    State(accounts): State<Accounts>,
    Authenticated(caller): Authenticated,
    Path(id): Path<SocialAccountId>,
    input: Option<Json<Input>>,
) -> Result<Json<Answer>> {
    let Json(input) = input.unwrap_or_default();
    Ok(Json(
        match accounts.reconnect(&caller, id, input.app_password).await? {
            Connected::Account(account) => Answer::Account(Box::new(account)),
            Connected::Redirect(auth_url) => Answer::Redirect(AuthUrl { auth_url }),
        },
    ))
}
