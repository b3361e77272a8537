//! Posts: marketing/community-management/shares/posts-api, /post-api-schema, /multiimage-post-api
//! and /poll-post-api.

use axum::{
    Json,
    extract::{Path, State},
    http::StatusCode,
    response::IntoResponse,
};
use serde_json::{Map, Value, json};

use super::{
    Net, little, refusal,
    state::{self, Memory, Post},
};
use crate::kit::{
    Actor, Answer, Params, Trouble,
    processing::Progress,
    quota::{Quota, Window},
};

/// consumer/integrations/self-serve/share-on-linkedin: requests of a member in a day (UTC).
const REQUESTS: Quota = Quota {
    name: "posts",
    limit: 150,
    window: Window::Fixed {
        seconds: 86_400,
        offset: 0,
    },
};

const FIELDS: [&str; 10] = [
    "author",
    "commentary",
    "visibility",
    "distribution",
    "lifecycleState",
    "isReshareDisabledByAuthor",
    "content",
    "reshareContext",
    "adContext",
    "contentLandingPage",
];

/// `POST /rest/posts`.
pub(super) async fn create(
    State(net): State<Net>,
    actor: Actor,
    params: Params,
) -> Answer<impl IntoResponse> {
    let body = params.json.unwrap_or_default();
    let Some(fields) = body.as_object() else {
        return Err(refusal::bad("BAD_REQUEST", "The body is no JSON object"));
    };
    if let Some(unknown) = fields.keys().find(|key| !FIELDS.contains(&key.as_str())) {
        return Err(refusal::bad(
            "UNPERMITTED_FIELDS_PRESENT",
            &format!("Unpermitted fields present in REQUEST_BODY: /{unknown}"),
        ));
    }
    let author = body["author"].as_str().unwrap_or_default();
    let account = state::author(&actor, author, "social")?;
    net.spend(&REQUESTS, actor.account(), 1)
        .map_err(|usage| net.refuse(&Trouble::RateLimited { reset: usage.reset }))?;
    check_fields(fields, &account)?;
    let commentary = body["commentary"].as_str().unwrap_or_default();
    let text = little::read(commentary)
        .map_err(|why| refusal::bad("INVALID_VALUE_FOR_FIELD", &format!("/commentary: {why}")))?;
    if text.chars().count() > 3_000 {
        return Err(refusal::bad(
            "FIELD_LENGTH_TOO_LONG",
            "/commentary is longer than 3000 characters",
        ));
    }
    let mut memory = net.memory();
    let files = match body.get("content") {
        Some(content) => check_content(&net, &memory, content, author)?,
        None => Vec::new(),
    };
    if text.is_empty() && body.get("content").is_none() {
        return Err(refusal::bad("MISSING_FIELD", "/commentary is empty"));
    }
    let now = net.now();
    let same = memory.posts.values().find(|other| {
        other.account == account
            && other.body["commentary"] == body["commentary"]
            && other.body["content"] == body["content"]
            && now.since(other.created_at).as_secs() < 600
    });
    if let Some(same) = same {
        return Err(refusal::duplicate(&same.urn));
    }
    // The id begins with the milliseconds.
    let millis = u64::try_from(now.as_micros() / 1_000).unwrap_or_default();
    let id = (millis << 22) + net.next_number() % (1 << 22);
    let is_video = body["content"]["media"]["id"]
        .as_str()
        .is_some_and(|urn| urn.starts_with("urn:li:video:"));
    let kind = if is_video { "ugcPost" } else { "share" };
    let urn = format!("urn:li:{kind}:{id}");
    let post = Post {
        urn: urn.clone(),
        account,
        text,
        created_at: now,
        files,
        body,
    };
    memory.posts.insert(urn.clone(), post);
    drop(memory);
    net.count_published();
    Ok((
        StatusCode::CREATED,
        [("x-restli-id", urn), ("x-linkedin-id", id.to_string())],
    ))
}

