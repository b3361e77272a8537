//! Invitations: a link that lets somebody join.

use std::{net::IpAddr, time::Duration};

use kernel::{Caller, Code, Fields, Permission, PersonId, Problem, Role, TenantId, Timestamp};
use secrecy::SecretString;
use serde::Serialize;
use store::Scope;
use utoipa::ToSchema;

use crate::{
    Email, Grant, Identity, Transport,
    member::{may_change, read_role},
    password,
    person::{NAME_MAX, Person, read_email, require_session},
    repo, secret,
};

/// How long an invitation can be accepted.
const LASTS: Duration = Duration::from_hours(7 * 24);

kernel::id!(
    /// An invitation.
    InvitationId,
);

/// An invitation that was not accepted yet.
#[derive(Clone, Debug, Serialize, ToSchema, store::FromRow)]
#[serde(rename_all = "camelCase")]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// Who is invited.
    pub email: String,
    /// As what.
    pub role: Role,
    /// Until when it can be accepted.
    pub expires_at: Timestamp,
    /// When it was made.
    pub created_at: Timestamp,
    /// The name of who made it.
    pub invited_by: String,
}

/// A new invitation, with its link, which is shown this once.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct NewInvitation {
    /// The invitation.
    #[serde(flatten)]
    pub invitation: Invitation,
    /// The page on which it is accepted.
    pub url: String,
}

/// What an invitation says to whom it reaches.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InvitationPreview {
    /// The organisation to join.
    pub organization_name: String,
    /// Who is invited.
    pub email: String,
    /// As what.
    pub role: Role,
    /// Whether he has an account already, to join with.
    pub account_exists: bool,
}

/// How an invitation is accepted.
#[derive(Debug)]
pub struct Acceptance {
    /// What the link carries.
    pub token: String,
    /// What a new person wants to be called.
    pub name: Option<String>,
    /// A new person's password, or that of the account that exists.
    pub password: Option<SecretString>,
    /// How the client carries its tokens.
    pub transport: Transport,
    /// Where the client is, against guessing of passwords.
    pub address: Option<IpAddr>,
}

/// An invitation as it is found by its token.
#[derive(Clone, Debug, store::FromRow)]
pub(crate) struct Offer {
    pub(crate) id: InvitationId,
    pub(crate) tenant_id: TenantId,
    pub(crate) organization_name: String,
    pub(crate) email: String,
    pub(crate) role: Role,
    pub(crate) expires_at: Timestamp,
}

impl Offer {
    fn email(&self) -> Result<Email, Problem> {
        Email::parse(&self.email).ok_or_else(|| Problem::internal("a stored e-mail does not parse"))
    }
}

impl Identity {
    /// The invitations of the caller's organisation that were not accepted yet.
    pub async fn invitations(&self, caller: &Caller) -> Result<Vec<Invitation>, Problem> {
        caller.require(Permission::MembersRead)?;
        let mut tx = self.db.read(Scope::System).await?;
        Ok(repo::invitation::of_tenant(&mut tx, caller.tenant).await?)
    }

    /// Invites somebody. An earlier invitation of the same e-mail is replaced.
    pub async fn invite(
        &self,
        caller: &Caller,
        email: &str,
        role: &str,
    ) -> Result<NewInvitation, Problem> {
        caller.require(Permission::MembersManage)?;
        let mut fields = Fields::new();
        let email = read_email(&mut fields, email);
        let role = read_role(&mut fields, role);
        fields.finish()?;
        let (Some(email), Some(role)) = (email, role) else {
            return Err(Problem::internal("fields passed that can't be read"));
        };
        // A newcomer is no owner yet, so how many there are does not matter.
        may_change(caller.role, role, Some(role), i64::MAX)?;
        let token = secret::generate(&self.env);
        let now = self.env.now();
        let mut tx = self.db.write(Scope::System).await?;
        if repo::member::has_email(&mut tx, caller.tenant, &email.key()).await? {
            return Err(Problem::new(
                Code::Conflict,
                format!(
                    "{} is a member already. Change the role instead.",
                    email.as_str()
                ),
            ));
        }
        let inviter = repo::person::get(&mut tx, caller.person).await?;
        let invitation = Invitation {
            id: self.env.id(),
            email: email.as_str().to_owned(),
            role,
            expires_at: now + LASTS,
            created_at: now,
            invited_by: inviter.name,
        };
        let from = (caller.tenant, caller.person);
        repo::invitation::put(&mut tx, &invitation, &email, from, secret::hash(&token)).await?;
        tx.commit().await?;
        let mut url = self.settings.public_url.clone();
        url.set_path("/invite");
        url.query_pairs_mut().clear().append_pair("token", &token);
        Ok(NewInvitation {
            invitation,
            url: url.into(),
        })
    }

    /// Takes an invitation back: its link stops working.
    pub async fn withdraw(&self, caller: &Caller, id: InvitationId) -> Result<(), Problem> {
        caller.require(Permission::MembersManage)?;
        let mut tx = self.db.write(Scope::System).await?;
        if !repo::invitation::delete(&mut tx, caller.tenant, id).await? {
            return Err(Problem::not_found("invitation"));
        }
        Ok(tx.commit().await?)
    }

