//! What the authors of posts are called.

use std::{collections::HashMap, time::Duration};

use identity::Identity;
use kernel::{PersonId, Problem};
use moka::future::Cache;

/// Names remembered at once.
const REMEMBERED: u64 = 10_000;
/// How long a list may show a person's former name.
const REMEMBER: Duration = Duration::from_secs(5);

/// Names, remembered for a moment: every post that is shown needs its author's, and they are in
/// another database than the posts.
#[derive(Clone)]
pub(crate) struct Authors {
    identity: Identity,
    names: Cache<PersonId, String>,
}

impl Authors {
    pub(crate) fn new(identity: Identity) -> Self {
        Self {
            identity,
            names: Cache::builder()
                .max_capacity(REMEMBERED)
                .time_to_live(REMEMBER)
                .build(),
        }
    }

    /// The names of these people, as far as they exist.
    pub(crate) async fn names(
        &self,
        ids: impl IntoIterator<Item = PersonId>,
    ) -> Result<HashMap<PersonId, String>, Problem> {
        let mut names = HashMap::new();
        let mut unknown = Vec::new();
        for id in ids {
            match self.names.get(&id).await {
                Some(name) => {
                    names.insert(id, name);
                }
                None => unknown.push(id),
            }
        }
        if !unknown.is_empty() {
            for (id, name) in self.identity.people(&unknown).await? {
                self.names.insert(id, name.clone()).await;
                names.insert(id, name);
            }
        }
        Ok(names)
    }
}
