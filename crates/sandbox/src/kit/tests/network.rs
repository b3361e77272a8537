//! The smallest network that uses everything the kit has.

use std::sync::Arc;

use axum::{
    Json, Router,
    body::Body,
    extract::{Path, State},
    http::StatusCode,
    routing::{get, post, put},
};
use serde_json::{Value, json};

use crate::kit::{
    self, Actor, Answer, Brand, Here, Hub, Mounted, Params, Profile, Refusal, Site, Trouble,
    blobs::Upload,
    feed::{FeedPost, Look},
    fetch::FetchError,
    oauth::{Exchange, Method, OAuth, Pkce, Refresh},
    processing::{Processing, Progress},
    quota::{Quota, Window},
    webhooks::{Handshake, Webhooks, hub_signature},
};

#[derive(Debug, Default)]
struct Memory {
    posts: Vec<FeedPost>,
    uploads: Vec<Upload>,
    processing: Vec<Processing>,
}

type Net = kit::Net<Memory>;

impl kit::Memory for Memory {
    fn posts(&self, _: &Site) -> Vec<FeedPost> {
        self.posts.clone()
    }
}

static PROFILE: Profile = Profile {
    id: "toy",
    name: "Toy",
    brand: Brand {
        colour: "#7a2048",
        look: Look::Text,
    },
    oauth: OAuth {
        scopes: &[("read", "See posts"), ("write", "Post for you")],
        pkce: Pkce::Required(&[Method::S256, Method::Plain]),
        access_seconds: Some(3_600),
        refresh: Some(Refresh {
            seconds: Some(86_400),
            rotates: true,
            earned: |consent, _| consent.get("offline").is_some(),
        }),
        exchanges: &[Exchange {
            path: "/longer",
            grant_type: "toy_exchange",
            parameter: "access_token",
            seconds: 5_184_000,
            needs_secret: true,
        }],
        chooses_companies: true,
        granted: Some("granted"),
        ..OAuth::RFC
    },
    refuse,
    publishing: &["POST /posts"],
    uploading: &["POST /files"],
    webhooks: Some(Webhooks {
        sign: hub_signature,
        handshake: Handshake::Hub,
    }),
};

const POSTS: Quota = Quota {
    name: "posts",
    limit: 5,
    window: Window::Rolling(3_600),
};

fn refuse(_: &Site, trouble: &Trouble) -> Refusal {
    let (status, words) = match trouble {
        Trouble::Status(status) => (*status, "status".to_owned()),
        Trouble::RateLimited { reset } => {
            return Refusal::new(StatusCode::TOO_MANY_REQUESTS, "slow down")
                .header("x-reset", &reset.as_seconds().to_string());
        }
        Trouble::TokenUnknown => (401, "unknown".to_owned()),
        Trouble::TokenExpired => (401, "expired".to_owned()),
        Trouble::TokenRevoked => (401, "revoked".to_owned()),
        Trouble::PermissionMissing { scope } => (403, format!("missing {scope}")),
        Trouble::MediaRejected => (422, "rejected".to_owned()),
        Trouble::Duplicate => (409, "duplicate".to_owned()),
        Trouble::NotFound => (404, "nothing".to_owned()),
        Trouble::Invalid(words) => (400, words.clone()),
    };
    Refusal::new(StatusCode::from_u16(status).unwrap(), words)
}

pub(super) fn network(hub: &Arc<Hub>) -> Mounted {
    let api = Router::new()
        .route("/me", get(me))
        .route("/posts", post(create))
        .route("/files", post(file))
        .route("/uploads", post(begin))
        .route("/uploads/{nth}", put(append).get(state))
        .route("/fetch", post(fetch))
        .route("/echo", get(echo).post(echo).delete(echo))
        .fallback(async || (StatusCode::NOT_FOUND, "The toy has no such address."));
    Net::new(hub, &PROFILE, Memory::default()).mount(api)
}

async fn me(actor: Actor, here: Here) -> Answer<Json<Value>> {
    actor.require("read")?;
    let token = &actor.token;
    Ok(Json(json!({
        "account": actor.account(),
        "scopes": token.scopes,
        "companies": token.companies,
        "base": here.base,
    })))
}

async fn create(State(net): State<Net>, actor: Actor, params: Params) -> Answer<Json<Value>> {
    actor.require("write")?;
    let limited = |left: kit::quota::Usage| net.refuse(&Trouble::RateLimited { reset: left.reset });
    net.spend(&POSTS, actor.account(), 1).map_err(limited)?;
    let id = net.next_number().to_string();
    let text = params.get("text").unwrap_or_default();
    let post = FeedPost::new(&id, actor.account(), "post", net.now(), text);
    net.memory().posts.push(post);
    net.count_published();
    net.notify(&json!({ "published": id }));
    Ok(Json(json!({ "id": id })))
}

async fn file(State(net): State<Net>, params: Params) -> Answer<Json<Value>> {
    net.accept_media()?;
    let file = params
        .file("media")
        .ok_or_else(|| net.refuse(&Trouble::NotFound))?;
    Ok(Json(json!(file.blob)))
}

async fn echo(params: Params) -> Json<Value> {
    let files: Vec<_> = params.files.iter().map(|file| &file.blob).collect();
    Json(json!({ "pairs": params.pairs(), "files": files }))
}

async fn begin(State(net): State<Net>) -> Json<Value> {
    let upload = net.hub.blobs.begin("video/mp4");
    let processing = net.process(10);
    let mut memory = net.memory();
    memory.uploads.push(upload);
    memory.processing.push(processing);
    Json(json!({ "nth": memory.uploads.len() - 1 }))
}

async fn append(State(net): State<Net>, Path(nth): Path<usize>, body: Body) -> Json<Value> {
    let upload = net.memory().uploads[nth].clone();
    let received = upload.append(body).await.unwrap();
    Json(json!({ "received": received }))
}

async fn state(State(net): State<Net>, Path(nth): Path<usize>) -> Json<Value> {
    let upload = net.memory().uploads[nth].clone();
    let blob = upload.finish().await;
    let progress = net.memory().processing[nth].progress(net.now());
    let words = match progress {
        Progress::Working {
            percent,
            seconds_left,
        } => format!("{percent} % {seconds_left} s"),
        Progress::Ready => "ready".to_owned(),
        Progress::Rejected => "rejected".to_owned(),
    };
    Json(json!({ "state": words, "file": blob }))
}

async fn fetch(State(net): State<Net>, params: Params) -> Answer<Json<Value>> {
    let url = params.get("url").unwrap_or_default();
    match net.fetch(url).await {
        Ok(blob) => Ok(Json(json!(blob))),
        Err(FetchError::Forbidden(words)) => Err(Refusal::new(StatusCode::FORBIDDEN, words)),
        Err(other) => Err(Refusal::new(StatusCode::BAD_GATEWAY, format!("{other:?}"))),
    }
}
