//! Searching: who finds what, with which marks and facets.

use std::sync::Arc;

use axum::http::StatusCode;
use huiyin_domain::matter::State;
use huiyin_domain::{Grade, MatterNo, PlaceCode, PostRef, SystemCode, UnitId};
use huiyin_search::{Document, Item, Positions, Search};
use serde_json::json;

use crate::world::{Answer, Call, HOUSING, LIGHTS, NOW, World};

const TEXTS: [&str; 2] = ["柏桥区文昌路的路灯坏了十多天没人修", "棠溪市金穗小区物业三个月不收垃圾,路灯也不亮"];
const BUILT: Positions = Positions { posts: 2, entries: 2, built: true };

/// The matter and the post of each text, given to these units.
fn fill(search: &Arc<Search>, numbers: &[String], posts: &[String]) {
    let mut writer = search.writer().unwrap();
    for (((text, no), id), unit) in TEXTS.iter().zip(numbers).zip(posts).zip([LIGHTS, HOUSING]) {
        let no = MatterNo::new(no);
        let matter = Document {
            item: Item::Matter(no.clone()),
            matter: Some(no.clone()),
            source: "market".into(),
            title: (*text).into(),
            text: format!("{no}\n棠溪市"),
            place: Some(PlaceCode::new("990101")),
            place_name: Some("棠溪市柏桥区".into()),
            system: Some(SystemCode::new("城管")),
            unit: Some(UnitId::new(unit)),
            unit_name: Some("某局".into()),
            given: vec![UnitId::new(unit)],
            state: Some(State::Assigned),
            grade: Some(Grade::Ordinary),
            fate: None,
            aside: None,
            received_at: NOW.parse().unwrap(),
        };
        let item = Item::Post(PostRef { source: "market".into(), id: id.clone() });
        let post =
            Document { item, title: String::new(), text: (*text).into(), fate: Some("matter"), ..matter.clone() };
        writer.put(&matter).unwrap();
        writer.put(&post).unwrap();
    }
    writer.commit(BUILT).unwrap();
}

