//! Videos: *Page Videos* (upload phases), *Reels publishing*, *Facebook Stories API: video
//! stories*, *Video* (status).

use axum::{
    Json,
    extract::{Path, Request, State},
};
use serde_json::{Value, json};

use super::{
    Call, Net, posts,
    state::{File, Kind, Post, Video},
};
use crate::{
    kit::{
        Actor, Answer,
        blobs::Blob,
        people,
        processing::Progress,
        quota::{Quota, Window},
    },
    meta::{self, GraphError, Result, file, list, login, rupload},
};

/// Bytes that Facebook asks for at once.
const CHUNK: u64 = 1 << 20;
/// Seconds that it works on a video here.
const SECONDS: u64 = 8;
/// 30 reels within a day.
static REELS: Quota = Quota {
    name: "reels",
    limit: 30,
    window: Window::Rolling(86_400),
};

fn begin(call: &Call, account: &people::Account, kind: Kind, size: Option<u64>) -> String {
    let id = format!("1222{:012}", call.net.next_number());
    let video = Video {
        account: account.username.to_owned(),
        kind,
        created_at: call.net.now(),
        size,
        session: format!("1223{:012}", call.net.next_number()),
        file: File::Coming(call.net.hub.blobs.begin("video/mp4")),
        post: None,
    };
    call.net.memory().videos.insert(id.clone(), video);
    id
}

/// `POST /{page}/videos`: in phases, or at once by `source` or `file_url`.
pub(super) async fn chunked(call: &Call, page: &str) -> Result {
    let account = call.page(page, "post")?;
    call.actor.require("pages_manage_posts")?;
    match call.params.get("upload_phase") {
        Some("start") => {
            let size = call.required("file_size")?.parse();
            let size: u64 =
                size.map_err(|_| GraphError::parameter("file_size must be a number"))?;
            let id = begin(call, account, Kind::Video, Some(size));
            let session = call
                .net
                .memory()
                .videos
                .get(&id)
                .map(|video| video.session.clone());
            Ok(json!({
                "video_id": id,
                "upload_session_id": session,
                "start_offset": "0",
                "end_offset": size.min(CHUNK).to_string(),
            }))
        }
        Some("transfer") => transfer(call).await,
        Some("finish") => {
            let (id, video) = of_session(call)?;
            let File::Coming(upload) = &video.file else {
                return Err(GraphError::parameter("The upload session has ended").into());
            };
            if Some(upload.len().await) != video.size {
                return Err(GraphError::new(6000, "There was a problem uploading your video file. Please try again with another file.")
                    .subcode(1_363_030)
                    .into());
            }
            let blob = upload.finish().await;
            keep(&call.net, &id, blob);
            publish(call, account, &id);
            Ok(json!({ "success": true }))
        }
        Some(other) => Err(GraphError::parameter(format!("upload_phase can't be {other}")).into()),
        None => {
            let blob = match (call.params.file("source"), call.params.get("file_url")) {
                (Some(file), _) => file.blob.clone(),
                (None, Some(url)) => call.net.fetch(url).await.map_err(|_| {
                    GraphError::new(389, "(#389) Unable to fetch video file from URL.")
                })?,
                (None, None) => {
                    return Err(GraphError::parameter("The parameter source is required").into());
                }
            };
            let id = begin(call, account, Kind::Video, Some(blob.len()));
            keep(&call.net, &id, blob);
            publish(call, account, &id);
            Ok(json!({ "id": id }))
        }
    }
}

fn of_session(call: &Call) -> Result<(String, Video)> {
    let session = call.required("upload_session_id")?;
    let memory = call.net.memory();
    let found = memory
        .videos
        .iter()
        .find(|(_, video)| video.session == session && call.owns(&video.account));
    let (id, video) =
        found.ok_or_else(|| GraphError::parameter("Invalid parameter: upload_session_id"))?;
    Ok((id.clone(), video.clone()))
}

