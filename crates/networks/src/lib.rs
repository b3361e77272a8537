//! The social networks: what each can do, and how AllIN speaks to it.

pub mod connector;
