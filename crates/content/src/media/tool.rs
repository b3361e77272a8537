//! What ffmpeg and ffprobe are asked.
//!
//! The files they read are strangers'. So they read one local file in the format that we found,
//! and nothing else (`-protocol_whitelist`: a playlist that calls itself a video reaches no
//! network); and they get few threads, and what [`super::child`] grants them.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt, BufReader},
    process::Command,
    time::timeout,
};

use super::{
    child::{ToolError, command, judge, piped, run, spawn, words},
    guard::guarded,
};

/// Bytes that a tool may allocate at once.
const MAX_ALLOC: &str = "536870912";

/// Where ffmpeg and ffprobe are.
#[derive(Clone, Debug)]
pub struct Tools {
    /// ffmpeg: a name that is looked up in `PATH`, or a path.
    pub ffmpeg: PathBuf,
    /// ffprobe, likewise.
    pub ffprobe: PathBuf,
}

impl Default for Tools {
    fn default() -> Self {
        Self {
            ffmpeg: "ffmpeg".into(),
            ffprobe: "ffprobe".into(),
        }
    }
}

/// What is read: a file and the demuxer that reads it.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The file, an absolute path.
    pub path: &'a Path,
    /// ffmpeg's name of its format.
    pub format: &'static str,
}

impl Input<'_> {
    fn args(&self) -> [OsString; 8] {
        let mut url = OsString::from("file:");
        url.push(self.path);
        [
            "-max_alloc".into(),
            MAX_ALLOC.into(),
            "-protocol_whitelist".into(),
            "file,pipe".into(),
            "-f".into(),
            self.format.into(),
            "-i".into(),
            url,
        ]
    }
}

/// ffmpeg's demuxer for an accepted media type; `None` for what ffmpeg is not asked about.
pub fn demuxer(mime: &str) -> Option<&'static str> {
    match mime {
        "video/mp4" | "video/x-m4v" | "video/quicktime" | "audio/m4a" => Some("mov"),
        "video/webm" => Some("matroska"),
        "image/gif" => Some("gif"),
        "audio/mpeg" => Some("mp3"),
        "audio/aac" => Some("aac"),
        "audio/ogg" => Some("ogg"),
        "audio/x-flac" => Some("flac"),
        "audio/x-wav" => Some("wav"),
        _ => None,
    }
}

impl Tools {
    /// The versions of both, or which is missing.
    pub async fn versions(&self) -> Result<String, String> {
        let mut found = String::new();
        for program in [&self.ffmpeg, &self.ffprobe] {
            let mut command = command(program);
            command.arg("-version");
            let answer = run(&mut command, Duration::from_secs(10)).await;
            let answer = answer.map_err(|_| program.display().to_string())?;
            if found.is_empty() {
                let text = String::from_utf8_lossy(&answer);
                let version = text.split(" Copyright").next().unwrap_or_default();
                version.clone_into(&mut found);
            }
        }
        Ok(found)
    }

    /// ffprobe's answer about a file: JSON.
    pub async fn probe(&self, input: Input<'_>, limit: Duration) -> Result<Vec<u8>, ToolError> {
        let mut command = command(&self.ffprobe);
        command
            .args([
                "-v",
                "error",
                "-show_format",
                "-show_streams",
                "-of",
                "json",
            ])
            .args(input.args());
        run(&mut command, limit).await
    }

    /// What ffmpeg writes to its standard output: a small picture.
    ///
    /// `before` and `after` are its options before and after the input.
    pub async fn picture(
        &self,
        input: Input<'_>,
        before: &[String],
        after: &[String],
        limit: Duration,
    ) -> Result<Vec<u8>, ToolError> {
        let mut command = ffmpeg(&self.ffmpeg);
        command
            .args(["-threads", "1"])
            .args(before)
            .args(input.args())
            .args(after)
            .arg("pipe:1");
        run(&mut command, limit).await
    }

    /// Makes the file `output`, which exists, of `input`. `progress` hears the milliseconds of the
    /// result that are done, several times a second.
    pub async fn convert(
        &self,
        input: Input<'_>,
        options: &[String],
        output: &Path,
        limit: Duration,
        mut progress: impl FnMut(u64) + Send,
    ) -> Result<(), ToolError> {
        let mut command = guarded(&self.ffmpeg);
        let mut url = OsString::from("file:");
        url.push(output);
        command
            .args(QUIET)
            .args(["-y", "-nostats", "-progress", "pipe:1"])
            .args(input.args())
            .args(options)
            .arg(url);
        let mut child = spawn(&mut command)?;
        // Taken out of the child, who would close it before the tool has quite ended.
        let _alive = child.stdin.take();
        let mut lines = BufReader::new(piped(child.stdout.take())?).lines();
        let words = words(&mut child)?;
        let work = async {
            while let Some(line) = lines.next_line().await? {
                let micros = line.strip_prefix("out_time_us=");
                if let Some(micros) = micros.and_then(|micros| micros.parse::<u64>().ok()) {
                    progress(micros / 1_000);
                }
            }
            child.wait().await
        };
        let (status, words) = timeout(limit, async { tokio::join!(work, words) })
            .await
            .map_err(|_| ToolError::TimedOut)?;
        judge(status?, &words)
    }
}

