//! The one way out: an HTTP client that people can't lead into the private network.
//!
//! The address of a server is typed by a person. Without care he could type the address of a
//! machine that only *this* machine reaches (server-side request forgery). So a name is resolved
//! here, every address it resolves to is checked, and the connection goes to exactly those
//! addresses; nothing resolves the name a second time. Redirects are never followed blindly.

mod resolver;
#[cfg(test)]
mod tests;
mod transport;

use std::{collections::BTreeMap, net::IpAddr, sync::Arc, time::Duration};

use bytes::{Bytes, BytesMut};
use kernel::{Env, Timestamp};
use reqwest::{
    Client, Method, RequestBuilder, StatusCode,
    header::{HeaderMap, LOCATION, RETRY_AFTER},
    redirect,
};
use serde::de::DeserializeOwned;
use url::{Host, Url};

use self::resolver::CheckedResolver;
pub use self::transport::TransportError;
use crate::{Platform, address::is_public, connector::REQUEST_TIMEOUT};

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
    /// Other addresses than the networks' own, by network.
    pub endpoints: BTreeMap<Platform, EndpointConfig>,
    /// How long one request may take. `None`: [`REQUEST_TIMEOUT`].
    pub timeout: Option<Duration>,
}

/// Where a network is reached instead of at its own address: `networks.<name>` in the settings.
/// Such an address is the operator's choice, so it may be private.
#[derive(Clone, Debug, Default)]
pub struct EndpointConfig {
    /// `api_url`: where requests go; the server to use where a person names none.
    pub api: Option<Url>,
    /// `auth_url`: where the browser goes to consent.
    pub auth: Option<Url>,
    /// `upload_url`: where files go.
    pub upload: Option<Url>,
    /// `site_url`: where people see posts.
    pub site: Option<Url>,
}

impl EndpointConfig {
    /// Everything at one address, as in the sandbox.
    pub fn all_at(url: Url) -> Self {
        Self {
            api: Some(url.clone()),
            auth: Some(url.clone()),
            upload: Some(url.clone()),
            site: Some(url),
        }
    }
}

/// One of a network's addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// Where requests go.
    Api,
    /// Where the browser goes to consent.
    Auth,
    /// Where files go.
    Upload,
    /// Where people see posts and profiles.
    Site,
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
            .dns_resolver(CheckedResolver {
                allow_private: config.allow_private_targets,
                trusted: config.trusted().filter_map(|url| Some(url.host_str()?.to_owned())).collect(),
            })
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
        self.config.endpoints.get(&platform)?.api.as_ref()
    }

    /// `path` (which begins with `/`) at one of a network's addresses: the operator's, or the
    /// network's own, below whatever path that has.
    pub fn endpoint(
        &self,
        platform: Platform,
        endpoint: Endpoint,
        path: &str,
    ) -> Result<Url, TransportError> {
        let set = self.config.endpoints.get(&platform);
        let own = &crate::connector(platform).descriptor().endpoints;
        let (set, own) = match endpoint {
            Endpoint::Api => (set.and_then(|set| set.api.as_ref()), own.api),
            Endpoint::Auth => (set.and_then(|set| set.auth.as_ref()), own.auth),
            Endpoint::Upload => (set.and_then(|set| set.upload.as_ref()), own.upload),
            Endpoint::Site if own.site.is_empty() => {
                return self.endpoint(platform, Endpoint::Auth, path);
            }
            Endpoint::Site => (set.and_then(|set| set.site.as_ref()), own.site),
        };
        let base = set.map_or(own, Url::as_str).trim_end_matches('/');
        Url::parse(&format!("{base}{path}"))
            .map_err(|error| TransportError::Address(format!("no usable path ({error})")))
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
        let trusted = || {
            self.config
                .trusted()
                .any(|trusted| trusted.origin() == url.origin())
        };
        if self.config.allow_private_targets || trusted() {
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

impl NetConfig {
    /// The addresses that the operator chose.
    fn trusted(&self) -> impl Iterator<Item = &Url> {
        self.endpoints
            .values()
            .flat_map(|set| [&set.api, &set.auth, &set.upload])
            .flatten()
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
