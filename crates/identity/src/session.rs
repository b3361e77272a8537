//! Sessions: logging in, staying logged in, switching organisations, logging out.
//!
//! A session is kept up by refresh tokens. Each is used once, for the next one; a used one that
//! comes again was stolen from somebody, so the whole session ends. Two tabs of a browser may
//! race with the same token, so that within [`REUSE_GRACE`] a used one still gets a new one.

use std::{net::IpAddr, time::Duration};

use kernel::{Caller, Code, PersonId, Problem, Role, SessionId, TenantId};
use secrecy::SecretString;
use store::{Scope, Tx};

use crate::{
    Email, Identity, User,
    lockout::Subject,
    person::{Person, require_session},
    repo, secret,
    token::ACCESS_LASTS,
};

/// How long a session lasts after its last refresh.
pub(crate) const SESSION_LASTS: Duration = Duration::from_hours(30 * 24);
/// How long after its use a refresh token may come again without suspicion.
const REUSE_GRACE: Duration = Duration::from_secs(10);

kernel::text_enum! {
    /// How a client carries its tokens.
    pub enum Transport {
        /// In the body and the `Authorization` header: programs.
        Bearer = "bearer",
        /// In cookies that scripts can't read: browsers.
        Cookie = "cookie",
    }
}

/// What a client gets to prove later who it is.
#[derive(Clone)]
pub struct Tokens {
    /// How they are carried.
    pub transport: Transport,
    /// For [`expires_in`](Self::expires_in), on each request.
    pub access: String,
    /// For new tokens, once.
    pub refresh: String,
    /// What requests by cookie prove with that they come from our pages.
    pub csrf: String,
    /// How long the access token lasts.
    pub expires_in: Duration,
    /// How long the refresh token lasts.
    pub refresh_expires_in: Duration,
}

/// A log-in: who it is and what he gets.
#[derive(Clone)]
pub struct Grant {
    /// Who, in the organisation that he now acts for.
    pub user: User,
    /// The tokens.
    pub tokens: Tokens,
}

/// A refresh token as it reached us.
#[derive(Clone, Copy)]
pub enum Presented<'a> {
    /// In a body, where only the client itself can have put it.
    Body(&'a str),
    /// In a cookie, which a browser sends whoever asks it to, so that the CSRF token must go
    /// with it.
    Cookie {
        /// The refresh token.
        token: &'a str,
        /// The header `X-CSRF-Token`.
        csrf: Option<&'a str>,
    },
}

impl Presented<'_> {
    fn token(&self) -> &str {
        match self {
            Self::Body(token) | Self::Cookie { token, .. } => token,
        }
    }
}

/// A session that was begun or goes on, of which the client is still to get tokens.
pub(crate) struct Opened {
    pub(crate) session: SessionId,
    pub(crate) transport: Transport,
    pub(crate) person: PersonId,
    pub(crate) tenant: TenantId,
    refresh: String,
}

impl Identity {
    /// Logs a person in, to the organisation he used last.
    pub async fn log_in(
        &self,
        email: &str,
        password: SecretString,
        transport: Transport,
        address: Option<IpAddr>,
    ) -> Result<Grant, Problem> {
        // What is no address can be nobody's.
        let email = Email::parse(email).ok_or_else(wrong_credentials)?;
        let person = self.prove(&email, password, address).await?;
        let mut tx = self.db.write(Scope::System).await?;
        let (tenant, role) = repo::member::last_used(&mut tx, person.id)
            .await?
            .ok_or_else(|| {
                Problem::new(
                    Code::Forbidden,
                    "You no longer belong to any organisation. Ask somebody for an invitation.",
                )
            })?;
        let opened = self
            .open_session(&mut tx, person.id, tenant, transport)
            .await?;
        tx.commit().await?;
        Ok(self.grant(&person, role, &opened))
    }

    /// The person whose e-mail and password these are. Failures are counted, and too many of
    /// them refused; an unknown e-mail costs as much time and says the same as a wrong password.
    pub(crate) async fn prove(
        &self,
        email: &Email,
        password: SecretString,
        address: Option<IpAddr>,
    ) -> Result<Person, Problem> {
        let subjects = Subject::of(email, address);
        // From here to the end, so that attempts at once can't all pass before the first counts.
        let turn = self.passwords.turn().await?;
        let has_failed = self.refuse_locked(&subjects).await?;
        let person = {
            let mut tx = self.db.read(Scope::System).await?;
            repo::person::by_email(&mut tx, email).await?
        };
        let hash = person.as_ref().map(|person| person.password_hash.clone());
        let matches = turn.verify(password, hash).await?;
        match person {
            Some(person) if matches => {
                if has_failed {
                    let mut tx = self.db.write(Scope::System).await?;
                    Self::forgive(&mut tx, email).await?;
                    tx.commit().await?;
                }
                Ok(person)
            }
            _ => {
                self.count_failure(&subjects).await?;
                Err(wrong_credentials())
            }
        }
    }

