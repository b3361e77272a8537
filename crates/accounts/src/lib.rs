//! Connected social accounts.
//!
//! A person connects an account of a network once; from then on posts can be published as it.
//! The account's credentials are sealed by the [`vault`] and are opened only here.
//!
//! | module | what a reader finds there |
//! |---|---|
//! | [`account`] | what an account is, and the states it can be in |
//! | [`connect`] | the use cases: connect, finish, reconnect |
//! | [`pick`] | which of several pages or channels to connect |
//! | [`apps`] | the developer apps that accounts are connected with |
//! | [`manage`] | the use cases: list, get, check, remove |
//! | `oauth` | connections that wait for a yes on the network's page, and app registrations |
//! | [`credentials`] | opening credentials and acting as an account |
//! | `renewal` | renewing credentials before they expire, once however many ask |
//! | [`jobs`] | background work: renewing tokens ahead of time |
//! | `repo` | the SQL |
//! | `routes` | one endpoint, one file |
//!
//! Use cases take a [`Caller`](kernel::Caller) and check the permission themselves. Publishing
//! acts through [`Accounts::load`] and [`Accounts::act`]. No transaction is ever open while a
//! network is spoken to.

pub mod account;
pub mod apps;
pub mod connect;
pub mod credentials;
mod error;
pub mod jobs;
pub mod manage;
mod oauth;
pub mod pick;
mod renewal;
mod repo;
mod routes;
#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, sync::Arc};

use kernel::Env;
use networks::{Net, Platform};
use store::Db;
use url::Url;
use vault::Vault;

pub use crate::{
    account::{AccountStatus, AccountSummary, SocialAccount, SocialAccountId, Stored},
    apps::{AppCheck, NetworkApp, NewNetworkApp, OperatorApp},
    connect::{ConnectInput, Connected, Finished},
    credentials::Acting,
    error::AccountError,
    oauth::CallbackInput,
    pick::{Offer, OfferId, OfferedAccount},
    routes::routes,
};

/// The connected social accounts of all tenants. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Accounts {
    db: Db,
    env: Env,
    vault: Vault,
    net: Net,
    public_url: Url,
    credentials: credentials::Cache,
    operator_apps: Arc<BTreeMap<Platform, OperatorApp>>,
}

impl Accounts {
    /// `public_url` is where browsers reach this installation: networks send them back there.
    pub fn new(db: Db, env: Env, vault: Vault, net: Net, public_url: Url) -> Self {
        Self {
            db,
            env,
            vault,
            net,
            public_url,
            credentials: credentials::Cache::new(),
            operator_apps: Arc::default(),
        }
    }

    /// The same, with developer apps for the whole installation: those of the settings.
    #[must_use]
    pub fn with_apps(mut self, apps: BTreeMap<Platform, OperatorApp>) -> Self {
        self.operator_apps = Arc::new(apps);
        self
    }
}
