//! How an attempt ends, and what a person is told of it.

use std::time::Duration;

use accounts::AccountError;
use content::{NextStep, TargetProblem};
use kernel::Timestamp;
use networks::{
    ErrorKind, NetworkError,
    connector::{DoneStep, Published},
};

/// How an attempt ends.
pub(crate) enum End {
    /// The post is live.
    Published {
        published: Published,
        done: Vec<DoneStep>,
    },
    /// It may pass by itself.
    Retry(NetworkError),
    /// It will not pass.
    Failed {
        problem: TargetProblem,
        detail: String,
    },
    /// Only a person can tell, or decide.
    Undecided {
        problem: TargetProblem,
        detail: String,
    },
    /// Somebody is still at work on its files: ask again.
    Waiting { after: Duration, note: String },
    /// The network takes no more of the account before `until`.
    Held { until: Timestamp, note: String },
    /// All is done that nobody sees; the next attempt publishes.
    Prepared,
    /// The server is stopping: nothing was sent.
    Released,
}

/// What a person is told of a target.
pub(crate) fn problem(
    code: &str,
    message: impl Into<String>,
    next_step: NextStep,
) -> TargetProblem {
    TargetProblem {
        code: code.to_owned(),
        message: message.into(),
        next_step,
        retry_at: None,
    }
}

impl End {
    pub(crate) fn failed(code: &str, message: &str, next_step: NextStep) -> Self {
        Self::Failed {
            problem: problem(code, message, next_step),
            detail: code.to_owned(),
        }
    }

    pub(crate) fn undecided(code: &str, message: &str) -> Self {
        Self::Undecided {
            problem: problem(code, message, NextStep::Decide),
            detail: code.to_owned(),
        }
    }

    /// The account can't be acted as.
    pub(crate) fn of_account(error: AccountError) -> Self {
        match error {
            AccountError::Network(error) => Self::Retry(error),
            AccountError::Reconnect { message } => Self::Failed {
                problem: problem("account_expired", message, NextStep::Reconnect),
                detail: "the credentials could not be refreshed".to_owned(),
            },
            AccountError::Removed => Self::failed(
                "account_removed",
                "The account was removed from AllIN. Connect it again, or take it off the post.",
                NextStep::Reconnect,
            ),
            AccountError::Secret(cause) => Self::Failed {
                problem: problem(
                    "account_unreadable",
                    "AllIN can't open the account's stored credentials. Reconnect the account; if \
                     that does not help, ask your administrator to check the key file.",
                    NextStep::Reconnect,
                ),
                detail: cause.to_string(),
            },
            AccountError::Store(cause) => Self::Retry(NetworkError::not_sent(
                ErrorKind::Temporary,
                "AllIN's database did not answer.",
                cause.to_string(),
            )),
        }
    }
}
