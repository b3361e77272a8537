use super::*;
use crate::{bluesky::Bluesky, mastodon::Mastodon};

fn draft<'a>(text: &'a str, media: &[(&'a str, &'a str)]) -> DraftPart<'a> {
    let media = media
        .iter()
        .map(|&(mime_type, alt_text)| DraftMedia {
            mime_type,
            alt_text,
            bytes: 1_000,
            width: None,
            height: None,
            duration_ms: None,
        })
        .collect();
    DraftPart { text, media }
}

fn checked(connector: &dyn Connector, parts: &[DraftPart<'_>]) -> Checked {
    let draft = Draft {
        format: None,
        parts: parts.to_vec(),
        options: &Map::new(),
        attachments: BTreeMap::new(),
    };
    check(connector, &Value::Null, &draft)
}

/// The findings as `code@part` or `code@part.file`; warnings in brackets.
fn codes(connector: &dyn Connector, parts: &[DraftPart<'_>]) -> Vec<String> {
    checked(connector, parts)
        .findings
        .into_iter()
        .map(|finding| {
            let part = finding
                .part
                .map(|part| format!("@{part}"))
                .unwrap_or_default();
            let file = finding
                .media_index
                .map(|file| format!(".{file}"))
                .unwrap_or_default();
            let code = format!("{}{part}{file}", finding.code);
            if finding.severity == Severity::Warning {
                format!("({code})")
            } else {
                code
            }
        })
        .collect()
}

const JPEG: (&str, &str) = ("image/jpeg", "described");

#[test]
fn every_problem_is_found_at_once() {
    let (long, long_alt) = ("a".repeat(301), "a".repeat(2_001));
    let emoji = "👩‍👩‍👧‍👦".repeat(200);
    let many: Vec<_> = (0..26).map(|part| part.to_string()).collect();
    let many: Vec<_> = many.iter().map(|text| draft(text, &[])).collect();
    for (parts, expected) in [
        (vec![draft("fine", &[JPEG; 4])], vec![]),
        (vec![draft("", &[JPEG])], vec![]),
        (vec![draft(" \n", &[])], vec!["empty_post@0"]),
        (vec![draft("a", &[]), draft("", &[])], vec!["empty_part@1"]),
        (vec![draft(&long, &[])], vec!["text_too_long@0"]),
        (vec![draft(&emoji, &[])], vec!["text_too_large@0"]),
        (
            vec![draft("a", &[]), draft("b", &[]), draft("a ", &[])],
            vec!["(duplicate_part@2)"],
        ),
        (many, vec!["too_many_parts"]),
        (vec![draft("a", &[JPEG; 11])], vec!["too_many_files@0"]),
        (
            vec![draft("a", &[("image/gif", "x")])],
            vec!["(gif_becomes_still@0.0)"],
        ),
        (
            vec![draft("a", &[JPEG, ("video/mp4", "x")])],
            vec!["mixed_media@0"],
        ),
        (
            vec![draft("a", &[("image/png", &long_alt)])],
            vec!["alt_text_too_long@0.0"],
        ),
        (
            vec![draft("a", &[JPEG, ("image/png", " ")])],
            vec!["(alt_text_missing@0.1)"],
        ),
        (
            vec![draft(&long, &[("image/png", "")]), draft("", &[])],
            vec!["text_too_long@0", "(alt_text_missing@0.0)", "empty_part@1"],
        ),
    ] {
        assert_eq!(codes(&Bluesky, &parts), expected, "{parts:?}");
    }
}

#[test]
fn each_network_has_its_own_limits() {
    let text = format!(
        "{} https://example.org/{}",
        "a".repeat(400),
        "b".repeat(400)
    );
    let parts = [draft(&text, &[("image/gif", "x")])];
    assert_eq!(
        codes(&Bluesky, &parts),
        ["text_too_long@0", "(gif_becomes_still@0.0)"]
    );
    assert_eq!(codes(&Mastodon, &parts), [""; 0]);
    let count = checked(&Mastodon, &parts).counts;
    assert_eq!(
        count,
        [Count {
            part: 0,
            characters: 424,
            limit: 500
        }]
    );
}

#[test]
fn messages_name_the_network_and_both_numbers() {
    let text = "a".repeat(312);
    let findings = checked(&Bluesky, &[draft(&text, &[])]).findings;
    let expected = "Bluesky takes 300 characters; this text has 312. Please shorten it by 12.";
    assert_eq!(findings[0].message, expected);
}
