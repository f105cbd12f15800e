//! Who may ask what: every route of the document is tried by everyone.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};

use crate::world::{Call, HOUSING, LIGHTS, World};

/// Routes that ask for no login, each for a reason: probes, the document, and the way in and out.
const OPEN: [(&str, &str); 5] = [
    ("GET", "/healthz"),
    ("GET", "/readyz"),
    ("GET", "/api/v1/openapi.json"),
    ("POST", "/api/v1/login"),
    ("POST", "/api/v1/logout"),
];

fn operations() -> Vec<(Method, String)> {
    let document: Value = serde_json::from_str(&huiyin_api::openapi_text()).unwrap();
    let paths = document["paths"].as_object().unwrap();
    let all = paths.iter().flat_map(|(path, item)| {
        let methods = item.as_object().unwrap().keys();
        methods.filter_map(move |method| Some((method.to_uppercase().parse().ok()?, path.clone())))
    });
    all.collect()
}

#[tokio::test]
async fn every_route_is_refused_to_those_it_is_not_for() {
    let world = World::new().await;
    let no = world.open(&["柏桥区文昌路的路灯坏了十多天没人修"]).await.remove(0);
    let all = operations();
    assert!(all.len() >= 32, "{}", all.len());
    for (method, path) in all {
        if OPEN.contains(&(method.as_str(), path.as_str())) {
            continue;
        }
        let acts = method == Method::POST && path.starts_with("/api/v1/matters/");
        let push = method == Method::POST && path == "/api/v1/posts";
        let alerts = method != Method::GET && path.starts_with("/api/v1/alerts/");
        let resends = path.ends_with("/resend");
        let office = ["/api/v1/statistics", "/api/v1/sources"].contains(&path.as_str())
            || path.starts_with("/api/v1/briefings/");
        let directory = [
            "/api/v1/units",
            "/api/v1/places",
            "/api/v1/systems",
            "/api/v1/clauses/{document}/{clause}",
            "/api/v1/me",
            "/api/v1/events",
            "/api/v1/matters",
            "/api/v1/search",
            "/api/v1/queue",
            "/api/v1/commitments",
        ];
        for who in ["", "push", "auditor", "housing", "adrift", "lights", "duty", "leader", "admin"] {
            let expected: &[u16] = match who {
                "" => &[401],
                "push" if push || path == "/api/v1/me" => &[],
                "push" => &[403],
                _ if push => &[403],
                "auditor" if acts || alerts => &[403],
                "duty" if alerts && !resends => &[403],
                "adrift" if acts => &[403],
                "duty" | "leader" if path == "/metrics" => &[403],
                "auditor" | "duty" | "leader" | "admin" => &[],
                _ if path == "/metrics" || office => &[403],
                // A liaison is not told of matters that were not given to its unit.
                _ if path.contains("{no}") => &[404, 400],
                _ if directory.contains(&path.as_str()) => &[],
                _ => &[403],
            };
            let call = Call::new(method.clone(), &path.replace("{no}", &no)).by(who);
            let call = if method == Method::POST { call.json(&json!({})) } else { call };
            let response = tower::ServiceExt::oneshot(world.app.clone(), call.request(&world)).await.unwrap();
            let status = response.status().as_u16();
            match expected {
                [] => assert!(![401, 403].contains(&status), "{method} {path} by {who}: {status}"),
                some => assert!(some.contains(&status), "{method} {path} by {who}: {status}"),
            }
        }
    }
}

