//! The one way out: an HTTP client that people can't lead into the private network.
//!
//! The address of a server is typed by a person. Without care he could type the address of a
//! machine that only *this* machine reaches (server-side request forgery). So a name is resolved
//! here, every address it resolves to is checked, and the connection goes to exactly those
//! addresses; nothing resolves the name a second time. Redirects are never followed blindly.

use std::{
    collections::BTreeMap,
    error::Error,
    fmt,
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use kernel::{Env, Timestamp};
use reqwest::{
    Client, Method, RequestBuilder, StatusCode,
    dns::{Addrs, Name, Resolve, Resolving},
    header::{HeaderMap, LOCATION, RETRY_AFTER},
    redirect,
};
use serde::de::DeserializeOwned;
use url::{Host, Url};

use crate::{
    address::is_public, connector::REQUEST_TIMEOUT, descriptor::Platform, error::Certainty,
};

/// How long a connection may take to come about.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Node closes idle connections after five seconds. A connection that the other side closes just
/// as a request leaves makes a request of unknown effect, so ours are closed sooner.
const IDLE_TIMEOUT: Duration = Duration::from_secs(4);
/// No answer that a connector needs is larger.
const MAX_ANSWER_BYTES: usize = 2 * 1024 * 1024;
/// How many redirects [`Net::discover`] follows.
const MAX_REDIRECTS: usize = 5;

/// What an operator can set.
#[derive(Clone, Debug, Default)]
pub struct NetConfig {
    /// `security.allow_private_targets`: user-given addresses may be loopback or private, and
    /// plain `http`. For development, tests and closed networks.
    pub allow_private_targets: bool,
    /// `networks.<name>.api_url`: the server to use where a person names none.
    pub default_servers: BTreeMap<Platform, Url>,
    /// How long one request may take. `None`: [`REQUEST_TIMEOUT`].
    pub timeout: Option<Duration>,
}

/// The way to the networks. Cheap to clone; clones share their connections.
#[derive(Clone, Debug)]
pub struct Net {
    /// Time and randomness.
    pub env: Env,
    client: Client,
    config: Arc<NetConfig>,
}

impl Net {
    /// Makes the client. Fails only where the system's certificates can't be read.
    pub fn new(env: Env, config: NetConfig) -> Result<Self, reqwest::Error> {
        let client = Client::builder()
            .user_agent(concat!("AllIN/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(config.timeout.unwrap_or(REQUEST_TIMEOUT))
            .pool_idle_timeout(IDLE_TIMEOUT)
            .redirect(redirect::Policy::none())
            // A proxy would resolve names by itself, past the check.
            .no_proxy()
            .dns_resolver(CheckedResolver { allow_private: config.allow_private_targets })
            .build()?;
        Ok(Self {
            env,
            client,
            config: Arc::new(config),
        })
    }

    /// Whether servers may be private or loopback, and speak plain `http`.
    pub fn allows_private_targets(&self) -> bool {
        self.config.allow_private_targets
    }

    /// The server to use where a person names none, if the operator set one.
    pub fn default_server(&self, platform: Platform) -> Option<&Url> {
        self.config.default_servers.get(&platform)
    }

    /// The origin of the server that a person means by `example.org`, `@me@example.org` or
    /// `https://example.org/@me`. Plain `http` only where private servers are allowed.
    pub fn origin(&self, named: &str) -> Option<Url> {
        let (scheme, rest) = named
            .trim()
            .split_once("://")
            .unwrap_or(("https", named.trim()));
        let host = rest.split(['/', '?', '#']).next()?.rsplit('@').next()?;
        let plain = scheme.eq_ignore_ascii_case("http") && self.config.allow_private_targets;
        let url = Url::parse(&format!(
            "{}://{host}/",
            if plain { "http" } else { "https" }
        ))
        .ok()?;
        url.host_str()
            .is_some_and(|host| !host.is_empty())
            .then_some(url)
    }

    /// Begins a request, if the address may be spoken to at all.
    pub fn request(&self, method: Method, url: Url) -> Result<RequestBuilder, TransportError> {
        self.check(&url)?;
        Ok(self.client.request(method, url))
    }

    /// Sends a request and reads the whole answer, whatever its status. Follows no redirect.
    pub async fn send(&self, request: RequestBuilder) -> Result<Answer, TransportError> {
        let mut response = request
            .send()
            .await
            .map_err(|error| TransportError::of(&error))?;
        let mut body = BytesMut::new();
        while let Some(chunk) = response
            .chunk()
            .await
            .map_err(|error| TransportError::of(&error))?
        {
            if body.len() + chunk.len() > MAX_ANSWER_BYTES {
                return Err(TransportError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Answer {
            url: response.url().clone(),
            status: response.status(),
            headers: std::mem::take(response.headers_mut()),
            body: body.freeze(),
        })
    }

    /// Reads a public page, following at most five redirects. Each is checked like the first.
    pub async fn discover(&self, url: Url) -> Result<Answer, TransportError> {
        let mut url = url;
        for _ in 0..=MAX_REDIRECTS {
            let answer = self.send(self.request(Method::GET, url.clone())?).await?;
            let target = answer
                .headers
                .get(LOCATION)
                .filter(|_| answer.status.is_redirection())
                .and_then(|location| location.to_str().ok());
            match target {
                None => return Ok(answer),
                Some(target) => {
                    url = url.join(target).map_err(|_| {
                        TransportError::Lost("a redirect to an unreadable address".to_owned())
                    })?;
                }
            }
        }
        Err(TransportError::Redirects)
    }

    /// Whether `url` may be spoken to, as far as its text tells. Names are checked when they are
    /// resolved.
    pub fn check(&self, url: &Url) -> Result<(), TransportError> {
        if !matches!(url.scheme(), "https" | "http") {
            return Err(TransportError::Address(format!(
                "the scheme {}",
                url.scheme()
            )));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(TransportError::Address(
                "a user name inside the address".to_owned(),
            ));
        }
        let Some(host) = url.host() else {
            return Err(TransportError::Address(
                "an address without a host".to_owned(),
            ));
        };
        if self.config.allow_private_targets {
            return Ok(());
        }
        let literal = match host {
            Host::Ipv4(ip) => Some(IpAddr::V4(ip)),
            Host::Ipv6(ip) => Some(IpAddr::V6(ip)),
            Host::Domain(_) => None,
        };
        if let Some(ip) = literal
            && !is_public(ip)
        {
            return Err(TransportError::Blocked(host.to_string()));
        }
        if url.scheme() != "https" {
            return Err(TransportError::Address(
                "an address without https".to_owned(),
            ));
        }
        // Below 1024 live mail, databases' consoles and the like, never another web server.
        match url.port_or_known_default() {
            Some(443 | 1024..) => Ok(()),
            _ => Err(TransportError::Address(
                "a port that no web server uses".to_owned(),
            )),
        }
    }
}

/// A whole answer.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Where it came from, after redirects.
    pub url: Url,
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Answer {
    /// The body as JSON, or the reason why it is none.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_slice(&self.body)
    }

    /// A header's text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Seconds until it is worth trying again, as `Retry-After` says: RFC 9110 §10.2.3.
    pub fn retry_after(&self, now: Timestamp) -> Option<Duration> {
        let text = self.header(RETRY_AFTER.as_str())?;
        if let Ok(seconds) = text.trim().parse() {
            return Some(Duration::from_secs(seconds));
        }
        let date = jiff::fmt::rfc2822::parse(text).ok()?.timestamp();
        Some(Timestamp::from(date).since(now))
    }
}

/// No whole answer came back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TransportError {
    /// The address is inside a private network. Holds the host.
    Blocked(String),
    /// The address can't be a network's server. Holds what is wrong with it.
    Address(String),
    /// No connection came about. Holds the reason.
    Connect(String),
    /// It took too long; the request may have arrived.
    TimedOut,
    /// The connection broke after the request was sent. Holds the reason.
    Lost(String),
    /// The answer is larger than any answer that is needed.
    TooLarge,
    /// Redirects without end.
    Redirects,
}

impl TransportError {
    fn of(error: &reqwest::Error) -> Self {
        if let Some(Blocked { host }) = in_chain(error) {
            return Self::Blocked(host.clone());
        }
        if error.is_connect() || error.is_builder() {
            return Self::Connect(chain(error));
        }
        if error.is_timeout() {
            return Self::TimedOut;
        }
        Self::Lost(chain(error))
    }

    /// What is known of the request's effect.
    pub fn certainty(&self) -> Certainty {
        match self {
            Self::Blocked(_) | Self::Address(_) | Self::Connect(_) => Certainty::NotSent,
            Self::TimedOut | Self::Lost(_) | Self::TooLarge | Self::Redirects => Certainty::Unknown,
        }
    }

    /// For the person: what happened and what to do.
    pub fn sentence(&self, server: &str) -> String {
        match self {
            Self::Blocked(_) => format!(
                "{server} is inside a private network, and AllIN does not connect to private addresses. \
                 If that server is yours, ask your administrator to set security.allow_private_targets."
            ),
            Self::Address(what) => format!(
                "AllIN can't connect to {server}: it has {what}. Please check the address; it should look like example.social."
            ),
            Self::Connect(_) => format!(
                "{server} can't be reached. Please check the address, or try again in a few minutes."
            ),
            Self::TimedOut => {
                format!("{server} did not answer in time. Please try again in a few minutes.")
            }
            Self::Lost(_) => {
                format!("The connection to {server} broke before an answer came. Please try again.")
            }
            Self::TooLarge => {
                format!(
                    "{server} sent a far larger answer than expected. Please check the address."
                )
            }
            Self::Redirects => {
                format!(
                    "{server} sends AllIN from one address to the next without end. Please check the address."
                )
            }
        }
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Blocked(host) => write!(f, "{host} is a private address"),
            Self::Address(what) => write!(f, "refused {what}"),
            Self::Connect(reason) => write!(f, "no connection: {reason}"),
            Self::TimedOut => f.write_str("timed out"),
            Self::Lost(reason) => write!(f, "connection lost: {reason}"),
            Self::TooLarge => write!(f, "the answer is larger than {MAX_ANSWER_BYTES} bytes"),
            Self::Redirects => write!(f, "more than {MAX_REDIRECTS} redirects"),
        }
    }
}

impl Error for TransportError {}

/// The causes of an error, on one line. The address is left out: its query may hold a secret.
fn chain(error: &reqwest::Error) -> String {
    let mut text = String::new();
    let mut cause = error.source();
    while let Some(deeper) = cause {
        if !text.is_empty() {
            text.push_str(": ");
        }
        text.push_str(&deeper.to_string());
        cause = deeper.source();
    }
    text
}

fn in_chain<'e, T: Error + 'static>(error: &'e (dyn Error + 'static)) -> Option<&'e T> {
    let mut cause = Some(error);
    while let Some(this) = cause {
        if let Some(found) = this.downcast_ref() {
            return Some(found);
        }
        cause = this.source();
    }
    None
}

