//! Keeps the tables of `docs/networks/<network>.md` true: what stands between their two markers is
//! written from the descriptors. `ALLIN_UPDATE_DOCS=1 cargo nextest run -p allin-networks
//! documentation` rewrites it.

use std::{fmt::Write as _, fs, path::PathBuf};

use crate::{
    Descriptor,
    descriptor::{Counting, FileRules, Format, ImageRules, OptionKind, QuotaScope, VideoRules},
};

const BEGIN: &str =
    "<!-- Written by `cargo nextest run -p allin-networks documentation`; do not edit. -->";
const END: &str = "<!-- End of what is written. -->";

#[test]
fn the_tables_of_every_network_are_those_of_its_descriptor() {
    let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/networks"));
    let update = std::env::var_os("ALLIN_UPDATE_DOCS").is_some();
    for descriptor in crate::descriptors() {
        let path = folder.join(format!("{}.md", descriptor.platform));
        let page =
            fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let written = format!("{BEGIN}\n\n{}\n{END}", tables(descriptor));
        let (before, rest) = page.split_once(BEGIN).unwrap_or((&page, END));
        let (_, after) = rest.split_once(END).unwrap_or(("", ""));
        let wanted = if page.contains(BEGIN) {
            format!("{before}{written}{after}")
        } else {
            format!("{}\n\n{written}\n", page.trim_end())
        };
        if update {
            fs::write(&path, &wanted).unwrap();
        } else {
            assert!(
                page == wanted,
                "{} is not what the descriptor says; see this test's module",
                path.display()
            );
        }
    }
}

fn tables(descriptor: &Descriptor) -> String {
    let mut text = format!(
        "## What AllIN supports\n\nWritten for {} ([documentation]({})), compared with it on {}.\n\n",
        descriptor.api.version, descriptor.api.documentation, descriptor.api.checked
    );
    text.push_str(
        "| format | text | files | images | videos | sounds | documents | thread |\n|---|---|---|---|---|---|---|---|\n",
    );
    for format in &descriptor.formats {
        row(&mut text, &format_cells(format));
    }
    if descriptor
        .formats
        .iter()
        .any(|format| !format.options.is_empty())
    {
        text.push_str("\n| format | option | key | takes |\n|---|---|---|---|\n");
        for format in &descriptor.formats {
            for option in &format.options {
                let needed = if option.required { " (required)" } else { "" };
                let takes = format!("{}{needed}", takes(&option.kind));
                let key = format!("`{}`", option.key);
                row(&mut text, &[format.name, option.label, &key, &takes]);
            }
        }
    }
    if !descriptor.connect.permissions.is_empty() {
        text.push_str("\n| permission | what for | needed |\n|---|---|---|\n");
        for permission in &descriptor.connect.permissions {
            let needed = if permission.required {
                "always"
            } else {
                "for that alone"
            };
            row(
                &mut text,
                &[&format!("`{}`", permission.scope), permission.why, needed],
            );
        }
    }
    if !descriptor.quotas.is_empty() {
        text.push_str("\n| quota | limit | per |\n|---|---|---|\n");
        for quota in &descriptor.quotas {
            let limit = format!("{} in {}", quota.limit, length(quota.window_seconds));
            let per = match quota.per {
                QuotaScope::Account => "account",
                QuotaScope::App => "developer app",
            };
            row(&mut text, &[quota.counts, &limit, per]);
        }
    }
    if !descriptor.errors.is_empty() {
        text.push_str("\n| error | what AllIN does | what a person reads |\n|---|---|---|\n");
        for error in descriptor.errors {
            row(
                &mut text,
                &[
                    &format!("`{}`", error.code),
                    error.kind.as_str(),
                    error.sentence,
                ],
            );
        }
    }
    text
}

fn row<C: AsRef<str>>(text: &mut String, cells: &[C]) {
    for cell in cells {
        write!(text, "| {} ", cell.as_ref().replace('|', "\\|")).unwrap();
    }
    text.push_str("|\n");
}

/// In a cell: it takes none.
const NONE: &str = "–";

fn format_cells(format: &Format) -> [String; 8] {
    let files = &format.media;
    let words = match format.text.max_characters {
        0 => "none".to_owned(),
        most if format.text.counting == Counting::Bytes => format!("{most} bytes"),
        most => format!("{most} characters"),
    };
    let number = match (files.min, files.max) {
        (_, 0) => "none".to_owned(),
        (min, max) if min == max => max.to_string(),
        (min, max) => format!("{min}–{max}"),
    };
    let file = |kinds: &[&str], most: u64| format!("{}, {}", types(kinds), size(most));
    let image = |rules: &ImageRules| file(rules.types, rules.max_bytes);
    let as_it_is = |rules: &FileRules| file(rules.types, rules.max_bytes);
    let thread = if format.max_parts > 1 {
        format!("up to {}", format.max_parts)
    } else {
        NONE.to_owned()
    };
    let none = || NONE.to_owned();
    [
        format.name.to_owned(),
        words,
        number,
        files.images.as_ref().map_or_else(none, image),
        files.videos.as_ref().map_or_else(none, video),
        files.audio.as_ref().map_or_else(none, as_it_is),
        files.documents.as_ref().map_or_else(none, as_it_is),
        thread,
    ]
}

fn video(rules: &VideoRules) -> String {
    format!(
        "{}, {}–{}, {}",
        types(rules.types),
        length(rules.min_seconds),
        length(rules.max_seconds),
        size(rules.max_bytes)
    )
}

fn types(types: &[&str]) -> String {
    let short: Vec<_> = types
        .iter()
        .filter_map(|kind| kind.split('/').next_back())
        .collect();
    short.join(", ")
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1_000_000 => format!("{} kB", bytes / 1_000),
        1_000_000..1_000_000_000 => format!("{} MB", bytes / 1_000_000),
        _ => format!("{} GB", bytes / 1_000_000_000),
    }
}

fn length(seconds: u32) -> String {
    match seconds {
        _ if seconds > 0 && seconds.is_multiple_of(86_400) => format!("{} d", seconds / 86_400),
        _ if seconds > 0 && seconds.is_multiple_of(3_600) => format!("{} h", seconds / 3_600),
        _ if seconds > 60 && seconds.is_multiple_of(60) => format!("{} min", seconds / 60),
        _ => format!("{seconds} s"),
    }
}

fn takes(kind: &OptionKind) -> String {
    match kind {
        OptionKind::Text { max_characters, .. } => {
            format!("text, up to {max_characters} characters")
        }
        OptionKind::Choice { choices, .. } => {
            let values: Vec<_> = choices
                .iter()
                .map(|choice| format!("`{}`", choice.value))
                .collect();
            values.join(", ")
        }
        OptionKind::Lookup { .. } => "one of the account's own".to_owned(),
        OptionKind::Switch { .. } => "yes or no".to_owned(),
        OptionKind::List { max_items, .. } => format!("up to {max_items} entries"),
        OptionKind::Poll {
            min_choices,
            max_choices,
            ..
        } => format!("{min_choices}–{max_choices} answers"),
        OptionKind::Image { .. } => "an image of the library".to_owned(),
        OptionKind::File { .. } => "a file of the library".to_owned(),
        OptionKind::Link => "an address".to_owned(),
    }
}
