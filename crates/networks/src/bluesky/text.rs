//! Rich text: which parts of a text are links, mentions and hashtags.
//!
//! docs.bsky.app/docs/advanced-guides/post-richtext and the lexicon app.bsky.richtext.facet
//! (state of August 2026). A facet names a range of *bytes* of the UTF-8 text. What becomes one
//! follows Bluesky's own app, so that a post reads the same whichever program sent it; a bare
//! domain may in addition hold hyphens.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;
use unicode_segmentation::UnicodeSegmentation;
use url::Url;

/// A range of the text that means something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Facet {
    /// Bytes of the text.
    pub(super) range: Range<usize>,
    /// What it means.
    pub(super) feature: Feature,
}

/// What a facet means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Feature {
    /// A link to this address.
    Link(String),
    /// A mention of the account with this handle, which is still to be looked up.
    Mention(String),
    /// A hashtag, without `#`.
    Tag(String),
}

/// Characters that can't be seen and end a hashtag.
const INVISIBLE: &str = r"\u{AD}\u{2060}\u{200A}\u{200B}\u{200C}\u{200D}\u{20E2}";
/// Graphemes and bytes of a hashtag: lexicon app.bsky.richtext.facet#tag.
const TAG_GRAPHEMES: usize = 64;
const TAG_BYTES: usize = 640;

