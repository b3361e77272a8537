//! The short way: one library item, several accounts, one call.

use content::{
    ContentId, NewTarget, Override, Part, PartMedia, PostId, TargetId, TargetRecord,
    TargetSettings, TargetStatus,
};
use kernel::{Caller, Permission, Problem, Timestamp};
use networks::Platform;
use serde::{Deserialize, Serialize};
use store::Scope;
use utoipa::ToSchema;

use super::CreatePost;
use crate::{Publishing, repo::jobs};
use accounts::SocialAccountId;

/// Publish a library item to some accounts, now or later.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PublishContent {
    /// The library item.
    pub content_id: ContentId,
    /// Where to publish it.
    pub accounts: Vec<PublishAccount>,
    /// The words that go with it.
    #[serde(default)]
    pub metadata: PublishMetadata,
    /// Publish it at this instant.
    #[serde(default)]
    pub schedule_at: Option<Timestamp>,
    /// Publish it at once.
    #[serde(default)]
    pub publish_now: bool,
}

/// One account to publish to.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PublishAccount {
    /// The account.
    pub social_account_id: SocialAccountId,
    /// Its network; refused if the account is of another one.
    pub platform: Platform,
    /// Other words for this account.
    #[serde(default)]
    pub metadata: Option<PublishMetadata>,
    /// The format, and what else is said of the post there.
    #[serde(default)]
    pub settings: TargetSettings,
}

/// The words of a post. `text` is taken as it is; without it, title, description and hashtags
/// are put below each other.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct PublishMetadata {
    /// The whole text.
    pub text: Option<String>,
    /// A first line.
    pub title: Option<String>,
    /// A paragraph below it.
    pub description: Option<String>,
    /// Words that become hashtags, with or without `#`.
    pub hashtags: Vec<String>,
    /// The media's description for those who can't see it.
    pub alt_text: Option<String>,
}

impl PublishMetadata {
    fn parts(&self, content: ContentId) -> Vec<Part> {
        let text = self.text.clone().unwrap_or_else(|| {
            let tags: Vec<String> = self
                .hashtags
                .iter()
                .map(|tag| format!("#{}", tag.trim_start_matches('#').replace(' ', "")))
                .collect();
            [
                self.title.clone(),
                self.description.clone(),
                Some(tags.join(" ")),
            ]
            .into_iter()
            .flatten()
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>()
            .join("\n\n")
        });
        vec![Part {
            text,
            media: vec![PartMedia {
                content_id: content,
                alt_text: self.alt_text.clone(),
            }],
        }]
    }
}

kernel::text_enum! {
    /// The state of a publish job.
    pub enum JobStatus {
        /// It waits for its time.
        Scheduled = "scheduled",
        /// It is under way.
        Processing = "processing",
        /// It is live.
        Published = "published",
        /// It failed for good.
        Failed = "failed",
        /// It was cancelled, or deleted on the network.
        Cancelled = "cancelled",
        /// A person has to decide.
        NeedsAttention = "needs_attention",
    }
}

/// The publication of a post on one account.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PublishJob {
    /// The job, which is also the post's target.
    pub id: TargetId,
    /// The post's first library item.
    #[schema(required)]
    pub content_id: Option<ContentId>,
    /// The post.
    pub post_id: PostId,
    /// The network.
    pub platform: Platform,
    /// The account.
    pub social_account_id: SocialAccountId,
    /// When it is due.
    #[schema(required)]
    pub scheduled_at: Option<Timestamp>,
    /// When it went live.
    #[schema(required)]
    pub published_at: Option<Timestamp>,
    /// Its state.
    pub status: JobStatus,
    /// What went wrong, in plain words.
    #[schema(required)]
    pub error_message: Option<String>,
    /// The network's id of it.
    #[schema(required)]
    pub platform_post_id: Option<String>,
    /// Its page.
    #[schema(required)]
    pub platform_post_url: Option<String>,
}

