//! Typed ids.

/// Makes a typed id: a UUIDv7 that can't be mistaken for another kind of id.
///
/// `BLOB` in SQLite, `uuid` in PostgreSQL, a hyphenated string in JSON.
#[macro_export]
macro_rules! id {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(
            Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash,
            $crate::serde::Serialize, $crate::serde::Deserialize,
            $crate::sqlx::Type, $crate::utoipa::ToSchema,
        )]
        #[serde(crate = "kernel::serde", transparent)]
        #[sqlx(transparent)]
        #[schema(value_type = String, format = Uuid)]
        pub struct $name(pub $crate::uuid::Uuid);

        impl From<$crate::uuid::Uuid> for $name {
            fn from(uuid: $crate::uuid::Uuid) -> Self {
                Self(uuid)
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                text.parse().map(Self)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.0, f)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Display::fmt(&self.0, f)
            }
        }
    )+};
}

id!(
    /// A person, who may belong to several tenants.
    PersonId,
    /// A tenant: one organisation, with a database of its own.
    TenantId,
    /// One log-in of a person, on one device.
    SessionId,
    /// A token that a person or a service calls the API with.
    ApiTokenId,
);
