//! The program itself: its start, its memory, its size.

use std::{fs, path::Path, time::Duration};

use crate::{
    installation::folder,
    report::{Report, millis},
    server::Server,
    stats::Times,
};

/// Design, §9.
const START: Duration = Duration::from_millis(500);
/// Design, §9, in megabytes.
const MEMORY: f64 = 60.0;
/// Starts of which the median counts.
const STARTS: usize = 5;
/// How long a server is left alone before its memory is read.
const IDLE: Duration = Duration::from_secs(10);

pub(crate) async fn measure(binary: &Path, report: &mut Report) -> anyhow::Result<()> {
    report.group("Program");
    let (mut first, mut again) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let data = folder()?;
        for times in [&mut first, &mut again] {
            let server = Server::start(binary, data.path(), "", None).await?;
            times.push(server.first_answer_after);
            server.stop().await?;
        }
    }
    for (name, times) in [("first start, empty folder", first), ("start", again)] {
        let median = Times::new(times)?.median();
        report.judge(
            format!("{name}, to the first answer"),
            millis(median),
            "500 ms",
            median <= START,
        );
    }

    let data = folder()?;
    let server = Server::start(binary, data.path(), "", None).await?;
    tokio::time::sleep(IDLE).await;
    let memory = server.memory()?;
    report.judge(
        "resident memory, idle",
        format!("{memory:.1} MB"),
        "60 MB",
        memory <= MEMORY,
    );
    server.stop().await?;

    let size = f64::from(u32::try_from(fs::metadata(binary)?.len() / 1_000)?) / 1e3;
    report.note("binary", format!("{size:.1} MB"));
    // `make build` leaves it beside the binary when it built everything.
    if let Ok(seconds) = fs::read_to_string(binary.with_file_name("allin.build-seconds")) {
        report.note("build from nothing", format!("{} s", seconds.trim()));
    }
    Ok(())
}
