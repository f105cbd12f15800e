//! The queue, claims, undo, promises and clauses, as the console uses them.

use axum::http::StatusCode;
use jiff::SignedDuration;
use serde_json::{Value, json};

use crate::world::{Call, HOUSING, LIGHTS, World};

const TEXTS: [&str; 3] =
    ["柏桥区文昌路的路灯坏了十多天没人修", "棠溪市金穗小区物业三个月不收垃圾", "柏桥区河东路窨井盖丢失行人差点掉进去"];

fn numbers(queue: &Value) -> Vec<&str> {
    queue["rows"].as_array().unwrap().iter().map(|row| row["no"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_queue_has_every_open_matter_in_order() {
    let world = World::new().await;
    let all = world.open(&TEXTS).await;
    world.ledger.sequence_once("test").await.unwrap();
    let queue = world.get("duty", "/api/v1/queue").await.json();
    assert_eq!(
        (numbers(&queue), &queue["total"], &queue["event"]),
        (vec![&*all[0], &*all[1], &*all[2]], &json!(3), &json!(3))
    );
    let row = &queue["rows"][0];
    for (field, value) in [
        ("decided_version", json!(1)),
        ("state", json!("new")),
        ("source", json!("market")),
        ("place", json!("990101")),
        ("place_name", json!("霁川省棠溪市柏桥区")),
        ("unit", json!(LIGHTS)),
        ("unit_name", json!("棠溪市城市管理局")),
        ("decision", json!("unit")),
        ("grade", json!("ordinary")),
        ("grade_confirmed", json!(false)),
        ("due_kind", json!("response")),
        ("due", json!("2026-11-22T01:00:00Z")),
        ("overdue", json!(false)),
    ] {
        assert_eq!(row[field], value, "{field}: {row}");
    }
    world.done("duty", &all[2], "grade", json!({"grade": "major"})).await;
    world.done("duty", &all[1], "assign", json!({"lead": HOUSING})).await;
    world.done("duty", &all[0], "claim", json!({})).await;
    let view = async |who: &str, view: &str| {
        let queue = world.get(who, &format!("/api/v1/queue?view={view}")).await.json();
        numbers(&queue).into_iter().map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(view("duty", "new").await, [&*all[2], &*all[0]], "the graver first");
    assert_eq!(view("duty", "waiting").await, [&*all[1]]);
    assert_eq!(view("duty", "mine").await, [&*all[0]]);
    assert!(view("leader", "mine").await.is_empty());
    assert_eq!(view("duty", "all").await.len(), 3);
    assert!(view("duty", "overdue").await.is_empty());
    assert_eq!(view("housing", "all").await, [&*all[1]], "a liaison sees what its unit has at hand");
    assert!(view("lights", "all").await.is_empty());
    assert!(view("adrift", "all").await.is_empty());
    world.clock.advance(SignedDuration::from_hours(6));
    assert_eq!(view("auditor", "overdue").await, [&*all[2], &*all[1]], "information after 5 hours; not signed for");
    let limited = world.get("duty", "/api/v1/queue?view=all&limit=2").await.json();
    assert_eq!((numbers(&limited).len(), &limited["total"]), (2, &json!(3)));
    for bad in ["limit=0", "limit=10001", "view=x"] {
        assert_eq!(world.get("duty", &format!("/api/v1/queue?{bad}")).await.problem(), "malformed", "{bad}");
    }
}

#[tokio::test]
async fn an_unchanged_queue_is_not_sent_again() {
    let world = World::new().await;
    let no = world.open(&TEXTS[..1]).await.remove(0);
    let tag = world.get("duty", "/api/v1/queue").await.header("etag").unwrap().to_owned();
    let again = async || world.call(Call::get("/api/v1/queue").by("leader").header("if-none-match", &tag)).await.status;
    world.clock.advance(SignedDuration::from_mins(1));
    assert_eq!(again().await, StatusCode::NOT_MODIFIED);
    world.done("duty", &no, "claim", json!({})).await;
    assert_eq!(again().await, StatusCode::OK);
    world.done("duty", &no, "release", json!({})).await;
    assert_eq!(again().await, StatusCode::NOT_MODIFIED);
    world.clock.advance(SignedDuration::from_hours(50));
    assert_eq!(again().await, StatusCode::OK, "it is overdue now");
}

#[tokio::test]
async fn a_claim_names_its_holder_and_can_be_taken_over() {
    let world = World::new().await;
    let no = world.open(&TEXTS[..1]).await.remove(0);
    let held = world.done("duty", &no, "claim", json!({})).await.json();
    assert_eq!((&held["claim"]["by"], &held["claim"]["until"]), (&json!("token:duty"), &json!("2026-11-20T01:30:00Z")));
    let claim = async |who: &str, action: &str, body: Value| {
        world.post(who, &format!("/api/v1/matters/{no}/{action}"), body).await
    };
    for action in ["claim", "release"] {
        let refused = claim("leader", action, json!({})).await;
        assert_eq!((refused.status, refused.problem().as_str()), (StatusCode::CONFLICT, "claimed"), "{action}");
        assert_eq!(refused.json()["claim"]["by"], "token:duty");
    }
    for path in [format!("/api/v1/matters/{no}"), "/api/v1/matters".into(), "/api/v1/queue".into()] {
        assert!(world.get("leader", &path).await.text().contains("\"by\":\"token:duty\""), "{path}");
    }
    assert_eq!(claim("leader", "claim", json!({"take_over": true})).await.json()["claim"]["by"], "token:leader");
    world.done("duty", &no, "assign", json!({"lead": LIGHTS})).await;
    world.done("duty", &no, "claim", json!({})).await;
    for path in [format!("/api/v1/matters/{no}"), "/api/v1/matters".into(), "/api/v1/queue?view=all".into()] {
        assert!(!world.get("lights", &path).await.text().contains("token:duty"), "{path} is not for liaisons");
    }
    assert_eq!(claim("lights", "claim", json!({})).await.problem(), "forbidden");
}

#[tokio::test]
async fn the_last_action_is_taken_back_once_and_in_time() {
    let world = World::new().await;
    let no = world.open(&TEXTS[..1]).await.remove(0);
    let path = format!("/api/v1/matters/{no}/undo");
    let before = world.get("duty", &format!("/api/v1/matters/{no}")).await.json();
    assert!(before.get("undo").is_none());
    let assigned = world.done("duty", &no, "assign", json!({"lead": LIGHTS, "grade": "ordinary"})).await;
    let offer = &assigned.json()["undo"];
    assert_eq!((&offer["until"], &offer["what"]), (&json!("2026-11-20T01:00:10Z"), &json!("交办")));
    assert!(world.get("leader", &format!("/api/v1/matters/{no}")).await.json().get("undo").is_none());
    let undo = |who: &str, key: &str| {
        let call = Call::post(&path).by(who).header("if-match", assigned.header("etag").unwrap());
        world.call(call.header("idempotency-key", key).json(&json!({"reason": "选错单位"})))
    };
    assert_eq!(undo("leader", "a").await.problem(), "undo_refused");
    let undone = undo("duty", "b").await;
    assert_eq!(undone.status, StatusCode::OK, "{}", undone.text());
    let after = undone.json();
    for field in ["state", "grade_confirmed", "deadlines", "next_deadline", "lead"] {
        assert_eq!(after[field], before[field], "{field}");
    }
    let given = &after["assignments"][0];
    assert_eq!((&given["state_name"], &given["withdrawn"]), (&json!("已撤销"), &json!(true)));
    assert_ne!(undone.header("etag"), assigned.header("etag"));
    let replayed = undo("duty", "b").await;
    assert_eq!((replayed.status, replayed.header("idempotency-replayed")), (StatusCode::OK, Some("true")));
    assert_eq!(undo("duty", "c").await.problem(), "undo_refused", "once");
    let of_unit = world.get("lights", &format!("/api/v1/matters/{no}")).await;
    assert_eq!(of_unit.problem(), "not_found", "it was never given to the unit");
    assert_eq!(world.get("lights", "/api/v1/matters").await.json()["matters"], json!([]));
    let entries = world.get("duty", &format!("/api/v1/matters/{no}/entries")).await.json();
    let last = entries["entries"].as_array().unwrap().last().unwrap().clone();
    assert_eq!((&last["kind"], &last["kind_name"]), (&json!("undone"), &json!("撤销")));
    assert_eq!((&last["event"]["from"], &last["event"]["to"]), (&json!(2), &json!(3)));
    assert_eq!(last["content"]["reason"], "选错单位");
    world.done("duty", &no, "dismiss", json!({"reason": "重复"})).await;
    world.clock.advance(SignedDuration::from_secs(11));
    let late = world.post("duty", &path, json!({})).await;
    assert_eq!((late.status, late.problem().as_str()), (StatusCode::CONFLICT, "undo_expired"));
    assert_eq!(late.json()["last_change"]["kind"], "dismissed");
}

#[tokio::test]
async fn what_the_unit_signed_for_is_not_taken_back() {
    let world = World::new().await;
    let no = world.open(&TEXTS[..1]).await.remove(0);
    let assigned = world.done("duty", &no, "assign", json!({"lead": LIGHTS})).await;
    world.done("lights", &no, "accept", json!({})).await;
    let call = Call::post(&format!("/api/v1/matters/{no}/undo")).by("duty").json(&json!({}));
    let refused = world.call(call.header("if-match", assigned.header("etag").unwrap())).await;
    assert_eq!((refused.status, refused.problem().as_str()), (StatusCode::CONFLICT, "undo_refused"));
    assert!(refused.json()["detail"].as_str().unwrap().contains("已签收"));
}

#[tokio::test]
async fn promises_are_listed_by_day_due() {
    let world = World::new().await;
    let all = world.open(&TEXTS).await;
    for (no, unit, who, due) in [
        (&all[0], LIGHTS, "lights", "2026-11-30"),
        (&all[1], HOUSING, "housing", "2026-11-25"),
        (&all[2], LIGHTS, "lights", "2026-11-21"),
    ] {
        world.done("duty", no, "assign", json!({"lead": unit})).await;
        world.done(who, no, "accept", json!({})).await;
        world.done(who, no, "commit", json!({"due": due, "published": true, "text": "按期修复"})).await;
    }
    world.clock.advance(SignedDuration::from_hours(24 * 3));
    let list = async |who: &str, query: &str| world.get(who, &format!("/api/v1/commitments?{query}")).await.json();
    let dues = |list: &Value| -> Vec<String> {
        list["commitments"].as_array().unwrap().iter().map(|one| one["due"].as_str().unwrap().to_owned()).collect()
    };
    let open = list("duty", "").await;
    assert_eq!(dues(&open), ["2026-11-21", "2026-11-25", "2026-11-30"]);
    assert_eq!(open["counts"], json!({"open": 3, "overdue": 1, "kept": 0, "broken": 0}));
    let first = &open["commitments"][0];
    assert_eq!(
        (&first["overdue"], &first["can_verify"], &first["owner_name"]),
        (&json!(true), &json!(true), &json!("棠溪市城市管理局"))
    );
    assert_eq!((&first["text"], &first["promised_by"]), (&json!("按期修复"), &json!("token:lights")));
    world.done("duty", &all[2], "verify", json!({"commitment": 1, "kept": false, "text": "未修"})).await;
    assert_eq!(dues(&list("duty", "state=broken").await), ["2026-11-21"]);
    assert!(dues(&list("duty", "state=overdue").await).is_empty());
    let page = list("duty", "state=all&limit=1").await;
    assert_eq!(dues(&page), ["2026-11-25"], "what is not verified leads");
    let next = list("duty", &format!("state=all&limit=2&cursor={}", page["next"].as_str().unwrap())).await;
    assert_eq!((dues(&next), next.get("next")), (vec!["2026-11-30".to_owned(), "2026-11-21".to_owned()], None));
    let own = list("lights", "state=all").await;
    assert_eq!((dues(&own).len(), &own["counts"]["open"]), (2, &json!(1)));
    assert_eq!(own["commitments"][0]["can_verify"], false);
    assert!(dues(&list("lights", &format!("unit={HOUSING}")).await).is_empty());
}

#[tokio::test]
async fn a_clause_is_shown_by_key_number_or_title() {
    let world = World::new().await;
    for document in ["tx2026", "%E6%A3%A0%E5%BA%9C%E5%AD%97%E3%80%942026%E3%80%951%E5%8F%B7"] {
        let clause = world.get("lights", &format!("/api/v1/clauses/{document}/%E4%B8%80")).await.json();
        assert_eq!((&clause["document"], &clause["text"]), (&json!("tx2026"), &json!("路灯维护")));
        assert_eq!((&clause["lead"], &clause["date"]), (&json!(["棠溪市城市管理局"]), &json!("2026-01-05")));
    }
    assert_eq!(world.get("duty", "/api/v1/clauses/tx2026/x").await.problem(), "not_found");
}

#[tokio::test]
async fn the_console_learns_the_office_and_the_window() {
    let world = World::new().await;
    let me = world.get("duty", "/api/v1/me").await.json();
    assert_eq!((&me["server_time"], &me["undo_seconds"]), (&json!("2026-11-20T01:00:00Z"), &json!(10)));
    assert_eq!(me["office"], "霁川省政府办公厅");
}
