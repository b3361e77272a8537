//! What a post may be: `CreatePostsRequest` of the OpenAPI 2.167, the restrictions in
//! docs.x.com/x-api/posts/manage-tweets/integrate and docs.x.com/x-api/media/quickstart/best-practices.

use serde_json::{Map, Value};

use super::{
    Net,
    refusal::{forbidden, invalid},
    state::{Memory, Poll, Post},
    text,
};
use crate::kit::{Actor, Answer, Refusal, Trouble, processing::Progress};

/// The fields that there are.
const FIELDS: [&str; 16] = [
    "card_uri",
    "community_id",
    "direct_message_deep_link",
    "edit_options",
    "for_super_followers_only",
    "geo",
    "made_with_ai",
    "media",
    "nullcast",
    "paid_partnership",
    "poll",
    "quote_tweet_id",
    "reply",
    "reply_settings",
    "share_with_followers",
    "text",
];

/// Those who may reply.
const REPLY_SETTINGS: [&str; 4] = ["following", "mentionedUsers", "subscribers", "verified"];

/// The longest text of an account.
pub(super) fn longest(account: &str) -> usize {
    if super::users::subscription(account) == "None" {
        280
    } else {
        25_000
    }
}

/// An object with no other fields than these.
fn object<'a>(value: &'a Value, name: &str, fields: &[&str]) -> Answer<&'a Map<String, Value>> {
    let Some(map) = value.as_object() else {
        return Err(invalid(name, value, "Request body must be a JSON object."));
    };
    match map.keys().find(|key| !fields.contains(&key.as_str())) {
        None => Ok(map),
        Some(key) => Err(invalid(
            key,
            &map[key],
            &format!("object has unallowed field: {name}.{key}"),
        )),
    }
}

/// A switch.
fn switch(body: &Map<String, Value>, name: &str) -> Answer<bool> {
    match body.get(name) {
        None => Ok(false),
        Some(Value::Bool(on)) => Ok(*on),
        Some(other) => Err(invalid(name, other, "is not a boolean")),
    }
}

/// An id: 1 to 19 digits.
fn id<'a>(value: &'a Value, name: &str) -> Answer<&'a str> {
    let text = value.as_str().unwrap_or_default();
    if (1..=19).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(text)
    } else {
        Err(invalid(
            name,
            value,
            &format!("{name} does not match ^[0-9]{{1,19}}$"),
        ))
    }
}

/// A post as the body describes it, with this id. Nothing is kept yet.
pub(super) fn read(net: &Net, actor: &Actor, body: &Value, number: u64) -> Answer<Post> {
    let memory = net.memory();
    let body = object(body, "body", &FIELDS)?;
    let text = match body.get("text") {
        None => "",
        Some(Value::String(text)) => text.as_str(),
        Some(other) => return Err(invalid("text", other, "is not a string")),
    };
    let mut post = Post {
        id: number,
        account: actor.account().to_owned(),
        text: text.trim().to_owned(),
        created_at: net.now(),
        media: Vec::new(),
        parent: None,
        quoted: None,
        conversation: number,
        poll: None,
        reply_settings: "everyone",
        made_with_ai: switch(body, "made_with_ai")?,
        paid_partnership: switch(body, "paid_partnership")?,
    };
    if let Some(media) = body.get("media") {
        post.media = files(net, &memory, actor, media)?;
    }
    if let Some(value) = body.get("poll") {
        post.poll = Some(poll(value)?);
    }
    if let Some(value) = body.get("quote_tweet_id") {
        let quoted = id(value, "quote_tweet_id")?;
        if memory.post(quoted).is_none() {
            return Err(invalid(
                "quote_tweet_id",
                value,
                "You attempted to quote a post that is deleted or not visible to you.",
            ));
        }
        post.quoted = Some(quoted.to_owned());
    }
    let exclusive = [
        !post.media.is_empty(),
        post.poll.is_some(),
        post.quoted.is_some(),
        body.contains_key("card_uri"),
    ];
    if exclusive.into_iter().filter(|given| *given).count() > 1 {
        return Err(invalid(
            "media",
            &Value::Null,
            "Media, poll, quote_tweet_id and card_uri are mutually exclusive.",
        ));
    }
    if post.text.is_empty() && post.media.is_empty() {
        return Err(invalid(
            "text",
            &Value::Null,
            "text is required unless media is provided.",
        ));
    }
    if let Some(value) = body.get("reply_settings") {
        post.reply_settings = REPLY_SETTINGS
            .into_iter()
            .find(|known| Some(*known) == value.as_str())
            .ok_or_else(|| invalid("reply_settings", value, "is not one of the allowed values"))?;
    }
    if let Some(value) = body.get("reply") {
        reply(net, &memory, actor, value, &mut post)?;
    }
    if text::weigh(&post.text) > longest(actor.account()) {
        return Err(forbidden("Your Tweet text is too long."));
    }
    if text::cashtags(&post.text) > 1 {
        return Err(forbidden(
            "Posts created via the API are limited to a maximum of 1 cashtag per post.",
        ));
    }
    // Media change the text by their link, so only the same words without them are the same.
    let same = |other: &Post| {
        other.account == post.account
            && other.text == post.text
            && other.parent == post.parent
            && other.media.is_empty()
            && net.now().since(other.created_at).as_secs() < 12 * 3_600
    };
    if post.media.is_empty() && memory.posts.values().any(same) {
        return Err(net.refuse(&Trouble::Duplicate));
    }
    Ok(post)
}

