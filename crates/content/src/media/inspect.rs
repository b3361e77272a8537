//! Looking into a file that has come in: whether it is whole and sound, what there is to know of
//! it, and its thumbnail.

use std::{
    fs::File,
    io::{BufReader, Read},
    path::Path,
};

use super::{
    Facts, MediaType, caption, document,
    fault::Fault,
    kind::FileType,
    picture::{self, Thumbnail, Workshop},
    probe,
    tool::{Input, Tools, demuxer},
    upload::Upload,
    whole,
};

/// Reads a file as far as is needed to know that it is whole.
pub async fn inspect(
    upload: &Upload,
    workshop: &Workshop,
    tools: &Tools,
    max_pixels: u64,
) -> Result<(Facts, Option<Thumbnail>), Fault> {
    let (mime, media_type) = (upload.file_type.mime, upload.file_type.media_type);
    let path = upload.file.path().to_owned();
    let read = workshop.run(move || {
        let mut file = File::open(path)?;
        match media_type {
            MediaType::Image => {
                let (facts, small) = picture::inspect(mime, &all_of(file)?, max_pixels)?;
                return Ok((facts, Some(small)));
            }
            MediaType::Caption => {
                let end = caption::check(mime, &all_of(file)?)?;
                let facts = Facts {
                    duration_ms: Some(end),
                    ..Facts::default()
                };
                return Ok((facts, None));
            }
            // A ZIP's end was read to know its kind.
            MediaType::Document if mime != "application/pdf" => {}
            MediaType::Document => document::check_pdf(&mut file)?,
            MediaType::Video | MediaType::Audio => whole::check(mime, &mut BufReader::new(file))?,
        }
        Ok((Facts::default(), None))
    });
    let (facts, thumbnail) = read.await?;
    match demuxer(mime).filter(|_| media_type != MediaType::Image) {
        Some(format) => {
            let path = upload.file.path();
            film(tools, Input { path, format }, media_type).await
        }
        None => Ok((facts, thumbnail)),
    }
}

async fn film(
    tools: &Tools,
    input: Input<'_>,
    media_type: MediaType,
) -> Result<(Facts, Option<Thumbnail>), Fault> {
    let found = probe::probe(tools, input, media_type).await?;
    let duration_ms = match found.duration_ms {
        None => probe::measure(tools, input).await?,
        known => known,
    };
    let poster = match &found.video {
        None => None,
        Some(video) => {
            let poster = probe::poster(tools, input, duration_ms).await;
            let bytes = poster.map_err(|fault| match fault {
                Fault::Broken(words) if words.contains("ecoder") => {
                    Fault::Codec(video.codec.clone())
                }
                fault => fault,
            })?;
            Some(Thumbnail {
                variant: "thumbnail.jpg",
                bytes,
            })
        }
    };
    let facts = Facts {
        width: found.size.map(|(width, _)| width),
        height: found.size.map(|(_, height)| height),
        duration_ms,
        thumbnail: poster.as_ref().map(|poster| poster.variant.to_owned()),
        video: found.video,
        audio: found.audio,
    };
    Ok((facts, poster))
}

fn all_of(mut file: File) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    file.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// What kind of document a ZIP is.
pub fn office(path: &Path) -> Result<Option<FileType>, Fault> {
    document::office(&mut File::open(path)?)
}
