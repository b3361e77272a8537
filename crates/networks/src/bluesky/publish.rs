//! Publishing: lexicons com.atproto.repo.uploadBlob, createRecord, getRecord and deleteRecord,
//! app.bsky.feed.post and app.bsky.embed.images (state of August 2026).
//!
//! Each part gets a record key made from its target, its due time and its place. A repository
//! holds one record per key, so a part can't be published twice, and whether it was published is
//! answered with certainty by reading that key.

use kernel::Timestamp;
use reqwest::{Method, header::CONTENT_TYPE};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use super::{
    IMAGES,
    auth::{is_absent, secret},
    call,
    error::{name, parse_error, unreadable},
    profile_url,
    text::{Feature, facets},
    xrpc,
};
use crate::{
    connector::{
        Account, DoneStep, Found, LivePost, PublishRequest, Published, Step, StepWork, server_name,
    },
    error::{Certainty, NetworkError},
    http::{Answer, Net},
    step::{self, StepName},
};

const COLLECTION: &str = "app.bsky.feed.post";

/// What uploading a file answers.
#[derive(Debug, Serialize, Deserialize)]
struct Uploaded {
    /// The blob, to be named in the record just so.
    blob: Value,
    width: u32,
    height: u32,
}

/// What publishing a part answers: com.atproto.repo.strongRef.
#[derive(Debug, Serialize, Deserialize)]
struct Posted {
    uri: String,
    cid: String,
}

