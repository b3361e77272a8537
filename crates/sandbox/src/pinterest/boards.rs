//! Boards and their sections: operations `boards/…` and `board_sections/…`.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde_json::{Value, json};

use super::{
    Net, refusal,
    state::{Board, Section, next_id},
};
use crate::kit::{Actor, Answer, Params};

/// Items of a page, and the most that may be asked for.
const PAGE: usize = 25;
const MOST: usize = 250;

/// A page of `items` by `bookmark` and `page_size`: schema of every list.
pub(super) fn page(items: Vec<Value>, params: &Params) -> Answer<Json<Value>> {
    let size = match params.get("page_size").map(str::parse::<usize>) {
        None => PAGE,
        Some(Ok(size @ 1..=MOST)) => size,
        Some(_) => {
            return Err(refusal::invalid("page_size must be between 1 and 250."));
        }
    };
    let start: usize = params
        .get("bookmark")
        .map_or(Ok(0), str::parse)
        .map_err(|_| refusal::invalid("Invalid bookmark."))?;
    let next = start + size;
    let bookmark = (next < items.len()).then(|| next.to_string());
    let items: Vec<_> = items.into_iter().skip(start).take(size).collect();
    Ok(Json(json!({ "items": items, "bookmark": bookmark })))
}

/// The board, if the account has it and the token may see it.
pub(super) fn find(net: &Net, actor: &Actor, id: &str) -> Answer<Board> {
    let mut state = net.memory();
    state.settle(actor.account(), net.now());
    state
        .boards
        .get(id)
        .filter(|board| board.account == actor.account() && seen(actor, board))
        .cloned()
        .ok_or_else(refusal::no_board)
}

fn seen(actor: &Actor, board: &Board) -> bool {
    board.privacy != "SECRET" || actor.may("boards:read_secret")
}

/// `boards/list`.
pub(super) async fn list(
    State(net): State<Net>,
    actor: Actor,
    params: Params,
) -> Answer<Json<Value>> {
    actor.require("boards:read")?;
    let privacy = params.get("privacy");
    let mut state = net.memory();
    state.settle(actor.account(), net.now());
    let mut boards: Vec<_> = state
        .boards
        .values()
        .filter(|board| board.account == actor.account() && seen(&actor, board))
        .filter(|board| privacy.is_none_or(|wanted| wanted == "ALL" || wanted == board.privacy))
        .collect();
    boards.sort_by(|one, other| one.name.cmp(&other.name));
    let entities = boards
        .into_iter()
        .map(|board| state.board_entity(board))
        .collect();
    page(entities, &params)
}

/// `boards/create`: schema `BoardCreate`.
pub(super) async fn create(
    State(net): State<Net>,
    actor: Actor,
    params: Params,
) -> Answer<(StatusCode, Json<Value>)> {
    actor.require("boards:read")?;
    actor.require("boards:write")?;
    super::write(&net, &actor)?;
    let name = params
        .get("name")
        .ok_or_else(|| refusal::invalid("Missing required field: name"))?;
    let privacy = match params.get("privacy") {
        None | Some("PUBLIC") => "PUBLIC",
        Some("PROTECTED") => "PROTECTED",
        Some("SECRET") => {
            actor.require("boards:write_secret")?;
            "SECRET"
        }
        Some(_) => {
            return Err(refusal::invalid(
                "privacy must be PUBLIC, PROTECTED or SECRET.",
            ));
        }
    };
    let board = Board {
        id: next_id(&net),
        account: actor.account().to_owned(),
        name: name.to_owned(),
        description: params.get("description").unwrap_or_default().to_owned(),
        privacy,
        created_at: net.now(),
        sections: Vec::new(),
    };
    let mut state = net.memory();
    state.settle(actor.account(), net.now());
    let taken = state
        .boards
        .values()
        .any(|other| other.account == board.account && other.name == board.name);
    if taken {
        return Err(refusal::new(
            StatusCode::BAD_REQUEST,
            58,
            "You already have a board with that name.",
        ));
    }
    let entity = state.board_entity(&board);
    state.boards.insert(board.id.clone(), board);
    Ok((StatusCode::CREATED, Json(entity)))
}

/// `boards/get`.
pub(super) async fn show(
    State(net): State<Net>,
    actor: Actor,
    Path(id): Path<String>,
) -> Answer<Json<Value>> {
    actor.require("boards:read")?;
    let board = find(&net, &actor, &id)?;
    Ok(Json(net.memory().board_entity(&board)))
}

/// `boards/delete`: its Pins go with it.
pub(super) async fn delete(
    State(net): State<Net>,
    actor: Actor,
    Path(id): Path<String>,
) -> Answer<StatusCode> {
    actor.require("boards:read")?;
    actor.require("boards:write")?;
    super::write(&net, &actor)?;
    find(&net, &actor, &id)?;
    let mut state = net.memory();
    state.boards.remove(&id);
    state.pins.retain(|_, pin| pin.board != id);
    Ok(StatusCode::NO_CONTENT)
}

/// `board_sections/list`.
pub(super) async fn sections(
    State(net): State<Net>,
    actor: Actor,
    Path(id): Path<String>,
    params: Params,
) -> Answer<Json<Value>> {
    actor.require("boards:read")?;
    let board = find(&net, &actor, &id)?;
    page(
        board.sections.iter().map(Section::entity).collect(),
        &params,
    )
}

/// `board_sections/create`.
pub(super) async fn create_section(
    State(net): State<Net>,
    actor: Actor,
    Path(id): Path<String>,
    params: Params,
) -> Answer<(StatusCode, Json<Value>)> {
    actor.require("boards:read")?;
    actor.require("boards:write")?;
    super::write(&net, &actor)?;
    let board = find(&net, &actor, &id)?;
    let name = params
        .get("name")
        .filter(|name| name.chars().count() <= 180)
        .ok_or_else(|| refusal::invalid("name must have 1 to 180 characters."))?;
    if board.sections.iter().any(|section| section.name == name) {
        return Err(refusal::new(
            StatusCode::CONFLICT,
            2_031,
            "A section with this name exists already.",
        ));
    }
    let section = Section {
        id: next_id(&net),
        name: name.to_owned(),
    };
    let entity = section.entity();
    if let Some(board) = net.memory().boards.get_mut(&id) {
        board.sections.push(section);
    }
    Ok((StatusCode::CREATED, Json(entity)))
}
