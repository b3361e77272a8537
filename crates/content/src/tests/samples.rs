//! Pictures and posts to test with.

use std::io::Cursor;

use accounts::SocialAccountId;
use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

use crate::{ContentId, NewPost, NewTarget, Part, PartMedia, TargetSettings};

/// A picture that no codec can pack into nothing.
pub(super) fn photo(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| {
        let [_, red, green, _] =
            (x.wrapping_mul(2_654_435_761) ^ y.wrapping_mul(40_503)).to_le_bytes();
        Rgb([red, green / 2 + x.to_le_bytes()[0] / 2, y.to_le_bytes()[0]])
    })
}

pub(super) fn encoded(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::from(photo(width, height))
        .write_to(&mut bytes, format)
        .unwrap();
    bytes.into_inner()
}

/// A JPEG that says it was taken with the camera turned by 90°, and where.
pub(super) fn turned_jpeg(width: u32, height: u32) -> Vec<u8> {
    let plain = encoded(width, height, ImageFormat::Jpeg);
    // One directory with one entry: tag 0x0112 (orientation), a short, 6: turn clockwise.
    let exif = b"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0GPS 51.5 N";
    let mut file = plain[..2].to_vec();
    file.extend_from_slice(&[0xff, 0xe1]);
    file.extend_from_slice(&u16::try_from(exif.len() + 2).unwrap().to_be_bytes());
    file.extend_from_slice(exif);
    file.extend_from_slice(&plain[2..]);
    file
}

pub(super) fn part(text: &str) -> Part {
    Part {
        text: text.to_owned(),
        media: Vec::new(),
    }
}

pub(super) fn part_with(text: &str, contents: &[ContentId]) -> Part {
    let media = contents.iter().map(|id| PartMedia {
        content_id: *id,
        alt_text: None,
    });
    Part {
        text: text.to_owned(),
        media: media.collect(),
    }
}

pub(super) fn for_account(id: SocialAccountId) -> NewTarget {
    NewTarget {
        social_account_id: id,
        override_: None,
        settings: TargetSettings::default(),
    }
}

/// A post of one part.
pub(super) fn new_post(text: &str, accounts: &[SocialAccountId]) -> NewPost {
    NewPost {
        parts: vec![part(text)],
        targets: accounts.iter().copied().map(for_account).collect(),
        ..NewPost::default()
    }
}
