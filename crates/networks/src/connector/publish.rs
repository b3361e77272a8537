//! What is to be published, the steps towards it, and where it stands.

use std::{collections::BTreeMap, time::Duration};

use kernel::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use url::Url;
use uuid::Uuid;

use super::{Account, OutgoingMedia};

/// What is to be published for one account.
#[derive(Clone, Debug)]
pub struct PublishRequest {
    /// The target's id: unchanging over all tries, so that keys can be made of it.
    pub target_id: Uuid,
    /// The instant it is due: unchanging over all tries.
    pub due_at: Timestamp,
    /// The [`Format::id`](crate::descriptor::Format::id) to publish it as.
    pub format: String,
    /// The post, and after it the replies that make it a thread. Never empty.
    pub parts: Vec<OutgoingPart>,
    /// What else is said of it, by [`OptionField::key`](crate::descriptor::OptionField::key).
    pub options: Map<String, Value>,
    /// The files that options name, by the option's key: a thumbnail, captions.
    pub attachments: BTreeMap<String, OutgoingMedia>,
}

impl PublishRequest {
    /// The text of an option; `None` where it is missing or empty.
    pub fn text_option(&self, key: &str) -> Option<&str> {
        self.options
            .get(key)
            .and_then(Value::as_str)
            .map(str::trim)
            .filter(|text| !text.is_empty())
    }

    /// A switch; `None` where nothing is said.
    pub fn switch_option(&self, key: &str) -> Option<bool> {
        self.options.get(key).and_then(Value::as_bool)
    }

    /// The items of a list; empty where it is missing.
    pub fn list_option(&self, key: &str) -> Vec<&str> {
        self.options
            .get(key)
            .and_then(Value::as_array)
            .map(|items| items.iter().filter_map(Value::as_str).collect())
            .unwrap_or_default()
    }

    /// The option `key` as a poll.
    pub fn poll_option(&self, key: &str) -> Option<Poll> {
        serde_json::from_value(self.options.get(key)?.clone()).ok()
    }
}

/// A poll, as [`OptionKind::Poll`](crate::descriptor::OptionKind::Poll) takes it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Poll {
    /// What can be chosen, in order.
    pub choices: Vec<String>,
    /// How long it runs.
    pub minutes: u32,
    /// Whether a voter may choose several.
    #[serde(default)]
    pub multiple: bool,
}

/// One post of a thread.
#[derive(Clone, Debug)]
pub struct OutgoingPart {
    /// The text as the author wrote it.
    pub text: String,
    /// What is attached, in order.
    pub media: Vec<OutgoingMedia>,
}

/// One request, or a few that belong together, towards a published post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    /// Its name within the request, such as `media:0:1` (part 0, file 1) or `post:0`.
    pub name: String,
    /// Whether the world can see its effect. A step that nobody sees may be repeated freely; a
    /// public one is never repeated unless the network is sure that it did not take place.
    pub public: bool,
    /// The key by which the network itself recognises a repetition, where it does.
    pub idempotency_key: Option<String>,
    /// SHA-256 (hex) of what the step makes public, to recognise it by.
    pub fingerprint: String,
}

/// A step that took place, with its answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DoneStep {
    /// [`Step::name`].
    pub name: String,
    /// What [`Connector::run_step`](super::Connector::run_step) or [`Connector::find_step`](super::Connector::find_step) answered.
    pub result: Value,
}

/// All that a step is carried out with.
#[derive(Clone, Copy, Debug)]
pub struct StepWork<'a> {
    /// As whom.
    pub account: &'a Account,
    /// The whole post.
    pub request: &'a PublishRequest,
    /// The steps before it.
    pub done: &'a [DoneStep],
    /// The step.
    pub step: &'a Step,
    /// When the step was first sent, for [`Connector::find_step`](super::Connector::find_step): nothing older can be it.
    pub first_sent_at: Timestamp,
}

/// What carrying out a step leads to.
#[derive(Clone, Debug, PartialEq)]
pub enum StepAnswer {
    /// It is done; later steps may need this of it, such as a post's id.
    Done(Value),
    /// The network is still at work, on a video for example: ask again. This is no failed try.
    Pending {
        /// When it is worth asking again.
        after: Duration,
        /// For the person: what AllIN waits for, such as `Instagram is processing the video.`
        note: String,
    },
}

impl StepAnswer {
    /// Done, with an answer that can be written as JSON.
    pub fn done(answer: impl Serialize) -> Self {
        Self::Done(json!(answer))
    }
}

/// What a look for a lost step found.
#[derive(Clone, Debug, PartialEq)]
pub enum Found {
    /// It took place; this is what [`Connector::run_step`](super::Connector::run_step) would have answered.
    Present(Value),
    /// It surely did not take place: repeat it.
    Absent,
    /// Nobody can tell: a person has to look. Holds the sentence that says why.
    CannotTell(String),
}

/// A post as the network shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LivePost {
    /// The network's id of it.
    pub platform_post_id: String,
    /// Its page.
    pub url: Option<Url>,
    /// Its text, as far as the network gives it back.
    pub text: Option<String>,
    /// When the network says it was published.
    pub published_at: Option<Timestamp>,
}

/// Where a post stands on its network.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The network's id of the (first) post.
    pub platform_post_id: String,
    /// Its page.
    pub url: Option<Url>,
}
