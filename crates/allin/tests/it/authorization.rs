//! Every operation of the API refuses whom it must: an anonymous caller, a caller without the
//! permission, and another tenant's ids. The list comes from `openapi.json`, so that a new
//! operation can't be forgotten.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use crate::support::{User, World, png, sandbox};

/// Operations that are for everybody. This list may only shrink.
const ANONYMOUS: &[&str] = &[
    "register",
    "logIn",
    "refresh",
    "previewInvitation",
    "acceptInvitation",
    "finishConnecting",
];
/// Operations that every member may do, whatever his role. This list may only shrink.
const EVERY_ROLE: &[&str] = &[
    "logOut",
    "getMe",
    "updateMe",
    "changePassword",
    "switchOrganization",
    "listOrganizations",
    "createOrganization",
];

struct Operation {
    id: String,
    method: String,
    path: String,
    parameters: BTreeSet<String>,
    body: Option<Value>,
}

async fn operations(world: &World) -> Vec<Operation> {
    let url = world.base.join("api/openapi.json").unwrap();
    let document = User::anonymous(&world.base).browse(url.as_str()).await.ok();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let Some(id) = operation["operationId"].as_str() else {
                continue;
            };
            let parameters = path
                .split('/')
                .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
                .map(ToOwned::to_owned)
                .collect();
            operations.push(Operation {
                id: id.to_owned(),
                method: method.to_uppercase(),
                path: path.trim_start_matches('/').to_owned(),
                parameters,
                body: operation.get("requestBody").map(|_| body(id)),
            });
        }
    }
    assert!(
        operations.len() > 30,
        "only {} operations",
        operations.len()
    );
    operations
}

/// A body that can be read, so that what refuses is the permission and not the parser.
fn body(operation: &str) -> Value {
    let id = "019a0000-0000-7000-8000-000000000000";
    let post = json!({ "parts": [{ "text": "x", "media": [] }], "targets": [] });
    match operation {
        "createPost" | "preflight" => post,
        "updatePost" => json!({ "version": 1, "title": "x" }),
        "schedulePost" => json!({ "scheduledAt": "2099-01-01T00:00:00Z" }),
        "resolveTarget" => json!({ "targetId": id, "decision": "give_up" }),
        "publishContent" => json!({ "contentId": id, "accounts": [], "publishNow": true }),
        "connectSocialAccount" => {
            json!({ "platform": "mastodon", "instanceUrl": "https://m.example" })
        }
        "createInvitation" => json!({ "email": "x@example.com", "role": "viewer" }),
        "createApiToken" => json!({ "name": "x", "scopes": ["posts:read"] }),
        "changeRole" => json!({ "role": "viewer" }),
        "updateOrganization" | "createOrganization" => json!({ "name": "x" }),
        "changePassword" => json!({ "currentPassword": "x", "newPassword": "x" }),
        "switchOrganization" => json!({ "organizationId": id }),
        "register" => json!({ "email": "x", "password": "x", "name": "x", "tenantName": "x" }),
        "logIn" => json!({ "email": "x", "password": "x" }),
        "refresh" => json!({ "refreshToken": "x" }),
        "previewInvitation" | "acceptInvitation" => json!({ "token": "x" }),
        "setNetworkApp" => json!({ "clientId": "x", "clientSecret": "x" }),
        "takeAccountOffer" => json!({ "keys": ["x"] }),
        "replyToComment" => json!({ "text": "x" }),
        "hideComment" => json!({ "hidden": true }),
        _ => json!({}),
    }
}

fn fill(operation: &Operation, ids: &BTreeMap<String, String>, fallback: &str) -> String {
    let mut path = operation.path.clone();
    for parameter in &operation.parameters {
        let group = match parameter.as_str() {
            // Both name a target.
            "target" => "publish",
            _ => operation.path.split('/').next().unwrap_or_default(),
        };
        let id = match parameter.as_str() {
            "platform" => "x",
            _ => ids.get(group).map_or(fallback, String::as_str),
        };
        path = path.replace(&format!("{{{parameter}}}"), id);
    }
    path
}

async fn call(user: &User, operation: &Operation, path: &str) -> (u16, String) {
    let answer = if operation.id == "createContent" {
        user.upload("x.png", "image/png", png(2, 2)).await
    } else {
        user.call(&operation.method, path, operation.body.clone())
            .await
    };
    (
        answer.status,
        answer.body["error"]["code"]
            .as_str()
            .unwrap_or_default()
            .to_owned(),
    )
}

const NOBODY: &str = "019a0000-0000-7000-8000-000000000000";

