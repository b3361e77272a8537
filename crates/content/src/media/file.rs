//! A stored file, read piece by piece: it may be larger than memory.

use std::{io, ops::Range, path::PathBuf, sync::Arc};

use bytes::Bytes;
use futures::{Stream, stream};

use super::storage::blocking;

/// Bytes of a piece.
const PIECE: u64 = 256 << 10;

/// A stored file that is open. Cheap to clone.
#[derive(Clone, Debug)]
pub struct StoredFile {
    file: Arc<std::fs::File>,
    bytes: u64,
}

impl StoredFile {
    /// Opens a file.
    pub async fn open(path: PathBuf) -> io::Result<Self> {
        blocking(move || {
            let file = std::fs::File::open(path)?;
            let bytes = file.metadata()?.len();
            Ok(Self {
                file: Arc::new(file),
                bytes,
            })
        })
        .await
    }

    /// Its size.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The bytes of `range`, which must lie within the file.
    pub async fn read(&self, range: Range<u64>) -> io::Result<Bytes> {
        let file = Arc::clone(&self.file);
        blocking(move || {
            use std::os::unix::fs::FileExt as _;
            let length = range.end.saturating_sub(range.start);
            let mut bytes = vec![0; usize::try_from(length).map_err(io::Error::other)?];
            file.read_exact_at(&mut bytes, range.start)?;
            Ok(bytes.into())
        })
        .await
    }

    /// The bytes of `range` as a stream, a piece in memory at a time.
    pub fn stream(self, range: Range<u64>) -> impl Stream<Item = io::Result<Bytes>> + Send + use<> {
        stream::try_unfold((self, range), async |(file, range)| {
            if range.start >= range.end {
                return Ok(None);
            }
            let end = range.end.min(range.start + PIECE);
            let piece = file.read(range.start..end).await?;
            Ok(Some((piece, (file, end..range.end))))
        })
    }
}
