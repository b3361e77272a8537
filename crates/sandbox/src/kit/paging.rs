//! Lists in pages, by cursors that nobody can read.

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};

/// Where a page begins.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Cursor<'a> {
    /// At the first item.
    Start,
    /// After the item of this cursor.
    After(&'a str),
    /// Before the item of this cursor: the page ends there.
    Before(&'a str),
}

/// One page of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Page<T> {
    /// Its items.
    pub(crate) items: Vec<T>,
    /// The cursor to go on with, if there is more.
    pub(crate) next: Option<String>,
    /// The cursor to go back with, if there is something before.
    pub(crate) previous: Option<String>,
}

impl<'a> Cursor<'a> {
    /// From the parameters of a request.
    pub(crate) fn new(after: Option<&'a str>, before: Option<&'a str>) -> Self {
        match (after, before) {
            (Some(after), _) => Self::After(after),
            (None, Some(before)) => Self::Before(before),
            (None, None) => Self::Start,
        }
    }
}

/// The page of `items` at the cursor, `limit` items at most. `key` tells items apart and does not
/// change; items that came in the meantime move nothing. `None` where the cursor is of no item.
pub(crate) fn page<T: Clone>(
    items: &[T],
    key: impl Fn(&T) -> String,
    cursor: Cursor<'_>,
    limit: usize,
) -> Option<Page<T>> {
    let place = |cursor: &str| {
        let key_of = BASE64_URL_SAFE_NO_PAD.decode(cursor).ok()?;
        items.iter().position(|item| key(item).as_bytes() == key_of)
    };
    let limit = limit.max(1);
    let (start, end) = match cursor {
        Cursor::Start => (0, limit),
        Cursor::After(cursor) => {
            let start = place(cursor)? + 1;
            (start, start + limit)
        }
        Cursor::Before(cursor) => {
            let end = place(cursor)?;
            (end.saturating_sub(limit), end)
        }
    };
    let end = end.min(items.len());
    let start = start.min(end);
    let cursor_of = |item: &T| BASE64_URL_SAFE_NO_PAD.encode(key(item));
    let shown = items.get(start..end).unwrap_or_default();
    Some(Page {
        next: shown.last().filter(|_| end < items.len()).map(cursor_of),
        previous: shown.first().filter(|_| start > 0).map(cursor_of),
        items: shown.to_vec(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_lead_forward_and_back_and_newcomers_move_nothing() {
        let key = ToString::to_string;
        let items = [9, 8, 7, 6, 5];
        let first = page(&items, key, Cursor::Start, 2).unwrap();
        assert_eq!((first.items, first.previous), (vec![9, 8], None));
        let with_newer = [10, 9, 8, 7, 6, 5];
        let next = first.next.unwrap();
        let second = page(&with_newer, key, Cursor::After(&next), 2).unwrap();
        assert_eq!(second.items, [7, 6]);
        let back = second.previous.unwrap();
        let back = page(&with_newer, key, Cursor::Before(&back), 2).unwrap();
        assert_eq!(back.items, [9, 8]);
        let next = second.next.unwrap();
        let last = page(&with_newer, key, Cursor::After(&next), 2).unwrap();
        assert_eq!((last.items, last.next), (vec![5], None));
        assert_eq!(page(&items, key, Cursor::After("made up"), 2), None);
    }
}