#[tokio::test]
async fn an_anonymous_caller_is_refused_everywhere() {
    let world = World::sqlite().await;
    let anonymous = User::anonymous(&world.base);
    for operation in operations(&world).await {
        let path = fill(&operation, &BTreeMap::new(), NOBODY);
        let (status, code) = call(&anonymous, &operation, &path).await;
        if ANONYMOUS.contains(&operation.id.as_str()) {
            assert_ne!(code, "UNAUTHENTICATED", "{} is for everybody", operation.id);
        } else {
            assert_eq!(
                (status, code.as_str()),
                (401, "UNAUTHENTICATED"),
                "{}",
                operation.id
            );
        }
    }
}

#[tokio::test]
async fn a_caller_without_the_permission_is_refused_everywhere() {
    let world = World::sqlite().await;
    let owner = world.owner("ann").await;
    // A token without any scope holds no permission, whatever its owner's role.
    let token = json!({ "name": "none", "scopes": ["tokens:manage"] });
    let token = owner.post("api-tokens", token).await.ok();
    let mut nothing = User::anonymous(&world.base);
    nothing.token = token["token"].as_str().map(ToOwned::to_owned);
    for operation in operations(&world).await {
        if ANONYMOUS.contains(&operation.id.as_str())
            || EVERY_ROLE.contains(&operation.id.as_str())
            || operation.path.starts_with("api-tokens")
        {
            continue;
        }
        let path = fill(&operation, &BTreeMap::new(), NOBODY);
        let (status, code) = call(&nothing, &operation, &path).await;
        assert_eq!(
            (status, code.as_str()),
            (403, "FORBIDDEN"),
            "{}",
            operation.id
        );
    }
}

#[tokio::test]
async fn a_viewer_changes_nothing() {
    let world = World::sqlite().await;
    let owner = world.owner("ann").await;
    let viewer = owner.invites("vic", "viewer").await;
    for operation in operations(&world).await {
        let exempt = ANONYMOUS.contains(&operation.id.as_str())
            || EVERY_ROLE.contains(&operation.id.as_str())
            || operation.id.starts_with("preflight");
        if operation.method == "GET" || exempt {
            continue;
        }
        let path = fill(&operation, &BTreeMap::new(), NOBODY);
        let (status, code) = call(&viewer, &operation, &path).await;
        assert_eq!(
            (status, code.as_str()),
            (403, "FORBIDDEN"),
            "{}",
            operation.id
        );
    }
}

#[tokio::test]
async fn another_tenants_ids_name_nothing() {
    for world in World::both().await {
        let theirs = world.owner("ann").await;
        let ours = world.owner("bob").await;
        let instance = sandbox(&world.clock).await;
        let account = instance.connect(&theirs, "ann").await;
        let content = theirs.upload("x.png", "image/png", png(2, 2)).await.ok();
        let post = json!({
            "parts": [{ "text": "Hello", "media": [{ "contentId": content["id"] }] }],
            "targets": [{ "socialAccountId": account }],
            "scheduledAt": world.clock.env().now() + std::time::Duration::from_hours(1),
        });
        let post = theirs.post("posts", post).await.ok();
        let invitation = json!({ "email": "x@example.com", "role": "viewer" });
        let invitation = theirs.post("invitations", invitation).await.ok();
        let token = json!({ "name": "x", "scopes": ["posts:read"] });
        let token = theirs.post("api-tokens", token).await.ok();
        let me = theirs.get("auth/me").await.ok();
        let id = |value: &Value| value["id"].as_str().unwrap().to_owned();
        let ids: BTreeMap<String, String> = [
            ("posts", id(&post)),
            ("publish", id(&post["targets"][0])),
            ("content", id(&content)),
            ("social-accounts", account.clone()),
            ("invitations", id(&invitation)),
            ("api-tokens", id(&token)),
            ("members", id(&me["user"])),
        ]
        .map(|(group, id)| (group.to_owned(), id))
        .into();
        for operation in operations(&world).await {
            // A network is no tenant's: its operations are about the caller's own app.
            let about_network = operation.parameters.contains("platform");
            if operation.parameters.is_empty() || about_network {
                continue;
            }
            let path = fill(&operation, &ids, NOBODY);
            let (status, code) = call(&ours, &operation, &path).await;
            assert_eq!(
                (status, code.as_str()),
                (404, "NOT_FOUND"),
                "{} {path}",
                operation.id
            );
        }
        // Nor can they be used inside one's own things.
        let mine = json!({
            "parts": [{ "text": "Hello", "media": [{ "contentId": content["id"] }] }],
            "targets": [{ "socialAccountId": account }],
        });
        let answer = ours.post("posts", mine).await;
        assert!((400..500).contains(&answer.status), "{answer:?}");
    }
}
