//! Channels, rules and deliveries over HTTP.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::world::{Answer, Call, LIGHTS, World};

async fn put(world: &World, path: &str, body: Value) -> Answer {
    world.call(Call::new(Method::PUT, path).by("leader").json(&body)).await
}

#[tokio::test]
async fn a_channel_shows_its_secret_once() {
    let world = World::new().await;
    let path = "/api/v1/alerts/channels";
    let body =
        json!({ "name": "城管系统", "kind": "webhook", "url": "https://10.2.3.4/hook?token=t0p", "unit": LIGHTS });
    let made = world.post("leader", path, body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let made = made.json();
    assert!(made["secret"].as_str().unwrap().starts_with("whsec_"), "{made}");
    assert_eq!((&made["state"], &made["unit_name"]), (&json!("active"), &json!("棠溪市城市管理局")));
    let one = format!("{path}/{}", made["id"]);
    let (list, shown) = (world.get("duty", path).await, world.get("auditor", &one).await);
    for text in [list.text(), shown.text()] {
        assert!(!text.contains("whsec_") && !text.contains("t0p"), "{text}");
        assert!(text.contains("token=***"), "{text}");
    }
    // The address as it was shown changes nothing.
    let same = put(&world, &one, json!({ "name": "新名", "url": shown.json()["url"], "state": "paused" })).await.json();
    assert_eq!((&same["name"], &same["state"], &same["unit"]), (&json!("新名"), &json!("paused"), &json!(LIGHTS)));
    assert_eq!(world.store.channels().await.unwrap()[0].url, "https://10.2.3.4/hook?token=t0p");
    assert_eq!(put(&world, &one, json!({ "unit": null, "state": "active" })).await.json().get("unit"), None);
    let rotated = world.post("admin", &format!("{one}/rotate"), json!({})).await.json();
    assert_ne!(rotated["secret"], made["secret"]);
    assert_eq!(rotated["old_secret_until"], "2026-11-21T01:00:00Z");
    let tested = world.post("leader", &format!("{one}/test"), json!({})).await.json();
    assert_eq!(tested["ok"], true, "{tested}");
    let sent = world.sender.kept().remove(0);
    assert!(sent.body.contains("huiyin.test"));
    assert_eq!(sent.headers[2].1.split(' ').count(), 2, "both secrets sign");
    let rules = world.get("duty", "/api/v1/alerts/rules").await.json();
    assert_eq!(rules["rules"][0]["kinds"][0], "assigned", "a channel begins with a rule");
    let removed = world.call(Call::new(Method::DELETE, &one).by("leader")).await;
    assert_eq!(removed.status, StatusCode::NO_CONTENT);
    assert_eq!(world.get("duty", &one).await.problem(), "not_found");
    assert_eq!(world.get("duty", "/api/v1/alerts/rules").await.json()["rules"], json!([]));
}

#[tokio::test]
async fn what_cannot_be_taken_is_refused_with_its_field() {
    let world = World::new().await;
    let channel = |fields: Value| {
        let mut body = json!({ "name": "群", "kind": "wecom", "url": "https://10.2.3.4/?key=k" });
        body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        body
    };
    for (fields, field) in [
        (json!({ "url": "http://127.0.0.1/" }), "url"),
        (json!({ "url": "http://169.254.169.254/" }), "url"),
        (json!({ "url": "ftp://10.0.0.1/" }), "url"),
        (json!({ "name": " " }), "name"),
        (json!({ "unit": "990100-无此" }), "unit"),
        (json!({ "kind": "dingtalk", "secret": "含中文" }), "secret"),
    ] {
        let answer = world.post("leader", "/api/v1/alerts/channels", channel(fields.clone())).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{fields}");
        answer.problem();
        assert_eq!(answer.json()["field"], field, "{fields}");
    }
    let made = world.post("leader", "/api/v1/alerts/channels", channel(json!({}))).await.json();
    assert!(made.get("secret").is_none() && made.get("signing").is_none(), "{made}");
    let rule = |fields: Value| {
        let mut body = json!({ "name": "规则", "channel": made["id"] });
        body.as_object_mut().unwrap().extend(fields.as_object().unwrap().clone());
        body
    };
    for (fields, field) in [
        (json!({ "kinds": ["exploded"] }), "kinds"),
        (json!({ "grades": ["huge"] }), "grades"),
        (json!({ "units": ["990100-无此"] }), "units"),
        (json!({ "places": ["柏桥"] }), "places"),
        (json!({ "channel": 77 }), "channel"),
    ] {
        let answer = world.post("leader", "/api/v1/alerts/rules", rule(fields.clone())).await;
        assert_eq!(
            (answer.status, &answer.json()["field"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!(field)),
            "{fields}"
        );
    }
    let one = format!("/api/v1/alerts/channels/{}", made["id"]);
    assert_eq!(world.post("leader", &format!("{one}/rotate"), json!({})).await.problem(), "state");
    assert_eq!(put(&world, "/api/v1/alerts/rules/99", rule(json!({}))).await.problem(), "not_found");
    assert_eq!(world.post("duty", "/api/v1/alerts/deliveries/99/resend", json!({})).await.problem(), "not_found");
}

#[tokio::test]
async fn the_log_is_paged_filtered_and_counted() {
    let world = World::new().await;
    let made = world
        .post(
            "leader",
            "/api/v1/alerts/channels",
            json!({ "name": "群", "kind": "wecom", "url": "https://10.2.3.4/?key=k" }),
        )
        .await
        .json();
    let mut tx = world.store.begin().await.unwrap();
    let row = |number: u32| huiyin_store::NewDelivery {
        channel: made["id"].as_i64().unwrap(),
        cause: format!("entry:{number}"),
        message: format!("msg_{number}"),
        matter: huiyin_domain::MatterNo::new(format!("20261120-{:05}", number % 2)),
        kind: "assigned".into(),
        summary: "交办".into(),
        payload: r#"{"type":"matter.assigned"}"#.into(),
        created_at: world.ledger.now(),
    };
    let rows: Vec<_> = (1..=5).map(row).collect();
    tx.insert_deliveries(&rows).await.unwrap();
    tx.commit().await.unwrap();
    let path = "/api/v1/alerts/deliveries";
    let first = world.get("duty", &format!("{path}?limit=3")).await.json();
    let second = world.get("duty", &format!("{path}?limit=3&cursor={}", first["next"])).await.json();
    let ids = |page: &Value| {
        page["deliveries"].as_array().unwrap().iter().map(|one| one["message"].clone()).collect::<Vec<_>>()
    };
    assert_eq!([ids(&first), ids(&second)].concat(), ["msg_5", "msg_4", "msg_3", "msg_2", "msg_1"]);
    assert_eq!(first["counts"], json!({ "waiting": 5, "sent": 0, "failed": 0, "dropped": 0 }));
    assert_eq!(ids(&world.get("duty", &format!("{path}?matter=20261120-00000&state=waiting")).await.json()).len(), 2);
    assert_eq!(ids(&world.get("duty", &format!("{path}?state=sent")).await.json()).len(), 0);
    let detail = world.get("auditor", &format!("{path}/1")).await.json();
    assert_eq!((&detail["payload"]["type"], &detail["kind_name"]), (&json!("matter.assigned"), &json!("交办")));
    assert_eq!(world.get("duty", &format!("{path}?state=lost")).await.problem(), "malformed");
    let resent = world.post("duty", &format!("{path}/1/resend"), json!({})).await.json();
    assert_eq!((&resent["state"], &resent["next_try_at"]), (&json!("waiting"), &json!("2026-11-20T01:00:00Z")));
}
