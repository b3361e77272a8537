//! Resolves names, and lets none through that lead into the private network.

use std::{collections::BTreeSet, error::Error, fmt, net::SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::address::is_public;

/// A name resolved to a private address.
#[derive(Debug)]
pub(super) struct Blocked {
    pub(super) host: String,
}

impl fmt::Display for Blocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} resolves to a private address", self.host)
    }
}

impl Error for Blocked {}

/// Resolves a name and refuses it if *any* of its addresses is private: a name that mixes both
/// is an attack, not a server.
pub(super) struct CheckedResolver {
    pub(super) allow_private: bool,
    /// The hosts that the operator chose, which may be private.
    pub(super) trusted: BTreeSet<String>,
}

impl Resolve for CheckedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let allow_private = self.allow_private || self.trusted.contains(name.as_str());
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let addresses: Vec<SocketAddr> =
                tokio::net::lookup_host((host.as_str(), 0)).await?.collect();
            if !allow_private && !addresses.iter().all(|address| is_public(address.ip())) {
                return Err(Blocked { host }.into());
            }
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}
