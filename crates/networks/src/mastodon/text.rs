//! How Mastodon counts characters, and how it writes texts as HTML:
//! docs.joinmastodon.org/user/posting/#text and /entities/Status#content, state of July 2026.

use std::sync::LazyLock;

use regex::{Captures, Regex};
use unicode_segmentation::UnicodeSegmentation;

/// Characters of a link, unless the instance says otherwise.
pub(super) const URL_LENGTH: usize = 23;

/// Links with a scheme, and mentions. Mastodon follows twitter-text here: what may stand before
/// and inside a link, that brackets in it must be balanced, and that punctuation does not end it.
/// Unlike twitter-text, every domain with a dot passes, not only those with a known top level.
#[expect(
    clippy::expect_used,
    reason = "the pattern is a constant, and the tests compile it"
)]
static ENTITY: LazyLock<Regex> = LazyLock::new(|| {
    let inner = r"[^\s<>()?]";
    let bracket = format!(r"\({inner}*(?:\({inner}*\){inner}*)?\)");
    let path_end = format!(r#"(?:[^\s()?!*"'「」<>;:=,.$%\[\]~&|@]|{bracket})"#);
    let link = format!(
        r"(?i:https?|dat|dweb|ipfs|ipns|ssb|gopher|gemini)://(?:[\p{{L}}\p{{N}}][\p{{L}}\p{{N}}_-]*\.)+(?:xn--[A-Za-z0-9-]+|\p{{L}}{{2,}})(?::\d+)?(?:/(?:(?:{inner}|{bracket})*{path_end})?)?(?:\?[A-Za-z0-9!?*'();:&=+$/%#\[\]\-_.,~|@^[^\x00-\x9F\s]]*[A-Za-z0-9_&=#/\-[^\x00-\x9F\s]])?"
    );
    let name = r"[A-Za-z0-9_]+(?:[.-]+[A-Za-z0-9_]+)*";
    let server = r"\w+(?:[.-]+\w+)*";
    Regex::new(&format!(
        r"(?:^|[^A-Za-z0-9@＠$#＃])(?P<link>{link})|(?:^|[^=/\w])@(?:{name})(?P<server>@{server})?"
    ))
    .expect("a valid pattern")
});

/// Graphemes of `text`, with every link as `url_length` of them and mentions without the server.
pub(super) fn count(text: &str, url_length: usize) -> usize {
    let counted = ENTITY.replace_all(text, |found: &Captures<'_>| {
        let whole = found.get_match();
        match (found.name("link"), found.name("server")) {
            (Some(cut), _) => {
                let before = &whole.as_str()[..cut.start() - whole.start()];
                format!("{before}{}", "x".repeat(url_length))
            }
            (None, Some(cut)) => whole.as_str()[..cut.start() - whole.start()].to_owned(),
            (None, None) => whole.as_str().to_owned(),
        }
    });
    counted.graphemes(true).count()
}

/// Whether somebody is mentioned.
pub(super) fn has_mention(text: &str) -> bool {
    let link = |found: Captures<'_>| found.name("link").is_some();
    ENTITY.captures_iter(text).any(|found| !link(found))
}

/// The text that a status's HTML shows: paragraphs with an empty line between them.
pub(super) fn plain(html: &str) -> String {
    let html = html.replace("</p><p>", "\n\n");
    let mut text = String::new();
    let mut tag = None;
    for c in html.chars() {
        match (c, &mut tag) {
            ('<', _) => tag = Some(String::new()),
            ('>', Some(name)) => {
                if name.starts_with("br") {
                    text.push('\n');
                }
                tag = None;
            }
            (c, Some(name)) => name.push(c),
            (c, None) => text.push(c),
        }
    }
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&apos;", "'")
        .replace("&nbsp;", " ")
        .replace("&amp;", "&")
}

/// The text that a status's HTML shows, without white space, for comparison with what was sent.
///
/// Only for servers that don't tell a status's source.
pub(super) fn visible(html: &str) -> String {
    bare(&plain(html))
}

/// `text` without white space and without the servers of mentions, which HTML leaves out.
pub(super) fn bare(text: &str) -> String {
    let text = ENTITY.replace_all(text, |found: &Captures<'_>| {
        let whole = found.get_match();
        let end = found
            .name("server")
            .map_or(whole.end(), |server| server.start());
        whole.as_str()[..end - whole.start()].to_owned()
    });
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn counts_as_mastodon_does() {
        for (text, expected) in [
            ("", 0),
            ("hello", 5),
            ("e\u{301}", 1),
            ("👩‍👩‍👧‍👦🇩🇪", 2),
            ("line\nbreak", 10),
            // A link is 23, whatever its length.
            ("http://a.de", 23),
            (
                "https://example.org/a/very/long/path?with=a&long=query#and-fragment",
                23,
            ),
            ("(https://example.org/path)", 25),
            ("https://example.org/path.", 24),
            ("https://example.org/wiki/Rust_(language)", 23),
            ("https://example.org/wiki/Rust_(language))", 24),
            ("https://example.org, and", 28),
            ("https://bücher.example/ä", 23),
            ("https://example.org:8080/x", 23),
            // Without a scheme, or without a dot, it is text.
            ("example.org/path", 16),
            ("http://localhost/x", 18),
            ("xhttps://example.org", 20),
            // A mention counts without its server.
            ("@alice", 6),
            ("@alice@mastodon.social", 6),
            ("hi @alice@mastodon.social!", 10),
            ("mail alice@example.org", 22),
            ("@a@b.c @d@e.f", 5),
            ("#hashtag", 8),
        ] {
            assert_eq!(count(text, 23), expected, "{text}");
        }
    }

    #[test]
    fn html_reads_as_the_text_it_was_made_of() {
        let html = "<p>a &lt;b&gt; &amp; <a href=\"x\"><span class=\"invisible\">https://</span>c.org/d</a></p><p>@<span>eve</span><br>end</p>";
        assert_eq!(
            visible(html),
            bare("a <b> & https://c.org/d\n\n@eve@f.org\nend")
        );
    }

    #[test]
    fn a_reply_reads_as_plain_text() {
        let html = "<p>a &amp; b<br>c<br />d</p><p><span class=\"h-card\"><a href=\"https://x.org/@eve\">@<span>eve</span></a></span> yes</p>";
        assert_eq!(plain(html), "a & b\nc\nd\n\n@eve yes");
    }

    #[test]
    fn mentions_are_told_from_addresses() {
        for (text, expected) in [
            ("hi @alice", true),
            ("@alice@mastodon.social", true),
            ("mail alice@example.org", false),
            ("https://example.org/@alice", false),
            ("hello", false),
        ] {
            assert_eq!(has_mention(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn text_without_links_and_mentions_counts_its_graphemes(text in "[^@:]*") {
            prop_assert_eq!(count(&text, 23), text.graphemes(true).count());
        }

        #[test]
        fn nothing_makes_it_panic(text in ".*(https?://|@|\\(){0,3}.*") {
            count(&text, 23);
            bare(&visible(&text));
        }
    }
}
