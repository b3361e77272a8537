//! Connections that wait for a person to say yes on the network's page, and the app
//! registrations that they use.

use std::time::Duration;

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use kernel::{Caller, Code, PersonId, Problem, TenantId, Timestamp};
use networks::{
    ConnectError, ConnectReason, Platform,
    connector::{AppRegistration, Callback},
};
use secrecy::SecretString;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};
use store::{FromRow, Scope, sql};
use url::Url;
use utoipa::IntoParams;
use vault::{Context, Zeroizing};

use crate::{Accounts, SocialAccountId, account::origin};

/// How long a person may take on the network's page.
const PATIENCE: Duration = Duration::from_mins(10);

sql! {
    FLOW_PUT: System =
        "INSERT INTO oauth_flows (state_hash, tenant_id, person_id, platform, account_id, secret,
             created_at, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    FLOW_TAKE: System =
        "DELETE FROM oauth_flows WHERE state_hash = $1
         RETURNING tenant_id, person_id, platform, account_id, secret, expires_at";
    FLOWS_FORGET: System = "DELETE FROM oauth_flows WHERE expires_at <= $1";

    APP_GET: System =
        "SELECT secret FROM network_apps
         WHERE platform = $1 AND server = $2 AND redirect_uri = $3";
    APP_PUT: System =
        "INSERT INTO network_apps (platform, server, redirect_uri, secret, created_at)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (platform, server, redirect_uri)
         DO UPDATE SET secret = excluded.secret, created_at = excluded.created_at";
}

/// What the network's redirect carried.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CallbackInput {
    /// The value by which the connection is recognised.
    pub state: Option<String>,
    /// What the credentials are fetched with.
    #[param(value_type = Option<String>)]
    pub code: Option<SecretString>,
    /// Why there is no code: RFC 6749 §4.1.2.1.
    pub error: Option<String>,
}

/// A connection that waits for its callback.
pub(crate) struct Flow {
    pub(crate) platform: Platform,
    /// The account to reconnect; `None`: whichever the person chooses.
    pub(crate) account: Option<SocialAccountId>,
    pub(crate) callback: Callback,
}

/// What is sealed of a flow.
#[derive(Serialize, Deserialize)]
struct Pending {
    pending: Value,
    app: AppRegistration,
}

#[derive(FromRow)]
struct FlowRow {
    tenant_id: TenantId,
    person_id: PersonId,
    platform: Platform,
    account_id: Option<SocialAccountId>,
    secret: Vec<u8>,
    expires_at: Timestamp,
}

/// A new, unguessable state.
pub(crate) fn new_state(env: &kernel::Env) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(env.bytes::<32>())
}

/// The state is a secret of the browser: like a password, only its hash is stored.
fn hash(state: &str) -> Vec<u8> {
    Sha256::digest(state.as_bytes()).to_vec()
}

impl Accounts {
    /// Where networks send browsers back to.
    pub(crate) fn redirect_uri(&self) -> Result<Url, Problem> {
        let base = self.public_url.as_str().trim_end_matches('/');
        Url::parse(&format!("{base}/api/v1/oauth/callback")).map_err(Problem::internal)
    }

    /// Remembers what the callback with `state` will need. It works once, for ten minutes.
    pub(crate) async fn begin_flow(
        &self,
        caller: &Caller,
        platform: Platform,
        account: Option<SocialAccountId>,
        state: &str,
        (pending, app): (Value, AppRegistration),
    ) -> Result<(), Problem> {
        let state_hash = hash(state);
        let secret = serde_json::to_vec(&Pending { pending, app }).map(Zeroizing::new);
        let secret = secret.map_err(Problem::internal)?;
        let sealed = self
            .vault
            .seal(&secret, &flow_context(caller.tenant, &state_hash))
            .await?;
        let now = self.env.now();
        let mut tx = self.db.write(Scope::System).await?;
        tx.execute(&FLOWS_FORGET, (now,)).await?;
        let (tenant, person) = (caller.tenant, caller.person);
        let values = (
            state_hash,
            tenant,
            person,
            platform,
            account,
            sealed,
            now,
            now + PATIENCE,
        );
        tx.execute_one(&FLOW_PUT, values).await?;
        Ok(tx.commit().await?)
    }

