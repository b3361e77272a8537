//! A signed-in person, for what no test of a connector touches. The rest is tested with the
//! connectors, in `networks`, and by Meta's own clients, in `tests/judges`.

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode},
};
use kernel::Env;
use serde_json::Value;
use tower::ServiceExt;

use crate::{Config, router};

/// Mara on one of the networks.
pub(crate) struct World {
    sandbox: Router,
    network: &'static str,
    /// Her own token.
    pub(crate) token: String,
}

impl World {
    /// She gave the app these permissions, and all of her Pages.
    pub(crate) async fn new(network: &'static str, scope: &str) -> Self {
        let sandbox = router(Config::new(Env::system()));
        let mut world = Self {
            sandbox,
            network,
            token: String::new(),
        };
        let app = "client_id=sandbox-app&redirect_uri=https%3A%2F%2Fallin.example%2Fback";
        let page = format!("/dialog/oauth?{app}&response_type=code&scope={scope}");
        let answer = world
            .send("POST", &page, "decision=approve&account=mara")
            .await;
        let location = url::Url::parse(answer.headers()["location"].to_str().unwrap()).unwrap();
        let (_, code) = location
            .query_pairs()
            .find(|(name, _)| name == "code")
            .unwrap();
        let redeem = format!("/oauth/access_token?{app}&client_secret=sandbox-secret&code={code}");
        let (_, issued) = world.call("GET", &redeem, "").await;
        world.token = issued["access_token"].as_str().unwrap().to_owned();
        world
    }

    async fn send(&self, method: &str, path: &str, form: &str) -> axum::response::Response {
        let mut request = Request::builder()
            .method(method)
            .uri(format!("/{}/v26.0{path}", self.network))
            .header("host", "sandbox.test")
            .header("content-type", "application/x-www-form-urlencoded");
        if !self.token.is_empty() {
            request = request.header("authorization", format!("Bearer {}", self.token));
        }
        let request = request.body(Body::from(form.to_owned())).unwrap();
        self.sandbox.clone().oneshot(request).await.unwrap()
    }

    /// Asks Graph: the status and the JSON.
    pub(crate) async fn call(&self, method: &str, path: &str, form: &str) -> (StatusCode, Value) {
        let (head, body) = self.send(method, path, form).await.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        let json = serde_json::from_slice(&body).unwrap_or(Value::Null);
        (head.status, json)
    }

    /// Asks for what Graph refuses: code and subcode, 0 where there is none.
    pub(crate) async fn refused(&self, method: &str, path: &str, form: &str) -> (i64, i64) {
        let (status, body) = self.call(method, path, form).await;
        assert!(status.is_client_error(), "{path}: {status} {body}");
        let error = &body["error"];
        assert!(error["fbtrace_id"].is_string() && error["message"].is_string());
        let number = |name: &str| error[name].as_i64().unwrap_or(0);
        (number("code"), number("error_subcode"))
    }

    /// Her first Page.
    pub(crate) async fn page(&self) -> Value {
        let fields = "id,access_token,instagram_business_account";
        let path = format!("/me/accounts?fields={fields}");
        self.call("GET", &path, "").await.1["data"][0].clone()
    }

    /// The same, by a Page's own token.
    pub(crate) fn acting_as(&self, page: &Value) -> Self {
        Self {
            sandbox: self.sandbox.clone(),
            network: self.network,
            token: page["access_token"].as_str().unwrap().to_owned(),
        }
    }
}
