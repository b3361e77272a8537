//! The SQL of people, tenants and what connects them. Nobody else reads these tables.

pub(crate) mod api_token;
pub(crate) mod invitation;
pub(crate) mod lockout;
pub(crate) mod member;
pub(crate) mod person;
pub(crate) mod session;
pub(crate) mod tenant;
