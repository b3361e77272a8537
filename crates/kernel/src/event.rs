//! What happened.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::Timestamp;

/// Something that happened in a tenant, written to its outbox in the transaction that did it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// The event's own id, the same however often it is delivered.
    pub id: Uuid,
    /// What happened: `post.published`, `account.connected`, …
    #[serde(rename = "type")]
    pub kind: String,
    /// The id of what it happened to.
    pub subject_id: Uuid,
    /// When.
    pub at: Timestamp,
    /// Facts a listener needs, never secrets. Empty where the subject says it all.
    #[schema(value_type = Object)]
    pub data: serde_json::Value,
}