/// A name resolved to a private address.
#[derive(Debug)]
struct Blocked {
    host: String,
}

impl fmt::Display for Blocked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} resolves to a private address", self.host)
    }
}

impl Error for Blocked {}

/// Resolves a name and refuses it if *any* of its addresses is private: a name that mixes both
/// is an attack, not a server.
struct CheckedResolver {
    allow_private: bool,
}

impl Resolve for CheckedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let allow_private = self.allow_private;
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let addresses: Vec<SocketAddr> =
                tokio::net::lookup_host((host.as_str(), 0)).await?.collect();
            if !allow_private && !addresses.iter().all(|address| is_public(address.ip())) {
                return Err(Blocked { host }.into());
            }
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn net(allow_private_targets: bool) -> Net {
        let config = NetConfig {
            allow_private_targets,
            ..NetConfig::default()
        };
        Net::new(Env::system(), config).unwrap()
    }

    #[test]
    fn addresses_that_are_not_a_public_web_server_are_refused() {
        let net = net(false);
        for text in [
            "https://127.0.0.1/",
            "https://127.1/",
            "https://2130706433/",
            "https://0x7f.0.0.1/",
            "https://0177.0.0.1/",
            "https://10.1.2.3/",
            "https://169.254.169.254/latest/meta-data",
            "https://[::1]/",
            "https://[::ffff:127.0.0.1]/",
            "https://[fd00::1]:8443/",
            "https://[::ffff:a9fe:a9fe]/",
            "https://0.0.0.0/",
            "https://192.168.0.1:443/",
        ] {
            let error = net.check(&text.parse().unwrap()).unwrap_err();
            assert!(
                matches!(error, TransportError::Blocked(_)),
                "{text}: {error}"
            );
        }
        for text in [
            "http://example.org/",
            "ftp://example.org/",
            "file:///etc/passwd",
            "https://example.org:22/",
            "https://example.org:25/",
            "https://example.org:80/",
            "https://user@example.org/",
            "https://user:secret@example.org/",
        ] {
            let error = net.check(&text.parse().unwrap()).unwrap_err();
            assert!(
                matches!(error, TransportError::Address(_)),
                "{text}: {error}"
            );
        }
        for text in [
            "https://example.org/",
            "https://example.org:8443/",
            "https://1.1.1.1/",
        ] {
            assert_eq!(net.check(&text.parse().unwrap()), Ok(()), "{text}");
        }
    }

    #[test]
    fn an_operator_may_allow_private_targets() {
        let net = net(true);
        for text in [
            "http://localhost:3000/",
            "https://10.0.0.1/",
            "http://[::1]:80/",
        ] {
            assert_eq!(net.check(&text.parse().unwrap()), Ok(()), "{text}");
        }
        assert!(net.check(&"ftp://localhost/".parse().unwrap()).is_err());
        assert!(
            net.check(&"http://user@localhost/".parse().unwrap())
                .is_err()
        );
    }

    #[tokio::test]
    async fn a_name_that_leads_inside_is_refused_when_it_is_resolved() {
        let net = net(false);
        let url: Url = "https://localhost:8443/".parse().unwrap();
        assert_eq!(net.check(&url), Ok(()), "its text alone is harmless");
        let request = net.request(Method::GET, url).unwrap();
        let error = net.send(request).await.unwrap_err();
        assert_eq!(error, TransportError::Blocked("localhost".to_owned()));
        assert_eq!(error.certainty(), Certainty::NotSent);
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let now: Timestamp = "2026-11-21T10:00:00Z".parse().unwrap();
        for (text, expected) in [
            ("120", Some(120)),
            ("Sat, 21 Nov 2026 10:00:30 GMT", Some(30)),
            ("Sat, 21 Nov 2026 09:00:00 GMT", Some(0)),
            ("soon", None),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(RETRY_AFTER, text.parse().unwrap());
            let url = "https://example.org/".parse().unwrap();
            let answer = Answer {
                url,
                status: StatusCode::OK,
                headers,
                body: Bytes::new(),
            };
            assert_eq!(
                answer.retry_after(now).map(|after| after.as_secs()),
                expected,
                "{text}"
            );
        }
    }
}
