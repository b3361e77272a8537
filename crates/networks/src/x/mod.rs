//! X, API v2.
//!
//! Written from docs.x.com and from X's OpenAPI 2.167, state of November 2026. In August 2026 the
//! OpenAPI renamed `tweet.fields` to `post.fields` and what comes with it, while the guides still
//! show the old names: AllIN asks with the new ones and reads both. A post is public with the one
//! request that creates it; X has no key to recognise a repetition by, but refuses the same text
//! twice, and the account's timeline can be read.

mod auth;
mod comments;
mod error;
mod find;
mod insights;
mod media;
mod publish;
mod stage;
#[cfg(test)]
mod tests;
mod text;

use std::sync::LazyLock;

use async_trait::async_trait;
use reqwest::{Method, RequestBuilder};
use secrecy::ExposeSecret;
use serde::de::DeserializeOwned;
use serde_json::Value;
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
    rules::{Draft, Field, Finding},
};

/// What people know the network by.
const NAME: &str = "X";
/// Characters of a post: docs.x.com/fundamentals/counting-characters.
const CHARACTERS: usize = 280;
/// Characters of a post of an account with a subscription: changelog of 20 August 2024.
const LONG_CHARACTERS: usize = 25_000;
/// X names no limit for a thread; a longer one is hardly meant.
const MAX_PARTS: usize = 25;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    platform: Platform::X,
    name: NAME,
    brand: Brand {
        colour: "#0f1419",
        glyph: "M3 3h5.2l4.6 6.3L18.200 3H20.700l-6.760 7.820L21.500 21h-5.200l-5.040-6.880L5.300 21H2.800l7.280-8.420L3 3Zm3.400 1.800 10.800 14.400h1.600L8 4.800H6.400Z",
    },
    api: ApiVersion {
        version: "v2 (2.167)",
        documentation: "https://docs.x.com/x-api",
        checked: "2026-11-21",
    },
    endpoints: Endpoints {
        api: "https://api.x.com",
        auth: "https://x.com",
        upload: "https://api.x.com",
    },
    connect: Connect {
        kind: ConnectKind::Oauth,
        app: AppSource::Operator,
        console_url: Some("https://console.x.com"),
        fields: Vec::new(),
        permissions: auth::PERMISSIONS.to_vec(),
    },
    formats: vec![format(CHARACTERS)],
    quotas: vec![
        Quota {
            counts: "posts",
            limit: 100,
            window_seconds: 15 * 60,
            per: QuotaScope::Account,
        },
        Quota {
            counts: "posts",
            limit: 10_000,
            window_seconds: 24 * 3_600,
            per: QuotaScope::App,
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

/// The one format there is, for an account that may write so much.
fn format(max_characters: usize) -> Format {
    Format {
        id: "post",
        name: "Post",
        text: TextRules {
            url_length: Some(text::LINK_LENGTH),
            ..TextRules::up_to(max_characters, Counting::Weighted)
        },
        media: MediaRules {
            max: 4,
            max_videos: 1,
            images: Some(IMAGES),
            videos: Some(VIDEOS),
            max_alt_characters: Some(1_000),
            ..MediaRules::default()
        },
        max_parts: MAX_PARTS,
        options: vec![
            OptionField::new(
                "replySettings",
                "Who can reply",
                "",
                OptionKind::Choice {
                    choices: Choice::list(&[
                        ("everyone", "Everyone"),
                        ("following", "Accounts you follow"),
                        ("verified", "Verified accounts"),
                        ("subscribers", "Your subscribers"),
                        ("mentionedUsers", "Only accounts you mention"),
                    ]),
                    default: Some("everyone"),
                },
            ),
            OptionField::new(
                "poll",
                "Poll",
                "In the first post, in place of media.",
                OptionKind::Poll {
                    min_choices: 2,
                    max_choices: 4,
                    max_characters: 25,
                    minutes: &[5, 7 * 24 * 60],
                    any_duration: true,
                    multiple: false,
                },
            ),
            OptionField::new(
                "quote",
                "Post to quote",
                "The address of a post on X. X lets only enterprise apps quote.",
                OptionKind::Link,
            ),
            OptionField::new(
                "replyTo",
                "Post to reply to",
                "The address of a post on X whose author mentioned or quoted this account.",
                OptionKind::Link,
            ),
            OptionField::new(
                "firstComment",
                "First comment",
                "Published as a reply, right after the post.",
                OptionKind::Text {
                    max_characters,
                    multiline: true,
                },
            ),
            OptionField::new(
                "madeWithAi",
                "Made with AI",
                "Tells readers that its media were made with AI.",
                OptionKind::Switch { default: false },
            ),
            OptionField::new(
                "paidPartnership",
                "Paid partnership",
                "Tells readers that it is paid promotion.",
                OptionKind::Switch { default: false },
            ),
        ],
    }
}

/// docs.x.com/x-api/media/quickstart/best-practices
const IMAGES: ImageRules = ImageRules {
    types: &["image/jpeg", "image/png", "image/webp", "image/gif"],
    max_bytes: 5 << 20,
    max_side: 8_192,
    min_side: 4,
    aspect: None,
};

/// docs.x.com/x-api/media/quickstart/best-practices
const VIDEOS: VideoRules = VideoRules {
    types: &["video/mp4", "video/quicktime"],
    video_codecs: &["h264"],
    audio_codecs: &["aac"],
    max_bytes: 512 << 20,
    min_seconds: 1,
    max_seconds: 140,
    min_side: 32,
    max_side: 1_920,
    max_frame_rate: 60,
    aspect: Some(Aspect {
        min: 1.0 / 3.0,
        max: 3.0,
    }),
};

/// The connector.
#[derive(Clone, Copy, Debug)]
pub struct X;

#[async_trait]
impl Connector for X {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn formats(&self, limits: &Value) -> Vec<Format> {
        let subscription = limits["subscription"].as_str().unwrap_or("None");
        vec![format(if subscription == "None" {
            CHARACTERS
        } else {
            LONG_CHARACTERS
        })]
    }

    fn count(&self, text: &str, _: &TextRules) -> usize {
        text::count(text)
    }

    fn check(&self, format: &Format, draft: &Draft<'_>) -> Vec<Finding> {
        check(format, draft)
    }

    fn server(&self, net: &Net, _: Option<&str>) -> Result<Url, ConnectError> {
        auth::server(net)
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
        Ok(vec![auth::finish(net, callback).await?])
    }

    async fn profile(&self, net: &Net, account: &Account) -> Result<Profile, NetworkError> {
        auth::profile(net, account).await
    }

    async fn refresh(&self, net: &Net, account: &Account) -> Result<Credentials, NetworkError> {
        auth::refresh(net, account).await
    }

    async fn check_app(&self, net: &Net, app: &AppRegistration) -> Result<(), ConnectError> {
        auth::check_app(net, app).await
    }

    async fn revoke(&self, net: &Net, account: &Account) -> Result<(), NetworkError> {
        auth::revoke(net, account).await
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

    fn published(&self, account: &Account, _: &PublishRequest, done: &[DoneStep]) -> Published {
        publish::published(account, done)
    }

    async fn read_back(
        &self,
        net: &Net,
        account: &Account,
        done: &[DoneStep],
    ) -> Result<Option<LivePost>, NetworkError> {
        find::read_back(net, account, done).await
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

/// What X's own rules say of a post: the OpenAPI's `CreatePostsRequest`, and the restrictions in
/// docs.x.com/x-api/posts/manage-tweets/integrate.
fn check(format: &Format, draft: &Draft<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let said = |key: &str| draft.options.get(key).is_some_and(|value| !value.is_null());
    let has_media = draft
        .parts
        .first()
        .is_some_and(|part| !part.media.is_empty());
    if said("poll") && has_media {
        findings.push(Finding::option(
            "poll_with_media",
            "poll",
            "A poll on X can't have images or a video. Please remove one of them.",
        ));
    }
    let quoted = draft
        .options
        .get("quote")
        .and_then(Value::as_str)
        .unwrap_or_default();
    if !quoted.trim().is_empty() && (has_media || said("poll")) {
        findings.push(Finding::option(
            "quote_with_media",
            "quote",
            "A post on X that quotes another can have neither media nor a poll. Please remove one of them.",
        ));
    }
    for key in ["quote", "replyTo"] {
        let address = draft
            .options
            .get(key)
            .and_then(Value::as_str)
            .unwrap_or_default();
        if !address.trim().is_empty() && publish::post_id(address).is_none() {
            findings.push(Finding::option(
                "not_a_post",
                key,
                "That is not the address of a post on X. It should look like https://x.com/name/status/1234567890.",
            ));
        }
    }
    if let Some(comment) = draft.options.get("firstComment").and_then(Value::as_str) {
        let characters = text::count(comment.trim());
        if characters > format.text.max_characters {
            findings.push(Finding::option(
                "option_invalid",
                "firstComment",
                format!(
                    "The first comment may have {} characters on X and has {characters}. Please shorten it.",
                    format.text.max_characters
                ),
            ));
        }
    }
    for (index, part) in draft.parts.iter().enumerate() {
        if text::cashtags(part.text) > 1 {
            findings.push(
                Finding::error(
                    "too_many_cashtags",
                    Field::Text,
                    "X lets apps publish one cashtag, such as $ACME, in a post. Please keep one.",
                )
                .in_part(index),
            );
        }
        if part.media.len() > 1 && part.media.iter().any(|file| file.mime_type == media::GIF) {
            findings.push(
                Finding::error(
                    "gif_not_alone",
                    Field::Media,
                    "A GIF stands alone in a post on X. Please remove the other files.",
                )
                .in_part(index),
            );
        }
    }
    findings
}

/// Sends one request as the account. The answer may be a refusal.
async fn call(
    net: &Net,
    account: &Account,
    method: Method,
    path: &str,
    build: impl FnOnce(RequestBuilder) -> RequestBuilder + Send,
) -> Result<Answer, NetworkError> {
    let endpoint = if path.starts_with("/2/media/") {
        Endpoint::Upload
    } else {
        Endpoint::Api
    };
    let token = auth::token(account)?;
    let failed = |error| NetworkError::transport(NAME, &error);
    let url = net.endpoint(Platform::X, endpoint, path).map_err(failed)?;
    let request = net
        .request(method, url)
        .map_err(failed)?
        .bearer_auth(token.expose_secret());
    net.send(build(request)).await.map_err(failed)
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
    query: &[(&str, &str)],
) -> Result<T, NetworkError> {
    let answer = call(net, account, Method::GET, path, |request| {
        request.query(query)
    })
    .await?;
    read(net, &answer)
}
