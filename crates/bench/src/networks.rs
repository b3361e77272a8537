//! Each network: how many requests a post takes, and how long.
//!
//! The time is from the request of the person to the state *published*. Simulated networks take
//! some seconds over a video, as real ones take longer.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail, ensure};
use futures::future::try_join_all;
use reqwest::Method;
use serde_json::{Value, json};

use crate::{
    client::{Client, text},
    film,
    installation::folder,
    report::{Report, millis},
    sandbox::Sandbox,
    server::Server,
    stats::Times,
};

/// Posts of which the median counts, unless they take longer than [`ENOUGH`] together. One before
/// them is not measured.
const POSTS: usize = 5;
const ENOUGH: Duration = Duration::from_secs(5);
/// How long a post may take.
const PATIENCE: Duration = Duration::from_mins(10);
/// How often is looked whether a post is published.
const LOOK: Duration = Duration::from_millis(5);

/// Somebody with an account on a network.
pub(crate) struct Author {
    pub(crate) client: Client,
    pub(crate) token: String,
    pub(crate) network: String,
    account: Value,
    formats: Vec<Value>,
}

/// Files of the library.
struct Files {
    picture: String,
    wide: String,
    tall: String,
}

/// Measures every network that is `wanted`.
pub(crate) async fn measure(
    binary: &Path,
    wanted: impl Fn(&str) -> bool,
    report: &mut Report,
) -> anyhow::Result<()> {
    report.group("A post on each network, simulated");
    let (data, films) = (folder()?, folder()?);
    let sandbox = Sandbox::start(binary, films.path()).await?;
    let settings = sandbox.settings().await?;
    let server = Server::start_with(binary, data.path(), "", None, &settings).await?;
    let client = Client::new(&server.url)?;
    let token = client.register(0).await?;
    let upload = async |path| client.upload(&token, path).await;
    let files = Files {
        picture: upload(&film::picture(films.path()).await?).await?,
        wide: upload(&film::short(films.path(), "1280x720").await?).await?,
        tall: upload(&film::short(films.path(), "720x1280").await?).await?,
    };
    let mut authors = Vec::new();
    for network in sandbox.networks().await?.iter().filter(|name| wanted(name)) {
        authors.push(Author::connect(&sandbox, &client, &token, network).await?);
    }
    let cases: Vec<Case<'_>> = authors
        .iter()
        .flat_map(|author| cases(author, &files))
        .collect();
    let (videos, others): (Vec<_>, Vec<_>) = cases.iter().partition(|case| case.what == "video");
    let mut figures = Vec::new();
    for case in others {
        figures.push((case, case.measure(&sandbox, &files).await?));
    }
    // Most of their time the network is at work, so they are not in each other's way.
    let videos = videos.into_iter().map(async |case| {
        let figure = case.measure(&sandbox, &files).await?;
        anyhow::Ok((case, figure))
    });
    figures.extend(try_join_all(videos).await?);
    figures.sort_by_key(|(case, _)| case.author.network.clone());
    for (case, figure) in figures {
        let name = text(case.format, "name")?;
        report.note(
            format!("{}: {name}, {}", case.author.network, case.what),
            figure,
        );
    }
    server.stop().await
}

/// A sort of posts that is measured.
struct Case<'a> {
    author: &'a Author,
    format: &'a Value,
    what: &'static str,
    file: Option<&'a str>,
}

/// The format that holds where nothing else is said, and the first ones that take a picture and a
/// video.
fn cases<'a>(author: &'a Author, files: &'a Files) -> Vec<Case<'a>> {
    let case = |format, what, file| Case {
        author,
        format,
        what,
        file,
    };
    let mut cases = Vec::new();
    let first = author.formats.first();
    let bare = first.filter(|format| format["media"]["min"] == 0);
    cases.extend(bare.map(|format| case(format, "text", None)));
    let takes = |kind: &'static str| {
        author.formats.iter().find(move |format| {
            format["media"][kind].is_object() && format["media"]["min"].as_u64() <= Some(1)
        })
    };
    let picture = Some(files.picture.as_str());
    cases.extend(takes("images").map(|format| case(format, "picture", picture)));
    cases.extend(takes("videos").map(|format| {
        let widest = format["media"]["videos"]["aspect"]["max"].as_f64();
        let upright = widest.is_some_and(|widest| widest < 1.0) || format["id"] == "reel";
        let file = if upright { &files.tall } else { &files.wide };
        case(format, "video", Some(file.as_str()))
    }));
    cases
}

