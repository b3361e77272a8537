//! The daily quota of an app: developers.google.com/youtube/data/determine_quota_cost (June 2026).
//! It begins anew at midnight Pacific Time.

use super::{Net, refusal};
use crate::kit::{
    Actor, Answer,
    quota::{Quota, Window},
};

const PACIFIC_DAY: Window = Window::Fixed {
    seconds: 86_400,
    offset: 28_800,
};

/// Units of all methods without a bucket of their own.
const UNITS: Quota = Quota {
    name: "units",
    limit: 10_000,
    window: PACIFIC_DAY,
};
/// Calls of videos.insert.
const UPLOADS: Quota = Quota {
    name: "uploads",
    limit: 100,
    window: PACIFIC_DAY,
};

/// What the methods cost.
pub(super) const LIST: u64 = 1;
pub(super) const WRITE: u64 = 50;
pub(super) const CAPTIONS_LIST: u64 = 50;
pub(super) const CAPTIONS_INSERT: u64 = 400;

/// Uses units.
pub(super) fn charge(net: &Net, actor: &Actor, cost: u64) -> Answer<()> {
    spend(net, &UNITS, actor, cost)
}

/// Uses one call of videos.insert.
pub(super) fn charge_upload(net: &Net, actor: &Actor) -> Answer<()> {
    spend(net, &UPLOADS, actor, 1)
}

fn spend(net: &Net, quota: &Quota, actor: &Actor, amount: u64) -> Answer<()> {
    match net.spend(quota, &actor.token.client_id, amount) {
        Ok(_) => Ok(()),
        Err(_) => Err(refusal::forbidden(
            "quota",
            "quotaExceeded",
            "The request cannot be completed because you have exceeded your <a href=\"/youtube/v3/getting-started#quota\">quota</a>.",
        )),
    }
}
