//! Apps, codes and tokens of one network.

use std::{collections::HashMap, time::Duration};

use kernel::Timestamp;

use crate::kit::{Site, Trouble};

/// How long an authorisation code may be redeemed: at most ten minutes, by RFC 6749 §4.1.2.
const CODE_LIFETIME: Duration = Duration::from_mins(10);

/// A client.
#[derive(Clone, Debug)]
pub(crate) struct App {
    pub(crate) name: String,
    pub(crate) secret: String,
    /// The addresses it may send people back to; empty: any.
    pub(crate) redirect_uris: Vec<String>,
    /// The scopes it may ask for; empty: any.
    pub(crate) scopes: Vec<String>,
}

/// An authorisation code that waits to be redeemed, once.
#[derive(Clone, Debug)]
pub(crate) struct Grant {
    pub(super) redirect_uri: String,
    /// Challenge and method.
    pub(super) challenge: Option<(String, super::Method)>,
    pub(super) issued_at: Timestamp,
    /// Whether it earns a refresh token.
    pub(super) refresh: bool,
    pub(super) token: Token,
    spent: bool,
}

/// What a token stands for.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    /// The username of a person or a company.
    pub(crate) account: String,
    pub(crate) client_id: String,
    pub(crate) app_name: String,
    /// The granted scopes, sorted.
    pub(crate) scopes: Vec<String>,
    /// The usernames of the companies that the person chose.
    pub(crate) companies: Vec<String>,
    /// The consent it comes from: revoking ends all of its tokens.
    pub(crate) consent: u64,
    /// When it ends, if ever.
    pub(crate) expires_at: Option<Timestamp>,
    revoked: bool,
}

impl Token {
    pub(super) fn new(
        account: String,
        (client_id, app_name): (String, String),
        scopes: Vec<String>,
        companies: Vec<String>,
        consent: u64,
    ) -> Self {
        Self {
            account,
            client_id,
            app_name,
            scopes,
            companies,
            consent,
            expires_at: None,
            revoked: false,
        }
    }
}

/// Tokens that were just issued.
#[derive(Clone, Debug)]
pub(crate) struct Issued {
    pub(crate) access_token: String,
    /// What the access token stands for.
    pub(crate) token: Token,
    /// Seconds that the access token works.
    pub(crate) expires_in: Option<u64>,
    pub(crate) refresh_token: Option<String>,
    /// Seconds that the refresh token works.
    pub(crate) refresh_expires_in: Option<u64>,
}

/// Everything OAuth remembers.
#[derive(Debug)]
pub(crate) struct Store {
    pub(crate) apps: HashMap<String, App>,
    grants: HashMap<String, Grant>,
    tokens: HashMap<String, Token>,
    refresh_tokens: HashMap<String, Token>,
}

impl Store {
    pub(crate) fn new() -> Self {
        let app = App {
            name: "AllIN".to_owned(),
            secret: "sandbox-secret".to_owned(),
            redirect_uris: Vec::new(),
            scopes: Vec::new(),
        };
        Self {
            apps: HashMap::from([("sandbox-app".to_owned(), app)]),
            grants: HashMap::new(),
            tokens: HashMap::new(),
            refresh_tokens: HashMap::new(),
        }
    }

    pub(super) fn add_grant(&mut self, code: String, grant: Grant) {
        self.grants.insert(code, grant);
    }

    /// Takes a code; `None` where it is unknown, too old or used. A code that comes twice ends
    /// what it gave the first time (RFC 6749 §4.1.2).
    pub(super) fn redeem(&mut self, code: &str, now: Timestamp) -> Option<Grant> {
        let grant = self.grants.get_mut(code)?;
        if grant.spent {
            let consent = grant.token.consent;
            self.revoke_consent(consent);
            return None;
        }
        grant.spent = true;
        (now.since(grant.issued_at) <= CODE_LIFETIME).then(|| grant.clone())
    }

    /// What an access token stands for, or what is wrong with it.
    pub(crate) fn token(&self, token: &str, now: Timestamp) -> Result<&Token, Trouble> {
        let found = self.tokens.get(token).ok_or(Trouble::TokenUnknown)?;
        if found.revoked {
            Err(Trouble::TokenRevoked)
        } else if found.expires_at.is_some_and(|end| end <= now) {
            Err(Trouble::TokenExpired)
        } else {
            Ok(found)
        }
    }

    /// A refresh token that still works, taken out if it rotates.
    pub(super) fn refresh(&mut self, token: &str, rotates: bool, now: Timestamp) -> Option<Token> {
        let found = self.refresh_tokens.get(token)?;
        let works = !found.revoked && found.expires_at.is_none_or(|end| end > now);
        if !works {
            return None;
        }
        if rotates {
            self.refresh_tokens.remove(token)
        } else {
            Some(found.clone())
        }
    }

    /// The consent that an access or refresh token comes from, with its client.
    pub(super) fn consent_of(&self, token: &str) -> Option<(u64, String)> {
        self.tokens
            .get(token)
            .or_else(|| self.refresh_tokens.get(token))
            .map(|token| (token.consent, token.client_id.clone()))
    }

    /// Ends all tokens of one consent.
    pub(crate) fn revoke_consent(&mut self, consent: u64) {
        let all = self
            .tokens
            .values_mut()
            .chain(self.refresh_tokens.values_mut());
        all.filter(|token| token.consent == consent)
            .for_each(|token| token.revoked = true);
    }

    /// Everybody withdraws his consent.
    pub(crate) fn revoke_all(&mut self) {
        let all = self
            .tokens
            .values_mut()
            .chain(self.refresh_tokens.values_mut());
        all.for_each(|token| token.revoked = true);
    }

    /// All access tokens are too old from now on; refresh tokens stay.
    pub(crate) fn expire_all(&mut self, now: Timestamp) {
        for token in self.tokens.values_mut() {
            token.expires_at = Some(now);
        }
    }
}

impl Grant {
    pub(super) const fn new(
        token: Token,
        redirect_uri: String,
        challenge: Option<(String, super::Method)>,
        issued_at: Timestamp,
        refresh: bool,
    ) -> Self {
        Self {
            redirect_uri,
            challenge,
            issued_at,
            refresh,
            token,
            spent: false,
        }
    }
}

impl Site {
    /// Issues an access token that works for `seconds`, and keeps it. Networks call it for
    /// tokens of their own, such as those of pages: `Token { account: page, ..actor.token }`.
    pub(crate) fn issue(&self, token: Token, seconds: Option<u64>) -> Issued {
        let mut token = token;
        token.expires_at = seconds.map(|seconds| self.now() + Duration::from_secs(seconds));
        let access_token = self.secret();
        self.oauth()
            .tokens
            .insert(access_token.clone(), token.clone());
        Issued {
            access_token,
            token,
            expires_in: seconds,
            refresh_token: None,
            refresh_expires_in: None,
        }
    }

    /// As [`Site::issue`], with a new refresh token beside it.
    pub(super) fn issue_with_refresh(&self, token: Token, lifetime: Option<u64>) -> Issued {
        let mut issued = self.issue(token, self.profile.oauth.access_seconds);
        let refresh_token = self.secret();
        let mut kept = issued.token.clone();
        kept.expires_at = lifetime.map(|seconds| self.now() + Duration::from_secs(seconds));
        self.oauth()
            .refresh_tokens
            .insert(refresh_token.clone(), kept);
        issued.refresh_token = Some(refresh_token);
        issued.refresh_expires_in = lifetime;
        issued
    }
}
