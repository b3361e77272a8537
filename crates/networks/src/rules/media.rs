//! Rules about the files.

use super::{DraftMedia, Field, Finding, Rules};
use crate::descriptor::{Aspect, FileRules, ImageRules, MediaRules, VideoRules};

/// Image types that can be re-encoded where a network does not take them.
const CONVERTIBLE: [&str; 4] = ["image/jpeg", "image/png", "image/webp", "image/gif"];

impl MediaRules {
    /// Whether it takes files of exactly these types together.
    pub(super) fn takes(&self, types: &[&str]) -> bool {
        let videos = types.iter().filter(|kind| is_video(kind)).count();
        (self.min..=self.max).contains(&types.len())
            && videos <= self.max_videos
            && (self.mixed || videos == 0 || videos == types.len())
            && types.iter().all(|kind| self.takes_type(kind))
    }

    /// Whether it takes a file of this type at all.
    pub(super) fn takes_type(&self, kind: &str) -> bool {
        if is_video(kind) {
            self.videos.is_some()
        } else if is_image(kind) {
            self.images.is_some() && CONVERTIBLE.contains(&kind)
        } else {
            self.as_it_is(kind).is_some()
        }
    }

    /// What it asks of a sound or a document of this type, which goes out as it is.
    fn as_it_is(&self, kind: &str) -> Option<&FileRules> {
        let takes = |rules: &&FileRules| rules.types.contains(&kind);
        [&self.audio, &self.documents]
            .into_iter()
            .flatten()
            .find(takes)
    }
}

fn is_video(mime_type: &str) -> bool {
    mime_type.starts_with("video/")
}

fn is_image(mime_type: &str) -> bool {
    mime_type.starts_with("image/")
}

