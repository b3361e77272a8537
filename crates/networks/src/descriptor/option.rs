//! What can be said of a post beside its text and files: the board of a pin, who may reply, a
//! poll, the first comment.
//!
//! A post's target keeps the values as a JSON object by [`OptionField::key`]. The composer draws
//! the fields, preflight checks the values, and the connector reads them.

use serde::Serialize;
use utoipa::ToSchema;

use super::{FileRules, ImageRules};

/// One thing that can be said of a post.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct OptionField {
    /// Its name in the target's `options`.
    pub key: &'static str,
    /// Its label.
    pub label: &'static str,
    /// A sentence that says what it does; may be empty.
    pub help: &'static str,
    /// Whether the post can't be published without it.
    pub required: bool,
    /// What it takes.
    pub kind: OptionKind,
}

impl OptionField {
    /// An optional field.
    pub const fn new(
        key: &'static str,
        label: &'static str,
        help: &'static str,
        kind: OptionKind,
    ) -> Self {
        Self {
            key,
            label,
            help,
            required: false,
            kind,
        }
    }

    /// The same field, which must be filled in.
    #[must_use]
    pub const fn required(mut self) -> Self {
        self.required = true;
        self
    }
}

/// What an option takes.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum OptionKind {
    /// A string.
    #[serde(rename_all = "camelCase")]
    Text {
        /// At most this many characters (Unicode scalar values).
        max_characters: usize,
        /// Whether it may have several lines.
        multiline: bool,
    },
    /// The string of one of the choices.
    Choice {
        /// What there is to choose from, in order.
        choices: Vec<Choice>,
        /// What holds where nothing is chosen; `None`: the network decides.
        #[schema(required)]
        default: Option<&'static str>,
    },
    /// The string of one of the choices that the account has on the network, such as its boards:
    /// `GET /api/v1/social-accounts/{id}/choices/{key}`.
    Lookup {
        /// Whether the list is found by typing, because nobody could read it whole.
        search: bool,
        /// The key of the option that the list depends on, as the sections of a board do on the
        /// board: nothing can be chosen before it, and another choice there undoes this one.
        #[schema(required)]
        of: Option<&'static str>,
    },
    /// A boolean.
    Switch {
        /// What holds where nothing is said.
        default: bool,
    },
    /// A list of strings.
    #[serde(rename_all = "camelCase")]
    List {
        /// At most this many.
        max_items: usize,
        /// Characters (Unicode scalar values) of each.
        max_characters: usize,
    },
    /// `{"choices": [string], "minutes": number, "multiple": boolean}`.
    #[serde(rename_all = "camelCase")]
    Poll {
        /// At least this many answers to choose from.
        min_choices: usize,
        /// At most this many.
        max_choices: usize,
        /// Characters (Unicode scalar values) of each.
        max_characters: usize,
        /// How long it may run, in minutes: any number between the first and the last where
        /// `any_duration`, or else one of these.
        minutes: Vec<u32>,
        /// Whether any number of minutes between the first and the last will do.
        any_duration: bool,
        /// Whether a voter may be let choose several.
        multiple: bool,
    },
    /// The id of an image in the media library, such as a thumbnail.
    Image {
        /// What it must be.
        rules: ImageRules,
    },
    /// The id of a file in the media library, such as captions.
    File {
        /// What it must be.
        rules: FileRules,
    },
    /// The address of a page, or of a post to quote.
    Link,
}

/// One of several values.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Choice {
    /// What is stored.
    pub value: String,
    /// What people read.
    pub label: String,
}

impl Choice {
    /// A value and its label.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            label: label.into(),
        }
    }

    /// Values and their labels.
    pub fn list(choices: &[(&str, &str)]) -> Vec<Self> {
        choices
            .iter()
            .map(|(value, label)| Self::new(*value, *label))
            .collect()
    }
}
