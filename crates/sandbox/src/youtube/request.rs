//! How a request is read: the query, `part`, who asks and whether he may, a JSON body.

use axum::extract::{FromRequestParts, RawQuery};
use axum::http::request::Parts as Head;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::{Net, quota, refusal};
use crate::kit::{Actor, Answer};

/// The query of a request.
#[derive(Debug)]
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    /// A parameter that is there and not empty.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let (_, value) = self.0.iter().find(|(key, _)| key == name)?;
        Some(value.as_str()).filter(|value| !value.is_empty())
    }

    /// A parameter that can't be left out.
    pub(super) fn need(&self, name: &str) -> Answer<&str> {
        self.get(name).ok_or_else(|| refusal::missing(name))
    }

    /// The values of a parameter that may come several times, or with commas.
    pub(super) fn list(&self, name: &str) -> Vec<&str> {
        self.0
            .iter()
            .filter(|(key, _)| key == name)
            .flat_map(|(_, value)| value.split(','))
            .map(str::trim)
            .filter(|value| !value.is_empty())
            .collect()
    }

    /// `part`: all of them must be known, and one must be there.
    pub(super) fn parts(&self, known: &[&str]) -> Answer<Vec<&str>> {
        let parts = self.list("part");
        if parts.is_empty() {
            return Err(refusal::bad(
                "part",
                "missingRequiredParameter",
                "Required parameter: part",
            ));
        }
        match parts.iter().find(|part| !known.contains(part)) {
            Some(part) => {
                let message = format!("'{part}'");
                Err(refusal::bad("part", "unknownPart", &message))
            }
            None => Ok(parts),
        }
    }

    pub(super) fn is_true(&self, name: &str) -> bool {
        self.get(name) == Some("true")
    }

    /// `maxResults` and `pageToken`: how many, and from where on.
    pub(super) fn page(&self, usual: usize, most: usize) -> Answer<(usize, usize)> {
        let wanted = self
            .get("maxResults")
            .map_or(Some(usual), |text| text.parse().ok())
            .filter(|wanted| *wanted <= most)
            .ok_or_else(|| {
                refusal::bad(
                    "parameter",
                    "invalidParameter",
                    "maxResults is out of range.",
                )
            })?;
        let from = self
            .get("pageToken")
            .map_or(Some(0), |text| text.strip_prefix("CAU")?.parse().ok())
            .ok_or_else(|| {
                refusal::bad(
                    "parameter",
                    "invalidPageToken",
                    "The request specifies an invalid page token.",
                )
            })?;
        Ok((wanted, from))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(head: &mut Head, state: &S) -> Result<Self, Self::Rejection> {
        let RawQuery(query) = RawQuery::from_request_parts(head, state).await?;
        let query = query.unwrap_or_default();
        Ok(Self(
            url::form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect(),
        ))
    }
}

/// A page of a list, with the tokens of its neighbours.
pub(super) fn page(kind: &str, items: Vec<Value>, (wanted, from): (usize, usize)) -> Value {
    let total = items.len();
    let shown: Vec<Value> = items.into_iter().skip(from).take(wanted).collect();
    let next = from + shown.len();
    let mut list = serde_json::json!({
        "kind": kind,
        "etag": etag(&shown),
        "items": shown,
        "pageInfo": { "totalResults": total, "resultsPerPage": wanted },
    });
    if next < total && wanted > 0 {
        list["nextPageToken"] = format!("CAU{next}").into();
    }
    if from > 0 {
        list["prevPageToken"] = format!("CAU{}", from.saturating_sub(wanted)).into();
    }
    list
}

/// A mark that changes with what is shown.
pub(super) fn etag(shown: &impl serde::Serialize) -> String {
    let text = serde_json::to_string(shown).unwrap_or_default();
    format!("{:016x}", crate::kit::seed(&text))
}

/// Charges the quota, and refuses who has none of the scopes.
pub(super) fn permit(net: &Net, actor: &Actor, scopes: &[&str], cost: u64) -> Answer<()> {
    quota::charge(net, actor, cost)?;
    if scopes.iter().any(|scope| actor.may(scope)) {
        Ok(())
    } else {
        actor.require(scopes.first().copied().unwrap_or_default())
    }
}

/// A body of JSON.
pub(super) fn json<T: DeserializeOwned>(body: &[u8]) -> Answer<T> {
    serde_json::from_slice(body).map_err(|error| {
        refusal::new(
            400,
            "global",
            "parseError",
            &format!("Invalid JSON payload received. {error}"),
        )
    })
}
