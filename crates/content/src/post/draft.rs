//! Writing posts: new ones, edits, copies, deletions.
//!
//! The functions that take a [`Tx`] are publishing's building blocks: it schedules, or withdraws
//! what it has scheduled, in the same transaction.

use std::collections::{BTreeMap, BTreeSet};

use accounts::{AccountStatus, AccountSummary, SocialAccountId};
use kernel::{Caller, Code, Event, Fields, Permission, Problem};
use store::{Scope, Tx, outbox};

use super::{
    NewPost, NewTarget, Override, Part, PostChanges, PostId, PostRecord, PostStatus, rules,
    view::Post,
};
use crate::{
    Content,
    media::ContentId,
    repo, schedule,
    target::{TargetId, TargetRecord, TargetStatus},
    text,
};

/// What an edit did.
#[derive(Clone, Debug)]
pub struct UpdatedPost {
    /// The post as it is now.
    pub post: PostRecord,
    /// Targets that are new. They are drafts, also where the post is scheduled.
    pub added: Vec<TargetId>,
    /// Targets that are gone, with whatever was planned for them.
    pub removed: Vec<TargetId>,
}

impl Content {
    /// Writes a new post, as a draft. A time zone left out is UTC.
    ///
    /// Fails with [`Code::ValidationFailed`] for texts that can't be stored and for unknown
    /// accounts and files, and names all of them.
    pub async fn create_draft(
        &self,
        tx: &mut Tx,
        caller: &Caller,
        new: NewPost,
    ) -> Result<PostRecord, Problem> {
        caller.require(Permission::PostsWrite)?;
        let title = text::filled(new.title);
        let time_zone = new.time_zone.unwrap_or_else(|| "UTC".to_owned());
        let mut fields = Fields::new();
        rules::check_title(&mut fields, title.as_deref());
        rules::check_parts(&mut fields, "parts", &new.parts);
        rules::check_targets(&mut fields, &new.targets);
        fields.finish()?;
        schedule::check_zone(&time_zone)?;
        let now = self.env.now();
        let mut post = PostRecord {
            id: self.env.id(),
            title,
            status: PostStatus::Draft,
            parts: new.parts,
            scheduled_at: None,
            time_zone,
            created_by: caller.person,
            version: 1,
            created_at: now,
            updated_at: now,
            targets: Vec::new(),
        };
        let accounts = self.accounts_of(tx, new.targets.iter()).await?;
        let mut fields = Fields::new();
        for (index, target) in new.targets.into_iter().enumerate() {
            if let Some(account) =
                rules::usable(&mut fields, index, target.social_account_id, &accounts)
            {
                post.targets.push(self.new_target(post.id, account, target));
            }
        }
        self.check_contents(tx, &post, &mut fields).await?;
        fields.finish()?;
        repo::posts::insert(tx, &post).await?;
        repo::uses::replace(tx, post.id, &post.contents()).await?;
        self.tell(tx, "post.created", &post).await?;
        Ok(post)
    }

