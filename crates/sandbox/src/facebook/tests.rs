use axum::http::StatusCode;

use crate::meta::testing::World;

const SCOPES: &str = "pages_show_list,pages_read_engagement,pages_manage_posts";

#[tokio::test]
async fn a_page_publishes_by_its_own_token_only() {
    let world = World::new("facebook", SCOPES).await;
    let page = world.page().await;
    let feed = format!("/{}/feed", page["id"].as_str().unwrap());
    let by_person = world.refused("POST", &feed, "message=Hello").await;
    assert_eq!(by_person, (190, 2_069_032));
    let world = world.acting_as(&page);
    let (status, made) = world.call("POST", &feed, "message=Hello").await;
    assert_eq!(status, StatusCode::OK);
    let (_, list) = world.call("GET", &feed, "").await;
    assert_eq!(list["data"][0]["id"], made["id"]);
}

#[tokio::test]
async fn an_unpublished_post_is_in_no_list_of_published_ones() {
    let world = World::new("facebook", SCOPES).await;
    let page = world.page().await;
    let world = world.acting_as(&page);
    let page = page["id"].as_str().unwrap();
    let form = "message=Later&published=false";
    let (_, made) = world.call("POST", &format!("/{page}/feed"), form).await;
    let published = format!("/{page}/published_posts");
    let (_, list) = world.call("GET", &published, "").await;
    assert_eq!(list["data"].as_array().unwrap().len(), 0);
    let post = format!("/{}", made["id"].as_str().unwrap());
    for _ in 0..2 {
        let (_, told) = world.call("POST", &post, "is_published=true").await;
        assert_eq!(told["success"], true);
    }
    let (_, list) = world.call("GET", &published, "").await;
    assert_eq!(list["data"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn what_is_wrong_is_refused_with_its_code() {
    let world = World::new("facebook", SCOPES).await;
    let page = world.page().await;
    let world = world.acting_as(&page);
    let page = page["id"].as_str().unwrap();
    let to = |edge: &str| format!("/{page}/{edge}");
    for (path, form, refusal) in [
        (to("feed"), "", (100, 0)),
        (to("feed"), "link=nonsense", (1_609_005, 0)),
        (to("photos"), "published=false", (324, 0)),
        (to("photo_stories"), "photo_id=1", (100, 0)),
        (to("videos"), "upload_phase=start", (100, 0)),
        (to("video_reels"), "upload_phase=leap", (100, 0)),
        ("/1/feed".to_owned(), "message=x", (100, 33)),
    ] {
        assert_eq!(
            world.refused("POST", &path, form).await,
            refusal,
            "{path} {form}"
        );
    }
    // It did not give the permission for numbers, and there is no such field.
    let numbers = to("insights?metric=page_follows");
    assert_eq!(world.refused("GET", &numbers, "").await.0, 200);
    let field = format!("/{page}?fields=nonsense");
    assert_eq!(world.refused("GET", &field, "").await.0, 100);
}

#[tokio::test]
async fn a_reel_needs_its_bytes_before_its_end() {
    let world = World::new("facebook", SCOPES).await;
    let page = world.page().await;
    let world = world.acting_as(&page);
    let reels = format!("/{}/video_reels", page["id"].as_str().unwrap());
    let (_, begun) = world.call("POST", &reels, "upload_phase=start").await;
    let id = begun["video_id"].as_str().unwrap();
    let finish = format!("upload_phase=finish&video_id={id}&video_state=PUBLISHED");
    let early = world.refused("POST", &reels, &finish).await;
    assert_eq!(early, (6_000, 1_363_030));
}
