//! Serves files by their signed addresses.

use std::io;

use axum::{
    body::Body,
    extract::State,
    http::{
        HeaderMap, HeaderName, HeaderValue, StatusCode,
        header::{
            ACCEPT_RANGES, CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_LENGTH,
            CONTENT_RANGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, IF_RANGE,
            RANGE, X_CONTENT_TYPE_OPTIONS,
        },
    },
    response::{IntoResponse, Response},
};
use http_kit::{Path, Query, Result};
use kernel::{Code, Problem, TenantId};
use serde::Deserialize;

use crate::{
    Content, ContentId,
    media::{MediaType, file::StoredFile, kind},
};

#[derive(Deserialize)]
pub(super) struct Signature {
    exp: i64,
    sig: String,
}

/// `GET /media/{tenant}/{id}/{variant}?exp&sig`: the file, whole or in part. `HEAD` likewise.
pub(super) async fn serve(
    State(content): State<Content>,
    Path((tenant, id, variant)): Path<(TenantId, ContentId, String)>,
    Query(Signature { exp, sig }): Query<Signature>,
    headers: HeaderMap,
) -> Result<Response> {
    let now = content.env.now().as_seconds();
    if !content.signer.is_valid(tenant, id, &variant, exp, &sig) {
        return Err(Problem::new(
            Code::Forbidden,
            "This address of a file is not a valid one.",
        )
        .into());
    }
    if exp <= now {
        let message = "This address of a file has expired. Load the page that shows it again.";
        return Err(Problem::new(Code::Forbidden, message).into());
    }
    let file_type = kind::of_variant(&variant).ok_or_else(gone)?;
    // A variant is never rewritten, so its name is as good as a fingerprint.
    let tag = format!("\"{id}-{variant}\"");
    let inline = !matches!(file_type.media_type, MediaType::Document);
    let disposition = if inline {
        "inline".to_owned()
    } else {
        format!("attachment; filename=\"{variant}\"")
    };
    let common: [(HeaderName, String); 8] = [
        (CACHE_CONTROL, format!("private, max-age={}, immutable", exp - now)),
        (ETAG, tag.clone()),
        (CONTENT_TYPE, file_type.mime.to_owned()),
        (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (CONTENT_DISPOSITION, disposition),
        // Whatever a file holds, opened by itself it is no page of ours and runs nothing.
        (CONTENT_SECURITY_POLICY, "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; sandbox".to_owned()),
        (ACCEPT_RANGES, "bytes".to_owned()),
        // A file is not compressed on its way: networks that fetch it want to know its length.
        (CONTENT_ENCODING, "identity".to_owned()),
    ];
    let header = |name: &HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    if header(&IF_NONE_MATCH).is_some_and(|tags| tags.split(',').any(|known| known.trim() == tag)) {
        return Ok((StatusCode::NOT_MODIFIED, common).into_response());
    }
    let path = content.media.storage.path(tenant, id, &variant);
    let file = StoredFile::open(path).await.map_err(absent)?;
    let size = file.bytes();
    let asked = header(&RANGE)
        .filter(|_| header(&IF_RANGE).is_none_or(|known| known == tag))
        .and_then(Asked::parse);
    let (status, range) = match asked.map(|asked| asked.of(size)) {
        None => (StatusCode::OK, 0..size),
        Some(Some(range)) => (StatusCode::PARTIAL_CONTENT, range),
        Some(None) => {
            let unsatisfied = [(CONTENT_RANGE, format!("bytes */{size}"))];
            return Ok((StatusCode::RANGE_NOT_SATISFIABLE, unsatisfied).into_response());
        }
    };
    let length = HeaderValue::from(range.end - range.start);
    let sent = format!(
        "bytes {}-{}/{size}",
        range.start,
        range.end.saturating_sub(1)
    );
    let body = Body::from_stream(file.stream(range));
    let mut response = (status, common, body).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_LENGTH, length);
    if status == StatusCode::PARTIAL_CONTENT {
        let sent = HeaderValue::from_str(&sent).map_err(Problem::internal)?;
        headers.insert(CONTENT_RANGE, sent);
    }
    Ok(response)
}

fn gone() -> Problem {
    Problem::not_found("file")
}

fn absent(error: io::Error) -> Problem {
    match error.kind() {
        io::ErrorKind::NotFound => gone(),
        _ => Problem::internal(error),
    }
}

/// One range of bytes, as asked for (RFC 9110 §14.1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asked {
    From(u64, Option<u64>),
    Last(u64),
}

impl Asked {
    /// Reads the header. Several ranges, or another unit, are as if none had been asked for.
    fn parse(header: &str) -> Option<Self> {
        let (first, last) = header.strip_prefix("bytes=")?.split_once('-')?;
        match (first.trim(), last.trim()) {
            ("", last) => last.parse().ok().map(Self::Last),
            (first, "") => Some(Self::From(first.parse().ok()?, None)),
            (first, last) => {
                let (first, last) = (first.parse().ok()?, last.parse().ok()?);
                (first <= last).then_some(Self::From(first, Some(last)))
            }
        }
    }

    /// The bytes of a file of this size, unless there are none.
    fn of(self, size: u64) -> Option<std::ops::Range<u64>> {
        let range = match self {
            Self::From(first, last) => {
                first..last.map_or(size, |last| last.saturating_add(1).min(size))
            }
            Self::Last(count) => size.saturating_sub(count)..size,
        };
        (range.start < range.end).then_some(range)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read_as_the_standard_says() {
        let range = |header| Asked::parse(header).and_then(|asked| asked.of(100));
        assert_eq!(range("bytes=0-9"), Some(0..10));
        assert_eq!(range("bytes=90-"), Some(90..100));
        assert_eq!(range("bytes=-5"), Some(95..100));
        assert_eq!(range("bytes=-500"), Some(0..100));
        assert_eq!(range("bytes=50-5000"), Some(50..100));
        assert_eq!(range("bytes=100-"), None);
        assert_eq!(range("bytes=-0"), None);
        for ignored in [
            "bytes=0-1,5-6",
            "lines=1-2",
            "bytes=9-1",
            "bytes=a-b",
            "bytes",
        ] {
            assert_eq!(Asked::parse(ignored), None, "{ignored}");
        }
    }
}
