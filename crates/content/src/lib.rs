//! The media library and posts: what is written, for which accounts, and what became of it.
//!
//! | module | what a reader finds there |
//! |---|---|
//! | [`media`] | files: upload, thumbnails, signed addresses, images made to fit a network |
//! | [`post`] | posts: writing them, their lists, and their status, which follows from their targets |
//! | [`target`] | a post on one account, and the state machine it goes through |
//! | [`preflight`] | every problem that a post would have, told before it is scheduled |
//! | [`quota`] | networks' quotas: what is used up, who has to wait |
//! | [`schedule`] | from a time on somebody's wall to an instant |
//! | `repo` | the SQL |
//! | `routes` | one endpoint, one file |
//!
//! Publishing itself (when a post is due, who sends it, what the network said) is the crate
//! above this one. It calls the functions that take a [`store::Tx`], so that a post and the jobs
//! that publish it change in one transaction.

pub mod media;
pub mod post;
pub mod preflight;
pub mod quota;
mod repo;
mod routes;
pub mod schedule;
pub mod target;
#[cfg(test)]
mod tests;
mod text;

use std::sync::Arc;

use accounts::Accounts;
use identity::Identity;
use kernel::Env;
use store::Db;

pub use crate::{
    media::{
        ContentId, MediaConfig, MediaItem, MediaLimits, MediaLoad, Storage, Tools, sweep::Swept,
    },
    post::{
        NewPost, NewTarget, Override, Part, PartMedia, PostChanges, PostId, PostRecord, PostStatus,
        TargetSettings,
        draft::UpdatedPost,
        progress::{
            Applied, OutgoingContent, PostChange, PublishedPost, Refused, TargetOutcome, ToPublish,
        },
        view::{Author, Post, PostFilter, PostOrder, StatusCount, Target},
    },
    preflight::{Plan, PreflightReport},
    quota::Hold,
    routes::{media_routes, routes},
    target::{NextStep, TargetId, TargetProblem, TargetRecord, TargetStatus},
};
use crate::{
    media::{address::Signer, picture::Workshop},
    post::authors::Authors,
};

/// The media library and the posts of all tenants. Cheap to clone.
#[derive(Clone)]
pub struct Content {
    db: Db,
    env: Env,
    accounts: Accounts,
    authors: Authors,
    media: Arc<MediaConfig>,
    signer: Signer,
    workshop: Workshop,
}

impl Content {
    /// The library and the posts in `db`, with the files where `media` says.
    pub fn new(
        db: Db,
        env: Env,
        accounts: Accounts,
        identity: Identity,
        media: MediaConfig,
    ) -> Self {
        let signer = Signer::new(&media.signing_key);
        Self {
            db,
            env,
            accounts,
            authors: Authors::new(identity),
            media: Arc::new(media),
            signer,
            workshop: Workshop::default(),
        }
    }
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Content")
    }
}
