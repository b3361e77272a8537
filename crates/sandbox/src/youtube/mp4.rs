//! What the first bytes of an MP4 tell, where its index stands at the beginning: ISO/IEC 14496-12,
//! boxes `mvhd` and `tkhd`.

/// Size and length of a video.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Facts {
    pub(super) width: u32,
    pub(super) height: u32,
    pub(super) millis: u64,
}

/// Reads what can be read; `None` where there is no index among these bytes.
pub(super) fn facts(head: &[u8]) -> Option<Facts> {
    let movie = after(head, *b"mvhd")?;
    // Version 0 has times of 32 bits, version 1 of 64.
    let (scale, duration) = if movie.first()? == &0 {
        (number(movie, 12)?, u64::from(number(movie, 16)?))
    } else {
        let high = u64::from(number(movie, 24)?);
        (
            number(movie, 20)?,
            high << 32 | u64::from(number(movie, 28)?),
        )
    };
    let mut rest = head;
    while let Some(track) = after(rest, *b"tkhd") {
        let at = if track.first()? == &0 { 76 } else { 88 };
        // Numbers of 16.16 bits.
        let (width, height) = (number(track, at)? >> 16, number(track, at + 4)? >> 16);
        if width > 0 && height > 0 {
            let millis = duration * 1_000 / u64::from(scale.max(1));
            return Some(Facts {
                width,
                height,
                millis,
            });
        }
        rest = track;
    }
    None
}

/// What follows the name of a box.
fn after(bytes: &[u8], name: [u8; 4]) -> Option<&[u8]> {
    let at = bytes.windows(4).position(|window| window == name)?;
    bytes.get(at + 4..)
}

fn number(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..at + 4)?.try_into().ok()?;
    Some(u32::from_be_bytes(four))
}
