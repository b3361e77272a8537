//! What publishing needs of posts and tells about them.
//!
//! Thousands of targets a second pass through here: each function takes a batch and costs the
//! same few statements however large it is.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use accounts::SocialAccountId;
use kernel::{PersonId, Problem, TenantId, Timestamp};
use networks::{
    Platform,
    connector::{OutgoingMedia, OutgoingPart},
};
use serde_json::Value;
use store::Tx;

use super::{PostId, PostRecord, PostStatus, TargetSettings};
use crate::{
    Content,
    media::{ContentId, ContentRecord},
    repo::{
        self,
        targets::{NewState, Outgoing},
    },
    target::{NextStep, TargetId, TargetProblem, TargetStatus},
};

/// What became of a target.
#[derive(Clone, Debug)]
pub struct TargetOutcome {
    /// The target.
    pub target: TargetId,
    /// Its new state.
    pub status: TargetStatus,
    /// Its new problem, in place of the one it had.
    pub problem: Option<TargetProblem>,
    /// How often it was tried; `None` leaves it.
    pub attempts: Option<i64>,
    /// When it is due; `None` leaves it.
    pub scheduled_at: Option<Timestamp>,
    /// Where it is on the network; `None` leaves it.
    pub published: Option<PublishedPost>,
}

impl TargetOutcome {
    /// A target's new state, without a problem.
    pub fn new(target: TargetId, status: TargetStatus) -> Self {
        Self {
            target,
            status,
            problem: None,
            attempts: None,
            scheduled_at: None,
            published: None,
        }
    }
}

/// Where a target is on its network.
#[derive(Clone, Debug)]
pub struct PublishedPost {
    /// Since when.
    pub at: Timestamp,
    /// The network's id of the post.
    pub platform_post_id: String,
    /// Its page.
    pub url: Option<String>,
    /// What the connector needs to take it down again.
    pub result: Value,
}

/// What a batch of outcomes did.
#[derive(Debug, Default)]
pub struct Applied {
    /// The posts whose status changed.
    pub changed: Vec<PostChange>,
    /// The outcomes that were not written.
    pub refused: Vec<Refused>,
}

/// A post whose status changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostChange {
    /// The post.
    pub post: PostId,
    /// Its name.
    pub title: Option<String>,
    /// Its status before.
    pub before: PostStatus,
    /// Its status now.
    pub after: PostStatus,
}

/// An outcome that was not written: the state machine forbids it, or the target is gone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The target.
    pub target: TargetId,
    /// Its state; `None` where it is gone.
    pub status: Option<TargetStatus>,
}

/// Texts and files that are ready for a connector.
#[derive(Debug)]
pub struct OutgoingContent {
    /// The effective parts.
    pub parts: Vec<OutgoingPart>,
    /// The files that options name, by the option's key.
    pub attachments: BTreeMap<String, OutgoingMedia>,
}

/// A target with all that it is to be published with.
#[derive(Debug)]
pub struct ToPublish {
    /// The target.
    pub target: TargetId,
    /// Its post.
    pub post: PostId,
    /// The post's name.
    pub post_title: Option<String>,
    /// Who wrote the post.
    pub created_by: PersonId,
    /// The account.
    pub account: SocialAccountId,
    /// The account's network.
    pub platform: Platform,
    /// How far it is.
    pub status: TargetStatus,
    /// When it is due.
    pub scheduled_at: Option<Timestamp>,
    /// The format, and what else is said of the post there.
    pub settings: TargetSettings,
    /// What it is to be published with, or why that can't be put together.
    pub content: Result<OutgoingContent, TargetProblem>,
}

impl Content {
    /// What these targets are to be published with, in no order. Those that are gone are left out.
    pub async fn load_for_publishing(
        &self,
        tx: &mut Tx,
        tenant: TenantId,
        targets: &[TargetId],
    ) -> Result<Vec<ToPublish>, Problem> {
        let outgoing = repo::targets::to_publish(tx, targets).await?;
        let ids: BTreeSet<_> = outgoing
            .iter()
            .flat_map(|outgoing| {
                let media = outgoing.parts.0.iter().flat_map(|part| &part.media);
                let attached = outgoing.settings.attachments(outgoing.platform);
                media
                    .map(|media| media.content_id)
                    .chain(attached.into_values())
            })
            .collect();
        let contents = repo::contents::get_many(tx, ids).await?;
        let contents: HashMap<_, _> = contents
            .into_iter()
            .map(|content| (content.id, content))
            .collect();
        Ok(outgoing
            .into_iter()
            .map(|outgoing| ToPublish {
                content: self.outgoing_content(tenant, &outgoing, &contents),
                target: outgoing.id,
                post: outgoing.post_id,
                post_title: outgoing.title,
                created_by: outgoing.created_by,
                account: outgoing.account_id,
                platform: outgoing.platform,
                status: outgoing.status,
                scheduled_at: outgoing.scheduled_at,
                settings: outgoing.settings.0,
            })
            .collect())
    }

