//! What holds for every network: rights, foreign ids, bodies that can't be accepted.

use axum::http::Method;
use kernel::{Permission, Role, Via};
use networks::Platform;
use serde_json::json;

use super::support::{caller, fixtures};

const ID: &str = "01890a5d-ac96-774b-bcce-b302099a8057";

fn operations() -> Vec<(Method, String, Permission)> {
    use Permission::{AccountsManage, AccountsRead};
    vec![
        (Method::GET, "/networks".to_owned(), AccountsRead),
        (Method::GET, "/social-accounts".to_owned(), AccountsRead),
        (Method::GET, format!("/social-accounts/{ID}"), AccountsRead),
        (Method::POST, "/social-accounts".to_owned(), AccountsManage),
        (
            Method::POST,
            format!("/social-accounts/{ID}/reconnect"),
            AccountsManage,
        ),
        (
            Method::POST,
            format!("/social-accounts/{ID}/check"),
            AccountsManage,
        ),
        (
            Method::DELETE,
            format!("/social-accounts/{ID}"),
            AccountsManage,
        ),
    ]
}

#[tokio::test]
async fn nobody_gets_in_without_logging_in_or_beyond_his_rights() {
    for fixture in fixtures().await {
        let body = || json!({ "platform": "mastodon", "instanceUrl": "127.0.0.1" });
        for (method, path, permission) in operations() {
            let body = (method == Method::POST && path == "/social-accounts").then(body);
            let answer = fixture
                .call_as(None, method.clone(), &path, body.clone())
                .await;
            answer.assert_problem(401, "UNAUTHENTICATED", "Log in");

            let viewer = caller(fixture.caller.tenant, Role::Viewer);
            let answer = fixture
                .call_as(Some(&viewer), method.clone(), &path, body.clone())
                .await;
            if permission == Permission::AccountsManage {
                answer.assert_problem(403, "FORBIDDEN", "viewer");
            } else {
                assert_ne!(answer.status, 403, "{method} {path}");
            }

            let mut token = fixture.caller.clone();
            token.via = Via::ApiToken {
                id: kernel::Env::system().id(),
                scopes: [Permission::PostsWrite].into(),
            };
            let answer = fixture.call_as(Some(&token), method, &path, body).await;
            answer.assert_problem(403, "FORBIDDEN", permission.as_str());
        }
    }
}

#[tokio::test]
async fn unknown_ids_and_another_organisations_answer_alike() {
    for fixture in fixtures().await {
        for (method, path, _) in operations() {
            if path.contains(ID) {
                let answer = fixture.call(method.clone(), &path, None).await;
                answer.assert_problem(404, "NOT_FOUND", "");
                let answer = fixture
                    .call(method, &path.replace(ID, "not-an-id"), None)
                    .await;
                answer.assert_problem(404, "NOT_FOUND", "");
            }
        }
    }
}

#[tokio::test]
async fn networks_are_described_as_data() {
    for fixture in fixtures().await {
        let answer = fixture.get("/networks").await;
        let platforms: Vec<_> = answer.body["data"]
            .as_array()
            .unwrap()
            .iter()
            .map(|network| &network["platform"])
            .collect();
        assert_eq!(platforms.len(), Platform::ALL.len());
        let mastodon = platforms
            .iter()
            .position(|platform| **platform == "mastodon");
        let mastodon = &answer.body["data"][mastodon.unwrap()];
        assert_eq!(mastodon["connect"]["fields"][0]["name"], "instanceUrl");
        assert_eq!(mastodon["formats"][0]["text"]["maxCharacters"], 500);
    }
}

#[tokio::test]
async fn what_a_network_needs_is_asked_for_field_by_field() {
    for fixture in fixtures().await {
        let post = async |body| fixture.post("/social-accounts", body).await;
        let answer = post(json!({ "platform": "mastodon", "instanceUrl": "  " })).await;
        answer.assert_problem(422, "VALIDATION_FAILED", "fill this in");
        assert_eq!(answer.text("/error/details/fields/0/path"), "instanceUrl");

        let answer = post(json!({ "platform": "bluesky", "instanceUrl": "x" })).await;
        answer.assert_problem(422, "VALIDATION_FAILED", "3 fields");
        let fields: Vec<_> = answer.body["error"]["details"]["fields"]
            .as_array()
            .unwrap()
            .iter()
            .map(|field| {
                (
                    field["path"].as_str().unwrap(),
                    field["code"].as_str().unwrap(),
                )
            })
            .collect();
        assert_eq!(
            fields,
            [
                ("identifier", "required"),
                ("appPassword", "required"),
                ("instanceUrl", "not_used")
            ]
        );
        let long = "x".repeat(3_000);
        post(json!({ "platform": "mastodon", "instanceUrl": long }))
            .await
            .assert_problem(422, "VALIDATION_FAILED", "at most");
        post(json!({ "platform": "myspace" })).await.assert_problem(
            400,
            "MALFORMED_BODY",
            "platform",
        );
        post(json!({ "platform": "mastodon", "instanceURL": "x" }))
            .await
            .assert_problem(400, "MALFORMED_BODY", "instanceURL");
        fixture
            .get("/social-accounts?platform=myspace")
            .await
            .assert_problem(400, "MALFORMED_PARAMETER", "query");
    }
}

#[tokio::test]
async fn the_documentation_names_every_operation_and_parameter() {
    let fixture = fixtures().await.remove(0);
    let api = serde_json::to_value(crate::routes(fixture.accounts).into_openapi()).unwrap();
    let documented = |path: &str, method: &str| api["paths"][path][method].clone();
    for (method, path, _) in operations() {
        let operation = documented(&path.replace(ID, "{id}"), &method.as_str().to_lowercase());
        assert!(operation["operationId"].is_string(), "{method} {path}");
        assert_eq!(
            path.contains(ID),
            operation["parameters"][0]["name"] == "id",
            "{method} {path}"
        );
    }
    assert_eq!(
        documented("/social-accounts", "get")["parameters"][0]["name"],
        "platform"
    );
    assert_eq!(
        documented("/oauth/callback", "get")["parameters"][0]["name"],
        "state"
    );
}
