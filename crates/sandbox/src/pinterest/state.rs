//! What Pinterest remembers, and how it shows it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kernel::Timestamp;
use serde_json::{Value, json};

use crate::kit::{
    self, Here, Site,
    blobs::{Blob, Upload},
    feed::{FeedMedia, FeedPost},
    people,
    processing::Processing,
};

/// Everything there is. Ids are numbers of one length, so the order of keys is that of time.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    /// The accounts that have got the boards they begin with.
    pub(super) settled: BTreeSet<String>,
    pub(super) boards: BTreeMap<String, Board>,
    pub(super) media: BTreeMap<String, Media>,
    pub(super) pins: BTreeMap<String, Pin>,
    /// Which media an upload belongs to, by the `key` of the file store.
    pub(super) keys: HashMap<String, String>,
}

#[derive(Clone, Debug)]
pub(super) struct Board {
    pub(super) id: String,
    pub(super) account: String,
    pub(super) name: String,
    pub(super) description: String,
    pub(super) privacy: &'static str,
    pub(super) created_at: Timestamp,
    pub(super) sections: Vec<Section>,
}

#[derive(Clone, Debug)]
pub(super) struct Section {
    pub(super) id: String,
    pub(super) name: String,
}

/// A registered upload.
#[derive(Clone, Debug)]
pub(super) struct Media {
    pub(super) id: String,
    pub(super) account: String,
    pub(super) signature: String,
    pub(super) upload: Upload,
    pub(super) file: Option<(Blob, Processing)>,
}

#[derive(Clone, Debug)]
pub(super) struct Pin {
    pub(super) id: String,
    pub(super) account: String,
    pub(super) board: String,
    pub(super) section: Option<String>,
    pub(super) title: Option<String>,
    pub(super) description: Option<String>,
    pub(super) link: Option<String>,
    pub(super) alt_text: Option<String>,
    pub(super) dominant_color: Option<String>,
    pub(super) created_at: Timestamp,
    pub(super) content: Content,
}

/// What a Pin shows.
#[derive(Clone, Debug)]
pub(super) enum Content {
    Image(Blob),
    Video { video: Blob, cover: Option<Blob> },
    Images(Vec<Card>),
}

/// One picture of a carousel.
#[derive(Clone, Debug)]
pub(super) struct Card {
    pub(super) image: Blob,
    pub(super) title: Option<String>,
    pub(super) description: Option<String>,
    pub(super) link: Option<String>,
}

/// The boards that everybody begins with: name, privacy, sections.
const BOARDS: [(&str, &str, &[&str]); 4] = [
    ("Coffee corner", "PUBLIC", &["Beans", "Brewing"]),
    ("Harbour mornings", "PUBLIC", &[]),
    ("Workshop", "PROTECTED", &["Tools"]),
    ("Secret plans", "SECRET", &[]),
];

/// An id: a number of 18 digits that grows.
pub(super) fn next_id(site: &Site) -> String {
    (800_000_000_000_000_000 + site.next_number()).to_string()
}

impl Memory {
    /// Gives an account the boards it begins with.
    pub(super) fn settle(&mut self, account: &str, now: Timestamp) {
        if !self.settled.insert(account.to_owned()) {
            return;
        }
        for (name, privacy, sections) in BOARDS {
            let number = |text: &str| people::number(&format!("pinterest/{account}/{text}"), 18);
            let id = number(name).to_string();
            let sections = sections
                .iter()
                .map(|section| Section {
                    id: number(&format!("{name}/{section}")).to_string(),
                    name: (*section).to_owned(),
                })
                .collect();
            self.boards.insert(
                id.clone(),
                Board {
                    id,
                    account: account.to_owned(),
                    name: name.to_owned(),
                    description: String::new(),
                    privacy,
                    created_at: now,
                    sections,
                },
            );
        }
    }

    pub(super) fn pins_of(&self, board: &str) -> usize {
        self.pins.values().filter(|pin| pin.board == board).count()
    }

    /// Schema `Board`.
    pub(super) fn board_entity(&self, board: &Board) -> Value {
        json!({
            "id": board.id,
            "name": board.name,
            "description": board.description,
            "privacy": board.privacy,
            "owner": { "username": board.account },
            "created_at": board.created_at,
            "board_pins_modified_at": board.created_at,
            "collaborator_count": 0,
            "follower_count": 0,
            "pin_count": self.pins_of(&board.id),
            "is_ads_only": false,
            "media": { "image_cover_url": null, "pin_thumbnail_urls": [] },
        })
    }
}

