//! Members: the people of an organisation, and their roles.

use kernel::{Caller, Code, Fields, Permission, PersonId, Problem, Role, Timestamp};
use serde::Serialize;
use store::{Scope, Tx};
use utoipa::ToSchema;

use crate::{Identity, person::require_session, repo};

/// A member of an organisation.
#[derive(Clone, Debug, Serialize, ToSchema, store::FromRow)]
#[serde(rename_all = "camelCase")]
pub struct Member {
    /// The person's id.
    pub id: PersonId,
    /// His e-mail address.
    pub email: String,
    /// What he is called.
    pub name: String,
    /// What he is in this organisation.
    pub role: Role,
    /// Since when he belongs to it.
    pub joined_at: Timestamp,
}

/// Reads the field `role`.
pub(crate) fn read_role(fields: &mut Fields, text: &str) -> Option<Role> {
    let role = Role::parse(text);
    if role.is_none() {
        let roles = Role::ALL
            .iter()
            .map(|role| role.as_str())
            .collect::<Vec<_>>()
            .join(", ");
        fields.add("role", "unknown_role", format!("Choose one of {roles}."));
    }
    role
}

/// Whether a member of role `actor` may make a member of role `from` one of role `to` (`None`:
/// no member), in an organisation with so many `owners`.
pub(crate) fn may_change(
    actor: Role,
    from: Role,
    to: Option<Role>,
    owners: i64,
) -> Result<(), Problem> {
    if !actor.may_grant(from) || to.is_some_and(|to| !actor.may_grant(to)) {
        return Err(Problem::new(
            Code::Forbidden,
            format!("Your role ({actor}) can't make or change an owner. Ask an owner."),
        )
        .with_details(serde_json::json!({ "permission": Permission::MembersManage })));
    }
    may_leave(from, to, owners)
}

/// Whether the organisation keeps an owner when one of its members changes from one role to
/// another, or leaves.
fn may_leave(from: Role, to: Option<Role>, owners: i64) -> Result<(), Problem> {
    if from == Role::Owner && to != Some(Role::Owner) && owners <= 1 {
        return Err(Problem::new(
            Code::Conflict,
            "An organisation needs an owner, and this is its last one. Make somebody else an owner first.",
        ));
    }
    Ok(())
}

impl Identity {
    /// The members of the caller's organisation, who joined first, first.
    pub async fn members(&self, caller: &Caller) -> Result<Vec<Member>, Problem> {
        caller.require(Permission::MembersRead)?;
        let mut tx = self.db.read(Scope::System).await?;
        Ok(repo::member::of_tenant(&mut tx, caller.tenant).await?)
    }

    /// Gives a member another role.
    pub async fn change_role(
        &self,
        caller: &Caller,
        person: PersonId,
        role: &str,
    ) -> Result<Member, Problem> {
        caller.require(Permission::MembersManage)?;
        let mut fields = Fields::new();
        let role = read_role(&mut fields, role);
        fields.finish()?;
        let mut tx = self.db.write(Scope::System).await?;
        let (mut member, owners) = self.lock_members(&mut tx, caller, person).await?;
        let role = role.unwrap_or(member.role);
        may_change(caller.role, member.role, Some(role), owners)?;
        repo::member::set_role(&mut tx, caller.tenant, person, role).await?;
        tx.commit().await?;
        member.role = role;
        self.member_changed(caller, person, "role_changed").await;
        Ok(member)
    }

    /// Removes a member, with his personal API tokens for this organisation. Everybody may
    /// leave; to remove others takes the permission.
    pub async fn remove_member(&self, caller: &Caller, person: PersonId) -> Result<(), Problem> {
        let leaving = caller.person == person && require_session(caller).is_ok();
        if !leaving {
            caller.require(Permission::MembersManage)?;
        }
        let mut tx = self.db.write(Scope::System).await?;
        let (member, owners) = self.lock_members(&mut tx, caller, person).await?;
        if leaving {
            may_leave(member.role, None, owners)?;
        } else {
            may_change(caller.role, member.role, None, owners)?;
        }
        repo::member::delete(&mut tx, caller.tenant, person).await?;
        repo::api_token::delete_personal(&mut tx, caller.tenant, person).await?;
        tx.commit().await?;
        self.member_changed(caller, person, if leaving { "left" } else { "removed" })
            .await;
        Ok(())
    }

    /// The member to change, and how many owners there are. Nobody else changes members until
    /// the transaction ends, so that two owners who demote each other can't leave none.
    async fn lock_members(
        &self,
        tx: &mut Tx,
        caller: &Caller,
        person: PersonId,
    ) -> Result<(Member, i64), Problem> {
        repo::tenant::lock(tx, caller.tenant).await?;
        let member = repo::member::get(tx, caller.tenant, person)
            .await?
            .ok_or_else(|| Problem::not_found("member"))?;
        Ok((member, repo::member::owners(tx, caller.tenant).await?))
    }

    pub(crate) async fn member_changed(&self, caller: &Caller, person: PersonId, how: &str) {
        self.recheck_all();
        let facts = serde_json::json!({ "change": how });
        self.tell(caller.tenant, "member.changed", person.0, facts)
            .await;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn role() -> impl Strategy<Value = Role> {
        proptest::sample::select(Role::ALL)
    }

    proptest! {
        /// Whatever is tried, in whatever order, there is always an owner, and nobody gets or
        /// loses ownership by somebody who is no owner.
        #[test]
        fn an_organisation_always_has_an_owner(
            mut roles in proptest::collection::vec(role(), 0..5),
            steps in proptest::collection::vec((0usize..6, 0usize..6, proptest::option::of(role())), 0..40),
        ) {
            roles.insert(0, Role::Owner);
            for (actor, member, to) in steps {
                let (actor, member) = (actor % roles.len(), member % roles.len());
                let owners = roles.iter().filter(|role| **role == Role::Owner).count();
                let (by, from) = (roles[actor], roles[member]);
                if may_change(by, from, to, i64::try_from(owners).unwrap()).is_err() { continue }
                if from == Role::Owner || to == Some(Role::Owner) {
                    prop_assert_eq!(by, Role::Owner);
                }
                match to {
                    Some(to) => roles[member] = to,
                    None => drop(roles.remove(member)),
                }
                prop_assert!(roles.contains(&Role::Owner));
            }
        }
    }
}
