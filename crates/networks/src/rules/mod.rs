//! Preflight: every problem that a post would have on a network, found before it is sent.
//!
//! The rules are plain functions over the network's [`Format`]s; none knows a network by name.
//! What only needs to be made smaller or re-encoded is no problem: that happens by itself.

mod media;
mod options;
#[cfg(test)]
mod tests;
mod text;

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

use crate::{connector::Connector, descriptor::Format};

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
        /// The format.
        Format = "format",
        /// One of the format's options.
        Option = "option",
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
    /// A stable word for it: `text_too_long`, `too_many_files`, …
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
    /// The key of the option it is about.
    #[schema(required)]
    pub option: Option<String>,
    /// What is wrong and what to do, naming the network.
    pub message: String,
}

impl Finding {
    /// An error of the post as a whole.
    pub fn error(code: &'static str, field: Field, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            part: None,
            field,
            media_index: None,
            option: None,
            message: message.into(),
        }
    }

    /// An error of an option.
    pub fn option(code: &'static str, key: &str, message: impl Into<String>) -> Self {
        Self {
            option: Some(key.to_owned()),
            ..Self::error(code, Field::Option, message)
        }
    }

    /// The same, in a part of the thread.
    #[must_use]
    pub fn in_part(mut self, part: usize) -> Self {
        self.part = Some(part);
        self
    }

    /// The same, about a file of the part.
    #[must_use]
    pub fn about_file(mut self, file: usize) -> Self {
        self.media_index = Some(file);
        self
    }

    /// The same, but the post can be published nevertheless.
    #[must_use]
    pub fn warning(mut self) -> Self {
        self.severity = Severity::Warning;
        self
    }
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

/// A post as preflight sees it.
#[derive(Clone, Debug)]
pub struct Draft<'a> {
    /// The format that the author chose; `None`: the first that takes the files.
    pub format: Option<&'a str>,
    /// The post, and after it the further parts of its thread.
    pub parts: Vec<DraftPart<'a>>,
    /// What else is said of it.
    pub options: &'a Map<String, Value>,
    /// Those of the files that options name which exist, by the option's key.
    pub attachments: BTreeMap<&'a str, DraftMedia<'a>>,
}

/// A part as preflight sees it.
#[derive(Clone, Debug)]
pub struct DraftPart<'a> {
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
    /// Its size.
    pub bytes: u64,
    /// Pixels across, where that is known.
    pub width: Option<u32>,
    /// Pixels down, where that is known.
    pub height: Option<u32>,
    /// Its length in milliseconds, where that is known.
    pub duration_ms: Option<u64>,
}

/// What preflight makes of a post.
#[derive(Clone, Debug)]
pub struct Checked {
    /// The format that it would be published as.
    pub format: Format,
    /// How long each part is.
    pub counts: Vec<Count>,
    /// Every problem, in the order of the parts.
    pub findings: Vec<Finding>,
}

/// Looks at a post for an account with these [`limits`](crate::connector::Account::limits).
pub fn check(connector: &dyn Connector, limits: &Value, draft: &Draft<'_>) -> Checked {
    let name = connector.descriptor().name;
    let types: Vec<_> = draft.parts.first().map_or_else(Vec::new, |part| {
        part.media.iter().map(|media| media.mime_type).collect()
    });
    let mut findings = Vec::new();
    let (format, known) = choose(connector.formats(limits), draft.format, &types);
    if !known {
        findings.push(Finding::error(
            "unknown_format",
            Field::Format,
            format!(
                "{name} has no format named “{}”. Please choose another one.",
                draft.format.unwrap_or_default()
            ),
        ));
    }
    let rules = Rules {
        name,
        format: &format,
    };
    findings.extend(rules.thread_length(draft.parts.len()));
    let mut counts = Vec::new();
    for (index, part) in draft.parts.iter().enumerate() {
        let characters = connector.count(part.text.trim(), &format.text);
        counts.push(Count {
            part: index,
            characters,
            limit: format.text.max_characters,
        });
        let found = rules
            .emptiness(index, draft)
            .into_iter()
            .chain(rules.text(part.text.trim(), characters))
            .chain(rules.repetition(index, &draft.parts))
            .chain(rules.files(&part.media));
        findings.extend(found.map(|finding| finding.in_part(index)));
    }
    findings.extend(rules.options(draft));
    findings.extend(connector.check(&format, draft));
    Checked {
        format,
        counts,
        findings,
    }
}

/// The format that a post is published as: the one that was chosen, or else the first that takes
/// files of these types, or else the first. Whether the chosen one exists.
///
/// `formats` is never empty: every network publishes something.
pub fn choose(mut formats: Vec<Format>, chosen: Option<&str>, types: &[&str]) -> (Format, bool) {
    let by_id = chosen.map(|id| formats.iter().position(|format| format.id == id));
    let known = by_id != Some(None);
    let index = by_id
        .flatten()
        .or_else(|| formats.iter().position(|format| format.media.takes(types)))
        .or_else(|| {
            formats
                .iter()
                .position(|format| types.iter().all(|kind| format.media.takes_type(kind)))
        })
        .unwrap_or(0);
    (formats.swap_remove(index), known)
}

/// What all rules need.
struct Rules<'a> {
    name: &'a str,
    format: &'a Format,
}

impl Rules<'_> {
    fn thread_length(&self, parts: usize) -> Option<Finding> {
        let (name, most) = (self.name, self.format.max_parts);
        (parts > most).then(|| {
            let message = if most == 1 {
                format!("A post on {name} can't be a thread; this one has {parts} parts. Please join them, or keep the first.")
            } else {
                format!("A thread on {name} may have {most} parts; this one has {parts}. Please join or remove {}.", parts - most)
            };
            Finding::error("too_many_parts", Field::Text, message)
        })
    }
}
