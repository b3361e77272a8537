//! Connecting and reconnecting accounts.

use kernel::{Caller, Code, Fields, Permission, Problem, TenantId};
use networks::{
    Platform,
    connector::{ConnectRequest, ConnectStep, Connection},
    descriptor::AppSource,
};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use store::Scope;
use url::Url;
use utoipa::ToSchema;

use crate::{
    Accounts, CallbackInput, OfferId, SocialAccount, SocialAccountId, Stored,
    account::is_same,
    oauth::{self, Flow},
    repo,
};

/// No handle, password or address of a server is longer.
const MAX_FIELD: usize = 2_048;

/// An account to be connected. Which fields a network asks for is in its descriptor
/// (`GET /networks`).
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ConnectInput {
    /// The network.
    pub platform: Platform,
    /// The handle or e-mail address, where the network takes an app password.
    #[schema(examples("alice.bsky.social"))]
    pub identifier: Option<String>,
    /// A password made for AllIN alone.
    #[schema(value_type = Option<String>, format = Password)]
    pub app_password: Option<SecretString>,
    /// The server of a Bluesky account, unless it is Bluesky's own.
    #[schema(examples("https://pds.example.com"))]
    pub service_url: Option<String>,
    /// The server of a Mastodon account.
    #[schema(examples("mastodon.social"))]
    pub instance_url: Option<String>,
}

/// What connecting leads to.
#[derive(Debug)]
pub enum Connected {
    /// The account is connected.
    Account(SocialAccount),
    /// The person must say yes on this page of the network.
    Redirect(Url),
}

/// What a yes on the network's page leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Finished {
    /// The account is connected.
    Connected(SocialAccountId),
    /// The person must say which of several to connect.
    Choose(OfferId),
}

impl ConnectInput {
    fn field(&self, name: &str) -> Option<&str> {
        match name {
            "identifier" => self.identifier.as_deref(),
            "appPassword" => self.app_password.as_ref().map(ExposeSecret::expose_secret),
            "serviceUrl" => self.service_url.as_deref(),
            "instanceUrl" => self.instance_url.as_deref(),
            _ => None,
        }
    }

    /// Checks the fields against those that the network asks for.
    fn check(&self) -> Result<(), Problem> {
        let descriptor = networks::connector(self.platform).descriptor();
        let mut problems = Fields::new();
        for name in ["identifier", "appPassword", "serviceUrl", "instanceUrl"] {
            let asked = descriptor
                .connect
                .fields
                .iter()
                .find(|field| field.name == name);
            let value = self.field(name).filter(|value| !value.trim().is_empty());
            match (asked, value) {
                (Some(field), None) if field.required => problems.text(name, "", MAX_FIELD),
                (Some(_), Some(value)) => problems.text(name, value, MAX_FIELD),
                (None, Some(_)) => problems.add(
                    name,
                    "not_used",
                    format!(
                        "{} accounts are connected without this. Leave it out.",
                        descriptor.name
                    ),
                ),
                (_, None) => {}
            }
        }
        problems.finish()
    }
}

impl Accounts {
    /// Connects an account, or begins to. One that is connected already gets the new credentials
    /// and keeps its id.
    pub async fn connect(
        &self,
        caller: &Caller,
        input: ConnectInput,
    ) -> Result<Connected, Problem> {
        caller.require(Permission::AccountsManage)?;
        input.check()?;
        let server = input.service_url.or(input.instance_url);
        let target = Target {
            platform: input.platform,
            server: server
                .map(|text| text.trim().to_owned())
                .filter(|text| !text.is_empty()),
            identifier: input.identifier,
            secret: input.app_password,
            account: None,
        };
        self.start(caller, target).await
    }

    /// Connects an account again, with a new app password or by a new yes on the network's page.
    /// It must lead to the same account of the network.
    pub async fn reconnect(
        &self,
        caller: &Caller,
        id: SocialAccountId,
        app_password: Option<SecretString>,
    ) -> Result<Connected, Problem> {
        caller.require(Permission::AccountsManage)?;
        let stored = self.stored(caller.tenant, id).await?;
        let asks_password = networks::connector(stored.platform)
            .descriptor()
            .connect
            .fields
            .iter()
            .any(|field| field.name == "appPassword");
        let password = app_password.filter(|secret| !secret.expose_secret().trim().is_empty());
        if asks_password && password.is_none() {
            let message = "Please enter a new app password for this account.";
            return Err(Problem::field("appPassword", "required", message));
        }
        let target = Target {
            platform: stored.platform,
            server: Some(stored.server.clone()),
            // The handle may have changed since.
            identifier: asks_password.then(|| stored.platform_account_id.clone()),
            secret: password,
            account: Some(stored),
        };
        self.start(caller, target).await
    }

