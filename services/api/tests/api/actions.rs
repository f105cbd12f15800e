//! The way of a matter through its actions, and what guards them.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::world::{Call, HOUSING, LIGHTS, World};

const TEXT: &str = "柏桥区文昌路的路灯坏了十多天没人修";

#[tokio::test]
async fn a_matter_is_assigned_answered_promised_and_closed() {
    let world = World::new().await;
    let no = world.open(&[TEXT]).await.remove(0);
    let path = format!("/api/v1/matters/{no}");
    let before = world.get("duty", &path).await;
    assert_eq!(before.json()["state"], "new");
    assert_eq!(before.json()["actions"], json!(["assign", "grade", "respond", "consult", "merge", "dismiss"]));
    let assign = json!({"lead": "市城管局", "assist": [HOUSING], "grade": "considerable", "instruction": "请尽快修复"});
    let answer = world.done("duty", &no, "assign", assign).await.json();
    assert_eq!(answer["state"], "assigned");
    assert_eq!(answer["lead"], json!({"id": LIGHTS, "name": "棠溪市城市管理局"}));
    assert_eq!((&answer["grade"], &answer["grade_confirmed"]), (&json!("considerable"), &json!(true)));
    let steps = [
        ("lights", "accept", json!({}), "accepted"),
        ("housing", "reject", json!({"reason": "不属本单位职责"}), "accepted"),
        (
            "lights",
            "act",
            json!({"kind": "measure", "text": "已到场更换", "link": "https://gov.example/1"}),
            "accepted",
        ),
        ("duty", "consult", json!({"lead": LIGHTS, "units": ["市住建局"], "question": "线路由谁维护"}), "accepted"),
        ("duty", "consult", json!({"consultation": 1, "conclusion": "由城管维护"}), "accepted"),
        ("lights", "respond", json!({"kind": "holding", "channel": "phone", "text": "已受理"}), "accepted"),
        ("lights", "respond", json!({"kind": "authoritative", "channel": "website", "text": "正在更换"}), "responded"),
        ("lights", "commit", json!({"due": "2026-12-01", "published": true, "text": "月底前全部恢复"}), "responded"),
        ("leader", "verify", json!({"commitment": 1, "kept": true, "text": "现场已亮"}), "responded"),
        ("duty", "close", json!({"text": "已答复"}), "closed"),
        ("duty", "reopen", json!({"reason": "又坏了"}), "accepted"),
        ("duty", "dismiss", json!({"reason": "与另一事项重复"}), "dismissed"),
    ];
    for (who, action, body, state) in steps {
        let answer = world.done(who, &no, action, body).await;
        assert_eq!(answer.json()["state"], state, "{action}");
        let tag = format!("\"{}\"", answer.json()["decided_version"]);
        assert_eq!(answer.header("etag"), Some(tag.as_str()), "{action}");
    }
    let whole = world.get("auditor", &path).await.json();
    assert_eq!(whole["actions"], json!([]));
    assert_eq!(whole["commitments"][0]["kept"], true);
    assert_eq!(whole["consultations"][0]["conclusion"], "由城管维护");
    assert_eq!(whole["bounces"], 1);
    let entries = world.get("auditor", &format!("{path}/entries")).await.json();
    let kinds: Vec<&str> =
        entries["entries"].as_array().unwrap().iter().filter_map(|one| one["kind"].as_str()).collect();
    assert_eq!(
        kinds,
        [
            "opened",
            "graded",
            "assigned",
            "assigned",
            "accepted",
            "rejected",
            "acted",
            "consulted",
            "concluded",
            "responded",
            "responded",
            "committed",
            "verified",
            "closed",
            "reopened",
            "dismissed",
        ]
    );
}

