//! Bluesky's video service, as an account speaks to it: lexicons app.bsky.video.* and
//! com.atproto.server.getServiceAuth (2026-08-20), docs.bsky.app/docs/tutorials/video (2026-04-21).

use std::time::Duration;

use reqwest::{
    Body, Method, RequestBuilder, StatusCode,
    header::{CONTENT_LENGTH, CONTENT_TYPE},
};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use url::Url;

use super::{
    auth::secret,
    call,
    error::{self, parse_error, unreadable},
    read,
    video::{Sent, Way, processing},
    xrpc,
};
use crate::{
    Platform,
    connector::{
        Account, FileFacts, MediaFile, OutgoingMedia, StepAnswer, UPLOAD_TIMEOUT, server_name,
    },
    error::NetworkError,
    http::{Answer, Endpoint, Net},
};

/// How long the token is good that lets the service put the video on the account's server.
const TOKEN: Duration = Duration::from_mins(30);

/// app.bsky.video.defs#jobStatus. Errors come in it, too, and with an empty job.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Job {
    job_id: String,
    pub(super) state: String,
    pub(super) blob: Option<Value>,
    pub(super) error: Option<String>,
    pub(super) failure_code: Option<String>,
    pub(super) message: Option<String>,
}

/// The service answers `uploadVideo` without the envelope that its lexicon asks for
/// (bluesky-social/atproto#3097).
#[derive(Deserialize)]
#[serde(untagged)]
enum Status {
    #[serde(rename_all = "camelCase")]
    Wrapped {
        job_status: Job,
    },
    Bare(Job),
}

impl Status {
    fn of(answer: &Answer) -> Result<Job, serde_json::Error> {
        Ok(match answer.json()? {
            Self::Wrapped { job_status } => job_status,
            Self::Bare(job) => job,
        })
    }
}

/// The address of a method of the service.
pub(super) fn address(net: &Net, method: &str) -> Result<Url, NetworkError> {
    net.endpoint(
        Platform::Bluesky,
        Endpoint::Upload,
        &format!("/xrpc/{method}"),
    )
    .map_err(|error| NetworkError::transport(Service::NAME, &error))
}

/// app.bsky.video.getUploadStatus
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Upload {
    pub(super) state: String,
    received_parts: Vec<u64>,
    pub(super) completed_job_id: Option<String>,
}

/// The video service, as an account speaks to it.
pub(super) struct Service<'a> {
    net: &'a Net,
    account: &'a Account,
    token: String,
}

impl<'a> Service<'a> {
    /// What a person knows it by.
    pub(super) const NAME: &'static str = "Bluesky's video service";

    /// With a token that lets it put a video on the account's server, for half an hour. `None`:
    /// that server gives none.
    pub(super) async fn new(
        net: &'a Net,
        account: &'a Account,
    ) -> Result<Option<Self>, NetworkError> {
        #[derive(Deserialize)]
        struct Server {
            did: String,
        }
        #[derive(Deserialize)]
        struct Signed {
            token: String,
        }
        let failed = |error| NetworkError::transport(&server_name(&account.server), &error);
        let url =
            xrpc(&secret(account)?.pds, "com.atproto.server.describeServer").map_err(failed)?;
        let request = net.request(Method::GET, url).map_err(failed)?;
        let answer = net.send(request).await.map_err(failed)?;
        let server: Server = read(net, account, &answer)?;
        let until = (net.env.now() + TOKEN).as_seconds().to_string();
        let query = [
            ("aud", server.did.as_str()),
            ("lxm", "com.atproto.repo.uploadBlob"),
            ("exp", until.as_str()),
        ];
        let answer = call(
            net,
            account,
            Method::GET,
            "com.atproto.server.getServiceAuth",
            |request| request.query(&query),
        )
        .await?;
        if is_missing(&answer) {
            return Ok(None);
        }
        let Signed { token } = read(net, account, &answer)?;
        Ok(Some(Self {
            net,
            account,
            token,
        }))
    }

    /// One request. The answer may be a refusal.
    async fn send(
        net: &Net,
        method: Method,
        name: &str,
        build: impl FnOnce(RequestBuilder) -> RequestBuilder + Send,
    ) -> Result<Answer, NetworkError> {
        let failed = |error| NetworkError::transport(Self::NAME, &error);
        let request = net.request(method, address(net, name)?).map_err(failed)?;
        net.send(build(request)).await.map_err(failed)
    }

    async fn call(
        &self,
        method: Method,
        name: &str,
        build: impl FnOnce(RequestBuilder) -> RequestBuilder + Send,
    ) -> Result<Answer, NetworkError> {
        Self::send(self.net, method, name, |request| {
            build(request.bearer_auth(&self.token))
        })
        .await
    }

    fn read<T: DeserializeOwned>(&self, answer: &Answer) -> Result<T, NetworkError> {
        if !answer.status.is_success() {
            return Err(parse_error(Self::NAME, answer, self.net.env.now()));
        }
        answer
            .json()
            .map_err(|error| unreadable(Self::NAME, answer, &error))
    }

