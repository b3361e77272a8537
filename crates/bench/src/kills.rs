//! Random kills: posts fall due while the server is killed (`kill -9`) again and again; in the end
//! each must stand published, and once.

use std::{
    collections::HashMap,
    path::Path,
    time::{Duration, Instant},
};

use kernel::Env;

use crate::{
    client::{Client, Tenant, When, text},
    installation::{Engine, Installation, folder},
    report::{Report, progress},
    sandbox::Sandbox,
};

/// Organisations among which the posts are shared out.
const TENANTS: usize = 40;
/// Posts for each kill.
const POSTS: u32 = 4;
/// A server lives at most as long as this.
const LIFE: Duration = Duration::from_millis(1_500);
/// Kills between two times at which new posts are written.
const ROUND: u32 = 50;
/// A killed replica's lease lasts a minute, and what it had sent is looked for patiently. What is
/// not there by then counts as missing.
const PATIENCE: Duration = Duration::from_mins(10);

/// Kills the server that many times.
pub(crate) async fn measure(
    binary: &Path,
    engine: &Engine,
    kills: u32,
    report: &mut Report,
) -> anyhow::Result<()> {
    let mut installation = Installation::prepare(binary, engine, "", 0).await?;
    report.group(format!("Kills on {}", installation.engine));
    let files = folder()?;
    let sandbox = Sandbox::start(binary, files.path()).await?;
    found(&mut installation, &sandbox).await?;

    let mut texts = Vec::new();
    for done in (0..kills).step_by(ROUND as usize) {
        let round = ROUND.min(kills - done);
        texts.extend(kill(&mut installation, done, round).await?);
        progress(&format!("{} of {kills} kills", done + round));
    }
    let server = installation.start(None).await?;
    let published = wait(&sandbox, texts.len()).await?;
    server.stop().await?;

    let lost = texts.iter().filter(|text| !published.contains_key(*text));
    let lost = lost.count();
    let twice = published.values().filter(|times| **times > 1).count();
    report.judge(
        format!("{} posts through {kills} random kills", texts.len()),
        format!("{lost} missing, {twice} twice"),
        "0",
        lost + twice == 0,
    );
    installation.remove().await
}

/// Founds the organisations and connects their accounts.
async fn found(installation: &mut Installation, sandbox: &Sandbox) -> anyhow::Result<()> {
    let server = installation.start(Some("api")).await?;
    let client = Client::new(&server.url)?;
    for number in 0..TENANTS {
        let token = client.register(number).await?;
        // An account of its own: what was lost is looked for among all that an account published lately.
        let person = format!("person{number}");
        let account = sandbox
            .connect(&client, &token, "mastodon", &person)
            .await?;
        let account = text(&account, "id")?;
        installation.tenants.push(Tenant { token, account });
    }
    server.stop().await
}

/// Writes posts that fall due over the time that the kills take, and kills. Answers their texts.
async fn kill(
    installation: &mut Installation,
    done: u32,
    kills: u32,
) -> anyhow::Result<Vec<String>> {
    let env = Env::system();
    let server = installation.start(None).await?;
    let client = Client::new(&server.url)?;
    installation.log_in(&client).await?;
    let posts = kills * POSTS;
    let (start, lasts) = (env.now() + Duration::from_secs(2), LIFE / 2 * kills);
    let texts: Vec<_> = (0..posts)
        .map(|number| format!("Post {number} of round {done}"))
        .collect();
    let due = (0..posts).map(|number| When::At(start + lasts * number / posts));
    let written = installation.write(&client, texts.iter().cloned().zip(due));
    written.await?;
    server.kill().await?;
    for _ in 1..kills {
        let server = installation.start(None).await?;
        tokio::time::sleep(LIFE.mul_f64(env.fraction())).await;
        server.kill().await?;
    }
    Ok(texts)
}

/// Waits until that many different posts stand published, and answers how often each does.
async fn wait(sandbox: &Sandbox, posts: usize) -> anyhow::Result<HashMap<String, usize>> {
    let began = Instant::now();
    loop {
        let mut published = HashMap::new();
        for post in sandbox.posts("mastodon", "").await? {
            *published.entry(post.text).or_default() += 1;
        }
        if published.len() >= posts || began.elapsed() > PATIENCE {
            return Ok(published);
        }
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}