impl Section {
    /// Schema `BoardSection`.
    pub(super) fn entity(&self) -> Value {
        json!({ "id": self.id, "name": self.name })
    }
}

/// Schema `ImageSize`: every picture in the sizes that there are.
fn sizes(blob: &Blob, here: &Here) -> Value {
    let url = format!("{}{}", here.origin, blob.path());
    let of =
        |width: u32, height: Option<u32>| json!({ "width": width, "height": height, "url": url });
    json!({
        "150x150": of(150, Some(150)),
        "400x300": of(400, Some(300)),
        "600x": of(600, None),
        "1200x": of(1_200, None),
    })
}

impl Pin {
    /// Schema `Pin`.
    pub(super) fn entity(&self, here: &Here) -> Value {
        let (kind, media) = match &self.content {
            Content::Image(image) => (
                "REGULAR",
                json!({ "media_type": "image", "images": sizes(image, here) }),
            ),
            Content::Video { video, cover } => {
                let cover = cover.as_ref();
                let video_url = format!("{}{}", here.origin, video.path());
                (
                    "VIDEO",
                    json!({
                        "media_type": "video",
                        "cover_image_url": cover.map(|blob| format!("{}{}", here.origin, blob.path())),
                        "images": cover.map(|blob| sizes(blob, here)),
                        "video_url": video_url,
                        "duration": null,
                        "width": null,
                        "height": null,
                    }),
                )
            }
            Content::Images(cards) => {
                let items: Vec<_> = cards
                    .iter()
                    .map(|card| {
                        json!({
                            "item_type": "image",
                            "title": card.title,
                            "description": card.description,
                            "link": card.link,
                            "images": sizes(&card.image, here),
                        })
                    })
                    .collect();
                (
                    "CAROUSEL",
                    json!({ "media_type": "multiple_images", "items": items }),
                )
            }
        };
        json!({
            "id": self.id,
            "created_at": self.created_at,
            "link": self.link,
            "title": self.title,
            "description": self.description,
            "alt_text": self.alt_text,
            "dominant_color": self.dominant_color,
            "board_id": self.board,
            "board_section_id": self.section,
            "board_owner": { "username": self.account },
            "creative_type": kind,
            "is_owner": true,
            "is_standard": true,
            "has_been_promoted": false,
            "parent_pin_id": null,
            "media": media,
        })
    }

    pub(super) const fn format(&self) -> &'static str {
        match self.content {
            Content::Image(_) => "pin",
            Content::Video { .. } => "video",
            Content::Images(_) => "carousel",
        }
    }

    fn feed(&self, memory: &Memory) -> FeedPost {
        let media = match &self.content {
            Content::Image(image) => vec![FeedMedia::from(image.clone())],
            Content::Video { video, cover } => vec![FeedMedia {
                cover: cover.clone(),
                ..FeedMedia::from(video.clone())
            }],
            Content::Images(cards) => cards
                .iter()
                .map(|card| FeedMedia::from(card.image.clone()))
                .collect(),
        };
        let media = media
            .into_iter()
            .map(|one| FeedMedia {
                alt: self.alt_text.clone(),
                ..one
            })
            .collect();
        let mut details = Vec::new();
        if let Some(board) = memory.boards.get(&self.board) {
            details.push(("Board", board.name.clone()));
            let section = board
                .sections
                .iter()
                .find(|section| Some(&section.id) == self.section.as_ref());
            details.extend(section.map(|section| ("Section", section.name.clone())));
        }
        if let Content::Images(cards) = &self.content {
            let cards = cards.iter().filter_map(|card| {
                let words = [card.title.as_deref(), card.link.as_deref()];
                let words: Vec<_> = words.into_iter().flatten().collect();
                (!words.is_empty()).then(|| ("Card", words.join(" → ")))
            });
            details.extend(cards);
        }
        FeedPost {
            title: self.title.clone(),
            link: self.link.clone(),
            media,
            details,
            ..FeedPost::new(
                &self.id,
                &self.account,
                self.format(),
                self.created_at,
                self.description.clone().unwrap_or_default(),
            )
        }
    }
}

impl kit::Memory for Memory {
    fn posts(&self, _: &Site) -> Vec<FeedPost> {
        self.pins.values().map(|pin| pin.feed(self)).collect()
    }
}
