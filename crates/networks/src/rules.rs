//! Preflight: every problem that a post would have on a network, found before it is sent.
//!
//! The rules are plain functions over the network's [`Limits`]; none knows a network by name.
//! What only needs to be made smaller or re-encoded is no problem: that happens by itself.

#[cfg(test)]
mod tests;

use serde::Serialize;
use utoipa::ToSchema;

use crate::{connector::Connector, descriptor::Limits};

kernel::text_enum! {
    /// Whether a problem forbids to publish.
    pub enum Severity {
        /// The network would refuse the post.
        Error = "error",
        /// The post can be published, but somebody should look at it.
        Warning = "warning",
    }
}

kernel::text_enum! {
    /// What a problem is about.
    pub enum Field {
        /// The text of a part.
        Text = "text",
        /// A file, or the files together.
        Media = "media",
        /// A file's description.
        AltText = "altText",
        /// The account.
        Account = "account",
        /// The time.
        Schedule = "schedule",
        /// The choice of accounts.
        Targets = "targets",
    }
}

/// One thing that is wrong with a post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PreflightProblem)]
pub struct Finding {
    /// A stable word for it: `text_too_long`, `too_many_images`, …
    pub code: &'static str,
    /// Whether it forbids to publish.
    pub severity: Severity,
    /// The part of the thread it is in, from 0. `None`: the post as a whole.
    #[schema(required)]
    pub part: Option<usize>,
    /// What it is about.
    pub field: Field,
    /// The file it is about, from 0.
    #[schema(required)]
    pub media_index: Option<usize>,
    /// What is wrong and what to do, naming the network.
    pub message: String,
}

/// How long a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = PreflightCount)]
pub struct Count {
    /// The part, from 0.
    pub part: usize,
    /// Its characters, as the network counts them.
    pub characters: usize,
    /// The most that the network takes.
    pub limit: usize,
}

/// A part as preflight sees it.
#[derive(Clone, Debug)]
pub struct Draft<'a> {
    /// Its text.
    pub text: &'a str,
    /// Its files, in order.
    pub media: Vec<DraftMedia<'a>>,
}

/// A file as preflight sees it.
#[derive(Clone, Copy, Debug)]
pub struct DraftMedia<'a> {
    /// Its media type, found from its content.
    pub mime_type: &'a str,
    /// Its description; may be empty.
    pub alt_text: &'a str,
}

/// Image types that can be re-encoded where a network does not take them.
const CONVERTIBLE: [&str; 4] = ["image/jpeg", "image/png", "image/webp", "image/gif"];