impl PublishJob {
    fn new(target: TargetRecord, content_id: Option<ContentId>) -> Self {
        Self {
            id: target.id,
            content_id,
            post_id: target.post_id,
            platform: target.platform,
            social_account_id: target.account,
            scheduled_at: target.scheduled_at,
            published_at: target.published_at,
            status: match target.status {
                TargetStatus::Draft | TargetStatus::Scheduled => JobStatus::Scheduled,
                TargetStatus::Publishing => JobStatus::Processing,
                TargetStatus::Published => JobStatus::Published,
                TargetStatus::Failed => JobStatus::Failed,
                TargetStatus::NeedsAttention => JobStatus::NeedsAttention,
                TargetStatus::Cancelled | TargetStatus::Deleted => JobStatus::Cancelled,
            },
            error_message: target.problem.map(|problem| problem.message),
            platform_post_id: target.platform_post_id,
            platform_post_url: target.platform_post_url,
        }
    }
}

impl Publishing {
    /// Makes a post of one library item and publishes it, now or later.
    pub async fn publish_content(
        &self,
        caller: &Caller,
        ask: PublishContent,
    ) -> Result<Vec<PublishJob>, Problem> {
        caller.require(Permission::PostsPublish)?;
        if ask.schedule_at.is_none() && !ask.publish_now {
            return Err(Problem::field(
                "publishNow",
                "required",
                "Say when: send scheduleAt, or publishNow: true.",
            ));
        }
        self.check_platforms(caller, &ask.accounts).await?;
        let targets = ask
            .accounts
            .into_iter()
            .map(|account| NewTarget {
                social_account_id: account.social_account_id,
                override_: account
                    .metadata
                    .filter(|metadata| *metadata != ask.metadata)
                    .map(|metadata| Override {
                        parts: metadata.parts(ask.content_id),
                    }),
                settings: account.settings,
            })
            .collect();
        let post = CreatePost {
            title: ask.metadata.title.clone(),
            parts: ask.metadata.parts(ask.content_id),
            targets,
            time_zone: None,
            scheduled_at: ask.schedule_at,
            scheduled_local: None,
            publish_now: ask.publish_now,
        };
        let post = self.create(caller, post).await?;
        let mut tx = self.db.read(Scope::Tenant(caller.tenant)).await?;
        let record = self.content.load(&mut tx, post.id).await?;
        Ok(record
            .targets
            .into_iter()
            .map(|target| PublishJob::new(target, Some(ask.content_id)))
            .collect())
    }

    async fn check_platforms(
        &self,
        caller: &Caller,
        asked: &[PublishAccount],
    ) -> Result<(), Problem> {
        let ids: Vec<_> = asked
            .iter()
            .map(|account| account.social_account_id)
            .collect();
        let mut tx = self.db.read(Scope::Tenant(caller.tenant)).await?;
        let known = self.accounts.load(&mut tx, &ids).await?;
        let mut fields = kernel::Fields::new();
        for (index, account) in asked.iter().enumerate() {
            let platform = known
                .iter()
                .find(|known| known.id() == account.social_account_id)
                .map(accounts::Stored::platform);
            if platform.is_some_and(|platform| platform != account.platform) {
                fields.add(
                    format!("accounts[{index}].platform"),
                    "mismatch",
                    "This account belongs to another network.",
                );
            }
        }
        fields.finish()
    }

    /// One publish job.
    pub async fn job(&self, caller: &Caller, id: TargetId) -> Result<PublishJob, Problem> {
        caller.require(Permission::PostsRead)?;
        let missing = || Problem::not_found("publish job");
        let mut tx = self.db.read(Scope::Tenant(caller.tenant)).await?;
        let post = jobs::post_of(&mut tx, id).await?.ok_or_else(missing)?;
        let post = self.content.load(&mut tx, post).await?;
        let first = post
            .parts
            .iter()
            .flat_map(|part| &part.media)
            .next()
            .map(|media| media.content_id);
        let target = post
            .targets
            .into_iter()
            .find(|target| target.id == id)
            .ok_or_else(missing)?;
        Ok(PublishJob::new(target, first))
    }
}
