//! What a person sees in a browser: the feed, a status, the page that asks for consent.

use std::fmt::Write;

use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{Html, IntoResponse, Response},
};

use super::{
    Net,
    state::{Memory, Status, display_name},
    text::html,
};
use crate::kit::{
    Here,
    html::{escape, page as html_page},
};

const STYLE: &str = "<style>article.reply{margin-left:1.5rem}header img{border-radius:10px}header strong{display:block;line-height:1.2}
header span,time{color:var(--quiet);font-size:.875rem}article p{overflow-wrap:anywhere;margin:.75rem 0}
.images{display:grid;grid-template-columns:repeat(auto-fit,minmax(45%,1fr));gap:.5rem}
.images img{width:100%;height:100%;max-height:26rem;object-fit:cover;border-radius:8px;display:block}</style>";

fn page(title: &str, body: &str) -> Html<String> {
    html_page(
        title,
        super::PROFILE.brand.colour,
        &format!("{STYLE}{body}"),
    )
}

fn not_found() -> Response {
    let body = "<h1>Nothing is here</h1><p class=\"quiet\">It may have been deleted. <a href=\"/\">All posts</a></p>";
    (StatusCode::NOT_FOUND, page("Not found", body)).into_response()
}

fn article(state: &Memory, status: &Status, here: &Here) -> String {
    let mut images = String::new();
    for media in status.media.iter().filter_map(|id| state.media.get(id)) {
        let alt = escape(media.description.as_deref().unwrap_or_default());
        // Writing to a string can't fail.
        let _ = write!(
            images,
            "<img src=\"/media/{}/original\" alt=\"{alt}\" title=\"{alt}\">",
            media.id
        );
    }
    let (id, account) = (&status.id, &status.account);
    format!(
        "<article id=\"status-{id}\" class=\"{}\"><header><img src=\"/avatars/{account}.svg\" alt=\"\">\
         <div><strong>{}</strong><span>@{account}@{}</span></div></header>{}\
         <div class=\"images\">{images}</div><a href=\"/@{account}/{id}\"><time>{}</time></a> \
         <span class=\"quiet\">· {}</span></article>",
        if status.in_reply_to.is_some() {
            "reply"
        } else {
            "post"
        },
        escape(&display_name(account)),
        escape(here.domain()),
        html(&status.text, &here.origin),
        status.created_at,
        escape(&status.app_name),
    )
}

fn list<'s>(
    title: &str,
    state: &Memory,
    here: &Here,
    statuses: impl Iterator<Item = &'s Status>,
) -> Html<String> {
    let articles: String = statuses
        .map(|status| article(state, status, here))
        .collect();
    let articles = if articles.is_empty() {
        "<article><p>Nothing has been posted yet.</p></article>".to_owned()
    } else {
        articles
    };
    let body = format!(
        "<h1>{}</h1><p class=\"quiet\">A simulated Mastodon instance. What is posted here stays on this machine.</p>{articles}",
        escape(title)
    );
    page(title, &body)
}

/// `GET /`: everything, the newest first.
pub(super) async fn feed(State(net): State<Net>, here: Here) -> Html<String> {
    let state = net.memory();
    list(
        "AllIN sandbox",
        &state,
        &here,
        state.statuses.values().rev(),
    )
}

/// `GET /@name`: one account's posts.
pub(super) async fn profile(
    State(net): State<Net>,
    here: Here,
    Path(account): Path<String>,
) -> Response {
    let Some(name) = account.strip_prefix('@') else {
        return not_found();
    };
    let state = net.memory();
    let own = state
        .statuses
        .values()
        .rev()
        .filter(|status| status.account == name);
    list(&account, &state, &here, own).into_response()
}

/// `GET /@name/id`: one post and the thread after it.
pub(super) async fn status(
    State(net): State<Net>,
    here: Here,
    Path((account, id)): Path<(String, String)>,
) -> Response {
    let state = net.memory();
    let found = state.statuses.get(&id);
    let Some(first) = found.filter(|status| account.strip_prefix('@') == Some(&status.account))
    else {
        return not_found();
    };
    let mut thread = vec![first];
    for status in state.statuses.values() {
        if thread
            .iter()
            .any(|earlier| status.in_reply_to.as_ref() == Some(&earlier.id))
        {
            thread.push(status);
        }
    }
    list(&account, &state, &here, thread.into_iter()).into_response()
}