/// ffmpeg's options that keep it to itself.
const QUIET: [&str; 4] = ["-hide_banner", "-nostdin", "-v", "error"];

fn ffmpeg(program: &Path) -> Command {
    let mut command = command(program);
    command.args(QUIET);
    command
}

#[cfg(test)]
mod tests {
    use std::{fs, net::TcpListener, time::Instant};

    use super::*;

    #[tokio::test]
    async fn a_playlist_reaches_no_network() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let playlist = folder.path().join("video.mp4");
        let text = format!(
            "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nhttp://{address}/a.ts\n#EXT-X-ENDLIST\n"
        );
        fs::write(&playlist, text).unwrap();
        let (tools, limit) = (Tools::default(), Duration::from_secs(20));
        // Even if we believed that it is one.
        for format in ["hls", "mov", "matroska", "concat"] {
            let path = &playlist;
            let answer = tools.probe(Input { path, format }, limit).await;
            assert!(
                matches!(answer, Err(ToolError::Failed(_))),
                "{format}: {answer:?}"
            );
        }
        assert!(listener.accept().is_err());
    }

    #[tokio::test]
    async fn a_tool_that_takes_too_long_is_killed() {
        let folder = tempfile::tempdir().unwrap();
        let slow = folder.path().join("slow");
        let marker = folder.path().join("marker");
        let script = format!("#!/bin/sh\nsleep 3\ntouch {}\n", marker.display());
        fs::write(&slow, script).unwrap();
        fs::set_permissions(&slow, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
        let tools = Tools {
            ffmpeg: slow.clone(),
            ffprobe: slow.clone(),
        };
        let input = Input {
            path: &slow,
            format: "mov",
        };
        let (limit, start) = (Duration::from_millis(200), Instant::now());
        let answer = tools.probe(input, limit).await;
        assert!(matches!(answer, Err(ToolError::TimedOut)), "{answer:?}");
        let answer = tools.convert(input, &[], &marker, limit, |_| {}).await;
        assert!(matches!(answer, Err(ToolError::TimedOut)), "{answer:?}");
        assert!(start.elapsed() < Duration::from_secs(2));
        tokio::time::sleep(Duration::from_millis(3_500)).await;
        assert!(!marker.exists());
    }

    #[test]
    fn a_tool_is_killed_when_the_server_stops() {
        let folder = tempfile::tempdir().unwrap();
        let (slow, pid) = (folder.path().join("slow"), folder.path().join("pid"));
        let script = format!("#!/bin/sh\necho $$ > {}\nexec sleep 60\n", pid.display());
        fs::write(&slow, script).unwrap();
        fs::set_permissions(&slow, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.spawn(async move {
            let tools = Tools {
                ffmpeg: slow.clone(),
                ffprobe: slow.clone(),
            };
            let (path, format) = (&*slow, "mov");
            let output = "/dev/null".as_ref();
            let limit = Duration::from_mins(1);
            tools
                .convert(Input { path, format }, &[], output, limit, |_| {})
                .await
        });
        let started = || fs::read_to_string(&pid).is_ok_and(|pid| pid.ends_with('\n'));
        while !started() {
            std::thread::sleep(Duration::from_millis(20));
        }
        drop(runtime);
        std::thread::sleep(Duration::from_millis(200));
        let stat = format!("/proc/{}/stat", fs::read_to_string(&pid).unwrap().trim());
        // A zombie is dead, but nobody has looked after it yet.
        assert!(fs::read_to_string(stat).map_or(true, |stat| stat.contains(") Z ")));
    }

    #[tokio::test]
    async fn a_tool_gets_none_of_our_secrets_and_a_missing_one_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let spy = folder.path().join("spy");
        fs::write(&spy, "#!/bin/sh\nenv\n").unwrap();
        fs::set_permissions(&spy, std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
        let tools = Tools {
            ffmpeg: spy,
            ffprobe: "/nowhere/ffprobe".into(),
        };
        let input = Input {
            path: "/dev/null".as_ref(),
            format: "mov",
        };
        let answer = tools.picture(input, &[], &[], Duration::from_secs(9)).await;
        let answer = String::from_utf8(answer.unwrap()).unwrap();
        assert!(
            answer.contains("PATH=") && !answer.contains("CARGO"),
            "{answer}"
        );
        assert_eq!(tools.versions().await, Err("/nowhere/ffprobe".to_owned()));
        let limit = Duration::from_secs(9);
        let answer = tools.probe(input, limit).await;
        assert!(matches!(answer, Err(ToolError::Missing)), "{answer:?}");
        let missing = Tools {
            ffmpeg: "/nowhere/ffmpeg".into(),
            ffprobe: "/nowhere/ffprobe".into(),
        };
        let output = "/dev/null".as_ref();
        let answer = missing.convert(input, &[], output, limit, |_| {}).await;
        assert!(matches!(answer, Err(ToolError::Missing)), "{answer:?}");
    }
}
