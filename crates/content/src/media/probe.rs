//! What ffprobe tells of a video or a sound.

use std::time::Duration;

use serde::{Deserialize, Deserializer, Serialize};
use utoipa::ToSchema;

use super::{
    MediaType,
    fault::Fault,
    tool::{Input, Tools},
};

/// How long ffprobe may take: it reads a file's tables, not its pictures.
const PROBE_LIMIT: Duration = Duration::from_mins(1);
/// How long the poster may take.
const POSTER_LIMIT: Duration = Duration::from_mins(1);
/// Pixels of a video's longer side: 8K. What says it has more is a bomb.
const MAX_SIDE: u32 = 8192;
/// Pixels of a poster's longer side.
const POSTER_SIDE: u32 = 640;

/// The picture of a video.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = VideoFacts)]
pub struct VideoFacts {
    /// The codec, as ffmpeg names it: `h264`, `hevc`, `vp9`.
    pub codec: String,
    /// Pictures a second, on average.
    pub frame_rate: f64,
    /// Bits a second of the whole file.
    pub bitrate: u64,
    /// How a pixel is stored, as ffmpeg names it: `yuv420p`.
    pub pixel_format: String,
    /// Whether its colours are made for HDR screens.
    pub hdr: bool,
    /// Whether its pixels are squares. Width and height are of the picture as seen.
    pub square_pixels: bool,
}

/// The sound of a video or of a sound file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = AudioFacts)]
pub struct AudioFacts {
    /// The codec, as ffmpeg names it: `aac`, `opus`, `mp3`.
    pub codec: String,
    /// Channels.
    pub channels: u32,
    /// Samples a second.
    pub sample_rate: u32,
}

/// What was found in a video or a sound.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Probe {
    /// Pixels across and down, as seen upright.
    pub size: Option<(u32, u32)>,
    /// Milliseconds it plays.
    pub duration_ms: Option<u64>,
    /// The picture.
    pub video: Option<VideoFacts>,
    /// The sound.
    pub audio: Option<AudioFacts>,
}

/// Reads a file's tables.
pub async fn probe(tools: &Tools, input: Input<'_>, media_type: MediaType) -> Result<Probe, Fault> {
    let answer = tools.probe(input, PROBE_LIMIT).await?;
    let answer: Answer = serde_json::from_slice(&answer)
        .map_err(|error| Fault::Broken(format!("ffprobe's answer: {error}")))?;
    let video = answer
        .streams
        .iter()
        .find(|stream| stream.codec_type == "video" && stream.disposition.attached_pic == 0);
    let audio = answer
        .streams
        .iter()
        .find(|stream| stream.codec_type == "audio");
    let duration = video
        .and_then(|stream| stream.duration)
        .into_iter()
        .chain(answer.format.duration)
        .fold(0.0, f64::max);
    let mut probe = Probe {
        duration_ms: millis(duration),
        audio: audio.map(|stream| AudioFacts {
            codec: name(&stream.codec_name),
            channels: stream.channels,
            sample_rate: stream.sample_rate.unwrap_or(0),
        }),
        ..Probe::default()
    };
    match (media_type, video) {
        (MediaType::Audio, _) if probe.audio.is_none() => {
            return Err(Fault::Broken("it holds no sound".to_owned()));
        }
        (MediaType::Audio, _) => return Ok(probe),
        (_, None) => return Err(Fault::NoPicture),
        (_, Some(stream)) => {
            let (width, height) = stream.size();
            if width == 0 || height == 0 {
                return Err(Fault::Broken("its pictures have no size".to_owned()));
            }
            if width.max(height) > MAX_SIDE {
                return Err(Fault::TooManyPixels { width, height });
            }
            probe.size = Some((width, height));
            probe.video = Some(VideoFacts {
                codec: name(&stream.codec_name),
                frame_rate: stream.frame_rate(),
                bitrate: answer.format.bit_rate.unwrap_or(0),
                pixel_format: stream.pix_fmt.clone(),
                hdr: matches!(&*stream.color_transfer, "smpte2084" | "arib-std-b67"),
                square_pixels: stream.squeeze().is_none(),
            });
        }
    }
    Ok(probe)
}

/// How long a file plays that does not say so itself: a recording of a browser. Reads all of it.
pub async fn measure(tools: &Tools, input: Input<'_>) -> Result<Option<u64>, Fault> {
    const LIMIT: Duration = Duration::from_mins(5);
    let mut duration = 0;
    let options = ["-c", "copy", "-f", "null"].map(str::to_owned);
    tools
        .convert(input, &options, "/dev/null".as_ref(), LIMIT, |done| {
            duration = duration.max(done);
        })
        .await?;
    Ok((duration > 0).then_some(duration))
}

