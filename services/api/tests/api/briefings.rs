//! A month's figures lead to lists that have as many rows as they say; its files come down whole.

use axum::http::StatusCode;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::world::{HOUSING, LIGHTS, World};

const TEXTS: [&str; 7] = [
    "柏桥区文昌路的路灯坏了十多天没人修",
    "棠溪市金穗小区物业三个月不收垃圾",
    "春风桥头早市占道经营堵得过不去",
    "河西小学门口没有斑马线孩子很危险",
    "北门菜场污水横流半个月没有人清理",
    "望江公园健身器材生锈断裂无人更换",
    "南湖路施工围挡占了整条人行道不撤",
];

/// A month with something of everything.
async fn month() -> World {
    let world = World::new().await;
    let opened = world.open(&TEXTS).await;
    world.done("duty", &opened[0], "assign", json!({"lead": LIGHTS, "assist": [HOUSING], "grade": "major"})).await;
    world.done("duty", &opened[1], "assign", json!({"lead": HOUSING})).await;
    world.done("duty", &opened[2], "assign", json!({"lead": LIGHTS})).await;
    world.done("duty", &opened[3], "dismiss", json!({"reason": "不属于本级职责"})).await;
    world.done("duty", &opened[6], "assign", json!({"lead": HOUSING})).await;
    world.clock.advance(SignedDuration::from_mins(20));
    world.done("lights", &opened[0], "accept", json!({})).await;
    let answer = json!({"kind": "authoritative", "channel": "website", "text": "路灯已安排抢修"});
    world.done("lights", &opened[0], "respond", answer.clone()).await;
    for (due, published) in [("2026-11-21", true), ("2026-12-05", false)] {
        let promise = json!({"text": "月底前修好全部路灯", "due": due, "published": published});
        world.done("lights", &opened[0], "commit", promise).await;
    }
    world.done("housing", &opened[1], "accept", json!({})).await;
    let promise = json!({"text": "增加清运车辆", "due": "2026-11-22", "published": true});
    world.done("housing", &opened[1], "commit", promise).await;
    world.done("duty", &opened[1], "verify", json!({"commitment": 1, "kept": true, "text": "已现场查看"})).await;
    // The third is answered late, the others wait until their time is over.
    world.clock.advance(SignedDuration::from_hours(72));
    world.done("lights", &opened[2], "accept", json!({})).await;
    world.done("lights", &opened[2], "respond", answer).await;
    world
}

/// Every figure of the answer: what it says, its query, and which total of the list it is.
fn listed(figures: &Value) -> Vec<(u64, String, String)> {
    let rows = |name: &str| figures[name].as_array().unwrap().clone();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let matters = || "matters".to_owned();
    let mut all: Vec<(u64, String, String)> = rows("figures")
        .iter()
        .map(|one| (one["value"].as_u64().unwrap(), text(&one["query"]), text(&one["counts"])))
        .collect();
    all.push((figures["in_time"]["due"].as_u64().unwrap(), text(&figures["in_time"]["query"]), matters()));
    all.extend(rows("daily").iter().map(|one| (one["opened"].as_u64().unwrap(), text(&one["query"]), matters())));
    for name in ["states", "grades", "systems", "places", "sources"] {
        all.extend(rows(name).iter().map(|one| (one["matters"].as_u64().unwrap(), text(&one["query"]), matters())));
    }
    for unit in rows("units") {
        for (key, query) in unit["queries"].as_object().unwrap() {
            all.push((unit[key].as_u64().unwrap(), text(query), matters()));
        }
    }
    all
}

#[tokio::test]
async fn every_figure_equals_the_list_behind_it() {
    let world = month().await;
    let answer = world.get("leader", "/api/v1/statistics?month=2026-11").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let figures = answer.json();
    let all = listed(&figures);
    assert!(all.len() > 70, "{}", all.len());
    assert!(all.iter().filter(|(value, ..)| *value > 0).count() > 30, "{figures}");
    for (value, query, counts) in all {
        let list = world.get("leader", &format!("/api/v1{query}&count=true&limit=200")).await;
        assert_eq!(list.status, StatusCode::OK, "{query}: {}", list.text());
        let list = list.json();
        let total = match counts.as_str() {
            "posts" => &list["total_posts"],
            "promises" => &list["total_promises"],
            _ => &list["total"],
        };
        assert_eq!(total, value, "{counts} of {query}");
        assert_eq!(list["total"], list["matters"].as_array().unwrap().len(), "{query}");
    }
    let value = |key: &str| {
        let all = figures["figures"].as_array().unwrap();
        all.iter().find(|one| one["key"] == key).unwrap()["value"].as_u64().unwrap()
    };
    let values = ["opened", "changed", "confirmed", "in_time", "late", "unanswered"].map(value);
    assert_eq!(values, [7, 2, 2, 1, 1, 4], "as the month went");
    let promises = ["promises_made", "promises_due", "promises_kept", "promises_overdue"].map(value);
    assert_eq!(promises, [3, 2, 1, 1]);
}

#[tokio::test]
async fn the_briefing_and_its_files() {
    let world = month().await;
    let briefing = world.get("auditor", "/api/v1/briefings/2026-11").await.json();
    assert_eq!(briefing["title"], "关于2026年11月政务舆情处置回应情况的通报");
    assert_eq!((&briefing["issue_number"], &briefing["date"]), (&json!(11), &json!("2026-11-23")));
    assert_eq!(briefing["figures"]["complete"], json!(false));
    let files = briefing["files"].as_array().unwrap();
    assert_eq!(files.len(), 3);
    for (file, starts) in files.iter().zip([&b"PK"[..], b"<!DOCTYPE html>", b"PK"]) {
        let answer = world.get("duty", file["href"].as_str().unwrap()).await;
        assert_eq!(answer.status, StatusCode::OK, "{file}");
        assert!(answer.body.starts_with(starts), "{file}");
        let disposition = answer.header("content-disposition").unwrap();
        assert!(disposition.starts_with("attachment; filename=\"briefing-2026-11."), "{disposition}");
        assert!(disposition.contains("filename*=UTF-8''%E6%9C%88%E5%BA%A6"), "{disposition}");
    }
}

#[tokio::test]
async fn a_month_that_is_none_is_refused() {
    let world = World::new().await;
    for (path, status, code) in [
        ("/api/v1/statistics?month=2026-13", 400, "malformed"),
        ("/api/v1/briefings/november", 400, "malformed"),
        ("/api/v1/briefings/2026-12", 422, "invalid"),
        ("/api/v1/briefings/2026-12/briefing.docx", 422, "invalid"),
        ("/api/v1/briefings/2026-11/briefing.pdf", 404, "not_found"),
        ("/api/v1/matters?response=soon", 400, "malformed"),
        ("/api/v1/matters?promise_due_from=x", 400, "malformed"),
    ] {
        let answer = world.get("leader", path).await;
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (status, code), "{path}");
    }
    let empty = world.get("leader", "/api/v1/statistics?month=2026-10").await.json();
    assert_eq!(empty["matters"], json!([]));
    assert_eq!(world.get("lights", "/api/v1/briefings/2026-11").await.status, StatusCode::FORBIDDEN);
}
