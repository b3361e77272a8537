//! An answer in which one value is not what it should be: networks change their answers, and
//! nothing that reads them may break over it.

use axum::{
    body::{Body, to_bytes},
    http::header::CONTENT_LENGTH,
    response::Response,
};
use serde_json::{Value, json};

/// No answer of ours is larger.
const MOST: usize = 16 * 1024 * 1024;

/// The answer with one value of its JSON replaced or removed. `seed` says which, and by what:
/// the same one does the same to the same answer. Answers that are no JSON stay as they are.
pub(crate) async fn mangle(answer: Response, seed: u64) -> Response {
    let (mut parts, body) = answer.into_parts();
    let Ok(bytes) = to_bytes(body, MOST).await else {
        return Response::from_parts(parts, Body::empty());
    };
    let Ok(mut json) = serde_json::from_slice::<Value>(&bytes) else {
        return Response::from_parts(parts, Body::from(bytes));
    };
    let mut left = seed % count(&json);
    change(&mut json, &mut left, seed);
    parts.headers.remove(CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(json.to_string()))
}

/// How many values there are, with the whole itself.
fn count(json: &Value) -> u64 {
    1 + match json {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(fields) => fields.values().map(count).sum::<u64>(),
        _ => 0,
    }
}

/// Changes the value that comes after `left` others, if it is in here.
fn change(json: &mut Value, left: &mut u64, seed: u64) -> bool {
    if *left == 0 {
        *json = instead(seed);
        return true;
    }
    *left -= 1;
    match json {
        Value::Array(items) => items.iter_mut().any(|item| change(item, left, seed)),
        Value::Object(fields) => {
            let last = fields.len() as u64;
            // Some fields are missing altogether.
            if *left < last && seed.is_multiple_of(3) {
                let name = fields.keys().nth(usize::try_from(*left).unwrap_or(0));
                if let Some(name) = name.cloned() {
                    fields.remove(&name);
                    return true;
                }
            }
            fields.values_mut().any(|value| change(value, left, seed))
        }
        _ => false,
    }
}

fn instead(seed: u64) -> Value {
    match seed % 11 {
        0 => Value::Null,
        1 => json!(true),
        2 => json!(-1),
        3 => json!(u64::MAX),
        4 => json!(1e300),
        5 => json!(""),
        // No byte but the first is where a character begins that one may cut at.
        6 => json!("é漢𝔘\u{200d}\u{0}".repeat(200)),
        7 => json!("2026-13-45T99:99:99Z"),
        8 => json!([]),
        9 => json!({}),
        _ => json!([{ "id": [[[]]] }]),
    }
}