static PATTERN: LazyLock<Regex> = LazyLock::new(|| {
    compile(&format!(
        r"(?x) (?:^|[\s(]) (?:
            (?P<link> (?i:https?)://\S+ )
            | (?P<bare> (?P<domain> [A-Za-z][A-Za-z0-9-]* (?: \.[A-Za-z0-9-]+ )+ ) (?: [/:?\#]\S* | [.,;!?)]* ) ) (?: $ | \s )
            | @(?P<handle> [A-Za-z0-9-]+ (?: \.[A-Za-z0-9-]+ )+ )
            | (?P<mark> [\#＃] ) (?P<tag> [^\s{INVISIBLE}]+ )
        )"
    ))
});

static TRAILING_PUNCTUATION: LazyLock<Regex> = LazyLock::new(|| compile(r"\p{P}+$"));
/// A hashtag needs a character that is neither a digit nor punctuation.
static WORD: LazyLock<Regex> = LazyLock::new(|| compile(r"[^\d\s\p{P}\u{FE0F}]"));

#[expect(
    clippy::expect_used,
    reason = "the patterns are constants, and the tests compile them"
)]
fn compile(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a valid pattern")
}

/// The facets of `text`, in order, without overlaps.
pub(super) fn facets(text: &str) -> Vec<Facet> {
    let mut facets = Vec::new();
    let mut at = 0;
    while let Some(found) = PATTERN.captures_at(text, at) {
        let facet = if let Some(link) = found.name("link") {
            facet(link.start(), link_end(link.as_str()), link.as_str(), "")
        } else if let Some(bare) = found.name("bare") {
            let known = found
                .name("domain")
                .is_some_and(|domain| has_known_end(domain.as_str()));
            facet(
                bare.start(),
                link_end(bare.as_str()),
                bare.as_str(),
                "https://",
            )
            .filter(|_| known)
        } else if let Some(handle) = found.name("handle") {
            mention(handle.start(), handle.as_str())
        } else if let (Some(mark), Some(word)) = (found.name("mark"), found.name("tag")) {
            tag(mark.range(), word.as_str())
        } else {
            None
        };
        // What follows may begin right after the facet, with the space that the pattern needs.
        at = match &facet {
            Some(facet) => facet.range.end,
            None => next_boundary(text, found.get_match().start()),
        };
        facets.extend(facet);
    }
    facets
}

/// The start of the character after the one at `at`.
fn next_boundary(text: &str, at: usize) -> usize {
    at + text[at..].chars().next().map_or(1, char::len_utf8)
}

/// Where a link ends: before one final punctuation mark, and before a bracket that it did not open.
fn link_end(link: &str) -> usize {
    let link = link
        .strip_suffix(['.', ',', ';', ':', '!', '?'])
        .unwrap_or(link);
    if link.contains('(') {
        link.len()
    } else {
        link.strip_suffix(')').unwrap_or(link).len()
    }
}

fn facet(start: usize, length: usize, link: &str, scheme: &str) -> Option<Facet> {
    let uri = format!("{scheme}{}", &link[..length]);
    // An address that can't be read would make the server refuse the whole post.
    Url::parse(&uri).ok().filter(Url::has_host)?;
    Some(Facet {
        range: start..start + length,
        feature: Feature::Link(uri),
    })
}

/// Whether a domain ends in a top-level domain that exists; `main.zig` and `file.txt` do not.
fn has_known_end(domain: &str) -> bool {
    domain
        .rsplit('.')
        .next()
        .is_some_and(|end| tld::exist(&end.to_ascii_lowercase()))
}

fn mention(start: usize, handle: &str) -> Option<Facet> {
    let handle = handle.trim_end_matches('-');
    // `.test` names exist on development servers only: atproto.com/specs/handle.
    let known = has_known_end(handle) || handle.rsplit('.').next() == Some("test");
    known.then(|| Facet {
        // The `@` belongs to it.
        range: start - 1..start + handle.len(),
        feature: Feature::Mention(handle.to_ascii_lowercase()),
    })
}

fn tag(mark: Range<usize>, word: &str) -> Option<Facet> {
    let word = TRAILING_PUNCTUATION.replace(word, "");
    let fits = word.len() <= TAG_BYTES && word.graphemes(true).count() <= TAG_GRAPHEMES;
    // `#️⃣` is a symbol: a mark and a selector.
    let is_tag = fits && !word.starts_with('\u{FE0F}') && WORD.is_match(&word);
    is_tag.then(|| Facet {
        range: mark.start..mark.end + word.len(),
        feature: Feature::Tag(word.into_owned()),
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Facets as `link:https://…`, `@handle`, `#tag`, each with the text it covers.
    fn seen(text: &str) -> Vec<(String, &str)> {
        facets(text)
            .into_iter()
            .map(|facet| {
                let feature = match facet.feature {
                    Feature::Link(uri) => format!("link:{uri}"),
                    Feature::Mention(handle) => format!("@{handle}"),
                    Feature::Tag(tag) => format!("#{tag}"),
                };
                (feature, &text[facet.range])
            })
            .collect()
    }

    #[test]
    fn finds_what_bluesky_finds() {
        for (text, expected) in [
            ("plain text", vec![]),
            (
                "see https://example.com/a?b=c#d now",
                vec![(
                    "link:https://example.com/a?b=c#d",
                    "https://example.com/a?b=c#d",
                )],
            ),
            (
                "(https://example.com).",
                vec![("link:https://example.com", "https://example.com")],
            ),
            (
                "(https://example.com)",
                vec![("link:https://example.com", "https://example.com")],
            ),
            (
                "https://en.wikipedia.org/wiki/Rust_(language)",
                vec![(
                    "link:https://en.wikipedia.org/wiki/Rust_(language)",
                    "https://en.wikipedia.org/wiki/Rust_(language)",
                )],
            ),
            (
                "https://example.com.",
                vec![("link:https://example.com", "https://example.com")],
            ),
            (
                "HTTPS://Example.com!",
                vec![("link:HTTPS://Example.com", "HTTPS://Example.com")],
            ),
            ("https://. https://", vec![]),
            (
                "go to example.com/path, or my-site.org",
                vec![
                    ("link:https://example.com/path", "example.com/path"),
                    ("link:https://my-site.org", "my-site.org"),
                ],
            ),
            (
                "example.com.",
                vec![("link:https://example.com", "example.com")],
            ),
            ("main.zig file.txt a.b 1.5", vec![]),
            ("write to me@example.com or foo.bar@example.com", vec![]),
            (
                "ä https://ü.example.com/ö",
                vec![("link:https://ü.example.com/ö", "https://ü.example.com/ö")],
            ),
            (
                "hi @Alice.bsky.social!",
                vec![("@alice.bsky.social", "@Alice.bsky.social")],
            ),
            (
                "(@bob.test) @carol @dave.invalidtld",
                vec![("@bob.test", "@bob.test")],
            ),
            ("x@bob.test", vec![]),
            (
                "@a.test @b.test",
                vec![("@a.test", "@a.test"), ("@b.test", "@b.test")],
            ),
            (
                "#one #Two, #drei! #四",
                vec![
                    ("#one", "#one"),
                    ("#Two", "#Two"),
                    ("#drei", "#drei"),
                    ("#四", "#四"),
                ],
            ),
            ("#1 #12a #! # ##", vec![("#12a", "#12a")]),
            ("\u{FF03}wide", vec![("#wide", "\u{FF03}wide")]),
            ("a#b", vec![]),
            ("#️⃣ key", vec![]),
            (
                "👩‍👩‍👧 #família\nexample.com",
                vec![
                    ("#família", "#família"),
                    ("link:https://example.com", "example.com"),
                ],
            ),
        ] {
            let expected: Vec<_> = expected
                .into_iter()
                .map(|(feature, cut)| (feature.to_owned(), cut))
                .collect();
            assert_eq!(seen(text), expected, "{text}");
        }
    }

    #[test]
    fn a_hashtag_has_at_most_64_graphemes() {
        let (fits, too_long) = ("a".repeat(64), "a".repeat(65));
        assert_eq!(facets(&format!("#{fits}")).len(), 1);
        assert_eq!(facets(&format!("#{too_long}")).len(), 0);
    }

    proptest! {
        #[test]
        fn ranges_lie_in_the_text_in_order_and_on_characters(
            words in prop::collection::vec(
                prop_oneof![
                    "\\PC{0,8}", "https?://\\PC{0,8}", "@[a-z]{1,4}\\.(test|com)\\PC{0,2}",
                    "[#＃]\\PC{0,6}", "[a-z]{1,5}\\.(com|org)\\PC{0,3}",
                ],
                0..8,
            ),
            between in "[ \n(]",
        ) {
            let text = words.join(&between);
            let mut end = 0;
            for facet in facets(&text) {
                prop_assert!(facet.range.start >= end && facet.range.start < facet.range.end);
                end = facet.range.end;
                // Panics where a range cuts a character in two.
                let cut = &text[facet.range.clone()];
                match facet.feature {
                    Feature::Link(uri) => prop_assert!(uri.ends_with(cut)),
                    Feature::Mention(handle) => prop_assert_eq!(cut.to_ascii_lowercase(), format!("@{handle}")),
                    Feature::Tag(tag) => prop_assert!(cut.ends_with(&tag)),
                }
            }
            prop_assert!(end <= text.len());
        }
    }
}
