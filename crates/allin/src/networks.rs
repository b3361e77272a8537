//! What an operator can set of each network, and the simulated networks in their place.

use std::{collections::BTreeMap, fmt};

use accounts::OperatorApp;
use networks::{Platform, descriptor::AppSource, http::EndpointConfig};
use serde::{Deserialize, Deserializer, Serialize};
use url::Url;

/// The app that every simulated network knows.
const SANDBOX_APP: (&str, &str) = ("sandbox-app", "sandbox-secret");

/// One network: `networks.<name>`.
#[derive(Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Network {
    /// Where requests go; the server that is used when a person names none.
    pub api_url: Option<Url>,
    /// Where the browser goes to consent.
    pub auth_url: Option<Url>,
    /// Where files go.
    pub upload_url: Option<Url>,
    /// Where people see posts.
    pub site_url: Option<Url>,
    /// The developer app's id.
    #[serde(deserialize_with = "text_or_number")]
    pub client_id: Option<String>,
    /// The developer app's secret.
    #[serde(deserialize_with = "text_or_number")]
    pub client_secret: Option<String>,
}

impl fmt::Debug for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Network({:?}, {:?})", self.api_url, self.client_id)
    }
}

/// Some networks' ids are numbers, which the environment can't tell from texts.
fn text_or_number<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Text(String),
        Number(u64),
    }
    Ok(
        Option::deserialize(deserializer)?.map(|written| match written {
            Written::Text(text) => text,
            Written::Number(number) => number.to_string(),
        }),
    )
}

/// The addresses that the operator set.
pub(crate) fn endpoints(
    networks: &BTreeMap<Platform, Network>,
) -> BTreeMap<Platform, EndpointConfig> {
    let endpoint = |(platform, network): (&Platform, &Network)| {
        let config = EndpointConfig {
            api: network.api_url.clone(),
            auth: network.auth_url.clone(),
            upload: network.upload_url.clone(),
            site: network.site_url.clone(),
        };
        (*platform, config)
    };
    networks.iter().map(endpoint).collect()
}

/// The developer apps that the operator set.
pub(crate) fn apps(networks: &BTreeMap<Platform, Network>) -> BTreeMap<Platform, OperatorApp> {
    let app = |(platform, network): (&Platform, &Network)| {
        let app = OperatorApp {
            client_id: network.client_id.clone()?,
            client_secret: network.client_secret.clone()?.into(),
        };
        Some((*platform, app))
    };
    networks.iter().filter_map(app).collect()
}

/// Puts the simulated networks at `origin` in place of those that need a developer app, unless
/// the operator set one.
pub fn simulate(networks: &mut BTreeMap<Platform, Network>, origin: &Url) {
    let needed = networks::descriptors()
        .filter(|descriptor| descriptor.connect.app == AppSource::Operator)
        .map(|descriptor| descriptor.platform);
    for platform in needed {
        let network = networks.entry(platform).or_default();
        if network.client_id.is_some() {
            continue;
        }
        let address = origin.join(platform.as_str()).ok();
        let (id, secret) = SANDBOX_APP;
        *network = Network {
            api_url: address.clone(),
            auth_url: address.clone(),
            upload_url: address.clone(),
            site_url: address,
            client_id: Some(id.to_owned()),
            client_secret: Some(secret.to_owned()),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_operators_app_is_not_simulated_and_its_secret_not_shown() {
        let origin = Url::parse("http://127.0.0.1:8090").unwrap();
        let mut networks = BTreeMap::new();
        simulate(&mut networks, &origin);
        let Some((platform, simulated)) = networks.pop_first() else {
            return;
        };
        let address = format!("http://127.0.0.1:8090/{platform}");
        assert_eq!(simulated.api_url.unwrap().as_str(), address);

        let own = Network {
            client_id: Some("own".to_owned()),
            client_secret: Some("hunter2".to_owned()),
            ..Network::default()
        };
        networks.insert(platform, own);
        simulate(&mut networks, &origin);
        assert_eq!(apps(&networks)[&platform].client_id, "own");
        assert_eq!(endpoints(&networks)[&platform].api, None);
        assert!(!format!("{networks:?}").contains("hunter2"));
    }
}
