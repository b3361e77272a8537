//! The endpoints, one file each. Paths are relative to `/api/v1`.

mod account_choices;
mod check_account;
mod connect_account;
mod get_account;
mod get_offer;
mod list_accounts;
mod list_networks;
mod network_apps;
mod oauth_callback;
mod reconnect_account;
mod remove_account;
mod take_offer;

use networks::Platform;
use serde::{Deserialize, Serialize};
use url::Url;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

use crate::Accounts;

/// The endpoints of this crate and their documentation.
pub fn routes(accounts: Accounts) -> OpenApiRouter {
    OpenApiRouter::default()
        .routes(routes!(list_networks::list_networks))
        .routes(routes!(
            list_accounts::list_accounts,
            connect_account::connect_account
        ))
        .routes(routes!(
            get_account::get_account,
            remove_account::remove_account
        ))
        .routes(routes!(reconnect_account::reconnect_account))
        .routes(routes!(check_account::check_account))
        .routes(routes!(oauth_callback::oauth_callback))
        .routes(routes!(get_offer::get_offer, take_offer::take_offer))
        .routes(routes!(account_choices::account_choices))
        .routes(routes!(network_apps::list::list_network_apps))
        .routes(routes!(
            network_apps::set::set_network_app,
            network_apps::remove::remove_network_app
        ))
        .routes(routes!(network_apps::test::test_network_app))
        .with_state(accounts)
}

/// Which accounts a list is cut down to.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct AccountFilter {
    /// Only accounts of this network.
    platform: Option<Platform>,
}

/// Which of an account's choices are asked for.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct ChoiceSearch {
    /// What was typed, for lists that are found by typing.
    #[serde(default)]
    search: String,
    /// What is chosen for the option that the list depends on (`of` of the option's kind).
    #[serde(default)]
    of: String,
}

/// All rows of a list that is never long.
#[derive(Serialize, ToSchema)]
struct List<T> {
    /// The rows.
    data: Vec<T>,
}

/// Where to send the browser.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
struct AuthUrl {
    /// The network's page on which the person says yes. It works once, for ten minutes.
    #[schema(value_type = String, format = Uri)]
    auth_url: Url,
}
