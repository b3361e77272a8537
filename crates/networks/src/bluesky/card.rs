//! Link cards: lexicon app.bsky.embed.external (2026-08-20). A post carries its card with it, so
//! whoever publishes reads the page: ogp.me, and HTML's own title and description.

use std::{sync::LazyLock, time::Duration};

use regex::Regex;
use reqwest::{Method, header::ACCEPT};
use serde_json::{Value, json};
use url::Url;

use super::{
    formats::{self, THUMBNAIL},
    prepare::{attachment, blob},
};
use crate::{
    connector::{Account, StepWork},
    error::NetworkError,
    http::{Answer, Net},
};

/// The option that turns cards of first links off.
pub(super) const SWITCH: &str = "linkCard";

/// A page that is slower must not hold up the post.
const PATIENCE: Duration = Duration::from_secs(5);
const MAX_REDIRECTS: usize = 3;
/// Characters of a title and of a description that a page gives.
const TITLE: usize = 300;
const DESCRIPTION: usize = 1_000;

/// A part's card: that of the option, or of the first link where that can be read.
pub(super) async fn card(
    net: &Net,
    work: &StepWork<'_>,
    part: usize,
) -> Result<Option<Value>, NetworkError> {
    let request = work.request;
    let chosen = request.text_option("link").filter(|_| part == 0);
    let Some(address) = chosen
        .map(str::to_owned)
        .or_else(|| formats::first_link(request, part))
    else {
        return Ok(None);
    };
    let Ok(url) = Url::parse(&address) else {
        return Ok(None);
    };
    let page = page(net, &url).await;
    if chosen.is_none() {
        let Some(page) = page.filter(|page| !page.title.is_empty()) else {
            return Ok(None);
        };
        let thumb = picture(net, work.account, page.image).await;
        return Ok(Some(external(
            &address,
            &page.title,
            &page.description,
            thumb,
        )));
    }
    let page = page.unwrap_or_default();
    let title = request.text_option("linkTitle").unwrap_or(&page.title);
    let title = if title.is_empty() { &address } else { title };
    let description = request
        .text_option("linkDescription")
        .unwrap_or(&page.description);
    let thumb = if request.text_option("linkThumbnail").is_some() {
        let image = attachment(work, "linkThumbnail")?
            .source
            .image(&THUMBNAIL)
            .await?;
        Some(blob(net, work.account, &image.mime_type, image.bytes).await?)
    } else {
        picture(net, work.account, page.image).await
    };
    Ok(Some(external(&address, title, description, thumb)))
}

fn external(uri: &str, title: &str, description: &str, thumb: Option<Value>) -> Value {
    let mut card = json!({ "uri": uri, "title": title, "description": description });
    if let Some(thumb) = thumb {
        card["thumb"] = thumb;
    }
    card
}

/// What a page says of itself.
#[derive(Debug, Default, PartialEq, Eq)]
struct Page {
    title: String,
    description: String,
    image: Option<Url>,
}

/// Reads a page; `None` where it can't be read, or is none.
async fn page(net: &Net, url: &Url) -> Option<Page> {
    let answer = fetch(net, url, "text/html").await?;
    let html = String::from_utf8_lossy(&answer.body);
    Some(read(&html, &answer.url))
}

/// Puts a page's image on the account's server; `None` where that fails, or it is too large.
async fn picture(net: &Net, account: &Account, image: Option<Url>) -> Option<Value> {
    let answer = fetch(net, &image?, "image/").await?;
    let kind = answer.header("content-type")?.split(';').next()?.trim();
    let fits = answer.body.len() as u64 <= THUMBNAIL.max_bytes && THUMBNAIL.types.contains(&kind);
    if !fits {
        return None;
    }
    blob(net, account, kind, answer.body.clone()).await.ok()
}

/// A public page or file of a kind. Each redirect is checked like the first address.
async fn fetch(net: &Net, url: &Url, kind: &str) -> Option<Answer> {
    let mut url = url.clone();
    for _ in 0..=MAX_REDIRECTS {
        let request = net.request(Method::GET, url.clone()).ok()?;
        let answer = net
            .send(
                request
                    .timeout(PATIENCE)
                    .header(ACCEPT, format!("{kind}*;q=0.9,*/*;q=0.1")),
            )
            .await
            .ok()?;
        if answer.status.is_redirection() {
            url = url.join(answer.header("location")?).ok()?;
            continue;
        }
        let is_kind = answer
            .header("content-type")
            .is_some_and(|found| found.trim().to_ascii_lowercase().starts_with(kind));
        return (answer.status.is_success() && is_kind).then_some(answer);
    }
    None
}

