//! The connector against the sandbox, over HTTP.

mod connect;
mod faults;
mod public;
mod publish;

use std::{collections::BTreeMap, time::Duration};

use serde_json::{Value, json};

use super::Instagram;
use crate::{
    Platform,
    connector::{Account, Connector, OutgoingMedia, PublishRequest},
    testing::{TestFile, World, approve},
};

async fn world() -> World {
    World::of(Platform::Instagram).await
}

fn image(alt_text: &str) -> OutgoingMedia {
    TestFile::jpeg().attach(alt_text)
}

fn video() -> OutgoingMedia {
    TestFile::mp4(300_000).attach("")
}

fn post(world: &World, text: &str) -> PublishRequest {
    world.request("post", text, vec![image("A cup")], json!({}))
}
