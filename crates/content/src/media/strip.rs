//! Takes metadata (place, camera, author, comments) out of an image without touching its pixels.
//!
//! Colour profiles stay: without them the colours would change. A file whose structure can't be
//! followed answers `None`, and is better re-encoded.

use super::gif;

/// The image without its metadata, or `None` where its structure can't be followed.
pub fn metadata(mime: &str, file: &[u8]) -> Option<Vec<u8>> {
    match mime {
        "image/jpeg" => jpeg(file),
        "image/png" => png(file),
        "image/webp" => webp(file),
        "image/gif" => gif::strip(file),
        _ => None,
    }
}

/// Drops the APPn segments but JFIF, ICC and Adobe's colour transform, and comments
/// (ITU-T T.81 §B.1.1.4). Ends at the image's end: cameras append whole further images.
fn jpeg(file: &[u8]) -> Option<Vec<u8>> {
    let mut rest = file.strip_prefix(&[0xff, 0xd8])?;
    let mut out = vec![0xff, 0xd8];
    loop {
        let [0xff, marker, ..] = *rest else {
            return None;
        };
        match marker {
            // Any number of fill bytes may come before a marker.
            0xff => {
                rest = &rest[1..];
                continue;
            }
            0xd9 => {
                out.extend_from_slice(&[0xff, 0xd9]);
                return Some(out);
            }
            _ => {}
        }
        let length = u16::from_be_bytes([*rest.get(2)?, *rest.get(3)?]);
        let (segment, after) = rest.split_at_checked(2 + usize::from(length))?;
        let drop = match marker {
            0xe0 | 0xee => false,
            0xe2 => !segment.get(4..)?.starts_with(b"ICC_PROFILE\0"),
            0xe1..=0xef | 0xfe => true,
            _ => false,
        };
        if !drop {
            out.extend_from_slice(segment);
        }
        rest = after;
        if marker == START_OF_SCAN {
            let (pixels, after) = after.split_at(scan_length(after)?);
            out.extend_from_slice(pixels);
            rest = after;
        }
    }
}

const START_OF_SCAN: u8 = 0xda;

/// Bytes of coded pixels before the next marker. Within them 0xff is only ever followed by a
/// stuffed zero or a restart marker.
fn scan_length(file: &[u8]) -> Option<usize> {
    file.windows(2)
        .position(|pair| pair[0] == 0xff && !matches!(pair[1], 0 | 0xd0..=0xd7 | 0xff))
}

/// Drops text, time and Exif chunks (PNG, third edition, §11.3).
fn png(file: &[u8]) -> Option<Vec<u8>> {
    const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
    let mut rest = file.strip_prefix(SIGNATURE)?;
    let mut out = SIGNATURE.to_vec();
    loop {
        let (length, _) = rest.split_first_chunk::<4>()?;
        let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
        let (chunk, after) = rest.split_at_checked(length.checked_add(12)?)?;
        let name = chunk.get(4..8)?;
        if !matches!(name, b"tEXt" | b"zTXt" | b"iTXt" | b"tIME" | b"eXIf") {
            out.extend_from_slice(chunk);
        }
        if name == b"IEND" {
            return Some(out);
        }
        rest = after;
    }
}

/// Drops the Exif and XMP chunks and their flags (RFC 9649 §2.7).
fn webp(file: &[u8]) -> Option<Vec<u8>> {
    const EXIF_FLAG: u8 = 0b0000_1000;
    const XMP_FLAG: u8 = 0b0000_0100;
    if file.get(..4)? != b"RIFF" || file.get(8..12)? != b"WEBP" {
        return None;
    }
    let mut out = file[..12].to_vec();
    let mut rest = &file[12..];
    while !rest.is_empty() {
        let length = u32::from_le_bytes(rest.get(4..8)?.try_into().ok()?);
        // Chunks are padded to an even length; some writers leave the last padding out.
        let length = usize::try_from(length).ok()?.checked_add(8)?;
        let padded = length.checked_add(length % 2)?.min(rest.len());
        let (chunk, after) = rest.split_at_checked(padded.max(length))?;
        match chunk.get(..4)? {
            b"EXIF" | b"XMP " => {}
            b"VP8X" => {
                let start = out.len();
                out.extend_from_slice(chunk);
                *out.get_mut(start + 8)? &= !(EXIF_FLAG | XMP_FLAG);
            }
            _ => out.extend_from_slice(chunk),
        }
        rest = after;
    }
    let size = u32::try_from(out.len() - 8).ok()?;
    out[4..8].copy_from_slice(&size.to_le_bytes());
    Some(out)
}

