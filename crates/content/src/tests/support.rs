//! An installation with two organisations, and callers of its router.

use std::time::Duration;

use accounts::{Accounts, SocialAccountId};
use axum::{
    Router,
    body::Body,
    http::{Method, Request, header},
};
use identity::{Identity, IdentityConfig, LockoutRules, Registration};
use image::ImageFormat;
use kernel::{Caller, Env, Event, Problem, Role, TenantId, Via};
use networks::{Net, NetConfig, Platform};
use serde_json::Value;
use store::{
    Json, Scope, Tx, outbox,
    testing::{self, TestDb},
};
use tempfile::TempDir;
pub(super) use testkit::{Answer, TestClock};
use url::Url;
use vault::{Keyring, Vault};

use super::samples::encoded;
use crate::{
    Content, ContentId, MediaConfig, MediaLimits, NewPost, PostChanges, PostId, PostRecord,
    PublishedPost, Storage, TargetId, TargetOutcome, TargetStatus, Tools, UpdatedPost,
};

/// The ways of a target from its draft.
pub(super) const TO_PUBLISHED: &[TargetStatus] = &[
    TargetStatus::Scheduled,
    TargetStatus::Publishing,
    TargetStatus::Published,
];
pub(super) const TO_FAILED: &[TargetStatus] = &[TargetStatus::Scheduled, TargetStatus::Failed];

/// One installation with one organisation of ours.
pub(super) struct Fixture {
    pub(super) test: TestDb,
    pub(super) clock: TestClock,
    pub(super) env: Env,
    pub(super) content: Content,
    /// The owner of our organisation.
    pub(super) caller: Caller,
    folder: TempDir,
}

/// An installation on each engine.
pub(super) async fn fixtures() -> Vec<Fixture> {
    fixtures_with(MediaLimits::default()).await
}

pub(super) async fn fixtures_with(limits: MediaLimits) -> Vec<Fixture> {
    let mut fixtures = Vec::new();
    for test in testing::both().await {
        fixtures.push(Fixture::new(test, limits, Tools::default()).await);
    }
    fixtures
}

/// An installation on SQLite, for what has nothing to do with the database.
pub(super) async fn fixture() -> Fixture {
    Fixture::with_limits(MediaLimits::default()).await
}

