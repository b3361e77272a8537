//! The API under load, with an open loop: a request leaves when its time has come, whether or not
//! the ones before it were answered, and its time counts from then.

use std::{
    thread,
    time::{Duration, Instant},
};

use futures::{StreamExt, TryStreamExt, stream::FuturesUnordered};
use reqwest::Method;

use crate::{
    client::{Client, When},
    cpu::Cpu,
    installation::Installation,
    report::{Report, quantiles},
    server::Server,
    stats::Times,
};

/// Design, §9.
const READ_P95: Duration = Duration::from_millis(10);
const READS_PER_SECOND: u32 = 1_000;
const WRITES_PER_SECOND: u32 = 200;
/// How long each load lasts.
const LASTS: Duration = Duration::from_secs(10);
/// Requests before the measuring begins.
const WARM_UP: usize = 500;

pub(crate) async fn measure(
    installation: &mut Installation,
    report: &mut Report,
) -> anyhow::Result<()> {
    report.group(format!("API on {}", installation.engine));
    let server = installation.start(None).await?;
    let client = Client::new(&server.url)?;
    installation.log_in(&client).await?;
    let tenants = installation.tenants.as_slice();
    let drafts = (0..WARM_UP).map(|number| (format!("Draft {number}"), When::Never));
    let ids = installation.write(&client, drafts).await?;
    let post = |number: usize| (&tenants[number % tenants.len()], &ids[number % ids.len()]);

    let before = Cpu::read(server.pid)?;
    let list = load(READS_PER_SECOND, |number| {
        let (tenant, _) = post(number);
        get(&client, "/posts?limit=20".to_owned(), &tenant.token)
    });
    judge(report, "GET /posts", &list.await?);
    note_cpu(report, &server, before)?;
    let before = Cpu::read(server.pid)?;
    let one = load(READS_PER_SECOND, |number| {
        let (tenant, id) = post(number);
        get(&client, format!("/posts/{id}"), &tenant.token)
    });
    judge(report, "GET /posts/{id}", &one.await?);
    note_cpu(report, &server, before)?;
    let written = load(WRITES_PER_SECOND, |number| {
        let (client, (tenant, _)) = (&client, post(number));
        async move { client.post(tenant, "A draft", When::Never).await.map(drop) }
    });
    let written = written.await?;
    report.note(
        format!("POST /posts at {WRITES_PER_SECOND}/s"),
        quantiles(&written, &[50, 95, 99]),
    );
    server.stop().await
}

fn judge(report: &mut Report, name: &str, times: &Times) {
    report.judge(
        format!("{name} at {READS_PER_SECOND}/s"),
        quantiles(times, &[50, 95, 99]),
        "p95 10 ms",
        times.at(95) <= READ_P95,
    );
}

fn note_cpu(report: &mut Report, server: &Server, before: Cpu) -> anyhow::Result<()> {
    let requests = READS_PER_SECOND * u32::try_from(LASTS.as_secs())?;
    let cpu = Cpu::read(server.pid)?.each_since(before, requests);
    report.note("processor time of each", cpu);
    Ok(())
}

async fn get(client: &Client, path: String, token: &str) -> anyhow::Result<()> {
    client.call(Method::GET, &path, token, None).await.map(drop)
}

/// Makes requests at an even rate and answers how long each took.
async fn load<'a, F: Future<Output = anyhow::Result<()>> + 'a>(
    per_second: u32,
    request: impl Fn(usize) -> F,
) -> anyhow::Result<Times> {
    let (appointed, mut appointments) = tokio::sync::mpsc::unbounded_channel();
    // A thread of its own: the runtime's timer is no finer than a millisecond.
    thread::spawn(move || {
        let start = Instant::now();
        for number in 0..per_second * u32::try_from(LASTS.as_secs()).unwrap_or(1) {
            let at = start + Duration::from_secs(1) * number / per_second;
            thread::sleep(at.saturating_duration_since(Instant::now()));
            if appointed.send((number as usize, at)).is_err() {
                return;
            }
        }
    });
    let mut times = Vec::new();
    let mut open = FuturesUnordered::new();
    loop {
        tokio::select! {
            appointment = appointments.recv() => match appointment {
                Some((number, at)) => {
                    let request = request(number);
                    open.push(async move { request.await.map(|()| at.elapsed()) });
                }
                None => break,
            },
            Some(time) = open.next() => times.push(time?),
        }
    }
    times.extend(open.try_collect::<Vec<_>>().await?);
    Times::new(times)
}
