//! Files made to fit a network, kept beside the original so that each is made once: for a second
//! try, and for another account whose network wants the same.
//!
//! An image is made while its caller waits. A video may take an hour: it is claimed with a lease
//! (a row of `renditions`, which also tells how far it is), encoded in the background, and asked
//! for again. Should the process die, the lease ends and the next one to ask begins anew.

use std::{sync::Arc, time::Duration};

use kernel::{Caller, Permission, Problem, TenantId};
use networks::descriptor::ImageRules;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::Scope;
use utoipa::ToSchema;

use super::{
    ContentId, ContentRecord,
    encode::{LEASE, Work},
    fault::Fault,
    kind,
    plan::Plan,
    render::fit,
};
use crate::{
    Content,
    repo::{contents, renditions},
};

/// How long a failure is believed before it is tried again.
const FAILURE_KEPT: Duration = Duration::from_mins(1);
/// A use is noted this often.
const USE_NOTED: Duration = Duration::from_hours(1);

kernel::text_enum! {
    /// How far a rendition is.
    pub enum State {
        /// It is being made.
        Working = "working",
        /// It can be used.
        Ready = "ready",
        /// It could not be made.
        Failed = "failed",
    }
}

/// A file that fits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rendered {
    /// Its name in the storage.
    pub variant: String,
    /// Its media type.
    pub mime_type: String,
    /// Its bytes.
    pub bytes: u64,
    /// Pixels across.
    pub width: Option<u32>,
    /// Pixels down.
    pub height: Option<u32>,
    /// Milliseconds it plays.
    pub duration_ms: Option<u64>,
}

/// A version of an item that was made for networks.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Rendition {
    /// Its id: the same where the same was done to the item.
    pub id: String,
    /// How far it is.
    pub state: State,
    /// How much of it is done, from 0 to 1.
    pub progress: f64,
    /// Its media type, once it is ready. So are the following.
    #[schema(required)]
    pub mime_type: Option<String>,
    /// Its bytes.
    #[schema(required)]
    pub file_size: Option<u64>,
    /// Pixels across.
    #[schema(required)]
    pub width: Option<u32>,
    /// Pixels down.
    #[schema(required)]
    pub height: Option<u32>,
    /// A signed address of the file on this server, good for at least twelve hours.
    #[schema(required)]
    pub file_url: Option<String>,
}

/// How far a file that fits is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Prepared {
    /// It is there.
    Ready(Rendered),
    /// It is being made; so many thousandths are done.
    Working(u32),
}

impl Rendered {
    /// The file as it was uploaded.
    pub fn original(content: &ContentRecord) -> Self {
        Self {
            variant: content.original(),
            mime_type: content.mime_type.clone(),
            bytes: content.file_size,
            width: content.facts.width,
            height: content.facts.height,
            duration_ms: content.facts.duration_ms,
        }
    }
}

/// The name of what is done to a file: the same for the same.
fn recipe(of: &impl Serialize) -> Result<String, Fault> {
    let text = serde_json::to_string(of).map_err(|error| Fault::Machine(error.to_string()))?;
    let hash = Sha256::digest(text.as_bytes());
    let start = hash.first_chunk().copied().unwrap_or_default();
    Ok(format!("{:032x}", u128::from_be_bytes(start)))
}

impl Content {
    /// What was made of an item for networks, or is being made.
    pub async fn renditions(
        &self,
        caller: &Caller,
        id: ContentId,
    ) -> Result<Vec<Rendition>, Problem> {
        caller.require(Permission::MediaRead)?;
        let mut tx = self.db.read(Scope::Tenant(caller.tenant)).await?;
        if contents::get(&mut tx, id).await?.is_none() {
            return Err(Problem::not_found("item in the media library"));
        }
        let rows = renditions::of(&mut tx, [id]).await?;
        let now = self.env.now();
        let renditions = rows.into_iter().map(|row| {
            let made = row.result.map(|rendered| rendered.0);
            let sign = |made: &Rendered| self.signer.sign(caller.tenant, id, &made.variant, now);
            Rendition {
                id: row.recipe,
                state: row.state,
                progress: f64::from(u32::try_from(row.progress).unwrap_or(0)) / 1_000.0,
                file_url: made.as_ref().map(sign),
                file_size: made.as_ref().map(|made| made.bytes),
                width: made.as_ref().and_then(|made| made.width),
                height: made.as_ref().and_then(|made| made.height),
                mime_type: made.map(|made| made.mime_type),
            }
        });
        Ok(renditions.collect())
    }

