//! How X counts characters: docs.x.com/fundamentals/counting-characters and version 3 of the
//! configuration of twitter-text 3.1.0, both as of November 2026.
//!
//! Most of Latin script, Greek, Cyrillic, Hebrew and Arabic weigh one, everything else two; an
//! emoji weighs two however many code points it is made of; a link weighs 23.

use std::{ops::Range, sync::LazyLock};

use regex::Regex;
use unicode_segmentation::UnicodeSegmentation;

/// Every link becomes one of t.co, which is this long.
pub(super) const LINK_LENGTH: usize = 23;

/// What weighs one: `ranges` of the configuration.
const LIGHT: [Range<u32>; 4] = [0..4_352, 8_192..8_206, 8_208..8_224, 8_242..8_248];

/// A domain with or without a scheme, and what follows it. What may stand before a link, and what
/// ends it, is twitter-text's.
#[expect(
    clippy::expect_used,
    reason = "the pattern is a constant, and the tests compile it"
)]
static LINK: LazyLock<Regex> = LazyLock::new(|| {
    let inner = r"[^\s<>()?]";
    let bracket = format!(r"\({inner}*(?:\({inner}*\){inner}*)?\)");
    let path_end = format!(r#"(?:[^\s()?!*"'「」<>;:=,.$%\[\]~&|@]|{bracket})"#);
    Regex::new(&format!(
        r"(?:^|[^A-Za-z0-9@＠$#＃])(?P<link>(?P<scheme>(?i:https?)://)?(?P<host>(?:[\p{{L}}\p{{N}}](?:[\p{{L}}\p{{N}}_-]*[\p{{L}}\p{{N}}])?\.)+(?P<top>xn--[A-Za-z0-9-]+|\p{{L}}{{2,}}))(?::\d+)?(?:/(?:(?:{inner}|{bracket})*{path_end})?)?(?:\?[A-Za-z0-9!?*'();:&=+$/%#\[\]\-_.,~|@]*[A-Za-z0-9_&=#/\-])?)"
    ))
    .expect("a valid pattern")
});

/// One emoji: with its modifiers and joiners it is one grapheme.
#[expect(
    clippy::expect_used,
    reason = "the pattern is a constant, and the tests compile it"
)]
static EMOJI: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(
        r"^(?:[#*0-9]\x{FE0F}?\x{20E3}|\p{Regional_Indicator}{2}|[\x{A9}\x{AE}]\x{FE0F}|[\p{Extended_Pictographic}--[\x{A9}\x{AE}]].*)$",
    )
    .expect("a valid pattern")
});

/// The weighted length of a text.
pub(super) fn count(text: &str) -> usize {
    let mut length = 0;
    let mut at = 0;
    for link in links(text) {
        length += weigh(&text[at..link.start]) + LINK_LENGTH;
        at = link.end;
    }
    length + weigh(&text[at..])
}

/// Where the links of a text are, in bytes.
pub(super) fn links(text: &str) -> Vec<Range<usize>> {
    let mut links = Vec::new();
    let mut at = 0;
    while let Some(found) = LINK.captures_at(text, at) {
        let (Some(link), Some(top)) = (found.name("link"), found.name("top")) else {
            break;
        };
        // Without a scheme, only what ends in a known top-level domain is a link, and not where
        // it goes on from a word.
        let joined = text[..link.start()].ends_with(['-', '_', '.', '/']);
        let known = top.as_str().starts_with("xn--") || tld::exist(&top.as_str().to_lowercase());
        if known && (found.name("scheme").is_some() || !joined) {
            links.push(link.range());
        }
        at = link.end();
    }
    links
}

fn weigh(text: &str) -> usize {
    text.graphemes(true)
        .map(|grapheme| {
            if EMOJI.is_match(grapheme) {
                2
            } else {
                grapheme.chars().map(weight).sum()
            }
        })
        .sum()
}

fn weight(c: char) -> usize {
    let light = LIGHT.iter().any(|range| range.contains(&u32::from(c)));
    if light { 1 } else { 2 }
}

/// How many cashtags (`$TICKER`) a text has.
pub(super) fn cashtags(text: &str) -> usize {
    #[expect(
        clippy::expect_used,
        reason = "the pattern is a constant, and the tests compile it"
    )]
    static CASHTAG: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:^|\s)\$[A-Za-z]{1,6}(?:[._][A-Za-z]{1,2})?(?:$|[\s\p{P}])")
            .expect("a valid pattern")
    });
    CASHTAG.find_iter(text).count()
}
