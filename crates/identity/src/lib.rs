//! People, organisations, and who may do what.
//!
//! | module | what a reader finds there |
//! |---|---|
//! | `registration` | how people come in |
//! | `session` | logging in and out, refreshing, switching organisations |
//! | `access` | from a request's headers to a [`Caller`] |
//! | `token`, `secret`, `cookies` | what a client proves itself with |
//! | `password`, `lockout` | which passwords are accepted, and how guessing is stopped |
//! | `person`, `tenant`, `member` | people, organisations, and who belongs to which |
//! | `invitation`, `api_token` | joining by link; keys for programs |
//! | `repo`, `routes` | the SQL; one endpoint a file |
//!
//! All of it is in the system database. A use case takes the [`Caller`] first
//! and checks the permission itself; what members should see at once is told in the tenant's
//! outbox.

mod access;
mod api_token;
mod config;
mod cookies;
mod invitation;
mod lockout;
mod member;
mod password;
mod person;
mod registration;
mod repo;
mod routes;
mod secret;
mod session;
mod tenant;
#[cfg(test)]
mod tests;
mod token;

pub use access::authenticate;
pub use api_token::{ApiToken, ApiTokenRequest, NewApiToken, TokenKind};
pub use config::{IdentityConfig, LockoutRules, Registration};
pub use invitation::{Acceptance, Invitation, InvitationId, InvitationPreview, NewInvitation};
pub use member::Member;
pub use person::{Email, Me, User};
pub use registration::Newcomer;
pub use routes::routes;
pub use session::{Grant, Presented, Tokens, Transport};
pub use tenant::{MissedPolicy, Organization, OrganizationChange, OrganizationRef, Tenant};

use std::{sync::Arc, time::Duration};

use kernel::{Caller, Env, Event, Problem, TenantId, uuid::Uuid};
use moka::future::Cache;
use store::{Db, Scope, outbox};
use url::Url;

/// People, organisations, and who may do what. Cheap to clone.
#[derive(Clone)]
pub struct Identity {
    db: Db,
    env: Env,
    keys: Arc<token::Keys>,
    settings: Arc<Settings>,
    passwords: password::Passwords,
    proven: Cache<access::Proof, Caller>,
}

struct Settings {
    public_url: Url,
    registration: Registration,
    lockout: LockoutRules,
}

/// Proofs remembered at once.
const PROVEN: u64 = 10_000;
/// How long an invitation that has run out is still listed.
const KEEP_INVITATIONS: Duration = Duration::from_hours(30 * 24);
/// How long a failed log-in is kept: longer than any lock.
const KEEP_FAILURES: Duration = Duration::from_hours(24);

impl Identity {
    /// Identity on these databases.
    pub fn new(db: Db, env: Env, config: IdentityConfig) -> Self {
        let keys = token::Keys::derive(&config.signing_key);
        let settings = Settings {
            public_url: config.public_url,
            registration: config.registration,
            lockout: config.lockout,
        };
        let proven = Cache::builder()
            .max_capacity(PROVEN)
            .time_to_live(config.recheck_after)
            .build();
        Self {
            db,
            env,
            keys: Arc::new(keys),
            settings: Arc::new(settings),
            passwords: password::Passwords::new(),
            proven,
        }
    }

    /// Forgets what is long over: sessions, invitations, failed log-ins. Worth doing once an hour.
    pub async fn prune(&self) -> Result<(), Problem> {
        let now = self.env.now();
        let mut tx = self.db.write(Scope::System).await?;
        repo::session::prune(&mut tx, now).await?;
        repo::invitation::prune(&mut tx, now - KEEP_INVITATIONS).await?;
        repo::lockout::prune(&mut tx, now - KEEP_FAILURES).await?;
        Ok(tx.commit().await?)
    }

    /// Whether cookies may travel by https only.
    fn cookies_secure(&self) -> bool {
        self.settings.public_url.scheme() == "https"
    }

    /// Writes an event into the tenant's outbox.
    ///
    /// What it tells of is committed already, in the system database. Failing now would deny
    /// that, so that the event is all that is lost: an open page shows the change when it is
    /// loaded anew.
    async fn tell(&self, tenant: TenantId, kind: &str, subject: Uuid, data: serde_json::Value) {
        let event = Event {
            id: self.env.uuid(),
            kind: kind.to_owned(),
            subject_id: subject,
            at: self.env.now(),
            data,
        };
        let told = async {
            let mut tx = self.db.write(Scope::Tenant(tenant)).await?;
            outbox::append(&mut tx, &[event]).await?;
            tx.commit().await
        };
        if let Err(error) = told.await {
            tracing::warn!(%tenant, kind, %error, "an event could not be written");
        }
    }
}

impl std::fmt::Debug for Identity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Identity")
    }
}
