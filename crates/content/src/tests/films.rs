//! Videos and sounds to test with, made by ffmpeg.

use std::process::Command;

/// A moving picture of this size and length in seconds, with a tone.
pub(super) fn sources(size: &str, seconds: u32) -> Vec<String> {
    let picture = format!("testsrc=size={size}:rate=25:duration={seconds}");
    let tone = format!("sine=frequency=440:duration={seconds}");
    ["-f", "lavfi", "-i", &picture, "-f", "lavfi", "-i", &tone]
        .map(str::to_owned)
        .to_vec()
}

/// What ffmpeg writes to a file with this ending.
pub(super) fn made(sources: &[String], options: &str, ending: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join(format!("made.{ending}"));
    let output = Command::new("ffmpeg")
        .args(["-hide_banner", "-nostdin", "-v", "error", "-y"])
        .args(sources)
        .args(options.split_whitespace())
        .arg(&file)
        .output()
        .expect("ffmpeg must be installed for these tests");
    assert!(output.status.success(), "{output:?}");
    std::fs::read(file).unwrap()
}

pub(super) const H264: &str = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac";

/// An MP4 of two seconds, H.264 and AAC, that tells where it was taken.
pub(super) fn mp4() -> Vec<u8> {
    let options = format!("{H264} -metadata location=+48.1374+011.5755/ -metadata title=SECRET");
    made(&sources("320x240", 2), &options, "mp4")
}

/// The file with an empty box behind it that makes it this long.
pub(super) fn padded(mut file: Vec<u8>, length: usize) -> Vec<u8> {
    let rest = u32::try_from(length - file.len()).unwrap();
    file.extend(rest.to_be_bytes());
    file.extend(b"free");
    file.resize(length, 0);
    file
}

/// What ffprobe says of a file, by the names of its entries: `codec_name`, `width`.
pub(super) fn probed(file: &[u8], entries: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    std::fs::write(&path, file).unwrap();
    let output = Command::new("ffprobe")
        .args([
            "-v",
            "error",
            "-of",
            "default=nw=1:nk=1",
            "-show_entries",
            entries,
        ])
        .arg(path)
        .output()
        .unwrap();
    String::from_utf8(output.stdout)
        .unwrap()
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}
