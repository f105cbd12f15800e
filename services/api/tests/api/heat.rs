//! How much is spoken of a matter, and of a subject at a place.

use axum::http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};

use crate::world::{Heard, NOW, World};

const LAMPS: &str = "柏桥区文昌路的路灯坏了十多天没人修";
const LIDS: &str = "柏桥区河东路窨井盖丢失行人差点掉进去";
const SURGES: &str = "/api/v1/statistics/surges";

fn hours_ago(hours: i64) -> Timestamp {
    NOW.parse::<Timestamp>().unwrap() - SignedDuration::from_hours(hours)
}

fn heard(text: &str, source: &'static str, hours: i64) -> Heard {
    Heard { source, ..Heard::new(text, hours_ago(hours)) }
}

#[tokio::test]
async fn heat_is_on_rows_lists_and_pages() {
    let world = World::new().await;
    let from = |source| heard(LAMPS, source, 1);
    let all = world.hear(vec![from("热线"), from("热线"), heard(LAMPS, "论坛", 30), heard(LIDS, "热线", 1)]).await;
    assert!(all[1] == all[0] && all[2] == all[0] && all[3] != all[0], "{all:?}");
    let row = async |no: &str| -> Value {
        let queue = world.get("duty", "/api/v1/queue?view=all").await.json();
        queue["rows"].as_array().unwrap().iter().find(|row| row["no"] == no).unwrap().clone()
    };
    let page = async |no: &str| world.get("lights", &format!("/api/v1/matters/{no}")).await.json()["heat"].clone();
    let listed = async |no: &str| -> Value {
        let list = world.get("duty", "/api/v1/matters").await.json();
        list["matters"].as_array().unwrap().iter().find(|row| row["no"] == no).unwrap()["heat"].clone()
    };
    for no in [&all[0], &all[3]] {
        world.done("duty", no, "assign", json!({"lead": crate::world::LIGHTS})).await;
    }
    let quiet = json!({"level": "quiet", "posts": 3, "sources": 2, "posts_day": 2, "posts_day_before": 1});
    assert_eq!((listed(&all[0]).await, page(&all[0]).await), (quiet.clone(), quiet));
    assert_eq!(row(&all[0]).await.get("heat"), None, "what is quiet is not marked");
    world.hear(vec![from("热线")]).await;
    let warm = json!({"level": "warm", "posts": 4, "sources": 2, "posts_day": 3, "posts_day_before": 1});
    assert_eq!((&row(&all[0]).await["heat"], &listed(&all[0]).await), (&warm, &warm));
    world.hear(vec![from("热线"), from("信箱")]).await;
    assert_eq!(row(&all[0]).await["heat"]["level"], "hot", "five posts of three sources");
    assert_eq!(page(&all[3]).await["posts_day"], 1);
    world.clock.advance(SignedDuration::from_hours(24));
    let over = json!({"level": "quiet", "posts": 6, "sources": 3, "posts_day": 0, "posts_day_before": 5});
    assert_eq!((page(&all[0]).await, row(&all[0]).await.get("heat")), (over, None), "a day later");
}

#[tokio::test]
async fn what_was_written_before_makes_nothing_hot_today() {
    let world = World::new().await;
    let archived = |published_at| Heard { published_at, backfill: true, ..heard(LAMPS, "档案", 1) };
    let delayed = |hours| Heard { published_at: Some(hours_ago(hours)), ..heard(LAMPS, "论坛", 1) };
    let mut posts = vec![archived(None); 5];
    posts.extend(vec![archived(Some(hours_ago(9000))); 5]);
    posts.extend(vec![delayed(60); 3]);
    posts.extend([delayed(30), archived(Some(hours_ago(2))), delayed(-9)]);
    let all = world.hear(posts).await;
    let no = all.last().unwrap();
    let heat_of = async |no: &str| world.get("duty", &format!("/api/v1/matters/{no}")).await.json()["heat"].clone();
    let heat = heat_of(no).await;
    let mine = u32::try_from(all.iter().filter(|one| *one == no).count()).unwrap();
    assert_eq!(heat["posts"], mine, "{all:?}");
    assert_ne!(*no, all[0], "what is new follows what came from an archive");
    assert_eq!(heat["posts_day"], 1, "a clock that goes ahead is not believed");
    assert_eq!(heat_of(&all[0]).await["posts_day"], 1, "an archive may reach to today");
    assert_eq!((&heat["posts_day_before"], &heat["level"]), (&json!(1), &json!("quiet")));
    let spoken = world.get("duty", "/api/v1/matters?posted_on=2026-11-17").await.json();
    assert_eq!(spoken["matters"].as_array().unwrap().len(), 1);
    let old = world.get("duty", "/api/v1/matters?posted_on=2025-11-10").await.json();
    assert_eq!(old["matters"], json!([]), "an archive that came a year later");
    let none = world.get("duty", "/api/v1/matters?posted_on=2026-11-16").await.json();
    assert_eq!(none["matters"], json!([]));
}

