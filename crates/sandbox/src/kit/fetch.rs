//! Fetching files from addresses that a client names, as networks do that pull media.

use std::{net::IpAddr, time::Duration};

use futures::StreamExt;
use reqwest::{Client, redirect::Policy};
use url::{Host, Url};

use super::{Hub, Site, blobs::Blob};

/// Why a file could not be fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum FetchError {
    /// It is no address that the sandbox may reach: neither loopback nor allowed by the operator.
    Forbidden(String),
    /// Nobody answers there, or the answer broke off.
    Failed,
    /// The server refused, with this status.
    Status(u16),
}

/// The client that networks fetch and notify with. It follows no redirects.
pub(crate) fn client() -> Client {
    Client::builder()
        .redirect(Policy::none())
        .timeout(Duration::from_mins(10))
        .connect_timeout(Duration::from_secs(5))
        .no_proxy()
        .build()
        .unwrap_or_default()
}

impl Hub {
    /// Whether the sandbox may send requests there: to loopback, and to hosts that the operator
    /// allowed. It is a toy within a private network; nobody shall look around through it.
    pub(crate) fn may_reach(&self, url: &Url) -> bool {
        let loopback = match url.host() {
            Some(Host::Ipv4(address)) => IpAddr::from(address).is_loopback(),
            Some(Host::Ipv6(address)) => IpAddr::from(address).is_loopback(),
            Some(Host::Domain(name)) => name == "localhost",
            None => false,
        };
        let allowed = || {
            let host = url.host_str().unwrap_or_default();
            self.config.allowed_hosts.iter().any(|one| one == host)
        };
        matches!(url.scheme(), "http" | "https") && (loopback || allowed())
    }

    /// What to say of an address that may not be reached.
    pub(crate) fn unreachable(url: &Url) -> String {
        format!(
            "The sandbox sends requests to this machine only. Start it with --allow-host {} to let it reach {url}.",
            url.host_str().unwrap_or("HOST")
        )
    }
}

impl Site {
    /// Fetches a file, of any size. The type is the one that the server says.
    pub(crate) async fn fetch(&self, url: &str) -> Result<Blob, FetchError> {
        let url: Url = url
            .parse()
            .map_err(|_| FetchError::Forbidden("This is no address.".to_owned()))?;
        if !self.hub.may_reach(&url) {
            return Err(FetchError::Forbidden(Hub::unreachable(&url)));
        }
        let answer = self.hub.client.get(url).send().await;
        let answer = answer.map_err(|_| FetchError::Failed)?;
        if !answer.status().is_success() {
            return Err(FetchError::Status(answer.status().as_u16()));
        }
        let mime_type = answer
            .headers()
            .get("content-type")
            .and_then(|value| value.to_str().ok())
            .unwrap_or("application/octet-stream")
            .to_owned();
        let upload = self.hub.blobs.begin(&mime_type);
        let mut stream = answer.bytes_stream();
        while let Some(bytes) = stream.next().await {
            upload.push(&bytes.map_err(|_| FetchError::Failed)?).await;
        }
        Ok(upload.finish().await)
    }
}
