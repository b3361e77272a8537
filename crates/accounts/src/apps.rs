//! The developer apps that accounts are connected with.
//!
//! Most networks let a program act for people only through an app that its operator registered
//! with them. An organisation's own app comes before the installation's, which the settings name
//! (`networks.<name>.client_id` and `.client_secret`).

use kernel::{Caller, Event, Fields, Permission, PersonId, Problem, TenantId, Timestamp};
use networks::{
    ConnectError, ConnectReason, Descriptor, Platform,
    connector::AppRegistration,
    descriptor::{AppSource, Permission as NetworkPermission},
};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{FromRow, Scope, Tx, outbox, sql};
use url::Url;
use utoipa::ToSchema;
use vault::{Context, Zeroizing};

use crate::{AccountError, Accounts};

/// No id or secret of an app is longer.
const MAX_FIELD: usize = 1_000;
/// Characters of a secret that are shown, to tell one from another.
const HINT: usize = 4;

sql! {
    GET: Tenant =
        "SELECT platform, client_id, secret, secret_hint, updated_at FROM developer_apps WHERE platform = $1";
    LIST: Tenant =
        "SELECT platform, client_id, secret, secret_hint, updated_at FROM developer_apps";
    PUT: Tenant =
        "INSERT INTO developer_apps (platform, client_id, secret, secret_hint, updated_by, updated_at)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (platform) DO UPDATE SET client_id = excluded.client_id, secret = excluded.secret,
             secret_hint = excluded.secret_hint, updated_by = excluded.updated_by,
             updated_at = excluded.updated_at";
    DELETE: Tenant = "DELETE FROM developer_apps WHERE platform = $1";
}

/// A developer app for the whole installation.
#[derive(Clone, Debug)]
pub struct OperatorApp {
    /// `networks.<name>.client_id`.
    pub client_id: String,
    /// `networks.<name>.client_secret`.
    pub client_secret: SecretString,
}

kernel::text_enum! {
    /// Whose app a network's accounts are connected with.
    pub enum AppOwner {
        /// The organisation's own.
        Organization = "organization",
        /// The installation's, which its operator set.
        Instance = "instance",
        /// There is none: accounts can't be connected yet.
        None = "none",
    }
}

/// How a network's developer app is set up.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct NetworkApp {
    /// The network.
    pub platform: Platform,
    /// Whose app is used.
    pub source: AppOwner,
    /// The app's id.
    #[schema(required)]
    pub client_id: Option<String>,
    /// The last characters of the app's secret.
    #[schema(required)]
    pub secret_hint: Option<String>,
    /// The redirect address to register with the network, to the letter.
    #[schema(value_type = String, format = Uri)]
    pub redirect_uri: Url,
    /// What the app must be allowed to ask people for.
    pub scopes: Vec<NetworkPermission>,
    /// Where apps are registered.
    #[schema(required)]
    pub console_url: Option<&'static str>,
    /// When the organisation's app was last changed.
    #[schema(required)]
    pub updated_at: Option<Timestamp>,
}

/// An organisation's app.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewNetworkApp {
    /// The app's id, which some networks call key.
    pub client_id: String,
    /// The app's secret.
    #[schema(value_type = String, format = Password)]
    pub client_secret: SecretString,
}

/// One thing that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = NetworkAppCheck)]
pub struct AppCheck {
    /// What was looked at.
    pub name: &'static str,
    /// Whether it is as it should be.
    pub ok: bool,
    /// What is wrong and what to do; or that it is fine.
    pub message: String,
}

#[derive(FromRow)]
struct Row {
    platform: Platform,
    client_id: String,
    secret: Vec<u8>,
    secret_hint: String,
    updated_at: Timestamp,
}

impl Accounts {
    /// How the app of each network that needs one is set up.
    pub async fn network_apps(&self, caller: &Caller) -> Result<Vec<NetworkApp>, Problem> {
        caller.require(Permission::OrganizationManage)?;
        let mut tx = self.db.read(Scope::Tenant(caller.tenant)).await?;
        let own: Vec<Row> = tx.all(&LIST, ()).await?;
        drop(tx);
        let redirect_uri = self.redirect_uri()?;
        let needed = networks::descriptors()
            .filter(|descriptor| descriptor.connect.app == AppSource::Operator);
        Ok(needed
            .map(|descriptor| {
                let own = own.iter().find(|row| row.platform == descriptor.platform);
                self.describe(descriptor, own, redirect_uri.clone())
            })
            .collect())
    }

