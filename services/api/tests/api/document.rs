//! The OpenAPI document: complete, snapshotted, and without anybody who wrote a post.

use std::path::Path;

use serde_json::Value;

use crate::world::{Call, World};

fn document() -> Value {
    serde_json::from_str(&huiyin_api::openapi_text()).unwrap()
}

#[test]
fn the_snapshot_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../proto/openapi.json");
    let text = huiyin_api::openapi_text();
    if std::env::var_os("HUIYIN_WRITE_OPENAPI").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let stored = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(stored == text, "the API changed: run this test with HUIYIN_WRITE_OPENAPI=1 and review the difference");
}

#[test]
fn the_document_has_every_route_of_the_contract() {
    let document = document();
    assert_eq!(document["openapi"], "3.1.0");
    let actions = [
        "assign",
        "grade",
        "accept",
        "reject",
        "respond",
        "commit",
        "verify",
        "act",
        "consult",
        "supervise",
        "extend",
        "merge",
        "split",
        "further",
        "dismiss",
        "close",
        "reopen",
        "undo",
        "claim",
        "release",
    ];
    let actions = actions.map(|action| ("post", format!("/api/v1/matters/{{no}}/{action}")));
    let others = [
        ("post", "/api/v1/posts"),
        ("get", "/api/v1/posts"),
        ("get", "/api/v1/matters"),
        ("get", "/api/v1/matters/{no}"),
        ("get", "/api/v1/matters/{no}/entries"),
        ("get", "/api/v1/matters/{no}/posts"),
        ("get", "/api/v1/queue"),
        ("get", "/api/v1/commitments"),
        ("get", "/api/v1/briefings/{month}/{file}"),
        ("get", "/api/v1/briefings/{month}"),
        ("get", "/api/v1/search"),
        ("get", "/api/v1/clauses/{document}/{clause}"),
        ("get", "/api/v1/events"),
        ("get", "/api/v1/units"),
        ("get", "/api/v1/places"),
        ("get", "/api/v1/systems"),
        ("get", "/api/v1/statistics"),
        ("get", "/api/v1/statistics/surges"),
        ("get", "/api/v1/sources"),
        ("get", "/api/v1/alerts/channels"),
        ("post", "/api/v1/alerts/channels"),
        ("get", "/api/v1/alerts/channels/{id}"),
        ("put", "/api/v1/alerts/channels/{id}"),
        ("delete", "/api/v1/alerts/channels/{id}"),
        ("post", "/api/v1/alerts/channels/{id}/rotate"),
        ("post", "/api/v1/alerts/channels/{id}/test"),
        ("get", "/api/v1/alerts/rules"),
        ("post", "/api/v1/alerts/rules"),
        ("put", "/api/v1/alerts/rules/{id}"),
        ("delete", "/api/v1/alerts/rules/{id}"),
        ("get", "/api/v1/alerts/deliveries"),
        ("get", "/api/v1/alerts/deliveries/{id}"),
        ("post", "/api/v1/alerts/deliveries/{id}/resend"),
        ("post", "/api/v1/login"),
        ("post", "/api/v1/logout"),
        ("get", "/api/v1/me"),
        ("get", "/api/v1/openapi.json"),
        ("get", "/healthz"),
        ("get", "/readyz"),
        ("get", "/metrics"),
    ];
    let all: Vec<(&str, String)> =
        actions.into_iter().chain(others.into_iter().map(|(method, path)| (method, path.to_owned()))).collect();
    let mut names = std::collections::BTreeSet::new();
    for (method, path) in &all {
        let operation = &document["paths"][path][method];
        assert!(operation.is_object(), "{method} {path}");
        assert!(operation["summary"].is_string() && operation["tags"][0].is_string(), "{method} {path}");
        assert!(names.insert(operation["operationId"].as_str().unwrap()), "{method} {path}: not a name of its own");
    }
    let count: usize =
        document["paths"].as_object().unwrap().values().map(|item| item.as_object().unwrap().len()).sum();
    assert_eq!(count, all.len(), "a route this test does not know");
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document();
    let mut open = vec![&document];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(fields) => {
                if let Some(target) = fields.get("$ref").and_then(Value::as_str) {
                    assert!(document.pointer(target.trim_start_matches('#')).is_some(), "{target}");
                }
                open.extend(fields.values());
            }
            Value::Array(items) => open.extend(items),
            _ => {}
        }
    }
}

#[test]
fn nobody_who_wrote_a_post_has_a_field() {
    let document = document();
    let forbidden =
        ["author", "account", "nickname", "user_id", "reporter", "complainant", "phone_number", "openid", "ip"];
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        for field in schema["properties"].as_object().into_iter().flat_map(|fields| fields.keys()) {
            assert!(!forbidden.contains(&field.as_str()) && !field.contains("author"), "{name}.{field}");
        }
    }
}

#[tokio::test]
async fn the_document_is_served_to_anyone() {
    let world = World::new().await;
    let answer = world.call(Call::get("/api/v1/openapi.json")).await;
    assert_eq!(answer.status.as_u16(), 200);
    assert_eq!(answer.text(), huiyin_api::openapi_text());
}
