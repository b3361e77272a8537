//! Every problem that a post would have, told before it is scheduled: what the networks' own
//! rules say of each account's text and files, and what is wrong with accounts, files and time.

use std::collections::{BTreeSet, HashMap};

use accounts::{AccountStatus, AccountSummary, SocialAccountId};
use kernel::{Caller, Code, Fields, Permission, Problem, Timestamp};
use networks::{
    Platform, connector,
    rules::{self, Count, Draft, DraftMedia, Field, Finding, Severity},
};
use serde::{Deserialize, Serialize};
use store::{Scope, Tx};
use utoipa::ToSchema;

use crate::{
    Content,
    media::{ContentId, ContentRecord},
    post::{
        NewTarget, Part, PostId, PostRecord,
        rules::{check_parts, check_targets},
    },
    repo,
};

/// What is to be published, where and when.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(as = PreflightRequest)]
pub struct Plan {
    /// The post, and after it the further parts of its thread.
    pub parts: Vec<Part>,
    /// The accounts it is for.
    pub targets: Vec<NewTarget>,
    /// When; left out for "now" or "not known yet".
    #[serde(default)]
    pub scheduled_at: Option<Timestamp>,
}

impl From<&PostRecord> for Plan {
    /// The post on those accounts that it is still to be published on.
    fn from(post: &PostRecord) -> Self {
        let open = post
            .targets
            .iter()
            .filter(|target| !target.status.is_record());
        let targets = open.map(|target| NewTarget {
            social_account_id: target.account,
            override_: target.override_.clone(),
        });
        Self {
            parts: post.parts.clone(),
            targets: targets.collect(),
            scheduled_at: None,
        }
    }
}

/// Every problem that a post would have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PreflightReport {
    /// Whether it can be published: there is no problem of severity `error`.
    pub ok: bool,
    /// What there is to say of each account.
    pub targets: Vec<TargetReport>,
    /// Problems of the post as a whole.
    pub problems: Vec<Finding>,
}

/// What there is to say of a post on one account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = PreflightTarget)]
pub struct TargetReport {
    /// The account.
    pub social_account_id: SocialAccountId,
    /// Its network.
    pub platform: Platform,
    /// Whether it can be published there.
    pub ok: bool,
    /// How long each part is.
    pub counts: Vec<Count>,
    /// What is wrong.
    pub problems: Vec<Finding>,
}

impl PreflightReport {
    /// The report as a problem that keeps a post from being scheduled.
    pub fn into_problem(self) -> Problem {
        let errors = self
            .problems
            .iter()
            .chain(self.targets.iter().flat_map(|target| &target.problems));
        let mut errors = errors.filter(|finding| finding.severity == Severity::Error);
        let message = match (errors.next(), errors.count()) {
            (Some(only), 0) => only.message.clone(),
            (_, more) => format!(
                "{} things keep this post from being published. Fix them and try again.",
                more + 1
            ),
        };
        let details = serde_json::json!(self);
        Problem::new(Code::PreflightFailed, message).with_details(details)
    }
}

impl Content {
    /// Looks at a post that is not stored.
    pub async fn preflight_plan(
        &self,
        caller: &Caller,
        plan: &Plan,
    ) -> Result<PreflightReport, Problem> {
        caller.require(Permission::PostsRead)?;
        let mut tx = self.db.read(Scope::Tenant(caller.tenant)).await?;
        self.preflight(&mut tx, plan).await
    }

    /// Looks at a stored post, on the accounts that it is still to be published on.
    pub async fn preflight_post(
        &self,
        caller: &Caller,
        id: PostId,
    ) -> Result<PreflightReport, Problem> {
        caller.require(Permission::PostsRead)?;
        let mut tx = self.db.read(Scope::Tenant(caller.tenant)).await?;
        let post = self.load(&mut tx, id).await?;
        self.preflight(&mut tx, &Plan::from(&post)).await
    }

    /// Finds every problem of a plan. Checks no permission.
    pub async fn preflight(&self, tx: &mut Tx, plan: &Plan) -> Result<PreflightReport, Problem> {
        let mut fields = Fields::new();
        check_parts(&mut fields, "parts", &plan.parts);
        check_targets(&mut fields, &plan.targets);
        fields.finish()?;
        let ids: Vec<_> = plan
            .targets
            .iter()
            .map(|target| target.social_account_id)
            .collect();
        let accounts: HashMap<_, _> = self
            .accounts
            .summaries(tx, &ids)
            .await?
            .into_iter()
            .map(|account| (account.id, account))
            .collect();
        let overrides = plan
            .targets
            .iter()
            .filter_map(|target| target.override_.as_ref());
        let parts = plan
            .parts
            .iter()
            .chain(overrides.flat_map(|override_| &override_.parts));
        let files: BTreeSet<_> = parts
            .flat_map(|part| &part.media)
            .map(|media| media.content_id)
            .collect();
        let files = repo::contents::get_many(tx, files).await?;
        let files: HashMap<_, _> = files.into_iter().map(|file| (file.id, file)).collect();
        Ok(report(plan, &accounts, &files, self.env.now()))
    }
}

