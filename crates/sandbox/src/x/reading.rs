//! Posts, timelines and search: `getPostsById`, `getPostsByIds`, `getUsersPosts`,
//! `searchPostsRecent`.

use axum::{
    Json,
    extract::{Path, State},
};
use kernel::Timestamp;
use serde_json::{Value, json};

use super::{
    Net,
    refusal::{invalid, missing},
    state::Post,
    users,
    view::{Names, View},
};
use crate::kit::{
    Actor, Answer, Here, Params,
    comments::Comment,
    paging::{Cursor, page},
};

/// What all of these ask for.
fn require(actor: &Actor) -> Answer<()> {
    actor.require("tweet.read")?;
    actor.require("users.read")
}

/// The parameters that each of these takes, beside those of the list.
const COMMON: [&str; 8] = [
    "post.fields",
    "tweet.fields",
    "expansions",
    "user.fields",
    "media.fields",
    "poll.fields",
    "place.fields",
    "access_token",
];

/// Refuses parameters that there are not, as X does.
fn known(params: &Params, more: &[&str]) -> Answer<()> {
    let unknown = params
        .pairs()
        .iter()
        .find(|(name, _)| !COMMON.contains(&name.as_str()) && !more.contains(&name.as_str()));
    match unknown {
        None => Ok(()),
        Some((name, value)) => Err(invalid(
            name,
            &json!(value),
            &format!(
                "The query parameter [{name}] is not one of [{}]",
                [more, &COMMON[..7]].concat().join(",")
            ),
        )),
    }
}

/// `getPostsById`.
pub(super) async fn one(
    State(net): State<Net>,
    here: Here,
    actor: Actor,
    Path(id): Path<String>,
    params: Params,
) -> Answer<Json<Value>> {
    require(&actor)?;
    known(&params, &[])?;
    let mut answer = by_ids(&net, &here, &params, &[id.as_str()]);
    if let Some(first) = answer["data"].get(0).cloned() {
        answer["data"] = first;
    }
    Ok(Json(answer))
}

/// `getPostsByIds`.
pub(super) async fn several(
    State(net): State<Net>,
    here: Here,
    actor: Actor,
    params: Params,
) -> Answer<Json<Value>> {
    require(&actor)?;
    known(&params, &["ids"])?;
    let ids: Vec<_> = params.get("ids").unwrap_or_default().split(',').collect();
    if ids.len() > 100 || ids.iter().any(|id| id.parse::<u64>().is_err()) {
        return Err(invalid("ids", &json!(ids), "is not a list of 1 to 100 ids"));
    }
    Ok(Json(by_ids(&net, &here, &params, &ids)))
}

/// The posts that there are, and an error for each that is missing.
fn by_ids(net: &Net, here: &Here, params: &Params, ids: &[&str]) -> Value {
    let memory = net.memory();
    let view = view(net, here, params);
    let posts: Vec<_> = ids.iter().filter_map(|id| memory.post(id)).collect();
    let gone: Vec<_> = ids
        .iter()
        .filter(|id| memory.post(id).is_none())
        .map(|id| missing("tweet", "id", id))
        .collect();
    let mut answer = json!({});
    if !posts.is_empty() {
        answer["data"] = posts.iter().map(|post| view.post(&memory, post)).collect();
    }
    if let Some(includes) = view.includes(&memory, &posts, &[]) {
        answer["includes"] = includes;
    }
    if !gone.is_empty() {
        answer["errors"] = json!(gone);
    }
    answer
}

fn view<'a>(net: &'a Net, here: &'a Here, params: &'a Params) -> View<'a> {
    View {
        net,
        here,
        params,
        names: Names::of(params),
    }
}

/// An instant in a parameter.
fn instant(params: &Params, name: &str) -> Answer<Option<Timestamp>> {
    params
        .get(name)
        .map(|text| {
            text.parse()
                .map_err(|_| invalid(name, &json!(text), "is not a date-time"))
        })
        .transpose()
}

/// A number in a parameter, between these.
fn count(params: &Params, name: &str, least: usize, default: usize) -> Answer<usize> {
    let Some(text) = params.get(name) else {
        return Ok(default);
    };
    text.parse()
        .ok()
        .filter(|number| (least..=100).contains(number))
        .ok_or_else(|| {
            invalid(
                name,
                &json!(text),
                &format!("is not between {least} and 100"),
            )
        })
}

