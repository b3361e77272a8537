//! What the networks' steps have in common: their names, and what they are recognised by.

use std::{
    fmt::{self, Write},
    str::FromStr,
};

use serde::de::DeserializeOwned;
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::{
    connector::{DoneStep, OutgoingMedia, OutgoingPart, PublishRequest, Step, StepWork},
    error::{ErrorKind, NetworkError},
};

/// One kind of step, with the part of the thread and the file it is about. A network uses those
/// that its interface asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StepName {
    /// Asks whether the network takes one more post of the account: `quota`.
    Quota,
    /// Begins an upload: `session:<part>:<file>`. Nobody sees it.
    Session(usize, usize),
    /// Uploads a file, or begins an upload in pieces: `media:<part>:<file>`. Nobody sees it.
    Media(usize, usize),
    /// Uploads one piece of a file: `piece:<part>:<file>:<piece>`. Nobody sees it.
    Piece(usize, usize, usize),
    /// Says that all pieces of a file are there: `finish:<part>:<file>`.
    Finish(usize, usize),
    /// Waits until the network has processed a file: `ready:<part>:<file>`.
    Ready(usize, usize),
    /// Gives a file its description: `describe:<part>:<file>`. Nobody sees it.
    Describe(usize, usize),
    /// Puts a part together without publishing it: `container:<part>`. Nobody sees it.
    Container(usize),
    /// Waits until the network has processed what was put together: `assembled:<part>`.
    Assembled(usize),
    /// Gives the post its preview picture: `thumbnail`.
    Thumbnail,
    /// Gives the video its captions: `captions`.
    Captions,
    /// Puts the video into a playlist: `playlist`.
    Playlist,
    /// Publishes a part: `post:<part>`.
    Post(usize),
    /// Waits until the network really shows a part that it has accepted: `live:<part>`.
    Live(usize),
    /// Puts the first comment together without publishing it: `draft-comment`. Nobody sees it.
    DraftComment,
    /// Publishes the first comment: `comment`.
    Comment,
    /// Lets nobody comment on the post: `comments-off`.
    CommentsOff,
}

impl fmt::Display for StepName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Quota => f.write_str("quota"),
            Self::Session(part, file) => write!(f, "session:{part}:{file}"),
            Self::Media(part, file) => write!(f, "media:{part}:{file}"),
            Self::Piece(part, file, piece) => write!(f, "piece:{part}:{file}:{piece}"),
            Self::Finish(part, file) => write!(f, "finish:{part}:{file}"),
            Self::Ready(part, file) => write!(f, "ready:{part}:{file}"),
            Self::Describe(part, file) => write!(f, "describe:{part}:{file}"),
            Self::Container(part) => write!(f, "container:{part}"),
            Self::Assembled(part) => write!(f, "assembled:{part}"),
            Self::Thumbnail => f.write_str("thumbnail"),
            Self::Captions => f.write_str("captions"),
            Self::Playlist => f.write_str("playlist"),
            Self::Post(part) => write!(f, "post:{part}"),
            Self::Live(part) => write!(f, "live:{part}"),
            Self::DraftComment => f.write_str("draft-comment"),
            Self::Comment => f.write_str("comment"),
            Self::CommentsOff => f.write_str("comments-off"),
        }
    }
}

impl FromStr for StepName {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut words = text.split(':');
        let kind = words.next().ok_or(())?;
        let mut number = || words.next().ok_or(())?.parse::<usize>().map_err(|_| ());
        Ok(match kind {
            "quota" => Self::Quota,
            "session" => Self::Session(number()?, number()?),
            "media" => Self::Media(number()?, number()?),
            "piece" => Self::Piece(number()?, number()?, number()?),
            "finish" => Self::Finish(number()?, number()?),
            "ready" => Self::Ready(number()?, number()?),
            "describe" => Self::Describe(number()?, number()?),
            "container" => Self::Container(number()?),
            "assembled" => Self::Assembled(number()?),
            "thumbnail" => Self::Thumbnail,
            "captions" => Self::Captions,
            "playlist" => Self::Playlist,
            "post" => Self::Post(number()?),
            "live" => Self::Live(number()?),
            "draft-comment" => Self::DraftComment,
            "comment" => Self::Comment,
            "comments-off" => Self::CommentsOff,
            _ => return Err(()),
        })
    }
}

