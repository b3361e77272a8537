//! Who an account is: learn.microsoft.com/linkedin/consumer/integrations/self-serve/
//! sign-in-with-linkedin-v2, /shared/integrations/people/profile-api, and /marketing/
//! community-management/organizations/organization-access-control-by-role (202609).

use reqwest::Method;
use serde::{Deserialize, de::DeserializeOwned};
use url::Url;

use super::{
    NAME, VERSION,
    auth::endpoint,
    encode,
    error::{bad_answer, parse_connect_error},
};
use crate::{
    Platform,
    connector::{Account, Profile, ProfileKind},
    error::{ConnectError, NetworkError},
    http::{Endpoint, Net, TransportError},
};

/// Reads the profile, which proves that the token still works. A page is read as a page.
pub(super) async fn profile(net: &Net, account: &Account) -> Result<Profile, NetworkError> {
    let failed = |error: TransportError| NetworkError::transport(NAME, &error);
    if let Some(id) = account
        .platform_account_id
        .strip_prefix("urn:li:organization:")
    {
        let path = format!("/rest/organizations/{}", encode(id));
        let page: Organization = super::get(net, account, &path).await?;
        return page.profile(net).map_err(failed);
    }
    if account.limits["profile"] == true {
        let person: Person = super::get(net, account, "/v2/userinfo").await?;
        person.profile(net).map_err(failed)
    } else {
        let member: Member = super::get(net, account, "/v2/me").await?;
        member.profile(net).map_err(failed)
    }
}

/// Everybody that a fresh token may act for: the person, and the pages where they are asked for.
pub(super) async fn all(
    net: &Net,
    token: &str,
    of_profile: bool,
    pages: bool,
) -> Result<Vec<Profile>, ConnectError> {
    let failed = |error: TransportError| ConnectError::transport(NAME, &error);
    let reader = Reader { net, token };
    let person = if of_profile {
        reader.get::<Person>("/v2/userinfo").await?.profile(net)
    } else {
        reader.get::<Member>("/v2/me").await?.profile(net)
    };
    let mut profiles = vec![person.map_err(failed)?];
    if pages {
        for page in reader.pages().await? {
            profiles.push(page.profile(net).map_err(failed)?);
        }
    }
    Ok(profiles)
}

/// Reads with a token that belongs to no account yet.
struct Reader<'a> {
    net: &'a Net,
    token: &'a str,
}

impl Reader<'_> {
    async fn get<T: DeserializeOwned>(&self, path: &str) -> Result<T, ConnectError> {
        let failed = |error: TransportError| ConnectError::transport(NAME, &error);
        let url = endpoint(self.net, Endpoint::Api, path)?;
        let request = self
            .net
            .request(Method::GET, url)
            .map_err(failed)?
            .bearer_auth(self.token)
            .header("LinkedIn-Version", VERSION)
            .header("X-Restli-Protocol-Version", "2.0.0");
        let answer = self.net.send(request).await.map_err(failed)?;
        if !answer.status.is_success() {
            return Err(parse_connect_error(&answer));
        }
        answer
            .json()
            .map_err(|error| bad_answer(format!("{path}: {error}")))
    }

    /// The pages that the person may post for: the roles that the Posts API names.
    async fn pages(&self) -> Result<Vec<Organization>, ConnectError> {
        const ROLES: [&str; 3] = [
            "ADMINISTRATOR",
            "CONTENT_ADMIN",
            "DIRECT_SPONSORED_CONTENT_POSTER",
        ];
        let access: Elements<Access> = self
            .get("/rest/organizationAcls?q=roleAssignee&state=APPROVED&count=100")
            .await?;
        let mut ids: Vec<_> = access
            .elements
            .iter()
            .filter(|access| ROLES.contains(&access.role.as_str()))
            .filter_map(|access| access.organization.rsplit(':').next())
            .collect();
        ids.sort_unstable();
        ids.dedup();
        let mut pages = Vec::new();
        for id in ids {
            pages.push(
                self.get(&format!("/rest/organizations/{}", encode(id)))
                    .await?,
            );
        }
        Ok(pages)
    }
}

/// A list as Rest.li has it.
#[derive(Deserialize)]
pub(super) struct Elements<T> {
    pub(super) elements: Vec<T>,
}

/// One person's role on one page.
#[derive(Deserialize)]
struct Access {
    role: String,
    organization: String,
}

/// An organisation's page.
#[derive(Deserialize)]
struct Organization {
    id: u64,
    #[serde(rename = "localizedName")]
    name: String,
    #[serde(rename = "vanityName")]
    vanity: Option<String>,
}

impl Organization {
    fn profile(self, net: &Net) -> Result<Profile, TransportError> {
        let username = self.vanity.unwrap_or_else(|| self.id.to_string());
        let path = format!("/company/{username}");
        Ok(Profile {
            kind: ProfileKind::Organization,
            platform_account_id: format!("urn:li:organization:{}", self.id),
            profile_url: net.endpoint(Platform::Linkedin, Endpoint::Auth, &path)?,
            display_name: self.name,
            avatar_url: None,
            username,
        })
    }
}

/// `GET /v2/userinfo`, by OpenID Connect.
#[derive(Deserialize)]
struct Person {
    sub: String,
    name: String,
    picture: Option<String>,
}

impl Person {
    fn profile(self, net: &Net) -> Result<Profile, TransportError> {
        Ok(Profile {
            kind: ProfileKind::Person,
            platform_account_id: format!("urn:li:person:{}", self.sub),
            // LinkedIn does not tell the address of a person's page.
            profile_url: net.endpoint(Platform::Linkedin, Endpoint::Auth, "/in/me")?,
            username: self.name.clone(),
            display_name: self.name,
            avatar_url: self.picture.and_then(|image| Url::parse(&image).ok()),
        })
    }
}

/// `GET /v2/me`, with `r_basicprofile`.
#[derive(Deserialize)]
struct Member {
    id: String,
    #[serde(rename = "localizedFirstName")]
    first_name: String,
    #[serde(rename = "localizedLastName")]
    last_name: String,
    #[serde(rename = "vanityName")]
    vanity: Option<String>,
}

impl Member {
    fn profile(self, net: &Net) -> Result<Profile, TransportError> {
        let name = format!("{} {}", self.first_name, self.last_name);
        let page = self.vanity.as_deref().unwrap_or("me");
        let path = format!("/in/{}", encode(page));
        Ok(Profile {
            kind: ProfileKind::Person,
            platform_account_id: format!("urn:li:person:{}", self.id),
            profile_url: net.endpoint(Platform::Linkedin, Endpoint::Auth, &path)?,
            username: self.vanity.unwrap_or_else(|| name.clone()),
            display_name: name,
            avatar_url: None,
        })
    }
}