impl Rules<'_> {
    pub(super) fn files(&self, media: &[DraftMedia<'_>]) -> Vec<Finding> {
        let each = media.iter().enumerate().flat_map(|(index, file)| {
            let found = self.file(file).into_iter().chain(self.alt_text(file));
            found.map(move |finding| finding.about_file(index))
        });
        self.number(media).into_iter().chain(each).collect()
    }

    fn number(&self, media: &[DraftMedia<'_>]) -> Option<Finding> {
        let (name, rules) = (self.name, &self.format.media);
        let videos = media.iter().filter(|file| is_video(file.mime_type)).count();
        let what = match (&rules.images, &rules.videos, &rules.audio, &rules.documents) {
            (Some(_), None, None, None) => "images",
            (None, Some(_), None, None) => "videos",
            (None, None, Some(_), None) => "sounds",
            (None, None, None, Some(_)) => "documents",
            _ => "files",
        };
        let (code, message) = if media.len() < rules.min {
            let missing = match rules.min {
                1 => format!(
                    "{} on {name} needs a file. Please add one.",
                    self.format.with_article()
                ),
                least => format!(
                    "{} on {name} has at least {least} {what}; this one has {}. Please add {}.",
                    self.format.with_article(),
                    media.len(),
                    least - media.len()
                ),
            };
            ("too_few_files", missing)
        } else if media.len() > rules.max {
            let message = format!(
                "{name} takes {} {what} per post; this one has {}. Please remove {}.",
                rules.max,
                media.len(),
                media.len() - rules.max
            );
            ("too_many_files", message)
        } else if videos > rules.max_videos && rules.videos.is_some() {
            let message = format!(
                "{name} takes {} video per post; this one has {videos}. Please remove {}.",
                rules.max_videos,
                videos - rules.max_videos
            );
            ("too_many_videos", message)
        } else if !rules.mixed && rules.videos.is_some() && videos > 0 && videos < media.len() {
            let message = format!(
                "{name} does not take images and videos in one post. Please keep the images or the video."
            );
            ("mixed_media", message)
        } else {
            return None;
        };
        Some(Finding::error(code, Field::Media, message))
    }

    fn file(&self, file: &DraftMedia<'_>) -> Vec<Finding> {
        let rules = &self.format.media;
        match (&rules.images, &rules.videos, rules.as_it_is(file.mime_type)) {
            (Some(rules), _, _) if is_image(file.mime_type) => self.image(rules, file),
            (_, Some(rules), _) if is_video(file.mime_type) => self.video(rules, file),
            (_, _, Some(rules)) => self.size(file, rules.max_bytes).into_iter().collect(),
            _ => vec![self.unsupported(file.mime_type)],
        }
    }

    fn unsupported(&self, mime_type: &str) -> Finding {
        let rules = &self.format.media;
        let takes: Vec<_> = [
            rules
                .images
                .as_ref()
                .map(|_| "a JPEG, PNG, WebP or GIF image"),
            rules.videos.as_ref().map(|_| "an MP4 or MOV video"),
            rules.audio.as_ref().map(|_| "a sound"),
            rules.documents.as_ref().map(|_| "a document"),
        ]
        .into_iter()
        .flatten()
        .collect();
        let advice = if takes.is_empty() {
            "Please remove it.".to_owned()
        } else {
            format!("Please use {}.", takes.join(" or "))
        };
        let message = format!(
            "AllIN can't publish files of the type {mime_type} as a {} on {}. {advice}",
            self.format.name, self.name
        );
        Finding::error("media_type_not_supported", Field::Media, message)
    }

    fn image(&self, rules: &ImageRules, file: &DraftMedia<'_>) -> Vec<Finding> {
        if !CONVERTIBLE.contains(&file.mime_type) {
            return vec![self.unsupported(file.mime_type)];
        }
        let still = file.mime_type == "image/gif" && !rules.types.contains(&file.mime_type);
        let still = still.then(|| {
            let message = format!(
                "{} shows no animated GIFs. Only the first picture of it will be published.",
                self.name
            );
            Finding::error("gif_becomes_still", Field::Media, message).warning()
        });
        still
            .into_iter()
            .chain(self.dimensions("image", rules.min_side, rules.aspect, file))
            .collect()
    }

    fn video(&self, rules: &VideoRules, file: &DraftMedia<'_>) -> Vec<Finding> {
        self.duration(rules, file)
            .into_iter()
            .chain(self.dimensions("video", rules.min_side, rules.aspect, file))
            .collect()
    }

    fn duration(&self, rules: &VideoRules, file: &DraftMedia<'_>) -> Option<Finding> {
        let duration = file.duration_ms?;
        let seconds = duration.div_ceil(1000);
        let (code, message) = if duration < u64::from(rules.min_seconds) * 1000 {
            (
                "video_too_short",
                format!(
                    "{} on {} lasts at least {} seconds; this video lasts {seconds}. Please use a longer one.",
                    self.format.with_article(),
                    self.name,
                    rules.min_seconds
                ),
            )
        } else if duration > u64::from(rules.max_seconds) * 1000 {
            (
                "video_too_long",
                format!(
                    "{} on {} lasts at most {}; this video lasts {}. Please cut it.",
                    self.format.with_article(),
                    self.name,
                    length(u64::from(rules.max_seconds)),
                    length(seconds)
                ),
            )
        } else {
            return None;
        };
        Some(Finding::error(code, Field::Media, message))
    }

    fn size(&self, file: &DraftMedia<'_>, most: u64) -> Option<Finding> {
        (file.bytes > most).then(|| {
            let message = format!(
                "{} takes files of up to {}; this one has {}. Please make it smaller.",
                self.name,
                megabytes(most),
                megabytes(file.bytes)
            );
            Finding::error("file_too_large", Field::Media, message)
        })
    }

    fn dimensions(
        &self,
        what: &str,
        min_side: u32,
        aspect: Option<Aspect>,
        file: &DraftMedia<'_>,
    ) -> Option<Finding> {
        let (width, height) = (file.width?, file.height?);
        if width.min(height) < min_side {
            let message = format!(
                "{} takes {what}s of at least {min_side} pixels; this one has {width} × {height}. Please use a larger one.",
                self.name
            );
            return Some(Finding::error("picture_too_small", Field::Media, message));
        }
        let aspect = aspect?;
        let shape = f64::from(width) / f64::from(height.max(1));
        // A pixel more or less is nothing: networks round, too.
        let fits = (aspect.min * 0.99..=aspect.max * 1.01).contains(&shape);
        (!fits).then(|| {
            let message = format!(
                "{} on {} may be {} to {} as wide as it is high; this {what} has {width} × {height} pixels. Please crop it.",
                self.format.with_article(),
                self.name,
                times(aspect.min),
                times(aspect.max)
            );
            Finding::error("shape_not_supported", Field::Media, message)
        })
    }

    fn alt_text(&self, file: &DraftMedia<'_>) -> Option<Finding> {
        let most = self.format.media.max_alt_characters?;
        let characters = file.alt_text.chars().count();
        if characters > most {
            let message = format!(
                "{} takes descriptions of {most} characters; this one has {characters}. Please shorten it.",
                self.name
            );
            Some(Finding::error("alt_text_too_long", Field::AltText, message))
        } else if file.alt_text.trim().is_empty() && is_image(file.mime_type) {
            let message = "This image has no description. People who can't see it will not know what it shows.";
            Some(Finding::error("alt_text_missing", Field::AltText, message).warning())
        } else {
            None
        }
    }
}

/// A length as people say it.
fn length(seconds: u64) -> String {
    match (seconds / 60, seconds % 60) {
        (0, seconds) => format!("{seconds} seconds"),
        (minutes, 0) => format!("{minutes} minutes"),
        (minutes, seconds) => format!("{minutes} minutes {seconds} seconds"),
    }
}

fn megabytes(bytes: u64) -> String {
    let tenths = bytes / 100_000;
    format!("{}.{} MB", tenths / 10, tenths % 10)
}

fn times(ratio: f64) -> String {
    let text = format!("{ratio:.2}");
    format!("{} times", text.trim_end_matches('0').trim_end_matches('.'))
}