    fn outgoing_content(
        &self,
        tenant: TenantId,
        outgoing: &Outgoing,
        contents: &HashMap<ContentId, ContentRecord>,
    ) -> Result<OutgoingContent, TargetProblem> {
        let file = |id: ContentId, alt_text: Option<&String>| {
            let content = contents.get(&id).ok_or_else(missing_file)?;
            let alt_text = alt_text.or(content.alt_text.as_ref());
            Ok(OutgoingMedia {
                content_id: content.id.0,
                mime_type: content.mime_type.clone(),
                alt_text: alt_text.cloned().unwrap_or_default(),
                source: self.media_source(tenant, content),
            })
        };
        let parts = outgoing.parts.0.iter().map(|part| {
            let media = part.media.iter();
            let media = media.map(|media| file(media.content_id, media.alt_text.as_ref()));
            Ok(OutgoingPart {
                text: part.text.clone(),
                media: media.collect::<Result<_, _>>()?,
            })
        });
        let attachments = outgoing.settings.attachments(outgoing.platform);
        let attachments = attachments
            .into_iter()
            .map(|(key, id)| Ok((key.to_owned(), file(id, None)?)));
        Ok(OutgoingContent {
            parts: parts.collect::<Result<_, _>>()?,
            attachments: attachments.collect::<Result<_, _>>()?,
        })
    }

    /// Writes what became of targets and, where it follows from that, of their posts.
    ///
    /// An outcome that the state machine forbids is left out and told in [`Applied::refused`];
    /// the others are written all the same.
    pub async fn set_target_states(
        &self,
        tx: &mut Tx,
        outcomes: &[TargetOutcome],
    ) -> Result<Applied, Problem> {
        let mut applied = Applied::default();
        if outcomes.is_empty() {
            return Ok(applied);
        }
        let posts =
            repo::targets::lock_posts(tx, outcomes.iter().map(|outcome| outcome.target)).await?;
        let mut targets: HashMap<TargetId, (PostId, TargetStatus)> =
            repo::targets::states(tx, posts.iter().map(|post| post.id))
                .await?
                .into_iter()
                .map(|target| (target.id, (target.post_id, target.status)))
                .collect();
        let mut written: BTreeMap<TargetId, NewState> = BTreeMap::new();
        for outcome in outcomes {
            match targets.get_mut(&outcome.target) {
                Some((_, status)) if status.may_become(outcome.status) => {
                    *status = outcome.status;
                    written.insert(outcome.target, new_state(outcome));
                }
                known => applied.refused.push(Refused {
                    target: outcome.target,
                    status: known.map(|(_, status)| *status),
                }),
            }
        }
        if written.is_empty() {
            return Ok(applied);
        }
        let written: Vec<_> = written.into_values().collect();
        repo::targets::write_states(tx, written).await?;
        let mut of_post: HashMap<PostId, Vec<TargetStatus>> = HashMap::new();
        for (post, status) in targets.into_values() {
            of_post.entry(post).or_default().push(status);
        }
        for post in posts {
            let after = PostStatus::of(of_post.remove(&post.id).unwrap_or_default());
            if after != post.status {
                applied.changed.push(PostChange {
                    post: post.id,
                    title: post.title,
                    before: post.status,
                    after,
                });
            }
        }
        let states = applied
            .changed
            .iter()
            .map(|change| (change.post, change.after));
        repo::targets::write_post_states(tx, states, self.env.now()).await?;
        Ok(applied)
    }

    /// Plans these targets of a post, and the post itself, for `due_at`: a new try, without the
    /// problems and attempts of the last one.
    ///
    /// Fails with [`kernel::Code::InvalidState`] where one of them can't be scheduled, such as
    /// one that is published.
    pub async fn mark_scheduled(
        &self,
        tx: &mut Tx,
        post: PostId,
        targets: &[TargetId],
        due_at: Timestamp,
    ) -> Result<PostRecord, Problem> {
        let mut post = self.load_for_update(tx, post).await?;
        for target in targets {
            let known = post.targets.iter().find(|known| known.id == *target);
            let known = known.ok_or_else(|| Problem::not_found("target of this post"))?;
            if !known.status.may_become(TargetStatus::Scheduled) {
                return Err(super::rules::state_problem(
                    &post,
                    "At least one of its accounts can't be scheduled in the state it is in. Load the post again to see it.",
                ));
            }
        }
        let outcomes: Vec<_> = targets
            .iter()
            .map(|target| TargetOutcome {
                attempts: Some(0),
                scheduled_at: Some(due_at),
                ..TargetOutcome::new(*target, TargetStatus::Scheduled)
            })
            .collect();
        self.set_target_states(tx, &outcomes).await?;
        post = self.load_for_update(tx, post.id).await?;
        post.scheduled_at = Some(due_at);
        post.updated_at = self.env.now();
        repo::posts::update(tx, &post).await?;
        Ok(post)
    }
}

fn new_state(outcome: &TargetOutcome) -> NewState {
    let published = outcome.published.as_ref();
    NewState {
        id: repo::targets::hex(outcome.target.0),
        status: outcome.status,
        problem: outcome.problem.clone(),
        attempts: outcome.attempts,
        scheduled_at: outcome.scheduled_at.map(Timestamp::as_micros),
        published_at: published.map(|published| published.at.as_micros()),
        platform_post_id: published.map(|published| published.platform_post_id.clone()),
        platform_post_url: published.and_then(|published| published.url.clone()),
        result: published.map(|published| published.result.clone()),
    }
}

fn missing_file() -> TargetProblem {
    TargetProblem {
        code: "missing_file".to_owned(),
        message: "A file of this post is not in the media library any more. Edit the post and choose another one.".to_owned(),
        next_step: NextStep::Edit,
        retry_at: None,
    }
}
