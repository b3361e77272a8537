//! Publishing: *Pages API: posts*, *Page Feed*, *Page Photos*, *Facebook Stories API*.

use reqwest::{
    Method,
    multipart::{Form, Part},
};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;

use super::{
    GRAPH,
    formats::IMAGE,
    on_facebook,
    video::{self, is_video},
};
use crate::{
    connector::{Account, DoneStep, PublishRequest, Published, Step, StepAnswer, StepWork},
    error::{ErrorKind, NetworkError},
    http::Net,
    step::{self, StepName},
};

/// A photo, or an unpublished post.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Made {
    pub(super) id: String,
}

/// What publishing answers.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Posted {
    /// The post's id; a video's post is known only when it is live.
    pub(super) post: Option<String>,
    /// The video's id.
    pub(super) video: Option<String>,
    pub(super) story: bool,
}

/// The post as people see it.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Live {
    pub(super) post: Option<String>,
    pub(super) url: Option<String>,
}

/// All steps of a post, in order, and whether people see their effect.
fn steps(request: &PublishRequest) -> Vec<(StepName, bool)> {
    let media = request.parts.first().map_or(&[][..], |part| &part.media);
    let mut steps = Vec::new();
    if media.iter().any(is_video) {
        steps.push((StepName::Session(0, 0), false));
        steps.push((StepName::Media(0, 0), false));
    } else {
        steps.extend((0..media.len()).map(|file| (StepName::Media(0, file), false)));
        if request.format == "post" {
            steps.push((StepName::Container(0), false));
        }
    }
    steps.push((StepName::Post(0), true));
    steps.push((StepName::Live(0), false));
    if request.format != "story" && request.text_option("firstComment").is_some() {
        steps.push((StepName::Comment, true));
    }
    steps
}

pub(super) fn next_step(request: &PublishRequest, done: &[DoneStep]) -> Option<Step> {
    let (name, public) = steps(request)
        .into_iter()
        .find(|(name, _)| !name.is_done(done))?;
    Some(name.step(request, public))
}

pub(super) async fn run_step(net: &Net, work: StepWork<'_>) -> Result<StepAnswer, NetworkError> {
    match step::name(&work)? {
        StepName::Session(..) => video::begin(net, &work).await,
        StepName::Media(_, file) if is_video(step::media(&work, 0, file)?) => {
            video::upload(net, &work).await
        }
        StepName::Media(_, file) => photo(net, &work, file).await.map(StepAnswer::done),
        StepName::Container(_) => prepare(net, &work).await,
        StepName::Post(_) => publish(net, &work).await,
        StepName::Live(_) => live(net, &work).await,
        StepName::Comment => comment(net, &work).await,
        _ => Err(step::lost(&work.step.name)),
    }
}

/// `POST /{page}/photos`: a photo that waits for its post.
async fn photo(net: &Net, work: &StepWork<'_>, file: usize) -> Result<Made, NetworkError> {
    let media = step::media(work, 0, file)?;
    let image = media.source.image(&IMAGE).await?;
    let source = Part::stream(image.bytes)
        .file_name("photo")
        .mime_str(&image.mime_type)
        .map_err(|error| {
            NetworkError::not_sent(
                ErrorKind::Refused,
                "The type of an attached file can't be told. Please attach another file.",
                error.to_string(),
            )
        })?;
    let mut form = Form::new()
        .text("published", "false")
        .part("source", source);
    if !media.alt_text.trim().is_empty() {
        form = form.text("alt_text_custom", media.alt_text.trim().to_owned());
    }
    let path = page_path(work.account, "photos");
    let answer = GRAPH
        .call(net, work.account, Method::POST, &path, |request| {
            request.multipart(form)
        })
        .await?;
    GRAPH.read(net, &answer)
}

/// Puts the post together. If the answer of an earlier try was lost, its photos may belong to a
/// post that nobody sees and that nobody knows the id of; then they are sent once more.
async fn prepare(net: &Net, work: &StepWork<'_>) -> Result<StepAnswer, NetworkError> {
    let files = step::part(work, 0)?.media.len();
    let sent = (0..files)
        .map(|file| StepName::Media(0, file).earlier(work.done))
        .collect::<Result<Vec<Made>, _>>()?;
    let made = match assemble(net, work, &sent).await {
        Err(error) if error.kind == ErrorKind::Refused && files > 0 => {
            let mut again = Vec::with_capacity(files);
            for file in 0..files {
                again.push(photo(net, work, file).await?);
            }
            assemble(net, work, &again).await?
        }
        made => made?,
    };
    Ok(StepAnswer::done(made))
}

/// `POST /{page}/feed` with `published=false`: the post, which nobody sees yet.
async fn assemble(net: &Net, work: &StepWork<'_>, photos: &[Made]) -> Result<Made, NetworkError> {
    let request = work.request;
    let part = step::part(work, 0)?;
    let mut form = vec![("published", "false".to_owned())];
    if !part.text.trim().is_empty() {
        form.push(("message", part.text.trim().to_owned()));
    }
    if let Some(link) = request.text_option("link") {
        form.push(("link", link.to_owned()));
    }
    if let Some(place) = request.text_option("place") {
        form.push(("place", place.to_owned()));
    }
    let attached: Vec<_> = photos
        .iter()
        .map(|photo| json!({ "media_fbid": photo.id }))
        .collect();
    if !attached.is_empty() {
        form.push(("attached_media", json!(attached).to_string()));
    }
    let path = page_path(work.account, "feed");
    GRAPH.post(net, work.account, &path, &form).await
}

