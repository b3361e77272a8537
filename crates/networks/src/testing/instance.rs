//! A running sandbox.

use serde_json::{Value, json};
use tokio::{net::TcpListener, task::JoinHandle};
use url::Url;

/// A running instance of the sandbox, which stops when it goes out of scope.
pub(crate) struct Instance {
    pub(crate) url: Url,
    task: JoinHandle<()>,
}

impl Instance {
    pub(crate) async fn start(config: sandbox::Config) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap())
            .parse()
            .unwrap();
        let task = tokio::spawn(async move { sandbox::serve(listener, config).await.unwrap() });
        Self { url, task }
    }

    /// Queues faults, as `POST /sandbox/faults` takes them.
    pub(crate) async fn faults(&self, next: Value) {
        let url = self.url.join("sandbox/faults").unwrap();
        let answer = reqwest::Client::new()
            .post(url)
            .json(&json!({ "next": next }))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 204);
    }

    /// Forgets the faults that have met nothing.
    pub(crate) async fn clear_faults(&self) {
        let url = self.url.join("sandbox/faults").unwrap();
        let answer = reqwest::Client::new().delete(url).send().await.unwrap();
        assert_eq!(answer.status(), 204);
    }

    /// Everything that stands published, oldest first.
    pub(crate) async fn statuses(&self) -> Vec<Value> {
        let url = self.url.join("sandbox/statuses").unwrap();
        let all: Value = reqwest::get(url).await.unwrap().json().await.unwrap();
        all["statuses"].as_array().unwrap().clone()
    }
}

impl Drop for Instance {
    fn drop(&mut self) {
        self.task.abort();
    }
}
