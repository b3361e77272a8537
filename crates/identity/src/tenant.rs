//! Tenants, which people know as organisations.

use kernel::{Caller, Code, Fields, Permission, PersonId, Problem, Role, TenantId, Timestamp, Via};
use serde::{Deserialize, Serialize};
use store::{Scope, Tx};
use utoipa::ToSchema;

use crate::{Identity, person::NAME_MAX, person::require_session, repo};

/// How late a missed post is still published, unless the organisation says otherwise: one hour.
const PUBLISH_LATE_WITHIN_MINUTES: i64 = 60;
/// The longest such time that can be set: a week.
const LATEST_MINUTES: i64 = 7 * 24 * 60;
/// The longest slug, without the ending that makes it unique.
const SLUG_MAX: usize = 40;

/// An organisation and its settings.
#[derive(Clone, Debug, PartialEq, Eq, store::FromRow)]
pub struct Tenant {
    /// Its id, which also names its database.
    pub id: TenantId,
    /// Its name.
    pub name: String,
    /// A unique name for addresses.
    pub slug: String,
    /// The IANA name of the time zone that it plans in.
    pub time_zone: String,
    /// How late a post that was missed while the program was down is still published.
    pub publish_late_within_minutes: i64,
    /// When it was founded.
    pub created_at: Timestamp,
}

/// An organisation and its settings, as the API shows it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Organization {
    /// Its id.
    pub id: TenantId,
    /// Its name.
    pub name: String,
    /// A unique name for addresses.
    pub slug: String,
    /// The IANA name of the time zone that it plans in.
    #[schema(examples("Europe/Berlin"))]
    pub time_zone: String,
    /// What becomes of posts that were missed while the program was down.
    pub missed_policy: MissedPolicy,
    /// When it was founded.
    pub created_at: Timestamp,
}

/// What becomes of posts that were missed while the program was down.
#[derive(Clone, Copy, Debug, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MissedPolicy {
    /// They are published up to this many minutes late, 0 to 10,080; later, somebody is asked.
    #[schema(minimum = 0, maximum = 10080)]
    pub publish_late_within_minutes: i64,
}

/// An organisation in a list of those that a person belongs to.
#[derive(Clone, Debug, Serialize, ToSchema, store::FromRow)]
pub struct OrganizationRef {
    /// Its id.
    pub id: TenantId,
    /// Its name.
    pub name: String,
    /// The person's role in it.
    pub role: Role,
}

impl From<Tenant> for Organization {
    fn from(tenant: Tenant) -> Self {
        Self {
            id: tenant.id,
            name: tenant.name,
            slug: tenant.slug,
            time_zone: tenant.time_zone,
            missed_policy: MissedPolicy {
                publish_late_within_minutes: tenant.publish_late_within_minutes,
            },
            created_at: tenant.created_at,
        }
    }
}

/// What is to change of an organisation; `None` stays as it is.
#[derive(Clone, Debug, Default)]
pub struct OrganizationChange {
    /// Its name.
    pub name: Option<String>,
    /// The IANA name of its time zone.
    pub time_zone: Option<String>,
    /// What becomes of missed posts.
    pub missed_policy: Option<MissedPolicy>,
}

/// The name as the time zone database spells it; `None` if it knows no such zone.
pub(crate) fn time_zone(name: &str) -> Option<String> {
    jiff::tz::TimeZone::get(name)
        .ok()?
        .iana_name()
        .map(str::to_owned)
}

/// Reads a time zone, noting a problem if there is none of this name.
pub(crate) fn read_time_zone(fields: &mut Fields, name: &str) -> Option<String> {
    let zone = time_zone(name);
    fields.check(
        zone.is_some(),
        "timeZone",
        "unknown_time_zone",
        "Choose a time zone by its IANA name, such as Europe/Berlin.",
    );
    zone
}

/// The letters and digits of a name that can stand in an address, hyphens between its words.
fn slug(name: &str) -> String {
    let mut slug = String::new();
    for c in name.chars() {
        if c.is_ascii_alphanumeric() {
            slug.push(c.to_ascii_lowercase());
        } else if !c.is_alphanumeric() && !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
        if slug.len() >= SLUG_MAX {
            break;
        }
    }
    let slug = slug.trim_end_matches('-');
    if slug.is_empty() {
        "organization".to_owned()
    } else {
        slug.to_owned()
    }
}

/// The organisations that the caller may see: all of a person's, but an API token's only its own.
pub(crate) async fn visible(tx: &mut Tx, caller: &Caller) -> Result<Vec<OrganizationRef>, Problem> {
    if let Via::Session(_) = caller.via {
        return Ok(repo::member::organizations(tx, caller.person).await?);
    }
    let tenant = repo::tenant::get(tx, caller.tenant).await?;
    Ok(tenant
        .map(|tenant| OrganizationRef {
            id: tenant.id,
            name: tenant.name,
            role: caller.role,
        })
        .into_iter()
        .collect())
}

impl Identity {
    /// The organisations that the caller may act for.
    pub async fn organizations(&self, caller: &Caller) -> Result<Vec<OrganizationRef>, Problem> {
        let mut tx = self.db.read(Scope::System).await?;
        visible(&mut tx, caller).await
    }

