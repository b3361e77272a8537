//! Whose account it is, and its numbers: operations `user_account/get` and
//! `user_account/analytics`.

use axum::{Json, extract::State};
use serde_json::{Value, json};

use super::{Net, analytics, refusal};
use crate::kit::{Actor, Answer, Here, Params, people};

/// `user_account/get`: schema `Account`.
pub(super) async fn show(State(net): State<Net>, here: Here, actor: Actor) -> Answer<Json<Value>> {
    actor.require("user_accounts:read")?;
    let person =
        people::find(actor.account()).ok_or_else(|| refusal::invalid("No such account."))?;
    let mut state = net.memory();
    state.settle(actor.account(), net.now());
    let boards = state
        .boards
        .values()
        .filter(|board| board.account == person.username)
        .count();
    let pins: Vec<_> = state
        .pins
        .values()
        .filter(|pin| pin.account == person.username)
        .collect();
    let views: u64 = pins
        .iter()
        .map(|pin| analytics::Reach::of(pin, net.now()).impressions)
        .sum();
    // Who manages a company has a business account.
    let company = person.companies().next();
    Ok(Json(json!({
        "id": person.number("pinterest", 18).to_string(),
        "username": person.username,
        "account_type": if company.is_some() { "BUSINESS" } else { "PINNER" },
        "business_name": company.map(|company| company.name),
        "about": person.bio,
        "profile_image": format!("{}{}", here.origin, people::avatar_path(person.username)),
        "website_url": "",
        "board_count": boards,
        "pin_count": pins.len(),
        "follower_count": person.followers,
        "following_count": 120,
        "monthly_views": views,
    })))
}

/// `user_account/analytics`.
pub(super) async fn analytics(
    State(net): State<Net>,
    actor: Actor,
    params: Params,
) -> Answer<Json<Value>> {
    const METRICS: [&str; 9] = [
        "ENGAGEMENT",
        "ENGAGEMENT_RATE",
        "IMPRESSION",
        "OUTBOUND_CLICK",
        "OUTBOUND_CLICK_RATE",
        "PIN_CLICK",
        "PIN_CLICK_RATE",
        "SAVE",
        "SAVE_RATE",
    ];
    actor.require("user_accounts:read")?;
    let span = analytics::Span::of(&net, &params)?;
    let wanted = analytics::metric_types(&params, &METRICS)?;
    let wanted = if wanted.is_empty() {
        METRICS.map(str::to_owned).to_vec()
    } else {
        wanted
    };
    let pins: Vec<_> = net
        .memory()
        .pins
        .values()
        .filter(|pin| pin.account == actor.account())
        .cloned()
        .collect();
    Ok(Json(analytics::answer(&net, &pins, &span, &wanted)))
}
