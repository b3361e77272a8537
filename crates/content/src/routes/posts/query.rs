//! How a list of posts is asked for.

use accounts::SocialAccountId;
use kernel::{Code, Problem, Timestamp};
use networks::Platform;
use serde::Deserialize;
use utoipa::IntoParams;

use crate::{PostFilter, PostOrder, PostStatus};

/// Which posts are asked for.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default, rename_all = "camelCase")]
pub(in crate::routes) struct PostQuery {
    /// Only in one of these states, separated by commas.
    #[param(example = "scheduled,failed")]
    status: Option<String>,
    /// Only for this account.
    account_id: Option<SocialAccountId>,
    /// Only for accounts of this network.
    platform: Option<Platform>,
    /// Only due at this time or later.
    from: Option<Timestamp>,
    /// Only due before this time.
    to: Option<Timestamp>,
    /// Only with this text in the name or a part.
    search: Option<String>,
    /// In which order; the last touched first where left out.
    sort: Option<PostOrder>,
}

impl PostQuery {
    pub(super) fn filter(self) -> Result<PostFilter, Problem> {
        let words = self
            .status
            .as_deref()
            .unwrap_or_default()
            .split(',')
            .map(str::trim);
        let status = words.filter(|word| !word.is_empty()).map(|word| {
            word.parse::<PostStatus>().map_err(|_| {
                let known: Vec<_> = PostStatus::ALL
                    .iter()
                    .map(|status| status.as_str())
                    .collect();
                let message = format!("A post's status is one of {}.", known.join(", "));
                Problem::new(Code::MalformedParameter, message)
            })
        });
        Ok(PostFilter {
            status: status.collect::<Result<_, _>>()?,
            account: self.account_id,
            platform: self.platform,
            from: self.from,
            to: self.to,
            search: self.search,
            order: self.sort.unwrap_or_default(),
        })
    }
}