fn check_fields(body: &Map<String, Value>, account: &str) -> Answer<()> {
    for field in ["commentary", "visibility", "distribution", "lifecycleState"] {
        if !body.contains_key(field) {
            return Err(refusal::bad(
                "MISSING_FIELD",
                &format!("ERROR :: /{field} :: field is required but not found"),
            ));
        }
    }
    let invalid = |field: &str| {
        refusal::bad(
            "INVALID_VALUE_FOR_FIELD",
            &format!("/{field} has an unexpected value"),
        )
    };
    let company = state::urn(account).starts_with("urn:li:organization:");
    match body["visibility"].as_str() {
        Some("PUBLIC" | "LOGGED_IN") => {}
        Some("CONNECTIONS") if !company => {}
        _ => return Err(invalid("visibility")),
    }
    if body["lifecycleState"] != "PUBLISHED" {
        return Err(invalid("lifecycleState"));
    }
    match body["distribution"]["feedDistribution"].as_str() {
        Some("MAIN_FEED" | "NONE") => Ok(()),
        _ => Err(invalid("distribution/feedDistribution")),
    }
}

/// The files of a post, each with its description; they must be ready and the author's own.
fn check_content(
    net: &Net,
    memory: &Memory,
    content: &Value,
    author: &str,
) -> Answer<Vec<(String, Option<String>)>> {
    let invalid = |what: &str| refusal::bad("INVALID_VALUE_FOR_FIELD", what);
    let file = |value: &Value, kinds: &[&str]| -> Answer<(String, Option<String>)> {
        let urn = value["id"].as_str().unwrap_or_default();
        if !kinds.iter().any(|kind| urn.starts_with(kind)) {
            return Err(refusal::bad(
                "INVALID_URN_TYPE",
                "This URN type is not allowed here",
            ));
        }
        let Some(media) = memory.file(urn) else {
            return Err(refusal::bad("INVALID_URN_ID", "This URN Id is invalid"));
        };
        if state::urn(&media.owner) != author {
            return Err(refusal::denied("the media, which belongs to somebody else"));
        }
        let progress = media.processing.map(|it| it.progress(net.now()));
        match progress {
            None => Err(refusal::bad(
                "MEDIA_ASSET_WAITING_UPLOAD",
                "Media asset is waiting upload",
            )),
            Some(Progress::Working { .. }) => Err(refusal::bad(
                "MEDIA_ASSET_WAITING_UPLOAD",
                "Media asset is being processed",
            )),
            Some(Progress::Rejected) => Err(refusal::bad(
                "MEDIA_ASSET_PROCESSING_FAILED",
                "Media asset failed processing",
            )),
            Some(Progress::Ready) => {
                Ok((urn.to_owned(), value["altText"].as_str().map(str::to_owned)))
            }
        }
    };
    let Some(kinds) = content.as_object().filter(|kinds| kinds.len() == 1) else {
        return Err(invalid("/content must have one member"));
    };
    if let Some(media) = kinds.get("media") {
        let kinds = ["urn:li:image:", "urn:li:video:", "urn:li:document:"];
        let one = file(media, &kinds)?;
        if one.0.starts_with("urn:li:document:")
            && media["title"].as_str().is_none_or(str::is_empty)
        {
            return Err(refusal::bad(
                "MISSING_FIELD",
                "/content/media/title is required",
            ));
        }
        return Ok(vec![one]);
    }
    if let Some(images) = content["multiImage"]["images"].as_array() {
        if !(2..=20).contains(&images.len()) {
            return Err(invalid(
                "/content/multiImage/images must have 2 to 20 images",
            ));
        }
        return images
            .iter()
            .map(|image| file(image, &["urn:li:image:"]))
            .collect();
    }
    if let Some(article) = kinds.get("article") {
        let text = |name: &str| article[name].as_str().is_some_and(|text| !text.is_empty());
        if !(text("source") && text("title")) {
            return Err(refusal::bad(
                "MISSING_FIELD",
                "/content/article needs source and title",
            ));
        }
        return match article["thumbnail"].as_str() {
            None => Ok(Vec::new()),
            Some(urn) => Ok(vec![file(&json!({ "id": urn }), &["urn:li:image:"])?]),
        };
    }
    if let Some(poll) = kinds.get("poll") {
        let short = |value: &Value, most: usize| {
            value
                .as_str()
                .is_some_and(|text| (1..=most).contains(&text.chars().count()))
        };
        let options = poll["options"].as_array().cloned().unwrap_or_default();
        let durations = ["ONE_DAY", "THREE_DAYS", "SEVEN_DAYS", "FOURTEEN_DAYS"];
        let fits = short(&poll["question"], 140)
            && (2..=4).contains(&options.len())
            && options.iter().all(|option| short(&option["text"], 30))
            && durations.contains(&poll["settings"]["duration"].as_str().unwrap_or_default());
        return if fits {
            Ok(Vec::new())
        } else {
            Err(invalid("/content/poll is not well-formed"))
        };
    }
    Err(invalid("/content has a member that is not known"))
}

