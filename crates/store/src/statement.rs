//! Statements, and the register of all of them.

use linkme::distributed_slice;

/// Which databases a statement is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Set {
    /// The system database: people, tenants, wake-ups.
    System,
    /// Every tenant's database.
    Tenant,
}

/// One statement, for both engines. Made by [`sql!`](crate::sql).
#[derive(Debug)]
pub struct Statement {
    /// Where it is declared, for logs and errors.
    pub name: &'static str,
    /// Which databases it is for.
    pub set: Set,
    /// Its text on SQLite.
    pub sqlite: &'static str,
    /// Its text on PostgreSQL.
    pub postgres: &'static str,
}

/// Every statement of the program.
#[distributed_slice]
pub static STATEMENTS: [&Statement];

/// Declares statements and registers them.
///
/// `NAME: System|Tenant = "…";` where both engines share the text, and
/// `NAME: System|Tenant = { sqlite: "…", postgres: "…" };` where they can't.
#[macro_export]
macro_rules! sql {
    ($($(#[$doc:meta])* $name:ident: $set:ident = $text:tt;)+) => {$(
        $crate::sql!(@one [$(#[$doc])*] $name $set $text);
    )+};
    (@one [$(#[$doc:meta])*] $name:ident $set:ident { sqlite: $sqlite:literal, postgres: $postgres:literal $(,)? }) => {
        $(#[$doc])*
        static $name: $crate::Statement = $crate::Statement {
            name: concat!(module_path!(), "::", stringify!($name)),
            set: $crate::Set::$set,
            sqlite: $sqlite,
            postgres: $postgres,
        };
        #[expect(unsafe_code, reason = "linkme gathers the statements in a section of the binary")]
        const _: () = {
            #[$crate::linkme::distributed_slice($crate::STATEMENTS)]
            #[linkme(crate = $crate::linkme)]
            static REGISTERED: &$crate::Statement = &$name;
        };
    };
    (@one [$(#[$doc:meta])*] $name:ident $set:ident $text:literal) => {
        $crate::sql!(@one [$(#[$doc])*] $name $set { sqlite: $text, postgres: $text });
    };
}
