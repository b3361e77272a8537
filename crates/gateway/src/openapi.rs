//! The routes of all capabilities, and their description as OpenAPI 3.1.

use axum::{Json, Router, http::header, response::IntoResponse, routing::get};
use utoipa::{
    Modify, OpenApi,
    openapi::{
        OpenApi as Document,
        security::{ApiKey, ApiKeyValue, Http, HttpAuthScheme, SecurityScheme},
    },
};
use utoipa_axum::router::OpenApiRouter;

use crate::{Parts, live};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "AllIN",
        description = "Write a post once, fit it to each network, and have it published on time and exactly once.\n\n\
            Log in with `POST /auth/login` and send the `accessToken` as a bearer token, or create an API token. \
            Errors have one shape; `error.code` is stable. Creating endpoints take an `Idempotency-Key`.",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    servers((url = "/api/v1")),
    components(schemas(
        http_kit::ErrorBody,
        http_kit::ErrorDetail,
        http_kit::ErrorDetails,
        kernel::Code,
        content::PostOrder,
    )),
    modifiers(&Security),
    security(("bearer" = []), ("cookie" = [])),
)]
struct Description;

struct Security;

impl Modify for Security {
    fn modify(&self, document: &mut Document) {
        let components = document.components.get_or_insert_default();
        components.add_security_scheme(
            "bearer",
            SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer)),
        );
        components.add_security_scheme(
            "cookie",
            SecurityScheme::ApiKey(ApiKey::Cookie(ApiKeyValue::new("allin_access"))),
        );
    }
}

/// The API's routes and their description.
pub(crate) fn split(parts: &Parts) -> (Router, Document) {
    OpenApiRouter::with_openapi(Description::openapi())
        .merge(identity::routes(parts.identity.clone()))
        .merge(accounts::routes(parts.accounts.clone()))
        .merge(content::routes(parts.content.clone()))
        .merge(publishing::routes(parts.publishing.clone()))
        .merge(live::routes(parts))
        .split_for_parts()
}

/// The API's description.
pub fn document(parts: &Parts) -> Document {
    split(parts).1
}

/// `/api/openapi.json`, and the page that shows it.
pub(crate) fn routes(document: Document) -> Router {
    let document: &'static Document = Box::leak(Box::new(document));
    Router::new()
        .route(
            "/api/openapi.json",
            get(move || async move { Json(document) }),
        )
        .route("/api/docs", get(docs))
}

/// The page loads its viewer from the UI's own assets, never from elsewhere.
async fn docs() -> impl IntoResponse {
    const PAGE: &str = include_str!("docs.html");
    ([(header::CONTENT_TYPE, "text/html; charset=utf-8")], PAGE)
}
