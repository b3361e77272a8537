//! The running server: its roles, its start and its shutdown.

use std::{fs::File, net::SocketAddr, time::Duration};

use anyhow::{Context as _, bail};
use kernel::Env;
use tokio::{
    net::TcpListener,
    signal::unix::{Signal, SignalKind, signal},
    task::JoinHandle,
};
use tokio_util::sync::CancellationToken;

use crate::{
    app::{self, App},
    cli::{Role, say},
    config::Config,
};

/// How long open requests may take to finish once the server is told to stop.
const DRAIN: Duration = Duration::from_secs(10);
/// How often what is long over is forgotten.
const PRUNE: Duration = Duration::from_hours(1);

/// Serves until the process is told to stop (SIGTERM, Ctrl-C).
pub(crate) async fn run(config: &Config, env: Env, roles: &[Role]) -> anyhow::Result<()> {
    let is = |role| roles.is_empty() || roles.contains(&role);
    // From the first moment: a stop while starting must be as orderly as any other.
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let _held = hold(config)?;
    // The socket first: a second server on the same port must not touch the databases.
    let listener = TcpListener::bind(config.server.listen)
        .await
        .with_context(|| {
            format!(
                "{} can't be listened on; is another server running there? (server.listen)",
                config.server.listen
            )
        })?;
    let app = App::open(config, env, is(Role::Worker)).await?;
    let stop = CancellationToken::new();
    let worker = app
        .parts
        .worker
        .clone()
        .map(|worker| tokio::spawn(worker.run(stop.clone())));
    let upkeep = tokio::spawn(upkeep(app.clone()));
    let address = listener.local_addr()?;
    announce(config, &app, address)?;
    let router = if is(Role::Api) {
        gateway::router(app.parts.clone())
    } else {
        gateway::health_router(app.parts.clone())
    };
    let server = {
        let stop = stop.clone();
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move {
            axum::serve(listener, service)
                .with_graceful_shutdown(async move { stop.cancelled().await })
                .await
        })
    };

    let mut worker = worker;
    tokio::select! {
        () = told_to_stop(&mut terminate, &mut interrupt) => {}
        // A server whose worker died would look well and publish nothing.
        ended = ended(&mut worker) => return Err(ended).context("the worker stopped by itself"),
    }
    tracing::info!("stopping: finishing what is under way");
    stop.cancel();
    upkeep.abort();
    // Live updates would keep their connections open for minutes; they come back by themselves.
    if tokio::time::timeout(DRAIN, server).await.is_err() {
        tracing::debug!("some connections were cut");
    }
    if let Some(worker) = worker {
        worker.await.context("the worker ended badly")?;
    }
    app.parts.db.close().await;
    tracing::info!("stopped");
    Ok(())
}

/// An embedded installation belongs to one process: a second one would publish from the same
/// files, and find its leases dead. The lock goes with the process, however it ends.
pub(crate) fn hold(config: &Config) -> anyhow::Result<Option<File>> {
    if !config.database.url.is_empty() {
        return Ok(None);
    }
    let dir = &config.data.dir;
    app::make_data_folder(dir)?;
    let path = dir.join("lock");
    let file =
        File::create(&path).with_context(|| format!("{} can't be written", path.display()))?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(std::fs::TryLockError::WouldBlock) => bail!(
            "another AllIN server uses the data folder {}. Stop it, or use PostgreSQL to run \
             several (database.url)",
            dir.display()
        ),
        Err(std::fs::TryLockError::Error(error)) => {
            Err(error).with_context(|| format!("{} can't be locked", path.display()))
        }
    }
}

async fn upkeep(app: App) {
    // Tenants migrate at their first use; doing it now means that nobody waits for it.
    match app.parts.identity.tenants().await {
        Ok(tenants) => {
            for tenant in tenants {
                if let Err(error) = app.parts.db.migrate_tenant(tenant).await {
                    tracing::error!(%tenant, %error, "a tenant could not be migrated");
                }
            }
        }
        Err(problem) => tracing::error!(%problem, "the tenants could not be listed"),
    }
    let mut prune = tokio::time::interval(PRUNE);
    loop {
        prune.tick().await;
        if let Err(problem) = app.parts.identity.prune().await {
            tracing::warn!(%problem, "old sessions could not be forgotten");
        }
        if let Err(problem) = sweep(&app).await {
            tracing::warn!(%problem, "unused files could not be removed");
        }
    }
}

/// Removes files of the media library that nobody needs.
async fn sweep(app: &App) -> Result<(), kernel::Problem> {
    let content = &app.parts.content;
    content.sweep_incoming().await?;
    for tenant in app.parts.identity.tenants().await? {
        let swept = content.sweep(tenant).await?;
        if swept != content::Swept::default() {
            tracing::info!(%tenant, ?swept, "removed files that nobody needs");
        }
    }
    Ok(())
}

/// The worker's end, which must not come before it is told to; never, without a worker.
async fn ended(worker: &mut Option<JoinHandle<()>>) -> anyhow::Error {
    match worker {
        Some(worker) => match worker.await {
            Ok(()) => anyhow::anyhow!("it ended"),
            Err(panic) => panic.into(),
        },
        None => std::future::pending().await,
    }
}

async fn told_to_stop(terminate: &mut Signal, interrupt: &mut Signal) {
    tokio::select! {
        _ = terminate.recv() => {}
        _ = interrupt.recv() => {}
    }
}

fn announce(config: &Config, app: &App, address: SocketAddr) -> anyhow::Result<()> {
    let url = config.public_url()?;
    tracing::info!(%address, %url, database = app.parts.db.engine_name(), "serving");
    say(&format!(
        "\n  AllIN is running at {url}\n\n  Open it in a browser, sign up, connect an account and \
         write your first post.\n  API: {url}api/docs   Health: {url}health/ready   Stop: Ctrl-C\n"
    ))
}
