//! Looking at, checking and removing accounts.

use std::sync::Arc;

use futures::FutureExt;
use kernel::{Caller, Permission, Problem};
use networks::{
    Descriptor, ErrorKind, NetworkError, Platform,
    connector::{Lookup, Standing},
    descriptor::{Choice, OptionKind},
};
use store::{Scope, Tx};

use crate::{
    AccountError, AccountStatus, AccountSummary, Accounts, Acting, SocialAccount, SocialAccountId,
    Stored, error::network_problem, repo,
};

impl Accounts {
    /// What each network can do.
    pub fn networks(&self, caller: &Caller) -> Result<Vec<&'static Descriptor>, Problem> {
        caller.require(Permission::AccountsRead)?;
        Ok(networks::descriptors().collect())
    }

    /// The organisation's accounts, oldest first.
    pub async fn list(
        &self,
        caller: &Caller,
        platform: Option<Platform>,
    ) -> Result<Vec<SocialAccount>, Problem> {
        caller.require(Permission::AccountsRead)?;
        let mut tx = self.db.read(Scope::Tenant(caller.tenant)).await?;
        let accounts = repo::list(&mut tx, platform).await?;
        Ok(accounts.into_iter().map(SocialAccount::from).collect())
    }

    /// One account.
    pub async fn get(
        &self,
        caller: &Caller,
        id: SocialAccountId,
    ) -> Result<SocialAccount, Problem> {
        caller.require(Permission::AccountsRead)?;
        Ok(self.stored(caller.tenant, id).await?.into())
    }

    /// What other capabilities show of accounts, removed ones included, in no particular order.
    pub async fn summaries(
        &self,
        tx: &mut Tx,
        ids: &[SocialAccountId],
    ) -> store::Result<Vec<AccountSummary>> {
        Ok(repo::load(tx, ids)
            .await?
            .into_iter()
            .map(AccountSummary::from)
            .collect())
    }

    /// Asks the network whether the account still works, and learns its present name, its picture,
    /// and what it may publish.
    ///
    /// Fails if the network could not be asked; the account then stays as it was.
    pub async fn check(
        &self,
        caller: &Caller,
        id: SocialAccountId,
    ) -> Result<SocialAccount, Problem> {
        caller.require(Permission::AccountsManage)?;
        let tenant = caller.tenant;
        let stored = self.stored(tenant, id).await?;
        let (acting, answer) = match self.fresh(tenant, &stored).await {
            Ok(acting) => self.standing(caller, acting).await?,
            // It was noted where it was found out.
            Err(AccountError::Reconnect { .. }) => return self.get(caller, id).await,
            Err(error) => return Err(error.into()),
        };
        let version = acting.secret_version;
        match answer {
            Ok(standing) => self.note_standing(caller, id, version, &standing).await?,
            Err(NetworkError {
                kind,
                message,
                detail,
                ..
            }) if matches!(kind, ErrorKind::Reconnect | ErrorKind::Refused) => {
                tracing::info!(%tenant, account = %id, detail, "an account failed its check");
                let status = match kind {
                    ErrorKind::Reconnect => AccountStatus::Expired,
                    _ => AccountStatus::Error,
                };
                self.note_status(tenant, id, version, status, &message)
                    .await?;
            }
            Err(error) => return Err(network_problem(error)),
        }
        self.get(caller, id).await
    }

    /// How the account stands with the network, asked once more with renewed credentials if it
    /// takes the present ones no more.
    async fn standing(
        &self,
        caller: &Caller,
        acting: Acting,
    ) -> Result<(Acting, Result<Standing, NetworkError>), Problem> {
        let connector = networks::connector(acting.account.platform);
        match connector.standing(&self.net, &acting.account).await {
            Err(NetworkError {
                kind: ErrorKind::TokenExpired,
                ..
            }) => {}
            answer => return Ok((acting, answer)),
        }
        let renewed = self
            .refresh_after_refusal(caller.tenant, acting.id, acting.secret_version)
            .await;
        let acting = match renewed {
            Ok(acting) => acting,
            Err(AccountError::Reconnect { message }) => {
                let error = NetworkError::refused(ErrorKind::Reconnect, message, "not renewed");
                return Ok((acting, Err(error)));
            }
            Err(error) => return Err(error.into()),
        };
        let answer = connector.standing(&self.net, &acting.account).await;
        Ok((acting, answer))
    }

    async fn note_standing(
        &self,
        caller: &Caller,
        id: SocialAccountId,
        secret_version: i64,
        standing: &Standing,
    ) -> Result<(), Problem> {
        let mut tx = self.db.write(Scope::Tenant(caller.tenant)).await?;
        let stored = repo::get(&mut tx, id).await?.ok_or(AccountError::Removed)?;
        let changed = stored.status != AccountStatus::Connected || stored.differs_from(standing);
        let now = self.env.now();
        if changed && repo::set_standing(&mut tx, id, secret_version, standing, now).await? {
            repo::announce(&mut tx, &self.env, "account.updated", id).await?;
        }
        Ok(tx.commit().await?)
    }

    /// What an account has to choose from for an option of a format: its boards, its playlists.
    pub async fn choices(
        &self,
        caller: &Caller,
        id: SocialAccountId,
        lookup: Lookup,
    ) -> Result<Vec<Choice>, Problem> {
        caller.require(Permission::AccountsRead)?;
        let stored = self.stored(caller.tenant, id).await?;
        let connector = networks::connector(stored.platform);
        let formats = connector.formats(stored.limits());
        let options = formats.iter().flat_map(|format| &format.options);
        let depends_on = options
            .filter(|field| field.key == lookup.key)
            .find_map(|field| match field.kind {
                OptionKind::Lookup { of, .. } => Some(of),
                _ => None,
            })
            .ok_or_else(|| Problem::not_found("list of choices"))?;
        if let Some(other) = depends_on
            && lookup.of.is_empty()
        {
            let message = format!("Please choose the {other} first, and name it here.");
            return Err(Problem::field("of", "required", message));
        }
        let lookup = Arc::new(lookup);
        let choices = self
            .ask(caller.tenant, id, |net, account| {
                let lookup = Arc::clone(&lookup);
                async move { connector.choices(&net, &account, &lookup).await }.boxed()
            })
            .await?;
        Ok(choices)
    }

    /// Removes an account: its credentials are erased, and the network is told where it can be;
    /// the history of posts keeps its name.
    pub async fn remove(&self, caller: &Caller, id: SocialAccountId) -> Result<(), Problem> {
        caller.require(Permission::AccountsManage)?;
        let acting = match self.stored(caller.tenant, id).await {
            Ok(stored) => self.open(caller.tenant, &stored).await.ok(),
            Err(_) => None,
        };
        let mut tx = self.db.write(Scope::Tenant(caller.tenant)).await?;
        if !repo::remove(&mut tx, id, self.env.now()).await? {
            return Err(AccountError::Removed.into());
        }
        let Stored { id, .. } = repo::announce(&mut tx, &self.env, "account.removed", id).await?;
        tx.commit().await?;
        self.note_due(caller.tenant, id, None).await;
        if let Some(acting) = acting {
            self.revoke(acting);
        }
        Ok(())
    }

    /// Tells the network, without making the person wait for it.
    fn revoke(&self, acting: Acting) {
        let net = self.net.clone();
        tokio::spawn(async move {
            let connector = networks::connector(acting.account.platform);
            if let Err(error) = connector.revoke(&net, &acting.account).await {
                tracing::info!(account = %acting.id, %error, "a network was not told of a removal");
            }
        });
    }
}
