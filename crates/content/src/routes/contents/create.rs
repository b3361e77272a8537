use std::time::Duration;

use axum::{
    extract::{
        Multipart, State,
        multipart::{Field, MultipartError, MultipartRejection},
    },
    http::{
        HeaderMap, StatusCode,
        header::{CONTENT_LENGTH, EXPECT},
    },
};
use futures::TryStreamExt;
use http_kit::{Authenticated, Json, ProblemResponses, Result};
use kernel::{Caller, Code, Permission, Problem};
use utoipa::ToSchema;

use crate::{
    Content, MediaItem,
    media::{
        MediaType,
        library::NewContent,
        upload::{Announced, Upload},
    },
    routes::FORM_BYTES,
};

/// The form of an upload.
#[derive(ToSchema)]
#[expect(
    dead_code,
    reason = "it documents the form; the fields are read one by one as they come in"
)]
struct UploadForm {
    /// The file.
    #[schema(value_type = String, format = Binary)]
    file: Vec<u8>,
    /// Its name in the library; the file's name where left out.
    title: Option<String>,
    /// What kind of file it is meant to be; found from the content where left out.
    r#type: Option<MediaType>,
    /// What it is about.
    description: Option<String>,
    /// Words to find it by, separated by commas.
    tags: Option<String>,
    /// What it shows, for those who can't see it.
    #[schema(rename = "altText")]
    alt_text: Option<String>,
}

/// Add a file to the media library
///
/// The file's type is found from its content. A damaged or incomplete file is refused.
#[utoipa::path(
    post,
    path = "/content",
    operation_id = "createContent",
    tag = "content",
    request_body(content = UploadForm, content_type = "multipart/form-data"),
    responses((status = CREATED, body = MediaItem), ProblemResponses),
)]
pub(in crate::routes) async fn create_content(
    State(content): State<Content>,
    Authenticated(caller): Authenticated,
    headers: HeaderMap,
    form: Result<Multipart, MultipartRejection>,
) -> Result<(StatusCode, Json<MediaItem>)> {
    caller.require(Permission::MediaWrite)?;
    let mut form = form.map_err(|_| {
        Problem::new(
            Code::UnsupportedMediaType,
            "Send the file as a form, with Content-Type: multipart/form-data.",
        )
    })?;
    let bytes: Option<u64> = headers
        .get(CONTENT_LENGTH)
        .and_then(|length| length.to_str().ok()?.parse().ok());
    let waits = headers.contains_key(EXPECT);
    if let Some(bytes) = bytes
        && let Err(problem) = content.refuse_early(bytes.saturating_sub(FORM_BYTES))
    {
        if !waits {
            drain(&mut form).await;
        }
        return Err(problem.into());
    }
    match read(&content, &caller, &mut form).await {
        Ok((upload, new)) => {
            let item = content.add(&caller, upload, new).await?;
            Ok((StatusCode::CREATED, Json(item)))
        }
        Err(problem) => {
            drain(&mut form).await;
            Err(problem.into())
        }
    }
}

/// Reads what is left of a form that was refused, for a while: a client that finds the line cut
/// while it sends may not look for the answer.
async fn drain(form: &mut Multipart) {
    const WHILE: Duration = Duration::from_secs(10);
    let rest = async { while let Ok(Some(_)) = form.next_field().await {} };
    let _ = tokio::time::timeout(WHILE, rest).await;
}

async fn read(
    content: &Content,
    caller: &Caller,
    form: &mut Multipart,
) -> Result<(Upload, NewContent), Problem> {
    let mut upload = None;
    let mut new = NewContent::default();
    while let Some(field) = form.next_field().await.map_err(broken)? {
        match field.name().unwrap_or_default() {
            "file" if upload.is_some() => {
                return Err(Problem::field(
                    "file",
                    "repeated",
                    "Send one file at a time.",
                ));
            }
            "file" => {
                let name = field.file_name().unwrap_or_default().to_owned();
                let declared = field.content_type().map(str::to_owned);
                let announced = Announced {
                    file_name: &name,
                    mime: declared.as_deref(),
                };
                let stream = field.map_err(broken);
                upload = Some(content.receive(caller, announced, stream).await?);
            }
            "title" => new.title = Some(text(field, "title").await?),
            "description" => new.description = Some(text(field, "description").await?),
            "altText" => new.alt_text = Some(text(field, "altText").await?),
            "tags" => new
                .tags
                .extend(text(field, "tags").await?.split(',').map(str::to_owned)),
            "type" => {
                let media_type = text(field, "type").await?;
                new.media_type = Some(media_type.parse().map_err(|_| {
                    Problem::field(
                        "type",
                        "unknown",
                        "The type is one of image, video, audio, document and caption.",
                    )
                })?);
            }
            // An unknown field does no harm; forms of clients tend to have some.
            _ => {}
        }
    }
    let upload = upload.ok_or_else(|| Problem::field("file", "required", "Choose a file."))?;
    Ok((upload, new))
}

/// Bytes that no text field of the form needs.
const MAX_TEXT_BYTES: usize = 64 << 10;

async fn text(mut field: Field<'_>, name: &str) -> Result<String, Problem> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(broken)? {
        bytes.extend_from_slice(&chunk);
        if bytes.len() > MAX_TEXT_BYTES {
            return Err(Problem::field(name, "too_long", "This text is too long."));
        }
    }
    let text = String::from_utf8(bytes)
        .map_err(|_| Problem::field(name, "invalid_character", "Send this text as UTF-8."))?;
    http_kit::text::check(name, &text)?;
    Ok(text)
}

fn broken(error: MultipartError) -> Problem {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        return Problem::new(
            Code::PayloadTooLarge,
            "The upload is larger than this server accepts.",
        );
    }
    Problem::new(
        Code::MalformedBody,
        "The upload broke off or is not a proper form. Try again.",
    )
    .with_cause(error)
}