/// A picture out of the video, as JPEG: proves that its codec can be read.
pub async fn poster(
    tools: &Tools,
    input: Input<'_>,
    duration_ms: Option<u64>,
) -> Result<Vec<u8>, Fault> {
    // The very first picture is often black.
    let into = Duration::from_millis(duration_ms.unwrap_or(0) / 10).min(Duration::from_secs(3));
    let scale = format!(
        "scale=trunc(iw*sar/2)*2:ih,setsar=1,\
         scale=min(iw\\,{POSTER_SIDE}):min(ih\\,{POSTER_SIDE}):force_original_aspect_ratio=decrease:force_divisible_by=2"
    );
    let after = [
        "-map",
        "0:V:0",
        "-frames:v",
        "1",
        "-vf",
        &scale,
        "-c:v",
        "mjpeg",
    ];
    let after = after.iter().chain(&["-q:v", "4", "-f", "image2pipe"]);
    let after: Vec<_> = after.map(|option| (*option).to_owned()).collect();
    for at in [into, Duration::ZERO] {
        let seek = ["-ss".to_owned(), at.as_secs_f64().to_string()];
        let picture = tools.picture(input, &seek, &after, POSTER_LIMIT).await;
        match picture {
            Ok(picture) if !picture.is_empty() => return Ok(picture),
            Ok(_) => {}
            // Broken there; perhaps not at the start.
            Err(super::child::ToolError::Failed(_)) if !at.is_zero() => {}
            Err(error) => return Err(error.into()),
        }
    }
    Err(Fault::Broken("no picture of it can be read".to_owned()))
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default)]
    streams: Vec<Stream>,
    format: Format,
}

#[derive(Deserialize)]
struct Format {
    #[serde(default, deserialize_with = "number")]
    duration: Option<f64>,
    #[serde(default, deserialize_with = "number")]
    bit_rate: Option<u64>,
}

/// ffprobe leaves out what it does not know.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Stream {
    codec_type: String,
    codec_name: String,
    width: u32,
    height: u32,
    pix_fmt: String,
    color_transfer: String,
    sample_aspect_ratio: String,
    avg_frame_rate: String,
    r_frame_rate: String,
    #[serde(deserialize_with = "number")]
    duration: Option<f64>,
    channels: u32,
    #[serde(deserialize_with = "number")]
    sample_rate: Option<u32>,
    disposition: Disposition,
    side_data_list: Vec<SideData>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Disposition {
    attached_pic: u8,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct SideData {
    rotation: Option<f64>,
}

impl Stream {
    /// Across and down as a viewer sees them: with square pixels, and turned.
    fn size(&self) -> (u32, u32) {
        let across = self.squeeze().map_or(self.width, |(wide, high)| {
            let width = u64::from(self.width) * u64::from(wide) / u64::from(high);
            u32::try_from(width).unwrap_or(u32::MAX)
        });
        let turned = self.side_data_list.iter().find_map(|data| data.rotation);
        let on_its_side = turned.is_some_and(|degrees| (degrees / 90.0).round() % 2.0 != 0.0);
        if on_its_side {
            (self.height, across)
        } else {
            (across, self.height)
        }
    }

    /// A pixel's width and height, where they are not the same.
    fn squeeze(&self) -> Option<(u32, u32)> {
        ratio(&self.sample_aspect_ratio, ':').filter(|(wide, high)| wide != high)
    }

    fn frame_rate(&self) -> f64 {
        let rate = ratio(&self.avg_frame_rate, '/').or_else(|| ratio(&self.r_frame_rate, '/'));
        rate.map_or(0.0, |(frames, seconds)| {
            f64::from(frames) / f64::from(seconds)
        })
    }
}

/// Two numbers that are not 0.
fn ratio(text: &str, separator: char) -> Option<(u32, u32)> {
    let (first, second) = text.split_once(separator)?;
    let (first, second) = (first.parse().ok()?, second.parse().ok()?);
    (first > 0 && second > 0).then_some((first, second))
}

fn name(codec: &str) -> String {
    if codec.is_empty() {
        "unknown".to_owned()
    } else {
        codec.to_owned()
    }
}

fn millis(seconds: f64) -> Option<u64> {
    // A broken file may say anything; a day is long enough for a video.
    (seconds > 0.0 && seconds < 1e9)
        .then(|| u64::try_from(Duration::from_secs_f64(seconds).as_millis()).ok())
        .flatten()
}

/// ffprobe writes most numbers as text.
fn number<'de, D: Deserializer<'de>, T: std::str::FromStr>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    Ok(String::deserialize(deserializer)?.parse().ok())
}
