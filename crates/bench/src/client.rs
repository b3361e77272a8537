//! What people do with the server, over HTTP.

use std::path::Path;

use anyhow::{Context as _, bail, ensure};
use reqwest::{
    Method,
    multipart::{Form, Part},
    redirect::Policy,
};
use serde_json::{Value, json};
use tokio::fs::File;
use url::Url;

/// What every owner logs in with.
pub(crate) const OWNER_PASSWORD: &str = "Correct-Horse-9";

/// What the owner of an organisation logs in as.
pub(crate) fn owner_email(number: usize) -> String {
    format!("owner{number}@bench.example")
}

/// A client of one server. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    http: reqwest::Client,
    base: String,
}

/// An organisation's member and his one account.
#[derive(Clone, Debug)]
pub(crate) struct Tenant {
    pub(crate) token: String,
    pub(crate) account: String,
}

/// When a post is to be published.
#[derive(Clone, Copy, Debug)]
pub(crate) enum When {
    Never,
    Now,
    At(kernel::Timestamp),
}

impl Client {
    pub(crate) fn new(server: &str) -> anyhow::Result<Self> {
        Ok(Self {
            http: reqwest::Client::builder()
                .redirect(Policy::none())
                .build()?,
            base: format!("{server}/api/v1"),
        })
    }

    /// Calls an endpoint that answers JSON.
    pub(crate) async fn call(
        &self,
        method: Method,
        path: &str,
        token: &str,
        body: Option<&Value>,
    ) -> anyhow::Result<Value> {
        let mut request = self.http.request(method, format!("{}{path}", self.base));
        if !token.is_empty() {
            request = request.bearer_auth(token);
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request.send().await.with_context(|| path.to_owned())?;
        let status = response.status();
        let bytes = response.bytes().await?;
        if !status.is_success() {
            bail!(
                "{path} answered {status}: {}",
                String::from_utf8_lossy(&bytes)
            );
        }
        Ok(serde_json::from_slice(&bytes)?)
    }

    /// Founds an organisation and answers its owner's token.
    pub(crate) async fn register(&self, number: usize) -> anyhow::Result<String> {
        let body = json!({
            "email": owner_email(number),
            "password": OWNER_PASSWORD,
            "name": format!("Owner {number}"),
            "tenantName": format!("Organisation {number}"),
        });
        let answer = self
            .call(Method::POST, "/auth/register", "", Some(&body))
            .await?;
        text(&answer, "accessToken")
    }

    /// A new token, since the first one lasts only minutes.
    pub(crate) async fn log_in(&self, number: usize) -> anyhow::Result<String> {
        let body = json!({
            "email": owner_email(number),
            "password": OWNER_PASSWORD,
        });
        let answer = self
            .call(Method::POST, "/auth/login", "", Some(&body))
            .await?;
        text(&answer, "accessToken")
    }

    /// Connects an account of the Mastodon instance, and answers its id.
    pub(crate) async fn connect(&self, token: &str, instance: &str) -> anyhow::Result<String> {
        let body = json!({ "platform": "mastodon", "instanceUrl": instance });
        let answer = self
            .call(Method::POST, "/social-accounts", token, Some(&body))
            .await?;
        let consent = Url::parse(&text(&answer, "authUrl")?)?;
        let state = consent.query_pairs().find(|(name, _)| name == "state");
        let (_, state) = state.context("the consent page's address has no state")?;
        // The person says yes, and the network sends his browser back.
        let response = self
            .http
            .get(format!("{}/oauth/callback", self.base))
            .query(&[("state", state.as_ref()), ("code", "yes")])
            .bearer_auth(token)
            .send()
            .await?;
        let location = response
            .headers()
            .get("location")
            .and_then(|value| value.to_str().ok());
        let page = location.context("the callback leads nowhere")?;
        let account = page.split_once("connected=").map(|(_, id)| id.to_owned());
        account.with_context(|| format!("no account was connected: {page}"))
    }

    /// Uploads a file to the media library, and answers its id.
    pub(crate) async fn upload(&self, token: &str, path: &Path) -> anyhow::Result<String> {
        let file = File::open(path).await?;
        let bytes = file.metadata().await?.len();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let part = Part::stream_with_length(file, bytes).file_name(name.into_owned());
        let answer = self
            .http
            .post(format!("{}/content", self.base))
            .bearer_auth(token)
            .multipart(Form::new().part("file", part))
            .send()
            .await?;
        let status = answer.status();
        let answer: Value = answer.json().await?;
        ensure!(status.is_success(), "the upload was refused: {answer}");
        text(&answer, "id")
    }

    /// Writes a post for the organisation's account, and answers its id.
    pub(crate) async fn post(
        &self,
        tenant: &Tenant,
        text_: &str,
        when: When,
    ) -> anyhow::Result<String> {
        let mut body = json!({
            "parts": [{ "text": text_, "media": [] }],
            "targets": [{ "socialAccountId": tenant.account }],
        });
        match when {
            When::Never => {}
            When::Now => body["publishNow"] = json!(true),
            When::At(at) => body["scheduledAt"] = json!(at),
        }
        let answer = self
            .call(Method::POST, "/posts", &tenant.token, Some(&body))
            .await?;
        text(&answer, "id")
    }
}

/// A field that is a string.
pub(crate) fn text(answer: &Value, name: &str) -> anyhow::Result<String> {
    let value = answer[name]
        .as_str()
        .with_context(|| format!("no {name} in {answer}"))?;
    Ok(value.to_owned())
}
