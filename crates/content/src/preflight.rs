//! Every problem that a post would have, told before it is scheduled: what the networks' own
//! rules say of each account's text and files, and what is wrong with accounts, files and time.

use std::collections::{BTreeSet, HashMap};

use accounts::{AccountStatus, AccountSummary, SocialAccountId};
use kernel::{Caller, Code, Fields, Permission, Problem, Timestamp};
use networks::{
    Platform, connector,
    rules::{self, Count, Draft, DraftMedia, DraftPart, Field, Finding, Severity},
};
use serde::{Deserialize, Serialize};
use store::{Scope, Tx};
use utoipa::ToSchema;

use crate::{
    Content,
    media::{ContentId, ContentRecord},
    post::{
        NewTarget, Part, PostId, PostRecord, PostStatus,
        rules::{check_parts, check_targets},
    },
    quota::QuotaUse,
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
    /// The stored post that this is another text or another time of: it does not count twice.
    #[serde(default)]
    pub post_id: Option<PostId>,
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
            settings: target.settings.clone(),
        });
        Self {
            parts: post.parts.clone(),
            targets: targets.collect(),
            scheduled_at: None,
            post_id: Some(post.id),
        }
    }
}

impl Plan {
    /// What is to be published on one of its accounts.
    fn parts_for<'a>(&'a self, target: &'a NewTarget) -> &'a [Part] {
        target
            .override_
            .as_ref()
            .map_or(&self.parts, |override_| &override_.parts)
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
    /// The format that it would be published as.
    pub format: &'static str,
    /// How long each part is.
    pub counts: Vec<Count>,
    /// What is wrong.
    pub problems: Vec<Finding>,
    /// How much of its network's quotas is used up around the time of the post.
    pub quotas: Vec<QuotaUse>,
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
        self.look_at(&mut tx, plan, plan.scheduled_at).await
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
        let planned = post.status == PostStatus::Scheduled;
        let at = post.scheduled_at.filter(|_| planned);
        self.look_at(&mut tx, &Plan::from(&post), at).await
    }

    /// Finds every problem of a plan, and looks at the quotas `at` its time.
    async fn look_at(
        &self,
        tx: &mut Tx,
        plan: &Plan,
        at: Option<Timestamp>,
    ) -> Result<PreflightReport, Problem> {
        let now = self.env.now();
        let at = at.map_or(now, |at| at.max(now));
        let (mut report, accounts) = self.examine(tx, plan).await?;
        let platforms = report.targets.iter().map(|target| target.platform);
        let mut ledger = self.ledger(tx, platforms, (at, at), plan.post_id).await?;
        for seen in &mut report.targets {
            let id = seen.social_account_id;
            let asked = plan
                .targets
                .iter()
                .find(|target| target.social_account_id == id);
            if let (Some(asked), Some(account)) = (asked, accounts.get(&id)) {
                let parts = plan.parts_for(asked);
                let (quotas, findings) = ledger.look_at(account, asked, seen.format, parts, at);
                seen.quotas = quotas;
                seen.problems.extend(findings);
            }
        }
        Ok(report)
    }

    /// Finds every problem that would keep a plan from being published. Checks no permission.
    pub async fn preflight(&self, tx: &mut Tx, plan: &Plan) -> Result<PreflightReport, Problem> {
        Ok(self.examine(tx, plan).await?.0)
    }

    async fn examine(
        &self,
        tx: &mut Tx,
        plan: &Plan,
    ) -> Result<(PreflightReport, HashMap<SocialAccountId, AccountSummary>), Problem> {
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
            .chain(plan.targets.iter().flat_map(|target| {
                let account = accounts.get(&target.social_account_id);
                let attached = account.map(|account| target.settings.attachments(account.platform));
                attached.unwrap_or_default().into_values()
            }))
            .collect();
        let files = repo::contents::get_many(tx, files).await?;
        let files: HashMap<_, _> = files.into_iter().map(|file| (file.id, file)).collect();
        let report = report(plan, &accounts, &files, self.env.now());
        Ok((report, accounts))
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
        problems.push(Finding::error(
            "no_targets",
            Field::Targets,
            "Choose at least one account to publish on.",
        ));
    }
    if plan.scheduled_at.is_some_and(|at| at <= now) {
        let message = "This time has passed. Choose a later one, or publish now.";
        problems.push(Finding::error("schedule_in_past", Field::Schedule, message));
    }
    let mut targets = Vec::new();
    for target in &plan.targets {
        let Some(account) = accounts.get(&target.social_account_id) else {
            let message = "One of the chosen accounts does not exist any more. Choose another one.";
            problems.push(Finding::error("unknown_account", Field::Targets, message));
            continue;
        };
        targets.push(report_target(
            account,
            target,
            plan.parts_for(target),
            files,
        ));
    }
    PreflightReport {
        ok: is_fine(&problems) && targets.iter().all(|target| target.ok),
        targets,
        problems,
    }
}

