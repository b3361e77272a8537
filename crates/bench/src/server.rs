//! The server, as a process of its own.

use std::{
    env, fs,
    net::TcpListener,
    os::unix::process::ExitStatusExt,
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use rustix::process::{Pid, Signal, kill_process};
use tokio::process::{Child, Command};

/// How long a server may take to answer, or to stop.
const PATIENCE: Duration = Duration::from_mins(1);

/// A running server. Dropped, it is killed.
#[derive(Debug)]
pub(crate) struct Server {
    child: Child,
    /// Its process.
    pub(crate) pid: u32,
    /// Its address, without a slash at the end.
    pub(crate) url: String,
    /// From the start of the process to its first answer.
    pub(crate) first_answer_after: Duration,
}

impl Server {
    /// Starts `allin serve` on the data folder and waits for its first answer.
    ///
    /// `database`: a PostgreSQL address, or nothing for SQLite. `role`: one role, or none for all.
    pub(crate) async fn start(
        binary: &Path,
        data: &Path,
        database: &str,
        role: Option<&str>,
    ) -> anyhow::Result<Self> {
        Self::start_with(binary, data, database, role, &[]).await
    }

    /// The same, with settings of its own: names in the environment and their values.
    pub(crate) async fn start_with(
        binary: &Path,
        data: &Path,
        database: &str,
        role: Option<&str>,
        settings: &[(String, String)],
    ) -> anyhow::Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut command = Command::new(binary);
        command
            .arg("serve")
            .args(role.map(|role| format!("--role={role}")))
            .current_dir(data)
            .env_clear()
            .env("ALLIN__DATA__DIR", data)
            .env("ALLIN__DATABASE__URL", database)
            .env("ALLIN__SERVER__LISTEN", format!("127.0.0.1:{port}"))
            .env("ALLIN__SECURITY__ALLOW_PRIVATE_TARGETS", "true")
            .env("ALLIN__LIMITS__REQUESTS_PER_PERSON", "0")
            .env("ALLIN__LIMITS__REQUESTS_PER_ADDRESS", "0")
            .env("ALLIN__LOG__FILTER", "warn")
            // Where ffmpeg is.
            .env("PATH", env::var_os("PATH").unwrap_or_default())
            .envs(settings.iter().cloned())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .kill_on_drop(true);
        let started = Instant::now();
        let mut child = command
            .spawn()
            .with_context(|| format!("{} can't be started", binary.display()))?;
        let pid = child.id().context("the server ended at once")?;
        let url = format!("http://127.0.0.1:{port}");
        let live = format!("{url}/health/live");
        let client = reqwest::Client::new();
        while client.get(&live).send().await.is_err() {
            if let Some(status) = child.try_wait()? {
                bail!("the server ended as it started: {status}");
            }
            if started.elapsed() > PATIENCE {
                bail!("the server did not answer within {PATIENCE:?}");
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Ok(Self {
            child,
            pid,
            url,
            first_answer_after: started.elapsed(),
        })
    }

    /// Fails if it has ended by itself, or somebody else has ended it.
    pub(crate) fn ensure_alive(&mut self) -> anyhow::Result<()> {
        match self.child.try_wait()? {
            None => Ok(()),
            Some(status) => bail!("the server ended while it was measured: {status}"),
        }
    }

    /// Its resident memory, in megabytes. Files that the kernel keeps at hand are no part of it.
    pub(crate) fn memory(&self) -> anyhow::Result<f64> {
        self.status("VmRSS:")
    }

    /// The most that its resident memory has been since its start, in megabytes.
    pub(crate) fn peak_memory(&self) -> anyhow::Result<f64> {
        self.status("VmHWM:")
    }

    fn status(&self, name: &str) -> anyhow::Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.pid))?;
        let line = status.lines().find_map(|line| line.strip_prefix(name));
        let kilobytes = line.and_then(|line| line.split_whitespace().next());
        let kilobytes = kilobytes.with_context(|| format!("no {name} in /proc"))?;
        Ok(kilobytes.parse::<f64>()? * 1024.0 / 1e6)
    }

    /// Kills it, as a power cut would (`kill -9`).
    pub(crate) async fn kill(mut self) -> anyhow::Result<()> {
        Ok(self.child.kill().await?)
    }

    /// The sum of a counter over its labels, as `/metrics` shows it.
    pub(crate) async fn counter(&self, name: &str) -> anyhow::Result<f64> {
        let text = reqwest::get(format!("{}/metrics", self.url))
            .await?
            .text()
            .await?;
        let lines = text.lines().filter(|line| line.starts_with(name));
        Ok(lines
            .filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok())
            .sum())
    }

    /// Tells it to stop and waits until it has.
    pub(crate) async fn stop(mut self) -> anyhow::Result<()> {
        let pid = i32::try_from(self.pid)
            .ok()
            .and_then(Pid::from_raw)
            .context("no process")?;
        kill_process(pid, Signal::TERM)?;
        let ended = tokio::time::timeout(PATIENCE, self.child.wait()).await;
        let status = ended.context("the server did not stop")??;
        // Told to stop as soon as it answers, it may not listen to signals yet.
        let by_signal = status.signal() == Some(Signal::TERM.as_raw());
        anyhow::ensure!(
            status.success() || by_signal,
            "the server ended with {status}"
        );
        Ok(())
    }
}
