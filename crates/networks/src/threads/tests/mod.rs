//! The connector against the sandbox, over HTTP.

mod connect;
mod faults;
mod publish;

use serde_json::Value;

use crate::{
    Platform,
    connector::{OutgoingPart, PublishRequest},
    testing::{TestFile, World, request_as},
};

async fn world() -> World {
    World::of(Platform::Threads).await
}

fn post(world: &World, parts: Vec<OutgoingPart>, options: Value) -> PublishRequest {
    request_as(&world.net, "post", parts, options)
}

/// A part with these files.
fn part(text: &str, files: Vec<TestFile>) -> OutgoingPart {
    OutgoingPart {
        text: text.to_owned(),
        media: files
            .into_iter()
            .map(|file| file.attach("What it shows"))
            .collect(),
    }
}

fn video() -> TestFile {
    TestFile::mp4(50_000)
}
