//! How X measures and keeps text: docs.x.com/fundamentals/counting-characters, and the
//! configuration v3 of twitter-text 3.1.0 (npm).

use unicode_segmentation::UnicodeSegmentation;

use crate::kit::people;

/// The weighted length. A word with a scheme is a link and weighs 23, an emoji weighs 2.
pub(super) fn weigh(text: &str) -> usize {
    let (links, rest) = split(text);
    let weight = |c: char| match u32::from(c) {
        0..=4_351 | 8_192..=8_205 | 8_208..=8_223 | 8_242..=8_247 => 1,
        _ => 2,
    };
    let is_emoji = |c: char| c >= '\u{1f000}' || c == '\u{fe0f}' || c == '\u{20e3}';
    let rest: usize = rest
        .graphemes(true)
        .map(|grapheme| {
            if grapheme.chars().any(is_emoji) {
                2
            } else {
                grapheme.chars().map(weight).sum()
            }
        })
        .sum();
    links.len() * 23 + rest
}

/// The links of a text, and the text without them.
fn split(text: &str) -> (Vec<&str>, String) {
    let mut links = Vec::new();
    let mut rest = text.to_owned();
    for word in text.split_whitespace() {
        let begins = word.find("https://").or_else(|| word.find("http://"));
        if let Some(begins) = begins {
            let link = word[begins..].trim_end_matches(['.', ',', '!', '?', ')', ':', ';', '"']);
            links.push(link);
            rest = rest.replacen(link, "", 1);
        }
    }
    (links, rest)
}

/// A text as X keeps it: every link is one of t.co.
pub(super) struct Kept {
    pub(super) text: String,
    /// Short and long addresses, in order.
    pub(super) links: Vec<(String, String)>,
}

/// Shortens the links, writes three characters as HTML does, and adds a link for the media.
pub(super) fn keep(text: &str, id: u64, media: bool) -> Kept {
    let short = |name: &str| {
        let number = people::number(&format!("{id}/{name}"), 10);
        format!("https://t.co/{number:x}")
    };
    let mut kept = text.to_owned();
    let mut links = Vec::new();
    for link in split(text).0 {
        let to = short(link);
        kept = kept.replacen(link, &to, 1);
        links.push((to, link.to_owned()));
    }
    let mut kept = kept
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;");
    if media {
        let to = short("media");
        if !kept.is_empty() {
            kept.push(' ');
        }
        kept.push_str(&to);
        links.push((to, String::new()));
    }
    Kept { text: kept, links }
}

/// How many cashtags there are.
pub(super) fn cashtags(text: &str) -> usize {
    text.split_whitespace()
        .filter_map(|word| word.strip_prefix('$'))
        .map(|word| word.trim_end_matches(['.', ',', '!', '?']))
        .filter(|word| {
            (1..=6).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_alphabetic())
        })
        .count()
}
