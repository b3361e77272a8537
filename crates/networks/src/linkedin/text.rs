//! LinkedIn's *little* text format: learn.microsoft.com/linkedin/marketing/community-management/
//! shares/little-text-format, version 202609.
//!
//! What an author writes is plain text, but for hashtags and for mentions, which he writes as
//! LinkedIn does: `@[Full Name](urn:li:organization:1234)`.

use std::sync::LazyLock;

use regex::{Captures, Regex};

/// Characters that must be escaped to stand for themselves.
const RESERVED: &str = r"|{}@[]()<>#\*_~";

/// A mention; a hashtag: a word after `#` that does not begin inside another word.
#[expect(
    clippy::expect_used,
    reason = "the pattern is a constant, and the tests compile it"
)]
static ELEMENT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"(?P<mention>@\[(?P<name>[^\]\n]+)\]\((?P<urn>urn:li:(?:person|organization):[A-Za-z0-9_-]+)\))|(?P<before>^|[^\w&/])(?P<tag>#\w*\p{L}\w*)",
    )
    .expect("a valid pattern")
});

/// How LinkedIn writes hashtags when a post is read.
#[expect(
    clippy::expect_used,
    reason = "the pattern is a constant, and the tests compile it"
)]
static TEMPLATE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"\{hashtag\|\\?[#＃]\|([^}]+)\}").expect("a valid pattern"));

fn escape_into(little: &mut String, plain: &str) {
    for c in plain.chars() {
        if RESERVED.contains(c) {
            little.push('\\');
        }
        little.push(c);
    }
}

/// The text in LinkedIn's format.
pub(super) fn little(text: &str) -> String {
    let mut little = String::new();
    let mut at = 0;
    for found in ELEMENT.captures_iter(text) {
        let whole = found.get_match();
        escape_into(&mut little, &text[at..whole.start()]);
        if let (Some(name), Some(urn)) = (found.name("name"), found.name("urn")) {
            little.push_str("@[");
            escape_into(&mut little, name.as_str());
            little.push_str("](");
            little.push_str(urn.as_str());
            little.push(')');
        } else if let (Some(before), Some(tag)) = (found.name("before"), found.name("tag")) {
            escape_into(&mut little, before.as_str());
            little.push('#');
            escape_into(&mut little, tag.as_str().trim_start_matches('#'));
        }
        at = whole.end();
    }
    escape_into(&mut little, &text[at..]);
    little
}

/// What a reader sees of a text as an author writes it: a mention is its name.
pub(super) fn visible(text: &str) -> String {
    ELEMENT
        .replace_all(text, |found: &Captures<'_>| match found.name("name") {
            Some(name) => name.as_str().to_owned(),
            None => found.get_match().as_str().to_owned(),
        })
        .into_owned()
}

/// What a reader sees of a text in LinkedIn's format.
pub(super) fn of_little(little: &str) -> String {
    let text = TEMPLATE.replace_all(little, "#$1");
    let mut plain = String::new();
    let mut escaped = false;
    for c in text.chars() {
        if c == '\\' && !escaped {
            escaped = true;
        } else {
            plain.push(c);
            escaped = false;
        }
    }
    visible(&plain)
}
