//! The one character that no text may hold: U+0000. PostgreSQL can't keep it, and SQLite cuts what
//! it shows there, so it is refused where requests are read, and no capability has to think of it.

use kernel::Problem;
use serde_json::Value;

/// Refuses a text that a form brought, in the field `path`.
pub fn check(path: &str, text: &str) -> Result<(), Problem> {
    if text.contains('\0') {
        return Err(unstorable(path));
    }
    Ok(())
}

/// The problem of the field `path`.
pub(crate) fn unstorable(path: &str) -> Problem {
    let message = "This text holds the character U+0000, which can't be kept. Please remove it.";
    Problem::field(path, "invalid_character", message)
}

/// Where in a body of JSON the character is: the first field with it in its value or its name.
pub(crate) fn nul_in_json(body: &[u8]) -> Option<String> {
    // JSON can hold it as an escape alone, and hardly any body does, so that few are read twice.
    let escape = br"\u0000";
    if !body.windows(escape.len()).any(|bytes| bytes == escape) {
        return None;
    }
    find(&serde_json::from_slice(body).ok()?, "")
}

fn find(value: &Value, path: &str) -> Option<String> {
    match value {
        Value::String(text) => text.contains('\0').then(|| path.to_owned()),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .find_map(|(index, item)| find(item, &format!("{path}[{index}]"))),
        Value::Object(fields) => fields.iter().find_map(|(name, item)| {
            if name.contains('\0') {
                return Some(path.to_owned());
            }
            let dot = if path.is_empty() { "" } else { "." };
            find(item, &format!("{path}{dot}{name}"))
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

/// Whether an encoded path or query holds it.
pub(crate) fn nul_in_address(encoded: &str) -> bool {
    encoded.contains("%00")
}
