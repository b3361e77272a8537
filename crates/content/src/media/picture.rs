//! Reading an image: its size, its pixels the right way up, its thumbnail.
//!
//! All of this is slow and may be hostile, so it runs on threads of its own, a few at a time,
//! and the number of pixels is checked before any is decoded.

use std::{io::Cursor, sync::Arc};

use image::{
    DynamicImage, ExtendedColorType, ImageDecoder, ImageEncoder, ImageFormat, ImageReader, Limits,
    codecs::{jpeg::JpegEncoder, png::PngEncoder, webp::WebPEncoder},
    metadata::Orientation,
};
use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    task::spawn_blocking,
};

use super::{Facts, fault::Fault, gif, strip};

/// Pixels of a thumbnail's longer side.
const THUMBNAIL_SIDE: u32 = 640;
/// JPEG quality of a thumbnail.
const THUMBNAIL_QUALITY: u8 = 82;
/// Bytes a decoder may allocate, its result included.
const DECODER_BYTES: u64 = 512 << 20;
/// Images decoded at the same time, by the whole process.
const AT_ONCE: usize = 2;
/// Videos encoded at the same time, by the whole process.
const ENCODERS: usize = 1;

/// Runs work on images on threads of their own, a few at a time, and keeps videos in a queue.
#[derive(Clone, Debug)]
pub struct Workshop {
    places: Arc<Semaphore>,
    encoders: Arc<Semaphore>,
    ahead: Arc<Semaphore>,
}

impl Default for Workshop {
    fn default() -> Self {
        Self {
            places: Arc::new(Semaphore::new(AT_ONCE)),
            encoders: Arc::new(Semaphore::new(ENCODERS)),
            ahead: Arc::new(Semaphore::new(1)),
        }
    }
}

impl Workshop {
    /// A place to encode a video at, until it is dropped. (The semaphore is never closed.)
    pub async fn encoder(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.encoders).acquire_owned().await.ok()
    }

    /// A turn to give a video to the encoder that nobody waits for yet, until it is dropped.
    pub async fn turn(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.ahead).acquire_owned().await.ok()
    }

    /// Runs `work` when there is room for it.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        // The semaphore is never closed; and work that panics is a decoder's fault with the file.
        let place = Arc::clone(&self.places).acquire_owned().await;
        spawn_blocking(move || {
            let _place = place;
            work()
        })
        .await
        .unwrap_or_else(|panic| Err(Fault::Broken(panic.to_string())))
    }
}

/// What an image's header tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Header {
    /// Pixels across, as stored.
    pub width: u32,
    /// Pixels down, as stored.
    pub height: u32,
    /// How to turn it for it to be upright.
    pub orientation: Orientation,
}

/// An image's pixels, upright.
pub struct Picture {
    /// The pixels.
    pub image: DynamicImage,
    /// The profile that says what its colours mean, if it has one for RGB.
    pub colours: Option<Vec<u8>>,
}

fn reader<'a>(mime: &str, file: &'a [u8]) -> Result<ImageReader<Cursor<&'a [u8]>>, Fault> {
    let format = ImageFormat::from_mime_type(mime)
        .ok_or_else(|| Fault::Broken(format!("{mime} is not a type that is decoded")))?;
    let mut reader = ImageReader::with_format(Cursor::new(file), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(DECODER_BYTES);
    reader.limits(limits);
    Ok(reader)
}

/// Reads the header alone.
pub fn header(mime: &str, file: &[u8]) -> Result<Header, Fault> {
    let mut decoder = reader(mime, file)?.into_decoder()?;
    let (width, height) = decoder.dimensions();
    Ok(Header {
        width,
        height,
        orientation: decoder.orientation()?,
    })
}

/// Decodes an image of at most `max_pixels` and turns it upright.
pub fn decode(mime: &str, file: &[u8], max_pixels: u64) -> Result<Picture, Fault> {
    let mut decoder = reader(mime, file)?.into_decoder()?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > max_pixels || decoder.total_bytes() > DECODER_BYTES {
        return Err(Fault::TooManyPixels { width, height });
    }
    // The decoder fills what is missing of a JPEG with grey instead of failing.
    if mime == "image/jpeg" && strip::metadata(mime, file).is_none() {
        return Err(Fault::Broken("the JPEG has no end".to_owned()));
    }
    let orientation = decoder.orientation()?;
    let colours = decoder
        .icc_profile()?
        .filter(|profile| profile.get(16..20) == Some(b"RGB "));
    let mut image = DynamicImage::from_decoder(decoder)?;
    image.apply_orientation(orientation);
    Ok(Picture { image, colours })
}

