//! The *little* text format: marketing/community-management/shares/little-text-format.

/// What a reader sees, or the reason why the text is none of this format.
pub(super) fn read(little: &str) -> Result<String, String> {
    let mut plain = String::new();
    let mut rest = little;
    while let Some(c) = rest.chars().next() {
        let after = &rest[c.len_utf8()..];
        match c {
            '\\' => {
                let Some(escaped) = after.chars().next() else {
                    return Err("A backslash ends the text".to_owned());
                };
                plain.push(escaped);
                rest = &after[escaped.len_utf8()..];
            }
            '@' => {
                let (name, length) = mention(after).ok_or("A mention is not well-formed")?;
                plain.push_str(&name);
                rest = &after[length..];
            }
            '#' => {
                if !after.starts_with(|c: char| c.is_alphanumeric()) {
                    return Err("A hashtag has no word".to_owned());
                }
                plain.push('#');
                rest = after;
            }
            '|' | '{' | '}' | '[' | ']' | '(' | ')' | '<' | '>' | '*' | '_' | '~' => {
                return Err(format!("The reserved character {c} is not escaped"));
            }
            other => {
                plain.push(other);
                rest = after;
            }
        }
    }
    Ok(plain)
}

/// `[Name](urn:li:organization:1234)`: the name, and how long all of it is.
fn mention(text: &str) -> Option<(String, usize)> {
    let inner = text.strip_prefix('[')?;
    let end = inner.find("](")?;
    let urn = &inner[end + 2..];
    let urn_end = urn.find(')')?;
    let known = ["urn:li:person:", "urn:li:organization:"];
    known
        .iter()
        .any(|kind| urn[..urn_end].starts_with(kind))
        .then(|| {
            let name = inner[..end].replace('\\', "");
            (name, 1 + end + 2 + urn_end + 1)
        })
}

/// How a text comes back: hashtags as templates.
pub(super) fn written(little: &str) -> String {
    let mut written = String::new();
    let mut escaped = false;
    let mut tag = false;
    for c in little.chars() {
        if tag && !(c.is_alphanumeric() || c == '_' || c == '\\') {
            written.push('}');
            tag = false;
        }
        if c == '#' && !escaped {
            written.push_str(r"{hashtag|\#|");
            tag = true;
        } else {
            written.push(c);
        }
        escaped = c == '\\' && !escaped;
    }
    if tag {
        written.push('}');
    }
    written
}
