//! Liveness, readiness and metrics.

use std::{sync::Arc, time::Duration};

use axum::{
    Json, Router,
    extract::State,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use serde::Serialize;
use store::Scope;

use crate::Parts;

/// A worker that was not seen for this long counts as dead.
const WORKER_SILENT: Duration = Duration::from_mins(1);

pub(crate) fn routes(parts: &Arc<Parts>) -> Router {
    Router::new()
        .route("/health/live", get(|| async { "ok" }))
        .route("/health/ready", get(ready))
        .route("/metrics", get(metrics))
        .with_state(Arc::clone(parts))
}

/// Whether one part works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Status {
    Ok,
    Failing,
}

#[derive(Debug, Serialize)]
struct Check {
    name: &'static str,
    status: Status,
    message: String,
}

#[derive(Debug, Serialize)]
struct Readiness {
    status: Status,
    checks: Vec<Check>,
}

/// Says which part is not ready, without its internals: this page needs no log-in.
async fn ready(State(parts): State<Arc<Parts>>) -> Response {
    let checks = vec![
        database(&parts).await,
        migrations(&parts).await,
        worker(&parts).await,
    ];
    let failing = checks.iter().any(|check| check.status == Status::Failing);
    let status = if failing { Status::Failing } else { Status::Ok };
    let code = if failing {
        StatusCode::SERVICE_UNAVAILABLE
    } else {
        StatusCode::OK
    };
    (code, Json(Readiness { status, checks })).into_response()
}

fn check(name: &'static str, result: Result<String, String>) -> Check {
    match result {
        Ok(message) => Check {
            name,
            status: Status::Ok,
            message,
        },
        Err(message) => Check {
            name,
            status: Status::Failing,
            message,
        },
    }
}

async fn database(parts: &Parts) -> Check {
    let answer = tokio::time::timeout(Duration::from_secs(5), parts.db.read(Scope::System)).await;
    let engine = parts.db.engine_name();
    check(
        "database",
        match answer {
            Ok(Ok(_)) => Ok(format!("{engine} answers.")),
            Ok(Err(_)) | Err(_) => Err(format!("{engine} does not answer.")),
        },
    )
}

async fn migrations(parts: &Parts) -> Check {
    check(
        "migrations",
        match parts.db.is_migrated().await {
            Ok(true) => Ok("The database is at this program's version.".to_owned()),
            Ok(false) => Err("The database is at another version. Run `allin migrate`.".to_owned()),
            Err(_) => Err("The database's version can't be read.".to_owned()),
        },
    )
}

/// This process's own worker where it has one; else any worker of the installation.
async fn worker(parts: &Parts) -> Check {
    let seen = match &parts.worker {
        Some(worker) => Some(worker.seen_at()),
        None => parts.publishing.worker_seen_at().await.ok().flatten(),
    };
    let silent = seen.map(|at| parts.env.now().since(at));
    check(
        "worker",
        match silent {
            Some(silent) if silent <= WORKER_SILENT => {
                Ok("A worker publishes what is due.".to_owned())
            }
            Some(silent) => Err(format!(
                "No worker was seen for {} seconds: posts are not published.",
                silent.as_secs()
            )),
            None => Err("No worker has ever started: posts are not published.".to_owned()),
        },
    )
}

async fn metrics(State(parts): State<Arc<Parts>>) -> Response {
    match &parts.metrics {
        Some(metrics) => (
            [(header::CONTENT_TYPE, "text/plain; version=0.0.4")],
            metrics.render(),
        )
            .into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
