//! Migrations: plain SQL, the same names for both engines.

use sqlx::migrate::{Migrate, MigrateError, Migrator};

use crate::{Error, Result};

pub(crate) static SQLITE_SYSTEM: Migrator = sqlx::migrate!("migrations/sqlite/system");
pub(crate) static SQLITE_TENANT: Migrator = sqlx::migrate!("migrations/sqlite/tenant");
pub(crate) static POSTGRES_SYSTEM: Migrator = sqlx::migrate!("migrations/postgres/system");
pub(crate) static POSTGRES_TENANT: Migrator = sqlx::migrate!("migrations/postgres/tenant");

/// How many migrations make a system database of this program's version.
pub(crate) fn system_migrations() -> i64 {
    i64::try_from(SQLITE_SYSTEM.iter().count()).unwrap_or(i64::MAX)
}

/// Applies what is missing. `database` names it in errors.
pub(crate) async fn run<C: Migrate>(
    migrator: &Migrator,
    connection: &mut C,
    database: &str,
) -> Result<()> {
    migrator
        .run_direct(None, connection, false)
        .await
        .map_err(|source| match source {
            MigrateError::VersionMissing(migration) => Error::NewerThanProgram {
                database: database.to_owned(),
                migration,
            },
            source => Error::Migration {
                database: database.to_owned(),
                source,
            },
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_engines_have_the_same_migrations() {
        for (sqlite, postgres) in [
            (&SQLITE_SYSTEM, &POSTGRES_SYSTEM),
            (&SQLITE_TENANT, &POSTGRES_TENANT),
        ] {
            let names = |migrator: &Migrator| -> Vec<_> {
                migrator
                    .iter()
                    .map(|m| (m.version, m.description.to_string()))
                    .collect()
            };
            assert_eq!(names(sqlite), names(postgres));
        }
    }
}