async fn publish(net: &Net, work: &StepWork<'_>) -> Result<StepAnswer, NetworkError> {
    let media = &step::part(work, 0)?.media;
    if media.iter().any(is_video) {
        return video::finish(net, work).await;
    }
    if work.request.format == "story" {
        #[derive(Deserialize)]
        struct Told {
            post_id: Option<Value>,
        }
        let photo: Made = StepName::Media(0, 0).earlier(work.done)?;
        let form = [("photo_id", photo.id)];
        let path = page_path(work.account, "photo_stories");
        let told: Told = GRAPH.post(net, work.account, &path, &form).await?;
        return Ok(StepAnswer::done(Posted {
            post: told.post_id.map(|id| full_id(work.account, &text(&id))),
            video: None,
            story: true,
        }));
    }
    // To publish what is published already changes nothing.
    let made: Made = StepName::Container(0).earlier(work.done)?;
    let form = [("is_published", "true".to_owned())];
    let path = format!("/{}", made.id);
    let _: Value = GRAPH.post(net, work.account, &path, &form).await?;
    Ok(StepAnswer::done(Posted {
        post: Some(made.id),
        video: None,
        story: false,
    }))
}

/// Where the post is to be seen.
async fn live(net: &Net, work: &StepWork<'_>) -> Result<StepAnswer, NetworkError> {
    #[derive(Deserialize)]
    struct Shown {
        permalink_url: Option<String>,
    }
    let posted: Posted = StepName::Post(0).earlier(work.done)?;
    if let Some(id) = &posted.video {
        return video::live(net, work, id, &posted).await;
    }
    let Some(post) = posted.post else {
        return Ok(StepAnswer::done(Live::default()));
    };
    let url = if posted.story {
        // Stories tell their address in the list of stories only.
        let photo: Made = StepName::Media(0, 0).earlier(work.done)?;
        story_url(net, work.account, &photo.id).await?
    } else {
        let query = [("fields", "permalink_url")];
        let path = format!("/{post}");
        let shown: Shown = GRAPH.get(net, work.account, &path, &query).await?;
        shown.permalink_url
    };
    Ok(StepAnswer::done(Live {
        post: Some(post),
        url,
    }))
}

/// The address of the story that was made of this photo or video.
pub(super) async fn story_url(
    net: &Net,
    account: &Account,
    media: &str,
) -> Result<Option<String>, NetworkError> {
    let stories = super::find::stories(net, account).await?;
    let story = stories.into_iter().find(|story| story.media() == media);
    Ok(story.and_then(|story| story.url))
}

async fn comment(net: &Net, work: &StepWork<'_>) -> Result<StepAnswer, NetworkError> {
    let live: Live = StepName::Live(0).earlier(work.done)?;
    let post = live.post.ok_or_else(|| step::lost(&work.step.name))?;
    let text = work.request.text_option("firstComment").unwrap_or_default();
    let form = [("message", text.to_owned())];
    let path = format!("/{post}/comments");
    let written: Made = GRAPH.post(net, work.account, &path, &form).await?;
    Ok(StepAnswer::done(written))
}

/// An edge of the account's Page.
pub(super) fn page_path(account: &Account, edge: &str) -> String {
    format!("/{}/{edge}", account.platform_account_id)
}

/// Ids of posts begin with that of their Page; stories and videos leave it out.
pub(super) fn full_id(account: &Account, id: &str) -> String {
    if id.contains('_') {
        id.to_owned()
    } else {
        format!("{}_{id}", account.platform_account_id)
    }
}

/// A number that may come as a number or as a text.
pub(super) fn text(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// The published post, with what it is made of.
pub(super) fn posted(done: &[DoneStep]) -> Option<(Posted, Live)> {
    let posted: Posted = StepName::Post(0).result(done)?;
    let live: Live = StepName::Live(0).result(done).unwrap_or_default();
    Some((posted, live))
}

/// The id of the post itself, once it is known.
pub(super) fn post_id(done: &[DoneStep]) -> Option<String> {
    let (posted, live) = posted(done)?;
    live.post.or(posted.post)
}

pub(super) fn published(done: &[DoneStep]) -> Published {
    let Some((posted, live)) = posted(done) else {
        return Published {
            platform_post_id: String::new(),
            url: None,
        };
    };
    let id = live.post.or(posted.post).or(posted.video);
    let own = live.url.as_deref().map(|url| {
        // Videos tell their address without the host.
        Url::parse(url).unwrap_or_else(|_| on_facebook(url))
    });
    Published {
        url: own.or_else(|| id.as_deref().map(on_facebook)),
        platform_post_id: id.unwrap_or_default(),
    }
}

pub(super) async fn delete(
    net: &Net,
    account: &Account,
    done: &[DoneStep],
) -> Result<(), NetworkError> {
    let Some((posted, live)) = posted(done) else {
        return Ok(());
    };
    if posted.story {
        return Err(NetworkError::not_sent(
            ErrorKind::Refused,
            "Facebook does not let programs delete stories. Please delete it on Facebook; it disappears by itself after a day.",
            "no documented way",
        ));
    }
    match posted.video.or(live.post).or(posted.post) {
        Some(id) => GRAPH.delete(net, account, &format!("/{id}")).await,
        None => Ok(()),
    }
}
