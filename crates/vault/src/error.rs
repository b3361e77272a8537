//! What can go wrong with secrets. No error holds a secret or a key.

use std::{io, path::PathBuf};

use kernel::Problem;

/// What can go wrong with secrets.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The bytes are not a sealed secret, or one of a later version of the program.
    #[error("the stored secret is not in a form that this version of AllIN reads")]
    Format,
    /// The secret was changed, or belongs to another record.
    #[error("the stored secret was changed, or belongs to another record")]
    Refused,
    /// The secret was sealed under another key file.
    #[error(
        "the stored secret was sealed with the key {0}, which is not in the key file; \
         restore the key file that belongs to this database"
    )]
    UnknownKey(String),
    /// The plaintext is larger than AES-GCM encrypts, or a key's name is too long.
    #[error("the secret is too large to be sealed")]
    TooLarge,
    /// The key file can't be read or made.
    #[error("the key file {path} can't be used")]
    KeyFileIo {
        /// Where it is.
        path: PathBuf,
        /// The operating system's words.
        source: io::Error,
    },
    /// Others on this machine could read the key file.
    #[error(
        "the key file {} can be read by other users of this machine (its mode is {mode:03o}). \
         Run: chmod 600 {}", path.display(), path.display()
    )]
    KeyFileExposed {
        /// Where it is.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// The key file holds something else.
    #[error(
        "the key file {path}, line {line}: {reason}. Restore it from your backup; \
         without it, stored passwords and tokens can't be opened"
    )]
    KeyFileFormat {
        /// Where it is.
        path: PathBuf,
        /// The line, from 1.
        line: usize,
        /// What is wrong with it.
        reason: &'static str,
    },
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self::internal(error)
    }
}
