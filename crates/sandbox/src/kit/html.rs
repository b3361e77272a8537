//! The shell of every page, without anything from elsewhere.

use std::fmt::Write;

use axum::response::Html;

const STYLE: &str = "
:root{color-scheme:light dark;--line:light-dark(#d9dbe3,#383b4a);--quiet:light-dark(#5b6075,#a3a8bd);
--card:light-dark(#fff,#1f212c);--accent:#4f46c9}
*{box-sizing:border-box}body{margin:0 auto;max-width:38rem;padding:1.5rem 1rem 4rem;font:16px/1.55 system-ui,sans-serif;
background:light-dark(#f6f7fb,#16171f);color:light-dark(#191b22,#eceef5)}
body.wide{max-width:64rem}h1{font-size:1.25rem;margin:0 0 .25rem}h2{font-size:1.05rem;margin:2rem 0 .5rem}
a{color:light-dark(#4f46c9,#a5a6ff)}.quiet{color:var(--quiet);margin:0 0 1.5rem}
article,form.card,section.card{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:1rem 1.25rem;margin:0 0 1rem}
header{display:flex;gap:.75rem;align-items:center}header img{width:44px;height:44px}
label{display:block;margin:.75rem 0 .25rem}label.choice{display:flex;gap:.6rem;align-items:flex-start;margin:.5rem 0}
label.choice input{margin-top:.35rem;width:auto}fieldset{border:1px solid var(--line);border-radius:8px;margin:1rem 0 0;padding:.5rem 1rem .75rem}
legend{padding:0 .35rem;font-weight:600}input,select{width:100%;padding:.55rem;font:inherit;border:1px solid light-dark(#8b90a5,#6d7289);border-radius:8px;
background:var(--card);color:inherit}
button{font:inherit;padding:.6rem 1.25rem;border-radius:8px;border:1px solid light-dark(#8b90a5,#6d7289);margin:1rem .5rem 0 0;cursor:pointer;
background:var(--card);color:inherit;min-height:44px}button.main{background:var(--accent);color:#fff;border-color:var(--accent)}
:focus-visible{outline:3px solid light-dark(#4f46c9,#a5a6ff);outline-offset:2px}
.band{background:var(--accent);color:#fff;margin:-1.5rem -1rem 1.5rem;padding:.75rem 1rem;font-weight:700}.band a{color:#fff}
code{overflow-wrap:anywhere}";

/// A page. `accent` is its colour, `body` is HTML.
pub(crate) fn page(title: &str, accent: &str, body: &str) -> Html<String> {
    Html(format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>{}</title>\
         <style>{STYLE}:root{{--accent:{accent}}}</style></head><body><main>{body}</main></body></html>",
        escape(title)
    ))
}

/// `text` where HTML expects text, or an attribute in quotes.
pub(crate) fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

/// The HTML of many things, one after the other.
pub(crate) fn each<T>(things: impl IntoIterator<Item = T>, html: impl Fn(T) -> String) -> String {
    things.into_iter().map(html).collect()
}

/// Whether it is an address that a browser may be sent to.
pub(crate) fn web_address(text: &str) -> bool {
    text.starts_with("https://") || text.starts_with("http://")
}

/// `text` as HTML, its addresses as links, its hashtags and mentions marked.
pub(crate) fn linked(text: &str) -> String {
    let mut html = String::new();
    for word in text.split_inclusive(char::is_whitespace) {
        let bare = word.trim_end();
        let space = word.strip_prefix(bare).unwrap_or_default();
        // Writing to a string can't fail.
        let _ = if web_address(bare) {
            let address = escape(bare);
            write!(
                html,
                "<a href=\"{address}\" rel=\"nofollow noopener noreferrer\" target=\"_blank\">{address}</a>"
            )
        } else if bare.len() > 1 && bare.starts_with(['#', '@']) {
            write!(html, "<b>{}</b>", escape(bare))
        } else {
            write!(html, "{}", escape(bare))
        };
        html.push_str(space);
    }
    html
}
