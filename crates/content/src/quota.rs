//! Networks' quotas: how much of them is used up, and who has to wait.
//!
//! What counts is what AllIN itself has published and planned: a target that is live, at the time
//! at which it went out; one that is planned, at its time, or at that of its next try. So nothing
//! has to be kept in step with the posts. What somebody publishes past AllIN is not seen, nor what
//! other organisations publish with the same developer app; the network then says so itself.

use std::{
    collections::{BTreeSet, HashMap},
    time::Duration,
};

use accounts::{AccountSummary, SocialAccountId};
use kernel::{Caller, Problem, Timestamp};
use networks::{
    Platform, connector,
    descriptor::{Quota, QuotaScope, Shape, Spent, Takes},
    rules::{Field, Finding},
};
use serde::Serialize;
use store::{Scope, Tx};
use utoipa::ToSchema;

use crate::{
    Content,
    post::{NewTarget, Part, PostId, TargetSettings, progress::ToPublish},
    repo,
    target::{TargetId, TargetStatus},
};

/// How much later than planned a post may have gone out and still be found by its plan.
const LATE: Duration = Duration::from_hours(48);

/// How much of a quota is used up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct QuotaUse {
    /// What is counted, such as `posts`.
    pub counts: &'static str,
    /// At most this many …
    pub limit: u32,
    /// … in any stretch of this many seconds.
    pub window_seconds: u32,
    /// Who shares it. Of an app's quota, what this organisation uses is counted.
    pub per: QuotaScope,
    /// How much is used up, without the post that is looked at.
    pub used: u64,
    /// When there is room, where there is none.
    #[schema(required)]
    pub free_at: Option<Timestamp>,
}

/// How much of its network's quotas an account has used up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccountQuotas {
    /// The account.
    pub social_account_id: SocialAccountId,
    /// Those that AllIN can count; empty where its network has none.
    pub quotas: Vec<QuotaUse>,
}

/// A post has to wait: its account has used up what the network takes of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hold {
    /// When there is room again.
    pub until: Timestamp,
    /// For the person.
    pub note: String,
}

/// How sure it is that something goes out at its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Standing {
    /// It is out, or about to be, or may be for all that is known.
    Out,
    /// It was due, and waits for a time that AllIN has told.
    Waiting,
    /// It is planned.
    Planned,
}

/// What takes of quotas.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    target: Option<TargetId>,
    post: Option<PostId>,
    account: SocialAccountId,
    platform: Platform,
    standing: Standing,
    at: Timestamp,
    parts: u32,
    files: u32,
    settings: TargetSettings,
}

impl Entry {
    fn shape(&self) -> Shape<'_> {
        Shape {
            format: self.settings.format.as_deref().unwrap_or_default(),
            parts: self.parts,
            files: self.files,
            options: &self.settings.options,
        }
    }
}

impl From<repo::targets::Planned> for Entry {
    fn from(row: repo::targets::Planned) -> Self {
        let retry_at = row.problem.and_then(|problem| problem.0.retry_at);
        let (standing, at) = match row.status {
            TargetStatus::Published | TargetStatus::Deleted => (Standing::Out, row.published_at),
            TargetStatus::Scheduled if retry_at.is_some() => (Standing::Waiting, retry_at),
            TargetStatus::Scheduled => (Standing::Planned, None),
            _ => (Standing::Out, None),
        };
        Self {
            target: Some(row.id),
            post: Some(row.post_id),
            account: row.account_id,
            platform: row.platform,
            standing,
            at: at.unwrap_or(row.scheduled_at).max(row.scheduled_at),
            parts: number(row.parts.0.len()),
            files: number(row.parts.0.iter().map(|part| part.media.len()).sum()),
            settings: row.settings.0,
        }
    }
}

/// What quotas are, or will be, used for.
#[derive(Debug, Default)]
pub(crate) struct Ledger(Vec<Entry>);

