//! The connector against the sandbox, over HTTP.

mod connect;
mod publish;
mod talk;

use crate::{
    Platform,
    connector::{Account, Connection, ProfileKind},
    error::ConnectError,
    testing::{World, approve},
};

async fn world() -> World {
    World::of(Platform::Linkedin).await
}

/// Connects what the person named.
async fn connect(world: &World, what: Option<&str>) -> Result<Vec<Connection>, ConnectError> {
    let consent = world.consent_at(what, &approve("mara")).await;
    world.finish(&consent).await
}

async fn account(world: &World, what: Option<&str>, kind: ProfileKind) -> Account {
    let mut connections = connect(world, what).await.unwrap();
    connections.retain(|connection| connection.profile.kind == kind);
    world.as_account(connections.remove(0))
}

/// An organisation's page.
async fn page(world: &World) -> Account {
    account(world, None, ProfileKind::Organization).await
}

/// A person's profile, with an app that reaches profiles alone.
async fn person(world: &World) -> Account {
    account(world, Some("profile"), ProfileKind::Person).await
}