/// A post as it is read.
fn entity(post: &Post) -> Value {
    let mut entity = post.body.clone();
    let millis = post.created_at.as_micros() / 1_000;
    entity["id"] = json!(post.urn);
    entity["commentary"] = json!(little::written(
        post.body["commentary"].as_str().unwrap_or_default()
    ));
    entity["createdAt"] = json!(millis);
    entity["publishedAt"] = json!(millis);
    entity["lastModifiedAt"] = json!(millis);
    entity["lifecycleStateInfo"] = json!({ "isEditedByAuthor": false });
    entity
}

/// Reading needs a permission that people's apps do not get.
fn may_read(actor: &Actor, author: &str) -> Answer<()> {
    if author.starts_with("urn:li:organization:") && actor.may("r_organization_social") {
        return Ok(());
    }
    Err(refusal::denied("partnerApiPostsExternal.GET.20260901"))
}

/// `GET /rest/posts?q=author`: the newest first.
pub(super) async fn by_author(
    State(net): State<Net>,
    actor: Actor,
    params: Params,
) -> Answer<Json<Value>> {
    let author = params.get("author").unwrap_or_default();
    if params.get("q") != Some("author") || author.is_empty() {
        return Err(refusal::bad("PARAM_INVALID", "q must be author"));
    }
    may_read(&actor, author)?;
    let number = |name: &str, default: usize| {
        params
            .get(name)
            .map_or(Some(default), |text| text.parse().ok())
            .ok_or_else(|| refusal::bad("PARAM_INVALID", name))
    };
    let (start, count) = (number("start", 0)?, number("count", 10)?.min(100));
    let memory = net.memory();
    let mut posts: Vec<_> = memory
        .posts
        .values()
        .filter(|post| state::urn(&post.account) == author)
        .collect();
    posts.sort_by_key(|post| std::cmp::Reverse(post.created_at));
    let elements: Vec<_> = posts
        .iter()
        .skip(start)
        .take(count)
        .map(|post| entity(post))
        .collect();
    Ok(Json(json!({
        "paging": { "start": start, "count": count, "total": posts.len(), "links": [] },
        "elements": elements,
    })))
}

/// `GET /rest/posts/{urn}`.
pub(super) async fn show(
    State(net): State<Net>,
    actor: Actor,
    Path(urn): Path<String>,
) -> Answer<Json<Value>> {
    let memory = net.memory();
    let Some(post) = memory.posts.get(&urn) else {
        return Err(net.refuse(&Trouble::NotFound));
    };
    may_read(&actor, &state::urn(&post.account))?;
    Ok(Json(entity(post)))
}

/// `DELETE /rest/posts/{urn}`. What is gone already counts as deleted.
pub(super) async fn delete(
    State(net): State<Net>,
    actor: Actor,
    Path(urn): Path<String>,
) -> Answer<StatusCode> {
    let owner = net
        .memory()
        .posts
        .get(&urn)
        .map(|post| post.account.clone());
    if let Some(owner) = owner {
        state::author(&actor, &state::urn(&owner), "social")?;
        net.memory().posts.remove(&urn);
    }
    Ok(StatusCode::NO_CONTENT)
}
