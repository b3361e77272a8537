//! ffmpeg and ffprobe as child processes.
//!
//! They get no environment and a time to end, and they are killed when nobody waits for them any
//! more, such as when the server stops or (`guard.rs`) is killed itself.

use std::{
    io,
    path::Path,
    process::{ExitStatus, Stdio},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncReadExt},
    process::{Child, Command},
    time::timeout,
};

/// Bytes of an answer that are read: a larger one is of no file that we want.
const MAX_ANSWER: u64 = 8 << 20;
/// Bytes of a tool's complaints that are kept.
const MAX_WORDS: u64 = 4 << 10;
/// What a shell says of a program that it does not find.
const NOT_FOUND: i32 = 127;

/// Why a tool gave no answer.
#[derive(Debug)]
pub enum ToolError {
    /// It is not installed.
    Missing,
    /// It took too long.
    TimedOut,
    /// It could not do it; holds its words.
    Failed(String),
    /// The disk is full.
    DiskFull,
    /// It could not be run or spoken to.
    Broken(io::Error),
}

impl From<io::Error> for ToolError {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::Missing,
            _ => Self::Broken(error),
        }
    }
}

pub(super) fn command(program: &Path) -> Command {
    let mut command = Command::new(program);
    let kept = std::env::vars_os().filter(|(name, _)| name == "PATH" || name == "LD_LIBRARY_PATH");
    command
        .env_clear()
        .envs(kept)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        // A Ctrl-C in the terminal is ours to handle.
        .process_group(0)
        .kill_on_drop(true);
    command
}

pub(super) fn spawn(command: &mut Command) -> Result<Child, ToolError> {
    command.spawn().map_err(Into::into)
}

pub(super) async fn run(command: &mut Command, limit: Duration) -> Result<Vec<u8>, ToolError> {
    let mut child = spawn(command)?;
    let mut output = piped(child.stdout.take())?.take(MAX_ANSWER);
    let words = words(&mut child)?;
    let work = async {
        let mut answer = Vec::new();
        output.read_to_end(&mut answer).await?;
        // One that has more to say is not listened to.
        drop(output);
        Ok::<_, io::Error>((answer, child.wait().await?))
    };
    let (done, words) = timeout(limit, async { tokio::join!(work, words) })
        .await
        .map_err(|_| ToolError::TimedOut)?;
    let (answer, status) = done?;
    judge(status, &words)?;
    Ok(answer)
}

/// Reads a child's complaints to their end and keeps the first of them.
pub(super) fn words(child: &mut Child) -> Result<impl Future<Output = String> + use<>, ToolError> {
    let mut errors = piped(child.stderr.take())?;
    Ok(async move {
        let mut words = Vec::new();
        let _ = (&mut errors).take(MAX_WORDS).read_to_end(&mut words).await;
        let _ = tokio::io::copy(&mut errors, &mut tokio::io::sink()).await;
        String::from_utf8_lossy(&words).trim().to_owned()
    })
}

pub(super) fn piped<T: AsyncRead>(pipe: Option<T>) -> Result<T, ToolError> {
    pipe.ok_or_else(|| ToolError::Broken(io::Error::other("a child process without pipes")))
}

pub(super) fn judge(status: ExitStatus, words: &str) -> Result<(), ToolError> {
    // ffmpeg calls it a success where only its last bytes found no room.
    if words.contains("No space left on device") {
        return Err(ToolError::DiskFull);
    }
    if status.success() {
        return Ok(());
    }
    if status.code() == Some(NOT_FOUND) {
        return Err(ToolError::Missing);
    }
    Err(ToolError::Failed(format!("{status}: {words}")))
}
