//! Roles, permissions, and the one table that connects them.

crate::text_enum! {
    /// What a member is in an organisation.
    pub enum Role {
        /// Everything, and the only one who makes and removes owners.
        Owner = "owner",
        /// Runs the organisation: people, settings, tokens.
        Admin = "admin",
        /// Runs the social accounts and publishes.
        Manager = "manager",
        /// Writes and publishes.
        Publisher = "publisher",
        /// Writes drafts; others publish them.
        Contributor = "contributor",
        /// Looks on.
        Viewer = "viewer",
        /// Builds automation: writes drafts and holds API tokens.
        Programmer = "programmer",
    }
}

crate::text_enum! {
    /// One right. Its text is also the scope of an API token.
    pub enum Permission {
        /// See posts and what became of them.
        PostsRead = "posts:read",
        /// Write and delete drafts.
        PostsWrite = "posts:write",
        /// Schedule, publish, cancel and take down posts.
        PostsPublish = "posts:publish",
        /// See the media library.
        MediaRead = "media:read",
        /// Add to and change the media library.
        MediaWrite = "media:write",
        /// See connected accounts.
        AccountsRead = "accounts:read",
        /// Connect, reconnect and remove accounts.
        AccountsManage = "accounts:manage",
        /// See who belongs to the organisation.
        MembersRead = "members:read",
        /// Invite and remove members and change their roles.
        MembersManage = "members:manage",
        /// See the organisation's settings.
        OrganizationRead = "organization:read",
        /// Change the organisation's settings.
        OrganizationManage = "organization:manage",
        /// Hold API tokens.
        TokensManage = "tokens:manage",
    }
}

impl Role {
    /// Whether this role holds `permission`. This is the table.
    pub const fn holds(self, permission: Permission) -> bool {
        use Permission::{
            AccountsManage, AccountsRead, MediaRead, MediaWrite, MembersManage, MembersRead,
            OrganizationManage, OrganizationRead, PostsPublish, PostsRead, PostsWrite,
            TokensManage,
        };
        match permission {
            PostsRead | MediaRead | AccountsRead | MembersRead | OrganizationRead => true,
            PostsWrite | MediaWrite => !matches!(self, Self::Viewer),
            PostsPublish => {
                matches!(
                    self,
                    Self::Owner | Self::Admin | Self::Manager | Self::Publisher
                )
            }
            AccountsManage => matches!(self, Self::Owner | Self::Admin | Self::Manager),
            TokensManage => matches!(self, Self::Owner | Self::Admin | Self::Programmer),
            MembersManage | OrganizationManage => matches!(self, Self::Owner | Self::Admin),
        }
    }

    /// The permissions of this role, in the order of their declaration.
    pub fn permissions(self) -> impl Iterator<Item = Permission> {
        Permission::ALL
            .iter()
            .copied()
            .filter(move |permission| self.holds(*permission))
    }

    /// Whether a member of this role may give `other` to somebody, or take it away.
    ///
    /// Nobody hands out rights beyond his own.
    pub fn may_grant(self, other: Self) -> bool {
        self.holds(Permission::MembersManage) && (self == Self::Owner || other != Self::Owner)
    }

    /// Reads a role as people write it; the seeds' `editor` is our publisher.
    pub fn parse(text: &str) -> Option<Self> {
        match text {
            "editor" => Some(Self::Publisher),
            other => other.parse().ok(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_owner_holds_everything_and_a_viewer_only_reads() {
        assert_eq!(Role::Owner.permissions().count(), Permission::ALL.len());
        assert!(
            Role::Viewer
                .permissions()
                .all(|permission| permission.as_str().ends_with(":read"))
        );
    }

    #[test]
    fn nobody_grants_what_he_does_not_hold() {
        for granter in Role::ALL {
            for granted in Role::ALL {
                if granter.may_grant(*granted) {
                    assert!(
                        granted
                            .permissions()
                            .all(|permission| granter.holds(permission)),
                        "{granter} could grant {granted}"
                    );
                }
            }
        }
        assert!(!Role::Admin.may_grant(Role::Owner));
    }
}
