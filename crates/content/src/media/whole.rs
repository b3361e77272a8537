//! Whether all of a video or sound file is there. ffmpeg plays what it has and says nothing of
//! the half that is missing, so the boxes are walked here.
//!
//! MP4, M4V, MOV and M4A: ISO/IEC 14496-12 §4.2. WebM: RFC 8794 (EBML) §4 and §11.

use std::io::{self, Read, Seek, SeekFrom};

use super::fault::Fault;

/// Boxes in one place. A longer list is no video but an attempt to keep us busy.
const MAX_BOXES: usize = 100_000;

/// Fails where a part of the file is missing.
pub fn check(mime: &str, file: &mut (impl Read + Seek)) -> Result<(), Fault> {
    match mime {
        "video/mp4" | "video/x-m4v" | "video/quicktime" | "audio/m4a" => boxes(file),
        "video/webm" => segment(file),
        _ => Ok(()),
    }
}

fn boxes(file: &mut (impl Read + Seek)) -> Result<(), Fault> {
    let file_end = file.seek(SeekFrom::End(0))?;
    let (mut start, mut has_table) = (0, false);
    for _ in 0..MAX_BOXES {
        if start >= file_end {
            return if has_table {
                Ok(())
            } else {
                Err(Fault::Broken(
                    "it has no table of contents (moov)".to_owned(),
                ))
            };
        }
        let mut head = [0; 8];
        file.seek(SeekFrom::Start(start))?;
        file.read_exact(&mut head).map_err(ends)?;
        let length = number(&head[..4]);
        let end = match length {
            // To the end.
            0 => file_end,
            1 => {
                let mut length = [0; 8];
                file.read_exact(&mut length).map_err(ends)?;
                start.saturating_add(u64::from_be_bytes(length))
            }
            length => start + length,
        };
        if end < start + 8 || end > file_end {
            return Err(Fault::Broken(format!(
                "a box at {start} ends at {end} of {file_end}"
            )));
        }
        has_table |= head[4..] == *b"moov";
        start = end;
    }
    Err(Fault::Broken("it has too many boxes".to_owned()))
}

/// The EBML header, and after it the segment that holds everything.
fn segment(file: &mut (impl Read + Seek)) -> Result<(), Fault> {
    const HEADER: u64 = 0x1a45_dfa3;
    const SEGMENT: u64 = 0x1853_8067;
    let file_end = file.seek(SeekFrom::End(0))?;
    file.rewind()?;
    let (name, length) = element(file)?;
    let header_end = file.stream_position()?.saturating_add(length.unwrap_or(0));
    if name != HEADER || header_end > file_end {
        return Err(Fault::Broken("it has no EBML header".to_owned()));
    }
    file.seek(SeekFrom::Start(header_end))?;
    let (name, length) = element(file)?;
    if name != SEGMENT {
        return Err(Fault::Broken("it has no segment".to_owned()));
    }
    // A recording of a browser does not know its length.
    let end = length.map_or(file_end, |length| {
        file.stream_position()
            .map_or(u64::MAX, |start| start.saturating_add(length))
    });
    if end > file_end {
        return Err(Fault::Broken(format!(
            "its segment ends at {end} of {file_end}"
        )));
    }
    Ok(())
}

/// An element's name, and its length where it is known.
fn element(file: &mut impl Read) -> Result<(u64, Option<u64>), Fault> {
    let (name, _) = variable(file)?;
    let (length, bits) = variable(file)?;
    let value = length & ((1 << bits) - 1);
    Ok((name, (value != (1 << bits) - 1).then_some(value)))
}

/// A number of variable length with its marker, and how many bits of it count.
fn variable(file: &mut impl Read) -> Result<(u64, u32), Fault> {
    let mut first = [0];
    file.read_exact(&mut first).map_err(ends)?;
    let more = first[0].leading_zeros();
    if more > 7 {
        return Err(Fault::Broken("a number without an end".to_owned()));
    }
    let mut rest = [0; 7];
    let rest = &mut rest[..more as usize];
    file.read_exact(rest).map_err(ends)?;
    let value = u64::from(first[0]) << (8 * more) | number(rest);
    Ok((value, 7 * (more + 1)))
}

fn number(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// A file that ends too early is the file's fault, not the disk's.
fn ends(error: io::Error) -> Fault {
    if error.kind() == io::ErrorKind::UnexpectedEof {
        Fault::Broken("it ends too early".to_owned())
    } else {
        error.into()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    fn boxed(name: &str, content: &[u8]) -> Vec<u8> {
        let length = u32::try_from(content.len() + 8).unwrap();
        [&length.to_be_bytes(), name.as_bytes(), content].concat()
    }

    fn is_whole(mime: &str, file: &[u8]) -> bool {
        check(mime, &mut Cursor::new(file)).is_ok()
    }

    #[test]
    fn a_box_that_is_cut_is_noticed() {
        let whole = [
            boxed("ftyp", b"mp42\0\0\0\0mp42isom"),
            boxed("moov", &[1; 50]),
            boxed("mdat", &[7; 500]),
        ]
        .concat();
        assert!(is_whole("video/mp4", &whole));
        for end in [10, 30, 100, whole.len() - 1] {
            assert!(!is_whole("video/mp4", &whole[..end]), "{end}");
        }
        assert!(!is_whole("video/quicktime", &boxed("ftyp", b"qt  ")));
        // A box with a length in 64 bits, and one that goes to the end.
        let long = [
            &1u32.to_be_bytes()[..],
            b"mdat",
            &24u64.to_be_bytes(),
            &[0; 8],
        ]
        .concat();
        let rest = [&0u32.to_be_bytes()[..], b"free", b"rest"].concat();
        let whole = [boxed("moov", b""), long, rest].concat();
        assert!(is_whole("video/mp4", &whole));
    }

    #[test]
    fn a_segment_that_is_cut_is_noticed() {
        let header = b"\x1a\x45\xdf\xa3\x84\x42\x86\x81\x01";
        let of = |length: &[u8], content: &[u8]| {
            [&header[..], b"\x18\x53\x80\x67", length, content].concat()
        };
        let known = of(b"\x40\x64", &[0; 100]);
        assert!(is_whole("video/webm", &known));
        assert!(!is_whole("video/webm", &known[..known.len() - 1]));
        assert!(!is_whole("video/webm", &known[..7]));
        let live = of(b"\x01\xff\xff\xff\xff\xff\xff\xff", &[0; 10]);
        assert!(is_whole("video/webm", &live));
    }

    proptest! {
        #[test]
        fn no_file_makes_it_stumble(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            for mime in ["video/mp4", "video/webm"] {
                let _ = check(mime, &mut Cursor::new(&bytes));
            }
            let mut webm = b"\x1a\x45\xdf\xa3".to_vec();
            webm.extend(&bytes);
            let _ = check("video/webm", &mut Cursor::new(webm));
        }
    }
}
