//! The file types that are accepted, told by their content.
//!
//! Types that a browser would run as a page (HTML, SVG) are not among them.

use super::caption;

kernel::text_enum! {
    /// What kind of file it is.
    pub enum MediaType {
        /// A still or animated image.
        Image = "image",
        /// A film.
        Video = "video",
        /// Sound.
        Audio = "audio",
        /// A page to read.
        Document = "document",
        /// What is said in a video, to be read along.
        Caption = "caption",
    }
}

/// One accepted file type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileType {
    /// Its media type.
    pub mime: &'static str,
    /// Its usual file name ending.
    pub extension: &'static str,
    /// What kind of file that is.
    pub media_type: MediaType,
}

const fn of(mime: &'static str, extension: &'static str, media_type: MediaType) -> FileType {
    FileType {
        mime,
        extension,
        media_type,
    }
}

/// Every accepted file type.
pub const ACCEPTED: &[FileType] = &[
    of("image/jpeg", "jpg", MediaType::Image),
    of("image/png", "png", MediaType::Image),
    of("image/webp", "webp", MediaType::Image),
    of("image/gif", "gif", MediaType::Image),
    of("video/mp4", "mp4", MediaType::Video),
    of("video/x-m4v", "m4v", MediaType::Video),
    of("video/quicktime", "mov", MediaType::Video),
    of("video/webm", "webm", MediaType::Video),
    of("audio/mpeg", "mp3", MediaType::Audio),
    of("audio/m4a", "m4a", MediaType::Audio),
    of("audio/aac", "aac", MediaType::Audio),
    of("audio/ogg", "ogg", MediaType::Audio),
    of("audio/x-flac", "flac", MediaType::Audio),
    of("audio/x-wav", "wav", MediaType::Audio),
    of("application/pdf", "pdf", MediaType::Document),
    of(
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "docx",
        MediaType::Document,
    ),
    of(
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "xlsx",
        MediaType::Document,
    ),
    of(
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "pptx",
        MediaType::Document,
    ),
    of("application/x-subrip", "srt", MediaType::Caption),
    of("text/vtt", "vtt", MediaType::Caption),
];

/// Bytes from a file's start that are enough to tell its type.
pub const ENOUGH_TO_TELL: usize = 8 << 10;

/// What a file's first bytes tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    /// Its type.
    Known(FileType),
    /// It is a ZIP: a document, if its list of contents, which is at its end, says so.
    Zip,
}

/// What the first bytes of a file tell, if it may be an accepted one.
pub fn detect(start: &[u8]) -> Option<Start> {
    if start.starts_with(b"PK\x03\x04") {
        return Some(Start::Zip);
    }
    if let Some(captions) = captions(start) {
        return by_extension(captions).map(Start::Known);
    }
    let found = infer::get(start).map(|found| found.mime_type());
    // Cameras invent brands of MP4.
    let mime = match found {
        None if start.get(4..8) == Some(b"ftyp") => "video/mp4",
        found => found?,
    };
    ACCEPTED
        .iter()
        .copied()
        .find(|accepted| accepted.mime == mime)
        .map(Start::Known)
}

fn captions(start: &[u8]) -> Option<&'static str> {
    // They may end within a letter, or be in another encoding, but numbers and times are ASCII.
    let text = match std::str::from_utf8(start) {
        Ok(text) => text,
        Err(error) => std::str::from_utf8(&start[..error.valid_up_to()]).ok()?,
    };
    [("vtt", true), ("srt", false)]
        .into_iter()
        .find_map(|(extension, is_vtt)| caption::begins(text, is_vtt).then_some(extension))
}

/// The accepted type with this file name ending.
pub fn by_extension(extension: &str) -> Option<FileType> {
    ACCEPTED
        .iter()
        .copied()
        .find(|accepted| accepted.extension == extension)
}

/// The file name ending of an accepted media type.
pub fn extension(mime: &str) -> &'static str {
    ACCEPTED
        .iter()
        .find(|accepted| accepted.mime == mime)
        .map_or("bin", |accepted| accepted.extension)
}

/// The accepted type of a stored variant, by its ending: `original.jpg`.
pub fn of_variant(variant: &str) -> Option<FileType> {
    let (_, extension) = variant.rsplit_once('.')?;
    by_extension(extension)
}

/// What kind of file somebody says that he sends, by media type or else by file name; `None`
/// where neither says anything.
pub fn declared(mime: Option<&str>, file_name: &str) -> Option<MediaType> {
    let by_mime = mime.and_then(|mime| {
        let (family, _) = mime.split_once('/')?;
        match family.to_ascii_lowercase().as_str() {
            "image" => Some(MediaType::Image),
            "video" => Some(MediaType::Video),
            "audio" => Some(MediaType::Audio),
            _ => ACCEPTED
                .iter()
                .find(|accepted| mime == accepted.mime)
                .map(|accepted| accepted.media_type),
        }
    });
    by_mime.or_else(|| {
        let (_, extension) = file_name.rsplit_once('.')?;
        let extension = extension.to_ascii_lowercase();
        let extension = if extension == "jpeg" {
            "jpg"
        } else {
            extension.as_str()
        };
        by_extension(extension).map(|accepted| accepted.media_type)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_browser_would_run_is_not_accepted() {
        for text in [
            "<svg xmlns=\"http://www.w3.org/2000/svg\"><script>alert(1)</script></svg>",
            "<?xml version=\"1.0\"?><svg/>",
            "<!DOCTYPE html><script>alert(1)</script>",
            "hello",
            "",
        ] {
            assert_eq!(detect(text.as_bytes()), None, "{text}");
        }
    }

    #[test]
    fn captions_zips_and_cameras_own_brands_are_known() {
        let extension = |start: &[u8]| match detect(start) {
            Some(Start::Known(found)) => Some(found.extension),
            _ => None,
        };
        assert_eq!(
            extension(b"WEBVTT\n\n00:01.000 --> 00:02.000\n\xc3"),
            Some("vtt")
        );
        assert_eq!(
            extension(b"\xef\xbb\xbf1\r\n00:00:01,000 --> 00:00:02,000\r\nGr\xfc"),
            Some("srt")
        );
        assert_eq!(extension(b"\0\0\0\x14ftypXAVC\0\0\0\0XAVC"), Some("mp4"));
        assert_eq!(extension(b"\0\0\0\x14ftypheic\0\0\0\0heic"), None);
        assert_eq!(
            extension(b"#EXTM3U\n#EXTINF:10\nhttp://127.0.0.1/x.ts"),
            None
        );
        assert_eq!(detect(b"PK\x03\x04"), Some(Start::Zip));
    }

    #[test]
    fn endings_lead_back_to_their_type() {
        for accepted in ACCEPTED {
            assert_eq!(
                of_variant(&format!("original.{}", accepted.extension)),
                Some(*accepted)
            );
            assert_eq!(extension(accepted.mime), accepted.extension);
        }
        assert_eq!(of_variant("original.html"), None);
        assert_eq!(of_variant("original"), None);
    }

    #[test]
    fn the_declared_kind_is_read_from_type_or_name() {
        assert_eq!(declared(Some("image/heic"), "x"), Some(MediaType::Image));
        assert_eq!(
            declared(Some("application/octet-stream"), "a.JPEG"),
            Some(MediaType::Image)
        );
        assert_eq!(
            declared(Some("application/pdf"), "a"),
            Some(MediaType::Document)
        );
        assert_eq!(declared(None, "notes"), None);
    }
}