/// `CreatePostsMedia`: up to four pictures, or one GIF, or one video, ready and the account's own.
fn files(net: &Net, memory: &Memory, actor: &Actor, value: &Value) -> Answer<Vec<u64>> {
    let media = object(
        value,
        "media",
        &[
            "call_to_actions",
            "description",
            "embeddable",
            "media_ids",
            "preview_media_id",
            "tagged_user_ids",
            "title",
        ],
    )?;
    let refuse = |value: &Value| -> Refusal {
        invalid("media.media_ids", value, "Your media IDs are invalid.")
    };
    let ids = media.get("media_ids").unwrap_or(&Value::Null);
    let list = ids.as_array().map(Vec::as_slice).unwrap_or_default();
    if !(1..=4).contains(&list.len()) {
        return Err(refuse(ids));
    }
    let mut files = Vec::new();
    for value in list {
        let number: u64 = id(value, "media.media_ids")?.parse().unwrap_or_default();
        let file = memory
            .media
            .get(&number)
            .filter(|file| file.account == actor.account())
            .filter(|file| file.blob.is_some() && file.expires_at > net.now())
            .filter(|file| {
                file.processing
                    .is_none_or(|it| it.progress(net.now()) == Progress::Ready)
            })
            .ok_or_else(|| refuse(value))?;
        if file.category != "tweet_image" && list.len() > 1 {
            return Err(refuse(ids));
        }
        files.push(number);
    }
    Ok(files)
}

/// `CreatePostsPoll`.
fn poll(value: &Value) -> Answer<Poll> {
    let poll = object(
        value,
        "poll",
        &["options", "duration_minutes", "reply_settings"],
    )?;
    let options: Vec<String> = poll
        .get("options")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|option| option.as_str().map(str::to_owned))
        .collect();
    let fits = |option: &String| (1..=25).contains(&option.chars().count());
    if !(2..=4).contains(&options.len()) || !options.iter().all(fits) {
        return Err(invalid(
            "poll.options",
            value,
            "2-4 choices, 1-25 characters each",
        ));
    }
    let minutes = poll.get("duration_minutes").and_then(Value::as_u64);
    match minutes.filter(|minutes| (5..=10_080).contains(minutes)) {
        Some(minutes) => Ok(Poll { options, minutes }),
        None => Err(invalid(
            "poll.duration_minutes",
            value,
            "must be between 5 and 10080",
        )),
    }
}

/// `CreatePostsReply`. One may reply to oneself, and to whoever mentioned or quoted one.
fn reply(net: &Net, memory: &Memory, actor: &Actor, value: &Value, post: &mut Post) -> Answer<()> {
    let reply = object(
        value,
        "reply",
        &[
            "auto_populate_reply_metadata",
            "exclude_reply_user_ids",
            "in_reply_to_tweet_id",
        ],
    )?;
    let value = reply.get("in_reply_to_tweet_id").unwrap_or(&Value::Null);
    let parent = id(value, "reply.in_reply_to_tweet_id")?;
    post.parent = Some(parent.to_owned());
    if let Some(parent) = memory.post(parent) {
        post.conversation = parent.conversation;
        let quotes_actor = parent
            .quoted
            .as_deref()
            .and_then(|quoted| memory.post(quoted))
            .is_some_and(|quoted| quoted.account == actor.account());
        let mentions = parent.text.contains(&format!("@{}", actor.account()));
        if parent.account == actor.account() || mentions || quotes_actor {
            return Ok(());
        }
        return Err(forbidden(
            "Reply to this conversation is not allowed because you have not been mentioned or otherwise engaged by the author of the post you are replying to.",
        ));
    }
    // A stranger who replies to a post mentions its author.
    if let Some((_, below)) = memory.reply(parent, net.now())
        && below.account == actor.account()
    {
        post.conversation = below.conversation;
        return Ok(());
    }
    Err(forbidden(
        "You attempted to reply to a Tweet that is deleted or not visible to you.",
    ))
}
