//! The making of a video in the background, under a claim that others see and that ends with this
//! process.

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    thread,
    time::Duration,
};

use kernel::TenantId;
use store::Scope;

use super::{
    ContentRecord, MediaType,
    fault::Fault,
    kind,
    plan::Plan,
    probe::probe,
    rendition::Rendered,
    storage::blocking,
    tool::{Input, demuxer},
    whole,
};
use crate::{Content, repo::renditions};

/// How long work on a video is somebody's without a sign of life.
pub(super) const LEASE: Duration = Duration::from_secs(30);
/// How often there is one.
const SIGN_OF_LIFE: Duration = Duration::from_secs(2);

/// The making of a video that fits.
pub(super) struct Work {
    pub(super) library: Content,
    pub(super) tenant: TenantId,
    pub(super) content: ContentRecord,
    pub(super) plan: Plan,
    pub(super) max_bytes: u64,
    pub(super) recipe: String,
    /// Thousandths.
    pub(super) done: Arc<AtomicU32>,
}

impl Work {
    /// Makes it, and notes how that ended.
    pub(super) async fn run(self) {
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
                let mut file = output.reopen()?;
                blocking(move || Ok(whole::check(mime, &mut file))).await??;
                let made = Input {
                    path: output.path(),
                    format: demuxer(mime).unwrap_or(format),
                };
                let found = probe(tools, made, MediaType::Video).await?;
                // ffmpeg leaves out what it can't decode, and is content.
                let is_whole = found
                    .duration_ms
                    .is_some_and(|made| made + 1_000 > duration / 10 * 9);
                if !is_whole {
                    return Err(Fault::Broken(format!(
                        "{:?} of {duration} ms",
                        found.duration_ms
                    )));
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
