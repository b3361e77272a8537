//! The use cases of the media library.

use std::time::Duration;

use bytes::Bytes;
use futures::Stream;
use kernel::{Caller, Code, Event, Fields, Page, PageRequest, Permission, Problem, TenantId};
use serde::Deserialize;
use store::{Scope, outbox};
use utoipa::{IntoParams, ToSchema};

use super::{
    ContentId, ContentRecord, ContentStatus, Facts, MediaItem, MediaType, fault,
    inspect::inspect,
    picture::Thumbnail,
    upload::{self, Announced, Upload},
};
use crate::{
    Content,
    repo::{contents, uses},
    text,
};

/// What is said about a file that is uploaded.
#[derive(Clone, Debug, Default)]
pub struct NewContent {
    /// Its name in the library; the file's name where there is none.
    pub title: Option<String>,
    /// What kind of file it is meant to be. Refused where the file is of another kind.
    pub media_type: Option<MediaType>,
    /// What it is about.
    pub description: Option<String>,
    /// What it shows, for those who can't see it.
    pub alt_text: Option<String>,
    /// Words to find it by.
    pub tags: Vec<String>,
}

/// What is to change of an item; what is left out stays as it is.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
#[schema(as = ContentChanges)]
pub struct ContentChanges {
    /// Its name in the library.
    pub title: Option<String>,
    /// What it is about; null for nothing.
    #[serde(deserialize_with = "text::nullable")]
    #[schema(value_type = Option<String>)]
    pub description: Option<Option<String>>,
    /// What it shows, for those who can't see it; null for nothing.
    #[serde(deserialize_with = "text::nullable")]
    #[schema(value_type = Option<String>)]
    pub alt_text: Option<Option<String>>,
    /// Words to find it by.
    pub tags: Option<Vec<String>>,
}

/// Which items are asked for.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(default)]
pub struct ContentFilter {
    /// Only of this kind.
    #[serde(rename = "type")]
    pub media_type: Option<MediaType>,
    /// Only in this state.
    pub status: Option<ContentStatus>,
    /// Only with this text in title, description, tags or file name.
    pub search: Option<String>,
}

impl Content {
    /// Refuses a file that is too large for every kind, or for the disk, before it comes.
    pub fn refuse_early(&self, bytes: u64) -> Result<(), Problem> {
        let limits = &self.media.limits;
        upload::check_largest(bytes, limits)?;
        upload::check_room(&self.media.storage, limits, bytes)
    }

    /// Takes in a file, up to its kind's limit.
    pub async fn receive(
        &self,
        caller: &Caller,
        announced: Announced<'_>,
        stream: impl Stream<Item = Result<Bytes, Problem>> + Unpin + Send,
    ) -> Result<Upload, Problem> {
        caller.require(Permission::MediaWrite)?;
        let media = &self.media;
        upload::receive(stream, announced, &media.limits, &media.storage).await
    }

    /// Adds a received file to the library.
    pub async fn add(
        &self,
        caller: &Caller,
        upload: Upload,
        new: NewContent,
    ) -> Result<MediaItem, Problem> {
        caller.require(Permission::MediaWrite)?;
        if let Some(declared) = new
            .media_type
            .filter(|declared| *declared != upload.file_type.media_type)
        {
            return Err(upload::mismatch(
                &upload.file_name,
                declared,
                upload.file_type,
            ));
        }
        let now = self.env.now();
        let mut content = ContentRecord {
            id: self.env.id(),
            media_type: upload.file_type.media_type,
            status: ContentStatus::Ready,
            title: text::filled(new.title).unwrap_or_else(|| stem(&upload.file_name).to_owned()),
            description: text::filled(new.description),
            alt_text: text::filled(new.alt_text),
            tags: tidy_tags(new.tags),
            file_name: upload.file_name.clone(),
            mime_type: upload.file_type.mime.to_owned(),
            file_size: upload.size,
            sha256: upload.sha256,
            facts: Facts::default(),
            uploaded_by: caller.person,
            created_at: now,
            updated_at: now,
        };
        check(&content)?;
        let (media, max_pixels) = (&self.media, self.media.limits.image_pixels);
        let (facts, thumbnail) = inspect(&upload, &self.workshop, &media.tools, max_pixels)
            .await
            .map_err(|fault| fault.refuse(&upload.file_name, max_pixels))?;
        content.facts = facts;
        let stored = async {
            self.store_files(caller.tenant, &content, upload, thumbnail)
                .await?;
            let mut tx = self.db.write(Scope::Tenant(caller.tenant)).await?;
            contents::insert(&mut tx, &content).await?;
            outbox::append(
                &mut tx,
                &[self.content_event("content.created", content.id)],
            )
            .await?;
            Ok(tx.commit().await?)
        };
        if let Err(problem) = stored.await {
            self.remove_files(caller.tenant, content.id).await;
            return Err(problem);
        }
        Ok(self.item(caller.tenant, content))
    }

