//! What has to be done to a video for a network to take it: nothing but a new wrapping without
//! metadata where its codecs fit, a new encoding where they or its size do not. What is too long
//! or of the wrong shape is explained, not cut.

use networks::descriptor::VideoRules;
use serde::Serialize;

use super::{ContentRecord, MediaType};

/// Bits a second of encoded sound.
const AUDIO_BITRATE: u64 = 128_000;
/// Bits per pixel below which a picture falls to pieces: then it is rather made smaller.
const FEWEST_BITS: f64 = 0.03;
/// A picture is not made smaller than this many pixels on its longer side.
const SMALLEST_SIDE: u32 = 320;
/// Pictures a second of what does not say.
const USUAL_RATE: f64 = 25.0;
/// Grows when the same plan would lead to another result, so that old results are not used.
const VERSION: u32 = 1;

/// The wrapping of a video.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Container {
    /// MP4.
    Mp4,
    /// WebM.
    WebM,
}

/// What is done to a video.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Plan {
    version: u32,
    /// The wrapping.
    pub container: Container,
    /// How its pictures are encoded; `None`: they are copied.
    pub video: Option<Encoding>,
    /// Whether its sound is copied; else it is encoded.
    pub copies_audio: bool,
}

/// How pictures are encoded.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Encoding {
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Pictures a second, where they have to become fewer.
    pub frame_rate: Option<u32>,
    /// Bits a second at most.
    pub max_bitrate: u64,
    /// Whether colours made for HDR screens are brought to others.
    pub tone_map: bool,
}

impl Plan {
    /// What is to be done to `content` for it to fit `rules`, or a sentence that says why it
    /// can't be made to.
    pub fn new(content: &ContentRecord, rules: &VideoRules) -> Result<Self, String> {
        let facts = &content.facts;
        let moves = content.media_type == MediaType::Video
            || (content.mime_type == "image/gif" && facts.duration_ms.is_some());
        let (Some(width), Some(height), true) = (facts.width, facts.height, moves) else {
            return Err(format!(
                "\"{}\" is no video. Choose a video.",
                content.title
            ));
        };
        let seconds = check_length(content, rules)?;
        check_shape(content, rules, width, height)?;

        let video = facts.video.as_ref();
        let takes = |list: &[&str], codec: &str| list.contains(&codec);
        let container = if takes(rules.types, "video/webm") && content.mime_type == "video/webm" {
            Container::WebM
        } else {
            Container::Mp4
        };
        let audio_codec = facts.audio.as_ref().map(|audio| audio.codec.as_str());
        let mut copies_audio = audio_codec
            .is_none_or(|codec| takes(rules.audio_codecs, codec) && container.holds(codec));
        let rate = video.map_or(USUAL_RATE, |video| video.frame_rate);
        let is_quick = rate > f64::from(rules.max_frame_rate) + 0.5;
        // A new wrapping may take a little more room than the old one.
        let is_large = content.file_size > rules.max_bytes - rules.max_bytes / 100;
        let copies = video.is_some_and(|video| {
            takes(rules.video_codecs, &video.codec)
                && container.holds(&video.codec)
                && (video.codec != "h264" || video.pixel_format.ends_with("420p"))
                && video.square_pixels
        });
        if copies && !is_quick && !is_large && width.max(height) <= rules.max_side {
            return Ok(Self {
                version: VERSION,
                container,
                video: None,
                copies_audio,
            });
        }
        copies_audio &= audio_codec.is_none_or(|codec| Container::Mp4.holds(codec)) && !is_large;
        let frame_rate = is_quick.then_some(rules.max_frame_rate);
        let max_bitrate = bitrate(rules.max_bytes, seconds, facts.audio.is_some());
        let rate = if is_quick {
            f64::from(rules.max_frame_rate)
        } else {
            rate
        };
        let (width, height) = fit(width, height, rules, max_bitrate, rate).ok_or_else(|| {
            format!(
                "The video \"{}\" is too long to be made smaller than the {} that this network takes. \
                 Cut it shorter and upload that.",
                content.title,
                megabytes(rules.max_bytes)
            )
        })?;
        Ok(Self {
            version: VERSION,
            container: Container::Mp4,
            video: Some(Encoding {
                width,
                height,
                frame_rate,
                max_bitrate,
                tone_map: video.is_some_and(|video| video.hdr),
            }),
            copies_audio,
        })
    }