#[cfg(test)]
mod tests {
    use image::{DynamicImage, ImageFormat, RgbImage};
    use proptest::prelude::*;

    use super::*;

    fn encoded(format: ImageFormat) -> Vec<u8> {
        let image = DynamicImage::from(RgbImage::from_fn(20, 10, |x, y| {
            image::Rgb([
                u8::try_from(x * 12).unwrap(),
                u8::try_from(y * 25).unwrap(),
                128,
            ])
        }));
        let mut bytes = std::io::Cursor::new(Vec::new());
        image.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    fn pixels(bytes: &[u8]) -> RgbImage {
        image::load_from_memory(bytes).unwrap().to_rgb8()
    }

    #[test]
    fn jpeg_loses_exif_and_comments_but_no_pixel() {
        let plain = encoded(ImageFormat::Jpeg);
        let mut file = plain[..2].to_vec();
        file.extend_from_slice(b"\xff\xe1\x00\x12Exif\0\0GPS HERE!!");
        file.extend_from_slice(b"\xff\xfe\x00\x08SECRET");
        file.extend_from_slice(&plain[2..]);
        file.extend_from_slice(b"TRAILER");
        let stripped = metadata("image/jpeg", &file).unwrap();
        assert_eq!(stripped, plain);
        assert_eq!(pixels(&stripped), pixels(&file));
    }

    #[test]
    fn png_loses_text_but_no_pixel() {
        let plain = encoded(ImageFormat::Png);
        let ihdr_end = 8 + 25;
        let mut file = plain[..ihdr_end].to_vec();
        file.extend_from_slice(b"\0\0\0\x0dtEXtAuthor\0secret\0\0\0\0");
        file.extend_from_slice(&plain[ihdr_end..]);
        assert_eq!(metadata("image/png", &file).unwrap(), plain);
    }

    #[test]
    fn webp_loses_exif_but_no_pixel() {
        let plain = encoded(ImageFormat::WebP);
        let mut file = b"RIFF\0\0\0\0WEBPVP8X\x0a\0\0\0\x08\0\0\0\x13\0\0\x09\0\0".to_vec();
        file.extend_from_slice(&plain[12..]);
        file.extend_from_slice(b"EXIF\x05\0\0\0GPS!!\0");
        let size = u32::try_from(file.len() - 8).unwrap();
        file[4..8].copy_from_slice(&size.to_le_bytes());
        let stripped = metadata("image/webp", &file).unwrap();
        assert!(!stripped.windows(3).any(|window| window == b"GPS"));
        assert_eq!(stripped[20] & 8, 0);
        assert_eq!(pixels(&stripped), pixels(&plain));
    }

    proptest! {
        #[test]
        fn no_file_makes_it_stumble(mut bytes in prop::collection::vec(any::<u8>(), 0..200), kind in 0usize..3) {
            let (mime, start): (_, &[u8]) = [
                ("image/jpeg", &b"\xff\xd8\xff"[..]),
                ("image/png", b"\x89PNG\r\n\x1a\n"),
                ("image/webp", b"RIFF\0\0\0\0WEBP"),
            ][kind];
            bytes.splice(0..0, start.iter().copied());
            let _ = metadata(mime, &bytes);
        }
    }
}
