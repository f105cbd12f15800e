//! The plain pages.

use axum::http::StatusCode;
use serde_json::json;

use crate::world::{Call, LIGHTS, PASSWORD, World};

const TEXT: &str = "<b>文昌路</b>的路灯坏了十多天没人修";

async fn log_in(world: &World, name: &str, next: &str) -> (String, String) {
    let form = format!("name={name}&password={}&next={next}", percent(PASSWORD));
    let answer = world.call(Call::post("/login").body("application/x-www-form-urlencoded", form)).await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let cookie = answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned();
    (cookie, answer.header("location").unwrap().to_owned())
}

fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[tokio::test]
async fn one_logs_in_reads_and_leaves() {
    let world = World::new().await;
    let numbers = world.open(&[TEXT, "棠溪市金穗小区物业三个月不收垃圾"]).await;
    let no = &numbers[0];
    let stranger = world.call(Call::get(&format!("/matters/{no}"))).await;
    assert_eq!(stranger.status, StatusCode::SEE_OTHER);
    assert_eq!(stranger.header("location"), Some(format!("/login?next=/matters/{no}").as_str()));
    let form = world.call(Call::get(&format!("/login?next=/matters/{no}"))).await.text();
    assert!(form.contains(&format!("value=\"/matters/{no}\"")), "{form}");
    let (cookie, location) = log_in(&world, "duty", &format!("/matters/{no}")).await;
    assert_eq!(location, format!("/matters/{no}"));
    let page = |path: &str| world.call(Call::get(path).header("cookie", &cookie));
    let queue = page("/").await;
    assert_eq!(queue.header("content-type"), Some("text/html; charset=utf-8"));
    let html = queue.text();
    for part in [
        no.as_str(),
        "&lt;b&gt;文昌路",
        "建议：棠溪市城市管理局",
        "待研判",
        "霁川省棠溪市柏桥区",
        "回应 2026-11-22 09:00",
    ] {
        assert!(html.contains(part), "{part}: {html}");
    }
    assert!(!html.contains("<b>") && !html.contains("style=") && !html.contains("<script"), "{html}");
    assert!(!html.contains("超时</strong>"));
    world.clock.advance(jiff::SignedDuration::from_hours(10));
    world.done("duty", no, "assign", json!({"lead": LIGHTS, "instruction": "请尽快修复"})).await;
    let matter = page(&format!("/matters/{no}")).await.text();
    for part in ["请尽快修复", "待签收", "交办", "token:duty", "https://letters.example/t0", "国办发〔2016〕61号"]
    {
        assert!(matter.contains(part), "{part}: {matter}");
    }
    assert!(page("/?state=assigned").await.text().contains("aria-current=\"page\">待签收"));
    let next = page("/?limit=1&state=new,assigned").await.text();
    assert!(next.contains("/?state=new,assigned&amp;cursor="), "{next}");
    let style = world.call(Call::get("/assets/plain.css")).await;
    assert!(
        style.header("content-type").unwrap().starts_with("text/css") && style.text().contains("prefers-color-scheme")
    );
    let missing = page("/matters/20200101-00001").await;
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
    assert!(missing.text().contains("没有事项"));
    let out = Call::post("/logout").header("cookie", &cookie).header("host", "hy.example");
    let out = world.call(out.header("origin", "http://hy.example")).await;
    assert_eq!(out.status, StatusCode::SEE_OTHER);
    assert_eq!(page("/").await.header("location"), Some("/login"));
}

#[tokio::test]
async fn a_wrong_login_is_told_on_the_form() {
    let world = World::new().await;
    let form = "name=%22%3E%3Cb%3E&password=x&next=//evil.example";
    let answer = world.call(Call::post("/login").body("application/x-www-form-urlencoded", form)).await;
    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
    let html = answer.text();
    assert!(
        html.contains("用户名或密码不正确") && !html.contains("<b>") && html.contains("name=\"next\" value=\"/\""),
        "{html}"
    );
    let broken = world.call(Call::post("/login").body("application/x-www-form-urlencoded", "name=a")).await;
    assert_eq!(broken.status, StatusCode::BAD_REQUEST);
    let (_, location) = log_in(&world, "duty", "https://evil.example").await;
    assert_eq!(location, "/");
}

#[tokio::test]
async fn a_liaison_reads_the_pages_of_its_unit() {
    let world = World::new().await;
    let no = world.open(&[TEXT]).await.remove(0);
    let (cookie, _) = log_in(&world, "lights", "/").await;
    let page = |path: String| world.call(Call::get(&path).header("cookie", &cookie));
    assert!(page("/".into()).await.text().contains("没有符合条件的事项"));
    assert_eq!(page(format!("/matters/{no}")).await.status, StatusCode::NOT_FOUND);
    world.done("duty", &no, "assign", json!({"lead": LIGHTS})).await;
    assert!(page("/".into()).await.text().contains(&no));
    assert_eq!(page(format!("/matters/{no}")).await.status, StatusCode::OK);
}
