//! Looking for a Pin whose answer was lost: operation `boards/list_pins` of the OpenAPI 5.23.0.
//!
//! Pinterest knows no idempotency key and no reference of ours, so the board's own Pins are read
//! back and compared with what was sent. Neither the order of that list nor how soon a new Pin is
//! in it is documented: pages are read until all of their Pins are older, a list in another order
//! to its end, and until [`SETTLED_AFTER`] an absent Pin proves nothing.

use std::time::Duration;

use kernel::Timestamp;
use reqwest::Method;
use serde_json::json;

use super::{
    api::{Page, call, read},
    publish::{Pin, alt_text, posted, section},
};
use crate::{
    connector::{Found, StepWork},
    error::{ErrorKind, NetworkError},
    http::{Answer, Net},
    step::{self, StepName},
};

/// How long Pinterest may need to list a Pin that it has accepted.
const SETTLED_AFTER: Duration = Duration::from_mins(2);
/// How far Pinterest's clock may be off beyond what its `Date` header tells.
const CLOCK_MARGIN: Duration = Duration::from_secs(30);
/// The most that one page holds, and how many pages are read back.
const PAGE: &str = "250";
const PAGES: usize = 4;

pub(super) async fn find_step(net: &Net, work: StepWork<'_>) -> Result<Found, NetworkError> {
    let StepName::Post(_) = step::name(&work)? else {
        // Nobody sees an upload, so another one does no harm.
        return Ok(Found::Absent);
    };
    let request = work.request;
    let media = &step::part(&work, 0)?.media;
    let wanted = Wanted {
        title: request.text_option("title").unwrap_or_default(),
        description: step::part(&work, 0)?.text.trim(),
        link: request.text_option("link").unwrap_or_default(),
        alt_text: alt_text(media),
        section: section(request).unwrap_or_default(),
        kind: match request.format.as_str() {
            "video" => "video",
            "carousel" => "multiple_images",
            _ => "image",
        },
        pictures: media.len(),
    };
    let path = format!(
        "/boards/{}/pins",
        request.text_option("board").unwrap_or_default()
    );
    let mut bookmark: Option<String> = None;
    for _ in 0..PAGES {
        let answer = call(net, work.account, Method::GET, &path, |request| {
            let request = request.query(&[("page_size", PAGE)]);
            match &bookmark {
                Some(bookmark) => request.query(&[("bookmark", bookmark)]),
                None => request,
            }
        })
        .await?;
        let since = not_before(net, &answer, work.first_sent_at);
        let page: Page = read(net, &answer)?;
        let pins: Vec<Pin> = page
            .items
            .into_iter()
            .filter_map(|item| serde_json::from_value(item).ok())
            .collect();
        let times: Vec<_> = pins.iter().filter_map(Pin::created_at).collect();
        for pin in pins {
            if pin.created_at().is_some_and(|made| made >= since) && wanted.is(&pin) {
                return Ok(Found::Present(json!(posted(net, pin.id))));
            }
        }
        let newest_first = times.is_sorted_by(|one, next| one >= next);
        let all_older = times.last().is_some_and(|last| *last < since);
        bookmark = page.bookmark.filter(|bookmark| !bookmark.is_empty());
        if bookmark.is_none() || (newest_first && all_older) {
            return absent(net, &work);
        }
    }
    Ok(Found::CannotTell(
        "The board holds more Pins than AllIN can look through. Please look at the board on Pinterest.".to_owned(),
    ))
}

fn absent(net: &Net, work: &StepWork<'_>) -> Result<Found, NetworkError> {
    let waited = net.env.now().since(work.first_sent_at);
    if waited >= SETTLED_AFTER {
        return Ok(Found::Absent);
    }
    Err(NetworkError::refused(
        ErrorKind::Temporary,
        "Pinterest may still be busy with the Pin. AllIN looks again shortly.",
        "not there yet; too early to call it absent",
    )
    .with_retry_after(Some(SETTLED_AFTER.saturating_sub(waited))))
}

/// `first_sent_at` by Pinterest's clock, which its `Date` header shows, with some margin.
fn not_before(net: &Net, answer: &Answer, first_sent_at: Timestamp) -> Timestamp {
    let now = net.env.now();
    let server_now = answer
        .header("date")
        .and_then(|date| jiff::fmt::rfc2822::parse(date).ok())
        .map_or(now, |date| Timestamp::from(date.timestamp()));
    first_sent_at + server_now.since(now) - now.since(server_now) - CLOCK_MARGIN
}

/// What is looked for.
struct Wanted<'a> {
    title: &'a str,
    description: &'a str,
    link: &'a str,
    alt_text: String,
    section: &'a str,
    kind: &'static str,
    pictures: usize,
}

impl Wanted<'_> {
    fn is(&self, pin: &Pin) -> bool {
        let same = |seen: &Option<String>, sent: &str| {
            seen.as_deref().unwrap_or_default().trim() == sent.trim()
        };
        let same_media = pin.media.as_ref().is_none_or(|media| {
            media.media_type == self.kind
                && (media.items.is_empty() || media.items.len() == self.pictures)
        });
        same(&pin.title, self.title)
            && same(&pin.description, self.description)
            && same(&pin.link, self.link)
            && same(&pin.alt_text, &self.alt_text)
            && same(&pin.board_section_id, self.section)
            && same_media
    }
}