impl Case<'_> {
    /// Publishes some posts, and answers requests and time of each.
    async fn measure(&self, sandbox: &Sandbox, files: &Files) -> anyhow::Result<String> {
        let network = &self.author.network;
        let options = self.author.options(self.format, &files.picture).await?;
        let publish = async |number: usize| {
            let mark = format!("Bench {network} {} {number}", self.what);
            let post = self.author.publish(self.format, self.file, &options, &mark);
            self.author.until_published(&post.await?).await
        };
        publish(0).await?;
        let before = sandbox.requests(network).await?.len();
        let began = Instant::now();
        let mut times = Vec::new();
        while times.is_empty() || (times.len() < POSTS && began.elapsed() < ENOUGH) {
            let began = Instant::now();
            publish(times.len() + 1).await?;
            times.push(began.elapsed());
        }
        let requests = sandbox.requests(network).await?.len() - before;
        let requests = requests.div_ceil(times.len());
        let median = millis(Times::new(times)?.median());
        Ok(format!("{requests:>2} requests  {median:>11}"))
    }
}

impl Author {
    /// Connects an account of the network.
    pub(crate) async fn connect(
        sandbox: &Sandbox,
        client: &Client,
        token: &str,
        network: &str,
    ) -> anyhow::Result<Self> {
        let account = sandbox.connect(client, token, network, "mara").await?;
        let networks = client.call(Method::GET, "/networks", token, None).await?;
        let mut all = networks["data"].as_array().into_iter().flatten();
        let described = all.find(|one| one["platform"] == network);
        let formats = match &account["formats"] {
            Value::Null => described.context("no such network")?["formats"].clone(),
            own => own.clone(),
        };
        Ok(Self {
            client: client.clone(),
            token: token.to_owned(),
            network: network.to_owned(),
            account,
            formats: serde_json::from_value(formats)?,
        })
    }

    /// The same person, logged in at another server of the installation.
    pub(crate) async fn at(&self, server: &Server) -> anyhow::Result<Self> {
        let client = Client::new(&server.url)?;
        Ok(Self {
            token: client.log_in(0).await?,
            client,
            network: self.network.clone(),
            account: self.account.clone(),
            formats: self.formats.clone(),
        })
    }

    /// The format of that name.
    pub(crate) fn format(&self, id: &str) -> anyhow::Result<&Value> {
        let format = self.formats.iter().find(|format| format["id"] == id);
        format.with_context(|| format!("{} has no format {id}", self.network))
    }

    /// What the format's required options are set to.
    pub(crate) async fn options(&self, format: &Value, picture: &str) -> anyhow::Result<Value> {
        let mut options = json!({});
        for option in format["options"].as_array().into_iter().flatten() {
            if option["required"] != true {
                continue;
            }
            let (key, kind) = (text(option, "key")?, &option["kind"]);
            options[&key] = match text(kind, "kind")?.as_str() {
                "text" => json!("Bench"),
                "choice" => kind["choices"][0]["value"].clone(),
                "lookup" => {
                    let path = format!(
                        "/social-accounts/{}/choices/{key}",
                        text(&self.account, "id")?
                    );
                    let choices = self
                        .client
                        .call(Method::GET, &path, &self.token, None)
                        .await?;
                    choices["data"][0]["value"].clone()
                }
                "image" => json!(picture),
                other => bail!("{}: nothing to fill {key}, a {other}, with", self.network),
            };
        }
        Ok(options)
    }

    /// Writes a post that is to be published now, and answers its id.
    pub(crate) async fn publish(
        &self,
        format: &Value,
        file: Option<&str>,
        options: &Value,
        mark: &str,
    ) -> anyhow::Result<String> {
        let media: Vec<_> = file
            .iter()
            .map(|file| json!({ "contentId": file }))
            .collect();
        let body = json!({
            "parts": [{ "text": mark, "media": media }],
            "targets": [{
                "socialAccountId": self.account["id"],
                "settings": { "format": format["id"], "options": options },
            }],
            "publishNow": true,
        });
        let post = self
            .client
            .call(Method::POST, "/posts", &self.token, Some(&body))
            .await?;
        text(&post, "id")
    }

    async fn until_published(&self, post: &str) -> anyhow::Result<()> {
        let began = Instant::now();
        while !self.is_published(post).await? {
            ensure!(began.elapsed() < PATIENCE, "{} took too long", self.network);
            tokio::time::sleep(LOOK).await;
        }
        Ok(())
    }

    /// Whether a post is published. Fails if it never will be.
    pub(crate) async fn is_published(&self, post: &str) -> anyhow::Result<bool> {
        let path = format!("/posts/{post}");
        let post = self
            .client
            .call(Method::GET, &path, &self.token, None)
            .await?;
        match text(&post, "status")?.as_str() {
            "published" => Ok(true),
            "publishing" | "scheduled" => Ok(false),
            other => bail!("{}: the post is {other}: {}", self.network, post["targets"]),
        }
    }
}
