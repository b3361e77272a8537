//! Who has accounts on the simulated networks: the same people and companies everywhere.

use axum::{
    extract::Path,
    http::header::CONTENT_TYPE,
    response::{IntoResponse, Response},
};

use super::html::escape;

/// Whether an account is a person's or a company's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum AccountKind {
    /// Logs in and gives consent.
    Person,
    /// A page, channel or organisation that people manage.
    Company,
}

/// Somebody with an account.
#[derive(Debug)]
pub(crate) struct Account {
    /// The name in addresses: small letters.
    pub(crate) username: &'static str,
    /// The name that is shown.
    pub(crate) name: &'static str,
    /// Person or company.
    pub(crate) kind: AccountKind,
    /// What it says of itself.
    pub(crate) bio: &'static str,
    /// How many follow it.
    pub(crate) followers: u64,
    /// The companies that a person manages, by username.
    pub(crate) manages: &'static [&'static str],
}

/// Everybody. The first one is chosen on consent pages where nobody chooses.
pub(crate) const ACCOUNTS: [Account; 5] = [
    Account {
        username: "mara",
        name: "Mara Lindqvist",
        kind: AccountKind::Person,
        bio: "Runs a coffee roastery by the harbour. Bakes on Sundays.",
        followers: 2_840,
        manages: &["harbourlight", "fernway"],
    },
    Account {
        username: "jonas",
        name: "Jonas Okafor",
        kind: AccountKind::Person,
        bio: "Mends bicycles, photographs bridges.",
        followers: 460,
        manages: &["fernway"],
    },
    Account {
        username: "priya",
        name: "Priya Raman",
        kind: AccountKind::Person,
        bio: "Writes about cities and how we move in them.",
        followers: 51_300,
        manages: &[],
    },
    Account {
        username: "harbourlight",
        name: "Harbour Light Coffee",
        kind: AccountKind::Company,
        bio: "Small roastery, early mornings. Open from six.",
        followers: 12_600,
        manages: &[],
    },
    Account {
        username: "fernway",
        name: "Fernway Bicycles",
        kind: AccountKind::Company,
        bio: "Second-hand bicycles, put right and kept right.",
        followers: 3_900,
        manages: &[],
    },
];

/// The account of this name.
pub(crate) fn find(username: &str) -> Option<&'static Account> {
    ACCOUNTS.iter().find(|account| account.username == username)
}

/// The people: who can log in.
pub(crate) fn persons() -> impl Iterator<Item = &'static Account> {
    ACCOUNTS
        .iter()
        .filter(|account| account.kind == AccountKind::Person)
}

impl Account {
    /// The companies that this person manages.
    pub(crate) fn companies(&self) -> impl Iterator<Item = &'static Account> {
        self.manages.iter().filter_map(|name| find(name))
    }

    /// A number of `digits` digits that is the same for the same name on the same network, and
    /// another on another: what the network knows the account by.
    pub(crate) fn number(&self, network: &str, digits: u32) -> u64 {
        number(&format!("{network}/{}", self.username), digits)
    }
}

/// A number of `digits` digits, 19 at most, made from a text; it does not begin with 0.
pub(crate) fn number(text: &str, digits: u32) -> u64 {
    let least = 10u64.pow(digits.clamp(1, 19) - 1);
    least + super::seed(text) % (least.saturating_mul(9))
}

/// The picture of an account, under this path of the origin.
pub(crate) fn avatar_path(username: &str) -> String {
    format!("/avatars/{username}.svg")
}

/// `GET /avatars/:name.svg`: the name's first letter on a colour of its own.
pub(crate) async fn avatar(Path(name): Path<String>) -> Response {
    let name = name.trim_end_matches(".svg");
    let hue = name
        .bytes()
        .fold(0u32, |sum, byte| (sum * 31 + u32::from(byte)) % 360);
    let letter: String = name.chars().take(1).flat_map(char::to_uppercase).collect();
    let letter = escape(&letter);
    let svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 100 100\"><rect width=\"100\" height=\"100\" \
         fill=\"hsl({hue} 55% 45%)\"/><text x=\"50\" y=\"68\" font-family=\"sans-serif\" font-size=\"52\" \
         text-anchor=\"middle\" fill=\"#fff\">{letter}</text></svg>"
    );
    ([(CONTENT_TYPE, "image/svg+xml")], svg).into_response()
}
