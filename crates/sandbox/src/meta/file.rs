//! What a picture or a video is, as far as its bytes tell.

/// Width and height of a JPEG: its frame header (ITU T.81 §B.2.2).
pub(crate) fn jpeg_size(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        let marker = *bytes.get(at + 1)?;
        let number = |offset: usize| {
            let pair = bytes.get(at + offset..at + offset + 2)?;
            Some(u32::from(u16::from_be_bytes([pair[0], pair[1]])))
        };
        // Frame headers, but not tables and arithmetic conditions among their numbers.
        if matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc) {
            return Some((number(7)?, number(5)?));
        }
        at += 2 + usize::try_from(number(2)?).ok()?;
    }
}

/// Length of an MP4 or MOV in milliseconds, if its movie header (ISO 14496-12 §8.2.2) stands in
/// these first bytes.
pub(crate) fn video_length(head: &[u8]) -> Option<u64> {
    let at = head.windows(4).position(|window| window == b"mvhd")? + 4;
    let number = |offset: usize, width: usize| {
        let bytes = head.get(at + offset..at + offset + width)?;
        Some(
            bytes
                .iter()
                .fold(0u64, |sum, byte| (sum << 8) | u64::from(*byte)),
        )
    };
    let (scale, length) = match *head.get(at)? {
        0 => (number(12, 4)?, number(16, 4)?),
        _ => (number(20, 4)?, number(24, 8)?),
    };
    (length * 1_000).checked_div(scale)
}
