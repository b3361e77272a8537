//! Films and sound in boxes (MP4, M4V, MOV, M4A): whether all of it is there, and how long it
//! plays. ISO/IEC 14496-12, §4.2 (boxes) and §8.2.2 (`mvhd`).

use std::{
    io::{Read, Seek, SeekFrom},
    ops::Range,
};

use super::picture::Fault;

/// Boxes in one place. A longer list is no film but an attempt to keep us busy.
const MAX_BOXES: usize = 100_000;

/// Whether files of this type are made of boxes.
pub fn is_boxed(mime: &str) -> bool {
    matches!(
        mime,
        "video/mp4" | "video/x-m4v" | "video/quicktime" | "audio/m4a"
    )
}

/// How many milliseconds a file plays, if it says so. Fails where a part of it is missing.
pub fn milliseconds(file: &mut (impl Read + Seek)) -> Result<Option<u64>, Fault> {
    let end = file.seek(SeekFrom::End(0)).map_err(broken)?;
    let movie = find(file, 0..end, *b"moov")?
        .ok_or_else(|| Fault::Broken("it has no table of contents (moov)".to_owned()))?;
    let Some(header) = find(file, movie, *b"mvhd")? else {
        return Ok(None);
    };
    file.seek(SeekFrom::Start(header.start)).map_err(broken)?;
    let mut bytes = [0; 32];
    let length = usize::try_from(header.end - header.start)
        .unwrap_or(usize::MAX)
        .min(bytes.len());
    file.read_exact(&mut bytes[..length]).map_err(broken)?;
    // Version 1 counts times in 64 bits.
    let (scale, units) = if bytes[0] == 1 {
        (number(&bytes[20..24]), number(&bytes[24..32]))
    } else {
        (number(&bytes[12..16]), number(&bytes[16..20]))
    };
    let known = scale > 0 && units > 0;
    Ok(known.then(|| units.saturating_mul(1_000) / scale))
}

/// The content of the first box of this name, after a walk along all of them.
fn find(
    file: &mut (impl Read + Seek),
    range: Range<u64>,
    name: [u8; 4],
) -> Result<Option<Range<u64>>, Fault> {
    let mut found = None;
    let mut start = range.start;
    for _ in 0..MAX_BOXES {
        if start >= range.end {
            return Ok(found);
        }
        let mut head = [0; 8];
        file.seek(SeekFrom::Start(start)).map_err(broken)?;
        file.read_exact(&mut head).map_err(broken)?;
        let (content, end) = match number(&head[..4]) {
            // To the end.
            0 => (start + 8, range.end),
            1 => {
                let mut length = [0; 8];
                file.read_exact(&mut length).map_err(broken)?;
                (start + 16, start.saturating_add(u64::from_be_bytes(length)))
            }
            length => (start + 8, start + length),
        };
        if end < content || end > range.end {
            return Err(Fault::Broken(format!(
                "a box at {start} ends at {end} of {}",
                range.end
            )));
        }
        if head[4..] == name && found.is_none() {
            found = Some(content..end);
        }
        start = end;
    }
    Err(Fault::Broken("it has too many boxes".to_owned()))
}

fn number(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0, |number, byte| number << 8 | u64::from(*byte))
}

#[expect(clippy::needless_pass_by_value, reason = "fits `map_err`")]
fn broken(error: std::io::Error) -> Fault {
    Fault::Broken(error.to_string())
}

#[cfg(test)]
pub(crate) mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    fn boxed(name: &str, content: &[u8]) -> Vec<u8> {
        let length = u32::try_from(content.len() + 8).unwrap();
        [&length.to_be_bytes(), name.as_bytes(), content].concat()
    }

    /// A file of `length` bytes that says it plays 2.5 seconds.
    pub(crate) fn film(length: usize) -> Vec<u8> {
        let mut header = vec![0; 100];
        header[12..16].copy_from_slice(&1_000u32.to_be_bytes());
        header[16..20].copy_from_slice(&2_500u32.to_be_bytes());
        let mut film = boxed("ftyp", b"mp42\0\0\0\0mp42isom");
        film.extend(boxed("moov", &boxed("mvhd", &header)));
        let rest = length - film.len() - 8;
        film.extend(boxed("mdat", &vec![7; rest]));
        film
    }

    #[test]
    fn the_length_is_read_and_what_is_missing_noticed() {
        let whole = film(5_000);
        assert_eq!(milliseconds(&mut Cursor::new(&whole)), Ok(Some(2_500)));
        for end in [10, 50, 130, 4_999] {
            assert!(
                milliseconds(&mut Cursor::new(&whole[..end])).is_err(),
                "{end}"
            );
        }
        assert!(milliseconds(&mut Cursor::new(boxed("ftyp", b"mp42"))).is_err());
    }

    #[test]
    fn long_films_count_in_64_bits() {
        let mut header = vec![0; 112];
        header[0] = 1;
        header[20..24].copy_from_slice(&90_000u32.to_be_bytes());
        header[24..32].copy_from_slice(&(90_000u64 * 100_000).to_be_bytes());
        let mut film = boxed("moov", &boxed("mvhd", &header));
        // A box with a length in 64 bits, and one that goes to the end.
        film.extend(
            [
                &1u32.to_be_bytes()[..],
                b"mdat",
                &24u64.to_be_bytes(),
                &[0; 8],
            ]
            .concat(),
        );
        film.extend([&0u32.to_be_bytes()[..], b"free", b"rest"].concat());
        assert_eq!(milliseconds(&mut Cursor::new(film)), Ok(Some(100_000_000)));
    }

    proptest! {
        #[test]
        fn no_file_makes_it_stumble(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let mut file = boxed("moov", &bytes);
            let _ = milliseconds(&mut Cursor::new(&file));
            file.extend(bytes);
            let _ = milliseconds(&mut Cursor::new(file));
        }
    }
}
