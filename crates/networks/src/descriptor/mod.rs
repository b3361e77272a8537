//! What each network can do, as data.
//!
//! Preflight, the composer, the documentation and the tests all read these values; none of them
//! knows a network by name.

mod connect;
mod format;
mod option;
mod quota;

use std::time::Duration;

use serde::Serialize;
use utoipa::ToSchema;

pub use self::{
    connect::{AppSource, Connect, ConnectField, ConnectKind, Endpoints, Permission},
    format::{Aspect, Counting, FileRules, Format, ImageRules, MediaRules, TextRules, VideoRules},
    option::{Choice, OptionField, OptionKind},
    quota::{Quota, QuotaScope, Shape, Spent, Takes},
};
use crate::{Platform, error::ErrorKind};

/// One social network, as everything else in AllIN knows it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Network)]
pub struct Descriptor {
    /// Which one.
    pub platform: Platform,
    /// The name that people know it by.
    pub name: &'static str,
    /// How it looks beside others.
    pub brand: Brand,
    /// The interface that the connector was written for.
    pub api: ApiVersion,
    /// Where its interface is, unless the operator says otherwise.
    #[serde(skip)]
    pub endpoints: Endpoints,
    /// How an account is connected.
    pub connect: Connect,
    /// What can be published, the most usual first: the first format that takes a post's files is
    /// used where the author chooses none. An account's own server may have other limits.
    pub formats: Vec<Format>,
    /// How often it can be published.
    pub quotas: Vec<Quota>,
    /// What can be done with it.
    pub features: Features,
    /// What its error codes mean.
    #[serde(skip)]
    pub errors: &'static [KnownError],
}

/// How a network looks beside others.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Brand {
    /// Its colour, as `#rrggbb`.
    pub colour: &'static str,
    /// Its sign: the `d` of an SVG path in a box of 24 by 24.
    pub glyph: &'static str,
}

/// The interface that a connector was written for.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct ApiVersion {
    /// Its version, as the network writes it.
    pub version: &'static str,
    /// Where it is documented.
    pub documentation: &'static str,
    /// When the connector was last compared with the documentation, as `2026-11-21`.
    pub checked: &'static str,
}

/// What can be done with a network.
#[derive(Clone, Copy, Debug, Default, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a list of independent yes-or-no facts"
)]
pub struct Features {
    /// A post may be followed by replies that continue it.
    pub threads: bool,
    /// Images carry a description.
    pub alt_text: bool,
    /// A published post can be deleted.
    pub delete: bool,
    /// `@name` becomes a mention.
    pub mentions: bool,
    /// `#word` becomes a hashtag.
    pub hashtags: bool,
    /// A post's and an account's numbers can be read.
    pub insights: bool,
    /// Comments can be read and answered.
    pub comments: bool,
}

/// What one of a network's error codes means.
#[derive(Clone, Copy, Debug)]
pub struct KnownError {
    /// The code as the network sends it; a code and its subcode are joined by `/`.
    pub code: &'static str,
    /// What to do about it.
    pub kind: ErrorKind,
    /// For the person: what happened and what to do, in plain words.
    pub sentence: &'static str,
    /// When it is worth trying again, where the network does not say so itself.
    pub wait: Option<Duration>,
}

impl KnownError {
    /// The entry for `code` in a network's table.
    pub fn find(table: &'static [Self], code: &str) -> Option<&'static Self> {
        table.iter().find(|known| known.code == code)
    }

    /// The same, and it is worth trying again after `wait`.
    pub(crate) const fn after(mut self, wait: Duration) -> Self {
        self.wait = Some(wait);
        self
    }
}

/// An entry of a network's table.
pub(crate) const fn known(
    code: &'static str,
    kind: ErrorKind,
    sentence: &'static str,
) -> KnownError {
    KnownError {
        code,
        kind,
        sentence,
        wait: None,
    }
}
