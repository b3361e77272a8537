//! Publishing: lexicons com.atproto.repo.createRecord, applyWrites, getRecord and deleteRecord
//! (bluesky-social/atproto, 2026-08-20).
//!
//! Each part gets a record key made from its target, its due time and its place. A repository
//! holds one record per key, so a part can't be published twice, and whether it was published is
//! answered with certainty by reading that key. Who may answer and quote it is written in the
//! same commit, so that no post stands open for a moment.

use kernel::Timestamp;
use reqwest::Method;
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{
    COLLECTION, POSTGATE, THREADGATE,
    auth::is_absent,
    call,
    error::{name, parse_error},
    formats,
    link::{ReplyRef, StrongRef},
    prepare::{self, Prepared, Uploaded},
    profile_url, read, record, video,
};
use crate::{
    connector::{
        Account, DoneStep, Found, LivePost, PublishRequest, Published, Step, StepAnswer, StepWork,
        server_name,
    },
    error::NetworkError,
    http::{Answer, Net},
    step::{self, StepName},
};

/// All files first, so that a file that is refused leaves no half thread behind; then what the
/// parts refer to; then the parts.
pub(super) fn next_step(request: &PublishRequest, done: &[DoneStep]) -> Option<Step> {
    let mut steps = Vec::new();
    let mut waits = Vec::new();
    for (p, part) in request.parts.iter().enumerate() {
        for (file, media) in part.media.iter().enumerate() {
            if formats::is_video(&media.mime_type) {
                steps.push(StepName::Session(p, file));
                waits.push(StepName::Ready(p, file));
            }
            steps.push(StepName::Media(p, file));
        }
    }
    steps.extend(waits);
    let parts = 0..request.parts.len();
    let prepared = parts
        .clone()
        .filter(|part| prepare::is_needed(request, *part));
    steps.extend(prepared.map(StepName::Container));
    steps.extend(parts.map(StepName::Post));
    let name = steps.into_iter().find(|name| !name.is_done(done))?;
    let public = matches!(name, StepName::Post(_));
    Some(Step {
        idempotency_key: public.then(|| record_key(request, name.part())),
        ..name.step(request, public)
    })
}

/// The record key of a part, a TID: atproto.com/specs/tid. Its microseconds are those of the due
/// time, moved by up to half a second that the target decides, so that posts of one account due
/// at the same instant differ; the parts of a thread follow each other.
fn record_key(request: &PublishRequest, part: usize) -> String {
    const ALPHABET: &[u8; 32] = b"234567abcdefghijklmnopqrstuvwxyz";
    let hash = step::identity(request, 0);
    let moved = u64::from(u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]]) >> 13);
    let micros = u64::try_from(request.due_at.as_micros()).unwrap_or(0);
    let micros = micros + moved + u64::try_from(part).unwrap_or(0);
    let clock = u64::from(u16::from_be_bytes([hash[4], hash[5]]) >> 6);
    let number = ((micros << 10) | clock) & (u64::MAX >> 1);
    (0..13)
        .rev()
        .map(|digit| {
            let index = usize::try_from((number >> (5 * digit)) & 31).unwrap_or(0);
            char::from(ALPHABET[index])
        })
        .collect()
}

pub(super) async fn run_step(net: &Net, work: StepWork<'_>) -> Result<StepAnswer, NetworkError> {
    let account = work.account;
    match step::name(&work)? {
        StepName::Session(part, file) => {
            let media = step::media(&work, part, file)?;
            Ok(StepAnswer::done(video::begin(net, account, media).await?))
        }
        StepName::Media(part, file) => {
            let media = step::media(&work, part, file)?;
            if formats::is_video(&media.mime_type) {
                let way = StepName::Session(part, file).earlier(work.done)?;
                return video::send(net, account, media, way).await;
            }
            Ok(StepAnswer::done(prepare::image(net, account, media).await?))
        }
        StepName::Ready(part, file) => {
            let media = step::media(&work, part, file)?;
            let sent = StepName::Media(part, file).earlier(work.done)?;
            video::ready(net, account, media, sent).await
        }
        StepName::Container(part) => {
            Ok(StepAnswer::done(prepare::prepare(net, &work, part).await?))
        }
        StepName::Post(part) => {
            let files = files(&work, part)?;
            let prepared = prepared(&work, part)?;
            let mut answer = create(net, &work, part, &files, &prepared).await?;
            if name(&answer) == "BlobNotFound" {
                answer = create_again(net, &work, part).await?;
            }
            Ok(StepAnswer::done(read_created(net, account, &answer)?))
        }
        name => Err(step::lost(&name.to_string())),
    }
}