    /// What the invitation with this token says, for whoever has the link.
    pub async fn preview_invitation(&self, token: &str) -> Result<InvitationPreview, Problem> {
        let offer = self.offer(token).await?;
        let mut tx = self.db.read(Scope::System).await?;
        let account = repo::person::by_email(&mut tx, &offer.email()?).await?;
        Ok(InvitationPreview {
            organization_name: offer.organization_name,
            email: offer.email,
            role: offer.role,
            account_exists: account.is_some(),
        })
    }

    /// Accepts an invitation. Who is logged in with its e-mail just joins; who is not proves an
    /// account of that e-mail by its password, or makes one.
    pub async fn accept_invitation(
        &self,
        caller: Option<&Caller>,
        acceptance: Acceptance,
    ) -> Result<Grant, Problem> {
        let offer = self.offer(&acceptance.token).await?;
        if let Some(caller) = caller {
            return self.join(caller, &offer).await;
        }
        let email = offer.email()?;
        let known = {
            let mut tx = self.db.read(Scope::System).await?;
            repo::person::by_email(&mut tx, &email).await?.is_some()
        };
        let Acceptance {
            name,
            password,
            transport,
            address,
            ..
        } = acceptance;
        let mut fields = Fields::new();
        fields.check(
            password.is_some(),
            "password",
            "required",
            "Please fill this in.",
        );
        if !known {
            fields.text("name", name.as_deref().unwrap_or_default(), NAME_MAX);
        }
        if let Some(password) = password.as_ref().filter(|_| !known) {
            password::check(&mut fields, "password", password, email.as_str());
        }
        fields.finish()?;
        let password = password.unwrap_or_default();
        let person = if known {
            self.prove(&email, password, address).await?
        } else {
            self.new_person(&email, &name.unwrap_or_default(), password)
                .await?
        };
        self.join_and_log_in(&offer, &person, &email, !known, transport)
            .await
    }

    async fn join(&self, caller: &Caller, offer: &Offer) -> Result<Grant, Problem> {
        require_session(caller)?;
        let mut tx = self.db.write(Scope::System).await?;
        let person = repo::person::get(&mut tx, caller.person).await?;
        if crate::person::stored_email(&person)? != offer.email()? {
            return Err(Problem::new(
                Code::Forbidden,
                format!(
                    "This invitation is for {}, but you are logged in as {}. Log out first.",
                    offer.email, person.email
                ),
            ));
        }
        let role = self.take_up(&mut tx, offer, person.id).await?;
        let opened = self.move_session(&mut tx, caller, offer.tenant_id).await?;
        tx.commit().await?;
        self.joined(offer, person.id).await;
        Ok(self.grant(&person, role, &opened))
    }

    async fn join_and_log_in(
        &self,
        offer: &Offer,
        person: &Person,
        email: &Email,
        is_new: bool,
        transport: Transport,
    ) -> Result<Grant, Problem> {
        let mut tx = self.db.write(Scope::System).await?;
        if is_new {
            self.record_person(&mut tx, person, email).await?;
        }
        let role = self.take_up(&mut tx, offer, person.id).await?;
        let opened = self
            .open_session(&mut tx, person.id, offer.tenant_id, transport)
            .await?;
        tx.commit().await?;
        self.joined(offer, person.id).await;
        Ok(self.grant(person, role, &opened))
    }

    /// Uses the invitation up and makes the person a member, unless he is one already. Answers
    /// his role.
    async fn take_up(
        &self,
        tx: &mut store::Tx,
        offer: &Offer,
        person: PersonId,
    ) -> Result<Role, Problem> {
        if !repo::invitation::delete(tx, offer.tenant_id, offer.id).await? {
            return Err(no_invitation());
        }
        let now = self.env.now();
        if repo::member::insert(tx, offer.tenant_id, person, offer.role, now).await? {
            return Ok(offer.role);
        }
        Ok(repo::member::role(tx, offer.tenant_id, person)
            .await?
            .unwrap_or(offer.role))
    }

    async fn joined(&self, offer: &Offer, person: PersonId) {
        let facts = serde_json::json!({ "change": "joined" });
        self.tell(offer.tenant_id, "member.changed", person.0, facts)
            .await;
    }

    async fn offer(&self, token: &str) -> Result<Offer, Problem> {
        let mut tx = self.db.read(Scope::System).await?;
        let offer = repo::invitation::by_token(&mut tx, &secret::hash(token))
            .await?
            .ok_or_else(no_invitation)?;
        if offer.expires_at <= self.env.now() {
            return Err(Problem::new(
                Code::InvalidState,
                "This invitation has run out. Ask for a new one.",
            )
            .with_details(serde_json::json!({ "status": "expired" })));
        }
        Ok(offer)
    }
}

fn no_invitation() -> Problem {
    Problem::new(
        Code::NotFound,
        "There is no such invitation. It may have been used, replaced or withdrawn; ask for a new one.",
    )
}
