//! A large video: into the library, and out to networks that take it in pieces or go on where an
//! upload broke off, undisturbed and with a `kill -9` in the middle.

use std::{
    collections::BTreeMap,
    fs,
    path::Path,
    time::{Duration, Instant},
};

use anyhow::ensure;
use serde_json::Value;
use tempfile::TempDir;

use crate::{
    client::Client,
    film,
    installation::folder,
    networks::Author,
    report::{Report, progress},
    sandbox::{File, Sandbox},
    server::Server,
};

/// The networks, and the formats of large videos.
const NETWORKS: [(&str, &str); 6] = [
    ("youtube", "video"),
    ("facebook", "video"),
    ("tiktok", "video"),
    ("instagram", "reel"),
    ("linkedin", "post"),
    ("x", "post"),
];
/// What a server may grow by, whatever the size of the file, in megabytes.
const GROWTH: f64 = 50.0;
/// The largest piece, which is sent again if the kill meets it, and what was on its way.
const AGAIN: u64 = 32_000_000;
/// How often is looked how much has arrived.
const LOOK: Duration = Duration::from_millis(50);
/// How long an upload may take.
const PATIENCE: Duration = Duration::from_mins(15);

/// An installation whose networks are simulated.
struct Bench<'a> {
    binary: &'a Path,
    data: TempDir,
    settings: Vec<(String, String)>,
    sandbox: Sandbox,
}

/// A video of the library, to be published.
struct Video {
    author: Author,
    format: Value,
    file: String,
}

/// An upload that was watched.
struct Watched {
    /// From the first byte to the last.
    took: Duration,
    /// Bytes that arrived, whatever they are.
    arrived: u64,
    /// What is published.
    file: File,
}

/// Measures the networks that are `wanted`.
pub(crate) async fn measure(
    binary: &Path,
    bytes: u64,
    wanted: impl Fn(&str) -> bool,
    report: &mut Report,
) -> anyhow::Result<()> {
    report.group(format!("Upload of a video of {}", megabytes(bytes)));
    let (films, received) = (folder()?, folder()?);
    let sandbox = Sandbox::start(binary, received.path()).await?;
    let bench = Bench {
        binary,
        data: folder()?,
        settings: sandbox.settings().await?,
        sandbox,
    };
    let mut server = bench.start().await?;
    Client::new(&server.url)?.register(0).await?;
    let mut library: BTreeMap<u64, String> = BTreeMap::new();
    for (network, format) in NETWORKS.into_iter().filter(|(network, _)| wanted(network)) {
        let client = Client::new(&server.url)?;
        let token = client.log_in(0).await?;
        let author = Author::connect(&bench.sandbox, &client, &token, network).await?;
        let format = author.format(format)?.clone();
        let bytes = bytes.min(most(&format));
        let file = if let Some(file) = library.get(&bytes) {
            file.clone()
        } else {
            progress(&format!("making a video of {}", megabytes(bytes)));
            let film = film::long(films.path(), bytes).await?;
            server = bench.restart(server).await?;
            let file = into_library(&server, &film, report).await?;
            fs::remove_file(film)?;
            library.insert(bytes, file.clone());
            file
        };
        let video = Video {
            author,
            format,
            file,
        };
        server = bench.restart(server).await?;
        let whole = bench.undisturbed(&server, &video, report).await?;
        server = bench.killed(server, &video, &whole, report).await?;
    }
    server.stop().await
}

/// The bytes that a format takes of a video as [`film`] makes it, with a margin: a new wrapping
/// takes room.
fn most(format: &Value) -> u64 {
    let rules = &format["media"]["videos"];
    let number = |name: &str| rules[name].as_u64().unwrap_or_default();
    let by_length = film::bytes(number("maxSeconds"));
    number("maxBytes").min(by_length) / 20 * 19
}

async fn into_library(server: &Server, film: &Path, report: &mut Report) -> anyhow::Result<String> {
    let client = Client::new(&server.url)?;
    let token = client.log_in(0).await?;
    let before = server.memory()?;
    let bytes = fs::metadata(film)?.len();
    let began = Instant::now();
    let file = client.upload(&token, film).await?;
    let took = began.elapsed();
    grown(
        format!("into the library, {}", megabytes(bytes)),
        server,
        before,
        &speed(bytes, took),
        report,
    )?;
    Ok(file)
}

/// Notes a speed beside how much memory it took.
fn grown(
    what: String,
    server: &Server,
    before: f64,
    speed: &str,
    report: &mut Report,
) -> anyhow::Result<()> {
    let peak = server.peak_memory()?;
    report.judge(
        what,
        format!("{speed}  {before:.0} → {peak:.0} MB of memory"),
        format!("+{GROWTH:.0} MB"),
        peak - before <= GROWTH,
    );
    Ok(())
}

