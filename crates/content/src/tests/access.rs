//! Who may do what, operation by operation.

use std::collections::BTreeSet;

use axum::{
    body::Body,
    http::{Method, Request},
};
use image::ImageFormat;
use kernel::{Caller, Permission, Role, Via};
use networks::Platform;
use serde_json::{Value, json};

use super::{
    samples::{encoded, new_post},
    support::{Fixture, fixtures, json_request, upload_request},
};

/// An operation, and the permission it takes.
struct Operation {
    method: Method,
    path: String,
    body: Value,
    permission: Permission,
    /// Whether its path names something of one organisation.
    names_a_thing: bool,
}

async fn operations(fixture: &Fixture) -> Vec<Operation> {
    let account = fixture.account(Platform::Bluesky, "a").await;
    let file = fixture.picture().await;
    let post = fixture.draft(new_post("x", &[account])).await.unwrap().id;
    let plan = json!({ "parts": [{ "text": "x" }], "targets": [{ "socialAccountId": account }] });
    let op = |method, path: String, body, permission| {
        let names_a_thing = path.contains(&file.to_string()) || path.contains(&post.to_string());
        Operation {
            method,
            path,
            body,
            permission,
            names_a_thing,
        }
    };
    vec![
        op(
            Method::GET,
            "/content".to_owned(),
            Value::Null,
            Permission::MediaRead,
        ),
        op(
            Method::POST,
            "/content".to_owned(),
            Value::Null,
            Permission::MediaWrite,
        ),
        op(
            Method::GET,
            format!("/content/{file}"),
            Value::Null,
            Permission::MediaRead,
        ),
        op(
            Method::PATCH,
            format!("/content/{file}"),
            json!({ "title": "x" }),
            Permission::MediaWrite,
        ),
        op(
            Method::GET,
            "/posts".to_owned(),
            Value::Null,
            Permission::PostsRead,
        ),
        op(
            Method::GET,
            format!("/posts/{post}"),
            Value::Null,
            Permission::PostsRead,
        ),
        op(
            Method::POST,
            "/posts/preflight".to_owned(),
            plan,
            Permission::PostsRead,
        ),
        op(
            Method::POST,
            format!("/posts/{post}/preflight"),
            Value::Null,
            Permission::PostsRead,
        ),
        op(
            Method::POST,
            format!("/posts/{post}/duplicate"),
            Value::Null,
            Permission::PostsWrite,
        ),
        // Last, because it works.
        op(
            Method::DELETE,
            format!("/content/{file}"),
            Value::Null,
            Permission::MediaWrite,
        ),
    ]
}

impl Operation {
    fn request(&self) -> Request<Body> {
        if self.method == Method::POST && self.path == "/content" {
            upload_request(
                &[],
                Some(("a.png", "image/png", &encoded(9, 9, ImageFormat::Png))),
            )
        } else {
            json_request(self.method.clone(), &self.path, &self.body)
        }
    }
}

fn with_scopes(caller: &Caller, scopes: impl IntoIterator<Item = Permission>) -> Caller {
    let Via::Session(id) = caller.via else {
        panic!("{caller:?}")
    };
    let scopes: BTreeSet<_> = scopes.into_iter().collect();
    Caller {
        via: Via::ApiToken {
            id: id.0.into(),
            scopes,
        },
        ..caller.clone()
    }
}

