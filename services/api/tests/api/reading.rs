//! Lists, details, pickers and figures.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::world::{Call, HOUSING, LIGHTS, World};

const TEXTS: [&str; 4] = [
    "柏桥区文昌路的路灯坏了十多天没人修",
    "棠溪市金穗小区物业三个月不收垃圾",
    "春风桥头早市占道经营堵得过不去",
    "河西小学门口没有斑马线孩子很危险",
];

fn numbers(page: &Value) -> Vec<String> {
    page["matters"].as_array().unwrap().iter().map(|one| one["no"].as_str().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn matters_are_filtered_and_paged() {
    let world = World::new().await;
    let opened = world.open(&TEXTS).await;
    world.done("duty", &opened[0], "assign", json!({"lead": LIGHTS, "grade": "major"})).await;
    world.done("duty", &opened[1], "assign", json!({"lead": HOUSING})).await;
    let newest: Vec<String> = opened.iter().rev().cloned().collect();
    let list = async |query: &str| {
        let answer = world.get("duty", &format!("/api/v1/matters{query}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{query}: {}", answer.text());
        answer.json()
    };
    assert_eq!(numbers(&list("").await), newest);
    for (query, expected) in [
        ("?state=assigned", vec![&opened[1], &opened[0]]),
        ("?state=new,closed", vec![&opened[3], &opened[2]]),
        ("?grade=major", vec![&opened[0]]),
        (&format!("?unit={HOUSING}"), vec![&opened[1]]),
        ("?q=%E6%97%A9%E5%B8%82", vec![&opened[2]]),
        ("?place=990200", vec![]),
        ("?place=990101&limit=1", vec![&opened[3]]),
        ("?decision=abstain", vec![]),
        ("?danger=true", vec![]),
        ("?overdue=true", vec![]),
        ("?from=2026-11-21", vec![]),
        ("?to=2026-11-20", vec![]),
    ] {
        assert_eq!(numbers(&list(query).await).iter().collect::<Vec<_>>(), expected, "{query}");
    }
    let mut paged = Vec::new();
    let mut query = "?limit=3&order=due".to_owned();
    loop {
        let page = list(&query).await;
        paged.extend(numbers(&page));
        let Some(next) = page["next"].as_str() else { break };
        query = format!("?limit=3&order=due&cursor={next}");
    }
    assert_eq!(paged.len(), 4);
    assert_eq!(paged[0], opened[0], "the emergency is due first");
    let first = list("?limit=1").await["matters"][0].clone();
    assert!(first["title"].as_str().unwrap().contains("斑马线"), "{first}");
    assert_eq!(first["suggested"]["id"], LIGHTS);
    assert_eq!(first["place"]["code"], "990101");
    assert_eq!(first["next_deadline"]["kind"], "response");
    world.clock.advance(jiff::SignedDuration::from_hours(72));
    assert_eq!(numbers(&list("?overdue=true").await).len(), 4);
}

#[tokio::test]
async fn an_entity_tag_spares_what_is_known() {
    let world = World::new().await;
    let no = world.open(&TEXTS[..1]).await.remove(0);
    let path = format!("/api/v1/matters/{no}");
    let tag = world.get("duty", &path).await.header("etag").unwrap().to_owned();
    let known = |tag: &str| world.call(Call::get(&path).by("duty").header("if-none-match", tag));
    for (value, status) in [
        (tag.clone(), 304),
        (format!("W/{tag}"), 304),
        (format!("\"999\", {tag}"), 304),
        ("*".to_owned(), 304),
        ("\"999\"".to_owned(), 200),
    ] {
        let answer = known(&value).await;
        assert_eq!(answer.status.as_u16(), status, "{value}");
        assert_eq!(answer.header("etag"), Some(tag.as_str()));
        assert_eq!(answer.body.is_empty(), status == 304);
    }
    world.done("duty", &no, "grade", json!({"grade": "ordinary"})).await;
    assert_eq!(known(&tag).await.status.as_u16(), 200);
}

#[tokio::test]
async fn entries_and_posts_of_a_matter() {
    let world = World::new().await;
    let no = world.open(&TEXTS[..1]).await.remove(0);
    world.done("duty", &no, "assign", json!({"lead": LIGHTS, "instruction": "请尽快修复"})).await;
    world.ledger.sequence_once("test").await.unwrap();
    let first = world.get("auditor", &format!("/api/v1/matters/{no}/entries?limit=1")).await.json();
    assert_eq!(
        (&first["entries"][0]["kind"], &first["entries"][0]["number"], &first["next"]),
        (&json!("opened"), &json!(1), &json!(1))
    );
    let rest = world.get("auditor", &format!("/api/v1/matters/{no}/entries?after=1")).await.json();
    let entry = &rest["entries"][0];
    assert_eq!((&entry["kind_name"], &entry["content"]["text"]), (&json!("交办"), &json!("请尽快修复")));
    assert_eq!(entry["actor"], json!({"name": "token:duty", "role": "duty_officer"}));
    assert_eq!(entry["event"]["unit"], LIGHTS);
    assert_eq!(entry["leaf"].as_str().map(str::len), Some(64));
    assert!(rest.get("next").is_none());
    let posts = world.get("auditor", &format!("/api/v1/matters/{no}/posts")).await.json();
    let post = &posts["posts"][0];
    assert_eq!((&post["text"], &post["fate"], &post["matter"]), (&json!(TEXTS[0]), &json!("matter"), &json!(no)));
    assert_eq!(post["assessment"]["unit_name"], "棠溪市城市管理局");
    let found = world.get("duty", "/api/v1/posts?q=%E6%96%87%E6%98%8C%E8%B7%AF").await.json();
    assert_eq!(found["posts"].as_array().unwrap().len(), 1);
    let one = world.get("duty", "/api/v1/posts?source=market&id=t0&fate=matter").await.json();
    assert_eq!(one["posts"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn pickers_offer_what_is_in_force() {
    let world = World::new().await;
    let names = async |path: &str, list: &str| {
        let json = world.get("lights", path).await.json();
        assert_eq!(json["catalogue"], "jichuan-1");
        let all: Vec<String> =
            json[list].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect();
        all
    };
    let units = names("/api/v1/units", "units").await;
    assert_eq!(units, ["棠溪市城市管理局", "棠溪市住房和城乡建设局"], "neither ended nor collective");
    let called = names("/api/v1/units?q=%E5%9F%8E%E7%AE%A1&near=990101", "units").await;
    let nearest = ["柏桥区城市管理局", "棠溪市城市管理局", "霁川省住房和城乡建设厅"];
    assert_eq!(called, nearest, "by what the line of work is called; the province has it with its parent's body");
    let begun = names("/api/v1/units?q=%E6%9F%8F%E6%A1%A5%E5%8C%BA%E5%9F%8E", "units").await;
    assert_eq!(begun, ["柏桥区城市管理局"], "a unit that is named by rule is found by its name");
    let district = names("/api/v1/units?place=990101", "units").await;
    assert!(district.contains(&"柏桥区城市管理局".to_owned()), "{district:?}");
    assert_eq!(names("/api/v1/units?place=990101&limit=1", "units").await.len(), 1);
    assert_eq!(names("/api/v1/places?parent=990100", "places").await, ["柏桥区"]);
    assert_eq!(names("/api/v1/places?q=%E6%A3%A0", "places").await, ["棠溪市"]);
    assert_eq!(names("/api/v1/systems", "systems").await.len(), 5);
}

#[tokio::test]
async fn figures_and_sources() {
    let world = World::new().await;
    world.open(&TEXTS[..2]).await;
    let figures = world.get("leader", "/api/v1/statistics").await.json();
    assert_eq!((&figures["posts"], &figures["matters"]["new"]), (&json!(2), &json!(2)), "{figures}");
    assert_eq!(world.get("leader", "/api/v1/sources").await.json(), json!({"sources": []}));
    let lines = "{\"id\":\"s1\",\"text\":\"路灯坏了\"}\n{\"id\":\"s2\"}";
    let push = || Call::post("/api/v1/posts?source=热线").by("push").body("application/x-ndjson", lines);
    for _ in 0..2 {
        assert_eq!(world.call(push()).await.status.as_u16(), 202);
    }
    let sources = world.get("leader", "/api/v1/sources").await.json();
    let source = &sources["sources"][0];
    assert_eq!(
        (
            &source["source"],
            &source["kind"],
            &source["state"],
            &source["accepted"],
            &source["repeated"],
            &source["refused"]
        ),
        (&json!("热线"), &json!("push"), &json!("unchanged"), &json!(1), &json!(1), &json!(2)),
        "{sources}"
    );
}

#[tokio::test]
async fn large_answers_are_compressed_for_who_asks() {
    let world = World::new().await;
    let call = |path: &str| Call::get(path).by("duty").header("accept-encoding", "gzip");
    let large = world.call(call("/api/v1/openapi.json")).await;
    assert_eq!(large.header("content-encoding"), Some("gzip"));
    let small = world.call(call("/healthz")).await;
    assert_eq!(small.header("content-encoding"), None);
}