    fn describe(
        &self,
        descriptor: &Descriptor,
        own: Option<&Row>,
        redirect_uri: Url,
    ) -> NetworkApp {
        let shared = self.operator_apps.get(&descriptor.platform);
        let (source, client_id, secret_hint) = match (own, shared) {
            (Some(own), _) => (
                AppOwner::Organization,
                Some(own.client_id.clone()),
                Some(own.secret_hint.clone()),
            ),
            // What the operator keeps in the settings is none of the organisation's business.
            (None, Some(_)) => (AppOwner::Instance, None, None),
            (None, None) => (AppOwner::None, None, None),
        };
        NetworkApp {
            platform: descriptor.platform,
            source,
            client_id,
            secret_hint,
            redirect_uri,
            scopes: descriptor.connect.permissions.clone(),
            console_url: descriptor.connect.console_url,
            updated_at: own.map(|row| row.updated_at),
        }
    }

    /// Sets the organisation's app of a network.
    pub async fn set_network_app(
        &self,
        caller: &Caller,
        platform: Platform,
        app: NewNetworkApp,
    ) -> Result<(), Problem> {
        caller.require(Permission::OrganizationManage)?;
        needs_app(platform)?;
        let (id, secret) = (
            app.client_id.trim(),
            app.client_secret.expose_secret().trim(),
        );
        let mut fields = Fields::new();
        fields.text("clientId", id, MAX_FIELD);
        fields.text("clientSecret", secret, MAX_FIELD);
        fields.finish()?;
        let sealed = self
            .vault
            .seal(secret.as_bytes(), &context(caller.tenant, platform))
            .await?;
        let (person, now): (PersonId, _) = (caller.person, self.env.now());
        let mut tx = self.db.write(Scope::Tenant(caller.tenant)).await?;
        let values = (platform, id.to_owned(), sealed, hint(secret), person, now);
        tx.execute_one(&PUT, values).await?;
        self.tell_app(&mut tx, caller, "network_app.updated", platform)
            .await?;
        tx.commit().await?;
        self.credentials.forget_all().await;
        Ok(())
    }

    /// Removes the organisation's app of a network. Accounts that were connected with it can't
    /// renew their access any more.
    pub async fn remove_network_app(
        &self,
        caller: &Caller,
        platform: Platform,
    ) -> Result<(), Problem> {
        caller.require(Permission::OrganizationManage)?;
        let mut tx = self.db.write(Scope::Tenant(caller.tenant)).await?;
        if tx.execute(&DELETE, (platform,)).await? == 0 {
            return Err(Problem::not_found("app"));
        }
        self.tell_app(&mut tx, caller, "network_app.removed", platform)
            .await?;
        tx.commit().await?;
        self.credentials.forget_all().await;
        Ok(())
    }

    async fn tell_app(
        &self,
        tx: &mut Tx,
        caller: &Caller,
        kind: &str,
        platform: Platform,
    ) -> store::Result<()> {
        let event = Event {
            id: self.env.uuid(),
            kind: kind.to_owned(),
            subject_id: caller.tenant.0,
            at: self.env.now(),
            data: json!({ "platform": platform }),
        };
        outbox::append(tx, &[event]).await
    }

    /// Looks whether accounts could be connected with the app that would be used.
    pub async fn test_network_app(
        &self,
        caller: &Caller,
        platform: Platform,
    ) -> Result<Vec<AppCheck>, Problem> {
        caller.require(Permission::OrganizationManage)?;
        needs_app(platform)?;
        let redirect_uri = self.redirect_uri()?;
        let mut checks = vec![redirect_check(platform, &redirect_uri)];
        let app = match self.required_app(caller.tenant, platform).await {
            Ok(app) => app,
            Err(problem) => {
                checks.push(AppCheck {
                    name: "app",
                    ok: false,
                    message: problem.message().to_owned(),
                });
                return Ok(checks);
            }
        };
        let asked = networks::connector(platform)
            .check_app(&self.net, &app)
            .await;
        checks.push(match asked {
            Ok(()) => AppCheck {
                name: "app",
                ok: true,
                message: format!("{} knows this app.", platform.name()),
            },
            Err(error) => {
                tracing::info!(%platform, %error, "a developer app failed its test");
                AppCheck {
                    name: "app",
                    ok: false,
                    message: error.message,
                }
            }
        });
        Ok(checks)
    }