#[expect(
    clippy::expect_used,
    reason = "the patterns are constants, and a test compiles them"
)]
fn compile(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a valid pattern")
}

static META: LazyLock<Regex> = LazyLock::new(|| compile(r"(?is)<meta\s[^>]*>"));
static ATTRIBUTE: LazyLock<Regex> =
    LazyLock::new(|| compile(r#"(?is)([a-z:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))"#));
static HEADLINE: LazyLock<Regex> = LazyLock::new(|| compile(r"(?is)<title[^>]*>(.*?)</title>"));
static ENTITY: LazyLock<Regex> =
    LazyLock::new(|| compile(r"&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,6});"));

fn read(html: &str, address: &Url) -> Page {
    let tags: Vec<(String, String)> = META
        .find_iter(html)
        .filter_map(|tag| meta(tag.as_str()))
        .collect();
    let said = |names: &[&str]| {
        names.iter().find_map(|name| {
            let found = tags
                .iter()
                .find(|(key, text)| key == name && !text.is_empty());
            found.map(|(_, text)| text.clone())
        })
    };
    let headline = || {
        let found = HEADLINE.captures(html)?;
        Some(plain(found.get(1)?.as_str()))
    };
    let title = said(&["og:title", "twitter:title"]).or_else(headline);
    let description = said(&["og:description", "twitter:description", "description"]);
    Page {
        title: cut(title.unwrap_or_default(), TITLE),
        description: cut(description.unwrap_or_default(), DESCRIPTION),
        image: said(&["og:image", "og:image:url", "twitter:image"])
            .and_then(|image| address.join(&image).ok()),
    }
}

/// The name and the content of a `<meta>`.
fn meta(tag: &str) -> Option<(String, String)> {
    let (mut name, mut content) = (None, None);
    for found in ATTRIBUTE.captures_iter(tag) {
        let value = (2..=4).find_map(|group| found.get(group))?.as_str();
        match found[1].to_ascii_lowercase().as_str() {
            "property" | "name" => name = name.or(Some(value.to_ascii_lowercase())),
            "content" => content = Some(plain(value)),
            _ => {}
        }
    }
    Some((name?, content?))
}

/// Text of HTML without its entities, on one line.
fn plain(text: &str) -> String {
    let text = ENTITY.replace_all(text, |found: &regex::Captures<'_>| {
        let name = &found[1];
        let number =
            name.strip_prefix('#')
                .and_then(|digits| match digits.strip_prefix(['x', 'X']) {
                    Some(digits) => u32::from_str_radix(digits, 16).ok(),
                    None => digits.parse().ok(),
                });
        let known = match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            "nbsp" => Some(' '),
            _ => number.and_then(char::from_u32),
        };
        known.map_or_else(|| found[0].to_owned(), String::from)
    });
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn cut(text: String, most: usize) -> String {
    if text.chars().count() <= most {
        return text;
    }
    let mut short: String = text.chars().take(most - 1).collect();
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_says_what_it_is() {
        let address = Url::parse("https://example.com/a/b").unwrap();
        let page = |html: &str| read(html, &address);
        let full = page(
            "<html><head><title>Other</title>\
             <META content='Tom &amp; J&eacute;r&#244;me &#x1F600;' property=\"og:title\">\
             <meta name=description content=\"plain\"><meta property=og:image content=/pic.png />",
        );
        assert_eq!(full.title, "Tom & J&eacute;rôme 😀");
        assert_eq!(full.description, "plain");
        assert_eq!(full.image.unwrap().as_str(), "https://example.com/pic.png");
        let bare = page("<title>\n  A   title\n</title><meta name='og:title' content=''>");
        assert_eq!(bare.title, "A title");
        assert_eq!(bare.description, "");
        assert_eq!(page("no page at all"), Page::default());
        assert_eq!(
            page(&format!("<title>{}</title>", "ä".repeat(400)))
                .title
                .chars()
                .count(),
            TITLE
        );
    }
}