async fn transfer(call: &Call) -> Result {
    let (_, video) = of_session(call)?;
    let (File::Coming(upload), Some(size)) = (&video.file, video.size) else {
        return Err(GraphError::parameter("The upload session has ended").into());
    };
    let chunk = call
        .params
        .file("video_file_chunk")
        .ok_or_else(|| GraphError::parameter("The parameter video_file_chunk is required"))?;
    let come = upload.len().await;
    let asked = call.required("start_offset")?.parse::<u64>().ok();
    if asked != Some(come) || come + chunk.blob.len() > size {
        return Err(GraphError::new(
            6001,
            "There was a problem uploading your video. Please try again.",
        )
        .subcode(1_363_037)
        .data(json!({
            "start_offset": come.to_string(),
            "end_offset": (come + CHUNK).min(size).to_string(),
        }))
        .into());
    }
    upload
        .push(&chunk.blob.bytes().await.unwrap_or_default())
        .await;
    call.net.hub.blobs.remove(chunk.blob.id());
    let come = upload.len().await;
    Ok(json!({
        "start_offset": come.to_string(),
        "end_offset": (come + CHUNK).min(size).to_string(),
    }))
}

/// `POST /{page}/video_reels`, `POST /{page}/video_stories`.
pub(super) fn by_upload(call: &Call, page: &str, edge: &str, version: &str) -> Result {
    let account = call.page(page, "post")?;
    call.actor.require("pages_manage_posts")?;
    let kind = if edge == "video_reels" {
        Kind::Reel
    } else {
        Kind::Story
    };
    match call.required("upload_phase")? {
        "start" => {
            let id = begin(call, account, kind, None);
            let url = format!("{}/video-upload/{version}/{id}", call.here.base);
            Ok(json!({ "video_id": id, "upload_url": url }))
        }
        "finish" => {
            let id = call.required("video_id")?;
            let video = find(call, id)?.filter(|video| video.kind == kind);
            let video =
                video.ok_or_else(|| GraphError::parameter("Invalid parameter: video_id"))?;
            if video.post.is_some() {
                return Err(GraphError::parameter("The upload session has ended").into());
            }
            if matches!(video.file, File::Coming(_)) {
                return Err(GraphError::new(6000, "The video has not been uploaded")
                    .subcode(1_363_030)
                    .into());
            }
            if kind == Kind::Reel {
                if call.params.get("video_state") != Some("PUBLISHED") {
                    return Err(GraphError::parameter("video_state must be PUBLISHED here").into());
                }
                if call.net.spend(&REELS, account.username, 1).is_err() {
                    return Err(GraphError::new(
                        613,
                        "(#613) Calls to this api have exceeded the rate limit.",
                    )
                    .into());
                }
            }
            let post = publish(call, account, id);
            let mut answer = json!({ "success": true });
            if kind == Kind::Story {
                answer["post_id"] = json!(posts::number(&post));
            }
            Ok(answer)
        }
        other => Err(GraphError::parameter(format!("upload_phase can't be {other}")).into()),
    }
}

/// `POST /video-upload/{version}/{video}`.
pub(super) async fn receive(
    State(net): State<Net>,
    Path((_, id)): Path<(String, String)>,
    actor: Actor,
    request: Request,
) -> Answer<Json<Value>> {
    actor.require("pages_manage_posts")?;
    let found = net.memory().videos.get(&id).cloned();
    let owned = found.filter(|video| {
        people::find(&video.account).is_some_and(|account| login::acts_for(&actor, account))
    });
    let Some(Video {
        file: File::Coming(upload),
        ..
    }) = owned
    else {
        return Err(rupload::failed(
            "ProcessingFailedError",
            "Request processing failed",
        ));
    };
    let blob = rupload::take(&net, &upload, request).await?;
    keep(&net, &id, blob);
    Ok(Json(json!({ "success": true })))
}

/// The file is whole: it is processed from here on (*Video specifications*).
fn keep(net: &Net, id: &str, blob: Blob) {
    let kind = net
        .memory()
        .videos
        .get(id)
        .map_or(Kind::Video, |video| video.kind);
    let most = match kind {
        Kind::Reel => 90,
        Kind::Story => 60,
        _ => 4 * 3_600,
    };
    let length = file::video_length(blob.head());
    let file = if !matches!(
        blob.sniffed(),
        Some("video/mp4" | "video/quicktime" | "video/webm")
    ) {
        File::Unusable("The video file you tried to upload is in a format that isn't supported.")
    } else if length.is_some_and(|length| {
        length > most * 1_000 + 500 || (kind != Kind::Video && length < 3_000)
    }) {
        File::Unusable(
            "The video you tried to upload has a duration that isn't supported on Facebook for this product. Please try uploading a video with a supported duration.",
        )
    } else {
        File::Here {
            processing: net.process(SECONDS),
            blob,
        }
    };
    if let Some(video) = net.memory().videos.get_mut(id) {
        video.file = file;
    }
}

