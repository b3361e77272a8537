//! The commands.

use std::{io::Write as _, net::SocketAddr, path::PathBuf, process::ExitCode};

use anyhow::Context as _;
use clap::{Parser, Subcommand, ValueEnum};
use kernel::Env;
use secrecy::SecretString;
use store::Location;
use tokio::net::TcpListener;
use url::Url;

use crate::{app::App, config::Config, copy, doctor, serve, telemetry};

/// Where the simulated networks listen, unless told otherwise.
const SANDBOX: &str = "127.0.0.1:8090";

/// Write a post once, and have it published on every network on time and exactly once.
#[derive(Debug, Parser)]
#[command(name = "allin", version, about)]
struct Cli {
    /// The configuration file. Without it, `allin.toml` in this folder is read if it is there.
    #[arg(long, global = true)]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serves the product.
    Serve {
        /// What this process does. Repeat it for several; without it, everything.
        #[arg(long = "role")]
        roles: Vec<Role>,
        /// Also serves simulated networks, in place of those whose developer app is not set up.
        #[arg(long)]
        sandbox: bool,
        /// Where the simulated networks listen.
        #[arg(long, default_value = SANDBOX, requires = "sandbox")]
        sandbox_listen: SocketAddr,
    },
    /// Brings the databases of the system and of all tenants to this version.
    Migrate,
    /// Prints the API's OpenAPI description.
    Openapi,
    /// Checks the set-up and says what to fix.
    Doctor,
    /// Makes people and lets them in again.
    #[command(subcommand)]
    User(User),
    /// Works on whole databases.
    #[command(subcommand)]
    Db(DbCommand),
    /// Serves simulated networks, to try things without a real account.
    Sandbox {
        /// Where to listen. Loopback is wise: everybody who reaches it may use it.
        #[arg(long, default_value = SANDBOX)]
        listen: SocketAddr,
        /// A host beside this machine that the networks may fetch media from and send webhooks
        /// to. Repeat it for several.
        #[arg(long = "allow-host", value_name = "HOST")]
        allowed_hosts: Vec<String>,
    },
}

/// What a process does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Role {
    /// Answers HTTP: the API and the web UI.
    Api,
    /// Publishes what is due.
    Worker,
}

#[derive(Debug, Subcommand)]
enum User {
    /// Makes a person and an organisation that he owns. Asks for the password on standard input.
    Create {
        /// The person's e-mail.
        #[arg(long)]
        email: String,
        /// The person's name.
        #[arg(long)]
        name: String,
        /// The organisation's name.
        #[arg(long)]
        organization: String,
    },
    /// Sets a new password and ends all sessions. Asks for it on standard input.
    ResetPassword {
        /// The person's e-mail.
        #[arg(long)]
        email: String,
    },
}

#[derive(Debug, Subcommand)]
enum DbCommand {
    /// Copies the configured installation into an empty one, between SQLite and PostgreSQL.
    /// Stop the server first.
    Copy {
        /// The empty installation: `postgres://…`, or a folder for SQLite.
        #[arg(long)]
        to: String,
    },
}