#[tokio::test]
async fn a_liaison_sees_what_was_given_to_its_unit_and_nothing_else() {
    let world = World::new().await;
    let numbers = world.open(&["柏桥区文昌路的路灯坏了十多天没人修", "棠溪市金穗小区物业三个月不收垃圾"]).await;
    world.done("duty", &numbers[0], "assign", json!({"lead": LIGHTS})).await;
    world.done("duty", &numbers[1], "assign", json!({"lead": HOUSING})).await;
    for (who, own, other) in [("lights", &numbers[0], &numbers[1]), ("housing", &numbers[1], &numbers[0])] {
        let list = world.get(who, "/api/v1/matters").await.json();
        let listed: Vec<&str> =
            list["matters"].as_array().unwrap().iter().filter_map(|one| one["no"].as_str()).collect();
        assert_eq!(listed, [own.as_str()], "{who}");
        for rest in ["", "/entries", "/posts"] {
            let status = async |no: &str| world.get(who, &format!("/api/v1/matters/{no}{rest}")).await;
            assert_eq!(status(own).await.status, StatusCode::OK, "{who} {rest}");
            let answer = status(other).await;
            assert_eq!((answer.status, answer.problem()), (StatusCode::NOT_FOUND, "not_found".into()), "{who} {rest}");
        }
        let answer = world.post(who, &format!("/api/v1/matters/{other}/accept"), json!({})).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{who}");
        assert_eq!(world.get(who, &format!("/api/v1/posts?matter={other}")).await.status, StatusCode::NOT_FOUND);
        assert_eq!(world.get(who, "/api/v1/posts?q=路灯").await.status, StatusCode::FORBIDDEN);
    }
    // What was overridden stays visible: the unit may have to say what it did.
    world.done("duty", &numbers[0], "assign", json!({"lead": HOUSING})).await;
    assert_eq!(world.get("lights", &format!("/api/v1/matters/{}", numbers[0])).await.status, StatusCode::OK);
    let other_unit = world.get("lights", &format!("/api/v1/matters?unit={HOUSING}")).await.json();
    assert_eq!(other_unit["matters"], json!([]));
}

#[tokio::test]
async fn roles_may_do_what_is_theirs() {
    let world = World::new().await;
    let no = world.open(&["柏桥区文昌路的路灯坏了十多天没人修"]).await.remove(0);
    world.done("duty", &no, "assign", json!({"lead": LIGHTS})).await;
    let due = "2026-12-20T12:00:00+08:00";
    for (who, action, body) in [
        ("duty", "supervise", json!({"text": "请立即到场"})),
        ("duty", "extend", json!({"deadline": "response", "due": due, "reason": "待料"})),
        ("lights", "assign", json!({"lead": HOUSING})),
        ("lights", "grade", json!({"grade": "major"})),
        ("lights", "dismiss", json!({"reason": "无"})),
        ("lights", "close", json!({})),
        ("lights", "consult", json!({"lead": LIGHTS, "units": [HOUSING], "question": "谁修"})),
        ("lights", "supervise", json!({"text": "请立即到场"})),
        ("auditor", "accept", json!({})),
    ] {
        let answer = world.post(who, &format!("/api/v1/matters/{no}/{action}"), body).await;
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (403, "forbidden"), "{who} {action}");
    }
    world.done("leader", &no, "supervise", json!({"text": "请立即到场"})).await;
    world.done("leader", &no, "extend", json!({"deadline": "response", "due": due, "reason": "待料"})).await;
}

#[tokio::test]
async fn tokens_that_do_not_hold_are_refused() {
    let world = World::new().await;
    let good = world.token("duty").to_owned();
    for (value, expected) in [
        (format!("Bearer {good}"), 200),
        (format!("bearer {good}"), 200),
        (format!("Basic {good}"), 401),
        (good.clone(), 401),
        (format!("Bearer {}", good.replace("hy_", "hx_")), 401),
        (format!("Bearer hy_{}", "0".repeat(64)), 401),
        ("Bearer".into(), 401),
        ("Bearer hy_编".into(), 401),
    ] {
        let answer = world.call(Call::get("/api/v1/me").header("authorization", &value)).await;
        assert_eq!(answer.status.as_u16(), expected, "{value}");
        if expected == 401 {
            answer.problem();
            assert!(answer.header("www-authenticate").unwrap().starts_with("Bearer"));
        }
    }
    world.store.revoke_token("duty", "2026-11-20T01:00:00Z".parse().unwrap()).await.unwrap();
    assert_eq!(world.get("duty", "/api/v1/me").await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn metrics_are_for_the_machine_itself_and_for_those_who_watch_over_it() {
    let world = World::new().await;
    for (call, expected) in [
        (Call::get("/metrics").from("127.0.0.1:9"), 200),
        (Call::get("/metrics").from("[::1]:9"), 200),
        (Call::get("/metrics").from("[::ffff:127.0.0.1]:9"), 200),
        (Call::get("/metrics").from("10.0.0.9:9"), 401),
        (Call::get("/metrics"), 401),
        (Call::get("/metrics").from("127.0.0.1:9").header("x-forwarded-for", "10.0.0.9"), 401),
        (Call::get("/metrics").from("127.0.0.1:9").by("duty"), 403),
        (Call::get("/metrics").from("10.0.0.9:9").by("auditor"), 200),
        (Call::get("/metrics").from("10.0.0.9:9").by("admin"), 200),
    ] {
        assert_eq!(world.call(call).await.status.as_u16(), expected);
    }
}
