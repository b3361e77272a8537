//! What can go wrong with a database.

use std::time::Duration;

use kernel::{Code, Problem, TenantId};

/// When it is worth asking a busy server again.
const BUSY: Duration = Duration::from_secs(5);

/// The result of asking a database.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What can go wrong with a database.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A write broke a uniqueness rule: the thing is there already.
    #[error("{statement} found the thing there already")]
    Duplicate {
        /// The statement's name.
        statement: &'static str,
        /// The engine's words.
        source: sqlx::Error,
    },
    /// A row that must exist does not.
    #[error("{statement} touched {rows} rows where it must touch one")]
    NotOneRow {
        /// The statement's name.
        statement: &'static str,
        /// How many it touched.
        rows: u64,
    },
    /// The tenant has no database here.
    #[error("tenant {0} has no database in this installation")]
    NoSuchTenant(TenantId),
    /// A later version of the program has migrated it.
    #[error(
        "the {database} was migrated by a newer version of AllIN (migration {migration} is \
         unknown to this one); start that version, or restore a backup"
    )]
    NewerThanProgram {
        /// Which database.
        database: String,
        /// The migration that this program does not know.
        migration: i64,
    },
    /// A migration failed, or was changed after it had been applied.
    #[error("the {database} could not be migrated")]
    Migration {
        /// Which database.
        database: String,
        /// The cause.
        source: sqlx::migrate::MigrateError,
    },
    /// A copy was asked for between two installations of one engine, named here.
    #[error(
        "both installations are on {0}, and a copy goes from SQLite to PostgreSQL or back; \
         to move one without changing the engine, copy the data folder or use pg_dump"
    )]
    SameEngine(&'static str),
    /// A copy was asked for into an installation that is in use.
    #[error("the target holds an installation already; copy into an empty one")]
    NotEmpty,
    /// The database did not answer in time, or not at all.
    #[error("the database is not available")]
    Unavailable(#[source] sqlx::Error),
    /// Anything else.
    #[error("{statement} failed")]
    Failed {
        /// The statement's name.
        statement: &'static str,
        /// The engine's words.
        source: sqlx::Error,
    },
}

impl Error {
    pub(crate) fn of(statement: &'static str, source: sqlx::Error) -> Self {
        match &source {
            sqlx::Error::Database(cause) if cause.is_unique_violation() => {
                Self::Duplicate { statement, source }
            }
            sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => {
                Self::Unavailable(source)
            }
            _ => Self::Failed { statement, source },
        }
    }

    /// Whether a write found the thing there already.
    pub fn is_duplicate(&self) -> bool {
        matches!(self, Self::Duplicate { .. })
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        match error {
            Error::Unavailable(_) => Problem::new(
                Code::Unavailable,
                "The server is busy and did not carry out your request. Try again in a moment.",
            )
            .with_retry_after(BUSY)
            .with_cause(error),
            other => Problem::internal(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_met_a_busy_database_is_told_when_to_come_back_and_not_why() {
        let problem = Problem::from(Error::of("READ", sqlx::Error::PoolTimedOut));
        assert_eq!(problem.code(), Code::Unavailable);
        assert_eq!(problem.retry_after(), Some(BUSY));
        assert!(!problem.message().contains("pool"), "{problem}");
    }
}
