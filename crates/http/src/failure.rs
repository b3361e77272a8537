//! How a problem becomes a response.

use std::{fmt, sync::Arc};

use axum::{
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header::RETRY_AFTER},
    middleware::Next,
    response::{IntoResponse, Response},
};
use kernel::{Code, Env, FieldProblem, Permission, Problem, Timestamp};
use serde::Serialize;
use serde_json::Value;
use utoipa::{
    IntoResponses, ToSchema,
    openapi::{
        Ref, RefOr,
        schema::{AnyOfBuilder, ObjectBuilder, Schema, Type},
    },
};

use crate::RequestId;

/// A handler's error: any [`Problem`], or anything that turns into one, with `?`.
pub struct Failure(Problem);

/// A handler's result.
pub type Result<T, E = Failure> = std::result::Result<T, E>;

impl<E: Into<Problem>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl IntoResponse for Failure {
    /// A response without a body: [`render_problems`] writes it, where the request's id and the
    /// time are known.
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.code().status())
            .unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = status.into_response();
        response.extensions_mut().insert(Arc::new(self.0));
        response
    }
}

/// The body of every answer that is not a success.
#[derive(Debug, Serialize, ToSchema)]
pub struct ErrorBody {
    /// What went wrong.
    pub error: ErrorDetail,
}

/// What went wrong.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Error)]
pub struct ErrorDetail {
    /// A stable code to branch on.
    pub code: Code,
    /// What happened and what to do, in plain words.
    pub message: String,
    /// Facts for programs, by code: the report of `PREFLIGHT_FAILED`, what `ErrorDetails` lists
    /// of others, or null.
    #[schema(schema_with = details)]
    pub details: Option<Value>,
    /// When.
    pub timestamp: Timestamp,
    /// Finds the request in the server's log.
    pub request_id: String,
}

/// The report is a schema of the crate that makes it.
fn details() -> RefOr<Schema> {
    AnyOfBuilder::new()
        .item(Ref::from_schema_name("ErrorDetails"))
        .item(Ref::from_schema_name("PreflightReport"))
        .item(ObjectBuilder::new().schema_type(Type::Null))
        .into()
}

/// Facts about what went wrong. Which of them there are depends on the code.
#[derive(ToSchema)]
#[schema(rename_all = "camelCase")]
#[expect(
    dead_code,
    reason = "it documents `Problem::details`, which each crate fills for itself"
)]
pub struct ErrorDetails {
    /// `VALIDATION_FAILED`: every field that can't be accepted.
    fields: Option<Vec<FieldProblem>>,
    /// `VALIDATION_FAILED` of a time that the clocks skip: the first one after it.
    #[schema(examples("2027-03-28T03:30"))]
    suggestion: Option<String>,
    /// `MALFORMED_BODY`: the place in the body.
    path: Option<String>,
    /// `FORBIDDEN`: what the caller would need.
    permission: Option<Permission>,
    /// `CONNECT_FAILED`: why.
    reason: Option<String>,
    /// `NETWORK_REFUSED`: what kind of refusal or failure.
    kind: Option<String>,
    /// `INVALID_STATE`: the state that the thing is in.
    status: Option<String>,
    /// `VERSION_CONFLICT`: the version that is stored.
    version: Option<i64>,
    /// `CONFLICT`: how many posts use the file.
    posts: Option<u64>,
    /// `PAYLOAD_TOO_LARGE`: what is accepted.
    max_bytes: Option<u64>,
}

/// Writes the body of a failed request, and logs what is our fault.
///
/// Middleware for `axum::middleware::from_fn_with_state(env, render_problems)`; it needs the
/// request to carry a [`RequestId`] extension.
pub async fn render_problems(State(env): State<Env>, request: Request, next: Next) -> Response {
    let request_id = request.extensions().get::<RequestId>().cloned();
    let response = next.run(request).await;
    let Some(problem) = response.extensions().get::<Arc<Problem>>().cloned() else {
        return response;
    };
    let request_id = request_id.map(|RequestId(id)| id).unwrap_or_default();
    let cause = problem.cause();
    if problem.code().status() >= 500 {
        tracing::error!(
            request_id,
            code = problem.code().as_str(),
            cause,
            "a request failed"
        );
    } else if let Some(cause) = cause {
        tracing::info!(
            request_id,
            code = problem.code().as_str(),
            cause,
            "a request was refused"
        );
    }
    let body = axum::Json(ErrorBody {
        error: ErrorDetail {
            code: problem.code(),
            message: problem.message().to_owned(),
            details: problem.details().cloned(),
            timestamp: env.now(),
            request_id,
        },
    });
    let (mut parts, _) = response.into_parts();
    let (rendered, body) = body.into_response().into_parts();
    parts.headers.extend(rendered.headers);
    if let Some(after) = problem.retry_after() {
        parts
            .headers
            .insert(RETRY_AFTER, HeaderValue::from(after.as_secs().max(1)));
    }
    Response::from_parts(parts, body)
}

/// The failures that any endpoint may answer with, for the API's documentation.
#[derive(IntoResponses)]
pub enum ProblemResponses {
    /// The request can't be read, or a rule forbids it.
    #[response(status = "4XX")]
    Client(#[to_schema] ErrorBody),
    /// The server could not carry it out.
    #[response(status = "5XX")]
    Server(#[to_schema] ErrorBody),
}
