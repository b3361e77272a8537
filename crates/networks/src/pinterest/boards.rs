//! The boards of an account and their sections, to choose from: operations `boards/list` and
//! `board_sections/list` of the OpenAPI 5.23.0.

use serde::Deserialize;

use super::api::{Page, get};
use crate::{connector::Account, descriptor::Choice, error::NetworkError, http::Net};

/// The most that one page holds, and how many pages are read.
const PAGE: &str = "250";
const PAGES: usize = 8;
/// Boards of which the sections are read, for each is a request.
const SECTIONED: usize = 5;

/// Schema `Board`, and `BoardSection`.
#[derive(Deserialize)]
struct Named {
    id: String,
    name: String,
}

pub(super) async fn choices(
    net: &Net,
    account: &Account,
    key: &str,
    search: &str,
) -> Result<Vec<Choice>, NetworkError> {
    match key {
        "board" => {
            let boards = list(net, account, "/boards").await?;
            Ok(boards
                .into_iter()
                .map(|board| Choice::new(board.id, board.name))
                .collect())
        }
        "section" => sections(net, account, search).await,
        _ => Ok(Vec::new()),
    }
}

/// The sections of the boards whose name has the typed words. A choice names its board too.
async fn sections(net: &Net, account: &Account, search: &str) -> Result<Vec<Choice>, NetworkError> {
    let wanted = search.trim().to_lowercase();
    let boards = list(net, account, "/boards").await?;
    let mut choices = Vec::new();
    for board in boards
        .iter()
        .filter(|board| board.name.to_lowercase().contains(&wanted))
        .take(SECTIONED)
    {
        for section in list(net, account, &format!("/boards/{}/sections", board.id)).await? {
            choices.push(Choice::new(
                format!("{}/{}", board.id, section.id),
                format!("{} › {}", board.name, section.name),
            ));
        }
    }
    Ok(choices)
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
