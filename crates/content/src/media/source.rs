//! Where a network gets the bytes of a file from.

use std::{ops::Range, sync::Arc, time::Duration};

use async_trait::async_trait;
use bytes::Bytes;
use futures::{StreamExt as _, stream::BoxStream};
use kernel::TenantId;
use networks::{
    connector::{FileFacts, MediaFile, MediaSource, RenderedImage, Rendition},
    descriptor::{ImageRules, VideoRules},
    error::{ErrorKind, NetworkError},
};
use url::Url;

use super::{
    ContentRecord, MediaType,
    fault::Fault,
    file::StoredFile,
    plan::Plan,
    rendition::{Prepared, Rendered},
};
use crate::Content;

/// How long somebody who wants a video waits for it before he is told to come back.
const PATIENCE: Duration = Duration::from_secs(10);
/// How often he looks meanwhile.
const LOOK: Duration = Duration::from_millis(250);
/// When it is worth coming back.
const COME_BACK: Duration = Duration::from_secs(15);

/// A file of the library.
struct LibraryFile {
    library: Content,
    tenant: TenantId,
    content: ContentRecord,
}

impl Content {
    /// Where a network gets the file from.
    pub(crate) fn media_source(
        &self,
        tenant: TenantId,
        content: &ContentRecord,
    ) -> Arc<dyn MediaSource> {
        Arc::new(LibraryFile {
            library: self.clone(),
            tenant,
            content: content.clone(),
        })
    }
}

#[async_trait]
impl MediaSource for LibraryFile {
    async fn image(&self, rules: &ImageRules) -> Result<RenderedImage, NetworkError> {
        let rendered = self.fitting_image(rules).await?;
        let file = self.stored(&rendered).await?;
        let bytes = file.read(0..file.bytes()).await;
        Ok(RenderedImage {
            bytes: bytes.map_err(|error| self.refuse(&Fault::reading(error)))?,
            width: rendered.width.unwrap_or(0),
            height: rendered.height.unwrap_or(0),
            mime_type: rendered.mime_type,
        })
    }

    async fn open(&self, rendition: Rendition<'_>) -> Result<Arc<dyn MediaFile>, NetworkError> {
        let rendered = self.rendered(rendition).await?;
        let file = self.stored(&rendered).await?;
        Ok(Arc::new(OpenFile {
            facts: FileFacts {
                bytes: file.bytes(),
                mime_type: rendered.mime_type,
                width: rendered.width,
                height: rendered.height,
                duration_ms: rendered.duration_ms,
            },
            file,
        }))
    }

    async fn link(
        &self,
        rendition: Rendition<'_>,
        valid_for: Duration,
    ) -> Result<Url, NetworkError> {
        let rendered = self.rendered(rendition).await?;
        // A file that is missing is better told here than by the network.
        self.stored(&rendered).await?;
        let (library, variant) = (&self.library, &rendered.variant);
        let until = library.env.now() + valid_for;
        let address = library
            .signer
            .sign_until(self.tenant, self.content.id, variant, until);
        library
            .media
            .public_url
            .join(&address)
            .map_err(|error| self.refuse(&Fault::Machine(error.to_string())))
    }
}

impl LibraryFile {
    async fn rendered(&self, rendition: Rendition<'_>) -> Result<Rendered, NetworkError> {
        match rendition {
            Rendition::Original => Ok(Rendered::original(&self.content)),
            Rendition::Image(rules) => self.fitting_image(rules).await,
            Rendition::Video(rules) => self.fitting_video(rules).await,
        }
    }

    async fn fitting_image(&self, rules: &ImageRules) -> Result<Rendered, NetworkError> {
        if self.content.media_type != MediaType::Image {
            let message = format!("\"{}\" is no image. Choose an image.", self.content.title);
            return Err(NetworkError::not_sent(ErrorKind::Refused, message, ""));
        }
        self.library
            .fitting_image(self.tenant, &self.content, rules)
            .await
            .map_err(|fault| self.refuse(&fault))
    }

    /// Waits a little for a video that has to be made.
    async fn fitting_video(&self, rules: &VideoRules) -> Result<Rendered, NetworkError> {
        let plan = Plan::new(&self.content, rules)
            .map_err(|why| NetworkError::not_sent(ErrorKind::Refused, why, ""))?;
        let mut waited = Duration::ZERO;
        loop {
            let prepared = self
                .library
                .fitting_video(self.tenant, &self.content, plan.clone(), rules.max_bytes)
                .await;
            match prepared.map_err(|fault| self.refuse(&fault))? {
                Prepared::Ready(rendered) => return Ok(rendered),
                Prepared::Working(thousandths) if waited >= PATIENCE => {
                    return Err(self.not_yet(thousandths));
                }
                Prepared::Working(_) => {
                    tokio::time::sleep(LOOK).await;
                    waited += LOOK;
                }
            }
        }
    }

    async fn stored(&self, rendered: &Rendered) -> Result<StoredFile, NetworkError> {
        let storage = &self.library.media.storage;
        let path = storage.path(self.tenant, self.content.id, &rendered.variant);
        StoredFile::open(path)
            .await
            .map_err(|error| self.refuse(&Fault::reading(error)))
    }

    fn not_yet(&self, thousandths: u32) -> NetworkError {
        let message = format!(
            "The video \"{}\" is being converted ({} %). AllIN goes on by itself.",
            self.content.title,
            thousandths / 10
        );
        NetworkError {
            retry_after: Some(COME_BACK),
            ..NetworkError::not_sent(ErrorKind::NotReady, message, "")
        }
    }

    fn refuse(&self, fault: &Fault) -> NetworkError {
        let (title, what) = (&self.content.title, self.content.media_type);
        let (kind, message) = match fault {
            Fault::Missing => (
                ErrorKind::Refused,
                format!(
                    "The file of \"{title}\" is missing on this server. Upload it again and edit the post."
                ),
            ),
            Fault::DoesNotFit => (
                ErrorKind::Refused,
                format!(
                    "The {what} \"{title}\" can't be made small enough for this network. Choose another one."
                ),
            ),
            Fault::NoTool => (
                ErrorKind::Temporary,
                format!(
                    "The video \"{title}\" can't be made ready: ffmpeg is not installed on this server. Ask whoever \
                     runs it to install it; AllIN tries again."
                ),
            ),
            Fault::DiskFull => (
                ErrorKind::Temporary,
                format!(
                    "The {what} \"{title}\" can't be made ready: the server's disk is full. Tell whoever runs it; \
                     AllIN tries again."
                ),
            ),
            Fault::Machine(_) => (
                ErrorKind::Temporary,
                "The media storage could not be read. AllIN tries again.".to_owned(),
            ),
            _ => (
                ErrorKind::Refused,
                format!("The {what} \"{title}\" can't be read. Upload it again and edit the post."),
            ),
        };
        NetworkError::not_sent(kind, message, format!("{fault:?}"))
    }
}

/// A file that fits.
struct OpenFile {
    facts: FileFacts,
    file: StoredFile,
}

#[async_trait]
impl MediaFile for OpenFile {
    fn facts(&self) -> &FileFacts {
        &self.facts
    }

    async fn read(&self, range: Range<u64>) -> Result<Bytes, NetworkError> {
        self.file.read(range).await.map_err(|error| {
            NetworkError::not_sent(
                ErrorKind::Temporary,
                "The media storage could not be read. AllIN tries again.",
                error.to_string(),
            )
        })
    }

    fn stream(&self, range: Range<u64>) -> BoxStream<'static, std::io::Result<Bytes>> {
        self.file.clone().stream(range).boxed()
    }
}
