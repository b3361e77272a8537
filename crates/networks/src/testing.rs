//! What the connectors' tests share: a clock to set, an instance of the sandbox, and a small
//! engine that publishes as the real one does.

use std::{
    collections::BTreeMap,
    ops::Range,
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use futures::{StreamExt, stream::BoxStream};
use kernel::{Clock, Entropy, Env, Timestamp};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    task::JoinHandle,
};
use url::Url;
use uuid::Uuid;

use crate::{
    Platform,
    connector::{
        Account, Connection, Connector, DoneStep, FileFacts, Found, MediaFile, MediaSource,
        OutgoingMedia, OutgoingPart, PublishRequest, RenderedImage, Rendition, StepAnswer,
        StepWork,
    },
    descriptor::ImageRules,
    error::NetworkError,
    http::{Net, NetConfig},
};

/// The real time, moved by as much as the test wants.
#[derive(Clone, Default)]
pub(crate) struct TestClock(Arc<AtomicI64>);

impl TestClock {
    pub(crate) fn advance(&self, by: Duration) {
        self.shift(i64::try_from(by.as_micros()).unwrap());
    }

    /// Moves it by microseconds, back too.
    pub(crate) fn shift(&self, micros: i64) {
        self.0.fetch_add(micros, Ordering::Relaxed);
    }

    pub(crate) fn env(&self) -> Env {
        Env::new(self.clone(), SystemBytes)
    }
}

impl Clock for TestClock {
    fn now(&self) -> Timestamp {
        let micros = Env::system().now().as_micros() + self.0.load(Ordering::Relaxed);
        Timestamp::from_micros(micros)
    }
}

struct SystemBytes;

impl Entropy for SystemBytes {
    fn fill(&self, buffer: &mut [u8]) {
        buffer.fill_with(|| Env::system().bytes::<1>()[0]);
    }
}

/// A client that may speak to this machine.
pub(crate) fn net(clock: &TestClock) -> Net {
    let config = NetConfig {
        allow_private_targets: true,
        timeout: Some(Duration::from_millis(1_500)),
        ..NetConfig::default()
    };
    Net::new(clock.env(), config).unwrap()
}

/// A client as an installation has it that nobody configured.
pub(crate) fn strict_net() -> Net {
    Net::new(Env::system(), NetConfig::default()).unwrap()
}

/// A running instance of the sandbox, which stops when it goes out of scope.
pub(crate) struct Instance {
    pub(crate) url: Url,
    task: JoinHandle<()>,
}

impl Instance {
    pub(crate) async fn start(config: sandbox::Config) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap())
            .parse()
            .unwrap();
        let task = tokio::spawn(async move { sandbox::serve(listener, config).await.unwrap() });
        Self { url, task }
    }

    /// Queues faults, as `POST /sandbox/faults` takes them.
    pub(crate) async fn faults(&self, next: Value) {
        let url = self.url.join("sandbox/faults").unwrap();
        let answer = reqwest::Client::new()
            .post(url)
            .json(&json!({ "next": next }))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 204);
    }

    /// Everything that stands published, oldest first.
    pub(crate) async fn statuses(&self) -> Vec<Value> {
        let url = self.url.join("sandbox/statuses").unwrap();
        let all: Value = reqwest::get(url).await.unwrap().json().await.unwrap();
        all["statuses"].as_array().unwrap().clone()
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The account of a connection, as it comes back from the store.
pub(crate) fn account(platform: Platform, connection: Connection) -> Account {
    Account {
        platform,
        server: connection.server,
        platform_account_id: connection.profile.platform_account_id,
        username: connection.profile.username,
        credentials: connection.credentials,
        limits: connection.limits,
        app: None,
    }
}

/// A PNG of one pixel.
pub(crate) const PIXEL: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, b'I', b'H', b'D', b'R', 0, 0, 0,
    1, 0, 0, 0, 1, 8, 6, 0, 0, 0, 0x1f, 0x15, 0xc4, 0x89, 0, 0, 0, 0x0d, b'I', b'D', b'A', b'T',
    0x78, 0x9c, 0x63, 0xf8, 0xcf, 0xc0, 0xf0, 0x1f, 0, 5, 0, 1, 0xff, 0x56, 0xc7, 0x2f, 0x0d, 0, 0,
    0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82,
];

/// A file in memory, which fits every network's rules.
pub(crate) struct TestFile {
    pub(crate) bytes: Bytes,
    pub(crate) facts: FileFacts,
}

impl TestFile {
    /// The PNG of one pixel.
    pub(crate) fn pixel() -> Self {
        Self::new("image/png", Bytes::from_static(PIXEL))
    }

    /// Bytes that are taken for a file of this type; a video of 1080 × 1920 pixels and 10 s.
    pub(crate) fn new(mime_type: &str, bytes: Bytes) -> Self {
        let video = mime_type.starts_with("video/");
        let facts = FileFacts {
            mime_type: mime_type.to_owned(),
            bytes: bytes.len() as u64,
            width: Some(if video { 1_080 } else { 1 }),
            height: Some(if video { 1_920 } else { 1 }),
            duration_ms: video.then_some(10_000),
        };
        Self { bytes, facts }
    }

    /// The file, attached to a part.
    pub(crate) fn attach(self, alt_text: &str) -> OutgoingMedia {
        OutgoingMedia {
            content_id: Env::system().uuid(),
            mime_type: self.facts.mime_type.clone(),
            alt_text: alt_text.to_owned(),
            source: Arc::new(self),
        }
    }
}

#[async_trait]
impl MediaSource for TestFile {
    async fn image(&self, _: &ImageRules) -> Result<RenderedImage, NetworkError> {
        Ok(RenderedImage {
            bytes: self.bytes.clone(),
            mime_type: self.facts.mime_type.clone(),
            width: 1,
            height: 1,
        })
    }

