//! Sending a video in pieces: developers.tiktok.com/doc/content-posting-api-media-transfer-guide
//! (state of November 2026). The address that `init` gives is the key to it: requests to it carry
//! no token.

use std::ops::Range;

use reqwest::{
    Body, Method, StatusCode,
    header::{CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE},
};
use url::Url;

use super::{api, error};
use crate::{
    Net, NetworkError,
    connector::{MediaFile, UPLOAD_TIMEOUT},
};

/// Bytes of a piece. TikTok takes 5 to 64 MB, and up to 128 MB for the last one.
const CHUNK: u64 = 10_000_000;

/// How a file is cut. What is left over belongs to the last piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Plan {
    pub(super) bytes: u64,
    pub(super) chunk: u64,
    pub(super) count: u64,
}

impl Plan {
    pub(super) fn of(bytes: u64) -> Self {
        let chunk = CHUNK.min(bytes.max(1));
        Self {
            bytes,
            chunk,
            count: bytes / chunk,
        }
    }

    /// Where the last piece begins.
    pub(super) fn last(self) -> u64 {
        (self.count.max(1) - 1) * self.chunk
    }

    /// The piece that begins at `from`.
    fn piece(self, from: u64) -> Range<u64> {
        if from >= self.last() {
            from..self.bytes
        } else {
            from..from + self.chunk
        }
    }
}

/// What TikTok answered to a piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Taken {
    /// There is more to come.
    Piece,
    /// That was the last one.
    All,
    /// It has other pieces than we think: ask it.
    OutOfStep,
    /// The address is not valid any more.
    Expired,
}

/// Sends the piece that begins at `from`; answers where the next one begins.
pub(super) async fn send(
    net: &Net,
    url: &Url,
    file: &dyn MediaFile,
    plan: Plan,
    from: u64,
) -> Result<(Taken, u64), NetworkError> {
    let Range { start, end } = plan.piece(from);
    let body = Body::wrap_stream(file.stream(start..end));
    let answer = api::send(net, Method::PUT, url.clone(), |request| {
        request
            .timeout(UPLOAD_TIMEOUT)
            .header(CONTENT_TYPE, &file.facts().mime_type)
            .header(CONTENT_LENGTH, end - start)
            .header(
                CONTENT_RANGE,
                format!("bytes {start}-{}/{}", end - 1, plan.bytes),
            )
            .body(body)
    })
    .await?;
    let taken = match answer.status {
        StatusCode::PARTIAL_CONTENT => Taken::Piece,
        status if status.is_success() => Taken::All,
        StatusCode::RANGE_NOT_SATISFIABLE => Taken::OutOfStep,
        StatusCode::FORBIDDEN | StatusCode::NOT_FOUND => Taken::Expired,
        StatusCode::TOO_MANY_REQUESTS => {
            return Err(error::parse_error(&answer, net.env.now())
                .unwrap_or_else(|| error::unreadable(&answer, "a piece was not taken")));
        }
        status if status.is_client_error() => {
            return Err(NetworkError::refused(
                crate::ErrorKind::Refused,
                "TikTok did not take a piece of the video. Please try again.",
                format!("HTTP {} to a piece", status.as_u16()),
            ));
        }
        // "You should retry submitting this chunk."
        _ => return Err(error::unreadable(&answer, "a piece was not taken")),
    };
    Ok((taken, end))
}
