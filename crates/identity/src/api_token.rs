//! API tokens: keys for programs.
//!
//! A *personal* token acts as its maker, with his role of the moment, and goes when he does. A
//! *service* token belongs to the organisation: it keeps the role that its maker had, and stays
//! when he leaves. Neither can do more than its scopes say.

use std::time::Duration;

use kernel::{
    ApiTokenId, Caller, Code, Fields, Permission, PersonId, Problem, Role, TenantId, Timestamp, Via,
};
use serde::Serialize;
use store::Scope;
use utoipa::ToSchema;

use crate::{Identity, person::NAME_MAX, repo, secret};

/// What every token begins with, so that people and leak scanners know one when they see it.
pub(crate) const PREFIX: &str = "allin_";
/// How often the use of a token is written down, at most.
pub(crate) const NOTE_USE_EVERY: Duration = Duration::from_mins(1);
/// The longest that a token can be given before it expires, in days.
const MAX_DAYS: u32 = 3650;
const DAY: Duration = Duration::from_hours(24);

kernel::text_enum! {
    /// Whose a token is.
    pub enum TokenKind {
        /// A person's.
        Personal = "personal",
        /// The organisation's.
        Service = "service",
    }
}

/// An API token, without its secret.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ApiToken {
    /// Its id.
    pub id: ApiTokenId,
    /// What it is for.
    pub name: String,
    /// Whose it is.
    pub kind: TokenKind,
    /// What it may do, at most.
    pub scopes: Vec<Permission>,
    /// Its last characters, to tell it from others.
    pub hint: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last used, to within a minute.
    #[schema(required)]
    pub last_used_at: Option<Timestamp>,
    /// When it stops working; never, if there is no such time.
    #[schema(required)]
    pub expires_at: Option<Timestamp>,
}

/// A new API token, with its secret, which is shown this once.
#[derive(Clone, Serialize, ToSchema)]
pub struct NewApiToken {
    /// The token's description.
    #[serde(flatten)]
    pub api_token: ApiToken,
    /// What a program sends as `Authorization: Bearer …`.
    #[schema(examples("allin_Zm9v…"))]
    pub token: String,
}

/// What is asked for.
#[derive(Clone, Debug)]
pub struct ApiTokenRequest {
    /// What it is for.
    pub name: String,
    /// What it may do, at most: texts of [`Permission`].
    pub scopes: Vec<String>,
    /// After how many days it stops working; `None`: never.
    pub expires_in_days: Option<u32>,
    /// Whose it is.
    pub kind: TokenKind,
}

/// A token as stored.
#[derive(Clone, Debug, store::FromRow)]
pub(crate) struct Stored {
    pub(crate) id: ApiTokenId,
    pub(crate) tenant_id: TenantId,
    pub(crate) person_id: PersonId,
    pub(crate) kind: TokenKind,
    /// The role that it acts with; `None` if its maker is no member any more.
    pub(crate) role: Option<Role>,
    pub(crate) name: String,
    pub(crate) scopes: String,
    pub(crate) hint: String,
    pub(crate) created_at: Timestamp,
    pub(crate) expires_at: Option<Timestamp>,
    pub(crate) last_used_at: Option<Timestamp>,
}

impl Stored {
    /// A scope that this version of the program does not know gives no right.
    fn scopes(&self) -> impl Iterator<Item = Permission> {
        self.scopes
            .split(' ')
            .filter_map(|scope| scope.parse().ok())
    }

    /// Who asks with this token, if it still works.
    pub(crate) fn caller(&self, now: Timestamp) -> Option<Caller> {
        if self.expires_at.is_some_and(|expires_at| expires_at <= now) {
            return None;
        }
        Some(Caller {
            person: self.person_id,
            tenant: self.tenant_id,
            role: self.role?,
            via: Via::ApiToken {
                id: self.id,
                scopes: self.scopes().collect(),
            },
        })
    }

    /// Whether `caller` sees it in the list: other people's personal tokens only who runs the
    /// organisation.
    fn is_visible_to(&self, caller: &Caller) -> bool {
        self.kind == TokenKind::Service || self.is_run_by(caller)
    }

    /// Whether `caller` may revoke it: its maker, and who runs the organisation.
    fn is_run_by(&self, caller: &Caller) -> bool {
        self.person_id == caller.person || caller.holds(Permission::OrganizationManage)
    }
}

