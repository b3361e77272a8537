//! The cookies of a browser's session.

use axum::{
    http::{HeaderMap, header::SET_COOKIE},
    response::AppendHeaders,
};
use axum_extra::extract::CookieJar;

use crate::{Presented, Tokens};

/// The access token, for the whole API.
pub(crate) const ACCESS: &str = "allin_access";
/// The refresh token, for the endpoints that log in and out.
const REFRESH: &str = "allin_refresh";
/// The CSRF token, which our pages read and send back in a header.
const CSRF: &str = "allin_csrf";
const CSRF_HEADER: &str = "x-csrf-token";

/// Headers that set or take away the three cookies.
pub(crate) type SetCookies = AppendHeaders<[(axum::http::HeaderName, String); 3]>;

/// The header that a request by cookie proves itself with.
pub(crate) fn csrf_header(headers: &HeaderMap) -> Option<&str> {
    headers.get(CSRF_HEADER)?.to_str().ok()
}

/// The refresh token of a request: the body's, or else the cookie's.
pub(crate) fn presented<'a>(
    jar: &'a CookieJar,
    headers: &'a HeaderMap,
    body: Option<&'a str>,
) -> Option<Presented<'a>> {
    let by_cookie = || {
        let token = jar.get(REFRESH)?.value();
        Some(Presented::Cookie {
            token,
            csrf: csrf_header(headers),
        })
    };
    body.map(Presented::Body).or_else(by_cookie)
}

/// Sets cookies that hold these tokens.
///
/// All last as long as the refresh token: an access token that has run out says "refresh", while
/// none at all would say "log in".
pub(crate) fn set(tokens: &Tokens, secure: bool) -> SetCookies {
    let lasts = tokens.refresh_expires_in.as_secs();
    cookies(
        [&tokens.access, &tokens.refresh, &tokens.csrf],
        lasts,
        secure,
    )
}

/// Takes the cookies away.
pub(crate) fn clear(secure: bool) -> SetCookies {
    cookies([""; 3], 0, secure)
}

/// The values are made of letters, digits, `-`, `_` and `.`, so nothing needs quoting.
fn cookies([access, refresh, csrf]: [&str; 3], max_age: u64, secure: bool) -> SetCookies {
    let secure = if secure { "; Secure" } else { "" };
    AppendHeaders(
        [
            (ACCESS, access, "Path=/api; SameSite=Lax; HttpOnly"),
            (
                REFRESH,
                refresh,
                "Path=/api/v1/auth; SameSite=Strict; HttpOnly",
            ),
            (CSRF, csrf, "Path=/; SameSite=Lax"),
        ]
        .map(|(name, value, attributes)| {
            (
                SET_COOKIE,
                format!("{name}={value}; {attributes}; Max-Age={max_age}{secure}"),
            )
        }),
    )
}