/// Makes the post of a video, which is seen once the video is processed.
fn publish(call: &Call, account: &people::Account, id: &str) -> String {
    let post_id = posts::new_id(call, account);
    let now = call.net.now();
    let params = &call.params;
    let mut memory = call.net.memory();
    let Some(video) = memory.videos.get_mut(id) else {
        return post_id;
    };
    video.post = Some(post_id.clone());
    let post = Post {
        account: account.username.to_owned(),
        kind: video.kind,
        message: params.get("description").unwrap_or_default().to_owned(),
        title: params.get("title").map(str::to_owned),
        link: None,
        photos: Vec::new(),
        video: Some(id.to_owned()),
        place: params.get("place").map(str::to_owned),
        created_at: now,
        published_at: Some(now),
    };
    memory.posts.insert(post_id.clone(), post);
    call.net.count_published();
    post_id
}

/// The video of this id, if the actor may act for its Page.
pub(super) fn find(call: &Call, id: &str) -> Result<Option<Video>> {
    let found = call.net.memory().videos.get(id).cloned();
    match found {
        Some(video) if !call.owns(&video.account) => Err(GraphError::no_object("get", id).into()),
        found => Ok(found),
    }
}

async fn status(call: &Call, video: &Video) -> Value {
    let (uploading, bytes) = match &video.file {
        File::Coming(upload) => match upload.len().await {
            0 => ("not_started", 0),
            bytes => ("in_progress", bytes),
        },
        File::Here { blob, .. } => ("complete", blob.len()),
        File::Unusable(_) => ("complete", video.size.unwrap_or(0)),
    };
    let live = posts::is_live(call, video);
    let (overall, processing) = match video.progress(call.net.now()) {
        None => ("uploading", "not_started"),
        Some(Progress::Working { .. }) => ("processing", "in_progress"),
        Some(Progress::Ready) => ("ready", "complete"),
        Some(Progress::Rejected) => ("error", "error"),
    };
    let mut phase = json!({ "status": processing });
    let words = match (&video.file, processing) {
        (File::Unusable(words), _) => Some(*words),
        (_, "error") => Some("Request processing failed"),
        _ => None,
    };
    if let Some(words) = words {
        phase["error"] = json!({ "message": words });
    }
    json!({
        "video_status": overall,
        "uploading_phase": { "status": uploading, "bytes_transfered": bytes },
        "processing_phase": phase,
        "publishing_phase": if live {
            json!({ "status": "complete", "publish_status": "published", "publish_time": video.created_at.as_seconds() })
        } else {
            json!({ "status": "not_started" })
        },
    })
}

/// `GET /{video}`; `None` where the id is not one.
pub(super) async fn show(call: &Call, id: &str) -> Result<Option<Value>> {
    let Some(video) = find(call, id)? else {
        return Ok(None);
    };
    let status = status(call, &video).await;
    let post = video
        .post
        .as_ref()
        .and_then(|id| call.net.memory().posts.get(id).cloned());
    let object = json!({
        "id": id,
        "status": status,
        "post_id": video.post,
        "published": post.is_some(),
        "title": post.as_ref().and_then(|post| post.title.clone()),
        "description": post.as_ref().map(|post| post.message.clone()),
        "permalink_url": video.post.as_ref().map(|id| format!("{}/feed/{id}", call.here.base)),
        "created_time": meta::time(video.created_at),
        "updated_time": meta::time(video.created_at),
        "length": video.blob().and_then(|blob| file::video_length(blob.head())),
        "source": video.blob().map(|blob| format!("{}{}", call.here.origin, blob.path())),
    });
    call.select(&object, &["description", "updated_time", "id"])
        .map(Some)
}

/// `GET /{page}/video_reels`.
pub(super) fn reels(call: &Call, page: &str) -> Result {
    call.actor.require("pages_read_engagement")?;
    let account = call.page(page, "get")?;
    let now = call.net.now();
    let memory = call.net.memory();
    let items: Vec<Value> = memory
        .posts
        .values()
        .rev()
        .filter(|post| {
            post.account == account.username && post.kind == Kind::Reel && memory.stands(post, now)
        })
        .map(|post| {
            json!({
                "id": post.video,
                "description": post.message,
                "updated_time": meta::time(post.created_at),
            })
        })
        .collect();
    drop(memory);
    let defaults = ["description", "updated_time", "id"];
    Ok(list::page(
        &call.here,
        &call.path,
        &call.params,
        &items,
        &defaults,
    )?)
}