/// Runs the command line and answers the exit code: 0 fine, 1 failed, 2 wrong usage.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let result = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("the runtime can't be started")
        .and_then(|runtime| runtime.block_on(run(cli)));
    match result {
        Ok(code) => code,
        Err(error) => {
            // The whole chain: whoever types a command is the operator.
            let _ = writeln!(std::io::stderr(), "allin: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> anyhow::Result<ExitCode> {
    let mut config = Config::load(cli.config.as_deref())?;
    let env = Env::system();
    match cli.command {
        Command::Serve {
            roles,
            sandbox,
            sandbox_listen,
        } => {
            telemetry::start_logs(&config.log)?;
            if sandbox {
                let origin =
                    serve_sandbox(sandbox_listen, sandbox::Config::new(env.clone())).await?;
                crate::networks::simulate(&mut config.networks, &origin);
            }
            serve::run(&config, env, &roles).await?;
        }
        Command::Migrate => {
            telemetry::start_logs(&config.log)?;
            let app = App::open(&config, env, false).await?;
            let tenants = app.parts.identity.tenants().await?;
            for tenant in &tenants {
                app.parts.db.migrate_tenant(*tenant).await?;
            }
            say(&format!(
                "The system and {} organisations are at version {}.",
                tenants.len(),
                env!("CARGO_PKG_VERSION")
            ))?;
        }
        Command::Openapi => {
            say(&openapi(config, env).await?)?;
        }
        Command::Doctor => return doctor::run(&config, &env).await,
        Command::User(User::Create {
            email,
            name,
            organization,
        }) => {
            let app = App::open(&config, env, false).await?;
            app.parts
                .identity
                .create_user(&email, &name, password()?, &organization)
                .await?;
            say(&format!("{email} can log in at {}.", config.public_url()?))?;
        }
        Command::User(User::ResetPassword { email }) => {
            let app = App::open(&config, env, false).await?;
            app.parts
                .identity
                .reset_password(&email, password()?)
                .await?;
            say(&format!(
                "{email} has a new password; all sessions have ended."
            ))?;
        }
        Command::Db(DbCommand::Copy { to }) => {
            telemetry::start_logs(&config.log)?;
            let target = if to.starts_with("postgres://") || to.starts_with("postgresql://") {
                Location::Postgres(to)
            } else {
                Location::Sqlite(PathBuf::from(to))
            };
            copy::run(&config, &target).await?;
        }
        Command::Sandbox {
            listen,
            allowed_hosts,
        } => {
            telemetry::start_logs(&config.log)?;
            let config = sandbox::Config {
                allowed_hosts,
                ..sandbox::Config::new(env)
            };
            serve_sandbox(listen, config).await?;
            std::future::pending::<()>().await;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Serves the simulated networks until the process ends; says and answers where.
async fn serve_sandbox(listen: SocketAddr, config: sandbox::Config) -> anyhow::Result<Url> {
    let listener = TcpListener::bind(listen)
        .await
        .with_context(|| format!("{listen} can't be listened on"))?;
    let origin = format!("http://{}", listener.local_addr()?);
    let sandbox = sandbox::Sandbox::new(config);
    say("Simulated networks (client id sandbox-app, secret sandbox-secret):")?;
    for (name, address) in sandbox.addresses(&origin) {
        say(&format!("  {name:<10} {address}"))?;
    }
    say(&format!("  {:<10} {origin}/feed", "Feeds"))?;
    say(&format!("Sandbox networks at {origin}/sandbox"))?;
    tokio::spawn(async move { sandbox.serve(listener).await });
    Ok(Url::parse(&origin)?)
}

/// The API's description. It is put together from the routes, which want an installation behind
/// them: an empty one, for a moment.
async fn openapi(mut config: Config, env: Env) -> anyhow::Result<String> {
    let folder = std::env::temp_dir().join(format!("allin-openapi-{}", env.uuid()));
    config.data.dir.clone_from(&folder);
    config.database.url.clear();
    config.vault.key_file = None;
    config.media.dir = None;
    let app = App::open(&config, env, false).await;
    let document = app.map(|app| gateway::document(&app.parts).to_pretty_json());
    std::fs::remove_dir_all(&folder).ok();
    Ok(document??)
}

/// Prints a line for the person at the terminal.
pub(crate) fn say(text: &str) -> anyhow::Result<()> {
    Ok(writeln!(std::io::stdout(), "{text}")?)
}

/// One line of standard input, so that a password is in no command line and no history.
fn password() -> anyhow::Result<SecretString> {
    let mut out = std::io::stderr();
    write!(out, "Password: ")?;
    out.flush()?;
    let mut line = String::new();
    std::io::stdin()
        .read_line(&mut line)
        .context("no password was given")?;
    Ok(SecretString::from(line.trim_end_matches(['\r', '\n'])))
}
