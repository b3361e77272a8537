//! The feed of a network in a browser.

use std::fmt::Write;

use super::{FeedMedia, FeedPost, Look};
use crate::kit::{
    Profile,
    comments::Comment,
    html::{escape, linked, web_address},
    insights::Insights,
    people,
};

/// The rules that all feeds share, and those of each look.
pub(super) const STYLE: &str = "<style>
.post{padding:0;overflow:hidden}.post>*{margin-left:1.25rem;margin-right:1.25rem}.post>header{margin-top:1rem}.post>footer{margin-bottom:1rem}
.post header img{border-radius:50%}.post header strong{display:block;line-height:1.25}.post header span,.post footer,.post time{color:var(--quiet);font-size:.875rem}
.post .text{overflow-wrap:anywhere;margin-top:.75rem;margin-bottom:.75rem;white-space:pre-wrap}.post h2{font-size:1.05rem;margin-top:.75rem;margin-bottom:.25rem}
.reply{margin-left:1.75rem;position:relative}.reply::before{content:'';position:absolute;left:-.9rem;top:-1rem;bottom:0;border-left:2px solid var(--line)}
.media{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,14rem),1fr));gap:.25rem;margin:.75rem 0}
.media img,.media video{width:100%;max-height:32rem;object-fit:cover;display:block;background:#000}
.media.carousel{display:flex;overflow-x:auto;scroll-snap-type:x mandatory}.media.carousel>*{flex:0 0 86%;scroll-snap-align:center}
figure{margin:0;position:relative}figcaption{font-size:.8rem;color:var(--quiet);padding:.25rem .5rem}
.card-link{display:block;border:1px solid var(--line);border-radius:8px;padding:.75rem;margin-bottom:.75rem;overflow-wrap:anywhere}
.poll{list-style:none;padding:0}.poll li{border:1px solid var(--line);border-radius:8px;padding:.5rem .75rem;margin:.35rem 0}
.tag{display:inline-block;border:1px solid var(--line);border-radius:99px;padding:.05rem .6rem;font-size:.8rem;margin-right:.35rem}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.1rem .75rem;font-size:.875rem;margin-bottom:.75rem}dt{color:var(--quiet)}dd{margin:0;overflow-wrap:anywhere}
.story{border:3px solid var(--accent);max-width:20rem}.story .media img,.story .media video{aspect-ratio:9/16}
.quoted{border:1px solid var(--line);border-radius:10px;padding:.5rem .75rem;margin-bottom:.75rem;color:var(--quiet)}
.look-picture .post,.look-tall .post{display:flex;flex-direction:column}.look-picture .media{order:1;margin:0}.look-picture .text{order:2}.look-picture footer,.look-picture dl{order:3}
.look-picture header{margin-bottom:.75rem}.look-picture .media img{aspect-ratio:4/5}
.look-tall .post{max-width:22rem;margin-inline:auto}.look-tall video,.look-tall .media img{aspect-ratio:9/16}.look-tall .media,.look-video .media{order:-1;margin:0}
.look-video .post{display:flex;flex-direction:column}.look-video video{aspect-ratio:16/9;object-fit:contain}.look-video .short video{aspect-ratio:9/16;max-height:36rem}
.look-pins{columns:3 12rem;column-gap:1rem}.look-pins .post{break-inside:avoid;display:flex;flex-direction:column;border-radius:20px}.look-pins .media{order:-1;margin:0}
.look-pins .media img,.look-pins .media video{max-height:none}.comments{list-style:none;padding:0}.comments li{border-top:1px solid var(--line);padding:.6rem 0}
.comments .answer{margin-left:1.5rem}.comments .hidden{opacity:.65}</style>";

/// The class of a look.
pub(super) const fn class(look: Look) -> &'static str {
    match look {
        Look::Text => "look-text",
        Look::Picture => "look-picture",
        Look::Video => "look-video",
        Look::Tall => "look-tall",
        Look::Pins => "look-pins",
    }
}

/// One post. `all` are the network's posts, among them the one that this one may quote.
pub(super) fn article(
    profile: &Profile,
    post: &FeedPost,
    numbers: Insights,
    all: &[FeedPost],
) -> String {
    let reply = if post.in_reply_to.is_some() {
        " reply"
    } else {
        ""
    };
    let name = people::find(&post.account).map_or(post.account.as_str(), |known| known.name);
    let mut html = format!(
        "<article id=\"post-{id}\" class=\"post {format}{reply}\"><header><img src=\"{avatar}\" alt=\"\"><div>\
         <strong>{name}</strong><span>@{account} · <a href=\"/{network}/feed/{id}\"><time datetime=\"{at}\">{shown}</time></a></span>\
         </div></header>",
        id = escape(&post.id),
        format = escape(post.format),
        avatar = people::avatar_path(&escape(&post.account)),
        name = escape(name),
        account = escape(&post.account),
        network = profile.id,
        at = post.published_at,
        shown = post.published_at.to_jiff().strftime("%-d %b %Y, %H:%M UTC"),
    );
    let inside = inside(post, all);
    // Writing to a string can't fail.
    let _ = match &post.warning {
        Some(warning) => write!(
            html,
            "<details><summary>{}</summary>{inside}</details>",
            escape(warning)
        ),
        None => write!(html, "{inside}"),
    };
    let _ = write!(
        html,
        "<footer><span class=\"tag\">{}</span>{}</footer></article>",
        escape(post.format),
        counts(numbers)
    );
    html
}