#[tokio::test]
async fn a_decision_on_an_outdated_state_is_told_what_changed() {
    let world = World::new().await;
    let no = world.open(&[TEXT]).await.remove(0);
    let path = format!("/api/v1/matters/{no}");
    let seen = world.get("duty", &path).await.header("etag").unwrap().to_owned();
    world.done("leader", &no, "assign", json!({"lead": HOUSING})).await;
    let assign = Call::post(&format!("{path}/assign")).by("duty").json(&json!({"lead": LIGHTS}));
    let answer = world.call(assign.header("if-match", &seen)).await;
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (409, "conflict"));
    let problem = answer.json();
    let current = world.get("duty", &path).await.json();
    assert_eq!(problem["current_version"], current["decided_version"]);
    let last = &problem["last_change"];
    assert_eq!(
        (&last["by"], &last["kind"], &last["what"]),
        (&json!("token:leader"), &json!("assigned"), &json!("交办"))
    );
    assert_eq!((&last["role"], &last["at"]), (&json!("leader"), &json!("2026-11-20T01:00:00Z")));
    assert!(problem["detail"].as_str().unwrap().contains("token:leader 于 2026-11-20 09:00 交办"), "{problem}");
    for good in [format!("\"{}\"", problem["current_version"]), "*".to_owned()] {
        let grade = Call::post(&format!("{path}/grade")).by("duty").json(&json!({"grade": "ordinary"}));
        let answer = world.call(grade.header("if-match", &good)).await;
        assert_eq!(answer.status, StatusCode::OK, "{good}: {}", answer.text());
    }
    let bad =
        Call::post(&format!("{path}/grade")).by("duty").json(&json!({"grade": "ordinary"})).header("if-match", "x");
    let answer = world.call(bad).await;
    assert_eq!((answer.problem().as_str(), &answer.json()["field"]), ("malformed", &json!("If-Match")));
}

#[tokio::test]
async fn a_repeated_request_is_carried_out_once() {
    let world = World::new().await;
    let numbers = world.open(&[TEXT, "棠溪市金穗小区物业三个月不收垃圾"]).await;
    let call = |who: &str, no: &str, key: &str, body: &Value| {
        let call = Call::post(&format!("/api/v1/matters/{no}/assign")).by(who).json(body);
        world.call(call.header("idempotency-key", key))
    };
    let body = json!({"lead": LIGHTS});
    let first = call("duty", &numbers[0], "k-1", &body).await;
    assert_eq!((first.status, first.header("idempotency-replayed")), (StatusCode::OK, None));
    let again = call("duty", &numbers[0], "k-1", &body).await;
    assert_eq!((again.status, again.header("idempotency-replayed")), (StatusCode::OK, Some("true")));
    assert_eq!(again.json()["version"], first.json()["version"]);
    for (who, no, key, body, expected) in [
        ("duty", &numbers[0], "k-1", json!({"lead": HOUSING}), "key_reused"),
        ("duty", &numbers[1], "k-1", body.clone(), "key_reused"),
        ("leader", &numbers[0], "k-1", body.clone(), "state"),
        ("duty", &numbers[0], "", body.clone(), "malformed"),
        ("duty", &numbers[0], "a b", body.clone(), "malformed"),
    ] {
        let answer = call(who, no, key, &body).await;
        assert_eq!(answer.problem(), expected, "{who} {key}");
    }
    let long = call("duty", &numbers[1], &"k".repeat(200), &body).await;
    assert_eq!(long.status, StatusCode::OK, "{}", long.text());
    assert_eq!(call("duty", &numbers[1], &"k".repeat(201), &body).await.problem(), "malformed");
}

#[tokio::test]
async fn units_are_checked_against_the_catalogue() {
    let world = World::new().await;
    let no = world.open(&[TEXT]).await.remove(0);
    for (lead, code, says) in [
        ("市城管大队", "unknown_unit", "棠溪市城市管理局"),
        ("990100-路灯所", "unknown_unit", "现行职责目录中没有"),
        ("990100-各区", "invalid", "统称"),
        ("990100-老城管", "invalid", "棠溪市城市管理局"),
        ("", "unknown_unit", "请核对名称"),
    ] {
        let answer = world.post("duty", &format!("/api/v1/matters/{no}/assign"), json!({"lead": lead})).await;
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (422, code), "{lead}: {}", answer.text());
        let problem = answer.json();
        assert_eq!(problem["field"], "lead");
        assert!(problem["detail"].as_str().unwrap().contains(says), "{lead}: {problem}");
    }
    let near = world.post("duty", &format!("/api/v1/matters/{no}/assign"), json!({"lead": "市城管理局"})).await.json();
    assert!(near["candidates"].as_array().unwrap().contains(&json!("棠溪市城市管理局")), "{near}");
    // A name without its place is read near the matter; bodies that are not in the table are derived.
    let derived = world.done("duty", &no, "assign", json!({"lead": "区城管局"})).await.json();
    assert_eq!(derived["lead"], json!({"id": "990101-城管", "name": "柏桥区城市管理局"}));
    world.catalogue.send_replace(None);
    let answer = world.post("duty", &format!("/api/v1/matters/{no}/assign"), json!({"lead": LIGHTS})).await;
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (503, "unavailable"));
    assert!(answer.header("retry-after").is_some());
}

