//! Threads, API v1.0.
//!
//! Written from developers.facebook.com/documentation/threads, state of November 2026. A post is
//! put together in a container that nobody sees, which Threads fills by fetching the files, and is
//! then published with one request. A thread is a chain of replies to oneself.

mod auth;
mod comments;
mod containers;
mod error;
mod find;
mod insights;
mod publish;
#[cfg(test)]
mod tests;
mod text;

use std::sync::LazyLock;

use async_trait::async_trait;
use reqwest::Method;
use secrecy::ExposeSecret;
use serde::{Deserialize, de::DeserializeOwned};
use url::Url;

use crate::{
    Platform,
    connector::{
        Account, AppRegistration, Callback, Comments, ConnectRequest, ConnectStep, Connection,
        Connector, Credentials, DoneStep, Found, Insights, LivePost, Profile, PublishRequest,
        Published, Step, StepAnswer, StepWork,
    },
    descriptor::{
        ApiVersion, AppSource, Aspect, Brand, Choice, Connect, ConnectKind, Counting, Descriptor,
        Endpoints, Features, Format, ImageRules, MediaRules, OptionField, OptionKind, Quota,
        QuotaScope, TextRules, VideoRules,
    },
    error::{ConnectError, NetworkError},
    http::{Answer, Endpoint, Net},
    rules::{Draft, Finding},
};

/// What people know the network by.
const NAME: &str = "Threads";
/// posts, "Limitations".
const MAX_CHARACTERS: usize = 500;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    platform: Platform::Threads,
    name: NAME,
    brand: Brand {
        colour: "#101010",
        glyph: "M4 7c4-5 12-5 16 0l-2 1.500c-3-4-9-4-12 0Zm0 5c4-5 12-5 16 0l-2 1.500c-3-4-9-4-12 0Zm0 5c4-5 12-5 16 0l-2 1.500c-3-4-9-4-12 0Z",
    },
    api: ApiVersion {
        version: "v1.0",
        documentation: "https://developers.facebook.com/documentation/threads",
        checked: "2026-11-21",
    },
    endpoints: Endpoints {
        api: "https://graph.threads.net",
        auth: "https://threads.com",
        upload: "",
        site: "",
    },
    connect: Connect {
        kind: ConnectKind::Oauth,
        app: AppSource::Operator,
        console_url: Some("https://developers.facebook.com/apps/"),
        fields: Vec::new(),
        permissions: auth::PERMISSIONS.to_vec(),
    },
    formats: vec![Format {
        id: "post",
        name: "Post",
        text: TextRules {
            max_links: Some(5),
            ..TextRules::up_to(MAX_CHARACTERS, Counting::CodePoints)
        },
        media: MediaRules {
            max: 20,
            max_videos: 20,
            mixed: true,
            images: Some(IMAGES),
            videos: Some(VIDEOS),
            max_alt_characters: Some(1_000),
            ..MediaRules::default()
        },
        max_parts: 25,
        options: options(),
    }],
    quotas: vec![
        Quota {
            counts: "posts",
            limit: 250,
            window_seconds: 86_400,
            per: QuotaScope::Account,
        },
        Quota {
            counts: "replies, the further parts of threads among them",
            limit: 1_000,
            window_seconds: 86_400,
            per: QuotaScope::Account,
        },
        Quota {
            counts: "deletions",
            limit: 100,
            window_seconds: 86_400,
            per: QuotaScope::Account,
        },
    ],
    features: Features {
        threads: true,
        alt_text: true,
        delete: true,
        mentions: true,
        hashtags: true,
        insights: true,
        comments: true,
    },
    errors: error::TABLE,
});

/// posts, "Image specifications".
const IMAGES: ImageRules = ImageRules {
    types: &["image/jpeg", "image/png"],
    max_bytes: 8_000_000,
    // Threads itself makes wider ones 1,440 pixels wide; ten times that is the tallest shape.
    max_side: 4_096,
    min_side: 1,
    aspect: Some(Aspect {
        min: 0.1,
        max: 10.0,
    }),
};

