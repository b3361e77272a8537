//! The records that a part becomes: lexicons app.bsky.feed.post, app.bsky.embed.*,
//! app.bsky.feed.threadgate, app.bsky.feed.postgate and app.bsky.richtext.facet (2026-08-20).

use reqwest::Method;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    COLLECTION, POSTGATE, THREADGATE,
    auth::secret,
    formats::{self, GRID},
    link::ReplyRef,
    prepare::{Prepared, Uploaded},
    text::{Feature, facets},
    xrpc,
};
use crate::{
    connector::{Account, OutgoingPart, PublishRequest, server_name},
    error::{Certainty, NetworkError},
    http::Net,
};

/// A part's record in app.bsky.feed.post.
pub(super) async fn post(
    net: &Net,
    account: &Account,
    request: &PublishRequest,
    content: &OutgoingPart,
    files: &[Uploaded],
    prepared: &Prepared,
    reply: Option<ReplyRef>,
) -> Result<Value, NetworkError> {
    let text = content.text.trim();
    let mut record = json!({ "$type": COLLECTION, "text": text, "createdAt": now(net) });
    let facets = rich_text(net, account, text).await?;
    let mut say = |key: &str, value: Option<Value>| {
        if let Some(value) = value {
            record[key] = value;
        }
    };
    say("facets", (!facets.is_empty()).then(|| json!(facets)));
    say("embed", embed(content, files, prepared));
    say("reply", reply.map(|reply| json!(reply)));
    let list = |items: Vec<&str>| (!items.is_empty()).then(|| json!(items));
    say("langs", list(request.list_option("languages")));
    let tags = request.list_option("tags").into_iter();
    say(
        "tags",
        list(tags.map(|tag| tag.trim().trim_start_matches('#')).collect()),
    );
    // Labels hide what is embedded, and nothing else.
    let warning = request
        .text_option("contentWarning")
        .filter(|_| !content.media.is_empty());
    say(
        "labels",
        warning.map(|label| {
            json!({ "$type": "com.atproto.label.defs#selfLabels", "values": [{ "val": label }] })
        }),
    );
    Ok(record)
}

/// When a record says that it was made.
pub(super) fn now(net: &Net) -> String {
    format!("{:.3}", net.env.now().to_jiff())
}

fn embed(content: &OutgoingPart, files: &[Uploaded], prepared: &Prepared) -> Option<Value> {
    let media = media(content, files, prepared).or_else(|| {
        let card = prepared.card.as_ref()?;
        Some(json!({ "$type": "app.bsky.embed.external", "external": card }))
    });
    let quote = prepared
        .quote
        .as_ref()
        .map(|post| json!({ "$type": "app.bsky.embed.record", "record": post }));
    match (quote, media) {
        (Some(record), Some(media)) => Some(json!({
            "$type": "app.bsky.embed.recordWithMedia",
            "record": record,
            "media": media,
        })),
        (quote, media) => quote.or(media),
    }
}

fn media(content: &OutgoingPart, files: &[Uploaded], prepared: &Prepared) -> Option<Value> {
    let first = files.first()?;
    if content
        .media
        .first()
        .is_some_and(|media| formats::is_video(&media.mime_type))
    {
        let mut video = json!({ "$type": "app.bsky.embed.video", "video": first.blob });
        if let Some(ratio) = first.ratio() {
            video["aspectRatio"] = ratio;
        }
        let alt = content
            .media
            .first()
            .map_or("", |media| media.alt_text.as_str());
        if !alt.is_empty() {
            video["alt"] = json!(alt);
        }
        if let Some(captions) = &prepared.captions {
            video["captions"] = json!([captions]);
        }
        return Some(video);
    }
    let gallery = files.len() > GRID;
    let images: Vec<Value> = files
        .iter()
        .zip(&content.media)
        .map(|(file, media)| {
            let mut image = json!({
                "image": file.blob,
                "alt": media.alt_text,
                "aspectRatio": file.ratio(),
            });
            if gallery {
                image["$type"] = json!("app.bsky.embed.gallery#image");
            }
            image
        })
        .collect();
    Some(if gallery {
        json!({ "$type": "app.bsky.embed.gallery", "items": images })
    } else {
        json!({ "$type": "app.bsky.embed.images", "images": images })
    })
}

/// The records beside a part's own that say who may answer and quote it. They have its key.
pub(super) fn gates(net: &Net, request: &PublishRequest, part: usize, post: &str) -> Vec<Value> {
    let rule = |name: &str| json!([{ "$type": format!("{THREADGATE}#{name}") }]);
    let allow = match request.text_option("replyControl") {
        // Only the first post of a conversation decides that.
        _ if part > 0 || request.text_option("replyTo").is_some() => None,
        Some("nobody") => Some(json!([])),
        Some("followers") => Some(rule("followerRule")),
        Some("following") => Some(rule("followingRule")),
        Some("mentioned") => Some(rule("mentionRule")),
        _ => None,
    };
    let created = now(net);
    let threadgate = allow.map(
        |allow| json!({ "$type": THREADGATE, "post": post, "allow": allow, "createdAt": created }),
    );
    let quotable = !request.switch_option("noQuotes").unwrap_or(false);
    let postgate = (!quotable).then(|| {
        json!({
            "$type": POSTGATE,
            "post": post,
            "embeddingRules": [{ "$type": format!("{POSTGATE}#disableRule") }],
            "createdAt": created,
        })
    });
    threadgate.into_iter().chain(postgate).collect()
}

/// The first link of a text.
pub(super) fn first_link(text: &str) -> Option<String> {
    facets(text)
        .into_iter()
        .find_map(|facet| match facet.feature {
            Feature::Link(uri) => Some(uri),
            _ => None,
        })
}

/// The text's facets as the lexicon wants them. A handle that nobody has stays plain text.
pub(super) async fn rich_text(
    net: &Net,
    account: &Account,
    text: &str,
) -> Result<Vec<Value>, NetworkError> {
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
pub(super) async fn did_of(
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
