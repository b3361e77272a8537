//! The steps of a post on LinkedIn. A video goes up in the pieces that LinkedIn asks for, one step
//! each, so that an upload that breaks off goes on with the next piece, also after a restart.

use std::{fmt, str::FromStr};

use serde::de::DeserializeOwned;

use super::media::Begun;
use crate::{
    connector::{DoneStep, PublishRequest, Step},
    error::NetworkError,
    step,
};

/// The number of the file that the option `thumbnail` names; posts have far fewer files.
pub(super) const THUMBNAIL: usize = 99;

/// One step. All but the last two can be repeated freely.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Uploads an image or a document, or begins the upload of a video.
    Media(usize),
    /// Uploads one piece of a video.
    Piece(usize, usize),
    /// Says that all pieces are there.
    Finish(usize),
    /// Waits until LinkedIn has processed a file.
    Ready(usize),
    /// Publishes the post.
    Post,
    /// Publishes the first comment.
    Comment,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Media(file) => write!(f, "media:0:{file}"),
            Self::Piece(file, piece) => write!(f, "piece:0:{file}:{piece}"),
            Self::Finish(file) => write!(f, "finish:0:{file}"),
            Self::Ready(file) => write!(f, "ready:0:{file}"),
            Self::Post => f.write_str("post:0"),
            Self::Comment => f.write_str("extra:0"),
        }
    }
}

impl FromStr for Stage {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut words = text.split(':');
        let kind = words.next().ok_or(())?;
        words.next().ok_or(())?;
        let mut number = || words.next().ok_or(())?.parse::<usize>().map_err(|_| ());
        Ok(match kind {
            "media" => Self::Media(number()?),
            "piece" => Self::Piece(number()?, number()?),
            "finish" => Self::Finish(number()?),
            "ready" => Self::Ready(number()?),
            "post" => Self::Post,
            "extra" => Self::Comment,
            _ => return Err(()),
        })
    }
}

impl Stage {
    /// The stage that a step is.
    pub(super) fn of(step: &Step) -> Result<Self, NetworkError> {
        step.name.parse().map_err(|()| step::lost(&step.name))
    }

    /// What it answered, if it is done.
    pub(super) fn result<T: DeserializeOwned>(self, done: &[DoneStep]) -> Option<T> {
        let name = self.to_string();
        let step = done.iter().find(|step| step.name == name)?;
        serde_json::from_value(step.result.clone()).ok()
    }

    /// What it answered. It is an error if it is not done.
    pub(super) fn earlier<T: DeserializeOwned>(self, done: &[DoneStep]) -> Result<T, NetworkError> {
        self.result(done)
            .ok_or_else(|| step::lost(&self.to_string()))
    }

    fn is_done(self, done: &[DoneStep]) -> bool {
        let name = self.to_string();
        done.iter().any(|step| step.name == name)
    }

    /// The stage that comes after those that are done.
    pub(super) fn next(request: &PublishRequest, done: &[DoneStep]) -> Option<Self> {
        let files = request.parts.first().map_or(0, |part| part.media.len());
        let thumbnail = request.attachments.contains_key("thumbnail");
        for file in (0..files).chain(thumbnail.then_some(THUMBNAIL)) {
            let begun: Option<Begun> = Self::Media(file).result(done);
            let Some(begun) = begun else {
                return Some(Self::Media(file));
            };
            let pieces = begun.pieces.len();
            let next = (0..pieces)
                .map(|piece| Self::Piece(file, piece))
                .chain((pieces > 0).then_some(Self::Finish(file)))
                .chain([Self::Ready(file)])
                .find(|stage| !stage.is_done(done));
            if next.is_some() {
                return next;
            }
        }
        let comment = request.text_option("firstComment").map(|_| Self::Comment);
        [Self::Post]
            .into_iter()
            .chain(comment)
            .find(|stage| !stage.is_done(done))
    }

    /// The step, as the engine journals it.
    pub(super) fn step(self, request: &PublishRequest) -> Step {
        Step {
            name: self.to_string(),
            public: matches!(self, Self::Post | Self::Comment),
            idempotency_key: None,
            fingerprint: step::fingerprint(request, 0),
        }
    }
}
