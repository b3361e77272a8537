//! Publishing: docs.joinmastodon.org/methods/statuses, /methods/search#v2 and /client/quotes, state
//! of July 2026 (Mastodon 4.5).

use reqwest::{Method, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use url::Url;

use kernel::Timestamp;

use super::{call, error::parse_error, media, read};
use crate::{
    connector::{
        Account, DoneStep, LivePost, PublishRequest, Published, Step, StepAnswer, StepWork,
        server_name,
    },
    error::{ErrorKind, NetworkError},
    http::{Answer, Net},
    step::{self, StepName},
};

/// Finds the statuses that the options name by their addresses.
const REFERENCES: StepName = StepName::Container(0);

/// What publishing a part answers.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Posted {
    pub(super) id: String,
    pub(super) url: Option<String>,
}

/// The statuses that this one refers to, by their ids on the account's own server.
#[derive(Debug, Serialize, Deserialize)]
struct References {
    reply_to: Option<String>,
    quote: Option<String>,
}

/// All files first, so that a file that is refused leaves no half thread behind; then the parts.
pub(super) fn next_step(request: &PublishRequest, done: &[DoneStep]) -> Option<Step> {
    for (p, part) in request.parts.iter().enumerate() {
        for file in 0..part.media.len() {
            let uploaded: Option<media::Uploaded> = StepName::Media(p, file).result(done);
            let name = match uploaded {
                None => StepName::Media(p, file),
                Some(media::Uploaded { ready: false, .. }) => StepName::Ready(p, file),
                Some(_) => continue,
            };
            if !name.is_done(done) {
                return Some(name.step(request, false));
            }
        }
    }
    let refers = ["replyTo", "quote"]
        .iter()
        .any(|key| request.text_option(key).is_some());
    if refers && !REFERENCES.is_done(done) {
        return Some(REFERENCES.step(request, false));
    }
    let comment = request
        .text_option("firstComment")
        .map(|_| StepName::Comment);
    let name = (0..request.parts.len())
        .map(StepName::Post)
        .chain(comment)
        .find(|name| !name.is_done(done))?;
    // The first comment is known by the number behind the last part's.
    let number = match name {
        StepName::Comment => request.parts.len(),
        name => name.part(),
    };
    let identity = step::identity(request, number);
    Some(Step {
        idempotency_key: Some(step::hex(&identity[..16])),
        ..name.step(request, true)
    })
}

pub(super) async fn run_step(net: &Net, work: StepWork<'_>) -> Result<StepAnswer, NetworkError> {
    match step::name(&work)? {
        StepName::Media(part, file) => {
            let uploaded = media::upload(net, &work, part, file).await?;
            Ok(StepAnswer::done(uploaded))
        }
        StepName::Ready(part, file) => media::ready(net, &work, part, file).await,
        REFERENCES => Ok(StepAnswer::done(references(net, &work).await?)),
        name @ (StepName::Post(_) | StepName::Comment) => post(net, &work, name).await,
        name => Err(step::lost(&name.to_string())),
    }
}

/// The statuses at the addresses that the options name.
async fn references(net: &Net, work: &StepWork<'_>) -> Result<References, NetworkError> {
    let mut found = References {
        reply_to: None,
        quote: None,
    };
    if let Some(address) = work.request.text_option("replyTo") {
        found.reply_to = Some(resolve(net, work.account, address).await?.id);
    }
    if let Some(address) = work.request.text_option("quote") {
        let status = resolve(net, work.account, address).await?;
        // /entities/QuoteApproval: whom nothing lets quote, and who is not known to be let.
        if matches!(
            status.quote_approval.current_user.as_deref(),
            Some("denied" | "unknown")
        ) {
            return Err(NetworkError::refused(
                ErrorKind::Refused,
                format!(
                    "The author of {address} does not let this account quote it. Please remove the quote, or link to it in the text."
                ),
                format!("quote_approval: {:?}", status.quote_approval.current_user),
            ));
        }
        found.quote = Some(status.id);
    }
    Ok(found)
}

