//! The connector against the sandbox, over HTTP.

mod connect;
mod faults;
mod publish;

use serde_json::{Value, json};

use super::Pinterest;
use crate::{
    Platform,
    connector::{Account, Connector, PublishRequest},
    testing::{TestFile, World, lookup},
};

async fn world() -> World {
    World::of(Platform::Pinterest).await
}

/// The board of this name.
async fn board(world: &World, account: &Account, name: &str) -> String {
    let boards = Pinterest
        .choices(&world.net, account, &lookup("board"))
        .await
        .unwrap();
    let board = boards.iter().find(|board| board.label == name).unwrap();
    board.value.clone()
}

/// A Pin of pictures with these descriptions; of one it is an image Pin.
async fn pin(
    world: &World,
    account: &Account,
    alt_texts: &[&str],
    options: Value,
) -> PublishRequest {
    let format = if alt_texts.len() > 1 {
        "carousel"
    } else {
        "pin"
    };
    let media = alt_texts
        .iter()
        .map(|alt_text| TestFile::pixel().attach(alt_text))
        .collect();
    let mut request = world.request(format, "Fresh from the roaster", media, options);
    let board = board(world, account, "Coffee corner").await;
    request.options.insert("board".to_owned(), json!(board));
    request
}

async fn video(world: &World, account: &Account) -> PublishRequest {
    let media = vec![TestFile::mp4(300_000).attach("Beans turn in a drum")];
    let board = board(world, account, "Harbour mornings").await;
    world.request("video", "How we roast", media, json!({ "board": board }))
}
