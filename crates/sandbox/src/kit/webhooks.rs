//! Webhooks: a network tells subscribers what happened, signed in its own way.
//!
//! Deliveries go to loopback and to the hosts that the operator allowed, and nowhere else.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use hmac::{Hmac, KeyInit, Mac};
use kernel::Timestamp;
use serde::Serialize;
use serde_json::Value;
use sha2::Sha256;
use url::Url;

use super::{Hub, Site, html::each};

/// Deliveries that are remembered.
const REMEMBERED: usize = 200;

/// Names and values of headers.
pub(crate) type Headers = Vec<(&'static str, String)>;

/// How a network speaks to subscribers.
#[derive(Debug)]
pub(crate) struct Webhooks {
    /// The headers that sign a delivery: from the subscriber's secret, the body and the instant.
    pub(crate) sign: fn(&str, &[u8], Timestamp) -> Headers,
    /// What a subscriber must answer before anything is delivered.
    pub(crate) handshake: Handshake,
}

/// How a subscriber proves that he wants the deliveries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Handshake {
    /// Not at all.
    None,
    /// Meta's: `GET ?hub.mode=subscribe&hub.challenge=…&hub.verify_token=…`, the answer is the
    /// challenge.
    Hub,
}

/// Somebody who wants to be told.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Subscription {
    pub(crate) id: u64,
    pub(crate) network: &'static str,
    pub(crate) url: Url,
    #[serde(skip)]
    secret: String,
}

/// What was delivered, or not.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Delivery {
    network: &'static str,
    at: Timestamp,
    url: Url,
    body: Value,
    /// The subscriber's status; missing where he could not be reached.
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<u16>,
}

/// All subscriptions and the last deliveries.
#[derive(Debug, Default)]
pub(crate) struct Subscribers(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    last_id: u64,
    subscriptions: Vec<Subscription>,
    deliveries: VecDeque<Delivery>,
}

impl Subscribers {
    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn list(&self) -> Vec<Subscription> {
        self.state().subscriptions.clone()
    }

    pub(crate) fn deliveries(&self) -> Vec<Delivery> {
        self.state().deliveries.iter().cloned().collect()
    }

    pub(crate) fn remove(&self, id: u64) {
        self.state().subscriptions.retain(|one| one.id != id);
    }

    fn note(&self, delivery: Delivery) {
        let mut state = self.state();
        if state.deliveries.len() == REMEMBERED {
            state.deliveries.pop_front();
        }
        state.deliveries.push_back(delivery);
    }
}

impl Site {
    /// Subscribes an address, after the network's handshake. The words say why not.
    pub(crate) async fn subscribe(
        &self,
        url: Url,
        secret: &str,
        verify_token: &str,
    ) -> Result<Subscription, String> {
        let webhooks = self.profile.webhooks.as_ref();
        let webhooks = webhooks
            .ok_or_else(|| format!("{} has no webhooks in the sandbox.", self.profile.name))?;
        if !self.hub.may_reach(&url) {
            return Err(Hub::unreachable(&url));
        }
        self.shake_hands(webhooks.handshake, &url, verify_token)
            .await?;
        let mut state = self.hub.subscribers.state();
        state.last_id += 1;
        let subscription = Subscription {
            id: state.last_id,
            network: self.profile.id,
            url,
            secret: secret.to_owned(),
        };
        state.subscriptions.push(subscription.clone());
        Ok(subscription)
    }

    async fn shake_hands(
        &self,
        handshake: Handshake,
        url: &Url,
        verify_token: &str,
    ) -> Result<(), String> {
        if handshake == Handshake::None {
            return Ok(());
        }
        let challenge = self.short_id(24);
        let mut asked = url.clone();
        asked
            .query_pairs_mut()
            .append_pair("hub.mode", "subscribe")
            .append_pair("hub.challenge", &challenge)
            .append_pair("hub.verify_token", verify_token);
        let failed = |_| format!("{url} does not answer.");
        let answer = self.hub.client.get(asked).send().await.map_err(failed)?;
        let answered = answer.status().is_success();
        if answered && answer.text().await.map_err(failed)? == challenge {
            Ok(())
        } else {
            Err(format!("{url} does not answer the challenge as it should."))
        }
    }

    /// Tells every subscriber of this network, in the background.
    pub(crate) fn notify(&self, body: &Value) {
        let Some(webhooks) = &self.profile.webhooks else {
            return;
        };
        let bytes = body.to_string().into_bytes();
        for subscription in self.hub.subscribers.list() {
            if subscription.network != self.profile.id {
                continue;
            }
            let at = self.now();
            let mut request = self
                .hub
                .client
                .post(subscription.url.clone())
                .header("content-type", "application/json");
            for (name, value) in (webhooks.sign)(&subscription.secret, &bytes, at) {
                request = request.header(name, value);
            }
            let (hub, request) = (self.hub.clone(), request.body(bytes.clone()));
            let mut delivery = Delivery {
                network: self.profile.id,
                at,
                url: subscription.url,
                body: body.clone(),
                status: None,
            };
            tokio::spawn(async move {
                let answer = request.send().await.ok();
                delivery.status = answer.map(|answer| answer.status().as_u16());
                hub.subscribers.note(delivery);
            });
        }
    }
}

/// HMAC-SHA256 (RFC 2104): what most signatures are made of.
pub(crate) fn hmac_sha256(secret: &str, bytes: &[u8]) -> [u8; 32] {
    #[expect(clippy::expect_used, reason = "an HMAC takes keys of every length")]
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any key will do");
    mac.update(bytes);
    mac.finalize().into_bytes().into()
}

/// Bytes in hexadecimal.
pub(crate) fn hex(bytes: &[u8]) -> String {
    each(bytes, |byte| format!("{byte:02x}"))
}

/// Meta's signature: `X-Hub-Signature-256: sha256=…`.
pub(crate) fn hub_signature(secret: &str, body: &[u8], _: Timestamp) -> Headers {
    let signature = hex(&hmac_sha256(secret, body));
    vec![("x-hub-signature-256", format!("sha256={signature}"))]
}
