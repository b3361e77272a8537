//! How the instance counts and renders a text.

use std::sync::LazyLock;

use regex::{Captures, Regex};
use unicode_segmentation::UnicodeSegmentation;

use crate::kit::html::escape;

/// What every link counts as.
pub(super) const CHARACTERS_PER_URL: usize = 23;

#[expect(
    clippy::expect_used,
    reason = "the pattern is a constant, and a test compiles it"
)]
static ENTITY: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r#"(?x)
        (?P<url> https?://[^\s<>"]+[^\s<>".,;:!?')\]] )
        | (?P<mention> @\w+ (?: [.-]+\w+ )* ) (?P<server> @\w+ (?: [.:-]+\w+ )* )?
        | (?P<tag> \#\w*[\p{L}_]\w* )"#,
    )
    .expect("a valid pattern")
});

/// Characters of `text`, as the limit counts them: graphemes, links at a fixed length, mentions
/// without their server.
pub(super) fn length(text: &str) -> usize {
    let counted = ENTITY.replace_all(text, |found: &Captures<'_>| {
        if found.name("url").is_some() {
            "x".repeat(CHARACTERS_PER_URL)
        } else {
            found
                .name("mention")
                .unwrap_or_else(|| found.get_match())
                .as_str()
                .to_owned()
        }
    });
    counted.graphemes(true).count()
}

/// The hashtags of `text`, without `#`, in small letters.
pub(super) fn hashtags(text: &str) -> impl Iterator<Item = String> {
    ENTITY.captures_iter(text).filter_map(|found| {
        Some(
            found
                .name("tag")?
                .as_str()
                .trim_start_matches('#')
                .to_lowercase(),
        )
    })
}

/// `text` as the HTML of a status: paragraphs, links, mentions and hashtags.
pub(super) fn html(text: &str, origin: &str) -> String {
    if text.is_empty() {
        return String::new();
    }
    let mut html = String::from("<p>");
    let mut rest = 0;
    for found in ENTITY.captures_iter(text) {
        let whole = found.get_match();
        html.push_str(&paragraphs(
            text.get(rest..whole.start()).unwrap_or_default(),
        ));
        rest = whole.end();
        html.push_str(&entity(&found, origin));
    }
    html.push_str(&paragraphs(text.get(rest..).unwrap_or_default()));
    html.push_str("</p>");
    html
}

fn entity(found: &Captures<'_>, origin: &str) -> String {
    let escaped = escape(found.get_match().as_str());
    if found.name("url").is_some() {
        format!(
            r#"<a href="{escaped}" rel="nofollow noopener noreferrer" target="_blank">{escaped}</a>"#
        )
    } else if let Some(tag) = found.name("tag") {
        let name = escape(tag.as_str().trim_start_matches('#'));
        format!(
            r#"<a href="{origin}/tags/{name}" class="mention hashtag" rel="tag">#<span>{name}</span></a>"#
        )
    } else {
        escaped
    }
}

fn paragraphs(text: &str) -> String {
    escape(text)
        .replace("\n\n", "</p><p>")
        .replace('\n', "<br />")
}

/// The name with a capital letter.
pub(super) fn capitalised(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_and_mentions_count_as_mastodon_documents() {
        assert_eq!(length("hello"), 5);
        assert_eq!(length("👩‍👩‍👧‍👦"), 1);
        assert_eq!(
            length("see https://example.org/a/very/long/path/indeed?with=query."),
            4 + 23 + 1
        );
        assert_eq!(length("hi @alice@mastodon.social!"), 3 + 6 + 1);
    }

    #[test]
    fn what_a_person_typed_is_never_markup() {
        let html = html(
            "<script>alert(1)</script> & https://a.example/?q=\"x",
            "http://here",
        );
        assert!(!html.contains("<script"), "{html}");
        assert!(html.contains("&lt;script&gt;"), "{html}");
        assert!(html.contains("href=\"https://a.example/?q=\""), "{html}");
    }
}
