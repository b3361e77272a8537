//! Extractors.

use std::net::IpAddr;

use axum::{
    body::Bytes,
    extract::{
        FromRequest, FromRequestParts, OptionalFromRequest, Request,
        rejection::{BytesRejection, FailedToBufferBody},
    },
    http::{HeaderMap, header::CONTENT_TYPE, request::Parts},
    response::{IntoResponse, Response},
};
use kernel::{Caller, Code, Problem};
use serde::{Serialize, de::DeserializeOwned};

use crate::{Failure, text};

/// A JSON body, read or written.
#[derive(Clone, Copy, Debug, Default)]
pub struct Json<T>(pub T);

impl<T: Serialize> IntoResponse for Json<T> {
    fn into_response(self) -> Response {
        axum::Json(self.0).into_response()
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Self, Failure> {
        if !is_json(request.headers()) {
            return Err(Problem::new(
                Code::UnsupportedMediaType,
                "Send the body as JSON, with the header Content-Type: application/json.",
            )
            .into());
        }
        read_json(request, state).await
    }
}

/// `Option<Json<T>>`: an empty body is `None`.
impl<T: DeserializeOwned, S: Send + Sync> OptionalFromRequest<S> for Json<T> {
    type Rejection = Failure;

    async fn from_request(request: Request, state: &S) -> Result<Option<Self>, Failure> {
        let empty = request.headers().get(CONTENT_TYPE).is_none();
        if empty {
            Ok(None)
        } else {
            <Self as FromRequest<S>>::from_request(request, state)
                .await
                .map(Some)
        }
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(Ok(value)) = headers.get(CONTENT_TYPE).map(|value| value.to_str()) else {
        return false;
    };
    let essence = value.split(';').next().unwrap_or_default().trim();
    essence.eq_ignore_ascii_case("application/json")
        || (essence.starts_with("application/") && essence.ends_with("+json"))
}

async fn read_json<T: DeserializeOwned, S: Send + Sync>(
    request: Request,
    state: &S,
) -> Result<Json<T>, Failure> {
    let bytes = Bytes::from_request(request, state)
        .await
        .map_err(|rejection| match rejection {
            BytesRejection::FailedToBufferBody(FailedToBufferBody::LengthLimitError(_)) => {
                Problem::new(
                    Code::PayloadTooLarge,
                    "The request is larger than this endpoint accepts.",
                )
            }
            _ => Problem::new(
                Code::MalformedBody,
                "The request broke off before its body was complete.",
            ),
        })?;
    if let Some(path) = text::nul_in_json(&bytes) {
        return Err(text::unstorable(&path).into());
    }
    let mut deserializer = serde_json::Deserializer::from_slice(&bytes);
    let value = serde_path_to_error::deserialize(&mut deserializer).map_err(|error| {
        let path = error.path().to_string();
        let reason = error.inner();
        let message = if reason.is_syntax() || reason.is_eof() {
            format!("The body is not valid JSON: {reason}.")
        } else if path == "." {
            format!("The body can't be read: {reason}.")
        } else {
            format!("The field {path} can't be read: {reason}.")
        };
        Problem::new(Code::MalformedBody, message).with_details(serde_json::json!({ "path": path }))
    })?;
    deserializer.end().map_err(|_| {
        Problem::new(
            Code::MalformedBody,
            "The body holds more than one JSON value.",
        )
    })?;
    Ok(Json(value))
}

/// Parameters of the path.
#[derive(Clone, Copy, Debug)]
pub struct Path<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Path<T> {
    type Rejection = Failure;

    /// An id that is not one names nothing, so it answers as an unknown id does.
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        let nothing = || Problem::new(Code::NotFound, "There is nothing at this address.");
        if text::nul_in_address(parts.uri.path()) {
            return Err(nothing().into());
        }
        axum::extract::Path::from_request_parts(parts, state)
            .await
            .map(|axum::extract::Path(value)| Self(value))
            .map_err(|_| nothing().into())
    }
}

/// Parameters of the query.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Query<T> {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Failure> {
        if parts.uri.query().is_some_and(text::nul_in_address) {
            return Err(Problem::new(
                Code::MalformedParameter,
                "The query of the address holds the character U+0000. Leave it out.",
            )
            .into());
        }
        axum::extract::Query::from_request_parts(parts, state)
            .await
            .map(|axum::extract::Query(value)| Self(value))
            .map_err(|rejection| {
                Problem::new(
                    Code::MalformedParameter,
                    format!(
                        "The query of the address can't be read: {}.",
                        rejection.body_text()
                    ),
                )
                .into()
            })
    }
}

/// The caller, as the gateway's middleware authenticated him.
#[derive(Clone, Debug)]
pub struct Authenticated(pub Caller);

impl<S: Send + Sync> FromRequestParts<S> for Authenticated {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        parts
            .extensions
            .get::<Caller>()
            .cloned()
            .map(Self)
            .ok_or_else(|| {
                Problem::new(
                    Code::Unauthenticated,
                    "Log in, or send an access token or API token.",
                )
                .into()
            })
    }
}

/// The caller if there is one; an anonymous request is fine.
impl<S: Send + Sync> axum::extract::OptionalFromRequestParts<S> for Authenticated {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Option<Self>, Failure> {
        Ok(parts.extensions.get::<Caller>().cloned().map(Self))
    }
}

/// The address the request came from, as the gateway's middleware worked it out.
#[derive(Clone, Copy, Debug)]
pub struct ClientIp(pub IpAddr);

impl<S: Send + Sync> FromRequestParts<S> for ClientIp {
    type Rejection = Failure;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Failure> {
        parts
            .extensions
            .get::<Self>()
            .copied()
            .ok_or_else(|| Problem::internal("the gateway noted no client address").into())
    }
}

/// The request's id: the client's own `X-Request-Id` if it is sound, else a new one.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);
