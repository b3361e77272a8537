//! Graph's errors: *Handling errors* and *Rate limits*.

use axum::{Json, http::StatusCode};
use serde_json::{Value, json};

use crate::kit::{Refusal, Site, Trouble};

/// An error as Graph words it.
#[derive(Debug)]
pub(crate) struct GraphError {
    status: StatusCode,
    error: Value,
}

impl GraphError {
    /// `OAuthException` of this code, with status 400.
    pub(crate) fn new(code: i64, message: impl Into<String>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            error: json!({ "message": message.into(), "type": "OAuthException", "code": code }),
        }
    }

    /// Code 100: a parameter is missing or wrong.
    pub(crate) fn parameter(words: impl std::fmt::Display) -> Self {
        Self::new(100, format!("(#100) {words}"))
    }

    /// Code 100, subcode 33: there is nothing with this id, or it can't do what is asked.
    pub(crate) fn no_object(verb: &str, id: &str) -> Self {
        let mut error = Self::new(
            100,
            format!(
                "Unsupported {verb} request. Object with ID '{id}' does not exist, cannot be loaded due to missing \
                 permissions, or does not support this operation"
            ),
        )
        .subcode(33);
        error.error["type"] = json!("GraphMethodException");
        error
    }

    /// With a subcode.
    pub(crate) fn subcode(mut self, subcode: i64) -> Self {
        self.error["error_subcode"] = json!(subcode);
        self
    }

    /// With another status.
    pub(crate) fn status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// With words for the person.
    pub(crate) fn said(mut self, title: &str, words: &str) -> Self {
        self.error["is_transient"] = json!(false);
        self.error["error_user_title"] = json!(title);
        self.error["error_user_msg"] = json!(words);
        self
    }

    /// With data for the program.
    pub(crate) fn data(mut self, data: Value) -> Self {
        self.error["error_data"] = data;
        self
    }

    /// The answer.
    pub(crate) fn at(mut self, site: &Site) -> Refusal {
        self.error["fbtrace_id"] = json!(format!("A{}", site.short_id(22)));
        Refusal::new(self.status, Json(json!({ "error": self.error })))
    }
}

/// What goes wrong on any network, in Graph's words.
pub(crate) fn refuse(site: &Site, trouble: &Trouble) -> Refusal {
    let instagram = site.profile.id == "instagram";
    match trouble {
        Trouble::Status(status) => {
            let status = StatusCode::from_u16(*status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
            let mut error = GraphError::new(
                2,
                "An unexpected error has occurred. Please retry your request later.",
            )
            .status(status);
            error.error["is_transient"] = json!(true);
            error.at(site)
        }
        Trouble::RateLimited { reset } => {
            // Business use case limits: Pages 80001, Instagram 80002.
            let (code, kind) = if instagram { (80002, "instagram") } else { (80001, "pages") };
            let minutes = reset.since(site.now()).as_secs().div_ceil(60);
            let usage = json!({ "0": [{
                "type": kind,
                "call_count": 100,
                "total_cputime": 25,
                "total_time": 25,
                "estimated_time_to_regain_access": minutes,
            }] });
            GraphError::new(
                code,
                format!("(#{code}) There have been too many calls from this account. Wait a bit and try again."),
            )
            .at(site)
            .header("x-business-use-case-usage", &usage.to_string())
        }
        Trouble::TokenUnknown => {
            GraphError::new(190, "Invalid OAuth access token - Cannot parse access token").at(site)
        }
        Trouble::TokenExpired => GraphError::new(
            190,
            "Error validating access token: Session has expired. The current time is later than the time it ended.",
        )
        .subcode(463)
        .status(StatusCode::UNAUTHORIZED)
        .at(site),
        Trouble::TokenRevoked => GraphError::new(
            190,
            "Error validating access token: The user has not authorized application.",
        )
        .subcode(458)
        .status(StatusCode::UNAUTHORIZED)
        .at(site),
        Trouble::PermissionMissing { .. } if instagram => {
            GraphError::new(10, "(#10) Application does not have permission for this action")
                .status(StatusCode::FORBIDDEN)
                .at(site)
        }
        Trouble::PermissionMissing { scope } => {
            let scope = if scope.is_empty() { "pages_manage_posts" } else { scope };
            GraphError::new(200, format!("(#200) Requires {scope} permission to manage the object"))
                .status(StatusCode::FORBIDDEN)
                .at(site)
        }
        Trouble::MediaRejected if instagram => GraphError::new(
            9004,
            "Only photo or video can be accepted as media type.",
        )
        .subcode(2_207_052)
        .said("Media download has failed. The media URI doesn't meet our requirements.", "The media could not be fetched from this URI.")
        .at(site),
        Trouble::MediaRejected => GraphError::new(324, "(#324) Missing or invalid image file").at(site),
        Trouble::Duplicate if instagram => GraphError::new(4, "Application request limit reached")
            .subcode(2_207_051)
            .said(
                "Action is blocked",
                "We restrict certain activity to protect our community. Tell us if you think we made a mistake.",
            )
            .at(site),
        Trouble::Duplicate => GraphError::new(506, "(#506) Duplicate status message")
            .said("Duplicate Status Update", "This status update is identical to the last one you posted. Try posting something different, or delete your previous update.")
            .at(site),
        Trouble::NotFound => GraphError::no_object("get", "0").at(site),
        Trouble::Invalid(words) => GraphError::parameter(words).at(site),
    }
}
