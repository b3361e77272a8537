//! A request to a node or an edge, read; and why it fails.

use axum::{
    Json,
    extract::{FromRequest, FromRequestParts, Request},
};
use serde_json::Value;

use super::{GraphError, fields, login};
use crate::kit::{Actor, Answer, Here, Memory, Net, Params, Refusal, people};

/// A request, read. The last argument of a handler.
pub(crate) struct Call<M> {
    pub(crate) net: Net<M>,
    pub(crate) here: Here,
    pub(crate) actor: Actor,
    pub(crate) params: Params,
    /// The address below the network's base.
    pub(crate) path: String,
}

/// What a request leads to.
pub(crate) type Result<T = Value> = std::result::Result<T, Failure>;

/// Why a request fails: in Graph's words, or as every network fails.
pub(crate) enum Failure {
    Graph(GraphError),
    Kit(Refusal),
}

impl From<GraphError> for Failure {
    fn from(error: GraphError) -> Self {
        Self::Graph(error)
    }
}

impl From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Self::Kit(refusal)
    }
}

impl<M: Memory> FromRequest<Net<M>> for Call<M> {
    type Rejection = Refusal;

    async fn from_request(request: Request, net: &Net<M>) -> Answer<Self> {
        let (mut head, body) = request.into_parts();
        let here = Here::from_request_parts(&mut head, net).await?;
        let actor = Actor::from_request_parts(&mut head, net).await?;
        let path = head.uri.path().to_owned();
        let params = Params::from_request(Request::from_parts(head, body), net).await?;
        Ok(Self {
            net: net.clone(),
            here,
            actor,
            params,
            path,
        })
    }
}

impl<M: Memory> Call<M> {
    /// Whether the actor may act for the account of this username.
    pub(crate) fn owns(&self, username: &str) -> bool {
        people::find(username).is_some_and(|account| login::acts_for(&self.actor, account))
    }

    /// What `fields` asks for of `object`.
    pub(crate) fn select(&self, object: &Value, defaults: &[&str]) -> Result {
        Ok(fields::select(object, self.params.get("fields"), defaults)?)
    }

    /// A parameter that must be there.
    pub(crate) fn required(&self, name: &str) -> Result<&str> {
        let missing = || GraphError::parameter(format!("The parameter {name} is required"));
        Ok(self.params.get(name).ok_or_else(missing)?)
    }

    /// A parameter that is a list: `["a","b"]` in JSON, `a,b`, `name[0]=a`, or repeated.
    pub(crate) fn list(&self, name: &str) -> Vec<String> {
        let indexed = format!("{name}[");
        let values = self
            .params
            .pairs()
            .iter()
            .filter(|(key, _)| key == name || key.starts_with(&indexed))
            .map(|(_, value)| value);
        let mut items = Vec::new();
        for value in values {
            match serde_json::from_str::<Vec<Value>>(value) {
                Ok(values) => items.extend(values.iter().map(|value| {
                    value
                        .as_str()
                        .map_or_else(|| value.to_string(), str::to_owned)
                })),
                Err(_) if value.starts_with('{') => items.push(value.clone()),
                Err(_) => items.extend(value.split(',').map(|item| item.trim().to_owned())),
            }
        }
        items.retain(|item| !item.is_empty());
        items
    }

    /// The answer.
    pub(crate) fn answer(self, result: Result) -> Answer<Json<Value>> {
        result.map(Json).map_err(|failure| match failure {
            Failure::Graph(error) => error.at(&self.net),
            Failure::Kit(refusal) => refusal,
        })
    }
}
