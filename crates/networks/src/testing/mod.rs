//! What the connectors' tests share.
//!
//! | module | what a reader finds there |
//! |---|---|
//! | `world` | [`World`]: a network of the sandbox, the way through its consent page, its accounts |
//! | `instance` | [`Instance`]: a running sandbox |
//! | `engine` | [`Engine`], which publishes as the real one does; requests to publish |
//! | `file` | [`TestFile`]: images and videos |

mod engine;
mod file;
mod instance;
mod world;

use std::time::Duration;

use kernel::Env;
pub(crate) use testkit::TestClock;

pub(crate) use self::{
    engine::{Engine, request, request_as},
    file::{TestFile, part},
    instance::Instance,
    world::{Consent, World, approve},
};
use crate::{
    Platform,
    connector::{Account, Connection, Lookup},
    http::{Net, NetConfig},
};

/// A client that may speak to this machine.
pub(crate) fn net(clock: &TestClock) -> Net {
    let config = NetConfig {
        allow_private_targets: true,
        timeout: Some(Duration::from_millis(1_500)),
        ..NetConfig::default()
    };
    Net::new(clock.env(), config).unwrap()
}

/// A client as an installation has it that nobody configured.
pub(crate) fn strict_net() -> Net {
    Net::new(Env::system(), NetConfig::default()).unwrap()
}

/// Asks for the list of this option, which depends on no other.
pub(crate) fn lookup(key: &str) -> Lookup {
    Lookup {
        key: key.to_owned(),
        ..Lookup::default()
    }
}

/// The account of a connection, as it comes back from the store.
pub(crate) fn account(platform: Platform, connection: Connection) -> Account {
    Account {
        platform,
        server: connection.server,
        platform_account_id: connection.profile.platform_account_id,
        username: connection.profile.username,
        credentials: connection.credentials,
        limits: connection.limits,
        app: None,
    }
}