    /// Founds another organisation, which the caller owns.
    pub async fn create_organization(
        &self,
        caller: &Caller,
        name: &str,
        time_zone: Option<&str>,
    ) -> Result<Organization, Problem> {
        require_session(caller)?;
        let mut fields = Fields::new();
        fields.text("name", name, NAME_MAX);
        let time_zone = read_time_zone(&mut fields, time_zone.unwrap_or("UTC"));
        fields.finish()?;
        let tenant = self.new_tenant(name, time_zone);
        self.db.create_tenant(tenant.id).await?;
        let recorded = async {
            let mut tx = self.db.write(Scope::System).await?;
            let tenant = self.found(&mut tx, tenant.clone(), caller.person).await?;
            tx.commit().await?;
            Ok(tenant.into())
        }
        .await;
        if recorded.is_err() {
            self.discard(tenant.id).await;
        }
        recorded
    }

    /// The organisation that the caller acts for.
    pub async fn organization(&self, caller: &Caller) -> Result<Organization, Problem> {
        caller.require(Permission::OrganizationRead)?;
        Ok(self.tenant(caller.tenant).await?.into())
    }

    /// Changes the organisation that the caller acts for.
    pub async fn update_organization(
        &self,
        caller: &Caller,
        change: OrganizationChange,
    ) -> Result<Organization, Problem> {
        caller.require(Permission::OrganizationManage)?;
        let mut fields = Fields::new();
        if let Some(name) = &change.name {
            fields.text("name", name, NAME_MAX);
        }
        let time_zone = change
            .time_zone
            .and_then(|zone| read_time_zone(&mut fields, &zone));
        if let Some(policy) = change.missed_policy {
            fields.check(
                (0..=LATEST_MINUTES).contains(&policy.publish_late_within_minutes),
                "missedPolicy.publishLateWithinMinutes",
                "out_of_range",
                "Choose 0 to 10,080 minutes (one week).",
            );
        }
        fields.finish()?;
        let now = self.env.now();
        let mut tx = self.db.write(Scope::System).await?;
        let mut tenant = repo::tenant::lock(&mut tx, caller.tenant)
            .await?
            .ok_or_else(|| Problem::not_found("organisation"))?;
        tenant.name = change
            .name
            .map_or(tenant.name, |name| name.trim().to_owned());
        tenant.time_zone = time_zone.unwrap_or(tenant.time_zone);
        if let Some(policy) = change.missed_policy {
            tenant.publish_late_within_minutes = policy.publish_late_within_minutes;
        }
        repo::tenant::update(&mut tx, &tenant, now).await?;
        tx.commit().await?;
        let facts = serde_json::json!({ "timeZone": tenant.time_zone });
        self.tell(tenant.id, "organization.updated", tenant.id.0, facts)
            .await;
        Ok(tenant.into())
    }

    /// A tenant, for other capabilities.
    pub async fn tenant(&self, id: TenantId) -> Result<Tenant, Problem> {
        let mut tx = self.db.read(Scope::System).await?;
        repo::tenant::get(&mut tx, id)
            .await?
            .ok_or_else(|| Problem::not_found("organisation"))
    }

    /// Every tenant, the oldest first.
    pub async fn tenants(&self) -> Result<Vec<TenantId>, Problem> {
        let mut tx = self.db.read(Scope::System).await?;
        Ok(repo::tenant::ids(&mut tx).await?)
    }

    pub(crate) fn new_tenant(&self, name: &str, time_zone: Option<String>) -> Tenant {
        Tenant {
            id: self.env.id(),
            name: name.trim().to_owned(),
            slug: slug(name),
            time_zone: time_zone.unwrap_or_else(|| "UTC".to_owned()),
            publish_late_within_minutes: PUBLISH_LATE_WITHIN_MINUTES,
            created_at: self.env.now(),
        }
    }

    /// Records a tenant, whose database is there already, and its owner.
    ///
    /// The database comes first: a recorded tenant without one would fail everything that visits
    /// all tenants, while a database that nobody recorded is seen by nobody.
    pub(crate) async fn found(
        &self,
        tx: &mut Tx,
        mut tenant: Tenant,
        owner: PersonId,
    ) -> Result<Tenant, Problem> {
        let base = tenant.slug.clone();
        while !repo::tenant::insert(tx, &tenant).await? {
            let [a, b, c, d] = self.env.bytes::<4>();
            tenant.slug = format!("{base}-{a:02x}{b:02x}{c:02x}{d:02x}");
        }
        repo::member::insert(tx, tenant.id, owner, Role::Owner, tenant.created_at).await?;
        Ok(tenant)
    }

    /// Removes the database of a tenant that could not be recorded.
    pub(crate) async fn discard(&self, tenant: TenantId) {
        // The answer to a commit can be lost and the tenant be there all the same.
        match self.tenant(tenant).await {
            Err(problem) if problem.code() == Code::NotFound => {
                if let Err(error) = self.db.drop_tenant(tenant).await {
                    tracing::warn!(%tenant, %error, "the database of a tenant that was never recorded is left behind");
                }
            }
            Ok(_) | Err(_) => {}
        }
    }
}