/// A status that is referred to.
#[derive(Deserialize)]
struct Referred {
    id: String,
    #[serde(default)]
    quote_approval: QuoteApproval,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct QuoteApproval {
    current_user: Option<String>,
}

/// `GET /api/v2/search`: the status at an address, which the server fetches from wherever it is.
async fn resolve(net: &Net, account: &Account, address: &str) -> Result<Referred, NetworkError> {
    #[derive(Deserialize)]
    struct Results {
        statuses: Vec<Referred>,
    }
    let query = [
        ("q", address),
        ("type", "statuses"),
        ("resolve", "true"),
        ("limit", "1"),
    ];
    let answer = call(net, account, Method::GET, "api/v2/search", |request| {
        request.query(&query)
    })
    .await?;
    let results: Results = read(net, account, &answer)?;
    results.statuses.into_iter().next().ok_or_else(|| {
        NetworkError::refused(
            ErrorKind::Refused,
            format!(
                "{} finds no post at {address}. Please check the address; the post may be deleted, or not be public.",
                server_name(&account.server)
            ),
            "the search found no status",
        )
    })
}

/// Publishes a part or the first comment.
async fn post(net: &Net, work: &StepWork<'_>, name: StepName) -> Result<StepAnswer, NetworkError> {
    let mut files = files(work, name)?;
    let mut answer = create(net, work, name, &files).await?;
    if answer.status == StatusCode::UNPROCESSABLE_ENTITY
        && let StepName::Post(part) = name
        && media::renew(net, work, part, &mut files)
            .await
            .map_err(NetworkError::before_public)?
    {
        answer = create(net, work, name, &files).await?;
    }
    let posted: Posted = read(net, work.account, &answer)?;
    Ok(StepAnswer::done(posted))
}

/// `POST /api/v1/statuses`, with the key by which the server knows a repetition for one hour.
/// The answer may be a refusal.
async fn create(
    net: &Net,
    work: &StepWork<'_>,
    name: StepName,
    files: &[String],
) -> Result<Answer, NetworkError> {
    let body = body(work, name, files)?;
    let key = work.step.idempotency_key.clone().unwrap_or_default();
    call(
        net,
        work.account,
        Method::POST,
        "api/v1/statuses",
        |request| request.header("Idempotency-Key", key).json(&body),
    )
    .await
}

/// The request's body. What says nothing is left out, so that the account's own settings hold.
fn body(
    work: &StepWork<'_>,
    name: StepName,
    files: &[String],
) -> Result<Map<String, Value>, NetworkError> {
    let request = work.request;
    let mut body = Map::new();
    let mut say = |key: &str, value: Value| {
        body.insert(key.to_owned(), value);
    };
    say("status", json!(text(work, name)?));
    if !files.is_empty() {
        say("media_ids", json!(files));
    }
    if let Some(parent) = parent(work, name)? {
        say("in_reply_to_id", json!(parent));
    }
    for (option, field) in [
        ("contentWarning", "spoiler_text"),
        ("visibility", "visibility"),
        ("language", "language"),
        ("quotePolicy", "quote_approval_policy"),
    ] {
        if let Some(value) = request.text_option(option) {
            say(field, json!(value));
        }
    }
    if request.switch_option("sensitive") == Some(true) {
        say("sensitive", json!(true));
    }
    if name == StepName::Post(0) {
        if let Some(poll) = request.poll_option("poll") {
            let poll = json!({
                "options": poll.choices,
                "expires_in": u64::from(poll.minutes) * 60,
                "multiple": poll.multiple,
                "hide_totals": request.switch_option("hidePollTotals") == Some(true),
            });
            say("poll", poll);
        }
        if request.text_option("quote").is_some() {
            let references: References = REFERENCES.earlier(work.done)?;
            say("quoted_status_id", json!(references.quote));
        }
    }
    Ok(body)
}

/// What a part or the first comment says.
pub(super) fn text<'a>(work: &StepWork<'a>, name: StepName) -> Result<&'a str, NetworkError> {
    match name {
        StepName::Post(part) => Ok(step::part(work, part)?.text.trim()),
        _ => Ok(work.request.text_option("firstComment").unwrap_or_default()),
    }
}