/// The uploaded files of a part, in order.
fn files(work: &StepWork<'_>, part: usize) -> Result<Vec<Uploaded>, NetworkError> {
    let media = step::part(work, part)?.media.iter().enumerate();
    media
        .map(|(file, media)| {
            let name = if formats::is_video(&media.mime_type) {
                StepName::Ready(part, file)
            } else {
                StepName::Media(part, file)
            };
            name.earlier(work.done)
        })
        .collect()
}

fn prepared(work: &StepWork<'_>, part: usize) -> Result<Prepared, NetworkError> {
    if prepare::is_needed(work.request, part) {
        StepName::Container(part).earlier(work.done)
    } else {
        Ok(Prepared::default())
    }
}

/// The server has thrown away files that no post used for too long: a post that was tried again
/// after hours. It said no, so sending them and the post again is safe.
async fn create_again(net: &Net, work: &StepWork<'_>, part: usize) -> Result<Answer, NetworkError> {
    let before = NetworkError::before_public;
    let mut files = Vec::new();
    for media in &step::part(work, part)?.media {
        let uploaded = if formats::is_video(&media.mime_type) {
            // Was processed once, and would take too long to be processed again.
            video::send_to_server(net, work.account, media).await
        } else {
            prepare::image(net, work.account, media).await
        };
        files.push(uploaded.map_err(before)?);
    }
    let prepared = if prepare::is_needed(work.request, part) {
        prepare::prepare(net, work, part).await.map_err(before)?
    } else {
        Prepared::default()
    };
    create(net, work, part, &files, &prepared).await
}

/// Writes a part's record, and those of its gates with it. The answer may be a refusal.
async fn create(
    net: &Net,
    work: &StepWork<'_>,
    part: usize,
    files: &[Uploaded],
    prepared: &Prepared,
) -> Result<Answer, NetworkError> {
    let (account, request) = (work.account, work.request);
    let content = step::part(work, part)?;
    let reply = reply(work, part, prepared)?;
    let record = record::post(net, account, request, content, files, prepared, reply)
        .await
        .map_err(NetworkError::before_public)?;
    let repo = &account.platform_account_id;
    let key = record_key(request, part);
    let gates = record::gates(
        net,
        request,
        part,
        &format!("at://{repo}/{COLLECTION}/{key}"),
    );
    let (method, body) = if gates.is_empty() {
        (
            "com.atproto.repo.createRecord",
            json!({ "repo": repo, "collection": COLLECTION, "rkey": key, "record": record }),
        )
    } else {
        let write = |record: Value| {
            json!({
                "$type": "com.atproto.repo.applyWrites#create",
                "collection": record["$type"],
                "rkey": key,
                "value": record,
            })
        };
        let writes: Vec<_> = std::iter::once(record).chain(gates).map(write).collect();
        (
            "com.atproto.repo.applyWrites",
            json!({ "repo": repo, "writes": writes }),
        )
    };
    call(net, account, Method::POST, method, |request| {
        request.json(&body)
    })
    .await
}

/// What a part replies to: the part before it, or for the first one the post of the option.
fn reply(
    work: &StepWork<'_>,
    part: usize,
    prepared: &Prepared,
) -> Result<Option<ReplyRef>, NetworkError> {
    let Some(before) = part.checked_sub(1) else {
        return Ok(prepared.reply.clone());
    };
    let root = match self::prepared(work, 0)?.reply {
        Some(reply) => reply.root,
        None => StepName::Post(0).earlier(work.done)?,
    };
    let parent = StepName::Post(before).earlier(work.done)?;
    Ok(Some(ReplyRef { root, parent }))
}

