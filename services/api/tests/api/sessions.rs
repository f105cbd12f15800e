//! Login, session cookie, logout.

use axum::http::StatusCode;
use huiyin_api::ApiSettings;
use jiff::SignedDuration;
use serde_json::json;

use crate::world::{Answer, Call, PASSWORD, World};

async fn log_in(world: &World, name: &str, password: &str, from: &str) -> Answer {
    let body = json!({"name": name, "password": password});
    world.call(Call::post("/api/v1/login").from(from).json(&body)).await
}

fn cookie(answer: &Answer) -> String {
    let line = answer.header("set-cookie").unwrap();
    line.split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_session_lasts_from_login_to_logout() {
    let world = World::new().await;
    let answer = log_in(&world, "lights", PASSWORD, "10.0.0.1:1").await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let line = answer.header("set-cookie").unwrap();
    for part in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=43200"] {
        assert!(line.contains(part), "{line}");
    }
    assert!(!line.contains("Secure"));
    assert_eq!(answer.json()["role"], "liaison");
    let cookie = cookie(&answer);
    let me = |cookie: &str| world.call(Call::get("/api/v1/me").header("cookie", cookie));
    let known = me(&cookie).await;
    assert_eq!((known.status, known.json()["name"].as_str()), (StatusCode::OK, Some("lights")));
    assert_eq!(known.header("cache-control"), Some("no-store"));
    let refused = world.call(Call::post("/api/v1/logout").header("cookie", &cookie)).await;
    assert_eq!(refused.problem(), "cross_site");
    let out = Call::post("/api/v1/logout").header("cookie", &cookie).header("x-huiyin-request", "1");
    let answer = world.call(out).await;
    assert_eq!(answer.status, StatusCode::NO_CONTENT);
    assert!(answer.header("set-cookie").unwrap().contains("Max-Age=0"));
    assert_eq!(me(&cookie).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_session_ends_by_time_and_with_its_user() {
    let world = World::new().await;
    let first = cookie(&log_in(&world, "duty", PASSWORD, "10.0.0.1:1").await);
    let me = |cookie: &str| world.call(Call::get("/api/v1/me").header("cookie", cookie));
    world.clock.advance(SignedDuration::from_hours(12));
    assert_eq!(me(&first).await.status, StatusCode::UNAUTHORIZED);
    let second = cookie(&log_in(&world, "duty", PASSWORD, "10.0.0.1:1").await);
    assert_eq!(me(&second).await.status, StatusCode::OK);
    let mut staff = world.store.staff("duty").await.unwrap().unwrap();
    staff.disabled_at = Some("2026-11-20T01:00:00Z".parse().unwrap());
    world.store.put_staff(&staff).await.unwrap();
    assert_eq!(me(&second).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(log_in(&world, "duty", PASSWORD, "10.0.0.1:1").await.problem(), "invalid_credentials");
}

#[tokio::test]
async fn wrong_logins_are_alike_and_counted() {
    let settings =
        ApiSettings { login_failures_per_name_max: 2, login_failures_per_address_max: 4, ..ApiSettings::default() };
    let world = World::with(settings).await;
    for (name, password, from, status, code) in [
        ("duty", "wrong password", "10.0.0.1:1", 401, "invalid_credentials"),
        ("nobody", PASSWORD, "10.0.0.2:1", 401, "invalid_credentials"),
        ("", PASSWORD, "10.0.0.2:1", 401, "invalid_credentials"),
        ("duty\u{0}", PASSWORD, "10.0.0.2:1", 401, "invalid_credentials"),
        ("duty", "wrong password", "10.0.0.1:1", 401, "invalid_credentials"),
        ("duty", PASSWORD, "10.0.0.3:1", 429, "too_many_requests"),
        ("leader", "wrong password", "10.0.0.1:1", 401, "invalid_credentials"),
        ("admin", "wrong password", "10.0.0.1:1", 401, "invalid_credentials"),
        ("auditor", PASSWORD, "10.0.0.1:1", 429, "too_many_requests"),
    ] {
        let answer = log_in(&world, name, password, from).await;
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (status, code), "{name:?} from {from}");
        assert_eq!(answer.header("retry-after").is_some(), status == 429, "{name:?}");
    }
    world.clock.advance(SignedDuration::from_mins(15));
    assert_eq!(log_in(&world, "duty", PASSWORD, "10.0.0.1:1").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_cookie_alone_changes_nothing_across_sites() {
    let world = World::new().await;
    let no = world.open(&["柏桥区文昌路的路灯坏了十多天没人修"]).await.remove(0);
    let cookie = cookie(&log_in(&world, "duty", PASSWORD, "10.0.0.1:1").await);
    let path = format!("/api/v1/matters/{no}/grade");
    let call = || Call::post(&path).header("cookie", &cookie).json(&json!({"grade": "ordinary"}));
    for (call, expected) in [
        (call(), "cross_site"),
        (call().header("host", "hy.example").header("origin", "http://evil.example"), "cross_site"),
        (call().header("host", "hy.example").header("origin", "http://hy.example"), ""),
        (call().header("x-huiyin-request", "1"), ""),
    ] {
        let answer = world.call(call).await;
        match expected {
            "" => assert_eq!(answer.status, StatusCode::OK, "{}", answer.text()),
            code => assert_eq!(answer.problem(), code),
        }
    }
    let foreign = Call::post("/api/v1/login").header("host", "hy.example").header("origin", "http://evil.example");
    let foreign = foreign.json(&json!({"name": "duty", "password": PASSWORD}));
    assert_eq!(world.call(foreign).await.problem(), "cross_site");
}

#[tokio::test]
async fn the_cookie_is_secure_where_configured_and_a_trusted_proxy_names_the_address() {
    let settings = ApiSettings {
        cookie_secure: true,
        login_failures_per_address_max: 1,
        trusted_proxies: vec!["10.0.0.9".parse().unwrap()],
        ..ApiSettings::default()
    };
    let world = World::with(settings).await;
    assert!(log_in(&world, "duty", PASSWORD, "10.0.0.1:1").await.header("set-cookie").unwrap().ends_with("; Secure"));
    let wrong = |peer: &str, client: &str, name: &str| {
        let call = Call::post("/api/v1/login").from(peer).header("x-forwarded-for", client);
        world.call(call.json(&json!({"name": name, "password": "wrong password"})))
    };
    assert_eq!(wrong("10.0.0.9:1", "10.1.1.1, 10.2.2.2", "a").await.status.as_u16(), 401);
    assert_eq!(wrong("10.0.0.9:1", "10.1.1.1, 10.3.3.3", "b").await.status.as_u16(), 401, "another client");
    assert_eq!(wrong("10.0.0.9:1", "10.9.9.9, 10.2.2.2", "c").await.status.as_u16(), 429, "the last entry counts");
    assert_eq!(wrong("10.0.0.8:1", "10.2.2.2", "d").await.status.as_u16(), 401, "not a trusted proxy");
}
