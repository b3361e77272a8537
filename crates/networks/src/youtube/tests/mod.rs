//! The connector against the sandbox, over HTTP.

mod comments;
mod connect;
mod faults;
mod publish;
mod rules;
mod upload;

use bytes::Bytes;
use serde_json::{Value, json};

use super::Youtube;
use crate::{
    Platform,
    connector::PublishRequest,
    testing::{TestFile, World},
};

async fn world() -> World {
    World::of(Platform::Youtube).await
}

/// The beginning of an MP4 with its index, filled up to `bytes`.
fn mp4(bytes: usize, width: u32, height: u32, seconds: u32) -> Bytes {
    let mut file = b"\0\0\0\x18ftypisom\0\0\x02\0isommp42".to_vec();
    file.extend_from_slice(b"\0\0\0\x6cmvhd\0\0\0\0\0\0\0\0\0\0\0\0");
    file.extend_from_slice(&1_000_u32.to_be_bytes());
    file.extend_from_slice(&(seconds * 1_000).to_be_bytes());
    file.extend_from_slice(b"\0\0\0\x5ctkhd");
    file.extend_from_slice(&[0; 76]);
    file.extend_from_slice(&(width << 16).to_be_bytes());
    file.extend_from_slice(&(height << 16).to_be_bytes());
    file.resize(bytes.max(file.len()), 7);
    file.into()
}

/// A video of 16:9.
fn wide(bytes: usize) -> TestFile {
    TestFile::new("video/mp4", mp4(bytes, 1_920, 1_080, 90))
}

/// A post of one file.
fn post(world: &World, format: &str, file: TestFile, options: Value) -> PublishRequest {
    let text = "How we roast.\n\n#coffee https://harbourlight.example";
    let mut request = world.request(format, text, vec![file.attach("")], options);
    let title = || json!("From bean to cup");
    request.options.entry("title").or_insert_with(title);
    request
}

fn video(world: &World, options: Value) -> PublishRequest {
    post(world, "video", wide(300_000), options)
}
