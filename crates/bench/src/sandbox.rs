//! The simulated networks (`allin sandbox`), as a process of their own: a server that is killed
//! leaves them alone, and their memory is not the server's.

use std::{
    net::TcpListener,
    path::Path,
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context as _, ensure};
use reqwest::{Method, redirect::Policy};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::process::{Child, Command};

use crate::client::Client;

const PATIENCE: Duration = Duration::from_secs(30);
/// The app that every simulated network knows.
const APP: (&str, &str) = ("sandbox-app", "sandbox-secret");

/// The running networks. Dropped, they are killed.
#[derive(Debug)]
pub(crate) struct Sandbox {
    url: String,
    http: reqwest::Client,
    _process: Child,
}

/// A request that a network received.
#[derive(Debug, Deserialize)]
pub(crate) struct Request {
    /// Bytes of its body that have arrived so far.
    pub(crate) bytes: u64,
}

/// What stands published.
#[derive(Debug, Deserialize)]
pub(crate) struct Post {
    #[serde(default)]
    pub(crate) text: String,
    /// Its files.
    pub(crate) media: Vec<File>,
    #[serde(flatten)]
    rest: Value,
}

/// A published file.
#[derive(Debug, Deserialize)]
pub(crate) struct File {
    pub(crate) bytes: u64,
    /// In hexadecimal.
    pub(crate) sha256: String,
}

impl Sandbox {
    /// Starts the networks; what they receive lies in `folder`.
    pub(crate) async fn start(binary: &Path, folder: &Path) -> anyhow::Result<Self> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let process = Command::new(binary)
            .args(["sandbox", "--listen", &address.to_string()])
            .current_dir(folder)
            .env_clear()
            .env("TMPDIR", folder)
            .env("ALLIN__LOG__FILTER", "off")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .kill_on_drop(true)
            .spawn()?;
        let sandbox = Self {
            url: format!("http://{address}"),
            http: reqwest::Client::builder()
                .redirect(Policy::none())
                .build()?,
            _process: process,
        };
        let started = Instant::now();
        while sandbox.get::<Value>("clock").await.is_err() {
            ensure!(started.elapsed() < PATIENCE, "the sandbox does not answer");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(sandbox)
    }

    async fn get<T: for<'a> Deserialize<'a>>(&self, path: &str) -> anyhow::Result<T> {
        let answer = self.http.get(format!("{}/sandbox/{path}", self.url));
        Ok(answer.send().await?.json().await?)
    }

    /// The names of the networks.
    pub(crate) async fn networks(&self) -> anyhow::Result<Vec<String>> {
        #[derive(Deserialize)]
        struct Networks {
            networks: Vec<Network>,
        }
        #[derive(Deserialize)]
        struct Network {
            id: String,
        }
        let Networks { networks } = self.get("networks").await?;
        Ok(networks.into_iter().map(|network| network.id).collect())
    }

    /// The settings of a server that puts these networks in place of the real ones.
    pub(crate) async fn settings(&self) -> anyhow::Result<Vec<(String, String)>> {
        let mut settings = Vec::new();
        for network in self.networks().await? {
            if network == "mastodon" {
                // It needs no developer app: a person names the server.
                continue;
            }
            let address = format!("{}/{network}", self.url);
            for (key, value) in [
                ("API_URL", address.as_str()),
                ("AUTH_URL", &address),
                ("UPLOAD_URL", &address),
                ("SITE_URL", &address),
                ("CLIENT_ID", APP.0),
                ("CLIENT_SECRET", APP.1),
            ] {
                let name = format!("ALLIN__NETWORKS__{}__{key}", network.to_uppercase());
                settings.push((name, value.to_owned()));
            }
        }
        Ok(settings)
    }

    /// What a network has received since [`Self::forget_requests`].
    pub(crate) async fn requests(&self, network: &str) -> anyhow::Result<Vec<Request>> {
        self.get(&format!("requests?network={network}")).await
    }

    pub(crate) async fn forget_requests(&self) -> anyhow::Result<()> {
        let all = format!("{}/sandbox/requests", self.url);
        self.http.delete(all).send().await?.error_for_status()?;
        Ok(())
    }

    /// The posts of a network whose text or title holds `mark`.
    pub(crate) async fn posts(&self, network: &str, mark: &str) -> anyhow::Result<Vec<Post>> {
        #[derive(Deserialize)]
        struct Posts {
            posts: Vec<Post>,
        }
        let Posts { mut posts } = self.get(&format!("posts?network={network}")).await?;
        posts.retain(|post| post.text.contains(mark) || post.rest.to_string().contains(mark));
        Ok(posts)
    }

    /// Connects `person`'s account of a network, and answers it.
    pub(crate) async fn connect(
        &self,
        client: &Client,
        token: &str,
        network: &str,
        person: &str,
    ) -> anyhow::Result<Value> {
        let mut asked = json!({ "platform": network });
        if network == "mastodon" {
            asked["instanceUrl"] = json!(self.url);
        }
        let begun = client
            .call(Method::POST, "/social-accounts", token, Some(&asked))
            .await?;
        let consent = begun["authUrl"].as_str().context("no consent page")?;
        let yes = [("decision", "approve"), ("account", person)];
        let pressed = self.http.post(consent).form(&yes).send().await?;
        let callback = location(&pressed)?;
        let landed = self.http.get(callback).bearer_auth(token).send().await?;
        let page = location(&landed)?;
        if let Some((_, id)) = page.split_once("connected=") {
            let path = format!("/social-accounts/{id}");
            return client.call(Method::GET, &path, token, None).await;
        }
        let (_, offer) = page
            .split_once("/accounts/choose/")
            .with_context(|| format!("{network}: no account was connected: {page}"))?;
        let path = format!("/social-accounts/pending/{offer}");
        let offered = client.call(Method::GET, &path, token, None).await?;
        let keys = json!({ "keys": [offered["choices"][0]["key"]] });
        let connected = client.call(Method::POST, &path, token, Some(&keys)).await?;
        Ok(connected["data"][0].clone())
    }
}

fn location(answer: &reqwest::Response) -> anyhow::Result<String> {
    let header = answer.headers().get("location");
    let location = header.and_then(|value| value.to_str().ok());
    Ok(location
        .with_context(|| format!("{} leads nowhere", answer.url().path()))?
        .to_owned())
}
