//! Who asks: from the headers of a request to a [`Caller`].

use axum::{
    extract::{Request, State},
    http::{HeaderMap, Method, header::AUTHORIZATION},
    middleware::Next,
    response::{IntoResponse, Response},
};
use axum_extra::extract::CookieJar;
use http_kit::Failure;
use kernel::{ApiTokenId, Caller, Code, Problem, SessionId, TenantId, Via};
use store::Scope;

use crate::{Identity, api_token, cookies, repo, session, token::Refused};

/// What a caller proved himself with; the answer to it is remembered for a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Proof {
    Session(SessionId, TenantId),
    ApiToken([u8; 32]),
}

/// Endpoints that nobody needs to be logged in for. A proof that is not taken (a cookie of a
/// session that is over) does not keep anybody out of them.
const ANONYMOUS: [&str; 7] = [
    "/auth/register",
    "/auth/login",
    "/auth/refresh",
    "/auth/logout",
    "/invitations/preview",
    "/invitations/accept",
    // The browser comes back from a network; the page tells him to log in again if he must.
    "/oauth/callback",
];

/// Middleware that puts the [`Caller`] into the request's extensions, where there is one, and
/// refuses requests whose proof is not taken.
///
/// For `axum::middleware::from_fn_with_state(identity, identity::authenticate)`.
pub async fn authenticate(
    State(identity): State<Identity>,
    mut request: Request,
    next: Next,
) -> Response {
    match identity
        .authenticate(request.method(), request.headers())
        .await
    {
        Ok(Some(caller)) => {
            request.extensions_mut().insert(caller);
        }
        Ok(None) => {}
        Err(problem) => {
            let ours = problem.code().status() >= 500;
            let path = request.uri().path();
            if ours || !ANONYMOUS.iter().any(|anonymous| path.ends_with(anonymous)) {
                return Failure::from(problem).into_response();
            }
        }
    }
    next.run(request).await
}

impl Identity {
    /// Who asks, by `Authorization: Bearer …` (an access token or an API token), or else by
    /// cookie. `None` is an anonymous request; a proof that is not taken is a problem:
    ///
    /// * [`Code::Unauthenticated`]: not a token of ours, or one that was revoked,
    /// * [`Code::SessionExpired`]: refresh the session, or log in again,
    /// * [`Code::CsrfRejected`]: a cookie without the CSRF token, with an unsafe method.
    ///
    /// That the session is alive and the membership still there is checked in the database, at
    /// most [`IdentityConfig::recheck_after`](crate::IdentityConfig::recheck_after) ago.
    pub async fn authenticate(
        &self,
        method: &Method,
        headers: &HeaderMap,
    ) -> Result<Option<Caller>, Problem> {
        if let Some(authorization) = headers.get(AUTHORIZATION) {
            let bearer = authorization.to_str().ok().and_then(|text| {
                let (scheme, token) = text.split_once(' ')?;
                scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
            });
            return match bearer {
                Some(token) if token.starts_with(api_token::PREFIX) => {
                    self.by_api_token(token).await.map(Some)
                }
                Some(token) => {
                    let (caller, _) = self.by_access_token(token).await?;
                    Ok(Some(caller))
                }
                None => Err(unknown_token()),
            };
        }
        let jar = CookieJar::from_headers(headers);
        let Some(cookie) = jar.get(cookies::ACCESS) else {
            return Ok(None);
        };
        let (caller, session) = self.by_access_token(cookie.value()).await?;
        if !method.is_safe()
            && !self
                .keys
                .csrf_matches(session, cookies::csrf_header(headers))
        {
            return Err(session::csrf_rejected());
        }
        Ok(Some(caller))
    }

    async fn by_access_token(&self, token: &str) -> Result<(Caller, SessionId), Problem> {
        let claims = self
            .keys
            .verify(token, self.env.now())
            .map_err(|refused| match refused {
                Refused::Invalid => unknown_token(),
                Refused::Expired => Problem::new(
                    Code::SessionExpired,
                    "The access token has run out. Refresh the session, or log in again.",
                ),
            })?;
        let proof = Proof::Session(claims.sid, claims.tid);
        if let Some(caller) = self.proven.get(&proof).await {
            return Ok((caller, claims.sid));
        }
        let mut tx = self.db.read(Scope::System).await?;
        let role = repo::session::role(&mut tx, claims.tid, claims.sid, claims.sub, self.env.now())
            .await?
            .ok_or_else(session::expired)?;
        let via = Via::Session(claims.sid);
        let caller = Caller {
            person: claims.sub,
            tenant: claims.tid,
            role,
            via,
        };
        self.proven.insert(proof, caller.clone()).await;
        Ok((caller, claims.sid))
    }

    async fn by_api_token(&self, token: &str) -> Result<Caller, Problem> {
        let hash = crate::secret::hash(token);
        let proof = Proof::ApiToken(hash.as_slice().try_into().map_err(Problem::internal)?);
        if let Some(caller) = self.proven.get(&proof).await {
            return Ok(caller);
        }
        let now = self.env.now();
        let found = {
            let mut tx = self.db.read(Scope::System).await?;
            repo::api_token::by_hash(&mut tx, &hash)
                .await?
                .ok_or_else(unknown_token)?
        };
        let caller = found.caller(now).ok_or_else(unknown_token)?;
        if found
            .last_used_at
            .is_none_or(|used| now >= used + api_token::NOTE_USE_EVERY)
        {
            self.note_use(found.id).await?;
        }
        self.proven.insert(proof, caller.clone()).await;
        Ok(caller)
    }

    async fn note_use(&self, token: ApiTokenId) -> Result<(), Problem> {
        let mut tx = self.db.write(Scope::System).await?;
        repo::api_token::note_use(&mut tx, token, self.env.now()).await?;
        Ok(tx.commit().await?)
    }

    /// Forgets what was proven, after a change of who may do what. Other processes notice within
    /// [`IdentityConfig::recheck_after`](crate::IdentityConfig::recheck_after).
    pub(crate) fn recheck_all(&self) {
        self.proven.invalidate_all();
    }
}

fn unknown_token() -> Problem {
    Problem::new(
        Code::Unauthenticated,
        "The token is unknown, was revoked or has run out. Log in, or send another token.",
    )
}
