//! Files of any size, in flat memory: small ones are held, larger ones lie in a temporary folder,
//! of huge ones only length and fingerprint are kept.

use std::{
    collections::HashMap,
    io::SeekFrom,
    path::PathBuf,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    body::Body,
    extract::{Path, State},
    http::{
        HeaderMap, StatusCode,
        header::{
            ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, RANGE,
            X_CONTENT_TYPE_OPTIONS,
        },
    },
    response::{IntoResponse, Response},
};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use bytes::Bytes;
use futures::StreamExt;
use kernel::Env;
use sha2::{Digest, Sha256};
use tempfile::{NamedTempFile, TempPath};
use tokio::{
    fs::File,
    io::{AsyncReadExt, AsyncSeekExt, AsyncWriteExt},
};
use tokio_util::io::ReaderStream;

use super::{Hub, webhooks::hex};

/// Bytes of a file that is held in memory.
const HELD: u64 = 1 << 20;
/// Bytes of a file that is kept at all; of longer ones length and fingerprint remain.
const KEPT: u64 = 512 << 20;
/// Bytes at the beginning of a file that are always held, to tell its type.
const HEAD: usize = 4096;

/// All files of a sandbox.
#[derive(Debug)]
pub(crate) struct Blobs {
    env: Env,
    all: Arc<Mutex<HashMap<String, Blob>>>,
}

/// A file that is complete. Cheap to clone; what lies in the folder goes with the last clone.
#[derive(Clone, Debug)]
pub(crate) struct Blob(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    id: String,
    mime_type: String,
    len: u64,
    sha256: String,
    head: Bytes,
    data: Data,
}

#[derive(Debug)]
enum Data {
    Held(Bytes),
    File(TempPath),
    Gone,
}

/// A file that is being received, in one go or in pieces over many requests. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Upload {
    id: String,
    mime_type: String,
    all: Arc<Mutex<HashMap<String, Blob>>>,
    spool: Arc<tokio::sync::Mutex<Spool>>,
}

#[derive(Debug)]
struct Spool {
    len: u64,
    hash: Sha256,
    head: Vec<u8>,
    sink: Sink,
}

#[derive(Debug)]
enum Sink {
    Held(Vec<u8>),
    File(File, TempPath),
    Gone,
}

impl Blobs {
    pub(crate) fn new(env: Env) -> Self {
        Self {
            env,
            all: Arc::default(),
        }
    }

    /// Begins a file of this type, as the client says it is.
    pub(crate) fn begin(&self, mime_type: &str) -> Upload {
        Upload {
            id: BASE64_URL_SAFE_NO_PAD.encode(self.env.bytes::<18>()),
            mime_type: mime_type.to_owned(),
            all: Arc::clone(&self.all),
            spool: Arc::new(tokio::sync::Mutex::new(Spool {
                len: 0,
                hash: Sha256::new(),
                head: Vec::new(),
                sink: Sink::Held(Vec::new()),
            })),
        }
    }

    /// A whole file at once.
    pub(crate) async fn add(&self, mime_type: &str, bytes: &[u8]) -> Blob {
        let upload = self.begin(mime_type);
        upload.push(bytes).await;
        upload.finish().await
    }

    /// The file of this id.
    pub(crate) fn get(&self, id: &str) -> Option<Blob> {
        let all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.get(id).cloned()
    }

    /// Forgets the file.
    pub(crate) fn remove(&self, id: &str) {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.remove(id);
    }
}

impl Upload {
    /// Bytes received so far.
    pub(crate) async fn len(&self) -> u64 {
        self.spool.lock().await.len
    }

    /// Takes a request's body. `Err` where it broke off; what came before is kept, and
    /// [`Upload::len`] tells how much that is.
    pub(crate) async fn append(&self, body: Body) -> Result<u64, axum::Error> {
        let mut stream = body.into_data_stream();
        while let Some(bytes) = stream.next().await {
            self.push(&bytes?).await;
        }
        Ok(self.len().await)
    }

    /// Takes bytes.
    pub(crate) async fn push(&self, bytes: &[u8]) {
        self.spool.lock().await.push(bytes).await;
    }

    /// The file as it is now, kept from here on.
    pub(crate) async fn finish(&self) -> Blob {
        let mut spool = self.spool.lock().await;
        let data = match std::mem::replace(&mut spool.sink, Sink::Gone) {
            Sink::Held(bytes) => Data::Held(bytes.into()),
            Sink::File(mut file, path) => {
                // What can't be written is lost to viewers, not to the protocol.
                file.flush().await.ok();
                Data::File(path)
            }
            Sink::Gone => Data::Gone,
        };
        let digest = std::mem::take(&mut spool.hash).finalize();
        let blob = Blob(Arc::new(Inner {
            id: self.id.clone(),
            mime_type: self.mime_type.clone(),
            len: spool.len,
            sha256: hex(&digest),
            head: std::mem::take(&mut spool.head).into(),
            data,
        }));
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(self.id.clone(), blob.clone());
        blob
    }
}

impl Spool {
    async fn push(&mut self, bytes: &[u8]) {
        self.len += bytes.len() as u64;
        self.hash.update(bytes);
        let missing = HEAD.saturating_sub(self.head.len()).min(bytes.len());
        self.head.extend_from_slice(&bytes[..missing]);
        if self.len > KEPT {
            self.sink = Sink::Gone;
        }
        match &mut self.sink {
            Sink::Held(held) => {
                held.extend_from_slice(bytes);
                if self.len > HELD {
                    let held = std::mem::take(held);
                    self.sink = spill(&held).await.unwrap_or(Sink::Gone);
                }
            }
            Sink::File(file, _) => {
                if file.write_all(bytes).await.is_err() {
                    self.sink = Sink::Gone;
                }
            }
            Sink::Gone => {}
        }
    }
}