    /// Finishes a connection that went over the network's page. `None`: nobody is logged in.
    ///
    /// Where the person permitted several pages, channels or organisations, he still has to say
    /// which to connect; see [`pick`](crate::pick).
    pub async fn finish(
        &self,
        caller: Option<&Caller>,
        input: CallbackInput,
    ) -> Result<Finished, Problem> {
        let caller = caller.ok_or_else(|| {
            Problem::new(
                Code::Unauthenticated,
                "You were logged out in the meantime. Log in and connect the account again.",
            )
        })?;
        caller.require(Permission::AccountsManage)?;
        let Flow {
            platform,
            account,
            callback,
        } = self.take_flow(caller, input).await?;
        let expected = match account {
            Some(id) => Some(self.stored(caller.tenant, id).await?),
            None => None,
        };
        let mut connections = networks::connector(platform)
            .finish_connect(&self.net, callback)
            .await?;
        // To reconnect an account, the choice is made already.
        let same = expected.as_ref().and_then(|expected| {
            connections
                .iter()
                .position(|connection| is_same(expected, connection))
        });
        if connections.len() > 1 && expected.is_none() {
            return self
                .offer(caller, platform, connections)
                .await
                .map(Finished::Choose);
        }
        let connection = connections.swap_remove(same.unwrap_or(0));
        let account = self.keep(caller, platform, expected, connection).await?;
        Ok(Finished::Connected(account.id))
    }

    async fn start(&self, caller: &Caller, target: Target) -> Result<Connected, Problem> {
        let Target {
            platform,
            server,
            identifier,
            secret,
            account,
        } = target;
        let connector = networks::connector(platform);
        let redirect_uri = self.redirect_uri()?;
        let origin = connector.server(&self.net, server.as_deref())?;
        let by_operator = connector.descriptor().connect.app == AppSource::Operator;
        let known_app = if by_operator {
            Some(self.required_app(caller.tenant, platform).await?)
        } else {
            self.known_app(platform, &origin, &redirect_uri).await?
        };
        let known_client = known_app.as_ref().map(|app| app.client_id.clone());
        let state = oauth::new_state(&self.env);
        let request = ConnectRequest {
            server,
            identifier: identifier.map(|text| text.trim().to_owned()),
            secret,
            redirect_uri,
            state: state.clone(),
            app: known_app,
            limits: account
                .as_ref()
                .map(|stored| stored.limits().clone())
                .unwrap_or_default(),
        };
        match connector.connect(&self.net, request).await? {
            ConnectStep::Connected(connection) => self
                .keep(caller, platform, account, *connection)
                .await
                .map(Connected::Account),
            ConnectStep::Redirect { url, pending, app } => {
                if !by_operator && known_client.as_ref() != Some(&app.client_id) {
                    self.keep_app(platform, &origin, &app).await?;
                }
                let account = account.map(|stored| stored.id);
                self.begin_flow(caller, platform, account, &state, (pending, app))
                    .await?;
                Ok(Connected::Redirect(url))
            }
        }
    }

    /// Stores a connection, in place of `expected` if it is a reconnection.
    pub(crate) async fn keep(
        &self,
        caller: &Caller,
        platform: Platform,
        expected: Option<Stored>,
        connection: Connection,
    ) -> Result<SocialAccount, Problem> {
        if let Some(expected) = expected.filter(|expected| !is_same(expected, &connection)) {
            return Err(Problem::new(
                Code::Conflict,
                format!(
                    "You logged in as {}, but the account to reconnect is {}. Log in to {} as {}, \
                     or connect {} as a further account.",
                    connection.profile.username,
                    expected.username,
                    platform.name(),
                    expected.username,
                    connection.profile.username,
                ),
            ));
        }
        let stored = loop {
            match self.try_keep(caller, platform, &connection).await {
                // Somebody connected the same account at the same moment: now it can be found.
                Err(KeepError::Store(error)) if error.is_duplicate() => {}
                Err(KeepError::Store(error)) => return Err(error.into()),
                Err(KeepError::Vault(error)) => return Err(error.into()),
                Ok(stored) => break stored,
            }
        };
        self.note_due(caller.tenant, stored.id, stored.due_at())
            .await;
        Ok(stored.into())
    }

    async fn try_keep(
        &self,
        caller: &Caller,
        platform: Platform,
        connection: &Connection,
    ) -> Result<Stored, KeepError> {
        let before = self.find_same(caller.tenant, platform, connection).await?;
        let id = before
            .as_ref()
            .map_or_else(|| self.env.id(), |stored| stored.id);
        let sealed = self
            .seal(caller.tenant, id, &connection.credentials)
            .await?;
        let by = (caller.person, self.env.now());
        let mut tx = self.db.write(Scope::Tenant(caller.tenant)).await?;
        let mut kind = "account.connected";
        if let Some(before) = &before {
            repo::connect_again(&mut tx, before, connection, sealed, by).await?;
            if before.removed_at.is_none() {
                kind = "account.updated";
            }
        } else {
            repo::insert(&mut tx, id, platform, connection, sealed, by).await?;
        }
        let stored = repo::announce(&mut tx, &self.env, kind, id).await?;
        tx.commit().await?;
        Ok(stored)
    }

    pub(crate) async fn find_same(
        &self,
        tenant: TenantId,
        platform: Platform,
        connection: &Connection,
    ) -> store::Result<Option<Stored>> {
        let mut tx = self.db.read(Scope::Tenant(tenant)).await?;
        repo::find_same(&mut tx, platform, connection).await
    }
}

/// What to connect.
struct Target {
    platform: Platform,
    server: Option<String>,
    identifier: Option<String>,
    secret: Option<SecretString>,
    /// The account that it must lead to.
    account: Option<Stored>,
}

enum KeepError {
    Store(store::Error),
    Vault(vault::Error),
}

impl From<store::Error> for KeepError {
    fn from(error: store::Error) -> Self {
        Self::Store(error)
    }
}

impl From<vault::Error> for KeepError {
    fn from(error: vault::Error) -> Self {
        Self::Vault(error)
    }
}
