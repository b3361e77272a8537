//! What a post must look like to be kept at all. What its networks ask is preflight's matter: a
//! draft may break every rule of theirs.

use std::collections::{BTreeMap, BTreeSet};

use accounts::{AccountStatus, AccountSummary, SocialAccountId};
use kernel::{Code, Fields, Problem};

use super::{NewTarget, Part, PostRecord, PostStatus, TargetSettings};
use crate::{media::ContentId, target::TargetRecord, text};

/// Characters of a post's name.
const MAX_TITLE: usize = 200;
/// Characters of one part's text, beyond what any network takes.
const MAX_TEXT: usize = 100_000;
/// Characters of a description of an image.
const MAX_ALT_TEXT: usize = 10_000;
/// Parts of one thread.
const MAX_PARTS: usize = 100;
/// Files of one part.
const MAX_MEDIA: usize = 50;
/// Bytes of a target's options, written as JSON.
const MAX_OPTIONS_BYTES: usize = 32 * 1024;
/// Accounts of one post.
const MAX_TARGETS: usize = 100;

/// Notes what is wrong with a post's name.
pub(crate) fn check_title(fields: &mut Fields, title: Option<&str>) {
    text::check(fields, "title", title.unwrap_or_default(), MAX_TITLE);
}

/// Notes what is wrong with parts; `path` says where in the request they are.
pub(crate) fn check_parts(fields: &mut Fields, path: &str, parts: &[Part]) {
    if parts.is_empty() {
        fields.add(path, "required", "A post has at least one part.");
    }
    if parts.len() > MAX_PARTS {
        fields.add(
            path,
            "too_many",
            format!("A thread has at most {MAX_PARTS} parts."),
        );
        return;
    }
    for (index, part) in parts.iter().enumerate() {
        text::check(
            fields,
            &format!("{path}[{index}].text"),
            &part.text,
            MAX_TEXT,
        );
        if part.media.len() > MAX_MEDIA {
            fields.add(
                format!("{path}[{index}].media"),
                "too_many",
                format!("At most {MAX_MEDIA} files can be attached."),
            );
            continue;
        }
        for (file, media) in part.media.iter().enumerate() {
            let path = format!("{path}[{index}].media[{file}].altText");
            text::check(
                fields,
                &path,
                media.alt_text.as_deref().unwrap_or_default(),
                MAX_ALT_TEXT,
            );
        }
    }
}

/// Notes what is wrong with a list of targets.
pub(crate) fn check_targets(fields: &mut Fields, targets: &[NewTarget]) {
    if targets.len() > MAX_TARGETS {
        fields.add(
            "targets",
            "too_many",
            format!("A post is for at most {MAX_TARGETS} accounts."),
        );
        return;
    }
    let mut seen: BTreeSet<SocialAccountId> = BTreeSet::new();
    for (index, target) in targets.iter().enumerate() {
        if !seen.insert(target.social_account_id) {
            fields.add(
                format!("targets[{index}].socialAccountId"),
                "repeated",
                "This account is in the list twice. Each account can be chosen once.",
            );
        }
        let path = format!("targets[{index}].settings");
        check_settings(fields, &path, &target.settings);
        if let Some(override_) = &target.override_ {
            check_parts(
                fields,
                &format!("targets[{index}].override.parts"),
                &override_.parts,
            );
        }
    }
}

/// Notes what is wrong with the settings of a target. What its network makes of them is
/// preflight's matter.
fn check_settings(fields: &mut Fields, path: &str, settings: &TargetSettings) {
    text::check(
        fields,
        &format!("{path}.format"),
        settings.format.as_deref().unwrap_or_default(),
        MAX_TITLE,
    );
    let written = serde_json::to_string(&settings.options).unwrap_or_default();
    if written.len() > MAX_OPTIONS_BYTES {
        fields.add(
            format!("{path}.options"),
            "too_long",
            format!("The options may have {MAX_OPTIONS_BYTES} bytes of JSON at most."),
        );
    }
}

/// Notes every file that the target's options name and that does not exist.
pub(crate) fn check_attachments_exist(
    fields: &mut Fields,
    index: usize,
    target: &TargetRecord,
    existing: &BTreeSet<ContentId>,
) {
    for (key, id) in target.settings.attachments(target.platform) {
        if !existing.contains(&id) {
            fields.add(
                format!("targets[{index}].settings.options.{key}"),
                "unknown_content",
                "There is no such file in the media library. It may have been deleted; choose another one.",
            );
        }
    }
}

/// The account, unless it is unknown or was removed, which is noted.
pub(crate) fn usable<'a>(
    fields: &mut Fields,
    index: usize,
    id: SocialAccountId,
    accounts: &'a BTreeMap<SocialAccountId, AccountSummary>,
) -> Option<&'a AccountSummary> {
    let account = accounts
        .get(&id)
        .filter(|account| account.status != AccountStatus::Disconnected);
    if account.is_none() {
        fields.add(
            format!("targets[{index}].socialAccountId"),
            "unknown_account",
            "There is no such social account. It may have been removed; choose another one.",
        );
    }
    account
}

pub(crate) fn check_parts_exist(
    fields: &mut Fields,
    path: &str,
    parts: &[Part],
    existing: &BTreeSet<ContentId>,
) {
    for (index, part) in parts.iter().enumerate() {
        for (file, media) in part.media.iter().enumerate() {
            if !existing.contains(&media.content_id) {
                fields.add(
                    format!("{path}[{index}].media[{file}].contentId"),
                    "unknown_content",
                    "There is no such file in the media library. It may have been deleted; choose another one.",
                );
            }
        }
    }
}

/// Fails unless the post may be edited.
pub(crate) fn check_editable(post: &PostRecord) -> Result<(), Problem> {
    match post.status {
        PostStatus::Publishing => Err(state_problem(
            post,
            "It is being published right now. Wait a moment and try again.",
        )),
        status if !status.is_editable() => Err(state_problem(
            post,
            "It is published, so it can't be edited any more. Duplicate it and edit the copy.",
        )),
        _ => Ok(()),
    }
}

/// The post is in a state in which it can't be done.
pub(crate) fn state_problem(post: &PostRecord, message: &'static str) -> Problem {
    Problem::new(Code::InvalidState, message)
        .with_details(serde_json::json!({ "status": post.status }))
}