impl Ledger {
    /// What counts for a quota of an account, as far as it is as sure as `up_to`.
    fn spent(
        &self,
        (quota, takes): (&Quota, &Takes),
        account: SocialAccountId,
        platform: Platform,
        up_to: Standing,
    ) -> Vec<Spent> {
        let shares = |entry: &&Entry| {
            entry.platform == platform
                && (quota.per == QuotaScope::App || entry.account == account)
                && entry.standing <= up_to
        };
        let spent = self.0.iter().filter(shares).map(|entry| Spent {
            at: entry.at,
            amount: takes.of(&entry.shape()),
        });
        spent.filter(|spent| spent.amount > 0).collect()
    }

    /// What the quotas say of one more post, and a warning for each that it would break. The post
    /// counts for those that come after it.
    pub(crate) fn look_at(
        &mut self,
        account: &AccountSummary,
        target: &NewTarget,
        format: &'static str,
        parts: &[Part],
        at: Timestamp,
    ) -> (Vec<QuotaUse>, Vec<Finding>) {
        let entry = Entry {
            target: None,
            post: None,
            account: account.id,
            platform: account.platform,
            standing: Standing::Planned,
            at,
            parts: number(parts.len()),
            files: number(parts.iter().map(|part| part.media.len()).sum()),
            settings: TargetSettings {
                format: Some(format.to_owned()),
                ..target.settings.clone()
            },
        };
        let (mut uses, mut findings) = (Vec::new(), Vec::new());
        for (quota, takes) in counted(account.platform) {
            let amount = takes.of(&entry.shape());
            if amount == 0 {
                continue;
            }
            let spent = self.spent(
                (quota, takes),
                account.id,
                account.platform,
                Standing::Planned,
            );
            let used = quota.most_around(&spent, at);
            let has_room = quota.has_room(&spent, at, amount);
            if !has_room {
                let message = format!(
                    "{} With this post, {} would come to {} around its time. AllIN would publish what is \
                     too much as soon as there is room again.",
                    rule(account.platform, quota),
                    account.username,
                    used + u64::from(amount),
                );
                let finding = Finding::error("quota_used_up", Field::Schedule, message);
                findings.push(finding.warning());
            }
            uses.push(QuotaUse {
                free_at: (!has_room).then(|| quota.free_at(&spent, at, amount)),
                ..QuotaUse::new(quota, used)
            });
        }
        self.0.push(entry);
        (uses, findings)
    }
}

impl QuotaUse {
    fn new(quota: &Quota, used: u64) -> Self {
        Self {
            counts: quota.counts,
            limit: quota.limit,
            window_seconds: quota.window_seconds,
            per: quota.per,
            used,
            free_at: None,
        }
    }
}

impl Content {
    /// How much of their networks' quotas the organisation's accounts have used up by now.
    pub async fn quotas(&self, caller: &Caller) -> Result<Vec<AccountQuotas>, Problem> {
        // It checks the permission.
        let accounts = self.accounts.list(caller, None).await?;
        let now = self.env.now();
        let mut tx = self.db.read(Scope::Tenant(caller.tenant)).await?;
        let platforms = accounts.iter().map(|account| account.platform);
        let ledger = self.ledger(&mut tx, platforms, (now, now), None).await?;
        let uses = accounts.iter().map(|account| {
            let quotas = counted(account.platform).map(|counted| {
                let spent = ledger.spent(counted, account.id, account.platform, Standing::Out);
                let (quota, _) = counted;
                let is_full = !quota.has_room(&spent, now, 1);
                QuotaUse {
                    free_at: is_full.then(|| quota.free_at(&spent, now, 1)),
                    ..QuotaUse::new(quota, quota.used(&spent, now))
                }
            });
            AccountQuotas {
                social_account_id: account.id,
                quotas: quotas.collect(),
            }
        });
        Ok(uses.collect())
    }