/// All files first, so that a file that is refused leaves no half thread behind; then the parts.
pub(super) fn next_step(request: &PublishRequest, done: &[DoneStep]) -> Option<Step> {
    let files = request
        .parts
        .iter()
        .enumerate()
        .flat_map(|(p, part)| (0..part.media.len()).map(move |file| StepName::Media(p, file)));
    let posts = (0..request.parts.len()).map(StepName::Post);
    let name = files.chain(posts).find(|name| !name.is_done(done))?;
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

pub(super) async fn run_step(net: &Net, work: StepWork<'_>) -> Result<Value, NetworkError> {
    match step::name(&work)? {
        StepName::Media(part, file) => Ok(json!(upload(net, &work, part, file).await?)),
        StepName::Post(part) => {
            let count = step::part(&work, part)?.media.len();
            let files = (0..count)
                .map(|file| step::earlier(&work, StepName::Media(part, file)))
                .collect::<Result<Vec<Uploaded>, _>>()?;
            let answer = create(net, &work, part, &files).await?;
            if name(&answer) != "BlobNotFound" {
                return Ok(json!(read::<Posted>(net, work.account, &answer)?));
            }
            // The server has thrown away files that no post used for too long: a post that was
            // tried again after hours. It said no, so sending them and the post again is safe.
            let mut files = Vec::with_capacity(count);
            for file in 0..count {
                files.push(
                    upload(net, &work, part, file)
                        .await
                        .map_err(NetworkError::before_public)?,
                );
            }
            let answer = create(net, &work, part, &files).await?;
            Ok(json!(read::<Posted>(net, work.account, &answer)?))
        }
        name => Err(step::lost(&name.to_string())),
    }
}

/// com.atproto.repo.uploadBlob: the raw bytes.
async fn upload(
    net: &Net,
    work: &StepWork<'_>,
    part: usize,
    file: usize,
) -> Result<Uploaded, NetworkError> {
    #[derive(Deserialize)]
    struct Blob {
        blob: Value,
    }
    let image = step::media(work, part, file)?.source.image(&IMAGES).await?;
    let (width, height) = (image.width, image.height);
    let answer = call(
        net,
        work.account,
        Method::POST,
        "com.atproto.repo.uploadBlob",
        |request| {
            request
                .header(CONTENT_TYPE, image.mime_type)
                .body(image.bytes)
        },
    )
    .await?;
    let Blob { blob } = read(net, work.account, &answer)?;
    Ok(Uploaded {
        blob,
        width,
        height,
    })
}

/// com.atproto.repo.createRecord. The answer may be a refusal.
async fn create(
    net: &Net,
    work: &StepWork<'_>,
    part: usize,
    files: &[Uploaded],
) -> Result<Answer, NetworkError> {
    let content = step::part(work, part)?;
    let text = content.text.trim();
    let mut record = json!({
        "$type": COLLECTION,
        "text": text,
        "createdAt": format!("{:.3}", net.env.now().to_jiff()),
    });
    let facets = resolve(net, work.account, text).await?;
    if !facets.is_empty() {
        record["facets"] = json!(facets);
    }
    if !files.is_empty() {
        let images: Vec<Value> = files
            .iter()
            .zip(&content.media)
            .map(|(file, media)| {
                json!({
                    "image": file.blob,
                    "alt": media.alt_text,
                    "aspectRatio": { "width": file.width.max(1), "height": file.height.max(1) },
                })
            })
            .collect();
        record["embed"] = json!({ "$type": "app.bsky.embed.images", "images": images });
    }
    if let Some(before) = part.checked_sub(1) {
        let root: Posted = step::earlier(work, StepName::Post(0))?;
        let parent: Posted = step::earlier(work, StepName::Post(before))?;
        record["reply"] = json!({ "root": root, "parent": parent });
    }
    let body = json!({
        "repo": work.account.platform_account_id,
        "collection": COLLECTION,
        "rkey": record_key(work.request, part),
        "record": record,
    });
    call(
        net,
        work.account,
        Method::POST,
        "com.atproto.repo.createRecord",
        |request| request.json(&body),
    )
    .await
}

/// The text's facets as the lexicon wants them. A handle that nobody has stays plain text.
async fn resolve(net: &Net, account: &Account, text: &str) -> Result<Vec<Value>, NetworkError> {
    let mut resolved = Vec::new();
    for facet in facets(text) {
        let feature = match facet.feature {
            Feature::Link(uri) => json!({ "$type": "app.bsky.richtext.facet#link", "uri": uri }),
            Feature::Tag(tag) => json!({ "$type": "app.bsky.richtext.facet#tag", "tag": tag }),
            Feature::Mention(handle) => match did_of(net, account, &handle).await? {
                Some(did) => json!({ "$type": "app.bsky.richtext.facet#mention", "did": did }),
                None => continue,
            },
        };
        resolved.push(json!({
            "index": { "byteStart": facet.range.start, "byteEnd": facet.range.end },
            "features": [feature],
        }));
    }
    Ok(resolved)
}

/// com.atproto.identity.resolveHandle. The server may have to ask the domain's own servers; one
/// that does not answer in time must not hold up the post.
async fn did_of(
    net: &Net,
    account: &Account,
    handle: &str,
) -> Result<Option<String>, NetworkError> {
    #[derive(Deserialize)]
    struct Resolved {
        did: String,
    }
    let failed = |error| NetworkError::transport(&server_name(&account.server), &error);
    let mut url =
        xrpc(&secret(account)?.pds, "com.atproto.identity.resolveHandle").map_err(failed)?;
    url.query_pairs_mut().append_pair("handle", handle);
    match net
        .send(net.request(Method::GET, url).map_err(failed)?)
        .await
    {
        Ok(answer) => Ok(answer.json::<Resolved>().ok().map(|resolved| resolved.did)),
        Err(error) if error.certainty() == Certainty::NotSent => Err(failed(error)),
        Err(_) => Ok(None),
    }
}

pub(super) async fn find_step(net: &Net, work: StepWork<'_>) -> Result<Found, NetworkError> {
    let StepName::Post(part) = step::name(&work)? else {
        // Nobody sees an upload, so another one does no harm.
        return Ok(Found::Absent);
    };
    let key = record_key(work.request, part);
    let record: Option<Posted> = record(net, work.account, &key).await?;
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
    let uri = published(account, done).platform_post_id;
    let key = uri.rsplit('/').next().unwrap_or_default();
    let record: Option<Record> = record(net, account, key).await?;
    Ok(record.map(|record| LivePost {
        platform_post_id: record.uri,
        url: published(account, done).url,
        text: Some(record.value.text),
        published_at: record.value.created_at,
    }))
}

/// Reads a record by its key: com.atproto.repo.getRecord. `None`: there is none.
async fn record<T: DeserializeOwned>(
    net: &Net,
    account: &Account,
    key: &str,
) -> Result<Option<T>, NetworkError> {
    let query = [
        ("repo", account.platform_account_id.as_str()),
        ("collection", COLLECTION),
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

pub(super) fn published(account: &Account, done: &[DoneStep]) -> Published {
    let first: Option<Posted> = step::result(done, StepName::Post(0));
    let uri = first.map(|posted| posted.uri).unwrap_or_default();
    // at://did/collection/rkey
    let key = uri.rsplit('/').next().unwrap_or_default();
    let mut page = profile_url(&account.username, &account.platform_account_id);
    if let Ok(mut path) = page.path_segments_mut() {
        path.extend(["post", key]);
    }
    Published {
        url: (!key.is_empty()).then_some(page),
        platform_post_id: uri,
    }
}

/// Deletes the thread, its end first: com.atproto.repo.deleteRecord, which also says yes to what
/// is gone already.
pub(super) async fn delete(
    net: &Net,
    account: &Account,
    done: &[DoneStep],
) -> Result<(), NetworkError> {
    let posts = (0..).map_while(|part| step::result::<Posted>(done, StepName::Post(part)));
    for posted in posts.collect::<Vec<_>>().into_iter().rev() {
        let body = json!({
            "repo": account.platform_account_id,
            "collection": COLLECTION,
            "rkey": posted.uri.rsplit('/').next().unwrap_or_default(),
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
    Ok(())
}

/// The JSON of a success, or what the refusal means.
fn read<T: DeserializeOwned>(
    net: &Net,
    account: &Account,
    answer: &Answer,
) -> Result<T, NetworkError> {
    let server = server_name(&account.server);
    if !answer.status.is_success() {
        return Err(parse_error(&server, answer, net.env.now()));
    }
    answer
        .json()
        .map_err(|error| unreadable(&server, answer, &error))
}