/// The uploaded files of a part; a first comment has none.
pub(super) fn files(work: &StepWork<'_>, name: StepName) -> Result<Vec<String>, NetworkError> {
    match name {
        StepName::Post(part) => media::ids(work, part),
        _ => Ok(Vec::new()),
    }
}

/// The status that this one replies to: the part before it; for the first part, one that the
/// author chose; for the first comment, the first part.
pub(super) fn parent(work: &StepWork<'_>, name: StepName) -> Result<Option<String>, NetworkError> {
    let before = match name {
        StepName::Post(0) => {
            return match work.request.text_option("replyTo") {
                Some(_) => Ok(REFERENCES.earlier::<References>(work.done)?.reply_to),
                None => Ok(None),
            };
        }
        StepName::Post(part) => StepName::Post(part - 1),
        _ => StepName::Post(0),
    };
    Ok(Some(before.earlier::<Posted>(work.done)?.id))
}

/// Everything that was published, the first part first, the first comment last.
pub(super) fn posted(done: &[DoneStep]) -> Vec<Posted> {
    (0..)
        .map(StepName::Post)
        .map_while(|name| name.result(done))
        .chain(StepName::Comment.result(done))
        .collect()
}

pub(super) fn published(done: &[DoneStep]) -> Published {
    let first: Option<Posted> = StepName::Post(0).result(done);
    Published {
        url: first
            .as_ref()
            .and_then(|posted| posted.url.as_deref())
            .and_then(|url| Url::parse(url).ok()),
        platform_post_id: first.map(|posted| posted.id).unwrap_or_default(),
    }
}

/// Reads the first part as it stands.
pub(super) async fn read_back(
    net: &Net,
    account: &Account,
    done: &[DoneStep],
) -> Result<Option<LivePost>, NetworkError> {
    #[derive(Deserialize)]
    struct Status {
        id: String,
        url: Option<Url>,
        created_at: Timestamp,
    }
    #[derive(Deserialize)]
    struct Source {
        text: String,
    }
    let path = format!("api/v1/statuses/{}", published(done).platform_post_id);
    let answer = call(net, account, Method::GET, &path, |request| request).await?;
    if is_gone(&answer) {
        return Ok(None);
    }
    let status: Status = read(net, account, &answer)?;
    // What the author wrote; servers before 3.5 do not tell it.
    let path = format!("{path}/source");
    let source = call(net, account, Method::GET, &path, |request| request).await?;
    Ok(Some(LivePost {
        platform_post_id: status.id,
        url: status.url,
        text: source.json().ok().map(|source: Source| source.text),
        published_at: Some(status.created_at),
    }))
}

fn is_gone(answer: &Answer) -> bool {
    matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::GONE)
}

/// Deletes the thread, its end first, so that no reply loses what it answers while it is seen.
/// Its files go at once where the server knows how (since 4.4), else within a day.
pub(super) async fn delete(
    net: &Net,
    account: &Account,
    done: &[DoneStep],
) -> Result<(), NetworkError> {
    for posted in posted(done).into_iter().rev() {
        let path = format!("api/v1/statuses/{}?delete_media=true", posted.id);
        let answer = call(net, account, Method::DELETE, &path, |request| request).await?;
        if !answer.status.is_success() && !is_gone(&answer) {
            return Err(parse_error(
                &server_name(&account.server),
                &answer,
                net.env.now(),
            ));
        }
    }
    Ok(())
}