    /// ffmpeg's options between input and output.
    pub fn options(&self, threads: usize) -> Vec<String> {
        let mut options = Vec::new();
        let mut add = |text: &str| options.extend(text.split(' ').map(str::to_owned));
        // The first moving picture and the first sound. No subtitles, no data (where a phone
        // keeps its places), no covers, no chapters, no metadata.
        add("-map 0:V:0 -map 0:a:0? -sn -dn -map_chapters -1");
        add(
            "-map_metadata -1 -map_metadata:s -1 -fflags +bitexact -flags:v +bitexact -flags:a +bitexact",
        );
        match &self.video {
            None => add("-c:v copy"),
            Some(encoding) => {
                add("-c:v libx264 -preset veryfast -crf 21 -profile:v high -pix_fmt yuv420p");
                // A key picture at least every few seconds: networks cut there.
                add("-g 60 -bf 2 -filter:v");
                add(&encoding.filter());
                let rate = encoding.max_bitrate;
                add(&format!(
                    "-maxrate {rate} -bufsize {}",
                    rate.saturating_mul(2)
                ));
                add(&format!("-threads {threads}"));
            }
        }
        if self.copies_audio {
            add("-c:a copy");
        } else {
            add(&format!("-c:a aac -b:a {AUDIO_BITRATE} -ar 48000 -ac 2"));
        }
        match self.container {
            // The table of contents first: players and networks begin before all is there.
            Container::Mp4 => add("-movflags +faststart -f mp4"),
            Container::WebM => add("-f webm"),
        }
        options
    }

    /// The same plan with fewer bits, after a result of `bytes`; `None` where pictures are copied.
    pub fn thriftier(&self, bytes: u64, max_bytes: u64) -> Option<Self> {
        let encoding = self.video.clone()?;
        let aimed_at = encoding.max_bitrate / 10 * 9;
        let max_bitrate = u128::from(aimed_at) * u128::from(max_bytes) / u128::from(bytes.max(1));
        Some(Self {
            video: Some(Encoding {
                max_bitrate: u64::try_from(max_bitrate).unwrap_or(aimed_at),
                ..encoding
            }),
            ..self.clone()
        })
    }
}

impl Container {
    /// Its media type.
    pub const fn mime(self) -> &'static str {
        match self {
            Self::Mp4 => "video/mp4",
            Self::WebM => "video/webm",
        }
    }

    /// Whether players expect this codec in it.
    fn holds(self, codec: &str) -> bool {
        match self {
            Self::Mp4 => matches!(
                codec,
                "h264" | "hevc" | "av1" | "vp9" | "aac" | "mp3" | "opus"
            ),
            Self::WebM => matches!(codec, "vp8" | "vp9" | "av1" | "vorbis" | "opus"),
        }
    }
}

impl Encoding {
    fn filter(&self) -> String {
        const TONE_MAP: &str = "zscale=t=linear:npl=100,format=gbrpf32le,zscale=p=bt709,\
             tonemap=hable:desat=0,zscale=t=bt709:m=bt709:r=tv";
        let mut filters = vec![format!("scale={}:{},setsar=1", self.width, self.height)];
        if self.tone_map {
            filters.insert(0, TONE_MAP.to_owned());
        }
        filters.extend(self.frame_rate.map(|rate| format!("fps={rate}")));
        filters.join(",")
    }
}

