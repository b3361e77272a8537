//! The social networks: what each can do, and how AllIN speaks to it.

mod address;
pub mod connector;
pub mod descriptor;
pub mod error;
pub mod http;
pub mod mastodon;
mod step;

pub use connector::Connector;
pub use descriptor::{Descriptor, Limits, Platform};
pub use error::{Certainty, ConnectError, ConnectReason, ErrorKind, NetworkError};
pub use http::{Net, NetConfig};