impl Bench<'_> {
    async fn start(&self) -> anyhow::Result<Server> {
        Server::start_with(self.binary, self.data.path(), "", None, &self.settings).await
    }

    /// A new process, whose memory has no past.
    async fn restart(&self, server: Server) -> anyhow::Result<Server> {
        server.stop().await?;
        self.start().await
    }

    /// Bytes that the network has received.
    async fn arrived(&self, network: &str) -> anyhow::Result<u64> {
        let requests = self.sandbox.requests(network).await?;
        Ok(requests.iter().map(|request| request.bytes).sum())
    }

    /// Follows a post until it is published.
    async fn watch(&self, author: &Author, post: &str, mark: &str) -> anyhow::Result<Watched> {
        let began = Instant::now();
        let (mut first, mut last) = (None, (began, 0));
        while !author.is_published(post).await? {
            ensure!(
                began.elapsed() < PATIENCE,
                "{} took too long",
                author.network
            );
            let arrived = self.arrived(&author.network).await?;
            let now = Instant::now();
            // What brings no file is small.
            if arrived > 1_000_000 {
                first.get_or_insert((now, arrived));
            }
            if arrived > last.1 + 100_000 {
                last = (now, arrived);
            }
            tokio::time::sleep(LOOK).await;
        }
        let mut posts = self.sandbox.posts(&author.network, mark).await?;
        ensure!(
            posts.len() == 1,
            "{} shows {} posts",
            author.network,
            posts.len()
        );
        let file = posts.pop().and_then(|mut post| post.media.pop());
        Ok(Watched {
            took: first.map_or(Duration::ZERO, |(at, _)| last.0.duration_since(at)),
            arrived: self.arrived(&author.network).await?,
            file: file.ok_or_else(|| anyhow::anyhow!("{} shows no file", author.network))?,
        })
    }

    async fn undisturbed(
        &self,
        server: &Server,
        video: &Video,
        report: &mut Report,
    ) -> anyhow::Result<File> {
        let before = server.memory()?;
        let author = video.author.at(server).await?;
        let mark = format!("Bench {} whole", author.network);
        self.sandbox.forget_requests().await?;
        let post = video.publish(&author, &mark).await?;
        let watched = self.watch(&author, &post, &mark).await?;
        let bytes = watched.file.bytes;
        let what = format!("to {}, {}", author.network, megabytes(bytes));
        grown(what, server, before, &speed(bytes, watched.took), report)?;
        Ok(watched.file)
    }

    /// The same, with a kill when half of the file has arrived.
    async fn killed(
        &self,
        server: Server,
        video: &Video,
        whole: &File,
        report: &mut Report,
    ) -> anyhow::Result<Server> {
        let author = video.author.at(&server).await?;
        let mark = format!("Bench {} killed", author.network);
        self.sandbox.forget_requests().await?;
        let post = video.publish(&author, &mark).await?;
        let arrived = loop {
            let arrived = self.arrived(&author.network).await?;
            if arrived > whole.bytes / 2 {
                break arrived;
            }
            ensure!(!author.is_published(&post).await?, "published too soon");
            tokio::time::sleep(LOOK / 10).await;
        };
        server.kill().await?;
        progress(&format!("killed after {}", megabytes(arrived)));
        let server = self.start().await?;
        let author = video.author.at(&server).await?;
        let watched = self.watch(&author, &post, &mark).await?;
        ensure!(
            watched.file.sha256 == whole.sha256,
            "{}: what is published is not the file",
            author.network
        );
        let again = watched.arrived.saturating_sub(whole.bytes);
        report.judge(
            format!(
                "to {}, killed after {}, once",
                author.network,
                megabytes(arrived)
            ),
            format!("{} sent again", megabytes(again)),
            format!("{} at most", megabytes(AGAIN)),
            again <= AGAIN,
        );
        Ok(server)
    }
}

impl Video {
    async fn publish(&self, author: &Author, mark: &str) -> anyhow::Result<String> {
        let options = author.options(&self.format, "").await?;
        author
            .publish(&self.format, Some(&self.file), &options, mark)
            .await
    }
}

fn megabytes(bytes: u64) -> String {
    format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10)
}

fn speed(bytes: u64, took: Duration) -> String {
    let kilobytes = u32::try_from(bytes / 1_000).unwrap_or(u32::MAX);
    let rate = f64::from(kilobytes) / 1e3 / took.as_secs_f64().max(0.001);
    format!("{rate:>6.0} MB/s")
}