    /// Takes the flow that a callback belongs to; a second callback finds none.
    ///
    /// It must be the person who began it, in the same organisation: otherwise somebody could
    /// send his link to another person, whose account would then be connected for him.
    pub(crate) async fn take_flow(
        &self,
        caller: &Caller,
        input: CallbackInput,
    ) -> Result<Flow, Problem> {
        let over = || {
            Problem::new(
                Code::InvalidState,
                "This connection was finished before, or it was begun more than ten minutes ago. \
                 Please connect the account again.",
            )
        };
        let state_hash = hash(&input.state.ok_or_else(over)?);
        let mut tx = self.db.write(Scope::System).await?;
        let row: Option<FlowRow> = tx.optional(&FLOW_TAKE, (state_hash.clone(),)).await?;
        tx.commit().await?;
        let row = row
            .filter(|row| self.env.now() < row.expires_at)
            .ok_or_else(over)?;
        if row.person_id != caller.person || row.tenant_id != caller.tenant {
            return Err(Problem::new(
                Code::InvalidState,
                "This connection was begun by another person or in another organisation. \
                 Log in as that person, or switch back, and connect the account again.",
            ));
        }
        let code = match (input.error, input.code) {
            (None, Some(code)) => code,
            (error, _) => return Err(denied(row.platform, error.as_deref()).into()),
        };
        let secret = self
            .vault
            .open(&row.secret, &flow_context(row.tenant_id, &state_hash))
            .await?;
        let Pending { pending, app } =
            serde_json::from_slice(&secret).map_err(Problem::internal)?;
        Ok(Flow {
            platform: row.platform,
            account: row.account_id,
            callback: Callback { code, pending, app },
        })
    }

    /// The app that an earlier connection registered with `server`, if there was one.
    pub(crate) async fn known_app(
        &self,
        platform: Platform,
        server: &Url,
        redirect_uri: &Url,
    ) -> Result<Option<AppRegistration>, Problem> {
        let mut tx = self.db.read(Scope::System).await?;
        let values = (platform, origin(server), redirect_uri.as_str());
        let row: Option<(Vec<u8>,)> = tx.optional(&APP_GET, values).await?;
        drop(tx);
        let Some((sealed,)) = row else {
            return Ok(None);
        };
        let record = app_record(platform, server, redirect_uri);
        let secret = self.vault.open(&sealed, &app_context(&record)).await?;
        serde_json::from_slice(&secret)
            .map(Some)
            .map_err(Problem::internal)
    }

    /// Keeps an app for the next account of `server`.
    pub(crate) async fn keep_app(
        &self,
        platform: Platform,
        server: &Url,
        app: &AppRegistration,
    ) -> Result<(), Problem> {
        let record = app_record(platform, server, &app.redirect_uri);
        let secret = serde_json::to_vec(app)
            .map(Zeroizing::new)
            .map_err(Problem::internal)?;
        let sealed = self.vault.seal(&secret, &app_context(&record)).await?;
        let mut tx = self.db.write(Scope::System).await?;
        let values = (
            platform,
            origin(server),
            app.redirect_uri.as_str(),
            sealed,
            self.env.now(),
        );
        tx.execute_one(&APP_PUT, values).await?;
        Ok(tx.commit().await?)
    }
}

/// The network sent no code.
fn denied(platform: Platform, error: Option<&str>) -> ConnectError {
    let name = platform.name();
    let (reason, message) = match error {
        Some("access_denied") => (
            ConnectReason::Denied,
            format!(
                "You did not allow AllIN to use your {name} account, so nothing was connected. \
                 Connect it again and allow the access to publish."
            ),
        ),
        Some("temporarily_unavailable" | "server_error") => (
            ConnectReason::Unreachable,
            format!(
                "{name} could not connect the account just now. Please try again in a few minutes."
            ),
        ),
        _ => (
            ConnectReason::BadAnswer,
            format!("{name} did not connect the account. Please connect it again."),
        ),
    };
    let detail: String = error
        .unwrap_or("neither a code nor an error")
        .chars()
        .take(100)
        .collect();
    ConnectError::new(reason, message, detail)
}

fn flow_context(tenant: TenantId, state_hash: &[u8]) -> Context<'_> {
    Context {
        tenant: Some(tenant),
        purpose: "oauth-flow",
        record: state_hash,
    }
}

fn app_record(platform: Platform, server: &Url, redirect_uri: &Url) -> String {
    format!("{platform} {} {redirect_uri}", origin(server))
}

fn app_context(record: &str) -> Context<'_> {
    Context {
        tenant: None,
        purpose: "network-app",
        record: record.as_bytes(),
    }
}
