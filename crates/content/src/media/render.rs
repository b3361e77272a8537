//! An image of the library, made to fit a network's rules.

use image::metadata::Orientation;
use networks::{connector::RenderedImage, descriptor::ImageRules};

use super::{
    fault::Fault,
    picture::{Picture, decode, header},
    strip,
};

/// JPEG qualities that are tried, best first, before the image is made smaller.
const QUALITIES: [u8; 4] = [90, 82, 74, 66];
/// An image is not made smaller than this many pixels on its longer side.
const SMALLEST_SIDE: u32 = 256;

/// The image, upright and without metadata; made smaller or re-encoded only if it breaks `rules`.
pub fn fit(
    mime: &str,
    file: &[u8],
    rules: &ImageRules,
    max_pixels: u64,
) -> Result<RenderedImage, Fault> {
    if let Some(untouched) = as_it_is(mime, file, rules)? {
        return Ok(untouched);
    }
    let takes = |mime: &str| rules.types.contains(&mime);
    let mut picture = decode(mime, file, max_pixels)?.at_most(rules.max_side);
    let opaque = picture.is_opaque();
    if !(opaque && takes("image/jpeg")) {
        if takes("image/png") {
            if let Some(rendered) = within(rules, "image/png", picture.png()?, &picture) {
                return Ok(rendered);
            }
        } else if takes("image/webp")
            && let Some(rendered) = within(rules, "image/webp", picture.webp()?, &picture)
        {
            return Ok(rendered);
        }
        picture = picture.on_white();
    }
    if !takes("image/jpeg") {
        return Err(Fault::DoesNotFit);
    }
    loop {
        for quality in QUALITIES {
            if let Some(rendered) = within(rules, "image/jpeg", picture.jpeg(quality)?, &picture) {
                return Ok(rendered);
            }
        }
        let side = picture.image.width().max(picture.image.height()) / 5 * 4;
        if side < SMALLEST_SIDE {
            return Err(Fault::DoesNotFit);
        }
        picture = picture.at_most(side);
    }
}

/// The file itself, if nothing but its metadata has to change.
fn as_it_is(mime: &str, file: &[u8], rules: &ImageRules) -> Result<Option<RenderedImage>, Fault> {
    let header = header(mime, file)?;
    let fits = rules.types.contains(&mime)
        && header.width.max(header.height) <= rules.max_side
        && header.orientation == Orientation::NoTransforms;
    let stripped = if fits {
        strip::metadata(mime, file)
    } else {
        None
    };
    Ok(stripped
        .filter(|bytes| bytes.len() as u64 <= rules.max_bytes)
        .map(|bytes| RenderedImage {
            bytes: bytes.into(),
            mime_type: mime.to_owned(),
            width: header.width,
            height: header.height,
        }))
}

fn within(
    rules: &ImageRules,
    mime: &str,
    bytes: Vec<u8>,
    picture: &Picture,
) -> Option<RenderedImage> {
    (bytes.len() as u64 <= rules.max_bytes).then(|| RenderedImage {
        bytes: bytes.into(),
        mime_type: mime.to_owned(),
        width: picture.image.width(),
        height: picture.image.height(),
    })
}
