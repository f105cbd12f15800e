//! Every kind of refusal has the one shape.

use axum::http::Method;
use huiyin_api::ApiSettings;
use serde_json::{Value, json};

use crate::world::{Call, World};

#[tokio::test]
async fn malformed_requests() {
    let world = World::with(ApiSettings { json_bytes_max: 2048, ..ApiSettings::default() }).await;
    let no = world.open(&["柏桥区文昌路的路灯坏了十多天没人修"]).await.remove(0);
    let grade = format!("/api/v1/matters/{no}/grade");
    let json_type = "application/json";
    let post = |path: &str, kind: &str, body: &str| Call::post(path).by("duty").body(kind, body);
    for (call, status, code, field) in [
        (post(&grade, json_type, "{\"grade\":"), 400, "malformed", json!("grade")),
        (post(&grade, json_type, "{\n\n\"grade\": x}"), 400, "malformed", json!("grade")),
        (post(&grade, json_type, "{}"), 400, "malformed", json!("grade")),
        (post(&grade, json_type, ""), 400, "malformed", json!("grade")),
        (post(&grade, json_type, "{\"grade\":\"huge\"}"), 400, "malformed", json!("grade")),
        (post(&grade, json_type, "{\"grade\":7}"), 400, "malformed", json!("grade")),
        (post(&grade, json_type, "{\"grade\":\"major\",\"why\":1}"), 400, "malformed", json!("why")),
        (post(&grade, json_type, "{\"grade\":\"\u{fffd}\"}"), 400, "malformed", json!("grade")),
        (post(&grade, "text/plain", "{\"grade\":\"major\"}"), 415, "unsupported_media_type", json!("Content-Type")),
        (post(&grade, "", "{\"grade\":\"major\"}"), 415, "unsupported_media_type", json!("Content-Type")),
        (post(&grade, json_type, &" ".repeat(2049)), 413, "too_large", Value::Null),
        (Call::get("/api/v1/matters?limit=many").by("duty"), 400, "malformed", json!("limit")),
        (Call::get("/api/v1/matters?limit=201").by("duty"), 400, "malformed", json!("limit")),
        (Call::get("/api/v1/matters?sort=no").by("duty"), 400, "malformed", json!("sort")),
        (Call::get("/api/v1/matters?state=open").by("duty"), 400, "malformed", json!("state")),
        (Call::get("/api/v1/matters?order=oldest").by("duty"), 400, "malformed", json!("order")),
        (Call::get("/api/v1/matters?cursor=zz").by("duty"), 400, "malformed", json!("cursor")),
        (Call::get("/api/v1/matters?q=%00").by("duty"), 400, "malformed", json!("q")),
        (Call::get("/api/v1/matters?place=36%25").by("duty"), 400, "malformed", json!("place")),
        (Call::get("/api/v1/posts?id=1").by("duty"), 400, "malformed", json!("source")),
        (Call::get("/api/v1/posts?fate=x").by("duty"), 400, "malformed", json!("fate")),
        (Call::get("/api/v1/matters/%ff").by("duty"), 400, "malformed", Value::Null),
        (Call::get("/api/v1/matters/%00").by("duty"), 404, "not_found", Value::Null),
        (Call::get("/api/v1/matters/20200101-00001").by("duty"), 404, "not_found", Value::Null),
        (Call::get("/api/v1/events?after=x").by("duty"), 400, "malformed", json!("after")),
        (Call::get("/api/v1/events").by("duty").header("last-event-id", "x"), 400, "malformed", json!("Last-Event-ID")),
        (Call::get("/api/v1/nothing").by("duty"), 404, "unknown_route", Value::Null),
        (Call::get("/wp-login.php"), 404, "unknown_route", Value::Null),
        (Call::new(Method::DELETE, "/api/v1/matters").by("duty"), 405, "method_not_allowed", Value::Null),
        (Call::get(&grade).by("duty"), 405, "method_not_allowed", Value::Null),
    ] {
        let answer = world.call(call).await;
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (status, code), "{}", answer.text());
        assert_eq!(answer.json()["field"], field, "{}", answer.text());
        if status == 405 {
            assert!(answer.header("allow").is_some_and(|allow| !allow.is_empty()), "{}", answer.text());
        }
    }
}

#[tokio::test]
async fn a_syntax_error_tells_its_line() {
    let world = World::new().await;
    let no = world.open(&["柏桥区文昌路的路灯坏了十多天没人修"]).await.remove(0);
    let call =
        Call::post(&format!("/api/v1/matters/{no}/grade")).by("duty").body("application/json", "{\n\n\"grade\": x}");
    assert_eq!(world.call(call).await.json()["line"], 3);
}

#[tokio::test]
async fn a_store_that_is_gone_is_a_fault_of_now_without_internals() {
    let world = World::new().await;
    world.store.close().await;
    for call in [
        Call::get("/api/v1/matters").by("duty"),
        Call::post("/api/v1/login").json(&json!({"name": "duty", "password": "whatever it is"})),
    ] {
        let answer = world.call(call).await;
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (503, "unavailable"));
        assert!(answer.header("retry-after").is_some());
        for internal in ["sqlx", "store", "pool", "database"] {
            assert!(!answer.text().to_lowercase().contains(internal), "{}", answer.text());
        }
    }
    let answer = world.call(Call::get("/readyz")).await;
    assert_eq!(answer.status.as_u16(), 503);
    let checks = answer.json();
    let state = |name: &str| {
        let all = checks["checks"].as_array().unwrap();
        all.iter().find(|one| one["name"] == name).unwrap()["ready"].as_bool().unwrap()
    };
    assert_eq!((state("store"), state("log"), state("catalogue")), (false, true, true));
    assert_eq!(world.call(Call::get("/healthz")).await.status.as_u16(), 200);
}

#[tokio::test]
async fn answers_carry_what_keeps_them_safe() {
    let world = World::new().await;
    for path in ["/api/v1/me", "/healthz", "/api/v1/nothing"] {
        let answer = world.get("duty", path).await;
        for (name, part) in [
            ("content-security-policy", "default-src 'none'; script-src 'self'; style-src 'self'"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("cache-control", "no-store"),
        ] {
            assert!(answer.header(name).is_some_and(|value| value.contains(part)), "{path} {name}");
        }
        assert_eq!(answer.header("x-request-id").map(str::len), Some(24), "{path}");
    }
    let answer = world.call(Call::get("/healthz").header("x-request-id", "proxy-7")).await;
    assert_eq!(answer.header("x-request-id"), Some("proxy-7"));
    let ready = world.call(Call::get("/readyz")).await;
    assert_eq!((ready.status.as_u16(), &ready.json()["ready"]), (200, &json!(true)));
}
