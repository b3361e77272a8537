//! What every simulated network is made of.
//!
//! A network's folder holds only what is its own: its addresses, its entities, its rules, its
//! words. Everything that networks have in common is here.
//!
//! | module | what a reader finds there |
//! |---|---|
//! | [`network`] | [`Profile`], what a network is as data; [`Net`], what its handlers are given |
//! | [`site`] | [`Site`], the part of a network that has one shape everywhere; the clock and ids |
//! | [`reading`] | how requests are read: [`Params`], [`Actor`], [`Here`] |
//! | [`refusal`] | [`Trouble`], what can go wrong on any network, and [`Refusal`], its answer |
//! | [`oauth`] | OAuth 2.0 as RFC 6749 and RFC 7636 have it, with each network's deviations as data |
//! | [`people`] | who has accounts: people and companies |
//! | [`faults`], [`mangle`] | how a request is made to fail |
//! | [`blobs`], [`fetch`] | files, of any size, sent or fetched |
//! | [`processing`], [`quota`], [`paging`] | files that take time, limits, lists in pages |
//! | [`insights`], [`comments`] | what the public does with a post |
//! | [`feed`], [`html`] | what a person sees in a browser |
//! | [`webhooks`] | telling subscribers |
//! | [`recorder`] | the requests that came, for tests to look at |
//! | [`control`], [`panel`] | `/sandbox`: the API and the page that rule all of this |

pub(crate) mod blobs;
pub(crate) mod comments;
pub(crate) mod control;
pub(crate) mod faults;
pub(crate) mod feed;
pub(crate) mod fetch;
pub(crate) mod html;
pub(crate) mod insights;
pub(crate) mod mangle;
pub(crate) mod network;
pub(crate) mod oauth;
pub(crate) mod paging;
pub(crate) mod panel;
pub(crate) mod people;
pub(crate) mod processing;
pub(crate) mod quota;
pub(crate) mod reading;
pub(crate) mod recorder;
pub(crate) mod refusal;
pub(crate) mod site;
#[cfg(test)]
mod tests;
pub(crate) mod webhooks;

pub(crate) use network::{Brand, Memory, Mounted, Net, Profile};
pub(crate) use reading::{Actor, Here, Params};
pub(crate) use refusal::{Answer, Refusal, Trouble};
pub(crate) use site::{Hub, Site};

/// A number made from a text: the same for the same text, on every machine (FNV-1a, then mixed
/// as SplitMix64 does, so that neighbours are far apart).
pub(crate) fn seed(text: &str) -> u64 {
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    mix(hash)
}

/// Another number from a number.
pub(crate) const fn mix(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}
