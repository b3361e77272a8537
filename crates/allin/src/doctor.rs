//! Checks a set-up and says what to fix.

use std::{process::ExitCode, time::Duration};

use kernel::Env;
use store::Db;
use tokio::net::TcpListener;

use crate::{app, cli::say, config::Config, keys};

/// What a check found.
enum Finding {
    Fine(String),
    /// It works, but somebody should know.
    Warning(String),
    /// It does not work; what to do.
    Broken(String),
}

use Finding::{Broken, Fine, Warning};

/// Runs every check, prints one line each, and exits with 1 if something is broken.
pub(crate) async fn run(config: &Config, env: &Env) -> anyhow::Result<ExitCode> {
    let mut broken = false;
    let database = database(config, env).await;
    for (name, finding) in [
        ("configuration", configuration(config)),
        ("data folder", folder(config)),
        ("disk", disk(config)),
        ("ffmpeg", ffmpeg().await),
        ("clock", clock(env)),
        ("key file", key_file(config, env)),
        ("database", database),
        ("address", address(config).await),
        ("public address", reachable(config).await),
    ] {
        let (mark, text) = match &finding {
            Fine(text) => ("ok  ", text),
            Warning(text) => ("note", text),
            Broken(text) => ("FAIL", text),
        };
        broken |= matches!(finding, Broken(_));
        say(&format!("{mark}  {name:<15} {text}"))?;
    }
    Ok(if broken {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    })
}

fn configuration(config: &Config) -> Finding {
    let Ok(url) = config.public_url() else {
        return Broken("server.public_url is not an address".to_owned());
    };
    if url.scheme() == "http" && !is_local(&url) {
        return Warning(format!(
            "people reach {url} without encryption; put a proxy with TLS in front and set server.public_url to its https:// address"
        ));
    }
    if config.security.allow_private_targets && !is_local(&url) {
        return Warning(
            "security.allow_private_targets lets every user make the server call private addresses; keep it off on a public server".to_owned(),
        );
    }
    Fine(format!("people reach the server at {url}"))
}

fn is_local(url: &url::Url) -> bool {
    matches!(url.host_str(), Some("localhost" | "127.0.0.1" | "[::1]"))
}

fn folder(config: &Config) -> Finding {
    let dir = &config.data.dir;
    let probe = dir.join(".doctor");
    if let Err(error) = app::make_data_folder(dir) {
        return Broken(format!("{error:#} (data.dir)"));
    }
    let result = std::fs::write(&probe, b"ok");
    let _ = std::fs::remove_file(&probe);
    match result {
        Ok(()) => Fine(format!("{} can be written", dir.display())),
        Err(error) => Broken(format!(
            "{} can't be written ({error}); make it, or give it to the user who runs AllIN (data.dir)",
            dir.display()
        )),
    }
}

fn disk(config: &Config) -> Finding {
    const LITTLE: u64 = 1024 * 1024 * 1024;
    let output = std::process::Command::new("df")
        .args(["--output=avail", "-B1"])
        .arg(&config.data.dir)
        .output();
    let free = output.ok().and_then(|output| {
        String::from_utf8_lossy(&output.stdout)
            .lines()
            .nth(1)?
            .trim()
            .parse::<u64>()
            .ok()
    });
    match free {
        Some(free) if free < LITTLE => Warning(format!(
            "only {} MB are free where data.dir is; uploads will soon fail",
            free / 1024 / 1024
        )),
        Some(free) => Fine(format!("{} GB are free", free / 1024 / 1024 / 1024)),
        None => Warning("the free space can't be read".to_owned()),
    }
}

async fn ffmpeg() -> Finding {
    match content::Tools::default().versions().await {
        Ok(version) => Fine(version),
        Err(missing) => Warning(format!(
            "{missing} can't be run: videos and sound are refused until it is installed (Debian: apt-get install ffmpeg)"
        )),
    }
}

/// A clock that is behind this program's own making is wrong.
fn clock(env: &Env) -> Finding {
    const RELEASED: i64 = 1_790_000_000;
    let now = env.now();
    if now.as_seconds() < RELEASED {
        Broken(format!(
            "it is not {now}: set the clock (timedatectl set-ntp true), or posts go out at the wrong time"
        ))
    } else {
        Fine(format!("{now}"))
    }
}

fn key_file(config: &Config, env: &Env) -> Finding {
    let path = config.key_file();
    if !path.exists() {
        return Fine(format!("{} is made at the first start", path.display()));
    }
    match keys::load(config, env) {
        Ok(_) => Fine(format!(
            "{} can be read; keep a copy in a safe place",
            path.display()
        )),
        Err(error) => Broken(format!("{error:#}")),
    }
}

async fn database(config: &Config, env: &Env) -> Finding {
    let opened = tokio::time::timeout(Duration::from_secs(10), Db::open(&config.location())).await;
    let db = match opened {
        Ok(Ok(db)) => db,
        Ok(Err(error)) => {
            return Broken(format!("it can't be reached ({error}); check database.url"));
        }
        Err(_) => {
            return Broken("it does not answer within 10 seconds; check database.url".to_owned());
        }
    };
    let engine = db.engine_name();
    match db.is_migrated().await {
        Ok(true) => {}
        Ok(false) => {
            return Warning(format!(
                "{engine} answers; it is migrated at the next start"
            ));
        }
        Err(_) => return Fine(format!("{engine} answers and is still empty")),
    }
    if let Ok(keyring) = keys::load(config, env)
        && let Err(error) = keys::check_belongs(&db, env, &keyring).await
    {
        return Broken(format!("{error:#}"));
    }
    Fine(format!("{engine} answers and is at this version"))
}

async fn address(config: &Config) -> Finding {
    let listen = config.server.listen;
    match TcpListener::bind(listen).await {
        Ok(_) => Fine(format!("{listen} is free to listen on")),
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => Warning(format!(
            "something listens on {listen} already; fine if it is AllIN, else change server.listen"
        )),
        Err(error) => Broken(format!(
            "{listen} can't be listened on ({error}); change server.listen"
        )),
    }
}

async fn reachable(config: &Config) -> Finding {
    let Ok(url) = config.public_url() else {
        return Broken("it is not set".to_owned());
    };
    let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
        return Broken(format!("{url} names no host"));
    };
    let connect = tokio::net::TcpStream::connect((host.trim_matches(['[', ']']), port));
    match tokio::time::timeout(Duration::from_secs(5), connect).await {
        Ok(Ok(_)) => Fine(format!("{url} answers")),
        _ => Warning(format!(
            "{url} does not answer from here; fine while the server is stopped"
        )),
    }
}
