//! An upload on its way from the network to a temporary file.
//!
//! The file is gone with the upload, unless the library keeps it.

use bytes::Bytes;
use futures::{Stream, TryStreamExt};
use kernel::{Code, Problem};
use sha2::{Digest, Sha256};
use tempfile::NamedTempFile;
use tokio::{
    fs::File,
    io::{AsyncWriteExt, BufWriter},
    task::spawn_blocking,
};

use super::{
    MediaLimits, MediaType, fault, inspect,
    kind::{self, FileType, Start},
    storage::Storage,
};

/// Bytes after which the free room is looked at again.
const LOOK_EVERY: u64 = 32 << 20;
/// Bytes that are written at once.
const BUFFER: usize = 256 << 10;

/// A complete upload.
#[derive(Debug)]
pub struct Upload {
    pub(crate) file: NamedTempFile,
    pub(crate) file_name: String,
    pub(crate) file_type: FileType,
    pub(crate) size: u64,
    pub(crate) sha256: [u8; 32],
}

/// What its sender says of a file before it comes.
#[derive(Clone, Copy, Debug, Default)]
pub struct Announced<'a> {
    /// Its name.
    pub file_name: &'a str,
    /// Its media type.
    pub mime: Option<&'a str>,
}

/// Writes a stream to a temporary file, telling its type by its first bytes and enforcing that
/// type's limit on the way.
pub async fn receive(
    mut stream: impl Stream<Item = Result<Bytes, Problem>> + Unpin + Send,
    announced: Announced<'_>,
    limits: &MediaLimits,
    storage: &Storage,
) -> Result<Upload, Problem> {
    let file_name = clean_name(announced.file_name);
    check_room(storage, limits, 0)?;
    let temporary = storage.temporary("").await.map_err(fault::storage)?;
    let file = temporary.reopen().map_err(fault::storage)?;
    let mut file = BufWriter::with_capacity(BUFFER, File::from_std(file));
    let mut hash = Sha256::new();
    let (mut size, mut looked_at) = (0, 0);
    let mut start = Vec::new();
    let mut found = None;
    while let Some(chunk) = stream.try_next().await? {
        size += chunk.len() as u64;
        hash.update(&chunk);
        if found.is_none() {
            start.extend_from_slice(&chunk);
            if start.len() >= kind::ENOUGH_TO_TELL {
                found = Some(check_start(&start, announced.mime, &file_name)?);
            }
        }
        if let Some(start) = found {
            check_size(size, media_type(start), limits)?;
        }
        if size - looked_at > LOOK_EVERY {
            check_room(storage, limits, 0)?;
            looked_at = size;
        }
        file.write_all(&chunk).await.map_err(fault::storage)?;
    }
    if size == 0 {
        return Err(Problem::field(
            "file",
            "required",
            "The file is empty. Choose another one.",
        ));
    }
    let found = match found {
        Some(found) => found,
        None => check_start(&start, announced.mime, &file_name)?,
    };
    check_size(size, media_type(found), limits)?;
    file.flush().await.map_err(fault::storage)?;
    let file_type = match found {
        Start::Known(file_type) => file_type,
        Start::Zip => office(&temporary, &file_name).await?,
    };
    Ok(Upload {
        file: temporary,
        file_name,
        file_type,
        size,
        sha256: hash.finalize().into(),
    })
}

/// Refuses what would fill the disk: the database needs room, too.
pub(crate) fn check_room(
    storage: &Storage,
    limits: &MediaLimits,
    wanted: u64,
) -> Result<(), Problem> {
    let free = storage.free_bytes().map_err(Problem::internal)?;
    if free >= limits.spare_bytes.saturating_add(wanted) {
        return Ok(());
    }
    tracing::warn!(
        free,
        wanted,
        "an upload was refused for want of room on the disk"
    );
    Err(fault::disk_full())
}

async fn office(file: &NamedTempFile, file_name: &str) -> Result<FileType, Problem> {
    let path = file.path().to_owned();
    spawn_blocking(move || inspect::office(&path))
        .await
        .map_err(Problem::internal)?
        .map_err(|fault| fault.refuse(file_name, 0))?
        .ok_or_else(|| unsupported(file_name, None))
}

const fn media_type(start: Start) -> MediaType {
    match start {
        Start::Known(file_type) => file_type.media_type,
        Start::Zip => MediaType::Document,
    }
}

/// A file's name without folders and control characters.
fn clean_name(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = base.chars().filter(|c| !c.is_control()).take(200).collect();
    let clean = clean.trim();
    if clean.is_empty() {
        "file".to_owned()
    } else {
        clean.to_owned()
    }
}

fn check_start(start: &[u8], mime: Option<&str>, file_name: &str) -> Result<Start, Problem> {
    let declared = kind::declared(mime, file_name);
    let found = kind::detect(start).ok_or_else(|| unsupported(file_name, declared))?;
    match (declared, found) {
        (Some(declared), Start::Known(found)) if declared != found.media_type => {
            Err(mismatch(file_name, declared, found))
        }
        (Some(declared), Start::Zip) if declared != MediaType::Document => {
            Err(unsupported(file_name, Some(declared)))
        }
        _ => Ok(found),
    }
}

fn unsupported(file_name: &str, declared: Option<MediaType>) -> Problem {
    let message = match declared {
        Some(declared) => format!(
            "{file_name} can't be used: it is named like a file of the kind {declared}, but its content is of \
             another kind, damaged, or of a type that is not accepted. {}",
            accepted()
        ),
        None => format!(
            "{file_name} is of a type that is not accepted. {}",
            accepted()
        ),
    };
    Problem::new(Code::UnsupportedMediaType, message)
}

/// The file is not of the kind that its sender says.
pub(crate) fn mismatch(file_name: &str, declared: MediaType, found: FileType) -> Problem {
    Problem::new(
        Code::UnsupportedMediaType,
        format!(
            "{file_name} says that it is of the kind {declared}, but its content is {} ({}). \
             Rename it or choose another file.",
            found.media_type, found.mime
        ),
    )
}

fn accepted() -> String {
    let endings: Vec<_> = kind::ACCEPTED
        .iter()
        .map(|accepted| accepted.extension.to_uppercase())
        .collect();
    format!("Accepted are {}.", endings.join(", "))
}

fn check_size(size: u64, media_type: MediaType, limits: &MediaLimits) -> Result<(), Problem> {
    let limit = limits.bytes(media_type);
    if size <= limit {
        return Ok(());
    }
    Err(too_large(limit, &format!(" for the kind {media_type}")))
}

/// Refuses a file that is too large for every kind.
pub(crate) fn check_largest(size: u64, limits: &MediaLimits) -> Result<(), Problem> {
    let limit = limits.largest();
    if size <= limit {
        return Ok(());
    }
    Err(too_large(limit, ""))
}

fn too_large(limit: u64, what_for: &str) -> Problem {
    let message = format!(
        "The file is larger than the {} MB that are accepted{what_for}. Make it smaller and upload it again.",
        limit >> 20
    );
    Problem::new(Code::PayloadTooLarge, message)
        .with_details(serde_json::json!({ "maxBytes": limit }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_their_folders() {
        assert_eq!(clean_name("C:\\Users\\me\\cat.jpg"), "cat.jpg");
        assert_eq!(clean_name("../../etc/passwd"), "passwd");
        assert_eq!(clean_name("a\0b\n.png"), "ab.png");
        assert_eq!(clean_name(" / "), "file");
    }
}
