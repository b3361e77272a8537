//! People: who they are, apart from the organisations they belong to.

use std::collections::HashMap;

use kernel::{Caller, Code, Fields, Permission, PersonId, Problem, Role, SessionId};
use secrecy::SecretString;
use serde::Serialize;
use store::Scope;
use utoipa::ToSchema;

use crate::{Identity, Organization, OrganizationRef, lockout::Subject, password, repo};

/// The longest name of a person or an organisation, in characters.
pub(crate) const NAME_MAX: usize = 120;

/// An e-mail address that looks like one. Two that differ only in case are the same.
#[derive(Clone, Debug)]
pub struct Email(String);

impl Email {
    /// Reads an address, without the blanks around it.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (local, domain) = text.rsplit_once('@')?;
        let plain =
            |c: char| !c.is_whitespace() && !c.is_control() && !"@<>()[],;:\\\"".contains(c);
        let label = |label: &str| {
            !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-')
        };
        let fits = text.len() <= 254 && (1..=64).contains(&local.len());
        let sound =
            local.chars().all(plain) && domain.contains('.') && domain.split('.').all(label);
        (fits && sound).then(|| Self(text.to_owned()))
    }

    /// As the person wrote it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// As it is compared.
    pub fn key(&self) -> String {
        self.0.to_lowercase()
    }
}

impl PartialEq for Email {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Email {}

/// Reads the field `email`, noting a problem if it is none.
pub(crate) fn read_email(fields: &mut Fields, email: &str) -> Option<Email> {
    let parsed = Email::parse(email);
    fields.check(
        parsed.is_some(),
        "email",
        "not_an_email",
        "Enter an e-mail address, such as ada@example.org.",
    );
    parsed
}

/// A person in the organisation that he acts for.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct User {
    /// The person's id.
    pub id: PersonId,
    /// The e-mail address that he logs in with.
    pub email: String,
    /// What he is called.
    pub name: String,
    /// His role in the organisation.
    pub role: Role,
    /// A picture of him.
    #[schema(required)]
    pub avatar_url: Option<String>,
}

/// Who is logged in, where, and what he may do there.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Me {
    /// The person.
    pub user: User,
    /// The organisation that he acts for.
    pub organization: Organization,
    /// Every organisation that he can switch to.
    pub organizations: Vec<OrganizationRef>,
    /// What he may do in this organisation.
    pub permissions: Vec<Permission>,
}

/// A person as stored.
#[derive(Clone, Debug, store::FromRow)]
pub(crate) struct Person {
    pub(crate) id: PersonId,
    pub(crate) email: String,
    pub(crate) name: String,
    pub(crate) password_hash: String,
}

impl Person {
    pub(crate) fn user(&self, role: Role) -> User {
        User {
            id: self.id,
            email: self.email.clone(),
            name: self.name.clone(),
            role,
            avatar_url: None,
        }
    }
}

impl Identity {
    /// Who is logged in, where, and what he may do there.
    pub async fn me(&self, caller: &Caller) -> Result<Me, Problem> {
        let mut tx = self.db.read(Scope::System).await?;
        let person = repo::person::get(&mut tx, caller.person).await?;
        let tenant = repo::tenant::get(&mut tx, caller.tenant)
            .await?
            .ok_or_else(|| Problem::not_found("organisation"))?;
        let organizations = crate::tenant::visible(&mut tx, caller).await?;
        Ok(Me {
            user: person.user(caller.role),
            organization: tenant.into(),
            organizations,
            permissions: Permission::ALL
                .iter()
                .copied()
                .filter(|p| caller.holds(*p))
                .collect(),
        })
    }

    /// Changes what the caller is called.
    pub async fn rename_me(&self, caller: &Caller, name: Option<&str>) -> Result<Me, Problem> {
        require_session(caller)?;
        if let Some(name) = name {
            let mut fields = Fields::new();
            fields.text("name", name, NAME_MAX);
            fields.finish()?;
            let mut tx = self.db.write(Scope::System).await?;
            repo::person::rename(&mut tx, caller.person, name.trim(), self.env.now()).await?;
            tx.commit().await?;
        }
        self.me(caller).await
    }