    /// What is published and planned on these networks, as far as it matters to posts of these
    /// times (the first and the last), but for the post `without`.
    pub(crate) async fn ledger(
        &self,
        tx: &mut Tx,
        platforms: impl IntoIterator<Item = Platform>,
        (first, last): (Timestamp, Timestamp),
        without: Option<PostId>,
    ) -> Result<Ledger, Problem> {
        let platforms: BTreeSet<Platform> = platforms.into_iter().collect();
        let windows = platforms.iter().flat_map(|platform| counted(*platform));
        let Some(longest) = windows.map(|(quota, _)| quota.window()).max() else {
            return Ok(Ledger::default());
        };
        let (from, to) = (first - longest - LATE, last + longest);
        let rows = repo::targets::planned(tx, platforms, from, to).await?;
        let entries = rows.into_iter().map(Entry::from);
        Ok(Ledger(
            entries
                .filter(|entry| without.is_none() || entry.post != without)
                .collect(),
        ))
    }

    /// Those of `targets` that have to wait for a quota. `due`: when each is to go out; who is not
    /// in it does not wait.
    pub async fn holds(
        &self,
        tx: &mut Tx,
        targets: &[ToPublish],
        due: &HashMap<TargetId, Timestamp>,
    ) -> Result<HashMap<TargetId, Hold>, Problem> {
        let mut holds = HashMap::new();
        let mut asking: Vec<(Timestamp, &ToPublish)> = targets
            .iter()
            .filter(|target| counted(target.platform).next().is_some())
            .filter_map(|target| Some((*due.get(&target.target)?, target)))
            .collect();
        let times = || asking.iter().map(|(at, _)| *at);
        let (Some(first), Some(last)) = (times().min(), times().max()) else {
            return Ok(holds);
        };
        // Who was planned first goes first.
        asking.sort_by_key(|(at, target)| (target.scheduled_at, *at, target.target));
        let platforms = asking.iter().map(|(_, target)| target.platform);
        let mut ledger = self.ledger(tx, platforms, (first, last), None).await?;
        let asks = |entry: &Entry| entry.target.is_some_and(|target| due.contains_key(&target));
        ledger.0.retain(|entry| !asks(entry));
        for (at, target) in asking {
            let Ok(content) = &target.content else {
                continue;
            };
            let mut entry = Entry {
                target: Some(target.target),
                post: Some(target.post),
                account: target.account,
                platform: target.platform,
                standing: Standing::Out,
                at,
                parts: number(content.parts.len()),
                files: number(content.parts.iter().map(|part| part.media.len()).sum()),
                settings: target.settings.clone(),
            };
            let full = counted(target.platform).filter_map(|counted| {
                let (quota, takes) = counted;
                let amount = takes.of(&entry.shape());
                let spent = ledger.spent(counted, entry.account, entry.platform, Standing::Waiting);
                let is_full = amount > 0 && !quota.has_room(&spent, at, amount);
                is_full.then(|| (quota.free_at(&spent, at, amount), quota))
            });
            if let Some((until, quota)) = full.max_by_key(|(until, _)| *until) {
                let rule = rule(target.platform, quota);
                let note =
                    format!("{rule} It is used up; the post goes out as soon as there is room.");
                holds.insert(target.target, Hold { until, note });
                entry.at = until;
            }
            ledger.0.push(entry);
        }
        Ok(holds)
    }
}

/// The quotas of a network that AllIN can count, with what a post takes of them.
fn counted(platform: Platform) -> impl Iterator<Item = (&'static Quota, &'static Takes)> {
    let quotas = connector(platform).descriptor().quotas.iter();
    quotas.filter_map(|quota| Some((quota, quota.takes.as_ref()?)))
}

/// A quota in words.
fn rule(platform: Platform, quota: &Quota) -> String {
    // Explanations are for the table of the network.
    let counts = quota.counts.split([',', '(']).next().unwrap_or_default();
    let window = match quota.window_seconds {
        seconds if seconds % 3_600 == 0 => format!("{} hours", seconds / 3_600),
        60 => "a minute".to_owned(),
        seconds => format!("{} minutes", seconds / 60),
    };
    let whose = match quota.per {
        QuotaScope::Account => "an account",
        QuotaScope::App => "a developer app",
    };
    let (name, limit, counts) = (platform.name(), quota.limit, counts.trim());
    format!("{name} takes {limit} {counts} from {whose} in {window}.")
}

fn number(of: usize) -> u32 {
    u32::try_from(of).unwrap_or(u32::MAX)
}
