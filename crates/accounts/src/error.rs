//! Why an account can't be acted as.

use kernel::{Code, Problem};
use networks::NetworkError;
use serde_json::json;

use crate::AccountStatus;

/// Why an account can't be acted as.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// It was removed, or never existed.
    #[error("the account was removed")]
    Removed,
    /// A person must reconnect it.
    #[error("the account must be reconnected: {message}")]
    Reconnect {
        /// For the person: what happened and what to do.
        message: String,
    },
    /// The network refused, or did not answer; for credentials that were to be renewed, it may do
    /// so later.
    #[error("the network did not answer as it should")]
    Network(#[from] NetworkError),
    /// The credentials can't be opened.
    #[error("the credentials could not be opened")]
    Secret(#[from] vault::Error),
    /// The database failed.
    #[error("the account could not be read")]
    Store(#[from] store::Error),
}

impl From<AccountError> for Problem {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Removed => Problem::not_found("social account"),
            AccountError::Reconnect { message } => Problem::new(Code::InvalidState, message)
                .with_details(json!({ "status": AccountStatus::Expired })),
            AccountError::Network(error) => network_problem(error),
            AccountError::Secret(error) => error.into(),
            AccountError::Store(error) => error.into(),
        }
    }
}

/// What a caller reads when a network refused or failed.
pub(crate) fn network_problem(error: NetworkError) -> Problem {
    let mut problem = Problem::new(Code::NetworkRefused, error.message)
        .with_details(json!({ "kind": error.kind }))
        .with_cause(error.detail);
    if let Some(after) = error.retry_after {
        problem = problem.with_retry_after(after);
    }
    problem
}
