//! Rules about the text.

use std::sync::LazyLock;

use regex::Regex;

use super::{Draft, DraftPart, Field, Finding, Rules};

#[expect(
    clippy::expect_used,
    reason = "constant patterns, and a test reads them"
)]
static HASHTAG: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?:^|[^\w&/])#\w*[\p{L}_]\w*").expect("a valid pattern"));
#[expect(
    clippy::expect_used,
    reason = "constant patterns, and a test reads them"
)]
static MENTION: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?:^|[^\w/])@\w[\w.\-]*").expect("a valid pattern"));
#[expect(
    clippy::expect_used,
    reason = "constant patterns, and a test reads them"
)]
static LINK: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"https?://\S+").expect("a valid pattern"));

impl Rules<'_> {
    /// A post says or shows something. A poll or a link among the options is enough, too.
    pub(super) fn emptiness(&self, part: usize, draft: &Draft<'_>) -> Option<Finding> {
        let this = &draft.parts[part];
        let said_otherwise = part == 0 && draft.options.values().any(serde_json::Value::is_object);
        if !this.text.trim().is_empty() || !this.media.is_empty() || said_otherwise {
            return None;
        }
        // Told as a missing file.
        if self.format.media.min > 0 {
            return None;
        }
        let (code, message) = if draft.parts.len() == 1 {
            (
                "empty_post",
                format!(
                    "There is nothing to publish on {} yet. Please write something or add an image.",
                    self.name
                ),
            )
        } else {
            (
                "empty_part",
                format!(
                    "Part {} of the thread on {} is empty. Please write something or remove it.",
                    part + 1,
                    self.name
                ),
            )
        };
        Some(Finding::error(code, Field::Text, message))
    }

    pub(super) fn text(&self, text: &str, characters: usize) -> Vec<Finding> {
        let rules = &self.format.text;
        let counted = [
            (
                "too_many_hashtags",
                "hashtags",
                rules.max_hashtags,
                &HASHTAG,
            ),
            (
                "too_many_mentions",
                "mentions",
                rules.max_mentions,
                &MENTION,
            ),
            ("too_many_links", "links", rules.max_links, &LINK),
        ];
        let counted = counted
            .into_iter()
            .filter_map(|(code, what, most, pattern)| {
                let (most, found) = (most?, pattern.find_iter(text).count());
                (found > most).then(|| {
                Finding::error(
                    code,
                    Field::Text,
                    format!(
                        "{} takes {most} {what} per post; this text has {found}. Please remove {}.",
                        self.name,
                        found - most
                    ),
                )
            })
            });
        self.length(characters)
            .into_iter()
            .chain(self.bytes(text, characters))
            .chain(counted)
            .collect()
    }

    fn length(&self, characters: usize) -> Option<Finding> {
        let (name, most) = (self.name, self.format.text.max_characters);
        (characters > most).then(|| {
            if most == 0 {
                let message = format!(
                    "{} on {name} has no text: what is written here will not be published.",
                    self.format.with_article()
                );
                return Finding::error("text_not_shown", Field::Text, message).warning();
            }
            let message = format!(
                "{name} takes {most} characters; this text has {characters}. Please shorten it by {}.",
                characters - most
            );
            Finding::error("text_too_long", Field::Text, message)
        })
    }

    /// Only where the characters alone would pass: one problem, not two for one cause.
    fn bytes(&self, text: &str, characters: usize) -> Option<Finding> {
        let most = self.format.text.max_bytes?;
        let bytes = text.len();
        (bytes > most && characters <= self.format.text.max_characters).then(|| {
            let message = format!(
                "{} takes {most} bytes of text; this text has {bytes}, because emoji and accents take several. Please use fewer of them.",
                self.name
            );
            Finding::error("text_too_large", Field::Text, message)
        })
    }

    /// A part that says just what an earlier one says is mostly a slip of copy and paste.
    pub(super) fn repetition(&self, part: usize, parts: &[DraftPart<'_>]) -> Option<Finding> {
        let text = parts[part].text.trim();
        let earlier = parts[..part]
            .iter()
            .position(|part| part.text.trim() == text)?;
        (!text.is_empty()).then(|| {
            let message = format!(
                "Part {} of the thread on {} says the same as part {}.",
                part + 1,
                self.name,
                earlier + 1
            );
            Finding::error("duplicate_part", Field::Text, message).warning()
        })
    }
}