    /// One page of the library, the newest first.
    pub async fn list(
        &self,
        caller: &Caller,
        filter: &ContentFilter,
        page: PageRequest,
    ) -> Result<Page<MediaItem>, Problem> {
        caller.require(Permission::MediaRead)?;
        let mut tx = self.db.read(Scope::Tenant(caller.tenant)).await?;
        let (records, total) = contents::list(&mut tx, filter, page).await?;
        Ok(Page::new(records, page, total).map(|record| self.item(caller.tenant, record)))
    }

    /// One item.
    pub async fn get(&self, caller: &Caller, id: ContentId) -> Result<MediaItem, Problem> {
        caller.require(Permission::MediaRead)?;
        let mut tx = self.db.read(Scope::Tenant(caller.tenant)).await?;
        let record = contents::get(&mut tx, id).await?.ok_or_else(unknown)?;
        Ok(self.item(caller.tenant, record))
    }

    /// Changes what is said about an item.
    pub async fn change(
        &self,
        caller: &Caller,
        id: ContentId,
        changes: ContentChanges,
    ) -> Result<MediaItem, Problem> {
        caller.require(Permission::MediaWrite)?;
        let mut tx = self.db.write(Scope::Tenant(caller.tenant)).await?;
        let mut content = contents::get(&mut tx, id).await?.ok_or_else(unknown)?;
        if let Some(title) = changes.title {
            title.trim().clone_into(&mut content.title);
        }
        if let Some(description) = changes.description {
            content.description = text::filled(description);
        }
        if let Some(alt_text) = changes.alt_text {
            content.alt_text = text::filled(alt_text);
        }
        if let Some(tags) = changes.tags {
            content.tags = tidy_tags(tags);
        }
        check(&content)?;
        content.updated_at = self.env.now();
        contents::update(&mut tx, &content).await?;
        outbox::append(&mut tx, &[self.content_event("content.updated", id)]).await?;
        tx.commit().await?;
        Ok(self.item(caller.tenant, content))
    }

    /// Deletes an item and its files, unless a post that is not published yet uses it.
    pub async fn delete(&self, caller: &Caller, id: ContentId) -> Result<(), Problem> {
        caller.require(Permission::MediaWrite)?;
        let mut tx = self.db.write(Scope::Tenant(caller.tenant)).await?;
        contents::get(&mut tx, id).await?.ok_or_else(unknown)?;
        // First the row, whose lock makes a post that is about to use it wait; then the uses.
        contents::delete(&mut tx, id).await?;
        let posts = uses::unfinished(&mut tx, id).await?;
        if posts > 0 {
            let who = if posts == 1 {
                "A post that is not published yet uses".to_owned()
            } else {
                format!("{posts} posts that are not published yet use")
            };
            let message =
                format!("{who} this file. Remove it there first, or delete what uses it.");
            return Err(Problem::new(Code::Conflict, message)
                .with_details(serde_json::json!({ "posts": posts })));
        }
        outbox::append(&mut tx, &[self.content_event("content.deleted", id)]).await?;
        tx.commit().await?;
        self.remove_files(caller.tenant, id).await;
        Ok(())
    }

