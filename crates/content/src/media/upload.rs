//! An upload on its way from the network to a temporary file.
//!
//! The file has no name: when the process ends, however it ends, the system removes it.

use std::path::Path;

use bytes::Bytes;
use futures::{Stream, TryStreamExt};
use kernel::{Code, Problem};
use sha2::{Digest, Sha256};
use tokio::{fs::File, io::AsyncWriteExt, task::spawn_blocking};

use super::{
    MediaLimits, MediaType,
    kind::{self, FileType},
};

/// A complete upload.
#[derive(Debug)]
pub struct Upload {
    pub(crate) file: File,
    pub(crate) file_name: String,
    pub(crate) file_type: FileType,
    pub(crate) size: u64,
    pub(crate) sha256: [u8; 32],
}

/// Writes a stream to a temporary file, telling its type by its first bytes and enforcing that
/// type's limit on the way.
///
/// `declared` is what the sender says its media type is.
pub async fn receive(
    mut stream: impl Stream<Item = Result<Bytes, Problem>> + Unpin + Send,
    file_name: &str,
    declared: Option<&str>,
    limits: &MediaLimits,
    temp_folder: &Path,
) -> Result<Upload, Problem> {
    let file_name = clean_name(file_name);
    let folder = temp_folder.to_owned();
    let file = spawn_blocking(move || tempfile::tempfile_in(folder))
        .await
        .map_err(Problem::internal)?
        .map_err(Problem::internal)?;
    let mut file = File::from_std(file);
    let mut hash = Sha256::new();
    let mut size = 0;
    let mut start = Vec::new();
    let mut file_type = None;
    while let Some(chunk) = stream.try_next().await? {
        size += chunk.len() as u64;
        hash.update(&chunk);
        if file_type.is_none() {
            start.extend_from_slice(&chunk);
            if start.len() >= kind::ENOUGH_TO_TELL {
                file_type = Some(check_type(&start, declared, &file_name)?);
            }
        }
        if let Some(FileType { media_type, .. }) = file_type {
            check_size(size, media_type, limits)?;
        }
        file.write_all(&chunk).await.map_err(Problem::internal)?;
    }
    if size == 0 {
        return Err(Problem::field(
            "file",
            "required",
            "The file is empty. Choose another one.",
        ));
    }
    let file_type = match file_type {
        Some(file_type) => file_type,
        None => check_type(&start, declared, &file_name)?,
    };
    check_size(size, file_type.media_type, limits)?;
    file.flush().await.map_err(Problem::internal)?;
    Ok(Upload {
        file,
        file_name,
        file_type,
        size,
        sha256: hash.finalize().into(),
    })
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

fn check_type(start: &[u8], declared: Option<&str>, file_name: &str) -> Result<FileType, Problem> {
    let declared = kind::declared(declared, file_name);
    let Some(found) = kind::detect(start) else {
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
        return Err(Problem::new(Code::UnsupportedMediaType, message));
    };
    match declared {
        Some(declared) if declared != found.media_type => Err(mismatch(file_name, declared, found)),
        _ => Ok(found),
    }
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
    let message = format!(
        "The file is larger than the {} MB that are accepted for the kind {media_type}. Make it smaller and upload it again.",
        limit >> 20
    );
    Err(Problem::new(Code::PayloadTooLarge, message)
        .with_details(serde_json::json!({ "maxBytes": limit })))
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