    /// Changes a post's name, parts or targets.
    ///
    /// Fails with [`Code::InvalidState`] while it is being sent and when all of it is published,
    /// and with [`Code::VersionConflict`] where somebody else was quicker. Targets that are,
    /// were or may be on their network stay in the list and keep the text they were sent with.
    pub async fn update_draft(
        &self,
        tx: &mut Tx,
        caller: &Caller,
        id: PostId,
        changes: PostChanges,
    ) -> Result<UpdatedPost, Problem> {
        caller.require(Permission::PostsWrite)?;
        let mut post = self.load_for_update(tx, id).await?;
        rules::check_editable(&post)?;
        if post.version != changes.version {
            return Err(Problem::new(
                Code::VersionConflict,
                "Somebody else has changed this post in the meantime. Load it again and repeat your changes.",
            )
            .with_details(serde_json::json!({ "version": post.version })));
        }
        let mut fields = Fields::new();
        if let Some(title) = changes.title {
            post.title = text::filled(title);
            rules::check_title(&mut fields, post.title.as_deref());
        }
        if let Some(parts) = &changes.parts {
            rules::check_parts(&mut fields, "parts", parts);
        }
        if let Some(targets) = &changes.targets {
            rules::check_targets(&mut fields, targets);
        }
        fields.finish()?;
        if let Some(parts) = changes.parts {
            rewrite_parts(&mut post, parts);
        }
        let mut fields = Fields::new();
        let mut added = Vec::new();
        let mut removed = Vec::new();
        if let Some(targets) = changes.targets {
            let accounts = self.accounts_of(tx, targets.iter()).await?;
            removed = self.replace_targets(&mut post, targets, &accounts, &mut added, &mut fields);
        }
        self.check_contents(tx, &post, &mut fields).await?;
        fields.finish()?;
        post.status = PostStatus::of(post.targets.iter().map(|target| target.status));
        if post.status == PostStatus::Draft {
            post.scheduled_at = None;
        }
        post.version += 1;
        post.updated_at = self.env.now();
        for id in &removed {
            repo::targets::delete(tx, *id).await?;
        }
        for (position, target) in (0..).zip(&post.targets) {
            if added.contains(&target.id) {
                repo::targets::insert(tx, target, position).await?;
            } else {
                repo::targets::rewrite(tx, target, position).await?;
            }
        }
        repo::posts::update(tx, &post).await?;
        repo::uses::replace(tx, post.id, &post.contents()).await?;
        self.tell(tx, "post.updated", &post).await?;
        Ok(UpdatedPost {
            post,
            added,
            removed,
        })
    }

    /// Deletes a post here; what is on a network stays there. Fails with [`Code::InvalidState`]
    /// while it is being sent.
    pub async fn delete_post(
        &self,
        tx: &mut Tx,
        caller: &Caller,
        id: PostId,
    ) -> Result<PostRecord, Problem> {
        caller.require(Permission::PostsWrite)?;
        let post = self.load_for_update(tx, id).await?;
        if post.status == PostStatus::Publishing {
            return Err(rules::state_problem(
                &post,
                "It is being published right now. Wait a moment and try again.",
            ));
        }
        repo::posts::delete(tx, id).await?;
        self.tell(tx, "post.deleted", &post).await?;
        Ok(post)
    }

    /// Copies a post as a new draft, leaving out accounts and files that are gone.
    pub async fn duplicate(&self, caller: &Caller, id: PostId) -> Result<Post, Problem> {
        caller.require(Permission::PostsWrite)?;
        let mut tx = self.db.write(Scope::Tenant(caller.tenant)).await?;
        let original = self.load(&mut tx, id).await?;
        let existing = repo::uses::existing(&mut tx, &original.contents()).await?;
        let ids: Vec<_> = original
            .targets
            .iter()
            .map(|target| target.account)
            .collect();
        let accounts = self.accounts.summaries(&mut tx, &ids).await?;
        let gone = |id: SocialAccountId| {
            !accounts
                .iter()
                .any(|account| account.id == id && account.status != AccountStatus::Disconnected)
        };
        let targets = original
            .targets
            .into_iter()
            .filter(|target| !gone(target.account))
            .map(|target| NewTarget {
                social_account_id: target.account,
                override_: target.override_.map(|Override { parts }| Override {
                    parts: keep(parts, &existing),
                }),
                settings: target.settings,
            });
        let copy = NewPost {
            title: original.title,
            parts: keep(original.parts, &existing),
            targets: targets.collect(),
            time_zone: Some(original.time_zone),
        };
        let post = self.create_draft(&mut tx, caller, copy).await?;
        tx.commit().await?;
        self.present(caller, post).await
    }

    /// A post. Checks no permission.
    pub async fn load(&self, tx: &mut Tx, id: PostId) -> Result<PostRecord, Problem> {
        repo::posts::get(tx, id, false)
            .await?
            .ok_or_else(|| Problem::not_found("post"))
    }

    /// A post that nobody else changes until the transaction ends. Checks no permission.
    pub async fn load_for_update(&self, tx: &mut Tx, id: PostId) -> Result<PostRecord, Problem> {
        repo::posts::get(tx, id, true)
            .await?
            .ok_or_else(|| Problem::not_found("post"))
    }