/// Two posts a day for twenty days, none of them today.
fn three_weeks() -> Vec<Heard> {
    let days = (1..=20).map(|day| day * 24);
    days.flat_map(|hours| [heard(LAMPS, "热线", hours), heard(LAMPS, "热线", hours + 1)]).collect()
}

#[tokio::test]
async fn a_surge_names_place_subject_and_the_matters_behind_it() {
    let world = World::new().await;
    world.hear(three_weeks()).await;
    let surges = async |query: &str| -> Vec<Value> {
        let answer = world.get("duty", &format!("{SURGES}{query}")).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        answer.json()["surges"].as_array().unwrap().clone()
    };
    assert_eq!(surges("").await, [Value::Null; 0]);
    let lids = world.hear(vec![heard(LIDS, "热线", 0); 12]).await;
    let found = surges("").await;
    let one = &found[0];
    assert_eq!(found.len(), 1, "{found:?}");
    for (field, value) in [
        ("day", json!("2026-11-20")),
        ("place", json!({"code": "990101", "name": "柏桥区", "full_name": "棠溪市柏桥区"})),
        ("system", json!("城管")),
        ("system_name", json!("城市管理")),
        ("posts", json!(12)),
        ("query", json!("/matters?place=990101&posted_on=2026-11-20&system=%E5%9F%8E%E7%AE%A1")),
    ] {
        assert_eq!(one[field], value, "{field}: {one}");
    }
    assert!(one["expected"].as_f64().unwrap() <= 2.2 && one["deviations"].as_f64().unwrap() >= 2.5, "{one}");
    let behind = world.get("duty", &format!("/api/v1{}", one["query"].as_str().unwrap())).await.json();
    let behind: Vec<&Value> = behind["matters"].as_array().unwrap().iter().map(|matter| &matter["no"]).collect();
    assert_eq!(behind, [&json!(lids[0])]);
    assert_eq!(surges("?on=2026-11-20").await, found);
    for other in ["?on=2026-11-19", "?on=2026-11-21", "?on=2026-01-01"] {
        assert_eq!(surges(other).await, [Value::Null; 0], "{other}");
    }
    world.clock.advance(SignedDuration::from_hours(24));
    assert_eq!(surges("").await[0]["day"], "2026-11-20", "yesterday's is told today");
    world.clock.advance(SignedDuration::from_hours(24));
    assert_eq!(surges("").await, [Value::Null; 0]);
}

#[tokio::test]
async fn archives_and_new_sources_are_no_surge() {
    let world = World::new().await;
    world.hear(three_weeks()).await;
    let archived = |published_at| Heard { published_at, backfill: true, ..heard(LIDS, "热线", 0) };
    let mut posts = vec![archived(None); 15];
    posts.extend(vec![archived(Some(hours_ago(24 * 300))); 15]);
    posts.extend(vec![Heard { published_at: Some(hours_ago(24 * 9)), ..heard(LIDS, "热线", 0) }; 4]);
    posts.extend(vec![heard(LIDS, "昨日接入", 0); 15]);
    world.hear(posts).await;
    assert_eq!(world.get("leader", SURGES).await.json()["surges"], json!([]));
    assert_eq!(world.get("lights", SURGES).await.problem(), "forbidden");
    assert_eq!(world.get("duty", &format!("{SURGES}?on=2026-11")).await.problem(), "malformed");
    // The days before yesterday are kept for an hour, yesterday and today are always counted.
    world.hear(vec![heard(LAMPS, "热线", 0); 20]).await;
    assert_eq!(world.get("auditor", SURGES).await.json()["surges"][0]["posts"], 20);
    let old_days = (2..=20).flat_map(|day| {
        vec![Heard { published_at: Some(hours_ago(24 * day)), backfill: true, ..heard(LAMPS, "热线", 0) }; 20]
    });
    world.hear(old_days.collect()).await;
    assert_eq!(world.get("auditor", SURGES).await.json()["surges"].as_array().unwrap().len(), 1);
    world.clock.advance(SignedDuration::from_hours(1));
    assert_eq!(world.get("auditor", SURGES).await.json()["surges"], json!([]), "twenty a day was usual");
}
