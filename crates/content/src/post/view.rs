//! Posts as the API gives them, and lists of them.

use std::collections::{BTreeSet, HashMap};

use accounts::SocialAccountId;
use kernel::{Caller, Page, PageRequest, Permission, PersonId, Problem, TenantId, Timestamp};
use networks::Platform;
use serde::Serialize;
use store::Scope;
use utoipa::ToSchema;

use super::{Override, Part, PostId, PostRecord, PostStatus, TargetSettings};
use crate::{
    Content,
    media::{ContentId, ContentRecord, MediaItem},
    repo,
    target::{TargetId, TargetProblem, TargetRecord, TargetStatus},
};

/// A post.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Post {
    /// Its id.
    pub id: PostId,
    /// A name for the team's eyes.
    #[schema(required)]
    pub title: Option<String>,
    /// How far it is: a summary of its targets.
    pub status: PostStatus,
    /// The post, and after it the further parts of its thread.
    pub parts: Vec<Part>,
    /// Every file that the post refers to, for whichever account, of those that still exist.
    pub media: Vec<MediaItem>,
    /// The accounts it is for, in the author's order.
    pub targets: Vec<Target>,
    /// When it is due.
    #[schema(required)]
    pub scheduled_at: Option<Timestamp>,
    /// The IANA time zone that it is planned in.
    pub time_zone: String,
    /// Who wrote it.
    pub created_by: Author,
    /// When it was written.
    pub created_at: Timestamp,
    /// When it was last edited, or something last became of it.
    pub updated_at: Timestamp,
    /// Grows with every edit; an edit names the version that it started from.
    pub version: i64,
}

/// Who wrote a post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Author {
    /// The person.
    pub id: PersonId,
    /// What the person is called.
    pub name: String,
}

/// A post on one account.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Target {
    /// Its id.
    pub id: TargetId,
    /// The account.
    pub social_account_id: SocialAccountId,
    /// The account's network.
    pub platform: Platform,
    /// The account's handle when it was chosen.
    pub account_name: String,
    /// How far it is.
    pub status: TargetStatus,
    /// Text and files for this account instead of the post's.
    #[serde(rename = "override")]
    #[schema(required)]
    pub override_: Option<Override>,
    /// The format, and what else is said of the post there.
    pub settings: TargetSettings,
    /// When it is due.
    #[schema(required)]
    pub scheduled_at: Option<Timestamp>,
    /// When it was published.
    #[schema(required)]
    pub published_at: Option<Timestamp>,
    /// The network's id of the post.
    #[schema(required)]
    pub platform_post_id: Option<String>,
    /// The post's page.
    #[schema(required)]
    pub platform_post_url: Option<String>,
    /// Why it is not published.
    #[schema(required)]
    pub problem: Option<TargetProblem>,
    /// How often it was tried.
    pub attempts: i64,
}

impl From<TargetRecord> for Target {
    fn from(record: TargetRecord) -> Self {
        Self {
            id: record.id,
            social_account_id: record.account,
            platform: record.platform,
            account_name: record.account_name,
            status: record.status,
            override_: record.override_,
            settings: record.settings,
            scheduled_at: record.scheduled_at,
            published_at: record.published_at,
            platform_post_id: record.platform_post_id,
            platform_post_url: record.platform_post_url,
            problem: record.problem,
            attempts: record.attempts,
        }
    }
}

/// Which posts are asked for.
#[derive(Clone, Debug, Default)]
pub struct PostFilter {
    /// Only in one of these states; empty for all.
    pub status: Vec<PostStatus>,
    /// Only for this account.
    pub account: Option<SocialAccountId>,
    /// Only for accounts of this network.
    pub platform: Option<Platform>,
    /// Only due at this time or later.
    pub from: Option<Timestamp>,
    /// Only due before this time.
    pub to: Option<Timestamp>,
    /// Only with this text in the name or a part.
    pub search: Option<String>,
    /// In which order.
    pub order: PostOrder,
}

/// How many posts are in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct StatusCount {
    /// The state.
    pub status: PostStatus,
    /// How many are in it.
    pub count: i64,
}

