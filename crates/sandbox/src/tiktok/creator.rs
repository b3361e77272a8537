//! creator_info/query: /doc/content-posting-api-reference-query-creator-info.

use axum::{Json, extract::State};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{Net, refusal};
use crate::kit::{
    Actor, Answer, Here, Trouble, people,
    quota::{Quota, Window},
};

/// The private account: who follows it sees its posts.
const PRIVATE: &str = "priya";
/// The account for which the app counts as not audited.
pub(super) const UNAUDITED: &str = "jonas";

/// 20 requests a minute.
const PER_MINUTE: Quota = Quota {
    name: "creator_info",
    limit: 20,
    window: Window::Rolling(60),
};

/// Who may see a post.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub(super) enum Privacy {
    #[serde(rename = "PUBLIC_TO_EVERYONE")]
    Everyone,
    #[serde(rename = "MUTUAL_FOLLOW_FRIENDS")]
    Friends,
    #[serde(rename = "FOLLOWER_OF_CREATOR")]
    Followers,
    #[serde(rename = "SELF_ONLY")]
    Nobody,
}

impl Privacy {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Everyone => "PUBLIC_TO_EVERYONE",
            Self::Friends => "MUTUAL_FOLLOW_FRIENDS",
            Self::Followers => "FOLLOWER_OF_CREATOR",
            Self::Nobody => "SELF_ONLY",
        }
    }
}

/// What an account may choose from.
pub(super) fn choices(account: &str) -> Vec<Privacy> {
    match account {
        UNAUDITED => vec![Privacy::Nobody],
        PRIVATE => vec![Privacy::Followers, Privacy::Friends, Privacy::Nobody],
        _ => vec![Privacy::Everyone, Privacy::Friends, Privacy::Nobody],
    }
}

/// Whether the account turned off duets and stitches, as private ones have it.
pub(super) fn is_private(account: &str) -> bool {
    account == PRIVATE
}

/// Uses one of so many requests a minute.
pub(super) fn limit(net: &Net, actor: &Actor, quota: &Quota) -> Answer<()> {
    match net.spend(quota, actor.account(), 1) {
        Ok(_) => Ok(()),
        Err(usage) => Err(net.refuse(&Trouble::RateLimited { reset: usage.reset })),
    }
}

/// `POST /v2/post/publish/creator_info/query/`.
pub(super) async fn query(State(net): State<Net>, here: Here, actor: Actor) -> Answer<Json<Value>> {
    actor.require("video.publish")?;
    limit(&net, &actor, &PER_MINUTE)?;
    let account = actor.account();
    let options: Vec<_> = choices(account).into_iter().map(Privacy::as_str).collect();
    let private = is_private(account);
    Ok(refusal::ok(
        &net,
        &json!({
            "creator_avatar_url": format!("{}{}", here.origin, people::avatar_path(account)),
            "creator_username": account,
            "creator_nickname": people::find(account).map_or(account, |known| known.name),
            "privacy_level_options": options,
            "comment_disabled": false,
            "duet_disabled": private,
            "stitch_disabled": private,
            "max_video_post_duration_sec": 300,
        }),
    ))
}
