//! The blocks of a GIF: whether all are there, how long it moves, and what of it is no picture.
//! <https://www.w3.org/Graphics/GIF/spec-gif89a.txt>

use super::fault::Fault;

/// What a walk along the blocks finds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Movement {
    /// Pictures.
    pub frames: u32,
    /// Milliseconds that one round takes.
    pub duration_ms: u64,
}

/// Walks along all blocks to the trailer, which a GIF that was cut does not have.
pub fn movement(file: &[u8]) -> Result<Movement, Fault> {
    walk(file, |_| {}).ok_or_else(|| Fault::Broken("its blocks do not reach the end".to_owned()))
}

/// The GIF without comments, texts and metadata, and without what follows its end.
pub fn strip(file: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(file.len());
    walk(file, |block| {
        let is_kept = match block {
            // What loops it; other applications' blocks hold metadata (XMP).
            [0x21, 0xff, 11, name @ ..] => name.starts_with(b"NETSCAPE2.0"),
            [0x21, 0xfe | 0x01, ..] => false,
            _ => true,
        };
        if is_kept {
            out.extend_from_slice(block);
        }
    })?;
    Some(out)
}

/// Hands each block to `visit`, header and trailer included.
fn walk<'a>(file: &'a [u8], mut visit: impl FnMut(&'a [u8])) -> Option<Movement> {
    let mut movement = Movement::default();
    let mut delay = 0;
    let flags = *file.get(10)?;
    let mut at = 13 + colours(flags);
    visit(file.get(..at)?);
    loop {
        let start = at;
        match *file.get(at)? {
            0x3b => {
                visit(file.get(start..=start)?);
                return Some(movement);
            }
            0x21 => {
                // A graphic control extension holds the delay of the picture after it.
                if file.get(at + 1..at + 3)? == [0xf9, 4] {
                    delay = u16::from_le_bytes([*file.get(at + 4)?, *file.get(at + 5)?]);
                }
                at = after_sub_blocks(file, at + 2)?;
            }
            0x2c => {
                let flags = *file.get(at + 9)?;
                // The pixels' code size, and the pixels.
                at = after_sub_blocks(file, at + 10 + colours(flags) + 1)?;
                movement.frames = movement.frames.saturating_add(1);
                movement.duration_ms += u64::from(delay) * 10;
                delay = 0;
            }
            _ => return None,
        }
        visit(file.get(start..at)?);
    }
}

/// Bytes of a table of colours, if the flags say that there is one.
fn colours(flags: u8) -> usize {
    if flags & 0x80 == 0 {
        0
    } else {
        3 << ((flags & 7) + 1)
    }
}

fn after_sub_blocks(file: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let length = usize::from(*file.get(at)?);
        at += 1 + length;
        if length == 0 {
            return Some(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use image::{Delay, Frame, Rgba, RgbaImage, codecs::gif::GifEncoder};
    use proptest::prelude::*;

    use super::*;

    fn moving() -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut encoder = GifEncoder::new(&mut bytes);
        for shade in [0, 100, 200] {
            let image = RgbaImage::from_pixel(9, 9, Rgba([shade, 0, 0, 255]));
            let delay = Delay::from_numer_denom_ms(200, 1);
            encoder
                .encode_frame(Frame::from_parts(image, 0, 0, delay))
                .unwrap();
        }
        drop(encoder);
        bytes
    }

    #[test]
    fn frames_are_counted_and_a_cut_is_noticed() {
        let file = moving();
        let found = movement(&file).unwrap();
        assert_eq!((found.frames, found.duration_ms), (3, 600));
        for end in [5, 20, file.len() / 2, file.len() - 1] {
            assert!(movement(&file[..end]).is_err(), "{end}");
        }
    }

    #[test]
    fn comments_metadata_and_what_follows_the_end_are_dropped() {
        let plain = moving();
        let mut file = plain[..plain.len() - 1].to_vec();
        file.extend(b"\x21\xfe\x06SECRET\0");
        file.extend(b"\x21\xff\x0bXMP DataXMP\x03GPS\0");
        file.extend(b";<script>alert(1)</script>");
        assert_eq!(strip(&file).unwrap(), plain);
        assert_eq!(strip(&plain[..40]), None);
    }

    proptest! {
        #[test]
        fn no_file_makes_it_stumble(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = movement(&bytes);
            let mut file = b"GIF89a\x01\0\x01\0\0\0\0".to_vec();
            file.extend(bytes);
            let _ = (movement(&file), strip(&file));
        }
    }
}
