//! Looking for what was published. Everything has an id before it is seen: posts and videos tell
//! by it whether they are published, stories are found by their photo or video.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    GRAPH, on_facebook,
    publish::{self, Live, Made, Posted, full_id, page_path, text},
    video::{self, Session, is_video},
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
/// How long a video may be worked on before nothing is expected of it.
const BUSY_FOR: Duration = Duration::from_mins(30);
/// How long to wait before another look.
const PAUSE: Duration = Duration::from_secs(15);

#[derive(Deserialize)]
pub(super) struct List<T> {
    #[serde(default = "Vec::new")]
    pub(super) data: Vec<T>,
    #[serde(default)]
    pub(super) paging: Value,
}

/// One of *Get stories*.
#[derive(Deserialize)]
pub(super) struct Story {
    post_id: Option<Value>,
    media_id: Option<Value>,
    pub(super) url: Option<String>,
}

impl Story {
    pub(super) fn media(&self) -> String {
        self.media_id.as_ref().map(text).unwrap_or_default()
    }
}

/// `GET /{page}/stories`
pub(super) async fn stories(net: &Net, account: &Account) -> Result<Vec<Story>, NetworkError> {
    let path = page_path(account, "stories");
    let query = [("limit", "100")];
    let list: List<Story> = GRAPH.get(net, account, &path, &query).await?;
    Ok(list.data)
}

pub(super) async fn find_step(net: &Net, work: StepWork<'_>) -> Result<Found, NetworkError> {
    match step::name(&work)? {
        StepName::Post(_) => {
            let has_video = step::part(&work, 0)?.media.iter().any(is_video);
            match work.request.format.as_str() {
                "story" => find_story(net, &work, has_video).await,
                _ if has_video => find_video(net, &work).await,
                _ => find_post(net, &work).await,
            }
        }
        StepName::Comment => find_comment(net, &work).await,
        // Nobody sees the others, so another one does no harm.
        _ => Ok(Found::Absent),
    }
}

async fn find_post(net: &Net, work: &StepWork<'_>) -> Result<Found, NetworkError> {
    #[derive(Deserialize)]
    struct Shown {
        is_published: Option<bool>,
    }
    let made: Made = StepName::Container(0).earlier(work.done)?;
    let query = [("fields", "is_published")];
    let path = format!("/{}", made.id);
    let shown: Shown = GRAPH.get(net, work.account, &path, &query).await?;
    Ok(match shown.is_published {
        Some(true) => Found::Present(json!(Posted {
            post: Some(made.id),
            video: None,
            story: false,
        })),
        // Even if the first request is still to be carried out: twice is as good as once.
        _ => Found::Absent,
    })
}

async fn find_video(net: &Net, work: &StepWork<'_>) -> Result<Found, NetworkError> {
    let session: Session = StepName::Session(0, 0).earlier(work.done)?;
    let video = video::read(net, work.account, &session.video_id).await?;
    let waited = net.env.now().since(work.first_sent_at);
    if video.is_published() {
        return Ok(Found::Present(json!(Posted {
            post: None,
            video: Some(session.video_id),
            story: false,
        })));
    }
    if waited < SETTLED_AFTER || (video.is_busy() && waited < BUSY_FOR) {
        return Err(later("Facebook has not published the video yet."));
    }
    Ok(Found::Absent)
}

async fn find_story(
    net: &Net,
    work: &StepWork<'_>,
    has_video: bool,
) -> Result<Found, NetworkError> {
    let media = if has_video {
        StepName::Session(0, 0)
            .earlier::<Session>(work.done)?
            .video_id
    } else {
        StepName::Media(0, 0).earlier::<Made>(work.done)?.id
    };
    let found = stories(net, work.account)
        .await?
        .into_iter()
        .find(|story| story.media() == media);
    let waited = net.env.now().since(work.first_sent_at);
    match found {
        Some(story) => Ok(Found::Present(json!(Posted {
            post: story.post_id.map(|id| full_id(work.account, &text(&id))),
            video: has_video.then_some(media),
            story: true,
        }))),
        None if waited < SETTLED_AFTER => Err(later("Facebook does not show the story yet.")),
        None if has_video => {
            let video = video::read(net, work.account, &media).await?;
            if video.is_published() {
                return Ok(Found::Present(json!(Posted {
                    post: None,
                    video: Some(media),
                    story: true,
                })));
            }
            Ok(Found::Absent)
        }
        None => Ok(Found::Absent),
    }
}

async fn find_comment(net: &Net, work: &StepWork<'_>) -> Result<Found, NetworkError> {
    #[derive(Deserialize)]
    struct Comment {
        id: String,
        #[serde(default)]
        message: String,
        from: Option<Made>,
    }
    let live: Live = StepName::Live(0).earlier(work.done)?;
    let path = format!("/{}/comments", live.post.unwrap_or_default());
    let query = [
        ("fields", "id,message,from{id}"),
        ("order", "reverse_chronological"),
        ("limit", "100"),
    ];
    let list: List<Comment> = GRAPH.get(net, work.account, &path, &query).await?;
    let text = work.request.text_option("firstComment").unwrap_or_default();
    let own = |from: &Option<Made>| {
        let id = from.as_ref().map(|from| from.id.as_str());
        id == Some(&work.account.platform_account_id)
    };
    let found = list
        .data
        .into_iter()
        .find(|comment| comment.message.trim() == text && own(&comment.from));
    match found {
        Some(comment) => Ok(Found::Present(json!(Made { id: comment.id }))),
        None if net.env.now().since(work.first_sent_at) < SETTLED_AFTER => {
            Err(later("Facebook does not show the first comment yet."))
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
    #[derive(Deserialize)]
    struct Post {
        id: String,
        message: Option<String>,
        created_time: Option<String>,
        permalink_url: Option<String>,
    }
    let Some(id) = publish::post_id(done) else {
        return Ok(None);
    };
    let answer = GRAPH
        .call(
            net,
            account,
            reqwest::Method::GET,
            &format!("/{id}"),
            |request| request.query(&[("fields", "id,message,created_time,permalink_url")]),
        )
        .await?;
    if meta::error::is_gone(&answer) {
        return Ok(None);
    }
    let post: Post = GRAPH.read(net, &answer)?;
    Ok(Some(LivePost {
        url: post.permalink_url.as_deref().map(on_facebook),
        platform_post_id: post.id,
        text: post.message,
        published_at: post.created_time.as_deref().and_then(meta::time),
    }))
}
