//! A file's way from the upload into the storage, and out of it.

use std::io::{self, Read, Seek};

use kernel::{Problem, TenantId};
use object_store::{ObjectStoreExt, PutPayload, buffered::BufWriter};
use tokio::io::{AsyncSeekExt, AsyncWriteExt};

use super::{
    ContentRecord, Facts, MediaType, film, key,
    kind::FileType,
    picture::{Fault, Thumbnail, inspect},
    upload::Upload,
};
use crate::Content;

impl Content {
    /// Reads a file as far as is needed to know that it is whole.
    pub(super) async fn inspect(
        &self,
        upload: &Upload,
    ) -> Result<(Facts, Option<Thumbnail>), Problem> {
        let FileType {
            mime, media_type, ..
        } = upload.file_type;
        let max_pixels = self.media.limits.image_pixels;
        let file = upload.file.try_clone().await.map_err(Problem::internal)?;
        let mut file = file.into_std().await;
        let inspected = self.workshop.run(move || {
            if media_type == MediaType::Image {
                let mut bytes = Vec::new();
                file.rewind()
                    .and_then(|()| file.read_to_end(&mut bytes))
                    .map_err(unread)?;
                return inspect(mime, &bytes, max_pixels)
                    .map(|(facts, small)| (facts, Some(small)));
            }
            let duration_ms = if film::is_boxed(mime) {
                film::milliseconds(&mut file)?
            } else {
                None
            };
            Ok((
                Facts {
                    duration_ms,
                    ..Facts::default()
                },
                None,
            ))
        });
        inspected
            .await
            .map_err(|fault| refuse(&upload.file_name, &fault, max_pixels))
    }

    pub(super) async fn store_files(
        &self,
        tenant: TenantId,
        content: &ContentRecord,
        upload: Upload,
        thumbnail: Option<Thumbnail>,
    ) -> Result<(), Problem> {
        let mut file = upload.file;
        file.rewind().await.map_err(Problem::internal)?;
        let mut writer = BufWriter::new(
            self.media.store.clone(),
            key(tenant, content.id, &content.original()),
        );
        tokio::io::copy(&mut file, &mut writer)
            .await
            .map_err(Problem::internal)?;
        writer.shutdown().await.map_err(Problem::internal)?;
        if let Some(Thumbnail { variant, bytes }) = thumbnail {
            let payload = PutPayload::from(bytes);
            self.media
                .store
                .put(&key(tenant, content.id, variant), payload)
                .await
                .map_err(Problem::internal)?;
        }
        Ok(())
    }

    /// Removes an item's files. One that stays behind is out of reach and costs only room.
    pub(super) async fn remove_files(&self, tenant: TenantId, content: &ContentRecord) {
        for variant in [Some(content.original()), content.facts.thumbnail.clone()]
            .into_iter()
            .flatten()
        {
            match self
                .media
                .store
                .delete(&key(tenant, content.id, &variant))
                .await
            {
                Ok(()) | Err(object_store::Error::NotFound { .. }) => {}
                Err(error) => {
                    tracing::warn!(%tenant, id = %content.id, variant, %error, "a file stays behind");
                }
            }
        }
    }
}

#[expect(clippy::needless_pass_by_value, reason = "fits `map_err`")]
fn unread(error: io::Error) -> Fault {
    Fault::Broken(error.to_string())
}

fn refuse(file_name: &str, fault: &Fault, max_pixels: u64) -> Problem {
    match fault {
        Fault::TooManyPixels { width, height } => Problem::field(
            "file",
            "too_many_pixels",
            format!(
                "{file_name} has {width} × {height} pixels. At most {} million are accepted; \
                 make it smaller and upload it again.",
                max_pixels / 1_000_000
            ),
        ),
        Fault::Broken(reason) => Problem::field(
            "file",
            "damaged",
            format!(
                "{file_name} is damaged or incomplete. Save or export it again and upload that."
            ),
        )
        .with_cause(reason.clone()),
        Fault::DoesNotFit => Problem::internal("an upload was made to fit a network"),
    }
}
