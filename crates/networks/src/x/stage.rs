//! The steps of a post on X. A large file goes up in pieces, one step each, so that an upload
//! that breaks off goes on with the next piece, also after a restart.

use std::{fmt, str::FromStr};

use serde::de::DeserializeOwned;

use super::media;
use crate::{
    connector::{DoneStep, PublishRequest, Step},
    error::NetworkError,
    step,
};

/// One step. All but the last two can be repeated freely.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Uploads an image whole, or begins the upload of a larger file.
    Media(usize, usize),
    /// Uploads one piece of a file.
    Piece(usize, usize, u64),
    /// Says that all pieces are there.
    Finish(usize, usize),
    /// Waits until X has processed a file.
    Ready(usize, usize),
    /// Gives a file its description.
    Describe(usize, usize),
    /// Publishes a part of the thread.
    Post(usize),
    /// Publishes the first comment.
    Comment,
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Media(part, file) => write!(f, "media:{part}:{file}"),
            Self::Piece(part, file, piece) => write!(f, "piece:{part}:{file}:{piece}"),
            Self::Finish(part, file) => write!(f, "finish:{part}:{file}"),
            Self::Ready(part, file) => write!(f, "ready:{part}:{file}"),
            Self::Describe(part, file) => write!(f, "describe:{part}:{file}"),
            Self::Post(part) => write!(f, "post:{part}"),
            Self::Comment => f.write_str("extra:0"),
        }
    }
}

impl FromStr for Stage {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut words = text.split(':');
        let kind = words.next().ok_or(())?;
        let mut number = || words.next().ok_or(())?.parse::<usize>().map_err(|_| ());
        Ok(match kind {
            "media" => Self::Media(number()?, number()?),
            "piece" => Self::Piece(
                number()?,
                number()?,
                u64::try_from(number()?).map_err(|_| ())?,
            ),
            "finish" => Self::Finish(number()?, number()?),
            "ready" => Self::Ready(number()?, number()?),
            "describe" => Self::Describe(number()?, number()?),
            "post" => Self::Post(number()?),
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

    /// The stage that comes after those that are done. All files come first, so that one that is
    /// refused leaves no half thread behind.
    pub(super) fn next(request: &PublishRequest, done: &[DoneStep]) -> Option<Self> {
        for (p, part) in request.parts.iter().enumerate() {
            for (f, file) in part.media.iter().enumerate() {
                let begun: Option<media::Begun> = Self::Media(p, f).result(done);
                let Some(begun) = begun else {
                    return Some(Self::Media(p, f));
                };
                let piece = (0..begun.pieces).map(|piece| Self::Piece(p, f, piece));
                let after = if begun.pieces > 0 {
                    vec![Self::Finish(p, f), Self::Ready(p, f)]
                } else {
                    Vec::new()
                };
                let describe = (!file.alt_text.is_empty()).then_some(Self::Describe(p, f));
                let next = piece
                    .chain(after)
                    .chain(describe)
                    .find(|stage| !stage.is_done(done));
                if next.is_some() {
                    return next;
                }
            }
        }
        let comment = request.text_option("firstComment").map(|_| Self::Comment);
        (0..request.parts.len())
            .map(Self::Post)
            .chain(comment)
            .find(|stage| !stage.is_done(done))
    }

    /// The part of the thread that it is about.
    const fn part(self) -> usize {
        match self {
            Self::Media(part, _)
            | Self::Piece(part, ..)
            | Self::Finish(part, _)
            | Self::Ready(part, _)
            | Self::Describe(part, _)
            | Self::Post(part) => part,
            Self::Comment => 0,
        }
    }

    /// The step, as the engine journals it.
    pub(super) fn step(self, request: &PublishRequest) -> Step {
        Step {
            name: self.to_string(),
            public: matches!(self, Self::Post(_) | Self::Comment),
            idempotency_key: None,
            fingerprint: step::fingerprint(request, self.part()),
        }
    }
}
