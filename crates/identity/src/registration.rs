//! How people come in: by registering, or made by the system.

use kernel::{Code, Fields, PersonId, Problem, Role, TenantId};
use secrecy::SecretString;
use store::{Scope, Tx};

use crate::{
    Email, Grant, Identity, Registration, Tenant, Transport, password,
    person::{NAME_MAX, Person, read_email},
    repo,
    tenant::read_time_zone,
};

/// Who wants to come in, and the organisation that he founds.
#[derive(Debug)]
pub struct Newcomer {
    /// His e-mail address.
    pub email: String,
    /// His password.
    pub password: SecretString,
    /// What he is called.
    pub name: String,
    /// The name of his organisation.
    pub tenant_name: String,
    /// The IANA name of its time zone; UTC if he gives none.
    pub time_zone: Option<String>,
}

impl Identity {
    /// Registers a person who founds an organisation, and logs him in.
    pub async fn register(
        &self,
        newcomer: Newcomer,
        transport: Transport,
    ) -> Result<Grant, Problem> {
        let (person, email, tenant) = self.admit(newcomer, false).await?;
        let recorded = async {
            let mut tx = self.db.write(Scope::System).await?;
            self.require_registration_open(&mut tx).await?;
            let tenant = self
                .record(&mut tx, &person, &email, tenant.clone())
                .await?;
            let opened = self
                .open_session(&mut tx, person.id, tenant.id, transport)
                .await?;
            tx.commit().await?;
            Ok(self.grant(&person, Role::Owner, &opened))
        }
        .await;
        if recorded.is_err() {
            self.discard(tenant.id).await;
        }
        recorded
    }

    /// Makes a person who owns a new organisation, as the system, whoever may register.
    pub async fn create_user(
        &self,
        email: &str,
        name: &str,
        password: SecretString,
        tenant_name: &str,
    ) -> Result<(PersonId, TenantId), Problem> {
        let newcomer = Newcomer {
            email: email.to_owned(),
            password,
            name: name.to_owned(),
            tenant_name: tenant_name.to_owned(),
            time_zone: None,
        };
        let (person, email, tenant) = self.admit(newcomer, true).await?;
        let recorded = async {
            let mut tx = self.db.write(Scope::System).await?;
            let tenant = self
                .record(&mut tx, &person, &email, tenant.clone())
                .await?;
            tx.commit().await?;
            Ok((person.id, tenant.id))
        }
        .await;
        if recorded.is_err() {
            self.discard(tenant.id).await;
        }
        recorded
    }

    /// Checks a newcomer and makes the database of his organisation; nothing is recorded yet.
    /// The cheap refusals come first.
    async fn admit(
        &self,
        newcomer: Newcomer,
        by_system: bool,
    ) -> Result<(Person, Email, Tenant), Problem> {
        let Newcomer {
            email: written,
            password,
            name,
            tenant_name,
            time_zone,
        } = newcomer;
        let mut tx = self.db.read(Scope::System).await?;
        if !by_system {
            self.require_registration_open(&mut tx).await?;
        }
        let mut fields = Fields::new();
        let email = read_email(&mut fields, &written);
        password::check(&mut fields, "password", &password, &written);
        fields.text("name", &name, NAME_MAX);
        fields.text("tenantName", &tenant_name, NAME_MAX);
        let time_zone = read_time_zone(&mut fields, time_zone.as_deref().unwrap_or("UTC"));
        fields.finish()?;
        let email = email.ok_or_else(|| Problem::internal("an e-mail passed without being one"))?;
        if repo::person::by_email(&mut tx, &email).await?.is_some() {
            return Err(email_taken());
        }
        drop(tx);
        let person = self.new_person(&email, &name, password).await?;
        let tenant = self.new_tenant(&tenant_name, time_zone);
        self.db.create_tenant(tenant.id).await?;
        Ok((person, email, tenant))
    }

    async fn record(
        &self,
        tx: &mut Tx,
        person: &Person,
        email: &Email,
        tenant: Tenant,
    ) -> Result<Tenant, Problem> {
        self.record_person(tx, person, email).await?;
        self.found(tx, tenant, person.id).await
    }

    pub(crate) async fn new_person(
        &self,
        email: &Email,
        name: &str,
        password: SecretString,
    ) -> Result<Person, Problem> {
        let password_hash = self
            .passwords
            .turn()
            .await?
            .hash(&self.env, password)
            .await?;
        Ok(Person {
            id: self.env.id(),
            email: email.as_str().to_owned(),
            name: name.trim().to_owned(),
            password_hash,
        })
    }

    pub(crate) async fn record_person(
        &self,
        tx: &mut Tx,
        person: &Person,
        email: &Email,
    ) -> Result<(), Problem> {
        match repo::person::insert(tx, person, email, self.env.now()).await {
            Err(error) if error.is_duplicate() => Err(email_taken()),
            other => Ok(other?),
        }
    }

    async fn require_registration_open(&self, tx: &mut Tx) -> Result<(), Problem> {
        let open = match self.settings.registration {
            Registration::Open => true,
            Registration::FirstOnly => !repo::person::any(tx).await?,
            Registration::InviteOnly => false,
        };
        if open {
            return Ok(());
        }
        Err(Problem::new(
            Code::Forbidden,
            "Registration is closed here. Ask somebody who has an account for an invitation.",
        ))
    }
}

fn email_taken() -> Problem {
    Problem::new(
        Code::EmailTaken,
        "Somebody has registered with this e-mail address. Log in instead, or use another one.",
    )
}
