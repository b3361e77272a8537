//! Images made to fit a network.

use image::{DynamicImage, GenericImageView, ImageFormat, RgbaImage, load_from_memory};
use networks::descriptor::ImageRules;

use super::samples::{encoded, photo, turned_jpeg};
use crate::media::{fault::Fault, render::fit};

pub(super) const ALL: &[&str] = &["image/jpeg", "image/png", "image/webp"];

pub(super) fn rules(max_bytes: u64, max_side: u32, types: &'static [&'static str]) -> ImageRules {
    ImageRules {
        types,
        max_bytes,
        max_side,
        min_side: 1,
        aspect: None,
    }
}

const PIXELS: u64 = 100_000_000;

#[test]
fn an_image_within_the_rules_keeps_every_pixel() {
    for (format, mime) in [
        (ImageFormat::Jpeg, "image/jpeg"),
        (ImageFormat::Png, "image/png"),
        (ImageFormat::WebP, "image/webp"),
    ] {
        let file = encoded(100, 50, format);
        let rendered = fit(mime, &file, &rules(1 << 20, 4096, ALL), PIXELS).unwrap();
        assert_eq!(rendered.bytes, file);
        assert_eq!(
            (&*rendered.mime_type, rendered.width, rendered.height),
            (mime, 100, 50)
        );
    }
}

#[test]
fn a_turned_image_is_turned_back_and_tells_no_place() {
    let rendered = fit(
        "image/jpeg",
        &turned_jpeg(200, 100),
        &rules(1 << 20, 4096, ALL),
        PIXELS,
    )
    .unwrap();
    assert_eq!((rendered.width, rendered.height), (100, 200));
    assert!(!rendered.bytes.windows(3).any(|window| window == b"GPS"));
    let image = load_from_memory(&rendered.bytes).unwrap();
    assert_eq!(image.dimensions(), (100, 200));
    // What was at the bottom left is at the top left now: orientation 6 is a turn clockwise.
    let (before, after) = (photo(200, 100), image.to_rgb8());
    let close = |a: u8, b: u8| a.abs_diff(b) < 60;
    let (corner, turned) = (before.get_pixel(0, 99), after.get_pixel(0, 0));
    assert!(close(corner[2], turned[2]), "{corner:?} {turned:?}");
}

#[test]
fn an_image_is_made_as_small_as_the_network_wants_it() {
    let file = encoded(3000, 1500, ImageFormat::Png);
    let rendered = fit("image/png", &file, &rules(400_000, 2000, ALL), PIXELS).unwrap();
    assert!(rendered.bytes.len() <= 400_000);
    assert_eq!(rendered.mime_type, "image/jpeg");
    assert!(rendered.width <= 2000 && rendered.width.abs_diff(rendered.height * 2) <= 2);
    let image = load_from_memory(&rendered.bytes).unwrap();
    assert_eq!(image.dimensions(), (rendered.width, rendered.height));
    // A gentler limit costs less.
    let gentle = fit("image/png", &file, &rules(2_000_000, 2000, ALL), PIXELS).unwrap();
    assert!(gentle.bytes.len() > rendered.bytes.len());
}

#[test]
fn a_type_that_the_network_does_not_take_is_converted() {
    let file = encoded(60, 40, ImageFormat::WebP);
    let rendered = fit(
        "image/webp",
        &file,
        &rules(1 << 20, 4096, &["image/jpeg", "image/png"]),
        PIXELS,
    )
    .unwrap();
    assert_eq!(rendered.mime_type, "image/jpeg");
    let gif = encoded(60, 40, ImageFormat::Gif);
    let rendered = fit(
        "image/gif",
        &gif,
        &rules(1 << 20, 4096, &["image/png"]),
        PIXELS,
    )
    .unwrap();
    assert_eq!(rendered.mime_type, "image/png");
}

#[test]
fn what_shines_through_stays_so_where_it_can() {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let mut glass = DynamicImage::from(photo(400, 300)).to_rgba8();
    glass.pixels_mut().for_each(|pixel| pixel[3] = 0);
    DynamicImage::from(glass)
        .write_to(&mut bytes, ImageFormat::WebP)
        .unwrap();
    let file = bytes.into_inner();
    let png = fit(
        "image/webp",
        &file,
        &rules(1 << 20, 4096, &["image/jpeg", "image/png"]),
        PIXELS,
    )
    .unwrap();
    assert_eq!(png.mime_type, "image/png");
    assert_eq!(
        load_from_memory(&png.bytes)
            .unwrap()
            .to_rgba8()
            .get_pixel(0, 0)[3],
        0
    );
    // No room for a PNG, or none taken: white behind it, not black.
    for rules in [
        rules(20_000, 4096, &["image/jpeg", "image/png"]),
        rules(1 << 20, 4096, &["image/jpeg"]),
    ] {
        let jpeg = fit("image/webp", &file, &rules, PIXELS).unwrap();
        assert_eq!(jpeg.mime_type, "image/jpeg");
        let pixel = *load_from_memory(&jpeg.bytes)
            .unwrap()
            .to_rgb8()
            .get_pixel(5, 5);
        assert!(pixel.0.iter().all(|channel| *channel > 250), "{pixel:?}");
    }
}

#[test]
fn rules_that_nothing_fits_are_told() {
    let file = encoded(500, 500, ImageFormat::Png);
    assert_eq!(
        fit("image/png", &file, &rules(100, 4096, ALL), PIXELS).unwrap_err(),
        Fault::DoesNotFit
    );
    assert_eq!(
        fit(
            "image/png",
            &file,
            &rules(100, 4096, &["image/png"]),
            PIXELS
        )
        .unwrap_err(),
        Fault::DoesNotFit
    );
    assert!(matches!(
        fit("image/png", &file, &rules(100, 100, ALL), 1_000).unwrap_err(),
        Fault::TooManyPixels {
            width: 500,
            height: 500
        }
    ));
}

#[test]
fn an_opaque_png_with_an_alpha_channel_may_become_a_jpeg() {
    let mut bytes = std::io::Cursor::new(Vec::new());
    let opaque: RgbaImage = DynamicImage::from(photo(400, 300)).to_rgba8();
    DynamicImage::from(opaque)
        .write_to(&mut bytes, ImageFormat::Png)
        .unwrap();
    let rendered = fit(
        "image/png",
        bytes.get_ref(),
        &rules(100_000, 4096, ALL),
        PIXELS,
    )
    .unwrap();
    assert_eq!(rendered.mime_type, "image/jpeg");
}