#[tokio::test]
async fn every_operation_refuses_whom_it_must() {
    for fixture in fixtures().await {
        let stranger = fixture.stranger().await;
        let operations = operations(&fixture).await;
        for operation in &operations {
            let name = format!("{} {}", operation.method, operation.path);
            fixture
                .send(None, operation.request())
                .await
                .assert_problem(401, "UNAUTHENTICATED", "");
            let others = Permission::ALL
                .iter()
                .copied()
                .filter(|other| *other != operation.permission);
            let token = with_scopes(&fixture.caller, others);
            let answer = fixture.send(Some(&token), operation.request()).await;
            answer.assert_problem(403, "FORBIDDEN", "scope");
            assert_eq!(
                answer.text("/error/details/permission"),
                operation.permission.as_str(),
                "{name}"
            );
            let viewer = fixture.with_role(Role::Viewer);
            if !Role::Viewer.holds(operation.permission) {
                fixture
                    .send(Some(&viewer), operation.request())
                    .await
                    .assert_problem(403, "FORBIDDEN", "role");
            }
            if operation.names_a_thing {
                fixture
                    .send(Some(&stranger), operation.request())
                    .await
                    .assert_problem(404, "NOT_FOUND", "");
            }
        }
        for operation in &operations {
            let contributor = with_scopes(
                &fixture.with_role(Role::Contributor),
                [operation.permission],
            );
            let answer = fixture.send(Some(&contributor), operation.request()).await;
            assert!(
                (200..300).contains(&answer.status),
                "{} {}: {answer:?}",
                operation.method,
                operation.path
            );
        }
    }
}

#[tokio::test]
async fn the_functions_below_publishing_check_their_permission_too() {
    for fixture in fixtures().await {
        let account = fixture.account(Platform::Bluesky, "a").await;
        let post = fixture.draft(new_post("x", &[account])).await.unwrap();
        let viewer = fixture.with_role(Role::Viewer);
        let stranger = fixture.stranger().await;
        let changes = crate::PostChanges {
            version: 1,
            ..crate::PostChanges::default()
        };
        let mut tx = fixture.write().await;
        let content = &fixture.content;
        let forbidden = [
            content
                .create_draft(&mut tx, &viewer, new_post("x", &[]))
                .await
                .err(),
            content
                .update_draft(&mut tx, &viewer, post.id, changes.clone())
                .await
                .err(),
            content.delete_post(&mut tx, &viewer, post.id).await.err(),
        ];
        for problem in forbidden {
            assert_eq!(problem.unwrap().code(), kernel::Code::Forbidden);
        }
        drop(tx);
        let mut tx = fixture
            .test
            .db
            .write(store::Scope::Tenant(stranger.tenant))
            .await
            .unwrap();
        let unknown = [
            content
                .update_draft(&mut tx, &stranger, post.id, changes)
                .await
                .err(),
            content.delete_post(&mut tx, &stranger, post.id).await.err(),
            content.load(&mut tx, post.id).await.err(),
            content
                .mark_scheduled(&mut tx, post.id, &[], fixture.env.now())
                .await
                .err(),
        ];
        for problem in unknown {
            assert_eq!(problem.unwrap().code(), kernel::Code::NotFound);
        }
        // An account of ours is none of theirs.
        let theirs = content
            .create_draft(&mut tx, &stranger, new_post("x", &[account]))
            .await
            .unwrap_err();
        assert_eq!(theirs.code(), kernel::Code::ValidationFailed);
    }
}

#[test]
fn each_parameter_is_documented_once() {
    let fixture = tokio::runtime::Runtime::new()
        .unwrap()
        .block_on(super::support::fixture());
    let api = serde_json::to_value(crate::routes(fixture.content.clone()).to_openapi()).unwrap();
    let mut operations = BTreeSet::new();
    for (path, item) in api["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            let id = operation["operationId"].as_str().unwrap();
            assert!(operations.insert(id.to_owned()), "{id} is there twice");
            let names: Vec<_> = operation["parameters"]
                .as_array()
                .into_iter()
                .flatten()
                .map(|parameter| &parameter["name"])
                .collect();
            for name in &names {
                assert_eq!(
                    names.iter().filter(|other| other == &name).count(),
                    1,
                    "{method} {path}: {name}"
                );
            }
            if id == "listPosts" {
                assert_eq!(names.len(), 9, "{names:?}");
            }
        }
    }
    assert_eq!(operations.len(), 13);
}
