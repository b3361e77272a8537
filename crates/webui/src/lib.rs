//! The web UI's built files, embedded in the program.

use std::fmt::Write as _;

use bytes::Bytes;
use rust_embed::RustEmbed;

#[derive(RustEmbed)]
#[folder = "../../web/dist"]
struct Files;

/// One file of the UI.
#[derive(Debug)]
pub struct File {
    bytes: Bytes,
    hash: String,
    media_type: String,
}

impl File {
    /// Its content.
    pub fn bytes(&self) -> &Bytes {
        &self.bytes
    }

    /// The SHA-256 of its content, in hexadecimal.
    pub fn hash(&self) -> &str {
        &self.hash
    }

    /// Its media type, by its name.
    pub fn media_type(&self) -> &str {
        &self.media_type
    }
}

/// The file at `path`, such as `assets/index-4fe2.js`, if the UI has it.
pub fn file(path: &str) -> Option<File> {
    let file = Files::get(path)?;
    let mut hash = String::with_capacity(64);
    for byte in file.metadata.sha256_hash() {
        // Writing into a `String` can't fail.
        let _ = write!(hash, "{byte:02x}");
    }
    let media_type = match file.metadata.mimetype() {
        "text/javascript" | "application/javascript" => "text/javascript; charset=utf-8".to_owned(),
        text if text.starts_with("text/") => format!("{text}; charset=utf-8"),
        other => other.to_owned(),
    };
    let bytes = match file.data {
        std::borrow::Cow::Borrowed(bytes) => Bytes::from_static(bytes),
        std::borrow::Cow::Owned(bytes) => Bytes::from(bytes),
    };
    Some(File {
        bytes,
        hash,
        media_type,
    })
}
