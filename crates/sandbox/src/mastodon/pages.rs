//! What a person sees at the addresses that the instance gives to profiles and statuses.

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};

use super::Net;
use crate::kit::{
    Memory as _,
    feed::{self, FeedPost},
    html::page,
};

fn not_found() -> Response {
    let body =
        "<h1>Nothing is here</h1><p>It may have been deleted. <a href=\"/\">All posts</a></p>";
    let page = page("Not found", super::PROFILE.brand.colour, body);
    (StatusCode::NOT_FOUND, page).into_response()
}

/// The posts that are wanted, of all, the newest first.
fn list(net: &Net, wanted: impl Fn(&FeedPost) -> bool) -> Html<String> {
    let posts = net.memory().posts(net);
    let shown: Vec<_> = posts.iter().rev().filter(|post| wanted(post)).collect();
    feed::show(net, &shown, &posts, "")
}

/// `GET /`: everything.
pub(super) async fn home(State(net): State<Net>) -> Html<String> {
    list(&net, |_| true)
}

/// `GET /@name`: one account's posts.
pub(super) async fn profile(State(net): State<Net>, Path(account): Path<String>) -> Response {
    match account.strip_prefix('@') {
        Some(name) => list(&net, |post| post.account == name).into_response(),
        None => not_found(),
    }
}

/// `GET /@name/id`: one post, the thread after it and what strangers answered.
pub(super) async fn status(
    State(net): State<Net>,
    Path((account, id)): Path<(String, String)>,
) -> Response {
    let posts = net.memory().posts(&net);
    let found = posts.iter().find(|post| post.id == id);
    match found.filter(|post| account.strip_prefix('@') == Some(&post.account)) {
        Some(post) => {
            let comments = net.memory().comments(&net, post);
            feed::single_page(&net, post, &posts, &comments).into_response()
        }
        None => not_found(),
    }
}
