//! What a creator may publish: developers.tiktok.com/doc/content-posting-api-reference-query-creator-info.
//! TikTok demands that it is asked before every post.

use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Value, json};

use super::api;
use crate::{
    ErrorKind, Net, NetworkError,
    connector::{FileFacts, PublishRequest},
    descriptor::Choice,
};

/// `creator_info`.
#[derive(Deserialize)]
pub(super) struct Creator {
    pub(super) creator_username: String,
    #[serde(default)]
    privacy_level_options: Vec<String>,
    #[serde(default)]
    comment_disabled: bool,
    #[serde(default)]
    duet_disabled: bool,
    #[serde(default)]
    stitch_disabled: bool,
    #[serde(default)]
    max_video_post_duration_sec: u32,
}

/// Asks TikTok.
pub(super) async fn query(net: &Net, token: &SecretString) -> Result<Creator, NetworkError> {
    api::post_with(
        net,
        token,
        "/v2/post/publish/creator_info/query/",
        &json!({}),
    )
    .await
}

impl Creator {
    /// What preflight needs of it.
    pub(super) fn limits(&self) -> Value {
        json!({ "maxSeconds": self.max_video_post_duration_sec })
    }

    /// Who may see a post, for the person to choose.
    pub(super) fn privacy_choices(&self) -> Vec<Choice> {
        self.privacy_level_options
            .iter()
            .map(|level| Choice::new(level, privacy_label(level)))
            .collect()
    }

    /// Whether the post may be published as it is.
    pub(super) fn permit(
        &self,
        request: &PublishRequest,
        facts: Option<&FileFacts>,
    ) -> Result<(), NetworkError> {
        let refused = |message: String| {
            Err(NetworkError::not_sent(
                ErrorKind::Refused,
                message,
                "creator_info does not allow it",
            ))
        };
        let privacy = request.text_option("privacy").unwrap_or_default();
        if !self
            .privacy_level_options
            .iter()
            .any(|level| level == privacy)
        {
            let levels: Vec<_> = self
                .privacy_level_options
                .iter()
                .map(|level| privacy_label(level))
                .collect();
            return refused(format!(
                "This account can't publish for “{}”. Please choose one of: {}.",
                privacy_label(privacy),
                levels.join(", ")
            ));
        }
        let switches = [
            ("allowComments", self.comment_disabled, "comments"),
            ("allowDuet", self.duet_disabled, "duets"),
            ("allowStitch", self.stitch_disabled, "stitches"),
        ];
        for (key, disabled, what) in switches {
            if disabled && request.switch_option(key) == Some(true) {
                return refused(format!(
                    "This account has turned {what} off in the TikTok app. Please turn them off for this post too."
                ));
            }
        }
        let seconds = facts
            .and_then(|facts| facts.duration_ms)
            .map_or(0, |duration| duration.div_ceil(1_000));
        let most = u64::from(self.max_video_post_duration_sec);
        if most > 0 && seconds > most {
            return refused(format!(
                "This account may publish videos of {most} seconds on TikTok; this one has {seconds}. Please shorten it."
            ));
        }
        Ok(())
    }
}

fn privacy_label(level: &str) -> &str {
    match level {
        "PUBLIC_TO_EVERYONE" => "Everyone",
        "MUTUAL_FOLLOW_FRIENDS" => "Friends",
        "FOLLOWER_OF_CREATOR" => "Followers",
        "SELF_ONLY" => "Only me",
        other => other,
    }
}