/// How long each part is.
pub fn counts(connector: &dyn Connector, limits: &Limits, parts: &[Draft<'_>]) -> Vec<Count> {
    parts
        .iter()
        .enumerate()
        .map(|(part, draft)| Count {
            part,
            characters: connector.count(draft.text.trim(), limits),
            limit: limits.max_characters,
        })
        .collect()
}

/// Every problem of `parts` on the network, in the order of the parts.
pub fn check(connector: &dyn Connector, limits: &Limits, parts: &[Draft<'_>]) -> Vec<Finding> {
    let name = connector.descriptor().name;
    let mut findings = Vec::new();
    findings.extend(thread_length(name, limits, parts.len()));
    for (index, part) in parts.iter().enumerate() {
        let whole = Whole {
            name,
            limits,
            part: index,
        };
        let characters = connector.count(part.text.trim(), limits);
        findings.extend(whole.emptiness(part, parts.len()));
        findings.extend(whole.length(characters));
        findings.extend(whole.bytes(part.text.trim(), characters));
        findings.extend(whole.repetition(parts));
        findings.extend(whole.image_count(part.media.len()));
        for (file, media) in part.media.iter().enumerate() {
            findings.extend(whole.media_type(file, media));
            findings.extend(whole.alt_text(file, media));
        }
    }
    findings
}

fn thread_length(name: &str, limits: &Limits, parts: usize) -> Option<Finding> {
    let most = limits.max_thread_parts;
    (parts > most).then(|| Finding {
        code: "too_many_parts",
        severity: Severity::Error,
        part: None,
        field: Field::Text,
        media_index: None,
        message: format!(
            "A thread on {name} may have {most} parts; this one has {parts}. Please join or remove {}.",
            parts - most
        ),
    })
}

/// What all rules for one part need.
struct Whole<'a> {
    name: &'a str,
    limits: &'a Limits,
    part: usize,
}

impl Whole<'_> {
    fn finding(&self, code: &'static str, field: Field, message: String) -> Finding {
        Finding {
            code,
            severity: Severity::Error,
            part: Some(self.part),
            field,
            media_index: None,
            message,
        }
    }

    fn emptiness(&self, part: &Draft<'_>, parts: usize) -> Option<Finding> {
        if !part.text.trim().is_empty() || !part.media.is_empty() {
            return None;
        }
        let (code, message) = if parts == 1 {
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
                    self.part + 1,
                    self.name
                ),
            )
        };
        Some(self.finding(code, Field::Text, message))
    }

    fn length(&self, characters: usize) -> Option<Finding> {
        let most = self.limits.max_characters;
        (characters > most).then(|| {
            self.finding(
                "text_too_long",
                Field::Text,
                format!(
                    "{} takes {most} characters; this text has {characters}. Please shorten it by {}.",
                    self.name,
                    characters - most
                ),
            )
        })
    }

    /// Only where the characters alone would pass: one problem, not two for one cause.
    fn bytes(&self, text: &str, characters: usize) -> Option<Finding> {
        let most = self.limits.max_bytes?;
        let bytes = text.len();
        (bytes > most && characters <= self.limits.max_characters).then(|| {
            self.finding(
                "text_too_large",
                Field::Text,
                format!(
                    "{} takes {most} bytes of text; this text has {bytes}, because emoji and accents take several. Please use fewer of them.",
                    self.name
                ),
            )
        })
    }

    /// A part that says just what an earlier one says is mostly a slip of copy and paste.
    fn repetition(&self, parts: &[Draft<'_>]) -> Option<Finding> {
        let text = parts.get(self.part)?.text.trim();
        let earlier = parts[..self.part]
            .iter()
            .position(|part| part.text.trim() == text)?;
        (!text.is_empty()).then(|| Finding {
            severity: Severity::Warning,
            ..self.finding(
                "duplicate_part",
                Field::Text,
                format!(
                    "Part {} of the thread on {} says the same as part {}.",
                    self.part + 1,
                    self.name,
                    earlier + 1
                ),
            )
        })
    }

    fn image_count(&self, images: usize) -> Option<Finding> {
        let most = self.limits.max_images;
        (images > most).then(|| {
            self.finding(
                "too_many_images",
                Field::Media,
                format!(
                    "{} takes {most} images per post; this one has {images}. Please remove {}.",
                    self.name,
                    images - most
                ),
            )
        })
    }

    fn media_type(&self, file: usize, media: &DraftMedia<'_>) -> Option<Finding> {
        let taken = self
            .limits
            .image_types
            .iter()
            .any(|taken| taken == media.mime_type);
        if taken {
            return None;
        }
        let finding = if media.mime_type == "image/gif" {
            Finding {
                severity: Severity::Warning,
                ..self.finding(
                    "gif_becomes_still",
                    Field::Media,
                    format!("{} shows no animated GIFs. Only the first picture of it will be published.", self.name),
                )
            }
        } else if CONVERTIBLE.contains(&media.mime_type) {
            return None;
        } else {
            self.finding(
                "media_type_not_supported",
                Field::Media,
                format!("AllIN can't publish files of the type {} on {}. Please use a JPEG, PNG, WebP or GIF image.", media.mime_type, self.name),
            )
        };
        Some(Finding {
            media_index: Some(file),
            ..finding
        })
    }

    fn alt_text(&self, file: usize, media: &DraftMedia<'_>) -> Option<Finding> {
        let (most, characters) = (
            self.limits.max_alt_characters,
            media.alt_text.chars().count(),
        );
        let finding = if characters > most {
            self.finding(
                "alt_text_too_long",
                Field::AltText,
                format!("{} takes descriptions of {most} characters; this one has {characters}. Please shorten it.", self.name),
            )
        } else if media.alt_text.trim().is_empty() {
            Finding {
                severity: Severity::Warning,
                ..self.finding(
                    "alt_text_missing",
                    Field::AltText,
                    "This image has no description. People who can't see it will not know what it shows.".to_owned(),
                )
            }
        } else {
            return None;
        };
        Some(Finding {
            media_index: Some(file),
            ..finding
        })
    }
}