    /// Changes the caller's password and ends his other sessions.
    pub async fn change_password(
        &self,
        caller: &Caller,
        current: SecretString,
        new: SecretString,
    ) -> Result<(), Problem> {
        require_session(caller)?;
        let person = {
            let mut tx = self.db.read(Scope::System).await?;
            repo::person::get(&mut tx, caller.person).await?
        };
        let email = stored_email(&person)?;
        password::require("newPassword", &new, &email)?;
        let turn = self.passwords.turn().await?;
        let subjects = Subject::of(&email, None);
        self.refuse_locked(&subjects).await?;
        if !turn.verify(current, Some(person.password_hash)).await? {
            self.count_failure(&subjects).await?;
            return Err(Problem::field(
                "currentPassword",
                "wrong_password",
                "That is not your current password.",
            ));
        }
        let hash = turn.hash(&self.env, new).await?;
        drop(turn);
        self.store_password(person.id, &email, &hash, caller.session())
            .await
    }

    /// Gives a person a new password, as the system, and ends all his sessions.
    pub async fn reset_password(&self, email: &str, new: SecretString) -> Result<(), Problem> {
        let mut fields = Fields::new();
        let email = read_email(&mut fields, email);
        fields.finish()?;
        let unknown = || {
            Problem::new(
                Code::NotFound,
                "Nobody is registered with this e-mail address.",
            )
        };
        let email = email.ok_or_else(unknown)?;
        password::require("password", &new, &email)?;
        let mut tx = self.db.read(Scope::System).await?;
        let person = repo::person::by_email(&mut tx, &email)
            .await?
            .ok_or_else(unknown)?;
        drop(tx);
        let hash = self.passwords.turn().await?.hash(&self.env, new).await?;
        self.store_password(person.id, &email, &hash, None).await
    }

    async fn store_password(
        &self,
        person: PersonId,
        email: &Email,
        hash: &str,
        keep: Option<SessionId>,
    ) -> Result<(), Problem> {
        let now = self.env.now();
        let mut tx = self.db.write(Scope::System).await?;
        repo::person::set_password(&mut tx, person, hash, now).await?;
        repo::session::end_all(&mut tx, person, keep, now).await?;
        Self::forgive(&mut tx, email).await?;
        tx.commit().await?;
        self.recheck_all();
        Ok(())
    }

    /// What people are called, of those that exist.
    pub async fn people(&self, ids: &[PersonId]) -> Result<HashMap<PersonId, String>, Problem> {
        let mut tx = self.db.read(Scope::System).await?;
        Ok(repo::person::names(&mut tx, ids).await?)
    }
}

pub(crate) fn stored_email(person: &Person) -> Result<Email, Problem> {
    Email::parse(&person.email).ok_or_else(|| Problem::internal("a stored e-mail does not parse"))
}

/// What concerns the person himself needs a log-in: an API token acts for one organisation.
pub(crate) fn require_session(caller: &Caller) -> Result<(), Problem> {
    if caller.session().is_some() {
        return Ok(());
    }
    Err(Problem::new(
        Code::Forbidden,
        "An API token can't do this. Log in with your password.",
    ))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn addresses_are_told_from_other_texts() {
        for good in [
            "ada@example.org",
            " Ada.L+x@Mail.Example.org ",
            "ä@bücher.example",
        ] {
            assert!(Email::parse(good).is_some(), "{good}");
        }
        for bad in [
            "",
            "ada",
            "ada@",
            "@example.org",
            "ada@example",
            "ada@@example.org",
            "a b@example.org",
            "ada@exa mple.org",
            "ada@.org",
            "ada@example..org",
            "Ada <ada@example.org>",
            "a@b.org,c@d.org",
            "ada@example.org\u{0}",
        ] {
            assert!(Email::parse(bad).is_none(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn case_and_blanks_do_not_make_another_address(local in "[a-z0-9.+]{1,20}", domain in "[a-z]{1,9}\\.[a-z]{2,4}") {
            let written = format!("{local}@{domain}");
            let email = Email::parse(&written).unwrap();
            prop_assert_eq!(Email::parse(&format!("  {} ", written.to_uppercase())).unwrap(), email);
        }
    }
}