impl From<Stored> for ApiToken {
    fn from(stored: Stored) -> Self {
        Self {
            scopes: stored.scopes().collect(),
            id: stored.id,
            name: stored.name,
            kind: stored.kind,
            hint: stored.hint,
            created_at: stored.created_at,
            last_used_at: stored.last_used_at,
            expires_at: stored.expires_at,
        }
    }
}

impl Identity {
    /// The caller's tokens and the organisation's, the newest first.
    pub async fn api_tokens(&self, caller: &Caller) -> Result<Vec<ApiToken>, Problem> {
        caller.require(Permission::TokensManage)?;
        let mut tx = self.db.read(Scope::System).await?;
        let tokens = repo::api_token::of_tenant(&mut tx, caller.tenant).await?;
        Ok(tokens
            .into_iter()
            .filter(|token| token.is_visible_to(caller))
            .map(ApiToken::from)
            .collect())
    }

    /// Makes a token that can do no more than the caller can.
    pub async fn create_api_token(
        &self,
        caller: &Caller,
        request: ApiTokenRequest,
    ) -> Result<NewApiToken, Problem> {
        caller.require(Permission::TokensManage)?;
        if request.kind == TokenKind::Service {
            caller.require(Permission::OrganizationManage)?;
        }
        let scopes = check(&request)?;
        for scope in &scopes {
            caller.require(*scope)?;
        }
        let now = self.env.now();
        let token = format!("{PREFIX}{}", secret::generate(&self.env));
        let hint = format!("…{}", &token[token.len() - 4..]);
        let texts: Vec<_> = scopes.iter().map(|scope| scope.as_str()).collect();
        let stored = Stored {
            id: self.env.id(),
            tenant_id: caller.tenant,
            person_id: caller.person,
            kind: request.kind,
            role: Some(caller.role),
            name: request.name.trim().to_owned(),
            scopes: texts.join(" "),
            hint,
            created_at: now,
            expires_at: request.expires_in_days.map(|days| now + DAY * days),
            last_used_at: None,
        };
        let mut tx = self.db.write(Scope::System).await?;
        repo::api_token::insert(&mut tx, &stored, secret::hash(&token)).await?;
        tx.commit().await?;
        Ok(NewApiToken {
            api_token: stored.into(),
            token,
        })
    }

    /// Revokes a token: it stops working.
    pub async fn revoke_api_token(&self, caller: &Caller, id: ApiTokenId) -> Result<(), Problem> {
        caller.require(Permission::TokensManage)?;
        let mut tx = self.db.write(Scope::System).await?;
        let token = repo::api_token::get(&mut tx, caller.tenant, id)
            .await?
            .filter(|token| token.is_visible_to(caller))
            .ok_or_else(|| Problem::not_found("API token"))?;
        if !token.is_run_by(caller) {
            return Err(Problem::new(
                Code::Forbidden,
                "This token was made by somebody else. Ask him, or an owner or admin, to revoke it.",
            ));
        }
        repo::api_token::delete(&mut tx, caller.tenant, id).await?;
        tx.commit().await?;
        self.recheck_all();
        Ok(())
    }
}

/// The scopes asked for, each once, in the order of the table of permissions.
fn check(request: &ApiTokenRequest) -> Result<Vec<Permission>, Problem> {
    let mut fields = Fields::new();
    fields.text("name", &request.name, NAME_MAX);
    fields.check(
        !request.scopes.is_empty(),
        "scopes",
        "required",
        "Choose at least one scope.",
    );
    let mut scopes = Vec::new();
    for (index, scope) in request.scopes.iter().enumerate() {
        match scope.parse::<Permission>() {
            Ok(scope) => scopes.push(scope),
            Err(_) => fields.add(
                format!("scopes[{index}]"),
                "unknown_scope",
                "There is no such scope. See the list of permissions, such as posts:read.",
            ),
        }
    }
    fields.check(
        request
            .expires_in_days
            .is_none_or(|days| (1..=MAX_DAYS).contains(&days)),
        "expiresInDays",
        "out_of_range",
        "Choose 1 to 3650 days, or none.",
    );
    fields.finish()?;
    scopes.sort_unstable();
    scopes.dedup();
    Ok(scopes)
}