/// The codes of the fields of a validation problem, with their paths.
pub(super) fn field_codes(problem: &Problem) -> Vec<(String, String)> {
    let fields = problem.details().unwrap()["fields"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    fields
        .iter()
        .map(|field| (text(&field["path"]), text(&field["code"])))
        .collect()
}

store::sql! {
    ADD_ACCOUNT: Tenant = "INSERT INTO social_accounts
            (id, platform, server, platform_account_id, username, display_name, profile_url, limits, status,
             secret_version, connected_by, connected_at, updated_at)
        VALUES ($1, $2, 'https://example.social', $3, $4, $4, 'https://example.social/@x', $5, 'connected', 1, $6, $7, $7)";
    SET_ACCOUNT_STATUS: Tenant = "UPDATE social_accounts SET status = $1, removed_at = $2 WHERE id = $3";
    ADD_PERSON: System = "INSERT INTO people (id, email, email_key, name, password_hash, created_at, updated_at)
        VALUES ($1, $2, $2, 'Ada Lovelace', '', $3, $3)";
}

impl Fixture {
    pub(super) async fn with_limits(limits: MediaLimits) -> Self {
        Self::new(testing::sqlite().await, limits, Tools::default()).await
    }

    pub(super) async fn without_ffmpeg() -> Self {
        let tools = Tools {
            ffmpeg: "/nowhere/ffmpeg".into(),
            ffprobe: "/nowhere/ffprobe".into(),
        };
        Self::new(testing::sqlite().await, MediaLimits::default(), tools).await
    }

    /// Files of our organisation and files that are not complete, on the disk.
    pub(super) fn files(&self) -> usize {
        let mut folders = vec![self.folder.path().join("media")];
        let mut files = 0;
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.file_name() != Some("lock".as_ref()) {
                    files += 1;
                }
            }
        }
        files
    }

    async fn new(test: TestDb, limits: MediaLimits, tools: Tools) -> Self {
        let clock = TestClock::running();
        let env = clock.env();
        let folder = tempfile::tempdir().unwrap();
        let public_url: Url = "http://127.0.0.1:8080".parse().unwrap();
        let net = Net::new(env.clone(), NetConfig::default()).unwrap();
        let vault = Vault::new(env.clone(), Keyring::generate(&env));
        let accounts = Accounts::new(test.db.clone(), env.clone(), vault, net, public_url.clone());
        let config = IdentityConfig {
            signing_key: Box::new([3; 32]).into(),
            public_url: public_url.clone(),
            registration: Registration::Open,
            lockout: LockoutRules::default(),
            recheck_after: Duration::from_secs(1),
        };
        let identity = Identity::new(test.db.clone(), env.clone(), config);
        let media = MediaConfig {
            storage: Storage::open(&folder.path().join("media"), &env).unwrap(),
            tools,
            signing_key: [5; 32],
            public_url: public_url.clone(),
            limits,
            keep_renditions: Duration::from_hours(30 * 24),
        };
        let content = Content::new(test.db.clone(), env.clone(), accounts, identity, media);
        let caller = Caller {
            person: env.id(),
            tenant: testing::tenant(&test.db).await,
            role: Role::Owner,
            via: Via::Session(env.id()),
        };
        Self {
            test,
            clock,
            env,
            content,
            caller,
            folder,
        }
    }

    pub(super) fn with_role(&self, role: Role) -> Caller {
        Caller {
            role,
            ..self.caller.clone()
        }
    }

    /// The owner of another organisation.
    pub(super) async fn stranger(&self) -> Caller {
        Caller {
            tenant: testing::tenant(&self.test.db).await,
            person: self.env.id(),
            ..self.caller.clone()
        }
    }

    pub(super) async fn write(&self) -> Tx {
        self.test
            .db
            .write(Scope::Tenant(self.caller.tenant))
            .await
            .unwrap()
    }

    pub(super) async fn read(&self) -> Tx {
        self.test
            .db
            .read(Scope::Tenant(self.caller.tenant))
            .await
            .unwrap()
    }

    /// Gives the caller a name.
    pub(super) async fn introduce_caller(&self) {
        let mut tx = self.test.db.write(Scope::System).await.unwrap();
        let email = format!("{}@example.org", self.caller.person);
        tx.execute_one(&ADD_PERSON, (self.caller.person, email, self.env.now()))
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    /// Connects an account with its network's usual limits.
    pub(super) async fn account(&self, platform: Platform, username: &str) -> SocialAccountId {
        let id = self.env.id();
        let mut tx = self.write().await;
        let values = (
            id,
            platform,
            format!("id of {username}"),
            username.to_owned(),
            Json(Value::Null),
            self.caller.person,
            self.env.now(),
        );
        tx.execute_one(&ADD_ACCOUNT, values).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    pub(super) async fn set_account_status(
        &self,
        id: SocialAccountId,
        status: accounts::AccountStatus,
    ) {
        let removed = (status == accounts::AccountStatus::Disconnected).then(|| self.env.now());
        let mut tx = self.write().await;
        tx.execute_one(&SET_ACCOUNT_STATUS, (status, removed, id))
            .await
            .unwrap();
        tx.commit().await.unwrap();
    }

    /// Writes a draft.
    pub(super) async fn draft(&self, new: NewPost) -> Result<PostRecord, Problem> {
        let mut tx = self.write().await;
        let post = self
            .content
            .create_draft(&mut tx, &self.caller, new)
            .await?;
        tx.commit().await?;
        Ok(post)
    }

    /// Changes a draft.
    pub(super) async fn edit(
        &self,
        id: PostId,
        changes: PostChanges,
    ) -> Result<UpdatedPost, Problem> {
        let mut tx = self.write().await;
        let updated = self
            .content
            .update_draft(&mut tx, &self.caller, id, changes)
            .await?;
        tx.commit().await?;
        Ok(updated)
    }

    /// Brings a target into a state, on a way that the state machine allows.
    pub(super) async fn bring(&self, target: TargetId, path: &[TargetStatus]) {
        let mut tx = self.write().await;
        for status in path {
            let published = (*status == TargetStatus::Published).then(|| PublishedPost {
                at: self.env.now(),
                platform_post_id: "1".to_owned(),
                url: None,
                result: Value::Null,
            });
            let outcome = TargetOutcome {
                published,
                ..TargetOutcome::new(target, *status)
            };
            let applied = self
                .content
                .set_target_states(&mut tx, &[outcome])
                .await
                .unwrap();
            assert_eq!(applied.refused, []);
        }
        tx.commit().await.unwrap();
    }

    /// What was told in the outbox, with its subjects.
    pub(super) async fn events(&self) -> Vec<Event> {
        let mut tx = self.read().await;
        let events = outbox::read_after(&mut tx, 0, 1_000).await.unwrap();
        events.into_iter().map(|(_, event)| event).collect()
    }

    pub(super) async fn event_kinds(&self) -> Vec<String> {
        self.events()
            .await
            .into_iter()
            .map(|event| event.kind)
            .collect()
    }

    pub(super) async fn send(&self, caller: Option<&Caller>, request: Request<Body>) -> Answer {
        let api: Router = crate::routes(self.content.clone()).into();
        let routes = Router::new()
            .nest("/api/v1", api)
            .merge(crate::media_routes(self.content.clone()));
        testkit::send(routes, &self.env, caller, request).await
    }

    /// A request of the owner, below `/api/v1`.
    pub(super) async fn ask(&self, method: Method, path: &str, body: Value) -> Answer {
        self.send(Some(&self.caller), json_request(method, path, &body))
            .await
    }

    pub(super) async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, Value::Null).await
    }

    /// A request by a signed address, of nobody in particular.
    pub(super) async fn fetch(
        &self,
        address: &str,
        headers: &[(header::HeaderName, &str)],
    ) -> Answer {
        let mut request = Request::get(address);
        for (name, value) in headers {
            request = request.header(name, *value);
        }
        self.send(None, request.body(Body::empty()).unwrap()).await
    }

    pub(super) async fn head(&self, address: &str) -> Answer {
        let request = Request::head(address).body(Body::empty()).unwrap();
        self.send(None, request).await
    }

    /// Uploads a file as the owner.
    pub(super) async fn upload(&self, name: &str, mime: &str, file: &[u8]) -> Answer {
        self.upload_with(&self.caller, &[], Some((name, mime, file)))
            .await
    }

    pub(super) async fn upload_with(
        &self,
        caller: &Caller,
        fields: &[(&str, &str)],
        file: Option<(&str, &str, &[u8])>,
    ) -> Answer {
        self.send(Some(caller), upload_request(fields, file)).await
    }

    /// Uploads a small picture and answers its id.
    pub(super) async fn picture(&self) -> ContentId {
        self.upload(
            "picture.png",
            "image/png",
            &encoded(30, 20, ImageFormat::Png),
        )
        .await
        .assert_status(201)
        .id()
    }
}

/// A form with a file in it.
pub(super) fn upload_request(
    fields: &[(&str, &str)],
    file: Option<(&str, &str, &[u8])>,
) -> Request<Body> {
    let mut form = Vec::new();
    for (name, value) in fields {
        form.extend(
            format!("--XXX\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
                .bytes(),
        );
    }
    if let Some((name, mime, bytes)) = file {
        form.extend(
            format!("--XXX\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: {mime}\r\n\r\n")
                .bytes(),
        );
        form.extend_from_slice(bytes);
        form.extend_from_slice(b"\r\n");
    }
    form.extend_from_slice(b"--XXX--\r\n");
    Request::post("/api/v1/content")
        .header(header::CONTENT_TYPE, "multipart/form-data; boundary=XXX")
        .body(form.into())
        .unwrap()
}

/// A request below `/api/v1`.
pub(super) fn json_request(method: Method, path: &str, body: &Value) -> Request<Body> {
    testkit::json_request(method, &format!("/api/v1{path}"), body)
}

pub(super) fn tenant_path(address: &str) -> TenantId {
    address.split('/').nth(2).unwrap().parse().unwrap()
}
