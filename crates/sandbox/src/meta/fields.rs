//! What of an object is wanted: `fields=id,name,comments.limit(2).summary(true){id,text}`
//! (*Graph API: field expansion*).

use serde_json::{Map, Value, json};

use super::GraphError;

/// One field, as it is asked for.
#[derive(Debug, Default, PartialEq)]
struct Wanted {
    name: String,
    /// What stands between the name and the braces: `.limit(2).summary(true)`.
    modifiers: String,
    inner: Vec<Wanted>,
}

/// Of `object`, which has every field that there is (null where this one has none), what `fields`
/// asks for, and the id. Without `fields`, those of `defaults`.
pub(crate) fn select(
    object: &Value,
    fields: Option<&str>,
    defaults: &[&str],
) -> Result<Value, GraphError> {
    let wanted = match fields {
        Some(fields) => parse(&mut fields.chars().peekable()),
        None => defaults
            .iter()
            .map(|name| Wanted {
                name: (*name).to_owned(),
                ..Wanted::default()
            })
            .collect(),
    };
    project(object, &wanted)
}

fn parse(rest: &mut std::iter::Peekable<std::str::Chars<'_>>) -> Vec<Wanted> {
    let mut all = Vec::new();
    let mut one = Wanted::default();
    let mut depth = 0;
    while let Some(letter) = rest.next() {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            ',' if depth == 0 => {
                all.push(std::mem::take(&mut one));
                continue;
            }
            '{' if depth == 0 => {
                one.inner = parse(rest);
                continue;
            }
            '}' if depth == 0 => break,
            _ => {}
        }
        if letter == '.' || !one.modifiers.is_empty() {
            one.modifiers.push(letter);
        } else if !letter.is_whitespace() {
            one.name.push(letter);
        }
    }
    all.push(one);
    all.retain(|wanted| !wanted.name.is_empty());
    all
}

fn project(object: &Value, wanted: &[Wanted]) -> Result<Value, GraphError> {
    let Some(known) = object.as_object() else {
        return Ok(object.clone());
    };
    let mut picked = Map::new();
    for field in wanted {
        let value = known.get(&field.name).ok_or_else(|| {
            GraphError::parameter(format!(
                "Tried accessing nonexisting field ({})",
                field.name
            ))
        })?;
        if value.is_null() {
            continue;
        }
        picked.insert(field.name.clone(), expand(value, field)?);
    }
    if let Some(id) = known.get("id") {
        picked.entry("id").or_insert_with(|| id.clone());
    }
    Ok(Value::Object(picked))
}

/// A list as `{"data": […]}`, an object, or a plain value.
fn expand(value: &Value, field: &Wanted) -> Result<Value, GraphError> {
    let inner = |value: &Value| {
        if field.inner.is_empty() {
            Ok(value.clone())
        } else {
            project(value, &field.inner)
        }
    };
    let Some(items) = value.get("data").and_then(Value::as_array) else {
        // A picture is an object within `data`.
        return match value.get("data") {
            Some(data) => Ok(json!({ "data": inner(data)? })),
            None => inner(value),
        };
    };
    let limit = field
        .modifiers
        .split_once("limit(")
        .and_then(|(_, rest)| rest.split(')').next()?.parse().ok())
        .unwrap_or(25);
    let items = items.iter().take(limit).map(inner);
    let mut list = json!({ "data": items.collect::<Result<Vec<_>, _>>()? });
    if field.modifiers.contains("summary(") {
        list["summary"] = value["summary"].clone();
    }
    Ok(list)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_picked_and_expanded() {
        let object = json!({
            "id": "1", "name": "n", "gone": null,
            "comments": { "data": [{ "id": "2", "text": "a", "by": "b" }, { "id": "3", "text": "c", "by": "d" }],
                          "summary": { "total_count": 2 } },
        });
        let of = |fields| select(&object, Some(fields), &[]);
        assert_eq!(of("name,gone").unwrap(), json!({ "id": "1", "name": "n" }));
        assert_eq!(
            of("comments.limit(1).summary(true){text},name").unwrap(),
            json!({ "id": "1", "name": "n", "comments": {
                "data": [{ "id": "2", "text": "a" }], "summary": { "total_count": 2 } } })
        );
        assert!(of("nonsense").is_err());
        assert_eq!(
            select(&object, None, &["name"]).unwrap(),
            json!({ "id": "1", "name": "n" })
        );
    }
}
