//! The connector against the sandbox, over HTTP.

mod connect;
mod publish;
mod talk;

use crate::{Platform, testing::World};

async fn world() -> World {
    World::of(Platform::X).await
}
