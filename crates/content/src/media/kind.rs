//! The file types that are accepted, told by their content.
//!
//! Types that a browser would run as a page (HTML, SVG) are not among them.

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
];

/// Bytes from a file's start that are enough to tell its type.
pub const ENOUGH_TO_TELL: usize = 8 << 10;

/// The type of a file that starts with `start`, if it is an accepted one.
pub fn detect(start: &[u8]) -> Option<FileType> {
    let mime = infer::get(start)?.mime_type();
    ACCEPTED
        .iter()
        .copied()
        .find(|accepted| accepted.mime == mime)
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
    ACCEPTED
        .iter()
        .copied()
        .find(|accepted| accepted.extension == extension)
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
        ACCEPTED
            .iter()
            .find(|accepted| accepted.extension == extension)
            .map(|accepted| accepted.media_type)
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
