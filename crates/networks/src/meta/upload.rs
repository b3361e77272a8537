//! Videos to `rupload.facebook.com`: *Content publishing: resumable upload session* and *Reels
//! publishing: upload the video* (September 2026).
//!
//! All bytes go in one request. Where it breaks off, the network tells how many came, and the
//! next try sends the rest.

use std::sync::Arc;

use reqwest::{Body, Method, header::CONTENT_LENGTH};
use secrecy::ExposeSecret;
use serde::Deserialize;

use super::{Graph, auth};
use crate::{
    connector::{Account, MediaFile, UPLOAD_TIMEOUT},
    error::{ErrorKind, NetworkError, shorten},
    http::{Endpoint, Net, TransportError},
};

/// `uploading_phase` of an upload's status. Guides write `bytes_transfered`, the SDK
/// `bytes_transferred`.
#[derive(Default, Deserialize)]
pub(crate) struct Uploading {
    #[serde(default, alias = "bytes_transfered")]
    pub(crate) bytes_transferred: u64,
}

/// rupload's own form of a refusal.
#[derive(Default, Deserialize)]
struct Refused {
    #[serde(default)]
    debug_info: DebugInfo,
}

#[derive(Default, Deserialize)]
struct DebugInfo {
    #[serde(default)]
    retriable: bool,
    #[serde(default, rename = "type")]
    kind: String,
    #[serde(default)]
    message: String,
}

impl Graph {
    /// Sends the bytes of `file` from `offset` on to `path`.
    pub(crate) async fn upload(
        &self,
        net: &Net,
        account: &Account,
        path: &str,
        file: &Arc<dyn MediaFile>,
        offset: u64,
    ) -> Result<(), NetworkError> {
        let failed = |error: TransportError| NetworkError::transport(self.name, &error);
        let token = auth::token(account)?;
        let size = file.facts().bytes;
        let url = net
            .endpoint(self.platform, Endpoint::Upload, path)
            .map_err(failed)?;
        let request = net
            .request(Method::POST, url)
            .map_err(failed)?
            .timeout(UPLOAD_TIMEOUT)
            .header("authorization", format!("OAuth {}", token.expose_secret()))
            .header("offset", offset)
            .header("file_size", size)
            .header(CONTENT_LENGTH, size.saturating_sub(offset))
            .body(Body::wrap_stream(file.stream(offset..size)));
        let answer = net.send(request).await.map_err(failed)?;
        if answer.status.is_success() {
            return Ok(());
        }
        let refused: Refused = answer.json().unwrap_or_default();
        let info = refused.debug_info;
        if info.kind.is_empty() {
            return Err(self.parse_error(&answer, net.env.now()));
        }
        let detail = format!(
            "HTTP {}, {}: {}",
            answer.status.as_u16(),
            shorten(&info.kind),
            shorten(&info.message)
        );
        Err(if info.retriable || info.kind != "ProcessingFailedError" {
            NetworkError::refused(
                ErrorKind::Temporary,
                format!(
                    "{} did not take the whole video. AllIN tries again.",
                    self.name
                ),
                detail,
            )
        } else {
            NetworkError::refused(
                ErrorKind::Refused,
                format!(
                    "{} can't use this video: {}. Please attach another one.",
                    self.name,
                    shorten(info.message.trim_end_matches('.'))
                ),
                detail,
            )
        })
    }
}