    /// Gives new tokens for a refresh token.
    pub async fn refresh(&self, presented: Presented<'_>) -> Result<Tokens, Problem> {
        let now = self.env.now();
        let hash = secret::hash(presented.token());
        let mut tx = self.db.write(Scope::System).await?;
        let found = repo::session::by_token(&mut tx, &hash)
            .await?
            .ok_or_else(expired)?;
        if found.ended_at.is_some() || found.expires_at <= now || found.token_expires_at <= now {
            return Err(expired());
        }
        if let Presented::Cookie { csrf, .. } = presented
            && !self.keys.csrf_matches(found.id, csrf)
        {
            return Err(csrf_rejected());
        }
        if found
            .used_at
            .is_some_and(|used_at| now > used_at + REUSE_GRACE)
        {
            tracing::warn!(session = %found.id, "a used refresh token came again; the session is ended");
            return Err(self.end_with(tx, found.id).await?);
        }
        let tenant = match repo::member::role(&mut tx, found.tenant_id, found.person_id).await? {
            Some(_) => found.tenant_id,
            // Removed from the organisation in the meantime: on to another one.
            None => match repo::member::last_used(&mut tx, found.person_id).await? {
                Some((tenant, _)) => tenant,
                None => return Err(self.end_with(tx, found.id).await?),
            },
        };
        repo::session::use_token(&mut tx, &hash, now).await?;
        repo::session::extend(&mut tx, found.id, tenant, now + SESSION_LASTS).await?;
        let refresh = self.new_refresh_token(&mut tx, found.id).await?;
        tx.commit().await?;
        Ok(self.tokens(&Opened {
            session: found.id,
            transport: found.transport,
            person: found.person_id,
            tenant,
            refresh,
        }))
    }

    /// Ends the session while it is being refreshed, and says so.
    async fn end_with(&self, mut tx: Tx, session: SessionId) -> Result<Problem, Problem> {
        repo::session::end(&mut tx, session, self.env.now()).await?;
        tx.commit().await?;
        self.recheck_all();
        Ok(expired())
    }

    /// Ends the caller's session, or the one that the refresh token is of: the access token may
    /// have run out before.
    pub async fn log_out(
        &self,
        caller: Option<&Caller>,
        presented: Option<Presented<'_>>,
    ) -> Result<(), Problem> {
        let mut tx = self.db.write(Scope::System).await?;
        let session = match (caller, presented) {
            (Some(caller), _) => {
                require_session(caller)?;
                caller.session()
            }
            (None, Some(presented)) => {
                let hash = secret::hash(presented.token());
                let found = repo::session::by_token(&mut tx, &hash)
                    .await?
                    .map(|found| found.id);
                if let (Some(session), Presented::Cookie { csrf, .. }) = (found, presented)
                    && !self.keys.csrf_matches(session, csrf)
                {
                    return Err(csrf_rejected());
                }
                found
            }
            (None, None) => {
                return Err(Problem::new(
                    Code::Unauthenticated,
                    "You are not logged in.",
                ));
            }
        };
        if let Some(session) = session {
            repo::session::end(&mut tx, session, self.env.now()).await?;
            tx.commit().await?;
            self.recheck_all();
        }
        Ok(())
    }

    /// Goes on in another organisation that the caller belongs to.
    pub async fn switch(&self, caller: &Caller, to: TenantId) -> Result<Grant, Problem> {
        require_session(caller)?;
        let mut tx = self.db.write(Scope::System).await?;
        let role = repo::member::role(&mut tx, to, caller.person)
            .await?
            .ok_or_else(|| Problem::not_found("organisation among yours"))?;
        let person = repo::person::get(&mut tx, caller.person).await?;
        let opened = self.move_session(&mut tx, caller, to).await?;
        tx.commit().await?;
        Ok(self.grant(&person, role, &opened))
    }

    /// Begins a session.
    pub(crate) async fn open_session(
        &self,
        tx: &mut Tx,
        person: PersonId,
        tenant: TenantId,
        transport: Transport,
    ) -> Result<Opened, Problem> {
        let session = self.env.id();
        let now = self.env.now();
        let row = (session, person, tenant, transport);
        repo::session::insert(tx, row, now, now + SESSION_LASTS).await?;
        let refresh = self.new_refresh_token(tx, session).await?;
        Ok(Opened {
            session,
            transport,
            person,
            tenant,
            refresh,
        })
    }

    /// Moves the caller's session to another organisation.
    pub(crate) async fn move_session(
        &self,
        tx: &mut Tx,
        caller: &Caller,
        to: TenantId,
    ) -> Result<Opened, Problem> {
        let session = caller.session().ok_or_else(expired)?;
        repo::session::switch(tx, session, to).await?;
        let transport = repo::session::transport(tx, session).await?;
        let refresh = self.new_refresh_token(tx, session).await?;
        Ok(Opened {
            session,
            transport,
            person: caller.person,
            tenant: to,
            refresh,
        })
    }

    async fn new_refresh_token(&self, tx: &mut Tx, session: SessionId) -> Result<String, Problem> {
        let token = secret::generate(&self.env);
        let expires_at = self.env.now() + SESSION_LASTS;
        repo::session::insert_token(tx, secret::hash(&token), session, expires_at).await?;
        Ok(token)
    }

    pub(crate) fn grant(&self, person: &Person, role: Role, opened: &Opened) -> Grant {
        Grant {
            user: person.user(role),
            tokens: self.tokens(opened),
        }
    }

    fn tokens(&self, opened: &Opened) -> Tokens {
        let Opened {
            session,
            transport,
            person,
            tenant,
            refresh,
        } = opened;
        Tokens {
            transport: *transport,
            access: self.keys.sign(*person, *session, *tenant, self.env.now()),
            refresh: refresh.clone(),
            csrf: self.keys.csrf_token(*session),
            expires_in: ACCESS_LASTS,
            refresh_expires_in: SESSION_LASTS,
        }
    }
}

fn wrong_credentials() -> Problem {
    Problem::new(
        Code::InvalidCredentials,
        "The e-mail address or the password is wrong. Check both and try again.",
    )
}

pub(crate) fn expired() -> Problem {
    Problem::new(
        Code::SessionExpired,
        "Your session has ended. Log in again.",
    )
}

pub(crate) fn csrf_rejected() -> Problem {
    Problem::new(
        Code::CsrfRejected,
        "The request lacks the right X-CSRF-Token header. Reload the page and try again; programs \
         send the value of the cookie allin_csrf.",
    )
}