/// posts, "Video specifications".
const VIDEOS: VideoRules = VideoRules {
    types: &["video/mp4", "video/quicktime"],
    video_codecs: &["h264", "hevc"],
    audio_codecs: &["aac"],
    max_bytes: 1_000_000_000,
    min_seconds: 1,
    max_seconds: 300,
    min_side: 1,
    max_side: 1_920,
    max_frame_rate: 60,
    aspect: Some(Aspect {
        min: 0.01,
        max: 10.0,
    }),
};

fn options() -> Vec<OptionField> {
    vec![
        OptionField::new(
            "replyControl",
            "Who can reply",
            "",
            OptionKind::Choice {
                choices: Choice::list(&[
                    ("everyone", "Everyone"),
                    ("accounts_you_follow", "Profiles you follow"),
                    ("followers_only", "Your followers"),
                    ("mentioned_only", "Profiles you mention"),
                ]),
                default: Some("everyone"),
            },
        ),
        OptionField::new(
            "replyApprovals",
            "Approve replies",
            "Replies are hidden until you approve them in Threads.",
            OptionKind::Switch { default: false },
        ),
        OptionField::new(
            "topic",
            "Topic",
            "One topic, without a hash sign. Periods and ampersands are not allowed.",
            OptionKind::Text {
                max_characters: 50,
                multiline: false,
            },
        ),
        OptionField::new(
            "quote",
            "Quote",
            "One of your own recent posts, to be shown inside this one.",
            OptionKind::Lookup { search: true },
        ),
        OptionField::new(
            "link",
            "Link preview",
            "The page shown as a card. Only for posts without files; otherwise the first link of the text is shown.",
            OptionKind::Link,
        ),
        OptionField::new(
            "poll",
            "Poll",
            "Only for posts without files. It runs for a day.",
            OptionKind::Poll {
                min_choices: 2,
                max_choices: 4,
                max_characters: 25,
                minutes: &[24 * 60],
                any_duration: false,
                multiple: false,
            },
        ),
        OptionField::new(
            "spoiler",
            "Spoiler",
            "Files are blurred until somebody taps them.",
            OptionKind::Switch { default: false },
        ),
        OptionField::new(
            "firstComment",
            "First comment",
            "A reply of your own, right after the post.",
            OptionKind::Text {
                max_characters: MAX_CHARACTERS,
                multiline: true,
            },
        ),
    ]
}

/// The connector.
#[derive(Clone, Copy, Debug)]
pub struct Threads;

#[async_trait]
impl Connector for Threads {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn count(&self, text: &str, _: &TextRules) -> usize {
        text::count(text)
    }

    fn check(&self, _: &Format, draft: &Draft<'_>) -> Vec<Finding> {
        text::check(draft)
    }

    fn server(&self, net: &Net, _: Option<&str>) -> Result<Url, ConnectError> {
        auth::endpoint(net, Endpoint::Api, "/")
    }

    async fn check_app(&self, net: &Net, app: &AppRegistration) -> Result<(), ConnectError> {
        auth::check_app(net, app).await
    }

    async fn connect(
        &self,
        net: &Net,
        request: ConnectRequest,
    ) -> Result<ConnectStep, ConnectError> {
        auth::connect(net, request)
    }

    async fn finish_connect(
        &self,
        net: &Net,
        callback: Callback,
    ) -> Result<Vec<Connection>, ConnectError> {
        auth::finish(net, callback)
            .await
            .map(|connection| vec![connection])
    }

    async fn profile(&self, net: &Net, account: &Account) -> Result<Profile, NetworkError> {
        auth::profile(net, account).await
    }

    async fn refresh(&self, net: &Net, account: &Account) -> Result<Credentials, NetworkError> {
        auth::refresh(net, account).await
    }

