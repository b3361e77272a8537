//! Somebody who calls the API.

use axum::http::HeaderMap;
use reqwest::{Method, multipart};
use serde_json::{Value, json};
use url::Url;

const PASSWORD: &str = "Correct-Horse-9";

/// Somebody who calls the API with a bearer token, or anonymously.
#[derive(Clone)]
pub(crate) struct User {
    pub(crate) base: Url,
    pub(crate) email: String,
    pub(crate) token: Option<String>,
    http: reqwest::Client,
}

/// What the server answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Value,
}

impl Answer {
    /// The body of a success.
    #[track_caller]
    pub(crate) fn ok(self) -> Value {
        assert!(
            (200..300).contains(&self.status),
            "{}: {}",
            self.status,
            self.body
        );
        self.body
    }

    /// The code of a failure.
    #[track_caller]
    pub(crate) fn code(&self) -> &str {
        self.body["error"]["code"]
            .as_str()
            .unwrap_or_else(|| panic!("{self:?}"))
    }

    /// The message of a failure.
    #[track_caller]
    pub(crate) fn message(&self) -> &str {
        self.body["error"]["message"]
            .as_str()
            .unwrap_or_else(|| panic!("{self:?}"))
    }
}

impl User {
    /// Nobody in particular.
    pub(crate) fn anonymous(base: &Url) -> Self {
        let http = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        Self {
            base: base.clone(),
            email: String::new(),
            token: None,
            http,
        }
    }

    /// A new person with an organisation of his own.
    pub(crate) async fn register(base: &Url, name: &str) -> Self {
        let mut user = Self::anonymous(base);
        user.email = format!("{name}@example.com");
        let body = json!({
            "email": user.email, "password": PASSWORD, "name": name, "tenantName": format!("{name} Ltd"),
            "timeZone": "Europe/Berlin",
        });
        let answer = user.post("auth/register", body).await.ok();
        user.token = answer["accessToken"].as_str().map(ToOwned::to_owned);
        user
    }

    /// The same person, logged in anew: after the clock was set forward.
    pub(crate) async fn log_in(&mut self) {
        let body = json!({ "email": self.email, "password": PASSWORD });
        let answer = Self::anonymous(&self.base)
            .post("auth/login", body)
            .await
            .ok();
        self.token = answer["accessToken"].as_str().map(ToOwned::to_owned);
    }

    /// Invites somebody and lets him join with `role`.
    pub(crate) async fn invites(&self, name: &str, role: &str) -> Self {
        let email = format!("{name}@example.com");
        let invitation = self
            .post("invitations", json!({ "email": email, "role": role }))
            .await
            .ok();
        let url = Url::parse(invitation["url"].as_str().unwrap()).unwrap();
        let (_, token) = url.query_pairs().find(|(key, _)| key == "token").unwrap();
        let mut user = Self::anonymous(&self.base);
        let body = json!({ "token": token, "name": name, "password": PASSWORD });
        let answer = user.post("invitations/accept", body).await.ok();
        user.token = answer["accessToken"].as_str().map(ToOwned::to_owned);
        user.email = email;
        user
    }

    /// The same person at another server of the installation.
    pub(crate) fn at(&self, base: &Url) -> Self {
        Self {
            base: base.clone(),
            ..self.clone()
        }
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        let url = self.base.join("api/v1/").unwrap().join(path).unwrap();
        let request = self.http.request(method, url);
        match &self.token {
            Some(token) => request.bearer_auth(token),
            None => request,
        }
    }

    /// Sends a request as it was built.
    pub(crate) async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let answer = request.send().await.unwrap();
        let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
        let text = answer.text().await.unwrap();
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        Answer {
            status,
            headers,
            body,
        }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::POST, path).json(&body))
            .await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> Answer {
        self.send(self.request(Method::PATCH, path).json(&body))
            .await
    }

    /// Any method, with or without a body.
    pub(crate) async fn call(&self, method: &str, path: &str, body: Option<Value>) -> Answer {
        let request = self.request(method.parse().unwrap(), path);
        let request = match body {
            Some(body) => request.json(&body),
            None => request,
        };
        self.send(request).await
    }

    /// A POST with headers of its own.
    pub(crate) async fn post_with(
        &self,
        path: &str,
        headers: &[(&str, &str)],
        body: Vec<u8>,
    ) -> Answer {
        let mut request = self.request(Method::POST, path).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request).await
    }

    /// Any address of any server, with this user's token; redirects are not followed.
    pub(crate) async fn browse(&self, url: &str) -> Answer {
        let request = self.http.get(url);
        let request = match &self.token {
            Some(token) if url.starts_with(self.base.as_str()) => request.bearer_auth(token),
            _ => request,
        };
        self.send(request).await
    }

    /// Uploads a file to the media library.
    pub(crate) async fn upload(&self, name: &str, mime: &str, bytes: Vec<u8>) -> Answer {
        let part = multipart::Part::bytes(bytes)
            .file_name(name.to_owned())
            .mime_str(mime)
            .unwrap();
        let form = multipart::Form::new()
            .text("title", name.to_owned())
            .part("file", part);
        self.send(self.request(Method::POST, "content").multipart(form))
            .await
    }
}

/// A small PNG with a pattern.
pub(crate) fn png(width: u32, height: u32) -> Vec<u8> {
    let picture = image::RgbImage::from_fn(width, height, |x, y| {
        image::Rgb([x, y, x * y].map(|value| value.to_le_bytes()[0]))
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture
        .write_to(&mut bytes, image::ImageFormat::Png)
        .unwrap();
    bytes.into_inner()
}
