//! Documents: which kind an Office file is, and whether all of a document is there. Nothing is
//! unpacked.

use std::io::{Read, Seek, SeekFrom};

use super::{
    fault::Fault,
    kind::{self, FileType},
};

/// Bytes at a PDF's end among which its end mark is: readers look this far.
const PDF_TAIL: u64 = 2 << 10;
/// Bytes of a ZIP's end record and its longest comment.
const ZIP_TAIL: u64 = 22 + 0xffff;
/// Bytes of a list of contents that are read.
const MAX_DIRECTORY: u64 = 16 << 20;

/// Fails where a PDF was cut (ISO 32000-1 §7.5.5).
pub fn check_pdf(file: &mut (impl Read + Seek)) -> Result<(), Fault> {
    let (tail, _) = tail(file, PDF_TAIL)?;
    if find_last(&tail, b"startxref").is_some() && find_last(&tail, b"%%EOF").is_some() {
        Ok(())
    } else {
        Err(Fault::Broken("the PDF has no end".to_owned()))
    }
}

/// The kind of an Office document by its list of contents, which is at a ZIP's end (PKWARE
/// APPNOTE §4.3.12 and §4.3.16; ECMA-376-2). `None`: it is a ZIP of another kind.
pub fn office(file: &mut (impl Read + Seek)) -> Result<Option<FileType>, Fault> {
    const END: &[u8] = b"PK\x05\x06";
    let broken = || Fault::Broken("its list of contents is missing".to_owned());
    let (tail, tail_start) = tail(file, ZIP_TAIL)?;
    let at = find_last(&tail, END).ok_or_else(broken)?;
    let end = tail.get(at..at + 22).ok_or_else(broken)?;
    let (length, start) = (le32(end, 12), le32(end, 16));
    let end_at = tail_start + at as u64;
    if length > MAX_DIRECTORY || start + length > end_at {
        return Err(broken());
    }
    let mut directory = Vec::new();
    file.seek(SeekFrom::Start(start))?;
    file.take(length).read_to_end(&mut directory)?;
    let mut rest = &directory[..];
    let mut found = None;
    let mut has_types = false;
    while let Some(head) = rest
        .get(..46)
        .filter(|head| head.starts_with(b"PK\x01\x02"))
    {
        let lengths = [28, 30, 32].map(|at| usize::from(le16(head, at)));
        let name = rest.get(46..46 + lengths[0]).ok_or_else(broken)?;
        has_types |= name == b"[Content_Types].xml";
        let extension = match name {
            b"word/document.xml" => Some("docx"),
            b"ppt/presentation.xml" => Some("pptx"),
            b"xl/workbook.xml" => Some("xlsx"),
            _ => None,
        };
        found = found.or(extension.and_then(kind::by_extension));
        rest = rest
            .get(46 + lengths.iter().sum::<usize>()..)
            .ok_or_else(broken)?;
    }
    Ok(found.filter(|_| has_types))
}

/// The last bytes of a file, and where they begin.
fn tail(file: &mut (impl Read + Seek), length: u64) -> Result<(Vec<u8>, u64), Fault> {
    let end = file.seek(SeekFrom::End(0))?;
    let start = end.saturating_sub(length);
    file.seek(SeekFrom::Start(start))?;
    let mut tail = Vec::new();
    file.take(length).read_to_end(&mut tail)?;
    Ok((tail, start))
}

fn find_last(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes
        .windows(wanted.len())
        .rposition(|window| window == wanted)
}

fn le16(bytes: &[u8], at: usize) -> u16 {
    u16::from_le_bytes([bytes[at], bytes[at + 1]])
}

fn le32(bytes: &[u8], at: usize) -> u64 {
    u64::from(le16(bytes, at)) | u64::from(le16(bytes, at + 2)) << 16
}

#[cfg(test)]
pub(crate) mod tests {
    use std::io::Cursor;

    use proptest::prelude::*;

    use super::*;

    /// A ZIP of empty files with these names.
    pub(crate) fn zip(names: &[&str]) -> Vec<u8> {
        let (mut files, mut directory) = (Vec::new(), Vec::new());
        for name in names {
            let at = u32::try_from(files.len()).unwrap();
            let length = u16::try_from(name.len()).unwrap().to_le_bytes();
            files.extend(b"PK\x03\x04\x14\0\0\0\0\0\0\0\0\0");
            files.extend([0; 12]);
            files.extend(length);
            files.extend([0, 0]);
            files.extend(name.bytes());
            directory.extend(b"PK\x01\x02\x14\0\x14\0\0\0\0\0\0\0\0\0");
            directory.extend([0; 12]);
            directory.extend(length);
            directory.extend([0; 12]);
            directory.extend(at.to_le_bytes());
            directory.extend(name.bytes());
        }
        let count = u16::try_from(names.len()).unwrap().to_le_bytes();
        let (start, length) = (files.len(), directory.len());
        files.extend(directory);
        files.extend(b"PK\x05\x06\0\0\0\0");
        files.extend([count, count].concat());
        files.extend(u32::try_from(length).unwrap().to_le_bytes());
        files.extend(u32::try_from(start).unwrap().to_le_bytes());
        files.extend([0, 0]);
        files
    }

    fn kind_of(file: &[u8]) -> Option<&'static str> {
        office(&mut Cursor::new(file))
            .unwrap()
            .map(|found| found.extension)
    }

    #[test]
    fn an_office_file_is_known_by_its_contents() {
        let docx = zip(&["word/document.xml", "[Content_Types].xml"]);
        assert_eq!(kind_of(&docx), Some("docx"));
        let deck = zip(&[
            "[Content_Types].xml",
            "docProps/app.xml",
            "ppt/presentation.xml",
        ]);
        assert_eq!(kind_of(&deck), Some("pptx"));
        assert_eq!(kind_of(&zip(&["a.exe", "word/document.xml"])), None);
        assert_eq!(kind_of(&zip(&[])), None);
        for end in [10, docx.len() / 2, docx.len() - 22] {
            assert!(office(&mut Cursor::new(&docx[..end])).is_err(), "{end}");
        }
    }

    proptest! {
        #[test]
        fn no_file_makes_it_stumble(bytes in prop::collection::vec(any::<u8>(), 0..200), at in 0usize..200) {
            let mut file = bytes.clone();
            file.splice(at.min(bytes.len())..at.min(bytes.len()), *b"PK\x05\x06");
            let _ = (office(&mut Cursor::new(&file)), check_pdf(&mut Cursor::new(&file)));
            let mut docx = zip(&["word/document.xml", "[Content_Types].xml"]);
            for (position, byte) in docx.iter_mut().rev().zip(&bytes) {
                *position ^= *byte;
            }
            let _ = office(&mut Cursor::new(&docx));
        }
    }
}
