//! The boards of an account and their sections, to choose from: operations `boards/list` and
//! `board_sections/list` of the OpenAPI 5.23.0.

use serde::Deserialize;

use super::api::{Page, get};
use crate::{
    connector::{Account, Lookup},
    descriptor::Choice,
    error::{ErrorKind, NetworkError},
    http::Net,
};

/// The most that one page holds, and how many pages are read.
const PAGE: &str = "250";
const PAGES: usize = 8;
/// Schema `Board`, and `BoardSection`.
#[derive(Deserialize)]
struct Named {
    id: String,
    name: String,
}

pub(super) async fn choices(
    net: &Net,
    account: &Account,
    lookup: &Lookup,
) -> Result<Vec<Choice>, NetworkError> {
    match lookup.key.as_str() {
        "board" => {
            let boards = list(net, account, "/boards").await?;
            Ok(boards
                .into_iter()
                .map(|board| Choice::new(board.id, board.name))
                .collect())
        }
        "section" => sections(net, account, &lookup.of).await,
        _ => Ok(Vec::new()),
    }
}

/// The sections of a board. A choice names its board too, so that nobody gets a section of
/// another one.
async fn sections(net: &Net, account: &Account, board: &str) -> Result<Vec<Choice>, NetworkError> {
    // It becomes a part of the address.
    if board.is_empty() || !board.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NetworkError::not_sent(
            ErrorKind::Refused,
            super::error::NO_BOARD,
            "a board's id is a number",
        ));
    }
    let sections = list(net, account, &format!("/boards/{board}/sections")).await?;
    Ok(sections
        .into_iter()
        .map(|section| Choice::new(format!("{board}/{}", section.id), section.name))
        .collect())
}

async fn list(net: &Net, account: &Account, path: &str) -> Result<Vec<Named>, NetworkError> {
    let mut all = Vec::new();
    let mut bookmark: Option<String> = None;
    for _ in 0..PAGES {
        let mut query = vec![("page_size", PAGE)];
        if let Some(bookmark) = &bookmark {
            query.push(("bookmark", bookmark));
        }
        let page: Page = get(net, account, path, &query).await?;
        all.extend(
            page.items
                .into_iter()
                .filter_map(|item| serde_json::from_value(item).ok()),
        );
        bookmark = page.bookmark.filter(|bookmark| !bookmark.is_empty());
        if bookmark.is_none() {
            break;
        }
    }
    Ok(all)
}
