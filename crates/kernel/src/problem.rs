//! The only error a caller ever sees.
//!
//! What the caller reads and what the operator reads are separate: [`Problem::internal`] keeps
//! the cause for the log and shows the caller none of it.

use std::{borrow::Cow, error::Error, fmt, time::Duration};

use serde::Serialize;
use serde_json::{Value, json};
use utoipa::ToSchema;

macro_rules! codes {
    ($($(#[doc = $doc:literal])+ $variant:ident = $text:literal, $status:literal;)+) => {
        /// The catalogue of problems. The text is stable: clients may branch on it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
        pub enum Code {
            $($(#[doc = $doc])+ #[serde(rename = $text)] $variant,)+
        }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The text in `error.code`.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// The HTTP status that goes with it.
            pub const fn status(self) -> u16 {
                match self { $(Self::$variant => $status),+ }
            }
        }
    };
}

impl utoipa::PartialSchema for Code {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
        let texts: Vec<&str> = Self::ALL.iter().map(|code| code.as_str()).collect();
        crate::text_enum::schema(
            "The catalogue of problems. The text is stable: clients may branch on it.",
            &texts,
        )
    }
}

impl ToSchema for Code {}

codes! {
    /// The body is not what the endpoint reads: broken JSON, a wrong type, an unknown field.
    MalformedBody = "MALFORMED_BODY", 400;
    /// A parameter of the address or the query can't be read.
    MalformedParameter = "MALFORMED_PARAMETER", 400;
    /// Nobody is logged in, or the token is unknown.
    Unauthenticated = "UNAUTHENTICATED", 401;
    /// E-mail and password do not belong together.
    InvalidCredentials = "INVALID_CREDENTIALS", 401;
    /// The session has ended; log in again.
    SessionExpired = "SESSION_EXPIRED", 401;
    /// The caller's role or token does not allow it.
    Forbidden = "FORBIDDEN", 403;
    /// A browser's request came without the token that proves it came from our pages.
    CsrfRejected = "CSRF_REJECTED", 403;
    /// There is no such thing, or it is another tenant's.
    NotFound = "NOT_FOUND", 404;
    /// The address exists, but not with this method.
    MethodNotAllowed = "METHOD_NOT_ALLOWED", 405;
    /// It clashes with something that is there already.
    Conflict = "CONFLICT", 409;
    /// Somebody has registered with this e-mail.
    EmailTaken = "EMAIL_TAKEN", 409;
    /// It was changed by somebody else in the meantime; read it again.
    VersionConflict = "VERSION_CONFLICT", 409;
    /// It can't be done in the state that the thing is in.
    InvalidState = "INVALID_STATE", 409;
    /// The idempotency key was used before, with another request.
    IdempotencyMismatch = "IDEMPOTENCY_MISMATCH", 409;
    /// The first request with this idempotency key is still under way.
    IdempotencyInProgress = "IDEMPOTENCY_IN_PROGRESS", 409;
    /// The body or the file is larger than what is accepted.
    PayloadTooLarge = "PAYLOAD_TOO_LARGE", 413;
    /// The body's or file's type is not accepted here.
    UnsupportedMediaType = "UNSUPPORTED_MEDIA_TYPE", 415;
    /// Fields hold values that can't be accepted; `details.fields` lists every one.
    ValidationFailed = "VALIDATION_FAILED", 422;
    /// The post breaks rules of the networks it is for; `details` is the preflight report.
    PreflightFailed = "PREFLIGHT_FAILED", 422;
    /// The social account could not be connected; `details.reason` says why.
    ConnectFailed = "CONNECT_FAILED", 422;
    /// The network refused or failed; the message holds its reason.
    NetworkRefused = "NETWORK_REFUSED", 422;
    /// Too many requests; `Retry-After` says when to come back.
    RateLimited = "RATE_LIMITED", 429;
    /// Too many failed log-ins; `Retry-After` says when to come back.
    LockedOut = "LOCKED_OUT", 429;
    /// A fault of ours. The request id finds it in the log.
    Internal = "INTERNAL", 500;
    /// Not able to answer just now, such as while starting or stopping.
    Unavailable = "UNAVAILABLE", 503;
}

/// What went wrong, as the caller reads it.
#[derive(Debug)]
pub struct Problem(Box<Inner>);

#[derive(Debug)]
struct Inner {
    code: Code,
    message: Cow<'static, str>,
    details: Option<Value>,
    retry_after: Option<Duration>,
    cause: Option<Box<dyn Error + Send + Sync>>,
}

impl Problem {
    /// A problem with a message for the caller: what happened, and what to do.
    pub fn new(code: Code, message: impl Into<Cow<'static, str>>) -> Self {
        Self(Box::new(Inner {
            code,
            message: message.into(),
            details: None,
            retry_after: None,
            cause: None,
        }))
    }

    /// A fault of ours. The cause goes to the log; the caller is told only that it happened.
    pub fn internal(cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::new(
            Code::Internal,
            "Something went wrong on the server and your request was not carried out. \
             Try again; if it happens again, give the request id to your administrator.",
        )
        .with_cause(cause)
    }

    /// There is no such `thing` (a noun: "post", "social account").
    pub fn not_found(thing: &str) -> Self {
        Self::new(
            Code::NotFound,
            format!("There is no such {thing}. It may have been deleted."),
        )
    }

    /// Several fields can't be accepted. See also [`Fields`].
    pub fn validation(fields: &[FieldProblem]) -> Self {
        let message = match fields {
            [only] => only.message.clone(),
            _ => format!("{} fields need attention.", fields.len()),
        };
        Self::new(Code::ValidationFailed, message).with_details(json!({ "fields": fields }))
    }

    /// One field can't be accepted.
    pub fn field(path: &str, code: &'static str, message: impl Into<String>) -> Self {
        Self::validation(&[FieldProblem::new(path, code, message)])
    }

    /// Adds facts for programs.
    #[must_use]
    pub fn with_details(mut self, details: Value) -> Self {
        self.0.details = Some(details);
        self
    }

    /// Says when it is worth trying again.
    #[must_use]
    pub fn with_retry_after(mut self, after: Duration) -> Self {
        self.0.retry_after = Some(after);
        self
    }

    /// Keeps what the operator needs to know. Never shown to the caller.
    #[must_use]
    pub fn with_cause(mut self, cause: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.0.cause = Some(cause.into());
        self
    }

    /// The code.
    pub fn code(&self) -> Code {
        self.0.code
    }

    /// The message for the caller.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// Facts for programs.
    pub fn details(&self) -> Option<&Value> {
        self.0.details.as_ref()
    }

    /// When it is worth trying again.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.retry_after
    }

    /// What the operator needs to know, the whole chain of causes on one line.
    pub fn cause(&self) -> Option<String> {
        let mut cause: &dyn Error = self.0.cause.as_deref()?;
        let mut text = cause.to_string();
        while let Some(deeper) = cause.source() {
            text.push_str(": ");
            text.push_str(&deeper.to_string());
            cause = deeper;
        }
        Some(text)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.0.code.as_str(), self.0.message)?;
        match self.cause() {
            Some(cause) => write!(f, " ({cause})"),
            None => Ok(()),
        }
    }
}