    fn new_target(
        &self,
        post_id: PostId,
        account: &AccountSummary,
        new: NewTarget,
    ) -> TargetRecord {
        TargetRecord {
            id: self.env.id(),
            post_id,
            account: account.id,
            platform: account.platform,
            account_name: account.username.clone(),
            override_: new.override_,
            settings: new.settings,
            status: TargetStatus::Draft,
            scheduled_at: None,
            published_at: None,
            platform_post_id: None,
            platform_post_url: None,
            result: None,
            problem: None,
            attempts: 0,
        }
    }

    async fn accounts_of(
        &self,
        tx: &mut Tx,
        targets: impl Iterator<Item = &NewTarget>,
    ) -> Result<BTreeMap<SocialAccountId, AccountSummary>, Problem> {
        let ids: Vec<_> = targets.map(|target| target.social_account_id).collect();
        let accounts = self.accounts.summaries(tx, &ids).await?;
        Ok(accounts
            .into_iter()
            .map(|account| (account.id, account))
            .collect())
    }

    /// Gives the post a new list of targets and answers which are gone.
    fn replace_targets(
        &self,
        post: &mut PostRecord,
        targets: Vec<NewTarget>,
        accounts: &BTreeMap<SocialAccountId, AccountSummary>,
        added: &mut Vec<TargetId>,
        fields: &mut Fields,
    ) -> Vec<TargetId> {
        let mut old = std::mem::take(&mut post.targets);
        for (index, new) in targets.into_iter().enumerate() {
            if let Some(at) = old
                .iter()
                .position(|target| target.account == new.social_account_id)
            {
                let mut target = old.remove(at);
                if !target.status.is_record() {
                    target.override_ = new.override_;
                    target.settings = new.settings;
                }
                post.targets.push(target);
            } else if let Some(account) =
                rules::usable(fields, index, new.social_account_id, accounts)
            {
                let target = self.new_target(post.id, account, new);
                added.push(target.id);
                post.targets.push(target);
            }
        }
        for target in old.iter().filter(|target| target.status.is_record()) {
            let message = if target.status == TargetStatus::NeedsAttention {
                format!(
                    "It is not known whether this post is on {} already. Decide that first.",
                    target.account_name
                )
            } else {
                format!(
                    "This post was published on {} already, so this account stays in its list.",
                    target.account_name
                )
            };
            fields.add("targets", "already_published", message);
        }
        old.into_iter().map(|target| target.id).collect()
    }

    /// Notes every file that the post refers to and that does not exist. Those that do are kept
    /// from being deleted until the transaction ends.
    async fn check_contents(
        &self,
        tx: &mut Tx,
        post: &PostRecord,
        fields: &mut Fields,
    ) -> Result<(), Problem> {
        let existing = repo::uses::existing(tx, &post.contents()).await?;
        rules::check_parts_exist(fields, "parts", &post.parts, &existing);
        for (index, target) in post.targets.iter().enumerate() {
            // What was sent was sent: its files may be gone since.
            if let Some(override_) = target
                .override_
                .as_ref()
                .filter(|_| !target.status.is_record())
            {
                let path = format!("targets[{index}].override.parts");
                rules::check_parts_exist(fields, &path, &override_.parts, &existing);
            }
            if !target.status.is_record() {
                rules::check_attachments_exist(fields, index, target, &existing);
            }
        }
        Ok(())
    }

    /// Writes an event about a post.
    async fn tell(&self, tx: &mut Tx, kind: &str, post: &PostRecord) -> Result<(), Problem> {
        let event = Event {
            id: self.env.uuid(),
            kind: kind.to_owned(),
            subject_id: post.id.0,
            at: self.env.now(),
            data: serde_json::json!({ "status": post.status, "title": post.title }),
        };
        Ok(outbox::append(tx, &[event]).await?)
    }
}

/// Gives the post new parts. Targets that tell of what is on a network keep the old ones.
fn rewrite_parts(post: &mut PostRecord, parts: Vec<Part>) {
    if parts == post.parts {
        return;
    }
    let old = std::mem::replace(&mut post.parts, parts);
    for target in &mut post.targets {
        if target.status.is_record() && target.override_.is_none() {
            target.override_ = Some(Override { parts: old.clone() });
        }
    }
}

/// The parts without files that do not exist.
fn keep(mut parts: Vec<Part>, existing: &BTreeSet<ContentId>) -> Vec<Part> {
    for part in &mut parts {
        part.media
            .retain(|media| existing.contains(&media.content_id));
    }
    parts
}