/// The report on a plan, from all that is known about its accounts and files.
fn report(
    plan: &Plan,
    accounts: &HashMap<SocialAccountId, AccountSummary>,
    files: &HashMap<ContentId, ContentRecord>,
    now: Timestamp,
) -> PreflightReport {
    let mut problems = Vec::new();
    if plan.targets.is_empty() {
        problems.push(finding(
            "no_targets",
            Field::Targets,
            "Choose at least one account to publish on.",
        ));
    }
    if plan.scheduled_at.is_some_and(|at| at <= now) {
        let message = "This time has passed. Choose a later one, or publish now.";
        problems.push(finding("schedule_in_past", Field::Schedule, message));
    }
    let mut targets = Vec::new();
    for target in &plan.targets {
        let Some(account) = accounts.get(&target.social_account_id) else {
            let message = "One of the chosen accounts does not exist any more. Choose another one.";
            problems.push(finding("unknown_account", Field::Targets, message));
            continue;
        };
        let parts = target
            .override_
            .as_ref()
            .map_or(&plan.parts, |override_| &override_.parts);
        targets.push(report_target(account, parts, files));
    }
    PreflightReport {
        ok: is_fine(&problems) && targets.iter().all(|target| target.ok),
        targets,
        problems,
    }
}

fn report_target(
    account: &AccountSummary,
    parts: &[Part],
    files: &HashMap<ContentId, ContentRecord>,
) -> TargetReport {
    let connector = connector(account.platform);
    let mut problems: Vec<_> = account_finding(account)
        .into_iter()
        .chain(missing_files(parts, files))
        .collect();
    let drafts: Vec<_> = parts.iter().map(|part| draft(part, files)).collect();
    // The rules number the files that exist; the report numbers those that the author chose.
    problems.extend(
        rules::check(connector, &account.limits, &drafts)
            .into_iter()
            .map(|mut finding| {
                if let (Some(part), Some(file)) = (finding.part, finding.media_index) {
                    finding.media_index = parts.get(part).and_then(|part| {
                        let existing = part
                            .media
                            .iter()
                            .enumerate()
                            .filter(|(_, media)| files.contains_key(&media.content_id));
                        existing.map(|(index, _)| index).nth(file)
                    });
                }
                finding
            }),
    );
    TargetReport {
        social_account_id: account.id,
        platform: account.platform,
        ok: is_fine(&problems),
        counts: rules::counts(connector, &account.limits, &drafts),
        problems,
    }
}

/// A part as the rules see it, without files that are gone.
fn draft<'a>(part: &'a Part, files: &'a HashMap<ContentId, ContentRecord>) -> Draft<'a> {
    let media = part.media.iter().filter_map(|media| {
        let file = files.get(&media.content_id)?;
        let alt_text = media.alt_text.as_deref().or(file.alt_text.as_deref());
        Some(DraftMedia {
            mime_type: &file.mime_type,
            alt_text: alt_text.unwrap_or_default(),
        })
    });
    Draft {
        text: &part.text,
        media: media.collect(),
    }
}

fn missing_files(parts: &[Part], files: &HashMap<ContentId, ContentRecord>) -> Vec<Finding> {
    let mut missing = Vec::new();
    for (part_index, part) in parts.iter().enumerate() {
        for (media_index, media) in part.media.iter().enumerate() {
            if !files.contains_key(&media.content_id) {
                let message = "This file is not in the media library any more. Remove it or choose another one.";
                missing.push(Finding {
                    part: Some(part_index),
                    media_index: Some(media_index),
                    ..finding("missing_file", Field::Media, message)
                });
            }
        }
    }
    missing
}

fn account_finding(account: &AccountSummary) -> Option<Finding> {
    let name = &account.username;
    let why = account.status_message.as_deref();
    match account.status {
        AccountStatus::Connected => None,
        AccountStatus::Expired => Some(finding(
            "account_expired",
            Field::Account,
            format!("{name} has to be connected again before anything can be published on it."),
        )),
        AccountStatus::Disconnected => Some(finding(
            "account_removed",
            Field::Account,
            format!(
                "{name} is not connected any more. Connect it again or take it out of the list."
            ),
        )),
        AccountStatus::Error => Some(Finding {
            severity: Severity::Warning,
            ..finding(
                "account_in_doubt",
                Field::Account,
                format!(
                    "The last check of {name} failed. {}",
                    why.unwrap_or("Check it on the page of accounts.")
                ),
            )
        }),
    }
}

fn finding(code: &'static str, field: Field, message: impl Into<String>) -> Finding {
    Finding {
        code,
        severity: Severity::Error,
        part: None,
        field,
        media_index: None,
        message: message.into(),
    }
}

fn is_fine(problems: &[Finding]) -> bool {
    problems
        .iter()
        .all(|problem| problem.severity != Severity::Error)
}
