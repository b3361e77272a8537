//! What an installation decides about its people.

use std::time::Duration;

use secrecy::SecretBox;
use url::Url;

kernel::text_enum! {
    /// Who may register.
    pub enum Registration {
        /// Everybody who reaches the server.
        Open = "open",
        /// The first person; everybody after him needs an invitation.
        FirstOnly = "first_only",
        /// Nobody: people are invited, or made on the command line.
        InviteOnly = "invite_only",
    }
}

/// When failed log-ins lock, and for how long.
#[derive(Clone, Debug)]
pub struct LockoutRules {
    /// Failures that lock an e-mail.
    pub failures_per_email: i64,
    /// Failures that lock a client's address; more, because many people may share one.
    pub failures_per_address: i64,
    /// Failures older than this are forgotten.
    pub window: Duration,
    /// How long the first lock lasts. Each further failure doubles it.
    pub first_lock: Duration,
    /// How long a lock lasts at most.
    pub longest_lock: Duration,
}

impl Default for LockoutRules {
    fn default() -> Self {
        Self {
            failures_per_email: 5,
            failures_per_address: 20,
            window: Duration::from_mins(15),
            first_lock: Duration::from_mins(1),
            longest_lock: Duration::from_hours(1),
        }
    }
}

/// How [`Identity`](crate::Identity) is set up.
#[derive(Debug)]
pub struct IdentityConfig {
    /// Signs access tokens and CSRF tokens. The same in every process of an installation.
    pub signing_key: SecretBox<[u8; 32]>,
    /// Where people reach the UI. Invitations link to it; `https` makes cookies `Secure`.
    pub public_url: Url,
    /// Who may register.
    pub registration: Registration,
    /// When failed log-ins lock.
    pub lockout: LockoutRules,
    /// How long another process's changes to members, sessions and tokens may go unnoticed.
    pub recheck_after: Duration,
}

impl IdentityConfig {
    /// A configuration with the defaults.
    pub fn new(signing_key: SecretBox<[u8; 32]>, public_url: Url) -> Self {
        Self {
            signing_key,
            public_url,
            registration: Registration::Open,
            lockout: LockoutRules::default(),
            recheck_after: Duration::from_secs(5),
        }
    }
}
