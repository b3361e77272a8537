use crate::meta::testing::World;

const SCOPES: &str =
    "instagram_basic,instagram_content_publish,pages_show_list,pages_read_engagement";

async fn account(world: &World) -> String {
    let page = world.page().await;
    let id = &page["instagram_business_account"]["id"];
    id.as_str().unwrap().to_owned()
}

#[tokio::test]
async fn containers_are_refused_with_their_code() {
    let world = World::new("instagram", SCOPES).await;
    let media = format!("/{}/media", account(&world).await);
    let caption = format!(
        "media_type=REELS&upload_type=resumable&caption={}",
        "x".repeat(2_201)
    );
    for (form, code) in [
        ("caption=x", 100),
        // Videos are reels.
        ("media_type=VIDEO&video_url=http%3A%2F%2F127.0.0.1%2Fx", 100),
        ("media_type=SONG", 100),
        ("media_type=CAROUSEL&children=1", 100),
        (caption.as_str(), 36_004),
        ("image_url=http%3A%2F%2F127.0.0.1%3A9%2Fx.jpg", 9_004),
    ] {
        assert_eq!(world.refused("POST", &media, form).await.0, code, "{form}");
    }
    let (code, _) = world
        .refused("POST", "/1/media", "image_url=http%3A%2F%2F127.0.0.1%2Fx")
        .await;
    assert_eq!(code, 100);
}

#[tokio::test]
async fn a_container_without_its_video_is_not_published() {
    let world = World::new("instagram", SCOPES).await;
    let account = account(&world).await;
    let form = "media_type=REELS&upload_type=resumable";
    let (_, made) = world.call("POST", &format!("/{account}/media"), form).await;
    let id = made["id"].as_str().unwrap();
    assert!(made["uri"].as_str().unwrap().ends_with(id));
    let publish = format!("/{account}/media_publish");
    let early = world
        .refused("POST", &publish, &format!("creation_id={id}"))
        .await;
    assert_eq!(early.0, 9_007);
    let (code, _) = world.refused("POST", &publish, "creation_id=1").await;
    assert_eq!(code, 24);
}

#[tokio::test]
async fn a_page_tells_its_account_to_who_may_see_it() {
    let world = World::new("instagram", "pages_show_list,pages_read_engagement").await;
    assert!(world.page().await["instagram_business_account"].is_null());
}
