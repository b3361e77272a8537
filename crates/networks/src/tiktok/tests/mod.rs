//! The connector against the sandbox, over HTTP.

mod connect;
mod examples;
mod faults;
mod publish;
mod rules;
mod upload;

use serde_json::{Value, json};

use super::Tiktok;
use crate::{
    Platform,
    connector::PublishRequest,
    testing::{TestFile, World},
};

async fn world() -> World {
    World::of(Platform::Tiktok).await
}

/// A post of these files, for everybody unless the options say otherwise.
fn post(world: &World, format: &str, files: Vec<TestFile>, options: Value) -> PublishRequest {
    let text = "Pouring the first cup #coffee @fernway";
    let media = files.into_iter().map(|file| file.attach("")).collect();
    let mut request = world.request(format, text, media, options);
    let everybody = || json!("PUBLIC_TO_EVERYONE");
    request.options.entry("privacy").or_insert_with(everybody);
    request
}

fn video(world: &World, options: Value) -> PublishRequest {
    post(world, "video", vec![TestFile::mp4(300_000)], options)
}
