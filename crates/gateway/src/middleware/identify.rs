//! Which request it is, and whose address it comes from.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::Arc,
};

use axum::{
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, HeaderValue},
    middleware::Next,
    response::Response,
};
use http_kit::{ClientIp, RequestId};

use crate::Parts;

const REQUEST_ID: &str = "x-request-id";

/// Proxies whose `X-Forwarded-For` is believed.
#[derive(Clone, Debug, Default)]
pub struct TrustedProxies(pub Vec<IpAddr>);

impl TrustedProxies {
    /// The client's address: the last one in the chain that is not a trusted proxy's.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let mut client = peer;
        let forwarded: Vec<IpAddr> = headers
            .get_all("x-forwarded-for")
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .filter_map(|address| address.trim().parse().ok())
            .collect();
        for address in forwarded.into_iter().rev() {
            if !self.0.contains(&client) {
                break;
            }
            client = address;
        }
        client
    }
}

/// Notes the request's id and the client's address, and answers with the id.
pub(crate) async fn identify(
    State(parts): State<Arc<Parts>>,
    mut request: Request,
    next: Next,
) -> Response {
    let id = request
        .headers()
        .get(REQUEST_ID)
        .and_then(|value| value.to_str().ok())
        .filter(|id| is_sound(id))
        .map_or_else(|| parts.env.uuid().to_string(), ToOwned::to_owned);
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |ConnectInfo(address)| {
            address.ip()
        });
    let client = parts.config.trusted_proxies.client(peer, request.headers());
    request.extensions_mut().insert(ClientIp(client));
    request.extensions_mut().insert(RequestId(id.clone()));
    let mut response = next.run(request).await;
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}

/// An id of the client's own is taken over if it can do no harm in a log.
fn is_sound(id: &str) -> bool {
    (1..=64).contains(&id.len())
        && id
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(trusted: &[&str], peer: &str, forwarded: &str) -> String {
        let mut headers = HeaderMap::new();
        if !forwarded.is_empty() {
            headers.insert("x-forwarded-for", forwarded.parse().unwrap());
        }
        let trusted = TrustedProxies(trusted.iter().map(|ip| ip.parse().unwrap()).collect());
        trusted.client(peer.parse().unwrap(), &headers).to_string()
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        assert_eq!(client(&[], "9.9.9.9", "1.1.1.1"), "9.9.9.9");
        assert_eq!(client(&["9.9.9.9"], "9.9.9.9", "1.1.1.1"), "1.1.1.1");
        assert_eq!(
            client(&["9.9.9.9"], "9.9.9.9", "6.6.6.6, 1.1.1.1"),
            "1.1.1.1"
        );
        assert_eq!(
            client(&["9.9.9.9", "8.8.8.8"], "9.9.9.9", "1.1.1.1, 8.8.8.8"),
            "1.1.1.1"
        );
        assert_eq!(client(&["9.9.9.9"], "9.9.9.9", "garbage"), "9.9.9.9");
    }

    #[test]
    fn a_harmful_request_id_is_replaced() {
        assert!(is_sound("abc-1.2_X"));
        assert!(!is_sound("a\nb") && !is_sound("") && !is_sound(&"x".repeat(65)));
    }
}
