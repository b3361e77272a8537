//! Rules about the options.

use serde_json::Value;

use super::{Draft, Finding, Rules};
use crate::{
    connector::Poll,
    descriptor::{OptionField, OptionKind},
};

impl Rules<'_> {
    pub(super) fn options(&self, draft: &Draft<'_>) -> Vec<Finding> {
        let unknown = draft.options.iter().filter_map(|(key, value)| {
            let known = self.format.options.iter().any(|field| field.key == key);
            (!known && !is_missing(value)).then(|| {
                let message = format!(
                    "{} on {} has no option “{key}”. It will be left out.",
                    self.format.with_article(),
                    self.name
                );
                Finding::option("unknown_option", key, message).warning()
            })
        });
        let fields = self.format.options.iter().filter_map(|field| {
            let value = draft
                .options
                .get(field.key)
                .filter(|value| !is_missing(value));
            match value {
                Some(value) => self.option(field, value, draft),
                None => field.required.then(|| {
                    let message = format!(
                        "{} asks for “{}”. Please fill it in.",
                        self.name, field.label
                    );
                    Finding::option("option_required", field.key, message)
                }),
            }
        });
        unknown.chain(fields).collect()
    }

    fn option(&self, field: &OptionField, value: &Value, draft: &Draft<'_>) -> Option<Finding> {
        let wrong = |what: String| {
            let message = format!("“{}” for {}: {what}", field.label, self.name);
            Some(Finding::option("option_invalid", field.key, message))
        };
        match &field.kind {
            OptionKind::Text { max_characters, .. } => match value.as_str() {
                None => wrong("it must be a text.".to_owned()),
                Some(text) => too_long(text, *max_characters).and_then(wrong),
            },
            OptionKind::Choice { choices, .. } => {
                let known = |value: &str| choices.iter().any(|choice| choice.value == value);
                if value.as_str().is_some_and(known) {
                    None
                } else {
                    wrong("please choose one of the values that there are.".to_owned())
                }
            }
            OptionKind::Lookup { .. } => match value.as_str() {
                None => wrong("it must be a text.".to_owned()),
                Some(_) => None,
            },
            OptionKind::Switch { .. } => match value.as_bool() {
                None => wrong("it must be true or false.".to_owned()),
                Some(_) => None,
            },
            OptionKind::List {
                max_items,
                max_characters,
            } => list(value, *max_items, *max_characters).and_then(wrong),
            OptionKind::Poll { .. } => poll(&field.kind, value).and_then(wrong),
            OptionKind::Image { .. } | OptionKind::File { .. } => {
                match draft.attachments.get(field.key) {
                    None => wrong(
                        "the file does not exist any more. Please choose another one.".to_owned(),
                    ),
                    Some(file) => {
                        attachment(&field.kind, file.mime_type, file.bytes).and_then(wrong)
                    }
                }
            }
            OptionKind::Link => {
                let is_link = |text: &str| {
                    url::Url::parse(text).is_ok_and(|url| matches!(url.scheme(), "http" | "https"))
                };
                if value.as_str().is_some_and(is_link) {
                    None
                } else {
                    wrong("it must be an address such as https://example.org/page.".to_owned())
                }
            }
        }
    }
}

/// An emptied field says as little as a missing one.
fn is_missing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

fn too_long(text: &str, most: usize) -> Option<String> {
    let characters = text.chars().count();
    (characters > most).then(|| {
        format!(
            "it may have {most} characters and has {characters}. Please shorten it by {}.",
            characters - most
        )
    })
}

fn list(value: &Value, max_items: usize, max_characters: usize) -> Option<String> {
    let Some(items) = value.as_array() else {
        return Some("it must be a list of texts.".to_owned());
    };
    if items.len() > max_items {
        return Some(format!(
            "it may have {max_items} entries and has {}. Please remove {}.",
            items.len(),
            items.len() - max_items
        ));
    }
    items.iter().find_map(|item| match item.as_str() {
        None => Some("it must be a list of texts.".to_owned()),
        Some(text) => too_long(text, max_characters),
    })
}

fn poll(kind: &OptionKind, value: &Value) -> Option<String> {
    let OptionKind::Poll {
        min_choices,
        max_choices,
        max_characters,
        minutes,
        any_duration,
        multiple,
    } = kind
    else {
        return None;
    };
    let Ok(poll) = serde_json::from_value::<Poll>(value.clone()) else {
        return Some("it must have choices, and minutes that it runs.".to_owned());
    };
    let choices = poll.choices.len();
    if !(*min_choices..=*max_choices).contains(&choices) {
        return Some(format!(
            "a poll has {min_choices} to {max_choices} answers to choose from; this one has {choices}."
        ));
    }
    if poll.choices.iter().any(|choice| choice.trim().is_empty()) {
        return Some("one of the answers is empty. Please fill it in or remove it.".to_owned());
    }
    let mut sorted: Vec<_> = poll.choices.iter().map(|choice| choice.trim()).collect();
    sorted.sort_unstable();
    sorted.dedup();
    if sorted.len() < choices {
        return Some("two answers are the same. Please change one.".to_owned());
    }
    let (first, last) = (minutes.first().copied(), minutes.last().copied());
    let fits = if *any_duration {
        first.is_some_and(|first| poll.minutes >= first)
            && last.is_some_and(|last| poll.minutes <= last)
    } else {
        minutes.contains(&poll.minutes)
    };
    if !fits {
        return Some("it can't run for that long. Please choose another time.".to_owned());
    }
    if poll.multiple && !multiple {
        return Some("only one answer can be chosen on this network.".to_owned());
    }
    poll.choices
        .iter()
        .find_map(|choice| too_long(choice, *max_characters))
        .map(|what| format!("an answer is too long: {what}"))
}

fn attachment(kind: &OptionKind, mime_type: &str, bytes: u64) -> Option<String> {
    match kind {
        OptionKind::Image { .. } if !mime_type.starts_with("image/") => {
            Some("it must be an image.".to_owned())
        }
        OptionKind::File { rules } if !rules.types.contains(&mime_type) => {
            Some("it must be a file of another type.".to_owned())
        }
        OptionKind::File { rules } if bytes > rules.max_bytes => Some(format!(
            "it may have {} bytes and has {bytes}.",
            rules.max_bytes
        )),
        _ => None,
    }
}
