//! Small helpers for texts that people send.

use kernel::Fields;
use serde::{Deserialize, Deserializer};

/// Checks that a text, which may be empty, is not too long.
pub(crate) fn check(fields: &mut Fields, path: &str, value: &str, max: usize) {
    if value.chars().count() > max {
        fields.add(
            path,
            "too_long",
            format!("Please use at most {max} characters."),
        );
    }
}

/// The text without blanks around it, unless nothing remains.
pub(crate) fn filled(text: Option<String>) -> Option<String> {
    let text = text?;
    let trimmed = text.trim();
    (!trimmed.is_empty()).then(|| trimmed.to_owned())
}

/// Reads a field that can be left out, null, or set: `None`, `Some(None)`, `Some(Some(value))`.
#[expect(
    clippy::option_option,
    reason = "a change tells three cases apart: leave, clear, set"
)]
pub(crate) fn nullable<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Option<T>>, D::Error> {
    Option::deserialize(deserializer).map(Some)
}
