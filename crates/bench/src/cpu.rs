//! Who used the processors: proc(5).

use std::{fs, time::Duration};

use anyhow::Context as _;

/// Processor time used so far.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cpu {
    server: Duration,
    bench: Duration,
    machine: Duration,
}

impl Cpu {
    /// Reads the clocks of the server with that process id, of this process and of the machine.
    pub(crate) fn read(server: u32) -> anyhow::Result<Self> {
        Ok(Self {
            server: process(&server.to_string())?,
            bench: process("self")?,
            machine: machine()?,
        })
    }

    /// Microseconds for each of `count` things since `earlier`, and by whom.
    pub(crate) fn each_since(self, earlier: Self, count: u32) -> String {
        let server = self.server.saturating_sub(earlier.server);
        let bench = self.bench.saturating_sub(earlier.bench);
        let machine = self.machine.saturating_sub(earlier.machine);
        let others = machine.saturating_sub(server + bench);
        let each = |time: Duration| time.as_micros() / u128::from(count.max(1));
        format!(
            "AllIN {} µs, the benchmark {} µs, all else {} µs",
            each(server),
            each(bench),
            each(others)
        )
    }
}

/// User and system time of a process.
fn process(id: &str) -> anyhow::Result<Duration> {
    let path = format!("/proc/{id}/stat");
    let stat = fs::read_to_string(&path).with_context(|| format!("{path} can't be read"))?;
    // The name in brackets may hold spaces; utime and stime are the 14th and 15th field.
    let fields = stat.rsplit_once(')').map_or("", |(_, rest)| rest);
    ticks(fields.split_whitespace().skip(11).take(2))
}

/// What all processes used, the kernel's own work included.
fn machine() -> anyhow::Result<Duration> {
    let stat = fs::read_to_string("/proc/stat").context("/proc/stat can't be read")?;
    let total = stat.lines().next().unwrap_or_default();
    // user, nice, system, (idle, iowait,) irq, softirq
    let fields: Vec<&str> = total.split_whitespace().skip(1).collect();
    ticks(
        [0, 1, 2, 5, 6]
            .iter()
            .filter_map(|index| fields.get(*index).copied()),
    )
}

fn ticks<'a>(fields: impl Iterator<Item = &'a str>) -> anyhow::Result<Duration> {
    let mut ticks = 0;
    for field in fields {
        ticks += field
            .parse::<u64>()
            .context("proc(5) has another form here")?;
    }
    Ok(Duration::from_millis(
        ticks * 1000 / rustix::param::clock_ticks_per_second(),
    ))
}
