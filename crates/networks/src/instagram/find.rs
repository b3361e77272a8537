//! Looking for what was published: the container tells whether it was (`status_code`), and the
//! account's own media which one it became (*IG User Media: reading*, *IG User Stories*).

use std::time::Duration;

use kernel::Timestamp;
use serde::Deserialize;
use serde_json::json;
use url::Url;

use super::{
    GRAPH,
    container::{self, Container},
    publish::{self, Posted},
};
use crate::{
    connector::{Account, DoneStep, Found, LivePost, StepWork},
    error::{Certainty, ErrorKind, NetworkError},
    http::Net,
    meta,
    step::{self, StepName},
};

/// How long a request that nobody waits for any more may still be carried out.
const SETTLED_AFTER: Duration = Duration::from_mins(1);
/// How long a published post may be missing from the account's list.
const LISTED_AFTER: Duration = Duration::from_mins(5);
/// How far the network's clock may be off.
const CLOCK_MARGIN: Duration = Duration::from_mins(1);
/// How long to wait before another look.
const PAUSE: Duration = Duration::from_secs(15);

#[derive(Deserialize)]
pub(super) struct List<T> {
    #[serde(default = "Vec::new")]
    pub(super) data: Vec<T>,
    #[serde(default)]
    pub(super) paging: serde_json::Value,
}

/// *IG Media*
#[derive(Deserialize)]
struct Media {
    id: String,
    caption: Option<String>,
    media_type: Option<String>,
    media_product_type: Option<String>,
    permalink: Option<String>,
    timestamp: Option<String>,
}

impl Media {
    fn published_at(&self) -> Option<Timestamp> {
        meta::time(self.timestamp.as_deref()?)
    }

    /// Whether it is of this format. Story and reel are product types; a carousel is a type.
    fn is(&self, format: &str) -> bool {
        let product = self.media_product_type.as_deref().unwrap_or_default();
        let carousel = self.media_type.as_deref() == Some("CAROUSEL_ALBUM");
        match format {
            "story" => product == "STORY",
            "reel" => product == "REELS",
            "carousel" => carousel,
            _ => product == "FEED" && !carousel,
        }
    }
}

const FIELDS: &str = "id,caption,media_type,media_product_type,permalink,timestamp";

pub(super) async fn find_step(net: &Net, work: StepWork<'_>) -> Result<Found, NetworkError> {
    match step::name(&work)? {
        StepName::Post(_) => find_post(net, &work).await,
        StepName::Comment => find_comment(net, &work).await,
        // Nobody sees the others, so another one does no harm.
        _ => Ok(Found::Absent),
    }
}

async fn find_post(net: &Net, work: &StepWork<'_>) -> Result<Found, NetworkError> {
    let made: Container = StepName::Container(0).earlier(work.done)?;
    let waited = net.env.now().since(work.first_sent_at);
    match container::state(net, work.account, &made.id)
        .await?
        .as_str()
    {
        "PUBLISHED" => {}
        "IN_PROGRESS" => return Err(later("Instagram is still publishing the post.")),
        "FINISHED" if waited < SETTLED_AFTER => {
            return Err(later("Instagram has not published the post yet."));
        }
        _ => return Ok(Found::Absent),
    }
    let edge = match work.request.format.as_str() {
        "story" => "stories",
        _ => "media",
    };
    let path = format!("/{}/{edge}", work.account.platform_account_id);
    let query = [("fields", FIELDS), ("limit", "50")];
    let list: List<Media> = GRAPH.get(net, work.account, &path, &query).await?;
    let caption = step::part(work, 0)?.text.trim();
    let since = work.first_sent_at - CLOCK_MARGIN;
    let found = list.data.into_iter().find(|media| {
        let same_text = work.request.format == "story" || same(media.caption.as_deref(), caption);
        same_text
            && media.is(&work.request.format)
            && media.published_at().is_some_and(|at| at >= since)
    });
    match found {
        Some(media) => Ok(Found::Present(json!(Posted { id: media.id }))),
        None if waited < LISTED_AFTER => {
            Err(later("Instagram has published the post, but does not list it yet."))
        }
        None => Ok(Found::CannotTell(
            "Instagram says that it has published this post, but AllIN can't find it among the account's posts. Please look for it in the Instagram app."
                .to_owned(),
        )),
    }
}

/// Captions come back without `@` where Instagram does not show whose they are (*IG Media*).
fn same(caption: Option<&str>, sent: &str) -> bool {
    let bare = |text: &str| text.replace('@', "");
    bare(caption.unwrap_or_default().trim()) == bare(sent)
}

async fn find_comment(net: &Net, work: &StepWork<'_>) -> Result<Found, NetworkError> {
    #[derive(Deserialize)]
    struct Comment {
        id: String,
        #[serde(default)]
        text: String,
        username: Option<String>,
    }
    let posted: Posted = StepName::Post(0).earlier(work.done)?;
    let path = format!("/{}/comments", posted.id);
    let query = [("fields", "id,text,username"), ("limit", "50")];
    let list: List<Comment> = GRAPH.get(net, work.account, &path, &query).await?;
    let text = work.request.text_option("firstComment").unwrap_or_default();
    let found = list.data.into_iter().find(|comment| {
        comment.username.as_deref() == Some(&work.account.username) && comment.text.trim() == text
    });
    match found {
        Some(comment) => Ok(Found::Present(json!(Posted { id: comment.id }))),
        None if net.env.now().since(work.first_sent_at) < SETTLED_AFTER => {
            Err(later("Instagram does not show the first comment yet."))
        }
        None => Ok(Found::Absent),
    }
}

/// Nothing can be said yet.
fn later(message: &str) -> NetworkError {
    NetworkError {
        kind: ErrorKind::Temporary,
        certainty: Certainty::Unknown,
        message: format!("{message} AllIN looks again shortly."),
        detail: "not settled".to_owned(),
        retry_after: Some(PAUSE),
    }
}

pub(super) async fn read_back(
    net: &Net,
    account: &Account,
    done: &[DoneStep],
) -> Result<Option<LivePost>, NetworkError> {
    let Some(id) = publish::media_id(done) else {
        return Ok(None);
    };
    let answer = GRAPH
        .call(
            net,
            account,
            reqwest::Method::GET,
            &format!("/{id}"),
            |request| request.query(&[("fields", FIELDS)]),
        )
        .await?;
    if meta::error::is_gone(&answer) {
        return Ok(None);
    }
    let media: Media = GRAPH.read(net, &answer)?;
    Ok(Some(LivePost {
        published_at: media.published_at(),
        platform_post_id: media.id,
        url: media.permalink.and_then(|url| Url::parse(&url).ok()),
        text: media.caption,
    }))
}