    /// app.bsky.video.startUpload
    pub(super) async fn start(
        &self,
        facts: &FileFacts,
        media: &OutgoingMedia,
    ) -> Result<Way, NetworkError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Started {
            job_id: String,
            part_size_bytes: u64,
        }
        let mut body = json!({
            "sizeBytes": facts.bytes,
            "mimeType": facts.mime_type,
            "name": name(media),
        });
        for (key, value) in [
            ("durationMs", facts.duration_ms),
            ("width", facts.width.map(u64::from)),
            ("height", facts.height.map(u64::from)),
        ] {
            if let Some(value) = value {
                body[key] = json!(value);
            }
        }
        let answer = self
            .call(Method::POST, "app.bsky.video.startUpload", |request| {
                request.json(&body)
            })
            .await?;
        if is_missing(&answer) {
            return Ok(Way::Whole);
        }
        let started: Started = self.read(&answer)?;
        Ok(Way::Pieces {
            job: started.job_id,
            piece: started.part_size_bytes.max(1),
        })
    }

    /// app.bsky.video.getUploadStatus
    pub(super) async fn state(&self, job: &str) -> Result<Upload, NetworkError> {
        let answer = self
            .call(Method::GET, "app.bsky.video.getUploadStatus", |request| {
                request.query(&[("jobId", job)])
            })
            .await?;
        if error::name(&answer) == "UploadNotFound" {
            return Ok(Upload::default());
        }
        self.read(&answer)
    }

    /// app.bsky.video.uploadPart for each piece that is missing, then finishUpload.
    pub(super) async fn pieces(
        &self,
        file: &dyn MediaFile,
        job: &str,
        piece: u64,
        state: &Upload,
    ) -> Result<StepAnswer, NetworkError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Finished {
            completed_job_id: String,
        }
        let bytes = file.facts().bytes;
        for number in (1..=bytes.div_ceil(piece)).filter(|it| !state.received_parts.contains(it)) {
            let start = (number - 1) * piece;
            let end = bytes.min(start + piece);
            let body = Body::wrap_stream(file.stream(start..end));
            let answer = self
                .call(Method::POST, "app.bsky.video.uploadPart", |request| {
                    request
                        .timeout(UPLOAD_TIMEOUT)
                        .query(&[("jobId", job), ("partNumber", &number.to_string())])
                        .header(CONTENT_TYPE, "application/octet-stream")
                        .header(CONTENT_LENGTH, end - start)
                        .body(body)
                })
                .await?;
            self.read::<Value>(&answer)?;
        }
        // The service keeps the token until it puts the video on the server: a fresh one.
        let fresh = Self::new(self.net, self.account).await?;
        let service = fresh.as_ref().unwrap_or(self);
        let answer = service
            .call(Method::POST, "app.bsky.video.finishUpload", |request| {
                request.json(&json!({ "jobId": job }))
            })
            .await?;
        if error::name(&answer) == "UploadNotReady" {
            return Ok(processing());
        }
        let finished: Finished = self.read(&answer)?;
        Ok(StepAnswer::done(Sent::Job(finished.completed_job_id)))
    }

    /// app.bsky.video.uploadVideo
    pub(super) async fn whole(
        &self,
        file: &dyn MediaFile,
        media: &OutgoingMedia,
    ) -> Result<StepAnswer, NetworkError> {
        let facts = file.facts();
        let body = Body::wrap_stream(file.stream(0..facts.bytes));
        let name = name(media);
        let query = [
            ("did", self.account.platform_account_id.as_str()),
            ("name", name.as_str()),
        ];
        let answer = self
            .call(Method::POST, "app.bsky.video.uploadVideo", |request| {
                request
                    .timeout(UPLOAD_TIMEOUT)
                    .query(&query)
                    .header(CONTENT_TYPE, &facts.mime_type)
                    .header(CONTENT_LENGTH, facts.bytes)
                    .body(body)
            })
            .await?;
        // A video that was sent before is a refusal that names its job.
        let job = Status::of(&answer).unwrap_or_default();
        if let Some(blob) = job.blob {
            return Ok(StepAnswer::done(Sent::Blob(blob)));
        }
        if job.job_id.is_empty() {
            return Err(parse_error(Self::NAME, &answer, self.net.env.now()));
        }
        Ok(StepAnswer::done(Sent::Job(job.job_id)))
    }
}

/// app.bsky.video.getJobStatus, which asks for no token.
pub(super) async fn job(net: &Net, id: &str) -> Result<(Answer, Job), NetworkError> {
    let answer = Service::send(net, Method::GET, "app.bsky.video.getJobStatus", |request| {
        request.query(&[("jobId", id)])
    })
    .await?;
    let job = Status::of(&answer).unwrap_or_default();
    Ok((answer, job))
}

/// Whether a server does not have the method that was asked for.
fn is_missing(answer: &Answer) -> bool {
    matches!(
        answer.status,
        StatusCode::NOT_FOUND | StatusCode::NOT_IMPLEMENTED
    )
}

fn name(media: &OutgoingMedia) -> String {
    format!("{}.mp4", media.content_id)
}
