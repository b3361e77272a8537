//! What can happen to a request on its way.

use std::{error::Error, fmt};

use super::{MAX_ANSWER_BYTES, MAX_REDIRECTS, resolver::Blocked};
use crate::error::Certainty;

/// No whole answer came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TransportError {
    /// The address is inside a private network. Holds the host.
    Blocked(String),
    /// The address can't be a network's server. Holds what is wrong with it.
    Address(String),
    /// No connection came about. Holds the reason.
    Connect(String),
    /// It took too long; the request may have arrived.
    TimedOut,
    /// The connection broke after the request was sent. Holds the reason.
    Lost(String),
    /// The answer is larger than any answer that is needed.
    TooLarge,
    /// Redirects without end.
    Redirects,
}

impl TransportError {
    pub(super) fn of(error: &reqwest::Error) -> Self {
        if let Some(Blocked { host }) = in_chain(error) {
            return Self::Blocked(host.clone());
        }
        if error.is_connect() || error.is_builder() {
            return Self::Connect(chain(error));
        }
        if error.is_timeout() {
            return Self::TimedOut;
        }
        Self::Lost(chain(error))
    }

    /// What is known of the request's effect.
    pub fn certainty(&self) -> Certainty {
        match self {
            Self::Blocked(_) | Self::Address(_) | Self::Connect(_) => Certainty::NotSent,
            Self::TimedOut | Self::Lost(_) | Self::TooLarge | Self::Redirects => Certainty::Unknown,
        }
    }

    /// For the person: what happened and what to do.
    pub fn sentence(&self, server: &str) -> String {
        match self {
            Self::Blocked(_) => format!(
                "{server} is inside a private network, and AllIN does not connect to private addresses. \
                 If that server is yours, ask your administrator to set security.allow_private_targets."
            ),
            Self::Address(what) => format!(
                "AllIN can't connect to {server}: it has {what}. Please check the address; it should look like example.social."
            ),
            Self::Connect(_) => format!(
                "{server} can't be reached. Please check the address, or try again in a few minutes."
            ),
            Self::TimedOut => {
                format!("{server} did not answer in time. Please try again in a few minutes.")
            }
            Self::Lost(_) => {
                format!("The connection to {server} broke before an answer came. Please try again.")
            }
            Self::TooLarge => {
                format!(
                    "{server} sent a far larger answer than expected. Please check the address."
                )
            }
            Self::Redirects => {
                format!(
                    "{server} sends AllIN from one address to the next without end. Please check the address."
                )
            }
        }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Blocked(host) => write!(f, "{host} is a private address"),
            Self::Address(what) => write!(f, "refused {what}"),
            Self::Connect(reason) => write!(f, "no connection: {reason}"),
            Self::TimedOut => f.write_str("timed out"),
            Self::Lost(reason) => write!(f, "connection lost: {reason}"),
            Self::TooLarge => write!(f, "the answer is larger than {MAX_ANSWER_BYTES} bytes"),
            Self::Redirects => write!(f, "more than {MAX_REDIRECTS} redirects"),
        }
    }
}

impl Error for TransportError {}

/// The causes of an error, on one line. The address is left out: its query may hold a secret.
fn chain(error: &reqwest::Error) -> String {
    let mut text = String::new();
    let mut cause = error.source();
    while let Some(deeper) = cause {
        if !text.is_empty() {
            text.push_str(": ");
        }
        text.push_str(&deeper.to_string());
        cause = deeper.source();
    }
    text
}

fn in_chain<'e, T: Error + 'static>(error: &'e (dyn Error + 'static)) -> Option<&'e T> {
    let mut cause = Some(error);
    while let Some(this) = cause {
        if let Some(found) = this.downcast_ref() {
            return Some(found);
        }
        cause = this.source();
    }
    None
}
