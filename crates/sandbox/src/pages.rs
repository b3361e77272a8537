//! What a person sees in a browser: the feed, a status, the page that asks for consent.

use std::{fmt::Write, sync::Arc};

use axum::{
    extract::{Path, State},
    http::{StatusCode, header::CONTENT_TYPE},
    response::{Html, IntoResponse, Response},
};

use crate::{
    params::Origin,
    state::{App, Memory, Sandbox, Status},
    text::{capitalised, escape, html},
};

const STYLE: &str = "
:root{color-scheme:light dark;--line:light-dark(#d9dbe3,#383b4a);--quiet:light-dark(#5b6075,#a3a8bd);--accent:#6364ff}
*{box-sizing:border-box}body{margin:0 auto;max-width:38rem;padding:1.5rem 1rem 4rem;font:16px/1.55 system-ui,sans-serif;
background:light-dark(#f6f7fb,#16171f);color:light-dark(#191b22,#eceef5)}
h1{font-size:1.25rem;margin:0 0 .25rem}a{color:light-dark(#4f46c9,#a5a6ff)}.quiet{color:var(--quiet);margin:0 0 1.5rem}
article,form{background:light-dark(#fff,#1f212c);border:1px solid var(--line);border-radius:12px;padding:1rem 1.25rem;margin:0 0 1rem}
article.reply{margin-left:1.5rem}header{display:flex;gap:.75rem;align-items:center}header img{width:44px;height:44px;border-radius:10px}
header strong{display:block;line-height:1.2}header span,time{color:var(--quiet);font-size:.875rem}
article p{overflow-wrap:anywhere;margin:.75rem 0}.images{display:grid;grid-template-columns:repeat(auto-fit,minmax(45%,1fr));gap:.5rem}
.images img{width:100%;height:100%;max-height:26rem;object-fit:cover;border-radius:8px;display:block}
label{display:block;margin:1rem 0 .25rem}input{width:100%;padding:.6rem;font:inherit;border:1px solid var(--line);border-radius:8px}
button{font:inherit;padding:.6rem 1.25rem;border-radius:8px;border:1px solid var(--line);margin:1rem .5rem 0 0;cursor:pointer}
button.main{background:var(--accent);color:#fff;border-color:var(--accent)}
";

fn page(title: &str, body: &str) -> Html<String> {
    Html(format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width\"><title>{}</title><style>{STYLE}</style>{body}</html>",
        escape(title)
    ))
}

fn not_found() -> Response {
    let body = "<h1>Nothing is here</h1><p class=\"quiet\">It may have been deleted. <a href=\"/\">All posts</a></p>";
    (StatusCode::NOT_FOUND, page("Not found", body)).into_response()
}

fn article(state: &Memory, status: &Status, origin: &Origin) -> String {
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
        capitalised(account),
        escape(origin.domain()),
        html(&status.text, &origin.0),
        status.created_at,
        escape(&status.app_name),
    )
}

fn list<'s>(
    title: &str,
    state: &Memory,
    origin: &Origin,
    statuses: impl Iterator<Item = &'s Status>,
) -> Html<String> {
    let articles: String = statuses
        .map(|status| article(state, status, origin))
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
pub(crate) async fn feed(State(sandbox): State<Arc<Sandbox>>, origin: Origin) -> Html<String> {
    let state = sandbox.state();
    list(
        "AllIN sandbox",
        &state,
        &origin,
        state.statuses.values().rev(),
    )
}

/// `GET /@name`: one account's posts.
pub(crate) async fn profile(
    State(sandbox): State<Arc<Sandbox>>,
    origin: Origin,
    Path(account): Path<String>,
) -> Response {
    let Some(name) = account.strip_prefix('@') else {
        return not_found();
    };
    let state = sandbox.state();
    let own = state
        .statuses
        .values()
        .rev()
        .filter(|status| status.account == name);
    list(&account, &state, &origin, own).into_response()
}

/// `GET /@name/id`: one post and the thread after it.
pub(crate) async fn status(
    State(sandbox): State<Arc<Sandbox>>,
    origin: Origin,
    Path((account, id)): Path<(String, String)>,
) -> Response {
    let state = sandbox.state();
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
    list(&account, &state, &origin, thread.into_iter()).into_response()
}

/// `GET /avatars/:name.svg`: the name's first letter on a colour of its own.
pub(crate) async fn avatar(Path(name): Path<String>) -> Response {
    let name = name.trim_end_matches(".svg");
    let hue = name
        .bytes()
        .fold(0u32, |sum, byte| (sum * 31 + u32::from(byte)) % 360);
    let letter = escape(&capitalised(name).chars().take(1).collect::<String>());
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 100 100\"><rect width=\"100\" height=\"100\" \
         fill=\"hsl({hue} 55% 45%)\"/><text x=\"50\" y=\"68\" font-family=\"sans-serif\" font-size=\"52\" \
         text-anchor=\"middle\" fill=\"#fff\">{letter}</text></svg>"
    );
    ([(CONTENT_TYPE, "image/svg+xml")], svg).into_response()
}

/// The page that asks the person whether an app may act for him.
pub(crate) fn consent(origin: &Origin, app: &App, scopes: &str) -> Html<String> {
    let (name, domain) = (escape(&app.name), escape(origin.domain()));
    // The form posts to the address it stands at, so the query's parameters come along.
    let body = format!(
        "<h1>Authorise {name}</h1><p class=\"quiet\">on the simulated instance {domain}</p>\
         <form method=\"post\"><p><strong>{name}</strong> would like to act for your account, with \
         <code>{}</code>.</p><label for=\"account\">Account (any name will do)</label>\
         <input id=\"account\" name=\"account\" value=\"demo\" pattern=\"[A-Za-z0-9_]+\" maxlength=\"30\" required>\
         <button class=\"main\" name=\"decision\" value=\"approve\">Approve</button>\
         <button name=\"decision\" value=\"deny\">Deny</button></form>",
        escape(scopes)
    );
    page(&format!("Authorise {}", app.name), &body)
}

/// The page that shows a code to an app that can't be redirected to.
pub(crate) fn code(code: &str) -> Html<String> {
    page(
        "Code",
        &format!(
            "<h1>Copy this code into the app</h1><form><input readonly value=\"{code}\"></form>"
        ),
    )
}