#[tokio::test]
async fn a_merged_matter_leads_to_the_one_that_survives_until_it_is_split_off() {
    let world = World::new().await;
    let numbers = world.open(&[TEXT, "棠溪市金穗小区物业三个月不收垃圾"]).await;
    let (one, other) = (&numbers[0], &numbers[1]);
    let merged = world.done("duty", one, "merge", json!({"other": other})).await.json();
    assert_eq!(merged["posts"], 2);
    let answer = world.get("duty", &format!("/api/v1/matters/{other}")).await;
    assert_eq!(answer.status, StatusCode::PERMANENT_REDIRECT);
    assert_eq!(answer.header("location"), Some(format!("/api/v1/matters/{one}").as_str()));
    assert_eq!(answer.json(), json!({"no": other, "merged_into": one}));
    let acted = world.post("duty", &format!("/api/v1/matters/{other}/assign"), json!({"lead": LIGHTS})).await;
    assert_eq!((acted.status.as_u16(), acted.problem().as_str()), (409, "state"));
    let split = world.done("duty", one, "split", json!({"other": other})).await.json();
    assert_eq!((&split["no"], &split["posts"]), (&json!(one), &json!(1)));
    assert_eq!(world.get("duty", &format!("/api/v1/matters/{other}")).await.status, StatusCode::OK);
    // The same, asked of the merged matter itself.
    world.done("duty", one, "merge", json!({"other": other})).await;
    assert_eq!(world.done("duty", other, "split", json!({})).await.json()["no"], json!(one));
    let nothing = world.post("duty", &format!("/api/v1/matters/{one}/split"), json!({})).await;
    assert_eq!((nothing.status.as_u16(), nothing.problem().as_str()), (422, "invalid"));
}

#[tokio::test]
async fn what_the_rules_refuse_names_field_and_state() {
    let world = World::new().await;
    let no = world.open(&[TEXT]).await.remove(0);
    world.done("duty", &no, "assign", json!({"lead": LIGHTS})).await;
    for (who, action, body, status, code, field) in [
        ("lights", "reject", json!({"reason": "  "}), 422, "invalid", json!("reason")),
        ("lights", "accept", json!({"assignment": 7}), 422, "invalid", json!("assignment")),
        ("lights", "respond", json!({"kind": "final", "channel": "website", "text": "好"}), 409, "state", Value::Null),
        ("duty", "close", json!({}), 409, "state", Value::Null),
        (
            "leader",
            "extend",
            json!({"deadline": "response", "due": "明天", "reason": "x"}),
            422,
            "invalid",
            json!("due"),
        ),
        (
            "leader",
            "extend",
            json!({"deadline": "response", "due": "2020-01-01", "reason": "x"}),
            422,
            "invalid",
            json!("due"),
        ),
        ("duty", "merge", json!({"other": "20200101-00001"}), 404, "not_found", json!("other")),
    ] {
        let answer = world.post(who, &format!("/api/v1/matters/{no}/{action}"), body).await;
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (status, code), "{action}: {}", answer.text());
        assert_eq!(answer.json()["field"], field, "{action}");
        if code == "state" {
            assert_eq!(answer.json()["last_change"]["kind"], "assigned", "{action}");
            assert!(answer.json()["current_version"].is_u64(), "{action}");
        }
    }
}