/// The post in the answer of createRecord or applyWrites.
fn read_created(net: &Net, account: &Account, answer: &Answer) -> Result<StrongRef, NetworkError> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Created {
        One(StrongRef),
        Several { results: Vec<StrongRef> },
    }
    match read(net, account, answer)? {
        Created::One(post) => Ok(post),
        Created::Several { results } => results.into_iter().next().ok_or_else(|| {
            NetworkError::unknown(
                "The account's server did not say where the post is.",
                "applyWrites without results",
            )
        }),
    }
}

pub(super) async fn find_step(net: &Net, work: StepWork<'_>) -> Result<Found, NetworkError> {
    let StepName::Post(part) = step::name(&work)? else {
        // Nobody sees what is prepared, so doing it again does no harm.
        return Ok(Found::Absent);
    };
    let key = record_key(work.request, part);
    let record: Option<StrongRef> = record_at(net, work.account, COLLECTION, &key).await?;
    Ok(record.map_or(Found::Absent, |posted| Found::Present(json!(posted))))
}

/// Reads the first part as it stands.
pub(super) async fn read_back(
    net: &Net,
    account: &Account,
    done: &[DoneStep],
) -> Result<Option<LivePost>, NetworkError> {
    #[derive(Deserialize)]
    struct Record {
        uri: String,
        value: Post,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Post {
        text: String,
        created_at: Option<Timestamp>,
    }
    let Some(first) = posted(done).into_iter().next() else {
        return Ok(None);
    };
    let record: Option<Record> = record_at(net, account, COLLECTION, first.key()).await?;
    Ok(record.map(|record| LivePost {
        platform_post_id: record.uri,
        url: published(account, done).url,
        text: Some(record.value.text),
        published_at: record.value.created_at,
    }))
}

/// Reads a record by its key: com.atproto.repo.getRecord. `None`: there is none.
pub(super) async fn record_at<T: DeserializeOwned>(
    net: &Net,
    account: &Account,
    collection: &str,
    key: &str,
) -> Result<Option<T>, NetworkError> {
    let query = [
        ("repo", account.platform_account_id.as_str()),
        ("collection", collection),
        ("rkey", key),
    ];
    let answer = call(
        net,
        account,
        Method::GET,
        "com.atproto.repo.getRecord",
        |request| request.query(&query),
    )
    .await?;
    if is_absent(&answer) {
        return Ok(None);
    }
    read(net, account, &answer).map(Some)
}

impl StrongRef {
    /// The record key: at://did/collection/rkey
    fn key(&self) -> &str {
        self.uri.rsplit('/').next().unwrap_or_default()
    }
}

/// The parts that are published, in order.
pub(super) fn posted(done: &[DoneStep]) -> Vec<StrongRef> {
    (0..)
        .map_while(|part| StepName::Post(part).result(done))
        .collect()
}

pub(super) fn published(account: &Account, done: &[DoneStep]) -> Published {
    let Some(first) = posted(done).into_iter().next() else {
        return Published {
            platform_post_id: String::new(),
            url: None,
        };
    };
    let mut page = profile_url(&account.username, &account.platform_account_id);
    if let Ok(mut path) = page.path_segments_mut() {
        path.extend(["post", first.key()]);
    }
    Published {
        url: Some(page),
        platform_post_id: first.uri,
    }
}

/// Deletes the thread, its end first: com.atproto.repo.deleteRecord, which also says yes to what
/// is gone already or never was. The gates go after their post, so that it never stands open.
pub(super) async fn delete(
    net: &Net,
    account: &Account,
    done: &[DoneStep],
) -> Result<(), NetworkError> {
    for (part, post) in posted(done).iter().enumerate().rev() {
        let gates: &[&str] = match part {
            0 => &[POSTGATE, THREADGATE],
            _ => &[POSTGATE],
        };
        for collection in [COLLECTION].iter().chain(gates) {
            let body = json!({
                "repo": account.platform_account_id,
                "collection": collection,
                "rkey": post.key(),
            });
            let answer = call(
                net,
                account,
                Method::POST,
                "com.atproto.repo.deleteRecord",
                |request| request.json(&body),
            )
            .await?;
            if !answer.status.is_success() {
                return Err(parse_error(
                    &server_name(&account.server),
                    &answer,
                    net.env.now(),
                ));
            }
        }
    }
    Ok(())
}