async fn world() -> (World, Vec<String>) {
    let search = Arc::new(Search::open_in_memory(&huiyin_search::segmenter()).unwrap());
    let world = World::searching(search.clone()).await;
    let numbers = world.open(&TEXTS).await;
    let refused = world.get("duty", "/api/v1/search?q=x").await;
    assert_eq!((refused.status, refused.problem()), (StatusCode::SERVICE_UNAVAILABLE, "unavailable".into()));
    assert!(refused.header("retry-after").is_some(), "the index is still being built");
    assert_eq!(world.get("duty", "/api/v1/posts?q=x").await.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(world.get("duty", "/api/v1/posts").await.status, StatusCode::OK, "a list needs no index");
    fill(&search, &numbers, &["t0".into(), "t1".into()]);
    (world, numbers)
}

async fn find(world: &World, who: &str, query: &str) -> Answer {
    let encoded: String = query
        .bytes()
        .map(|byte| match byte {
            b'=' | b'&' | b'0'..=b'9' | b'a'..=b'z' | b'_' | b'-' => char::from(byte).to_string(),
            byte => format!("%{byte:02X}"),
        })
        .collect();
    world.get(who, &format!("/api/v1/search?{encoded}")).await
}

fn cut(text: &str, mark: &serde_json::Value) -> String {
    let at = |index: usize| usize::try_from(mark[index].as_u64().unwrap()).unwrap();
    text.chars().skip(at(0)).take(at(1) - at(0)).collect()
}

#[tokio::test]
async fn finds_with_marks_and_facets() {
    let (world, numbers) = world().await;
    let found = find(&world, "duty", "q=路灯").await.json();
    assert_eq!(found["total"], 4);
    let found = find(&world, "duty", "q=路灯 -物业&kind=post").await.json();
    assert_eq!(found["total"], 1);
    let hit = &found["hits"][0];
    let expected =
        [("kind", "post"), ("matter", &numbers[0]), ("source", "market"), ("id", "t0"), ("state", "assigned")];
    for (field, value) in expected.into_iter().chain([("grade", "ordinary"), ("place_name", "棠溪市柏桥区")]) {
        assert_eq!(hit[field], value, "{field}: {hit}");
    }
    assert_eq!(cut(hit["snippet"].as_str().unwrap(), &hit["marks"][0]), "路灯");
    let facets = &found["facets"];
    for (facet, value, name) in [
        ("kind", "post", "网帖"),
        ("source", "market", "market"),
        ("system", "城管", "城市管理"),
        ("state", "assigned", "待签收"),
        ("grade", "ordinary", "一般"),
        ("month", "2026-11", "2026年11月"),
    ] {
        assert_eq!(facets[facet], json!([{"value": value, "name": name, "count": 1}]), "{facet}");
    }
    assert_eq!(facets["place"][0]["name"], "棠溪市");
    let last = find(&world, "duty", "q=路灯&offset=3&limit=2&order=newest").await.json();
    assert_eq!((last["hits"].as_array().unwrap().len(), &last["total"]), (1, &json!(4)));
}

#[tokio::test]
async fn a_liaison_finds_what_was_given_to_its_unit() {
    let (world, numbers) = world().await;
    for (who, total, of) in [("lights", 2, Some(&numbers[0])), ("housing", 2, Some(&numbers[1])), ("adrift", 0, None)] {
        for query in ["q=路灯", "q=", &format!("q=路灯&unit={}", if who == "lights" { LIGHTS } else { HOUSING })] {
            let found = find(&world, who, query).await.json();
            assert_eq!(found["total"], total, "{who} {query}");
            assert!(
                found["hits"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .all(|hit| Some(hit["matter"].as_str().unwrap()) == of.map(String::as_str))
            );
            let counted: u64 =
                found["facets"]["kind"].as_array().unwrap().iter().filter_map(|one| one["count"].as_u64()).sum();
            assert_eq!(counted, total, "facets tell of nothing else");
        }
        let others = format!("unit={}", if who == "lights" { HOUSING } else { LIGHTS });
        assert_eq!(find(&world, who, &others).await.json()["total"], 0, "{who}");
    }
}

#[tokio::test]
async fn posts_are_found_through_the_index() {
    let (world, _) = world().await;
    let found = world.get("duty", "/api/v1/posts?q=%E8%B7%AF%E7%81%AF&limit=1").await.json();
    assert_eq!((&found["total"], found["posts"].as_array().unwrap().len()), (&json!(2), 1));
    let first = &found["posts"][0];
    assert_eq!(cut(first["marked"]["snippet"].as_str().unwrap(), &first["marked"]["marks"][0]), "路灯");
    assert_eq!(found["facets"]["kind"][0]["count"], 2);
    let next = format!("/api/v1/posts?q=%E8%B7%AF%E7%81%AF&limit=1&cursor={}", found["next"].as_str().unwrap());
    let second = world.get("duty", &next).await.json();
    assert_ne!(second["posts"][0]["id"], first["id"]);
    assert!(second.get("next").is_none());
    let wrong = world.call(Call::get("/api/v1/posts?q=x&cursor=5.00").by("duty")).await;
    assert_eq!((wrong.status, wrong.problem()), (StatusCode::BAD_REQUEST, "malformed".into()));
}

#[tokio::test]
async fn without_an_index_searching_is_unavailable_and_posts_are_read() {
    let world = World::new().await;
    world.open(&TEXTS).await;
    assert_eq!(world.get("duty", "/api/v1/search?q=x").await.status, StatusCode::SERVICE_UNAVAILABLE);
    let found = world.get("duty", "/api/v1/posts?q=%E7%89%A9%E4%B8%9A").await.json();
    assert_eq!(found["posts"].as_array().unwrap().len(), 1);
}
