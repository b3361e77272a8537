//! Pinterest, API v5.
//!
//! Written from Pinterest's OpenAPI 5.23.0 and the guides at developers.pinterest.com/docs, state
//! of November 2026. A Pin is public with the one request that creates it; videos are uploaded
//! and processed before. There is no way to read or write comments.

mod auth;
mod boards;
mod error;
mod find;
mod insights;
mod publish;
#[cfg(test)]
mod tests;

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
        Account, AppRegistration, Callback, ConnectRequest, ConnectStep, Connection, Connector,
        Credentials, DoneStep, Found, Insights, LivePost, Profile, PublishRequest, Published, Step,
        StepAnswer, StepWork,
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
const NAME: &str = "Pinterest";
/// Characters of a Pin's `alt_text`, which describes all of its pictures together.
const MAX_ALT: usize = 500;
/// Pictures are sent inside the JSON of the request. Pinterest shows none wider than 1,200
/// pixels, so nothing is lost by sending them small.
const IMAGE_BYTES: u64 = 4 << 20;
/// Five of these fit into one request.
const CAROUSEL_IMAGE_BYTES: u64 = 1 << 20;
/// Pixels of the longer side.
const MAX_SIDE: u32 = 3_000;

static DESCRIPTOR: LazyLock<Descriptor> = LazyLock::new(|| Descriptor {
    platform: Platform::Pinterest,
    name: NAME,
    brand: Brand {
        colour: "#bd081c",
        glyph: "M9 3h6v2l-1 1v4.500l3 3V15h-4v5l-1 2-1-2v-5H7v-1.500l3-3V6L9 5V3Z",
    },
    api: ApiVersion {
        version: "v5 (5.23.0)",
        documentation: "https://developers.pinterest.com/docs/api/v5/",
        checked: "2026-11-21",
    },
    endpoints: Endpoints {
        api: "https://api.pinterest.com",
        auth: "https://www.pinterest.com",
        upload: "",
        site: "",
    },
    connect: Connect {
        kind: ConnectKind::Oauth,
        app: AppSource::Operator,
        console_url: Some("https://developers.pinterest.com/apps/"),
        fields: Vec::new(),
        permissions: auth::PERMISSIONS.to_vec(),
    },
    formats: vec![
        Format {
            id: "pin",
            name: "Image Pin",
            media: MediaRules {
                min: 1,
                max: 1,
                images: Some(images(IMAGE_BYTES)),
                max_alt_characters: Some(MAX_ALT),
                ..MediaRules::default()
            },
            ..pin(Vec::new())
        },
        Format {
            id: "video",
            name: "Video Pin",
            media: MediaRules {
                min: 1,
                max: 1,
                max_videos: 1,
                videos: Some(videos()),
                max_alt_characters: Some(MAX_ALT),
                ..MediaRules::default()
            },
            ..pin(vec![OptionField::new(
                "cover",
                "Cover",
                "The picture before the video plays. Without it, a frame from its first second.",
                OptionKind::Image {
                    rules: images(IMAGE_BYTES),
                },
            )])
        },
        Format {
            id: "carousel",
            name: "Carousel Pin",
            media: MediaRules {
                min: 2,
                max: 5,
                images: Some(images(CAROUSEL_IMAGE_BYTES)),
                max_alt_characters: Some(MAX_ALT),
                ..MediaRules::default()
            },
            ..pin(vec![
                OptionField::new(
                    "cardTitles",
                    "Titles of the cards",
                    "In the order of the pictures.",
                    OptionKind::List {
                        max_items: 5,
                        max_characters: 100,
                    },
                ),
                OptionField::new(
                    "cardLinks",
                    "Links of the cards",
                    "In the order of the pictures. A card without one leads to the link of the Pin.",
                    OptionKind::List {
                        max_items: 5,
                        max_characters: 2_048,
                    },
                ),
            ])
        },
    ],
    quotas: vec![Quota {
        counts: "Pins, boards and uploads made",
        limit: 100,
        window_seconds: 60,
        per: QuotaScope::Account,
    }],
    features: Features {
        alt_text: true,
        delete: true,
        hashtags: true,
        insights: true,
        ..Features::default()
    },
    errors: error::TABLE,
});

/// A Pin of any kind, with the options that all have and these.
fn pin(more: Vec<OptionField>) -> Format {
    let mut options = vec![
        OptionField::new(
            "board",
            "Board",
            "Where the Pin goes.",
            OptionKind::Lookup { search: false },
        )
        .required(),
        OptionField::new(
            "section",
            "Section",
            "A section of the board. Type the board's name to see its sections.",
            OptionKind::Lookup { search: true },
        ),
        OptionField::new(
            "title",
            "Title",
            "Shown below the Pin; people see the first 40 characters in their feed.",
            OptionKind::Text {
                max_characters: 100,
                multiline: false,
            },
        ),
        OptionField::new(
            "link",
            "Link",
            "The page that the Pin leads to.",
            OptionKind::Link,
        ),
    ];
    options.extend(more);
    Format {
        id: "",
        name: "",
        text: TextRules::up_to(800, Counting::CodePoints),
        media: MediaRules::default(),
        max_parts: 1,
        options,
    }
}

/// The types that Pinterest takes inside a request: schema `ContentType`.
const fn images(max_bytes: u64) -> ImageRules {
    ImageRules {
        types: &["image/jpeg", "image/png"],
        max_bytes,
        max_side: MAX_SIDE,
        min_side: 1,
        aspect: None,
    }
}

/// help.pinterest.com/en/business/article/pinterest-product-specs
const fn videos() -> VideoRules {
    VideoRules {
        types: &["video/mp4", "video/quicktime", "video/x-m4v"],
        video_codecs: &["h264", "hevc"],
        audio_codecs: &["aac"],
        max_bytes: 2_000_000_000,
        min_seconds: 4,
        max_seconds: 15 * 60,
        min_side: 1,
        max_side: 3_840,
        max_frame_rate: 60,
        aspect: Some(Aspect {
            min: 0.5,
            max: 1.91,
        }),
    }
}

/// The connector.
#[derive(Clone, Copy, Debug)]
pub struct Pinterest;

#[async_trait]
impl Connector for Pinterest {
    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn check(&self, format: &Format, draft: &Draft<'_>) -> Vec<Finding> {
        publish::check(format, draft)
    }

    fn server(&self, net: &Net, _: Option<&str>) -> Result<Url, ConnectError> {
        auth::server(net)
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
        boards::choices(net, account, key, search).await
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
}

/// Sends one request to `/v5` as the account. The answer may be a refusal.
async fn call(
    net: &Net,
    account: &Account,
    method: Method,
    path: &str,
    build: impl FnOnce(RequestBuilder) -> RequestBuilder + Send,
) -> Result<Answer, NetworkError> {
    let token = auth::token(account)?;
    let failed = |error| NetworkError::transport(NAME, &error);
    let url = net
        .endpoint(Platform::Pinterest, Endpoint::Api, &format!("/v5{path}"))
        .map_err(failed)?;
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

/// A list in pages: `bookmark` is the next page's.
#[derive(serde::Deserialize)]
struct Page {
    items: Vec<Value>,
    bookmark: Option<String>,
}