fn counts(numbers: Insights) -> String {
    let mut shown = Vec::new();
    for (number, what) in [
        (numbers.views, "views"),
        (numbers.likes, "likes"),
        (numbers.comments, "comments"),
        (numbers.shares, "shares"),
        (numbers.saves, "saves"),
    ] {
        if number > 0 {
            shown.push(format!("{number} {what}"));
        }
    }
    if shown.is_empty() {
        "Nobody has seen it yet".to_owned()
    } else {
        shown.join(" · ")
    }
}

fn inside(post: &FeedPost, all: &[FeedPost]) -> String {
    let mut html = String::new();
    if let Some(title) = &post.title {
        let _ = write!(html, "<h2>{}</h2>", escape(title));
    }
    if !post.text.is_empty() {
        let _ = write!(html, "<div class=\"text\">{}</div>", linked(&post.text));
    }
    html.push_str(&media(post));
    if let Some(link) = &post.link {
        let shown = escape(link);
        let _ = if web_address(link) {
            write!(
                html,
                "<a class=\"card-link\" href=\"{shown}\" rel=\"nofollow noopener noreferrer\" target=\"_blank\">{shown}</a>"
            )
        } else {
            write!(html, "<p class=\"card-link\">{shown}</p>")
        };
    }
    if !post.poll.is_empty() {
        html.push_str("<ul class=\"poll\">");
        for choice in &post.poll {
            let _ = write!(html, "<li>{}</li>", escape(choice));
        }
        html.push_str("</ul>");
    }
    if let Some(quoted) = &post.quotes {
        let found = all.iter().find(|other| other.id == *quoted);
        let words = found.map_or_else(
            || format!("Quotes {}", escape(quoted)),
            |other| {
                format!(
                    "<strong>@{}</strong> {}",
                    escape(&other.account),
                    linked(&other.text)
                )
            },
        );
        let _ = write!(html, "<blockquote class=\"quoted\">{words}</blockquote>");
    }
    if !post.details.is_empty() {
        html.push_str("<dl>");
        for (name, value) in &post.details {
            let _ = write!(html, "<dt>{}</dt><dd>{}</dd>", escape(name), escape(value));
        }
        html.push_str("</dl>");
    }
    html
}

fn media(post: &FeedPost) -> String {
    if post.media.is_empty() {
        return String::new();
    }
    let carousel = post.format == "carousel" && post.media.len() > 1;
    let mut html = if carousel {
        // Scrolled by keyboard too, so it takes the focus and has a name.
        "<div class=\"media carousel\" tabindex=\"0\" role=\"group\" aria-label=\"Carousel\">"
            .to_owned()
    } else {
        "<div class=\"media\">".to_owned()
    };
    for one in &post.media {
        html.push_str(&figure(one));
    }
    html.push_str("</div>");
    html
}

fn figure(media: &FeedMedia) -> String {
    let path = media.blob.path();
    let alt = escape(media.alt.as_deref().unwrap_or_default());
    let mime = media
        .blob
        .sniffed()
        .unwrap_or_else(|| media.blob.mime_type());
    let shown = if mime.starts_with("image/") {
        format!("<img src=\"{path}\" alt=\"{alt}\" loading=\"lazy\">")
    } else if mime.starts_with("video/") {
        let poster = media
            .cover
            .as_ref()
            .map(|cover| format!(" poster=\"{}\"", cover.path()))
            .unwrap_or_default();
        let captions = media
            .captions
            .as_ref()
            .map(|captions| {
                format!(
                    "<track kind=\"captions\" src=\"{}\" label=\"Captions\">",
                    captions.path()
                )
            })
            .unwrap_or_default();
        format!(
            "<video src=\"{path}\" controls preload=\"metadata\" aria-label=\"{alt}\"{poster}>{captions}</video>"
        )
    } else {
        format!(
            "<a class=\"card-link\" href=\"{path}\">Document, {} bytes</a>",
            media.blob.len()
        )
    };
    let caption = if alt.is_empty() {
        String::new()
    } else {
        format!("<figcaption>Alt text: {alt}</figcaption>")
    };
    format!("<figure>{shown}{caption}</figure>")
}

/// What people wrote below a post.
pub(super) fn comments(list: &[Comment]) -> String {
    let mut html = "<h2>Comments</h2><ul class=\"comments\">".to_owned();
    for comment in list {
        let _ = write!(
            html,
            "<li class=\"{}{}\"><strong>{}</strong> <span class=\"quiet\">@{}{}</span><br>{}</li>",
            if comment.parent.is_some() {
                "answer "
            } else {
                ""
            },
            if comment.hidden { "hidden" } else { "" },
            escape(&comment.author.name),
            escape(&comment.author.username),
            if comment.hidden { " · hidden" } else { "" },
            linked(&comment.text)
        );
    }
    html.push_str("</ul>");
    if list.is_empty() {
        "<h2>Comments</h2><p class=\"quiet\">None yet.</p>".to_owned()
    } else {
        html
    }
}
