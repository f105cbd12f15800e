//! An outside client that is not ours: curl alone, by what the OpenAPI document says.

use anyhow::{Context, Result, ensure};
use huiyin_tests::{Node, Program, eventually};
use serde_json::Value;

#[tokio::test]
async fn curl_pushes_finds_assigns_and_answers() -> Result<()> {
    let mut node = Node::start().await?;
    let url = node.url()?;
    let document = curl(&[&format!("{url}/api/v1/openapi.json")]).await?;
    ensure!(document["openapi"].as_str().is_some_and(|version| version.starts_with("3.1")), "{}", document["openapi"]);
    // The routes below are the document's own.
    let route = |method: &str, path: &str| -> Result<String> {
        ensure!(document["paths"][path][method].is_object(), "the OpenAPI document has no {method} {path}");
        Ok(format!("{url}{path}"))
    };
    let of = |route: String, no: &str| route.replace("{no}", no);
    let bearer = format!("Authorization: Bearer {}", node.token("outside", "duty_officer", None).await?);

    let post = r#"{"id":"c-1","title":"路灯不亮","text":"南昌市东湖区枫坪路整条街的路灯坏了半个月，晚上一片漆黑，请尽快维修。","place":"南昌市东湖区"}"#;
    let push = format!("{}?source=curl", route("post", "/api/v1/posts")?);
    let receipt = curl(&["-H", &bearer, "-H", "Content-Type: application/json", "--data-binary", post, &push]).await?;
    assert_eq!(receipt["accepted"], 1, "{receipt}");

    let find = format!("{}?source=curl&id=c-1", route("get", "/api/v1/posts")?);
    let no = eventually("the post in a matter", async || {
        let page = curl(&["-H", &bearer, &find]).await?;
        Ok(page["posts"][0]["matter"].as_str().map(str::to_owned))
    });
    let no = no.await?;
    let show = of(route("get", "/api/v1/matters/{no}")?, &no);
    let matter = curl(&["-H", &bearer, &show]).await?;
    let lead = matter["suggested"]["id"].as_str().with_context(|| format!("no unit is proposed: {matter}"))?;

    let assign = format!(r#"{{"lead":"{lead}"}}"#);
    let answer = r#"{"kind":"authoritative","channel":"source","text":"路灯线路已修复，当晚恢复照明。"}"#;
    for (action, body, state) in [
        ("assign", assign.as_str(), "assigned"),
        ("accept", "{}", "accepted"),
        ("respond", answer, "responded"),
        ("close", "{}", "closed"),
    ] {
        let path = of(route("post", &format!("/api/v1/matters/{{no}}/{action}"))?, &no);
        let key = format!("Idempotency-Key: curl-{action}");
        let arguments =
            ["-H", &bearer, "-H", "Content-Type: application/json", "-H", &key, "--data-binary", body, &path];
        let matter = curl(&arguments).await?;
        assert_eq!(matter["state"], state, "{action}: {matter}");
    }
    node.stop().await
}

async fn curl(arguments: &[&str]) -> Result<Value> {
    let quiet = ["--silent", "--show-error", "--noproxy", "*"];
    Program::new("curl".as_ref(), quiet.into_iter().chain(arguments.iter().copied())).succeed().await?.json()
}
