//! A tool that may run for long does not outlive the server.

use std::{path::Path, process::Stdio};

use tokio::process::Command;

use super::child::command;

/// Runs a tool until it ends or this script's standard input does. The server holds the other end
/// of that input, so it ends with the server, even with one that is killed hard. (ffmpeg heeds no
/// end of its own input, and to ask the kernel for it takes unsafe code.)
const GUARD: &str = r#"
exec 3<&0
"$@" </dev/null 3<&- &
tool=$!
{ read -r _ <&3; kill -9 "$tool"; } >/dev/null 2>&1 &
guard=$!
exec 3<&-
wait "$tool"
status=$?
kill -9 "$guard"
exit "$status"
"#;

/// The tool `program`, under [`GUARD`]; whoever runs it holds its standard input.
pub(super) fn guarded(program: &Path) -> Command {
    let mut command = command(Path::new("/bin/sh"));
    command
        .args(["-c", GUARD, "guard"])
        .arg(program)
        .stdin(Stdio::piped());
    command
}

#[cfg(test)]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt as _, time::Duration};

    use tokio::time::timeout;

    use super::*;

    #[tokio::test]
    async fn a_tool_dies_with_a_server_that_is_killed_hard() {
        let folder = tempfile::tempdir().unwrap();
        let (slow, pid) = (folder.path().join("slow"), folder.path().join("pid"));
        let script = format!("#!/bin/sh\necho $$ > {}\nexec sleep 60\n", pid.display());
        fs::write(&slow, script).unwrap();
        fs::set_permissions(&slow, fs::Permissions::from_mode(0o700)).unwrap();
        let mut child = guarded(&slow).spawn().unwrap();
        while !fs::read_to_string(&pid).is_ok_and(|pid| pid.ends_with('\n')) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        // All that a process leaves undone which is killed: its end of the pipe is closed.
        drop(child.stdin.take());
        let status = timeout(Duration::from_secs(5), child.wait()).await;
        assert!(!status.unwrap().unwrap().success());
        let stat = format!("/proc/{}/stat", fs::read_to_string(&pid).unwrap().trim());
        assert!(fs::read_to_string(stat).map_or(true, |stat| stat.contains(") Z ")));
    }
}