    /// The app that a network's accounts are connected with, where the operator provides it.
    pub(crate) async fn developer_app(
        &self,
        tenant: TenantId,
        platform: Platform,
    ) -> Result<Option<AppRegistration>, AccountError> {
        if networks::connector(platform).descriptor().connect.app != AppSource::Operator {
            return Ok(None);
        }
        let mut tx = self.db.read(Scope::Tenant(tenant)).await?;
        let own: Option<Row> = tx.optional(&GET, (platform,)).await?;
        drop(tx);
        let (client_id, client_secret) = match (own, self.operator_apps.get(&platform)) {
            (Some(own), _) => {
                let mut secret: Zeroizing<Vec<u8>> = self
                    .vault
                    .open(&own.secret, &context(tenant, platform))
                    .await?;
                let secret = String::from_utf8(std::mem::take(&mut *secret))
                    .map_err(|_| vault::Error::Format)?;
                (own.client_id, secret)
            }
            (None, Some(shared)) => (
                shared.client_id.clone(),
                shared.client_secret.expose_secret().to_owned(),
            ),
            (None, None) => return Ok(None),
        };
        let server = networks::connector(platform).server(&self.net, None);
        let (Ok(server), Ok(redirect_uri)) = (server, self.redirect_uri()) else {
            return Ok(None);
        };
        Ok(Some(AppRegistration {
            server,
            client_id,
            client_secret,
            redirect_uri,
        }))
    }

    /// The app, or the problem that there is none.
    pub(crate) async fn required_app(
        &self,
        tenant: TenantId,
        platform: Platform,
    ) -> Result<AppRegistration, Problem> {
        self.developer_app(tenant, platform).await?.ok_or_else(|| {
            let message = format!(
                "{} is not set up yet: it needs a developer app. An owner or administrator enters its id and secret under Settings → Networks.",
                platform.name()
            );
            ConnectError::new(ConnectReason::AppNotAccepted, message, "no developer app").into()
        })
    }
}

fn needs_app(platform: Platform) -> Result<(), Problem> {
    let connect = &networks::connector(platform).descriptor().connect;
    if connect.app == AppSource::Operator {
        return Ok(());
    }
    let message = format!(
        "{} accounts are connected without a developer app.",
        platform.name()
    );
    Err(Problem::field("platform", "not_used", message))
}

/// Networks send browsers back only to addresses that were registered, and most of them only to
/// `https`.
fn redirect_check(platform: Platform, redirect_uri: &Url) -> AppCheck {
    let local = matches!(
        redirect_uri.host_str(),
        Some("localhost" | "127.0.0.1" | "[::1]")
    );
    let ok = redirect_uri.scheme() == "https" || local;
    let message = if ok {
        format!(
            "Register {redirect_uri} as the redirect address at {}.",
            platform.name()
        )
    } else {
        format!(
            "{} sends people back only to an https address, and yours is {redirect_uri}. Ask the operator to set server.public_url to the address with https.",
            platform.name()
        )
    };
    AppCheck {
        name: "redirect",
        ok,
        message,
    }
}

/// The last characters of a secret that is long enough not to be given away by them.
fn hint(secret: &str) -> String {
    let characters: Vec<_> = secret.chars().collect();
    if characters.len() < 4 * HINT {
        return String::new();
    }
    characters[characters.len() - HINT..].iter().collect()
}

fn context(tenant: TenantId, platform: Platform) -> Context<'static> {
    Context {
        tenant: Some(tenant),
        purpose: "developer-app",
        record: platform.as_str().as_bytes(),
    }
}
