//! What can be wrong with a file, and how it is said.

use std::{borrow::Cow, io};

use image::ImageError;
use kernel::{Code, Problem};
use serde::{Deserialize, Serialize};

use super::child::ToolError;

/// Why a file can't be used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// It is damaged or incomplete. Holds the decoder's words.
    Broken(String),
    /// It has more pixels than are accepted.
    TooManyPixels {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
    },
    /// It can't be made small enough for a network.
    DoesNotFit,
    /// It is a video without a picture.
    NoPicture,
    /// It is a video whose codec ffmpeg can't read.
    Codec(String),
    /// It is of its kind, but can't be used as it is. Holds the end of a sentence that begins
    /// with the file's name, and says what to do.
    Unusable(Cow<'static, str>),
    /// It is not in the storage.
    Missing,
    /// ffmpeg is needed and is not installed.
    NoTool,
    /// The disk is full.
    DiskFull,
    /// Nothing is wrong with it, but the machine could not do it. Holds why.
    Machine(String),
}

impl From<ImageError> for Fault {
    fn from(error: ImageError) -> Self {
        Self::Broken(error.to_string())
    }
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        if is_full(&error) {
            Self::DiskFull
        } else {
            Self::Machine(error.to_string())
        }
    }
}

impl From<store::Error> for Fault {
    fn from(error: store::Error) -> Self {
        Self::Machine(error.to_string())
    }
}

impl From<ToolError> for Fault {
    fn from(error: ToolError) -> Self {
        match error {
            ToolError::Missing => Self::NoTool,
            ToolError::Failed(words) => Self::Broken(words),
            ToolError::TimedOut => Self::Machine("ffmpeg took too long".to_owned()),
            ToolError::DiskFull => Self::DiskFull,
            ToolError::Broken(error) => error.into(),
        }
    }
}

/// Whether a write failed for want of room.
pub fn is_full(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge
    )
}

/// There is no room for a file.
pub fn disk_full() -> Problem {
    Problem::new(
        Code::Unavailable,
        "The server's disk is full, so the file was not kept. Tell whoever runs the server; \
         upload it again when there is room.",
    )
}

/// A file could not be written or read.
pub fn storage(error: io::Error) -> Problem {
    if is_full(&error) {
        disk_full().with_cause(error)
    } else {
        Problem::internal(error)
    }
}

impl Fault {
    /// A fault that says how its file is to be used: the end of a sentence that begins with the
    /// file's name.
    pub(super) const fn unusable(why: &'static str) -> Self {
        Self::Unusable(Cow::Borrowed(why))
    }

    /// A stored file could not be read.
    #[expect(clippy::needless_pass_by_value, reason = "fits `map_err`")]
    pub(super) fn reading(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::Missing,
            _ => Self::Machine(error.to_string()),
        }
    }

    /// What the person who uploads the file reads.
    pub fn refuse(&self, file_name: &str, max_pixels: u64) -> Problem {
        match self {
            Self::TooManyPixels { width, height } => Problem::field(
                "file",
                "too_many_pixels",
                format!(
                    "{file_name} has {width} × {height} pixels. At most {} million are accepted, and videos up to \
                     8192 pixels on a side; make it smaller and upload it again.",
                    max_pixels / 1_000_000
                ),
            ),
            Self::Broken(reason) => Problem::field(
                "file",
                "damaged",
                format!(
                    "{file_name} is damaged or incomplete. Save or export it again and upload that."
                ),
            )
            .with_cause(reason.clone()),
            Self::NoPicture => Problem::field(
                "file",
                "no_picture",
                format!(
                    "{file_name} is a video file that holds no pictures. Sound alone is uploaded as MP3 or M4A."
                ),
            ),
            Self::Codec(codec) => Problem::field(
                "file",
                "codec",
                format!(
                    "The pictures of {file_name} can't be read here (codec: {codec}). Export it as MP4 with the codec \
                     H.264 and upload that."
                ),
            ),
            Self::Unusable(why) => Problem::field("file", "unusable", format!("{file_name} {why}")),
            Self::NoTool => Problem::new(
                Code::Unavailable,
                "This server can't take in videos and sound yet: ffmpeg is not installed on it. Ask whoever runs \
                 the server to install it (`allin doctor` tells how).",
            ),
            Self::DiskFull => disk_full(),
            Self::DoesNotFit | Self::Missing => Problem::internal(format!("{self:?} of an upload")),
            Self::Machine(why) => Problem::internal(why.clone()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_as_such() {
        let error = std::fs::write("/dev/full", "x").unwrap_err();
        assert_eq!(storage(error).code(), Code::Unavailable);
        let error = std::fs::write("/dev/full", "x").unwrap_err();
        assert_eq!(Fault::from(error), Fault::DiskFull);
        let other = std::fs::read("/nowhere").unwrap_err();
        assert_eq!(storage(other).code(), Code::Internal);
    }
}
