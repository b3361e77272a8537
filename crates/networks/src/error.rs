//! What can go wrong with a network, told in two ways: a sentence for the person, and a detail
//! for the operator's log.

use std::{fmt, time::Duration};

use kernel::{Code, Problem};
use serde_json::json;

use crate::http::TransportError;

kernel::text_enum! {
    /// What to do about a failure.
    pub enum ErrorKind {
        /// It may pass by itself: try again later.
        Temporary = "temporary",
        /// AllIN has not made the post's files ready yet: ask again. This is no failed try.
        NotReady = "not_ready",
        /// Too many requests: try again once the limit has reset.
        RateLimited = "rate_limited",
        /// The access token has expired: refresh it and try again.
        TokenExpired = "token_expired",
        /// The network does not accept the credentials any more: the person must connect again.
        Reconnect = "reconnect",
        /// The network will not accept this, however often it is tried.
        Refused = "refused",
    }
}

kernel::text_enum! {
    /// What is known of a request's effect after it failed.
    pub enum Certainty {
        /// It never reached the network.
        NotSent = "not_sent",
        /// The network answered that it did not do it.
        Refused = "refused",
        /// It may or may not have taken place.
        Unknown = "unknown",
    }
}

impl Certainty {
    /// Whether the request certainly had no effect, so that it may be sent again.
    pub const fn had_no_effect(self) -> bool {
        matches!(self, Self::NotSent | Self::Refused)
    }
}

/// A network did not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NetworkError {
    /// What to do about it.
    pub kind: ErrorKind,
    /// What is known of the request's effect.
    pub certainty: Certainty,
    /// For the person: what happened and what to do, in plain words.
    pub message: String,
    /// For the operator: status and shortened words of the network. Never holds a secret.
    pub detail: String,
    /// When it is worth trying again, where the network said so.
    pub retry_after: Option<Duration>,
}

impl NetworkError {
    /// The network answered and did not do it.
    pub fn refused(kind: ErrorKind, message: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            kind,
            certainty: Certainty::Refused,
            message: message.into(),
            detail: detail.into(),
            retry_after: None,
        }
    }

    /// Nobody can say whether the network did it.
    pub fn unknown(message: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            kind: ErrorKind::Temporary,
            certainty: Certainty::Unknown,
            message: message.into(),
            detail: detail.into(),
            retry_after: None,
        }
    }

    /// The request did not leave this machine, or did not arrive.
    pub fn not_sent(
        kind: ErrorKind,
        message: impl Into<String>,
        detail: impl Into<String>,
    ) -> Self {
        Self {
            kind,
            certainty: Certainty::NotSent,
            message: message.into(),
            detail: detail.into(),
            retry_after: None,
        }
    }

    /// The network did not answer as it should. `server` is what the person knows it by.
    pub fn transport(server: &str, error: &TransportError) -> Self {
        let kind = match error {
            TransportError::Blocked(_) | TransportError::Address(_) => ErrorKind::Refused,
            _ => ErrorKind::Temporary,
        };
        Self {
            kind,
            certainty: error.certainty(),
            message: error.sentence(server),
            detail: error.to_string(),
            retry_after: None,
        }
    }

    /// For the error of a request that came before the public one, which was thus never sent.
    #[must_use]
    pub(crate) fn before_public(mut self) -> Self {
        self.certainty = Certainty::NotSent;
        self
    }

    /// Says when it is worth trying again.
    #[must_use]
    pub fn with_retry_after(mut self, after: Option<Duration>) -> Self {
        self.retry_after = after;
        self
    }
}

impl fmt::Display for NetworkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}, {}: {} ({})",
            self.kind, self.certainty, self.message, self.detail
        )
    }
}

impl std::error::Error for NetworkError {}

kernel::text_enum! {
    /// Why an account could not be connected: `details.reason` of `CONNECT_FAILED`.
    pub enum ConnectReason {
        /// Handle and password do not belong together.
        WrongCredentials = "wrong_credentials",
        /// Something answers at that address, but it is not a server of this network.
        NotAServer = "not_a_server",
        /// Nothing answers at that address.
        Unreachable = "unreachable",
        /// The server took too long.
        TimedOut = "timed_out",
        /// The address is inside a private network.
        PrivateAddress = "private_address",
        /// The person, or the server, said no.
        Denied = "denied",
        /// The server can't do what AllIN needs.
        Unsupported = "unsupported",
        /// The operator has not entered the network's developer app, or the network does not
        /// accept it.
        AppNotAccepted = "app_not_accepted",
        /// The person did not permit what AllIN can't do without.
        PermissionMissing = "permission_missing",
        /// The person has no page, channel or organisation that could be connected.
        NothingToConnect = "nothing_to_connect",
        /// The server answered something that can't be understood.
        BadAnswer = "bad_answer",
    }
}

/// An account could not be connected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConnectError {
    /// Why.
    pub reason: ConnectReason,
    /// For the person: what happened and what to do, in plain words.
    pub message: String,
    /// For the operator. Never holds a secret.
    pub detail: String,
}

impl ConnectError {
    /// An error of the given reason.
    pub fn new(
        reason: ConnectReason,
        message: impl Into<String>,
        detail: impl Into<String>,
    ) -> Self {
        Self {
            reason,
            message: message.into(),
            detail: detail.into(),
        }
    }

    /// The server did not answer as it should. `server` is what the person knows it by.
    pub fn transport(server: &str, error: &TransportError) -> Self {
        let reason = match error {
            TransportError::Blocked(_) => ConnectReason::PrivateAddress,
            TransportError::Address(_) => ConnectReason::NotAServer,
            TransportError::Connect(_) => ConnectReason::Unreachable,
            TransportError::TimedOut => ConnectReason::TimedOut,
            TransportError::Lost(_) | TransportError::TooLarge | TransportError::Redirects => {
                ConnectReason::BadAnswer
            }
        };
        Self::new(reason, error.sentence(server), error.to_string())
    }
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {} ({})", self.reason, self.message, self.detail)
    }
}

impl std::error::Error for ConnectError {}

impl From<ConnectError> for Problem {
    fn from(error: ConnectError) -> Self {
        Self::new(Code::ConnectFailed, error.message)
            .with_details(json!({ "reason": error.reason }))
            .with_cause(error.detail)
    }
}

/// The first 300 characters of a network's words, on one line, for a message or a log.
pub(crate) fn shorten(words: &str) -> String {
    const MOST: usize = 300;
    let mut short: String = words
        .chars()
        .map(|c| if c.is_control() { ' ' } else { c })
        .take(MOST)
        .collect();
    if words.chars().nth(MOST).is_some() {
        short.push('…');
    }
    short
}
