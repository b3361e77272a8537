//! How an account is connected, and where a network's interface is.

use serde::Serialize;
use utoipa::ToSchema;

kernel::text_enum! {
    /// How an account of a network is connected.
    pub enum ConnectKind {
        /// The person types a handle and a password made for AllIN alone.
        AppPassword = "app_password",
        /// The person agrees on a page of the network.
        Oauth = "oauth",
    }
}

kernel::text_enum! {
    /// Where the developer app comes from that accounts are connected with.
    pub enum AppSource {
        /// None is needed.
        None = "none",
        /// AllIN registers one by itself with each server.
        Automatic = "automatic",
        /// The operator, or the organisation, registers one at the network and tells its id and
        /// secret.
        Operator = "operator",
    }
}

/// How an account is connected, and what the person is asked for.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Connect {
    /// The way.
    pub kind: ConnectKind,
    /// Where the developer app comes from.
    pub app: AppSource,
    /// Where an operator registers a developer app.
    #[schema(required)]
    pub console_url: Option<&'static str>,
    /// The fields of the form, in order.
    pub fields: Vec<ConnectField>,
    /// What the person is asked to permit.
    pub permissions: Vec<Permission>,
}

/// One field of the form that connects an account.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConnectField {
    /// The field of `POST /api/v1/social-accounts` that it fills.
    pub name: &'static str,
    /// Its label.
    pub label: &'static str,
    /// An example of what belongs into it.
    pub placeholder: &'static str,
    /// A sentence that says where to find it.
    pub help: &'static str,
    /// Whether it must be hidden while it is typed.
    pub secret: bool,
    /// Whether it must be filled in.
    pub required: bool,
}

/// One OAuth scope, and what it is for.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
#[schema(as = NetworkPermission)]
pub struct Permission {
    /// The scope, as the network writes it.
    pub scope: &'static str,
    /// What AllIN does with it, such as `to publish posts`.
    pub why: &'static str,
    /// Whether nothing works without it. A person may untick the others.
    pub required: bool,
}

/// Where a network's interface is. Empty where a person names the server.
#[derive(Clone, Copy, Debug, Default)]
pub struct Endpoints {
    /// Where requests go.
    pub api: &'static str,
    /// Where the browser goes to consent.
    pub auth: &'static str,
    /// Where files go, where that is another place.
    pub upload: &'static str,
    /// Where people see posts and profiles, where that is another place than `auth`.
    pub site: &'static str,
}
