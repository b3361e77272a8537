//! Files to publish, made by ffmpeg.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::ensure;
use tokio::process::Command;

/// Bits a second of [`long`]: so that a video of 2 GB is shorter than the five minutes that TikTok
/// takes of most accounts.
const BITRATE: u64 = 64_000_000;
/// Seconds of noise of which a long video consists.
const PIECE: u64 = 2;

/// Six seconds of a test picture.
pub(crate) async fn short(folder: &Path, size: &str) -> anyhow::Result<PathBuf> {
    let path = folder.join(format!("{size}.mp4"));
    let source = format!("testsrc=size={size}:rate=24:duration=6");
    let mut ffmpeg = ffmpeg(&["-f", "lavfi", "-i", &source]);
    ffmpeg.args(["-f", "lavfi", "-i", "sine=440:duration=6", "-c:a", "aac"]);
    ffmpeg.args([
        "-c:v",
        "libx264",
        "-preset",
        "ultrafast",
        "-pix_fmt",
        "yuv420p",
    ]);
    run(ffmpeg.arg(&path)).await?;
    Ok(path)
}

/// A picture.
pub(crate) async fn picture(folder: &Path) -> anyhow::Result<PathBuf> {
    let path = folder.join("picture.png");
    let mut ffmpeg = ffmpeg(&["-f", "lavfi", "-i", "testsrc=size=1080x1080"]);
    run(ffmpeg.args(["-frames:v", "1"]).arg(&path)).await?;
    Ok(path)
}

/// A video of about so many bytes: noise, which can't be made smaller.
pub(crate) async fn long(folder: &Path, bytes: u64) -> anyhow::Result<PathBuf> {
    let piece = folder.join("piece.mp4");
    if !piece.exists() {
        let seconds = PIECE.to_string();
        let rate = BITRATE.to_string();
        let mut ffmpeg = ffmpeg(&["-f", "rawvideo", "-pix_fmt", "yuv420p", "-s", "1280x720"]);
        ffmpeg.args(["-r", "30", "-i", "/dev/urandom", "-t", &seconds]);
        ffmpeg.args(["-c:v", "libx264", "-preset", "ultrafast", "-b:v", &rate]);
        ffmpeg.args(["-minrate", &rate, "-maxrate", &rate, "-bufsize", &rate]);
        run(ffmpeg.arg(&piece)).await?;
    }
    let times = (bytes / fs::metadata(&piece)?.len()).max(1) - 1;
    let path = folder.join(format!("{}m.mp4", bytes / 1_000_000));
    let mut ffmpeg = ffmpeg(&["-stream_loop", &times.to_string(), "-i"]);
    ffmpeg.arg(&piece).args(["-c", "copy"]);
    run(ffmpeg.arg(&path)).await?;
    Ok(path)
}

/// Bytes of a [`long`] video of so many seconds.
pub(crate) const fn bytes(seconds: u64) -> u64 {
    seconds * BITRATE / 8
}

fn ffmpeg(input: &[&str]) -> Command {
    let mut command = Command::new("ffmpeg");
    command.args(["-y", "-loglevel", "error"]).args(input);
    command
}

async fn run(command: &mut Command) -> anyhow::Result<()> {
    let status = command.status().await?;
    ensure!(status.success(), "ffmpeg made no file: {status}");
    Ok(())
}