kernel::text_enum! {
    /// The order of a list of posts.
    #[derive(Default)]
    pub enum PostOrder {
        /// Due first; undated ones last.
        ScheduledAt = "scheduledAt",
        /// Due last; undated ones last.
        ScheduledAtDescending = "-scheduledAt",
        /// Longest untouched first.
        UpdatedAt = "updatedAt",
        /// Last touched first.
        #[default]
        UpdatedAtDescending = "-updatedAt",
    }
}

impl Content {
    /// One post.
    pub async fn post(&self, caller: &Caller, id: PostId) -> Result<Post, Problem> {
        caller.require(Permission::PostsRead)?;
        let mut tx = self.db.read(Scope::Tenant(caller.tenant)).await?;
        let record = self.load(&mut tx, id).await?;
        let contents = repo::contents::get_many(&mut tx, record.contents()).await?;
        drop(tx);
        let names = self.authors.names([record.created_by]).await?;
        Ok(self.assemble(caller.tenant, record, &by_id(contents), &names))
    }

    /// A post that was just written, as the API gives it. Checks no permission; call it after the
    /// transaction that wrote the post is committed.
    pub async fn present(&self, caller: &Caller, record: PostRecord) -> Result<Post, Problem> {
        let contents = if record.contents().is_empty() {
            Vec::new()
        } else {
            let mut tx = self.db.read(Scope::Tenant(caller.tenant)).await?;
            repo::contents::get_many(&mut tx, record.contents()).await?
        };
        let names = self.authors.names([record.created_by]).await?;
        Ok(self.assemble(caller.tenant, record, &by_id(contents), &names))
    }

    /// One page of posts.
    pub async fn posts(
        &self,
        caller: &Caller,
        filter: &PostFilter,
        page: PageRequest,
    ) -> Result<Page<Post>, Problem> {
        caller.require(Permission::PostsRead)?;
        let mut tx = self.db.read(Scope::Tenant(caller.tenant)).await?;
        let (records, total) = repo::posts::list(&mut tx, filter, page).await?;
        let ids: BTreeSet<_> = records.iter().flat_map(PostRecord::contents).collect();
        let contents = by_id(repo::contents::get_many(&mut tx, ids).await?);
        drop(tx);
        let authors: BTreeSet<_> = records.iter().map(|record| record.created_by).collect();
        let names = self.authors.names(authors).await?;
        Ok(Page::new(records, page, total)
            .map(|record| self.assemble(caller.tenant, record, &contents, &names)))
    }

    /// How many posts there are in each state, in the order of a post's way.
    pub async fn count_posts(
        &self,
        caller: &Caller,
        filter: &PostFilter,
    ) -> Result<Vec<StatusCount>, Problem> {
        caller.require(Permission::PostsRead)?;
        let mut tx = self.db.read(Scope::Tenant(caller.tenant)).await?;
        let found: HashMap<PostStatus, i64> = repo::posts::count(&mut tx, filter)
            .await?
            .into_iter()
            .collect();
        let counts = PostStatus::ALL.iter().map(|status| StatusCount {
            status: *status,
            count: found.get(status).copied().unwrap_or(0),
        });
        Ok(counts.collect())
    }

    fn assemble(
        &self,
        tenant: TenantId,
        record: PostRecord,
        contents: &HashMap<ContentId, ContentRecord>,
        names: &HashMap<PersonId, String>,
    ) -> Post {
        let media = record
            .contents()
            .into_iter()
            .filter_map(|id| contents.get(&id))
            .cloned();
        let name = names.get(&record.created_by).cloned();
        Post {
            media: media.map(|content| self.item(tenant, content)).collect(),
            id: record.id,
            title: record.title,
            status: record.status,
            parts: record.parts,
            targets: record.targets.into_iter().map(Target::from).collect(),
            scheduled_at: record.scheduled_at,
            time_zone: record.time_zone,
            created_by: Author {
                id: record.created_by,
                name: name.unwrap_or_else(|| "Somebody who has left".to_owned()),
            },
            created_at: record.created_at,
            updated_at: record.updated_at,
            version: record.version,
        }
    }
}

fn by_id(contents: Vec<ContentRecord>) -> HashMap<ContentId, ContentRecord> {
    contents
        .into_iter()
        .map(|content| (content.id, content))
        .collect()
}
