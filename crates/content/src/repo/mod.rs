//! The SQL of this crate, and nobody else's tables.

pub(crate) mod contents;
pub(crate) mod posts;
pub(crate) mod renditions;
pub(crate) mod targets;
pub(crate) mod uses;

use store::Select;

/// Only rows with this text, where there is one to look for.
fn searched(select: Select, text: Option<&str>) -> Select {
    match text.filter(|text| !text.trim().is_empty()) {
        Some(text) => select
            .filter_by("search_text LIKE ", containing(text))
            .push(" ESCAPE '\\'"),
        None => select,
    }
}

/// A pattern for `LIKE … ESCAPE '\'` that finds `text` anywhere. What is searched is stored in
/// lower case, because the engines fold different letters.
fn containing(text: &str) -> String {
    let mut pattern = String::from("%");
    for c in text.trim().to_lowercase().chars().take(200) {
        match c {
            '%' | '_' | '\\' => pattern.extend(['\\', c]),
            _ => pattern.push(c),
        }
    }
    pattern.push('%');
    pattern
}

/// A number that the database keeps signed.
fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