    /// An image that fits `rules`.
    pub(super) async fn fitting_image(
        &self,
        tenant: TenantId,
        content: &ContentRecord,
        rules: &ImageRules,
    ) -> Result<Rendered, Fault> {
        let recipe = recipe(&("image", rules))?;
        if let Some(Ok(rendered)) = self.made(tenant, content.id, &recipe).await? {
            return Ok(rendered);
        }
        let storage = &self.media.storage;
        let file = tokio::fs::read(storage.path(tenant, content.id, &content.original())).await;
        let file = file.map_err(Fault::reading)?;
        let max_pixels = self.media.limits.image_pixels;
        let (mime, rules, original) = (content.mime_type.clone(), rules.clone(), file.clone());
        let image = self
            .workshop
            .run(move || fit(&mime, &original, &rules, max_pixels))
            .await?;
        let variant = if *image.bytes == *file {
            content.original()
        } else {
            let variant = format!("{recipe}.{}", kind::extension(&image.mime_type));
            let temporary = storage.temporary("").await?;
            tokio::fs::write(temporary.path(), &image.bytes).await?;
            storage
                .keep(temporary, tenant, content.id, &variant)
                .await?;
            variant
        };
        let rendered = Rendered {
            variant,
            bytes: image.bytes.len() as u64,
            mime_type: image.mime_type,
            width: Some(image.width),
            height: Some(image.height),
            duration_ms: content.facts.duration_ms,
        };
        let mut tx = self.db.write(Scope::Tenant(tenant)).await?;
        renditions::put(&mut tx, content.id, &recipe, &rendered, self.env.now()).await?;
        tx.commit().await?;
        Ok(rendered)
    }

    /// A video made after `plan`, of at most `max_bytes`. Begins to make it where nobody does.
    pub(crate) async fn fitting_video(
        &self,
        tenant: TenantId,
        content: &ContentRecord,
        plan: Plan,
        max_bytes: u64,
    ) -> Result<Prepared, Fault> {
        let recipe = recipe(&("video", &plan, max_bytes))?;
        match self.made(tenant, content.id, &recipe).await? {
            Some(Ok(rendered)) => return Ok(Prepared::Ready(rendered)),
            Some(Err(thousandths)) => return Ok(Prepared::Working(thousandths)),
            None => {}
        }
        let now = self.env.now();
        let worker = self.media.storage.process();
        let mut tx = self.db.write(Scope::Tenant(tenant)).await?;
        let is_ours =
            renditions::claim(&mut tx, content.id, &recipe, worker, now, now + LEASE).await?;
        tx.commit().await?;
        if is_ours {
            let work = Work {
                library: self.clone(),
                tenant,
                content: content.clone(),
                plan,
                max_bytes,
                recipe,
                done: Arc::default(),
            };
            // It ends with the runtime, and ffmpeg with it.
            tokio::spawn(work.run());
        }
        Ok(Prepared::Working(0))
    }

    /// What was made, or else how many thousandths of it are.
    async fn made(
        &self,
        tenant: TenantId,
        id: ContentId,
        recipe: &str,
    ) -> Result<Option<Result<Rendered, u32>>, Fault> {
        let mut tx = self.db.read(Scope::Tenant(tenant)).await?;
        let row = renditions::get(&mut tx, id, recipe).await?;
        drop(tx);
        let now = self.env.now();
        let Some(row) = row else {
            return Ok(None);
        };
        match (row.state, row.result, row.problem) {
            (State::Ready, Some(rendered), _) => {
                let path = self.media.storage.path(tenant, id, &rendered.variant);
                if !tokio::fs::try_exists(path).await? {
                    return Ok(None);
                }
                if row.used_at + USE_NOTED < now {
                    let mut tx = self.db.write(Scope::Tenant(tenant)).await?;
                    renditions::used(&mut tx, id, recipe, now).await?;
                    tx.commit().await?;
                }
                Ok(Some(Ok(rendered.0)))
            }
            (State::Working, ..) if row.lease_until.is_some_and(|until| until > now) => {
                Ok(Some(Err(u32::try_from(row.progress).unwrap_or(0))))
            }
            (State::Failed, _, Some(fault)) if row.used_at + FAILURE_KEPT > now => Err(fault.0),
            _ => Ok(None),
        }
    }
}
