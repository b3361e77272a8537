//! The connector against the sandbox, over HTTP.

mod connect;
mod faults;
mod public;
mod publish;

use std::{collections::BTreeMap, time::Duration};

use serde_json::{Value, json};

use super::Facebook;
use crate::{
    Platform,
    connector::{Account, Connector, OutgoingMedia, PublishRequest},
    testing::{TestFile, World, approve},
};

async fn world() -> World {
    World::of(Platform::Facebook).await
}

fn image(alt_text: &str) -> OutgoingMedia {
    TestFile::pixel().attach(alt_text)
}

/// Bytes of a video: more than two pieces.
const VIDEO_BYTES: usize = 2_500_000;

fn video() -> OutgoingMedia {
    TestFile::mp4(VIDEO_BYTES).attach("")
}

fn post(world: &World, text: &str) -> PublishRequest {
    world.request("post", text, Vec::new(), json!({}))
}