    async fn choices(
        &self,
        net: &Net,
        account: &Account,
        key: &str,
        search: &str,
    ) -> Result<Vec<Choice>, NetworkError> {
        find::choices(net, account, key, search).await
    }

    fn next_step(&self, request: &PublishRequest, done: &[DoneStep]) -> Option<Step> {
        publish::next_step(request, done)
    }

    async fn run_step(&self, net: &Net, work: StepWork<'_>) -> Result<StepAnswer, NetworkError> {
        publish::run_step(net, work).await
    }

    async fn find_step(&self, net: &Net, work: StepWork<'_>) -> Result<Found, NetworkError> {
        find::find_step(net, work).await
    }

    fn published(&self, _: &Net, _: &Account, _: &PublishRequest, done: &[DoneStep]) -> Published {
        publish::published(done)
    }

    async fn read_back(
        &self,
        net: &Net,
        account: &Account,
        done: &[DoneStep],
    ) -> Result<Option<LivePost>, NetworkError> {
        publish::read_back(net, account, done).await
    }

    async fn delete(
        &self,
        net: &Net,
        account: &Account,
        done: &[DoneStep],
    ) -> Result<(), NetworkError> {
        publish::delete(net, account, done).await
    }

    fn insights(&self) -> Option<&dyn Insights> {
        Some(self)
    }

    fn comments(&self) -> Option<&dyn Comments> {
        Some(self)
    }
}

/// A list in pages; `after` is the next page's cursor (retrieve-and-discover-posts, "Pagination").
#[derive(Deserialize)]
struct Page<T> {
    data: Vec<T>,
    #[serde(default)]
    paging: Paging,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Paging {
    cursors: Cursors,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Cursors {
    after: Option<String>,
}

/// Sends one request to `/v1.0` as the account, with the token and `parameters` where the
/// documentation has them: in the query of a `GET` or `DELETE`, in the form of a `POST`. The
/// answer may be a refusal.
async fn call(
    net: &Net,
    account: &Account,
    method: Method,
    path: &str,
    parameters: &[(&str, &str)],
) -> Result<Answer, NetworkError> {
    let token = auth::token(account)?;
    let mut all = parameters.to_vec();
    all.push(("access_token", token.expose_secret()));
    let failed = |error| NetworkError::transport(NAME, &error);
    let url = net
        .endpoint(Platform::Threads, Endpoint::Api, &format!("/v1.0{path}"))
        .map_err(failed)?;
    let is_post = method == Method::POST;
    let request = net.request(method, url).map_err(failed)?;
    let request = if is_post {
        request.form(&all)
    } else {
        request.query(&all)
    };
    net.send(request).await.map_err(failed)
}

/// The JSON of a success, or what the refusal means.
fn read<T: DeserializeOwned>(net: &Net, answer: &Answer) -> Result<T, NetworkError> {
    if !answer.status.is_success() {
        return Err(error::parse_error(answer, net.env.now()));
    }
    answer
        .json()
        .map_err(|error| error::unreadable(answer, &error))
}

/// What a `GET` answers.
async fn get<T: DeserializeOwned>(
    net: &Net,
    account: &Account,
    path: &str,
    parameters: &[(&str, &str)],
) -> Result<T, NetworkError> {
    let answer = call(net, account, Method::GET, path, parameters).await?;
    read(net, &answer)
}

/// An object of which only the id is told.
#[derive(Deserialize)]
struct Node {
    id: String,
}

/// A time such as `2024-09-12T23:17:39+0000`.
fn parse_time(text: &str) -> Option<kernel::Timestamp> {
    jiff::fmt::strtime::parse("%Y-%m-%dT%H:%M:%S%z", text)
        .ok()?
        .to_timestamp()
        .ok()
        .map(kernel::Timestamp::from)
}

/// Why some object of the API is of no use.
fn is_gone(answer: &Answer) -> bool {
    error::code(answer) == Some("100/33".to_owned())
        || answer.status == reqwest::StatusCode::NOT_FOUND
}
