//! Lists in pages, by cursors (*Graph API: paginated results*).

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use super::{GraphError, fields};
use crate::kit::{Here, Params};

/// Items on a page where nobody says how many.
const USUAL: usize = 25;
/// The most that a page takes.
const MOST: usize = 100;

/// A page of `items` as `limit`, `after` and `fields` ask for it. `path` is the list's address
/// under the network's base.
pub(crate) fn page(
    here: &Here,
    path: &str,
    params: &Params,
    items: &[Value],
    defaults: &[&str],
) -> Result<Value, GraphError> {
    let limit = params
        .get("limit")
        .map_or(Ok(USUAL), str::parse)
        .map_err(|_| GraphError::parameter("Param limit must be a number"))?;
    if limit > MOST {
        return Err(GraphError::parameter("limit must not exceed 100"));
    }
    let start = params.get("after").map_or(Ok(0), place)?;
    let picked = items
        .iter()
        .skip(start)
        .take(limit)
        .map(|item| fields::select(item, params.get("fields"), defaults))
        .collect::<Result<Vec<_>, _>>()?;
    let end = start + picked.len();
    let mut answer = json!({ "data": picked });
    if start < end {
        answer["paging"] = json!({ "cursors": { "before": cursor(start), "after": cursor(end) } });
    }
    if start < end && end < items.len() {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in params.pairs() {
            // The token is part of the real address too, but nothing here shall hold one.
            if name != "after" && name != "access_token" {
                query.append_pair(name, value);
            }
        }
        query.append_pair("after", &cursor(end));
        answer["paging"]["next"] = json!(format!("{}{path}?{}", here.base, query.finish()));
    }
    Ok(answer)
}

fn cursor(place: usize) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(format!("QVFI{place}"))
}

fn place(cursor: &str) -> Result<usize, GraphError> {
    BASE64_URL_SAFE_NO_PAD
        .decode(cursor)
        .ok()
        .and_then(|bytes| String::from_utf8(bytes).ok())
        .and_then(|text| text.strip_prefix("QVFI")?.parse().ok())
        .ok_or_else(|| GraphError::parameter("Invalid cursors values"))
}
