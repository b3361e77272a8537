//! Passwords: which are accepted, and how they are kept.

use std::sync::Arc;

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier},
};
use kernel::{Env, Fields, Problem};
use secrecy::{ExposeSecret, SecretString};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::Email;

/// The longest password, in characters.
const MAX: usize = 256;
/// The shortest password, in characters.
const MIN: usize = 8;
/// Shorter names before the `@` are found in passwords by mere chance.
const SHORTEST_TELLING_LOCAL_PART: usize = 3;
/// Hashes computed at once. Each takes 19 MiB and a core.
const AT_ONCE: usize = 2;

/// A hash of 32 random bytes that nobody kept. Checked where an e-mail is unknown, so that the
/// answer takes as long as for a known one.
const NOBODYS: &str = "$argon2id$v=19$m=19456,t=2,p=1$DhTQslsXpdEeDNVhtTzZZQ$BGhZx4eg6h+yBp0CKePWQY5KQTv63woyXE46f8GSgdE";

/// Notes every rule that `password` breaks, as problems of the field `path`.
pub(crate) fn check(fields: &mut Fields, path: &str, password: &SecretString, email: &str) {
    let password = password.expose_secret();
    let length = password.chars().count();
    let local_part = email.split('@').next().unwrap_or_default().to_lowercase();
    let has = |test: fn(char) -> bool| password.chars().any(test);
    fields.check(
        length >= MIN,
        path,
        "too_short",
        "Use at least 8 characters.",
    );
    fields.check(
        length <= MAX,
        path,
        "too_long",
        "Use at most 256 characters.",
    );
    fields.check(
        has(char::is_uppercase),
        path,
        "needs_upper_case",
        "Add an upper-case letter.",
    );
    fields.check(
        has(char::is_lowercase),
        path,
        "needs_lower_case",
        "Add a lower-case letter.",
    );
    fields.check(has(char::is_numeric), path, "needs_digit", "Add a digit.");
    fields.check(
        has(|c| !c.is_alphanumeric() && !c.is_control()),
        path,
        "needs_special",
        "Add a character that is neither a letter nor a digit, such as ! or #.",
    );
    let tells = local_part.chars().count() >= SHORTEST_TELLING_LOCAL_PART
        && password.to_lowercase().contains(&local_part);
    fields.check(
        !tells,
        path,
        "contains_email",
        "Leave your e-mail address out of the password.",
    );
}

/// Notes what is wrong with a new password of the person with this e-mail.
pub(crate) fn require(path: &str, password: &SecretString, email: &Email) -> Result<(), Problem> {
    let mut fields = Fields::new();
    check(&mut fields, path, password, email.as_str());
    fields.finish()
}

/// Computes password hashes: Argon2id with the parameters that OWASP recommends, off the
/// threads that serve requests, and only a few at once.
#[derive(Clone)]
pub(crate) struct Passwords {
    at_once: Arc<Semaphore>,
}

impl Passwords {
    pub(crate) fn new() -> Self {
        Self {
            at_once: Arc::new(Semaphore::new(AT_ONCE)),
        }
    }

    /// Waits for a turn.
    pub(crate) async fn turn(&self) -> Result<Turn<'_>, Problem> {
        self.at_once
            .acquire()
            .await
            .map(Turn)
            .map_err(Problem::internal)
    }
}

/// The right to compute, for as long as it is held.
pub(crate) struct Turn<'a>(#[expect(dead_code, reason = "held, not read")] SemaphorePermit<'a>);

impl Turn<'_> {
    /// The hash that is stored of `password`, in the PHC string format.
    pub(crate) async fn hash(&self, env: &Env, password: SecretString) -> Result<String, Problem> {
        let salt = env.bytes::<16>();
        tokio::task::spawn_blocking(move || {
            argon2().hash_password_with_salt(password.expose_secret().as_bytes(), &salt)
        })
        .await
        .map_err(Problem::internal)?
        .map(|hash| hash.to_string())
        .map_err(|error| Problem::internal(error.to_string()))
    }

    /// Whether `password` is the one that `hash` was made of. Without a hash it is not, and it
    /// takes as long to say so.
    pub(crate) async fn verify(
        &self,
        password: SecretString,
        hash: Option<String>,
    ) -> Result<bool, Problem> {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODYS.to_owned());
        let matches = tokio::task::spawn_blocking(move || {
            argon2()
                .verify_password(password.expose_secret().as_bytes(), hash.as_str())
                .is_ok()
        })
        .await
        .map_err(Problem::internal)?;
        Ok(matches && known)
    }
}

/// 19 MiB, two passes, one lane: <https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html>
fn argon2() -> Argon2<'static> {
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::DEFAULT)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn broken(password: &str, email: &str) -> Vec<String> {
        let mut fields = Fields::new();
        check(&mut fields, "password", &password.into(), email);
        let Err(problem) = fields.finish() else {
            return Vec::new();
        };
        problem.details().unwrap()["fields"]
            .as_array()
            .unwrap()
            .iter()
            .map(|field| field["code"].as_str().unwrap().to_owned())
            .collect()
    }

    #[test]
    fn every_broken_rule_is_named() {
        assert_eq!(
            broken("Correct-Horse-7", "ada@example.org"),
            Vec::<String>::new()
        );
        assert_eq!(
            broken("abc", "ada@example.org"),
            [
                "too_short",
                "needs_upper_case",
                "needs_digit",
                "needs_special"
            ]
        );
        assert_eq!(
            broken("I-am-ADA-1815", "ada@example.org"),
            ["contains_email"]
        );
        assert_eq!(
            broken("I-am-Al-1815", "al@example.org"),
            Vec::<String>::new()
        );
        assert_eq!(
            broken(&format!("Aa1!{}", "x".repeat(253)), "ada@example.org"),
            ["too_long"]
        );
        assert_eq!(
            broken("Пароль-и-слово-7", "ada@example.org"),
            Vec::<String>::new()
        );
    }

    #[tokio::test]
    async fn a_hash_is_of_one_password_and_nobodys_costs_the_same() {
        let env = Env::system();
        let passwords = Passwords::new();
        let turn = passwords.turn().await.unwrap();
        let hash = turn.hash(&env, "Correct-Horse-7".into()).await.unwrap();
        let parameters = |hash: &str| hash.rsplitn(3, '$').last().map(str::to_owned);
        assert_eq!(parameters(&hash), parameters(NOBODYS));
        // "Invalid password", not "unreadable hash", which would take no time at all.
        let checked = argon2().verify_password(b"Correct-Horse-7", NOBODYS);
        assert_eq!(checked, Err(argon2::password_hash::Error::PasswordInvalid));
        assert!(
            turn.verify("Correct-Horse-7".into(), Some(hash.clone()))
                .await
                .unwrap()
        );
        assert!(
            !turn
                .verify("Correct-Horse-8".into(), Some(hash))
                .await
                .unwrap()
        );
        assert!(!turn.verify("Correct-Horse-7".into(), None).await.unwrap());
    }

    proptest! {
        #[test]
        fn what_is_accepted_keeps_the_policy(password in "\\PC{0,40}", local in "[a-z]{3,6}") {
            let email = format!("{local}@example.org");
            if broken(&password, &email).is_empty() {
                prop_assert!(password.chars().count() >= 8);
                prop_assert!(password.chars().any(char::is_uppercase));
                prop_assert!(password.chars().any(char::is_lowercase));
                prop_assert!(password.chars().any(char::is_numeric));
                prop_assert!(!password.chars().all(char::is_alphanumeric));
                prop_assert!(!password.to_lowercase().contains(&local));
            }
        }
    }
}