async fn spill(held: &[u8]) -> std::io::Result<Sink> {
    let (file, path) = NamedTempFile::with_prefix("allin-sandbox-")?.into_parts();
    let mut file = File::from_std(file);
    file.write_all(held).await?;
    Ok(Sink::File(file, path))
}

impl Blob {
    /// An id that nobody guesses.
    pub(crate) fn id(&self) -> &str {
        &self.0.id
    }

    /// The type that the client said.
    pub(crate) fn mime_type(&self) -> &str {
        &self.0.mime_type
    }

    /// Bytes.
    pub(crate) fn len(&self) -> u64 {
        self.0.len
    }

    /// The SHA-256 of all bytes, in hexadecimal, even where the bytes are gone.
    pub(crate) fn sha256(&self) -> &str {
        &self.0.sha256
    }

    /// The first bytes, 4,096 at most.
    pub(crate) fn head(&self) -> &[u8] {
        &self.0.head
    }

    /// The type that the bytes themselves show, of those that networks take.
    pub(crate) fn sniffed(&self) -> Option<&'static str> {
        let head = self.head();
        let brand = head.get(8..12).unwrap_or_default();
        if head.starts_with(b"\xff\xd8\xff") {
            Some("image/jpeg")
        } else if head.starts_with(b"\x89PNG\r\n\x1a\n") {
            Some("image/png")
        } else if head.starts_with(b"GIF8") {
            Some("image/gif")
        } else if head.starts_with(b"RIFF") && brand == b"WEBP" {
            Some("image/webp")
        } else if head.get(4..8) == Some(b"ftyp") {
            Some(match brand {
                b"avif" | b"avis" => "image/avif",
                b"heic" | b"heix" | b"mif1" | b"msf1" => "image/heic",
                b"qt  " => "video/quicktime",
                _ => "video/mp4",
            })
        } else if head.starts_with(b"\x1a\x45\xdf\xa3") {
            Some("video/webm")
        } else if head.starts_with(b"%PDF-") {
            Some("application/pdf")
        } else {
            None
        }
    }

    /// Where the file can be fetched, as a path of the origin.
    pub(crate) fn path(&self) -> String {
        format!("/sandbox/media/{}", self.id())
    }

    /// All bytes; `None` where they are gone. For small files.
    pub(crate) async fn bytes(&self) -> Option<Bytes> {
        match &self.0.data {
            Data::Held(bytes) => Some(bytes.clone()),
            Data::File(path) => tokio::fs::read(path).await.ok().map(Bytes::from),
            Data::Gone => None,
        }
    }

    /// The file, or the range of it that is asked for (RFC 9110 §14), as video players do.
    pub(crate) async fn serve(&self, headers: &HeaderMap) -> Response {
        let len = self.len();
        let range = headers
            .get(RANGE)
            .and_then(|range| range.to_str().ok())
            .and_then(|range| parse_range(range, len));
        let (start, end) = range.unwrap_or((0, len));
        let Some(body) = self.read(start, end).await else {
            return (
                StatusCode::GONE,
                "The sandbox does not keep files this large.",
            )
                .into_response();
        };
        let mut response = (
            [
                (CONTENT_TYPE, self.mime_type().to_owned()),
                (CONTENT_LENGTH, (end - start).to_string()),
                (ACCEPT_RANGES, "bytes".to_owned()),
                (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
            ],
            body,
        )
            .into_response();
        if range.is_some() {
            *response.status_mut() = StatusCode::PARTIAL_CONTENT;
            let span = format!("bytes {start}-{}/{len}", end.saturating_sub(1));
            if let Ok(span) = span.parse() {
                response.headers_mut().insert(CONTENT_RANGE, span);
            }
        }
        response
    }

    async fn read(&self, start: u64, end: u64) -> Option<Body> {
        match &self.0.data {
            Data::Held(bytes) => {
                let range = usize::try_from(start).ok()?..usize::try_from(end).ok()?;
                Some(Body::from(bytes.slice(range)))
            }
            Data::File(path) => {
                let path: PathBuf = path.to_path_buf();
                let mut file = File::open(path).await.ok()?;
                file.seek(SeekFrom::Start(start)).await.ok()?;
                Some(Body::from_stream(ReaderStream::new(file.take(end - start))))
            }
            Data::Gone => None,
        }
    }
}

/// Start and end (exclusive) of `bytes=a-b`, `bytes=a-` or `bytes=-n`.
fn parse_range(range: &str, len: u64) -> Option<(u64, u64)> {
    let (first, last) = range.strip_prefix("bytes=")?.split_once('-')?;
    let (start, end) = if first.is_empty() {
        (len.saturating_sub(last.parse().ok()?), len)
    } else {
        let end = last.parse::<u64>().map_or(len, |last| last + 1);
        (first.parse().ok()?, end.min(len))
    };
    (start < end).then_some((start, end))
}

/// `GET /sandbox/media/:id`.
pub(crate) async fn show(
    State(hub): State<Arc<Hub>>,
    Path(id): Path<String>,
    headers: HeaderMap,
) -> Response {
    match hub.blobs.get(&id) {
        Some(blob) => blob.serve(&headers).await,
        None => (StatusCode::NOT_FOUND, "There is no such file.").into_response(),
    }
}

impl serde::Serialize for Blob {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let shown = serde_json::json!({
            "id": self.id(),
            "type": self.mime_type(),
            "bytes": self.len(),
            "sha256": self.sha256(),
            "path": self.path(),
        });
        shown.serialize(serializer)
    }
}
