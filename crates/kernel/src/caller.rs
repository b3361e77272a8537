//! Who asks.

use std::collections::BTreeSet;

use crate::{ApiTokenId, Code, Permission, PersonId, Problem, Role, SessionId, TenantId};

/// How a caller proved who he is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Via {
    /// A log-in, in a browser or with a bearer token.
    Session(SessionId),
    /// An API token, which holds no more than its scopes.
    ApiToken {
        /// The token.
        id: ApiTokenId,
        /// What it may do, at most.
        scopes: BTreeSet<Permission>,
    },
    /// The program itself: the command line, or a background job.
    System,
}

/// Who asks, for which tenant, with which rights.
///
/// Every use case takes one and checks the permission itself, so that no way in can drift from
/// another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The person.
    pub person: PersonId,
    /// The tenant whose data is asked for. Never taken from a request's body or path.
    pub tenant: TenantId,
    /// The person's role in that tenant.
    pub role: Role,
    /// How the caller proved it.
    pub via: Via,
}

impl Caller {
    /// Whether the caller holds `permission`: by role, and by scope where a token asks.
    pub fn holds(&self, permission: Permission) -> bool {
        let in_scope = match &self.via {
            Via::ApiToken { scopes, .. } => scopes.contains(&permission),
            Via::Session(_) | Via::System => true,
        };
        in_scope && self.role.holds(permission)
    }

    /// Fails with [`Code::Forbidden`] unless the caller holds `permission`.
    pub fn require(&self, permission: Permission) -> Result<(), Problem> {
        if self.holds(permission) {
            return Ok(());
        }
        let message = match &self.via {
            Via::ApiToken { scopes, .. } if !scopes.contains(&permission) => {
                format!("This API token lacks the scope {permission}. Create a token that has it.")
            }
            _ => format!(
                "Your role ({}) does not include {permission}. Ask an owner or admin of the organisation.",
                self.role
            ),
        };
        Err(Problem::new(Code::Forbidden, message)
            .with_details(serde_json::json!({ "permission": permission })))
    }

    /// The session the caller is in, where there is one.
    pub fn session(&self) -> Option<SessionId> {
        match self.via {
            Via::Session(id) => Some(id),
            Via::ApiToken { .. } | Via::System => None,
        }
    }
}