/// `getUsersPosts`: the newest first.
pub(super) async fn timeline(
    State(net): State<Net>,
    here: Here,
    actor: Actor,
    Path(user): Path<String>,
    params: Params,
) -> Answer<Json<Value>> {
    require(&actor)?;
    known(
        &params,
        &[
            "max_results",
            "pagination_token",
            "start_time",
            "end_time",
            "since_id",
            "until_id",
            "exclude",
        ],
    )?;
    let limit = count(&params, "max_results", 5, 10)?;
    let (start, end) = (
        instant(&params, "start_time")?,
        instant(&params, "end_time")?,
    );
    let number = |name: &str| params.get(name).and_then(|id| id.parse::<u64>().ok());
    let (since, until) = (number("since_id"), number("until_id"));
    let no_replies = params
        .get("exclude")
        .is_some_and(|kinds| kinds.split(',').any(|kind| kind == "replies"));
    let Some(username) = users::with_id(&user) else {
        return Ok(Json(json!({ "errors": [missing("user", "id", &user)] })));
    };
    let memory = net.memory();
    let posts: Vec<&Post> = memory
        .posts
        .values()
        .rev()
        .filter(|post| post.account == username)
        .filter(|post| start.is_none_or(|start| post.created_at >= start))
        .filter(|post| end.is_none_or(|end| post.created_at < end))
        .filter(|post| since.is_none_or(|since| post.id > since))
        .filter(|post| until.is_none_or(|until| post.id < until))
        .filter(|post| !(no_replies && post.parent.is_some()))
        .collect();
    let cursor = Cursor::new(params.get("pagination_token"), None);
    let found = page(&posts, |post| post.id.to_string(), cursor, limit)
        .ok_or_else(|| invalid("pagination_token", &Value::Null, "is not valid"))?;
    let view = view(&net, &here, &params);
    let mut meta = json!({ "result_count": found.items.len() });
    if let (Some(newest), Some(oldest)) = (found.items.first(), found.items.last()) {
        meta["newest_id"] = json!(newest.id.to_string());
        meta["oldest_id"] = json!(oldest.id.to_string());
    }
    if let Some(next) = &found.next {
        meta["next_token"] = json!(next);
    }
    let mut answer = json!({ "meta": meta });
    if !found.items.is_empty() {
        answer["data"] = found
            .items
            .iter()
            .map(|post| view.post(&memory, post))
            .collect();
    }
    if let Some(includes) = view.includes(&memory, &found.items, &[]) {
        answer["includes"] = includes;
    }
    Ok(Json(answer))
}

/// One result of a search.
#[derive(Clone)]
enum Hit<'a> {
    Post(&'a Post),
    Reply(&'a Post, Comment),
}

impl Hit<'_> {
    fn id(&self) -> String {
        match self {
            Self::Post(post) => post.id.to_string(),
            Self::Reply(_, reply) => reply.id.clone(),
        }
    }

    fn at(&self) -> Timestamp {
        match self {
            Self::Post(post) => post.created_at,
            Self::Reply(_, reply) => reply.at,
        }
    }
}

/// `searchPostsRecent`: `conversation_id:` and `from:`, the newest first, seven days back.
pub(super) async fn search(
    State(net): State<Net>,
    here: Here,
    actor: Actor,
    params: Params,
) -> Answer<Json<Value>> {
    require(&actor)?;
    known(
        &params,
        &[
            "query",
            "max_results",
            "next_token",
            "pagination_token",
            "start_time",
            "end_time",
            "since_id",
            "until_id",
            "sort_order",
        ],
    )?;
    let limit = count(&params, "max_results", 10, 10)?;
    let query = params.get("query").unwrap_or_default();
    let operator = |name: &str| {
        query
            .split_whitespace()
            .find_map(|word| word.strip_prefix(name))
    };
    let (conversation, from) = (operator("conversation_id:"), operator("from:"));
    if conversation.is_none() && from.is_none() {
        return Err(invalid(
            "query",
            &json!(query),
            "The sandbox understands conversation_id: and from: alone.",
        ));
    }
    let memory = net.memory();
    let now = net.now();
    let mut hits = Vec::new();
    for post in memory.posts.values() {
        let inside = conversation.is_none_or(|id| post.conversation.to_string() == id);
        if !inside {
            continue;
        }
        // The post that began a conversation is no reply.
        let begins = conversation.is_some() && post.parent.is_none();
        if !begins && from.is_none_or(|name| name == post.account) {
            hits.push(Hit::Post(post));
        }
        if from.is_none() {
            let replies = memory.replies(post, now);
            hits.extend(
                replies
                    .into_iter()
                    .filter(|reply| !reply.hidden)
                    .map(|reply| Hit::Reply(post, reply)),
            );
        }
    }
    hits.retain(|hit| now.since(hit.at()).as_secs() < 7 * 86_400);
    hits.sort_by_key(|hit| std::cmp::Reverse((hit.at(), hit.id())));
    let token = params.get("next_token").or(params.get("pagination_token"));
    let found = page(&hits, Hit::id, Cursor::new(token, None), limit)
        .ok_or_else(|| invalid("next_token", &Value::Null, "is not valid"))?;
    let view = view(&net, &here, &params);
    let mut posts = Vec::new();
    let mut replies = Vec::new();
    let mut data = Vec::new();
    for hit in &found.items {
        match hit {
            Hit::Post(post) => {
                data.push(view.post(&memory, post));
                posts.push(*post);
            }
            Hit::Reply(post, reply) => {
                data.push(view.reply(post, reply));
                replies.push(reply.clone());
            }
        }
    }
    let mut meta = json!({ "result_count": data.len() });
    if let Some(next) = &found.next {
        meta["next_token"] = json!(next);
    }
    let mut answer = json!({ "meta": meta });
    if !data.is_empty() {
        answer["data"] = json!(data);
    }
    if let Some(includes) = view.includes(&memory, &posts, &replies) {
        answer["includes"] = includes;
    }
    Ok(Json(answer))
}