/// A thumbnail, ready to be stored.
pub struct Thumbnail {
    /// Its variant: `thumbnail.jpg` or `thumbnail.webp`.
    pub variant: &'static str,
    /// The encoded image.
    pub bytes: Vec<u8>,
}

/// Reads a whole image: proves that it is sound, measures it and makes its thumbnail.
pub fn inspect(mime: &str, file: &[u8], max_pixels: u64) -> Result<(Facts, Thumbnail), Fault> {
    let picture = decode(mime, file, max_pixels)?;
    let (width, height) = (picture.image.width(), picture.image.height());
    let small = if width.max(height) > THUMBNAIL_SIDE {
        Picture {
            image: picture.image.thumbnail(THUMBNAIL_SIDE, THUMBNAIL_SIDE),
            colours: picture.colours,
        }
    } else {
        picture
    };
    let thumbnail = if small.is_opaque() {
        Thumbnail {
            variant: "thumbnail.jpg",
            bytes: small.jpeg(THUMBNAIL_QUALITY)?,
        }
    } else {
        Thumbnail {
            variant: "thumbnail.webp",
            bytes: small.webp()?,
        }
    };
    let moves = if mime == "image/gif" {
        Some(gif::movement(file)?).filter(|movement| movement.frames > 1)
    } else {
        None
    };
    let facts = Facts {
        width: Some(width),
        height: Some(height),
        duration_ms: moves.map(|movement| movement.duration_ms),
        thumbnail: Some(thumbnail.variant.to_owned()),
        ..Facts::default()
    };
    Ok((facts, thumbnail))
}

impl Picture {
    /// Whether nothing shines through it.
    pub fn is_opaque(&self) -> bool {
        !self.image.color().has_alpha()
            || self
                .image
                .to_rgba8()
                .pixels()
                .all(|pixel| pixel[3] == u8::MAX)
    }

    /// The same picture, no side longer than `side` pixels.
    #[must_use]
    pub fn at_most(self, side: u32) -> Self {
        if self.image.width().max(self.image.height()) <= side {
            return self;
        }
        let image = self
            .image
            .resize(side, side, image::imageops::FilterType::Lanczos3);
        Self {
            image,
            colours: self.colours,
        }
    }

    /// The same picture before a white wall.
    #[must_use]
    pub fn on_white(self) -> Self {
        let mut pixels = self.image.to_rgba8();
        for pixel in pixels.pixels_mut() {
            let [channels @ .., alpha] = &mut pixel.0;
            for channel in channels {
                let over = u16::from(*channel) * u16::from(*alpha) + 255 * u16::from(255 - *alpha);
                *channel = u8::try_from(over / 255).unwrap_or(u8::MAX);
            }
            *alpha = u8::MAX;
        }
        Self {
            image: DynamicImage::from(DynamicImage::from(pixels).to_rgb8()),
            colours: self.colours,
        }
    }

    /// Encodes it as JPEG, which forgets what shines through.
    pub fn jpeg(&self, quality: u8) -> Result<Vec<u8>, Fault> {
        let mut out = Vec::new();
        let pixels = self.image.to_rgb8();
        let encoder = JpegEncoder::new_with_quality(&mut out, quality);
        self.encode(encoder, &pixels, ExtendedColorType::Rgb8)?;
        Ok(out)
    }

    /// Encodes it as PNG.
    pub fn png(&self) -> Result<Vec<u8>, Fault> {
        let mut out = Vec::new();
        self.encode(
            PngEncoder::new(&mut out),
            &self.image.to_rgba8(),
            ExtendedColorType::Rgba8,
        )?;
        Ok(out)
    }

    /// Encodes it as lossless WebP.
    pub fn webp(&self) -> Result<Vec<u8>, Fault> {
        let mut out = Vec::new();
        self.encode(
            WebPEncoder::new_lossless(&mut out),
            &self.image.to_rgba8(),
            ExtendedColorType::Rgba8,
        )?;
        Ok(out)
    }

    fn encode(
        &self,
        mut encoder: impl ImageEncoder,
        pixels: &[u8],
        colour: ExtendedColorType,
    ) -> Result<(), Fault> {
        if let Some(profile) = &self.colours {
            encoder
                .set_icc_profile(profile.clone())
                .map_err(|error| Fault::Broken(error.to_string()))?;
        }
        Ok(encoder.write_image(pixels, self.image.width(), self.image.height(), colour)?)
    }
}