/// Answers its seconds.
fn check_length(content: &ContentRecord, rules: &VideoRules) -> Result<f64, String> {
    let title = &content.title;
    let Some(millis) = content.facts.duration_ms else {
        return Err(format!(
            "How long the video \"{title}\" plays can't be told. Export it as MP4 and upload that."
        ));
    };
    if millis > u64::from(rules.max_seconds) * 1_000 + 500 {
        return Err(format!(
            "The video \"{title}\" plays {}; this network takes at most {}. Cut it shorter and upload that.",
            clock(millis / 1_000),
            clock(rules.max_seconds.into())
        ));
    }
    if millis < u64::from(rules.min_seconds) * 1_000 {
        return Err(format!(
            "The video \"{title}\" plays {}; this network takes at least {}.",
            clock(millis / 1_000),
            clock(rules.min_seconds.into())
        ));
    }
    #[expect(clippy::cast_precision_loss, reason = "exact for 285,000 years")]
    Ok(millis as f64 / 1_000.0)
}

fn check_shape(
    content: &ContentRecord,
    rules: &VideoRules,
    width: u32,
    height: u32,
) -> Result<(), String> {
    let title = &content.title;
    if width.min(height) < rules.min_side {
        return Err(format!(
            "The video \"{title}\" has {width} × {height} pixels; this network takes at least {} on the shorter side.",
            rules.min_side
        ));
    }
    let shape = f64::from(width) / f64::from(height);
    // A pixel more or less does not matter.
    let is_off = |aspect: &networks::descriptor::Aspect| {
        shape < aspect.min * 0.99 || shape > aspect.max * 1.01
    };
    if rules.aspect.as_ref().is_some_and(is_off) {
        return Err(format!(
            "The video \"{title}\" has {width} × {height} pixels, a shape that this network does not take. \
             Crop it and upload that."
        ));
    }
    Ok(())
}

/// The bits a second of pictures that leave a file of this many bytes.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    reason = "a rough figure, and positive"
)]
fn bitrate(max_bytes: u64, seconds: f64, has_audio: bool) -> u64 {
    /// More is not seen.
    const ENOUGH: u64 = 25_000_000;
    let all = (max_bytes as f64 * 8.0 * 0.93 / seconds.max(0.1)) as u64;
    let audio = if has_audio { AUDIO_BITRATE } else { 0 };
    all.saturating_sub(audio).min(ENOUGH)
}

/// The largest size within the rules that this many bits can paint.
#[expect(clippy::cast_precision_loss, reason = "a rough figure")]
fn fit(width: u32, height: u32, rules: &VideoRules, bits: u64, rate: f64) -> Option<(u32, u32)> {
    let mut side = width.max(height).min(rules.max_side);
    loop {
        let (across, down) = scaled(width, height, side);
        if bits as f64 >= FEWEST_BITS * f64::from(across) * f64::from(down) * rate {
            return Some((across, down));
        }
        side = side / 4 * 3;
        let (across, down) = scaled(width, height, side);
        if side < SMALLEST_SIDE || across.min(down) < rules.min_side {
            return None;
        }
    }
}

/// The size with this longer side, in the even numbers that H.264 wants.
fn scaled(width: u32, height: u32, side: u32) -> (u32, u32) {
    let longer = u64::from(width.max(height));
    let even = |length: u32| {
        let scaled = u64::from(length) * u64::from(side) / longer;
        u32::try_from(scaled / 2 * 2).unwrap_or(u32::MAX).max(2)
    };
    (even(width), even(height))
}

fn clock(seconds: u64) -> String {
    if seconds < 60 {
        return format!("{seconds} s");
    }
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    if hours == 0 {
        format!("{minutes}:{seconds:02} min")
    } else {
        format!("{hours}:{minutes:02}:{seconds:02} h")
    }
}

fn megabytes(bytes: u64) -> String {
    format!("{} MB", bytes / 1_000_000)
}