impl StepName {
    /// The part of the thread that it is about; what is about the whole post is about the first.
    pub(crate) const fn part(self) -> usize {
        match self {
            Self::Session(part, _)
            | Self::Media(part, _)
            | Self::Piece(part, ..)
            | Self::Finish(part, _)
            | Self::Ready(part, _)
            | Self::Describe(part, _)
            | Self::Container(part)
            | Self::Assembled(part)
            | Self::Post(part)
            | Self::Live(part) => part,
            _ => 0,
        }
    }

    /// Whether it is among the steps that are done.
    pub(crate) fn is_done(self, done: &[DoneStep]) -> bool {
        let name = self.to_string();
        done.iter().any(|step| step.name == name)
    }

    /// What it answered, if it is done.
    pub(crate) fn result<T: DeserializeOwned>(self, done: &[DoneStep]) -> Option<T> {
        let name = self.to_string();
        let step = done.iter().find(|step| step.name == name)?;
        serde_json::from_value(step.result.clone()).ok()
    }

    /// What it answered. It is an error if it is not done.
    pub(crate) fn earlier<T: DeserializeOwned>(self, done: &[DoneStep]) -> Result<T, NetworkError> {
        self.result(done).ok_or_else(|| lost(&self.to_string()))
    }

    /// The step, as the engine journals it.
    pub(crate) fn step(self, request: &PublishRequest, public: bool) -> Step {
        Step {
            name: self.to_string(),
            public,
            idempotency_key: None,
            fingerprint: fingerprint(request, self.part()),
        }
    }
}

/// The name of the step that `work` is about.
pub(crate) fn name(work: &StepWork<'_>) -> Result<StepName, NetworkError> {
    work.step.name.parse().map_err(|()| lost(&work.step.name))
}

/// A part of the request.
pub(crate) fn part<'a>(work: &StepWork<'a>, part: usize) -> Result<&'a OutgoingPart, NetworkError> {
    work.request
        .parts
        .get(part)
        .ok_or_else(|| lost(&work.step.name))
}

/// A file of the request.
pub(crate) fn media<'a>(
    work: &StepWork<'a>,
    part: usize,
    file: usize,
) -> Result<&'a OutgoingMedia, NetworkError> {
    self::part(work, part)?
        .media
        .get(file)
        .ok_or_else(|| lost(&work.step.name))
}

/// The steps of a post and its journal do not fit together.
pub(crate) fn lost(name: &str) -> NetworkError {
    NetworkError::not_sent(
        ErrorKind::Refused,
        "The post was changed while it was being published. Please check what has been published, and publish the rest as a new post.",
        format!("no such step or no result: {name}"),
    )
}

/// SHA-256, in hexadecimal, of what a part makes public: its text, its files with their
/// descriptions, and what else is said of the post.
pub(crate) fn fingerprint(request: &PublishRequest, part: usize) -> String {
    let files = |media: &OutgoingMedia| json!([media.content_id, media.alt_text]);
    let (text, media) = request.parts.get(part).map_or(("", Vec::new()), |part| {
        (part.text.as_str(), part.media.iter().map(files).collect())
    });
    let said = json!([request.format, text, media, request.options]);
    hex(&Sha256::digest(said.to_string()))
}

/// SHA-256 of what makes a part of this request unlike every other post: its target, its time
/// and its place in the thread. Not its text, so that a corrected text can't be published beside
/// the first one.
pub(crate) fn identity(request: &PublishRequest, part: usize) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(request.target_id.as_bytes());
    hash.update(request.due_at.as_micros().to_be_bytes());
    hash.update(u64::try_from(part).unwrap_or(u64::MAX).to_be_bytes());
    hash.finalize().into()
}

/// Bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string can't fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_read_as_it_is_written() {
        let names = [
            StepName::Quota,
            StepName::Session(1, 2),
            StepName::Media(1, 2),
            StepName::Piece(1, 2, 3),
            StepName::Finish(1, 2),
            StepName::Ready(1, 2),
            StepName::Describe(1, 2),
            StepName::Container(1),
            StepName::Assembled(1),
            StepName::Thumbnail,
            StepName::Captions,
            StepName::Playlist,
            StepName::Post(1),
            StepName::Live(1),
            StepName::DraftComment,
            StepName::Comment,
            StepName::CommentsOff,
        ];
        for name in names {
            assert_eq!(name.to_string().parse(), Ok(name));
        }
        for nonsense in ["", "post", "post:", "post:-1", "media:1", "extra:1"] {
            assert_eq!(nonsense.parse::<StepName>(), Err(()), "{nonsense}");
        }
    }
}