    async fn store_files(
        &self,
        tenant: TenantId,
        content: &ContentRecord,
        upload: Upload,
        thumbnail: Option<Thumbnail>,
    ) -> Result<(), Problem> {
        let storage = &self.media.storage;
        let keep = async |file, variant: &str| {
            let kept = storage.keep(file, tenant, content.id, variant).await;
            kept.map_err(fault::storage)
        };
        keep(upload.file, &content.original()).await?;
        if let Some(Thumbnail { variant, bytes }) = thumbnail {
            let file = storage.temporary("").await.map_err(fault::storage)?;
            let written = tokio::fs::write(file.path(), bytes).await;
            written.map_err(fault::storage)?;
            keep(file, variant).await?;
        }
        Ok(())
    }

    /// Removes an item's files. What stays behind is out of reach until it is swept.
    async fn remove_files(&self, tenant: TenantId, id: ContentId) {
        if let Err(error) = self.media.storage.remove_item(tenant, id).await {
            tracing::warn!(%tenant, %id, %error, "files stay behind");
        }
    }

    /// The item as the API gives it, with fresh signed addresses.
    pub(crate) fn item(&self, tenant: TenantId, record: ContentRecord) -> MediaItem {
        let now = self.env.now();
        let sign = |variant: &str| self.signer.sign(tenant, record.id, variant, now);
        MediaItem {
            file_url: sign(&record.original()),
            thumbnail_url: record.facts.thumbnail.as_deref().map(sign),
            id: record.id,
            media_type: record.media_type,
            title: record.title,
            description: record.description,
            alt_text: record.alt_text,
            tags: record.tags,
            file_name: record.file_name,
            mime_type: record.mime_type,
            file_size: record.file_size,
            width: record.facts.width,
            height: record.facts.height,
            duration: record
                .facts
                .duration_ms
                .map(|ms| Duration::from_millis(ms).as_secs_f64()),
            video: record.facts.video,
            audio: record.facts.audio,
            status: record.status,
            created_at: record.created_at,
            updated_at: record.updated_at,
        }
    }

    fn content_event(&self, kind: &str, id: ContentId) -> Event {
        Event {
            id: self.env.uuid(),
            kind: kind.to_owned(),
            subject_id: id.0,
            at: self.env.now(),
            data: serde_json::json!({}),
        }
    }
}

fn unknown() -> Problem {
    Problem::not_found("item in the media library")
}

/// A file's name without its ending.
fn stem(file_name: &str) -> &str {
    match file_name.rsplit_once('.') {
        Some((stem, _)) if !stem.is_empty() => stem,
        _ => file_name,
    }
}

/// The tags without blanks around them, empty ones and repetitions.
fn tidy_tags(tags: Vec<String>) -> Vec<String> {
    let mut tidy: Vec<String> = Vec::new();
    for tag in tags.into_iter().filter_map(|tag| text::filled(Some(tag))) {
        if !tidy.contains(&tag) {
            tidy.push(tag);
        }
    }
    tidy
}

fn check(content: &ContentRecord) -> Result<(), Problem> {
    let mut fields = Fields::new();
    fields.check(
        !content.title.is_empty(),
        "title",
        "required",
        "Please fill this in.",
    );
    text::check(&mut fields, "title", &content.title, 200);
    text::check(
        &mut fields,
        "description",
        content.description.as_deref().unwrap_or_default(),
        5_000,
    );
    text::check(
        &mut fields,
        "altText",
        content.alt_text.as_deref().unwrap_or_default(),
        5_000,
    );
    fields.check(
        content.tags.len() <= 50,
        "tags",
        "too_many",
        "Please use at most 50 tags.",
    );
    for (index, tag) in content.tags.iter().enumerate() {
        text::check(&mut fields, &format!("tags[{index}]"), tag, 50);
    }
    fields.finish()
}
