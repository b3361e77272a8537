//! Access tokens: JSON Web Tokens (RFC 7519) signed with HMAC-SHA-256.
//!
//! The program reads only tokens that it made itself, so exactly one header is accepted and no
//! algorithm is ever chosen by a token.

use std::time::Duration;

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use kernel::{PersonId, SessionId, TenantId, Timestamp};
use secrecy::{ExposeSecret, SecretBox};
use serde::{Deserialize, Serialize};
use sha2::Sha256;
use subtle::ConstantTimeEq;

/// How long an access token is good for.
pub(crate) const ACCESS_LASTS: Duration = Duration::from_mins(15);

/// What an access token says. Rights are not in it: they are looked up, so that they can change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Claims {
    pub(crate) sub: PersonId,
    pub(crate) sid: SessionId,
    pub(crate) tid: TenantId,
    /// Seconds since 1970, as the standard has it.
    pub(crate) iat: i64,
    pub(crate) exp: i64,
}

/// Why a token is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refused {
    /// Not a token of ours.
    Invalid,
    /// Ours, but its time is over.
    Expired,
}

/// The keys derived from the installation's signing key, one for each use.
pub(crate) struct Keys {
    access: SecretBox<[u8; 32]>,
    csrf: SecretBox<[u8; 32]>,
}

impl Keys {
    pub(crate) fn derive(signing_key: &SecretBox<[u8; 32]>) -> Self {
        let derive = |purpose: &[u8]| SecretBox::init_with(|| mac(signing_key, purpose));
        Self {
            access: derive(b"allin access token"),
            csrf: derive(b"allin csrf token"),
        }
    }

    /// A token for `person` in `session`, acting in `tenant`.
    pub(crate) fn sign(
        &self,
        person: PersonId,
        session: SessionId,
        tenant: TenantId,
        now: Timestamp,
    ) -> String {
        let iat = now.as_seconds();
        let exp = (now + ACCESS_LASTS).as_seconds();
        let claims = serde_json::json!({ "sub": person, "sid": session, "tid": tenant, "iat": iat, "exp": exp });
        let signed = format!(
            "{}.{}",
            header(),
            URL_SAFE_NO_PAD.encode(claims.to_string())
        );
        let signature = URL_SAFE_NO_PAD.encode(mac(&self.access, signed.as_bytes()));
        format!("{signed}.{signature}")
    }

    /// Reads a token that [`sign`](Self::sign) made and whose time is not over.
    pub(crate) fn verify(&self, token: &str, now: Timestamp) -> Result<Claims, Refused> {
        let claims = self.read(token).ok_or(Refused::Invalid)?;
        if now.as_seconds() < claims.exp {
            Ok(claims)
        } else {
            Err(Refused::Expired)
        }
    }

    fn read(&self, token: &str) -> Option<Claims> {
        let (signed, signature) = token.rsplit_once('.')?;
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        let expected = mac(&self.access, signed.as_bytes());
        if !bool::from(expected.as_slice().ct_eq(&signature)) {
            return None;
        }
        let (read_header, claims) = signed.split_once('.')?;
        if read_header != header() {
            return None;
        }
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()
    }

    /// What a browser proves with that a request comes from our pages: bound to the session.
    pub(crate) fn csrf_token(&self, session: SessionId) -> String {
        URL_SAFE_NO_PAD.encode(mac(&self.csrf, session.0.as_bytes()))
    }

    /// Whether `presented` is the session's CSRF token.
    pub(crate) fn csrf_matches(&self, session: SessionId, presented: Option<&str>) -> bool {
        let expected = self.csrf_token(session);
        presented.is_some_and(|presented| expected.as_bytes().ct_eq(presented.as_bytes()).into())
    }
}

fn header() -> String {
    URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","typ":"JWT"}"#)
}

#[expect(clippy::expect_used, reason = "HMAC takes a key of any length")]
fn mac(key: &SecretBox<[u8; 32]>, message: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key.expose_secret()).expect("a key");
    mac.update(message);
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use kernel::uuid::Uuid;
    use proptest::prelude::*;

    use super::*;

    fn keys(byte: u8) -> Keys {
        Keys::derive(&SecretBox::new(Box::new([byte; 32])))
    }

    fn token(keys: &Keys, now: Timestamp) -> String {
        keys.sign(
            PersonId(Uuid::from_u128(1)),
            SessionId(Uuid::from_u128(2)),
            TenantId(Uuid::from_u128(3)),
            now,
        )
    }

    #[test]
    fn a_token_tells_what_was_signed_until_its_time_is_over() {
        let (keys, now) = (keys(1), Timestamp::from_micros(1_800_000_000_000_000));
        let token = token(&keys, now);
        let claims = keys.verify(&token, now).unwrap();
        assert_eq!(
            (
                claims.sub.0.as_u128(),
                claims.sid.0.as_u128(),
                claims.tid.0.as_u128()
            ),
            (1, 2, 3)
        );
        assert!(keys.verify(&token, now + Duration::from_secs(899)).is_ok());
        assert_eq!(
            keys.verify(&token, now + Duration::from_mins(15)),
            Err(Refused::Expired)
        );
    }

    #[test]
    fn another_key_and_another_algorithm_are_refused() {
        let now = Timestamp::from_micros(1_800_000_000_000_000);
        assert_eq!(
            keys(2).verify(&token(&keys(1), now), now),
            Err(Refused::Invalid)
        );
        let token = token(&keys(1), now);
        let (_, rest) = token.split_once('.').unwrap();
        let (claims, _) = rest.split_once('.').unwrap();
        let none = format!("{}.{claims}.", URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#));
        assert_eq!(keys(1).verify(&none, now), Err(Refused::Invalid));
    }

    #[test]
    fn a_csrf_token_belongs_to_one_session() {
        let (keys, one, other) = (
            keys(1),
            SessionId(Uuid::from_u128(1)),
            SessionId(Uuid::from_u128(2)),
        );
        assert!(keys.csrf_matches(one, Some(&keys.csrf_token(one))));
        assert!(!keys.csrf_matches(one, Some(&keys.csrf_token(other))));
        assert!(!keys.csrf_matches(one, None));
    }

    proptest! {
        #[test]
        fn no_changed_token_is_taken(at in 0usize..200, to in "[A-Za-z0-9_.-]") {
            let (keys, now) = (keys(1), Timestamp::from_micros(1_800_000_000_000_000));
            let original = token(&keys, now);
            let mut changed = original.clone();
            let at = at % changed.len();
            changed.replace_range(at..=at, &to);
            // Only the spelling counts: the last character of a signature carries two unused bits.
            prop_assume!(changed != original && at != original.len() - 1);
            prop_assert_eq!(keys.verify(&changed, now), Err(Refused::Invalid));
        }

        #[test]
        fn garbage_is_refused(text in ".{0,200}") {
            prop_assert_eq!(keys(1).verify(&text, Timestamp::from_micros(0)), Err(Refused::Invalid));
        }
    }
}
