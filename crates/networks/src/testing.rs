//! What the connectors' tests share: a clock to set, an instance of the sandbox, and a small
//! engine that publishes as the real one does.

use std::{
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use bytes::Bytes;
use kernel::{Clock, Entropy, Env, Timestamp};
use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};
use url::Url;
use uuid::Uuid;

use crate::{
    connector::{
        Account, Connection, Connector, DoneStep, Found, ImageRules, MediaSource, OutgoingMedia,
        OutgoingPart, PublishRequest, RenderedImage, StepWork,
    },
    descriptor::Platform,
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
    }
}

/// A PNG of one pixel.
pub(crate) const PIXEL: &[u8] = &[
    0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d, b'I', b'H', b'D', b'R', 0, 0, 0,
    1, 0, 0, 0, 1, 8, 6, 0, 0, 0, 0x1f, 0x15, 0xc4, 0x89, 0, 0, 0, 0x0d, b'I', b'D', b'A', b'T',
    0x78, 0x9c, 0x63, 0xf8, 0xcf, 0xc0, 0xf0, 0x1f, 0, 5, 0, 1, 0xff, 0x56, 0xc7, 0x2f, 0x0d, 0, 0,
    0, 0, b'I', b'E', b'N', b'D', 0xae, 0x42, 0x60, 0x82,
];

struct Pixel;

#[async_trait]
impl MediaSource for Pixel {
    async fn image(&self, rules: &ImageRules) -> Result<RenderedImage, NetworkError> {
        assert!(rules.types.contains(&"image/png") && rules.max_bytes > 100);
        Ok(RenderedImage {
            bytes: Bytes::from_static(PIXEL),
            mime_type: "image/png".to_owned(),
            width: 1,
            height: 1,
        })
    }
}

/// A part with a text and an image for each description.
pub(crate) fn part(text: &str, alt_texts: &[&str]) -> OutgoingPart {
    let media = alt_texts
        .iter()
        .map(|alt_text| OutgoingMedia {
            content_id: Env::system().uuid(),
            mime_type: "image/png".to_owned(),
            alt_text: (*alt_text).to_owned(),
            source: Arc::new(Pixel),
        })
        .collect();
    OutgoingPart {
        text: text.to_owned(),
        media,
    }
}

/// A post that is due now.
pub(crate) fn request(net: &Net, parts: Vec<OutgoingPart>) -> PublishRequest {
    PublishRequest {
        target_id: Uuid::from_bytes(net.env.bytes()),
        due_at: net.env.now(),
        parts,
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
                Ok(result) => result,
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
