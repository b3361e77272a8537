//! Pins: operations `pins/create`, `pins/list`, `pins/get`, `pins/delete`, `boards/list_pins`.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
};
use serde_json::Value;
use url::Url;

use super::{
    Net, analytics, boards, refusal, source,
    state::{Pin, next_id},
};
use crate::kit::{Actor, Answer, Here, Params};

/// All that creating wants.
fn require_all(actor: &Actor) -> Answer<()> {
    ["boards:read", "boards:write", "pins:read", "pins:write"]
        .iter()
        .try_for_each(|scope| actor.require(scope))
}

/// `pins/create`: schema `PinCreate`.
pub(super) async fn create(
    State(net): State<Net>,
    here: Here,
    actor: Actor,
    Json(body): Json<Value>,
) -> Answer<(StatusCode, Json<Value>)> {
    require_all(&actor)?;
    super::write(&net, &actor)?;
    let text = |key: &str, most: usize| -> Answer<Option<String>> {
        let Some(value) = body[key].as_str() else {
            return Ok(None);
        };
        if value.chars().count() > most {
            return Err(refusal::invalid(&format!(
                "'{key}' is longer than {most} characters."
            )));
        }
        Ok((!value.is_empty()).then(|| value.to_owned()))
    };
    let board = body["board_id"]
        .as_str()
        .ok_or_else(|| refusal::invalid("'board_id' is a required property."))?;
    let board = boards::find(&net, &actor, board)?;
    let section = text("board_section_id", 40)?;
    if let Some(section) = &section
        && !board.sections.iter().any(|known| known.id == *section)
    {
        return Err(refusal::new(
            StatusCode::NOT_FOUND,
            2_030,
            "Board section not found.",
        ));
    }
    let link = text("link", 2_048)?;
    if link
        .as_ref()
        .is_some_and(|link| !Url::parse(link).is_ok_and(|url| url.scheme().starts_with("http")))
    {
        return Err(refusal::invalid("'link' is not a valid URL."));
    }
    let (title, description, alt_text) = (
        text("title", 100)?,
        text("description", 800)?,
        text("alt_text", 500)?,
    );
    let content = source::content(&net, &actor, &body["media_source"]).await?;
    let pin = Pin {
        id: next_id(&net),
        account: actor.account().to_owned(),
        board: board.id,
        section,
        title,
        description,
        link,
        alt_text,
        dominant_color: text("dominant_color", 7)?,
        created_at: net.now(),
        content,
    };
    let entity = pin.entity(&here);
    net.memory().pins.insert(pin.id.clone(), pin);
    net.count_published();
    Ok((StatusCode::CREATED, Json(entity)))
}

/// The Pin, if the account has it.
pub(super) fn find(net: &Net, actor: &Actor, id: &str) -> Answer<Pin> {
    net.memory()
        .pins
        .get(id)
        .filter(|pin| pin.account == actor.account())
        .cloned()
        .ok_or_else(refusal::no_pin)
}

/// With `pin_metrics`, where it is asked for.
fn shown(net: &Net, here: &Here, pin: &Pin, params: &Params) -> Value {
    let mut entity = pin.entity(here);
    entity["pin_metrics"] = if params.get("pin_metrics") == Some("true") {
        analytics::metrics(net, pin)
    } else {
        Value::Null
    };
    entity
}

/// `pins/get`.
pub(super) async fn show(
    State(net): State<Net>,
    here: Here,
    actor: Actor,
    Path(id): Path<String>,
    params: Params,
) -> Answer<Json<Value>> {
    actor.require("boards:read")?;
    actor.require("pins:read")?;
    let pin = find(&net, &actor, &id)?;
    Ok(Json(shown(&net, &here, &pin, &params)))
}

/// The newest first.
fn pins(net: &Net, actor: &Actor, wanted: impl Fn(&Pin) -> bool) -> Vec<Pin> {
    net.memory()
        .pins
        .values()
        .rev()
        .filter(|pin| pin.account == actor.account() && wanted(pin))
        .cloned()
        .collect()
}

/// `pins/list`.
pub(super) async fn list(
    State(net): State<Net>,
    here: Here,
    actor: Actor,
    params: Params,
) -> Answer<Json<Value>> {
    actor.require("boards:read")?;
    actor.require("pins:read")?;
    let all = pins(&net, &actor, |_| true);
    let entities = all
        .iter()
        .map(|pin| shown(&net, &here, pin, &params))
        .collect();
    boards::page(entities, &params)
}

/// `boards/list_pins`.
pub(super) async fn of_board(
    State(net): State<Net>,
    here: Here,
    actor: Actor,
    Path(id): Path<String>,
    params: Params,
) -> Answer<Json<Value>> {
    actor.require("boards:read")?;
    actor.require("pins:read")?;
    let board = boards::find(&net, &actor, &id)?;
    let all = pins(&net, &actor, |pin| pin.board == board.id);
    let entities = all
        .iter()
        .map(|pin| shown(&net, &here, pin, &params))
        .collect();
    boards::page(entities, &params)
}

/// `pins/delete`.
pub(super) async fn delete(
    State(net): State<Net>,
    actor: Actor,
    Path(id): Path<String>,
) -> Answer<StatusCode> {
    require_all(&actor)?;
    super::write(&net, &actor)?;
    find(&net, &actor, &id)?;
    net.memory().pins.remove(&id);
    Ok(StatusCode::NO_CONTENT)
}