    async fn open(&self, _: Rendition<'_>) -> Result<Arc<dyn MediaFile>, NetworkError> {
        Ok(Arc::new(Self {
            bytes: self.bytes.clone(),
            facts: self.facts.clone(),
        }))
    }

    /// Serves the file at an address of its own, for as long as the test runs.
    async fn link(&self, _: Rendition<'_>, _: Duration) -> Result<Url, NetworkError> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/file", listener.local_addr().unwrap());
        let head = format!(
            "HTTP/1.1 200 OK\r\nContent-Type: {}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
            self.facts.mime_type,
            self.bytes.len()
        );
        let bytes = self.bytes.clone();
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = [0; 4_096];
                let read = stream.read(&mut request).await.unwrap_or(0);
                stream.write_all(head.as_bytes()).await.ok();
                if !request[..read].starts_with(b"HEAD") {
                    stream.write_all(&bytes).await.ok();
                }
            }
        });
        Ok(url.parse().unwrap())
    }
}

#[async_trait]
impl MediaFile for TestFile {
    fn facts(&self) -> &FileFacts {
        &self.facts
    }

    async fn read(&self, range: Range<u64>) -> Result<Bytes, NetworkError> {
        let range = usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap();
        Ok(self.bytes.slice(range))
    }

    fn stream(&self, range: Range<u64>) -> BoxStream<'static, std::io::Result<Bytes>> {
        let range = usize::try_from(range.start).unwrap()..usize::try_from(range.end).unwrap();
        let bytes = self.bytes.slice(range);
        let pieces: Vec<_> = bytes
            .chunks(64 * 1024)
            .map(|piece| Ok(Bytes::copy_from_slice(piece)))
            .collect();
        futures::stream::iter(pieces).boxed()
    }
}

/// A part with a text and an image for each description.
pub(crate) fn part(text: &str, alt_texts: &[&str]) -> OutgoingPart {
    let media = alt_texts
        .iter()
        .map(|alt_text| TestFile::pixel().attach(alt_text))
        .collect();
    OutgoingPart {
        text: text.to_owned(),
        media,
    }
}

/// A post that is due now, in the format `post`.
pub(crate) fn request(net: &Net, parts: Vec<OutgoingPart>) -> PublishRequest {
    request_as(net, "post", parts, json!({}))
}

/// A post that is due now, in a format and with options.
#[expect(
    clippy::needless_pass_by_value,
    reason = "callers write the options as `json!`"
)]
pub(crate) fn request_as(
    net: &Net,
    format: &str,
    parts: Vec<OutgoingPart>,
    options: Value,
) -> PublishRequest {
    PublishRequest {
        target_id: Uuid::from_bytes(net.env.bytes()),
        due_at: net.env.now(),
        format: format.to_owned(),
        parts,
        options: options.as_object().unwrap().clone(),
        attachments: BTreeMap::new(),
    }
}

/// Publishes as the engine does: a public step whose effect is unknown is looked for, and is
/// repeated only if it is surely absent.
pub(crate) struct Engine<'a> {
    pub(crate) connector: &'a dyn Connector,
    pub(crate) net: &'a Net,
    pub(crate) clock: &'a TestClock,
    pub(crate) account: &'a Account,
    pub(crate) done: Vec<DoneStep>,
    /// What happened, such as `post:0 unknown`, `post:0 found`.
    pub(crate) log: Vec<String>,
}

impl<'a> Engine<'a> {
    pub(crate) fn new(
        connector: &'a dyn Connector,
        net: &'a Net,
        clock: &'a TestClock,
        account: &'a Account,
    ) -> Self {
        Self {
            connector,
            net,
            clock,
            account,
            done: Vec::new(),
            log: Vec::new(),
        }
    }

    /// Runs to the end, or to the first error that is not an unknown effect of a public step.
    pub(crate) async fn publish(&mut self, request: &PublishRequest) -> Result<(), NetworkError> {
        while let Some(step) = self.connector.next_step(request, &self.done) {
            assert_eq!(
                self.connector.next_step(request, &self.done),
                Some(step.clone()),
                "pure"
            );
            let done = self.done.clone();
            let work = StepWork {
                account: self.account,
                request,
                done: &done,
                step: &step,
                first_sent_at: self.net.env.now(),
            };
            let result = match self.connector.run_step(self.net, work).await {
                Ok(StepAnswer::Done(result)) => result,
                Ok(StepAnswer::Pending { after, .. }) => {
                    self.log.push(format!("{} pending", step.name));
                    assert!(self.log.len() < 200, "it never ends: {:?}", self.log);
                    self.clock.advance(after);
                    continue;
                }
                Err(error) if step.public && !error.certainty.had_no_effect() => {
                    self.log.push(format!("{} unknown", step.name));
                    match self.find(work).await? {
                        Found::Present(result) => {
                            self.log.push(format!("{} found", step.name));
                            result
                        }
                        Found::Absent => {
                            self.log.push(format!("{} absent", step.name));
                            continue;
                        }
                        Found::CannotTell(why) => panic!("{why}"),
                    }
                }
                Err(error) => {
                    self.log
                        .push(format!("{} {} {}", step.name, error.kind, error.certainty));
                    return Err(error);
                }
            };
            self.done.push(DoneStep {
                name: step.name,
                result,
            });
        }
        Ok(())
    }

    /// Looks, and looks again when it is told to wait.
    async fn find(&mut self, work: StepWork<'_>) -> Result<Found, NetworkError> {
        loop {
            match self.connector.find_step(self.net, work).await {
                Err(NetworkError {
                    retry_after: Some(after),
                    ..
                }) => self.clock.advance(after),
                other => return other,
            }
        }
    }
}