fn report_target(
    account: &AccountSummary,
    target: &NewTarget,
    parts: &[Part],
    files: &HashMap<ContentId, ContentRecord>,
) -> TargetReport {
    let connector = connector(account.platform);
    let mut problems: Vec<_> = account_finding(account)
        .into_iter()
        .chain(missing_files(parts, files))
        .collect();
    let settings = &target.settings;
    let attachments = settings.attachments(account.platform);
    let attachments = attachments
        .into_iter()
        .filter_map(|(key, id)| Some((key, draft_media(files.get(&id)?, None))));
    let draft = Draft {
        format: settings.format.as_deref(),
        parts: parts.iter().map(|part| draft_part(part, files)).collect(),
        options: &settings.options,
        attachments: attachments.collect(),
    };
    let checked = rules::check(connector, &account.limits, &draft);
    // The rules number the files that exist; the report numbers those that the author chose.
    problems.extend(checked.findings.into_iter().map(|mut finding| {
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
    }));
    TargetReport {
        social_account_id: account.id,
        platform: account.platform,
        ok: is_fine(&problems),
        format: checked.format.id,
        counts: checked.counts,
        problems,
        quotas: Vec::new(),
    }
}

/// A part as the rules see it, without files that are gone.
fn draft_part<'a>(part: &'a Part, files: &'a HashMap<ContentId, ContentRecord>) -> DraftPart<'a> {
    let media = part.media.iter().filter_map(|media| {
        let file = files.get(&media.content_id)?;
        Some(draft_media(file, media.alt_text.as_deref()))
    });
    DraftPart {
        text: &part.text,
        media: media.collect(),
    }
}

fn draft_media<'a>(file: &'a ContentRecord, alt_text: Option<&'a str>) -> DraftMedia<'a> {
    DraftMedia {
        mime_type: &file.mime_type,
        alt_text: alt_text.or(file.alt_text.as_deref()).unwrap_or_default(),
        bytes: file.file_size,
        width: file.facts.width,
        height: file.facts.height,
        duration_ms: file.facts.duration_ms,
    }
}

fn missing_files(parts: &[Part], files: &HashMap<ContentId, ContentRecord>) -> Vec<Finding> {
    let mut missing = Vec::new();
    for (part_index, part) in parts.iter().enumerate() {
        for (media_index, media) in part.media.iter().enumerate() {
            if !files.contains_key(&media.content_id) {
                let message = "This file is not in the media library any more. Remove it or choose another one.";
                missing.push(
                    Finding::error("missing_file", Field::Media, message)
                        .in_part(part_index)
                        .about_file(media_index),
                );
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
        AccountStatus::Expired => Some(Finding::error(
            "account_expired",
            Field::Account,
            format!("{name} has to be connected again before anything can be published on it."),
        )),
        AccountStatus::Disconnected => Some(Finding::error(
            "account_removed",
            Field::Account,
            format!(
                "{name} is not connected any more. Connect it again or take it out of the list."
            ),
        )),
        AccountStatus::Error => {
            let why = why.unwrap_or("Check it on the page of accounts.");
            let message = format!("The last check of {name} failed. {why}");
            Some(Finding::error("account_in_doubt", Field::Account, message).warning())
        }
    }
}

fn is_fine(problems: &[Finding]) -> bool {
    problems
        .iter()
        .all(|problem| problem.severity != Severity::Error)
}
