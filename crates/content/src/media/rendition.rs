//! Files made to fit a network, kept beside the original so that each is made once: for a second
//! try, and for another account whose network wants the same.
//!
//! An image is made while its caller waits. A video may take an hour: it is claimed with a lease
//! (a row of `renditions`, which also tells how far it is), encoded in the background, and asked
//! for again. Should the process die, the lease ends and the next one to ask begins anew.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::Duration,
};

use kernel::{Caller, Permission, Problem, TenantId};
use networks::descriptor::ImageRules;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use store::Scope;
use utoipa::ToSchema;

use super::{
    ContentId, ContentRecord, MediaType,
    fault::Fault,
    kind,
    plan::Plan,
    probe::probe,
    render::fit,
    tool::{Input, demuxer},
};
use crate::{
    Content,
    repo::{contents, renditions},
};

/// How long work on a video is somebody's without a sign of life.
const LEASE: Duration = Duration::from_secs(30);
/// How often there is one.
const SIGN_OF_LIFE: Duration = Duration::from_secs(2);
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
    Ok(hash[..12]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect())
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

/// The making of a video.
struct Work {
    library: Content,
    tenant: TenantId,
    content: ContentRecord,
    plan: Plan,
    max_bytes: u64,
    recipe: String,
    /// Thousandths.
    done: Arc<AtomicU32>,
}

impl Work {
    async fn run(self) {
        let outcome = tokio::select! {
            outcome = self.encode() => outcome,
            // Deleted, or taken over while this process slept.
            () = self.keep_claim() => return,
        };
        let id = self.content.id;
        if let Err(fault) = &outcome {
            tracing::warn!(tenant = %self.tenant, %id, ?fault, "a video could not be made to fit");
        }
        if let Err(error) = self.finish(&outcome).await {
            tracing::warn!(tenant = %self.tenant, %id, %error, "a video was made in vain");
        }
    }

    async fn encode(&self) -> Result<Rendered, Fault> {
        let Self {
            library,
            tenant,
            content,
            ..
        } = self;
        let (storage, tools) = (&library.media.storage, &library.media.tools);
        let _place = library.workshop.encoder().await;
        let expected = content.file_size.min(self.max_bytes);
        if storage.free_bytes()? < library.media.limits.spare_bytes + expected {
            return Err(Fault::DiskFull);
        }
        let original = storage.path(*tenant, content.id, &content.original());
        tokio::fs::metadata(&original)
            .await
            .map_err(Fault::reading)?;
        let format = demuxer(&content.mime_type)
            .ok_or_else(|| Fault::Broken("it is no video".to_owned()))?;
        let input = Input {
            path: &original,
            format,
        };
        let duration = content.facts.duration_ms.unwrap_or(0).max(1);
        let limit = Duration::from_mins(10) + Duration::from_millis(duration) * 30;
        let mut plan = self.plan.clone();
        // The encoder aims at a size and mostly hits it.
        for _ in 0..2 {
            let output = storage.temporary("").await?;
            let done = Arc::clone(&self.done);
            tools
                .convert(
                    input,
                    &plan.options(threads()),
                    output.path(),
                    limit,
                    |millis| {
                        let thousandths = (millis * 1_000 / duration).min(999);
                        done.store(u32::try_from(thousandths).unwrap_or(0), Ordering::Relaxed);
                    },
                )
                .await?;
            let bytes = output.as_file().metadata()?.len();
            if bytes <= self.max_bytes {
                let mime = plan.container.mime();
                let made = Input {
                    path: output.path(),
                    format: demuxer(mime).unwrap_or(format),
                };
                let found = probe(tools, made, MediaType::Video).await?;
                // ffmpeg leaves out what it can't decode, and is content.
                let is_whole = found.duration_ms.is_some_and(|made| made + 1_000 > duration / 10 * 9);
                if !is_whole {
                    return Err(Fault::Broken(format!("{:?} of {duration} ms", found.duration_ms)));
                }
                let variant = format!("{}.{}", self.recipe, kind::extension(mime));
                storage.keep(output, *tenant, content.id, &variant).await?;
                return Ok(Rendered {
                    variant,
                    mime_type: mime.to_owned(),
                    bytes,
                    width: found.size.map(|(width, _)| width),
                    height: found.size.map(|(_, height)| height),
                    duration_ms: found.duration_ms,
                });
            }
            plan = plan
                .thriftier(bytes, self.max_bytes)
                .ok_or(Fault::DoesNotFit)?;
        }
        Err(Fault::DoesNotFit)
    }

    /// Tells again and again that the work goes on and how far it is; ends when it is not ours.
    async fn keep_claim(&self) {
        loop {
            tokio::time::sleep(SIGN_OF_LIFE).await;
            match self.renew().await {
                Ok(true) => {}
                Ok(false) => return,
                // The lease outlasts a few of these.
                Err(error) => tracing::warn!(%error, "a sign of life could not be given"),
            }
        }
    }

    async fn renew(&self) -> store::Result<bool> {
        let library = &self.library;
        let mut tx = library.db.write(Scope::Tenant(self.tenant)).await?;
        let is_ours = renditions::renew(
            &mut tx,
            self.content.id,
            &self.recipe,
            library.media.storage.process(),
            self.done.load(Ordering::Relaxed),
            library.env.now() + LEASE,
        )
        .await?;
        tx.commit().await?;
        Ok(is_ours)
    }

    async fn finish(&self, outcome: &Result<Rendered, Fault>) -> store::Result<()> {
        let library = &self.library;
        let mut tx = library.db.write(Scope::Tenant(self.tenant)).await?;
        renditions::finish(
            &mut tx,
            self.content.id,
            &self.recipe,
            library.media.storage.process(),
            outcome,
            library.env.now(),
        )
        .await?;
        tx.commit().await
    }
}

/// Half of the machine: posts go out meanwhile.
fn threads() -> usize {
    thread::available_parallelism().map_or(1, |all| (all.get() / 2).clamp(1, 8))
}
