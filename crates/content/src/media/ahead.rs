//! What a post's files ask for before they can go out, and converting them when it is planned.
//!
//! What is converted in advance waits in a queue of its own, of which one at a time is given to
//! the encoder: a post that is due soon never waits behind more than one of them. The queue ends
//! with the process. What it had not come to is converted when the post is prepared.

use std::{collections::HashMap, time::Duration};

use accounts::{AccountSummary, SocialAccountId};
use kernel::{Problem, TenantId};
use networks::{connector::Rendition, descriptor::VideoRules, error::ErrorKind, rules};
use store::{Scope, Tx};

use super::{ContentId, ContentRecord, MediaType, plan::Plan};
use crate::{Content, PostId, PostRecord, TargetId, TargetRecord, repo};

/// How much longer than it plays a video may be encoded.
const ENCODING: u32 = 2;

/// What a target's files ask for before it can go out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct MediaLoad {
    /// Their bytes, as they were uploaded.
    pub bytes: u64,
    /// How long encoding its videos takes, roughly.
    pub converting: Duration,
}

/// The files of a target.
struct Files {
    target: TargetId,
    contents: Vec<ContentRecord>,
    /// What its videos must be.
    videos: Option<VideoRules>,
}

impl Content {
    /// What the files of these targets of a post ask for; those without files are left out.
    pub async fn media_loads(
        &self,
        tx: &mut Tx,
        post: &PostRecord,
        targets: &[TargetId],
    ) -> Result<HashMap<TargetId, MediaLoad>, Problem> {
        let files = self.files(tx, post).await?.into_iter();
        let wanted = files.filter(|files| targets.contains(&files.target));
        Ok(wanted.map(|files| (files.target, files.load())).collect())
    }

    /// Begins to convert the videos of a planned post, and waits for nothing.
    pub fn convert_ahead(&self, tenant: TenantId, post: PostId) {
        let library = self.clone();
        tokio::spawn(async move {
            let _turn = library.workshop.turn().await;
            // It is done again, and told, when the post is prepared.
            if let Err(problem) = library.convert(tenant, post).await {
                tracing::warn!(%tenant, %post, %problem, "videos were not converted in advance");
            }
        });
    }

    async fn convert(&self, tenant: TenantId, post: PostId) -> Result<(), Problem> {
        let mut tx = self.db.read(Scope::Tenant(tenant)).await?;
        // Deleted meanwhile, perhaps.
        let Some(post) = repo::posts::get(&mut tx, post, false).await? else {
            return Ok(());
        };
        let files = self.files(&mut tx, &post).await?;
        drop(tx);
        for Files {
            contents, videos, ..
        } in files
        {
            let Some(rules) = videos else { continue };
            for video in contents.iter().filter(|content| is_video(content)) {
                let source = self.media_source(tenant, video);
                while let Err(error) = source.open(Rendition::Video(&rules)).await {
                    if error.kind != ErrorKind::NotReady {
                        tracing::info!(%tenant, id = %video.id, %error, "not converted in advance");
                        break;
                    }
                }
            }
        }
        Ok(())
    }

    /// The files of a post's targets that have any.
    async fn files(&self, tx: &mut Tx, post: &PostRecord) -> Result<Vec<Files>, Problem> {
        let contents = repo::contents::get_many(tx, post.contents()).await?;
        if contents.is_empty() {
            return Ok(Vec::new());
        }
        let contents: HashMap<ContentId, ContentRecord> = contents
            .into_iter()
            .map(|content| (content.id, content))
            .collect();
        let ids: Vec<_> = post.targets.iter().map(|target| target.account).collect();
        let accounts: HashMap<SocialAccountId, AccountSummary> = self
            .accounts
            .summaries(tx, &ids)
            .await?
            .into_iter()
            .map(|account| (account.id, account))
            .collect();
        let files = post.targets.iter().map(|target| {
            let parts = post.parts_for(target);
            let media = parts.iter().flat_map(|part| &part.media);
            let attached = target.settings.attachments(target.platform);
            let ids = media.map(|media| media.content_id);
            let account = accounts.get(&target.account);
            let first = parts.first().into_iter().flat_map(|part| &part.media);
            let types: Vec<&str> = first
                .filter_map(|media| contents.get(&media.content_id))
                .map(|content| content.mime_type.as_str())
                .collect();
            Files {
                target: target.id,
                contents: ids
                    .chain(attached.into_values())
                    .filter_map(|id| contents.get(&id).cloned())
                    .collect(),
                videos: account.and_then(|account| video_rules(account, target, &types)),
            }
        });
        Ok(files.filter(|files| !files.contents.is_empty()).collect())
    }
}

impl Files {
    fn load(&self) -> MediaLoad {
        let mut load = MediaLoad::default();
        for content in &self.contents {
            load.bytes += content.file_size;
            let encoded = self.videos.as_ref().is_some_and(|rules| {
                is_video(content)
                    && Plan::new(content, rules).is_ok_and(|plan| plan.video.is_some())
            });
            if encoded {
                let plays = Duration::from_millis(content.facts.duration_ms.unwrap_or(0));
                load.converting += plays * ENCODING;
            }
        }
        load
    }
}

fn is_video(content: &ContentRecord) -> bool {
    content.media_type == MediaType::Video
}

/// What the videos of a target must be, by the format that it will be published as.
fn video_rules(
    account: &AccountSummary,
    target: &TargetRecord,
    types: &[&str],
) -> Option<VideoRules> {
    let formats = networks::connector(account.platform).formats(&account.limits);
    let (format, _) = rules::choose(formats, target.settings.format.as_deref(), types);
    format.media.videos
}