impl Error for Problem {}

/// One field that can't be accepted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FieldProblem {
    /// The field, as a path in the request: `email`, `targets[0].socialAccountId`.
    pub path: String,
    /// A stable word for it: `required`, `too_long`, `schedule_in_past`.
    pub code: &'static str,
    /// What is wrong and what to do.
    pub message: String,
}

impl FieldProblem {
    /// A problem of one field.
    pub fn new(path: impl Into<String>, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            code,
            message: message.into(),
        }
    }
}

/// Gathers the problems of a request's fields, so that a caller hears of all of them at once.
#[derive(Debug, Default)]
pub struct Fields(Vec<FieldProblem>);

impl Fields {
    /// Starts with none.
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes a problem.
    pub fn add(&mut self, path: impl Into<String>, code: &'static str, message: impl Into<String>) {
        self.0.push(FieldProblem::new(path, code, message));
    }

    /// Notes a problem unless `fine`.
    pub fn check(&mut self, fine: bool, path: &str, code: &'static str, message: &str) {
        if !fine {
            self.add(path, code, message);
        }
    }

    /// Checks that a text has at least one visible and at most `max` characters.
    pub fn text(&mut self, path: &str, value: &str, max: usize) {
        if value.trim().is_empty() {
            self.add(path, "required", "Please fill this in.");
        } else if value.chars().count() > max {
            self.add(
                path,
                "too_long",
                format!("Please use at most {max} characters."),
            );
        }
    }

    /// Fails with [`Code::ValidationFailed`] if anything was noted.
    pub fn finish(self) -> Result<(), Problem> {
        if self.0.is_empty() {
            Ok(())
        } else {
            Err(Problem::validation(&self.0))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cause_is_for_the_log_alone() {
        let problem = Problem::internal("disk I/O error in posts");
        assert!(!problem.message().contains("disk"));
        assert!(problem.to_string().contains("disk I/O error"));
    }

    #[test]
    fn codes_are_distinct() {
        let texts: std::collections::HashSet<_> =
            Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(texts.len(), Code::ALL.len());
    }
}
