//! Posts come in.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;
use huiyin_api::ApiSettings;
use huiyin_proto::Message;
use huiyin_proto::v1::Post;
use huiyin_stream::{Log, POSTS};
use serde_json::json;

use crate::world::{Answer, Call, World};

const JSON: &str = "application/json";
const LINES: &str = "application/x-ndjson";

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

fn call(kind: &str, body: impl Into<Vec<u8>>) -> Call {
    Call::post("/api/v1/posts?source=letters").by("push").body(kind, body)
}

fn outcome(answer: &Answer) -> (u16, u64, u64, Vec<u64>) {
    let json = answer.json();
    let lines = json["refused"].as_array().into_iter().flatten().filter_map(|one| one["line"].as_u64()).collect();
    let number = |field: &str| json[field].as_u64().unwrap_or(0);
    (answer.status.as_u16(), number("accepted"), number("repeated"), lines)
}

async fn stored(world: &World) -> Vec<Post> {
    let mut posts = Vec::new();
    let mut subscription = world.log.subscribe(&POSTS, "test").await.unwrap();
    let ends = world.log.ends(&POSTS).await.unwrap();
    let total: i64 = ends.iter().map(|end| end.next).sum();
    while i64::try_from(posts.len()).unwrap() < total {
        if let Some(batch) = subscription.next(100, std::time::Duration::from_millis(200)).await.unwrap() {
            posts.extend(batch.records.into_iter().map(|record| Post::decode(record.payload).unwrap()));
        }
    }
    posts.sort_by(|one, other| one.id.cmp(&other.id));
    posts
}

#[tokio::test]
async fn every_form_of_a_push() {
    let world = World::new().await;
    let two = "{\"id\":\"c\",\"text\":\"公交车站没有雨棚\"}\n{\"id\":\"d\",\"text\":\"河边护栏松动\"}\n";
    for (call, expected) in [
        (call(JSON, "{\"id\":\"a\",\"text\":\"路灯不亮\"}"), (202, 1, 0, vec![])),
        (call(JSON, "{\"id\":\"a\",\"text\":\"路灯不亮\"}"), (202, 0, 1, vec![])),
        (
            call(JSON, "[{\"id\":\"b\",\"text\":\"井盖缺失\"},{\"id\":\"\",\"text\":\"没有编号\"}]"),
            (202, 1, 0, vec![2]),
        ),
        (call(LINES, two), (202, 2, 0, vec![])),
        (call(LINES, "{\"id\":\"e\",\"text\":\"噪声扰民\"}\nno json\n"), (202, 1, 0, vec![2])),
        (
            call(LINES, gzip("{\"id\":\"f\",\"text\":\"停水两天\"}\n")).header("content-encoding", "gzip"),
            (202, 1, 0, vec![]),
        ),
        (call("", "{\"id\":\"g\",\"text\":\"电梯停运\"}"), (202, 1, 0, vec![])),
    ] {
        let answer = world.call(call).await;
        assert_eq!(outcome(&answer), expected, "{}", answer.text());
    }
    let own = json!({"id": "h", "text": "公园厕所没水", "source": "forum"});
    let header = Call::post("/api/v1/posts").by("push").header("x-huiyin-source", "phone");
    assert_eq!(world.call(header.json(&json!({"id": "i", "text": "积水很深"}))).await.status.as_u16(), 202);
    assert_eq!(world.call(call(JSON, own.to_string())).await.status.as_u16(), 202);
    let old = Call::post("/api/v1/posts?source=archive&backfill=true&default_place=990101").by("push");
    assert_eq!(world.call(old.json(&json!({"id": "j", "text": "桥面坑洼"}))).await.status.as_u16(), 202);
    let mut posts = stored(&world).await;
    let old = posts.pop().unwrap();
    assert_eq!((old.id.as_str(), old.place.as_str(), old.backfill), ("j", "990101", true));
    assert!(posts.iter().all(|post| !post.backfill && post.place.is_empty()));
    let names: Vec<(&str, &str)> = posts.iter().map(|post| (post.source.as_str(), post.id.as_str())).collect();
    let letters = ["a", "b", "c", "d", "e", "f", "g"].map(|id| ("letters", id));
    assert_eq!(names[..7], letters);
    assert_eq!(names[7..], [("forum", "h"), ("phone", "i")]);
}

#[tokio::test]
async fn every_kind_of_bad_push() {
    let settings = ApiSettings { push_bytes_max: 4096, ..ApiSettings::default() };
    let world = World::with(settings).await;
    let bomb = gzip(&" ".repeat(100_000));
    assert!(bomb.len() < 4096);
    let mut cut = gzip("{\"id\":\"a\",\"text\":\"路灯不亮\"}");
    cut.truncate(cut.len() / 2);
    for (name, call, status, code) in [
        ("not JSON", call(JSON, "路灯不亮"), 422, "all_refused"),
        ("wrong encoding", call(LINES, b"{\"id\":\"a\",\"text\":\"\xc2\xb7\xb5\xc6\"}".to_vec()), 422, "all_refused"),
        ("missing field", call(JSON, "{\"id\":\"a\"}"), 422, "all_refused"),
        (
            "no source",
            Call::post("/api/v1/posts").by("push").body(JSON, "{\"id\":\"a\",\"text\":\"x\"}"),
            422,
            "all_refused",
        ),
        ("future time", call(JSON, "{\"id\":\"a\",\"text\":\"x\",\"time\":\"2036-01-01\"}"), 422, "all_refused"),
        ("empty body", call(JSON, ""), 422, "all_refused"),
        ("empty array", call(JSON, "[]"), 400, "malformed"),
        ("too large", call(JSON, " ".repeat(5000)), 413, "too_large"),
        ("too large when unpacked", call(JSON, bomb).header("content-encoding", "gzip"), 413, "too_large"),
        ("broken gzip", call(JSON, cut).header("content-encoding", "gzip"), 400, "malformed"),
        ("no gzip at all", call(JSON, "{}").header("content-encoding", "gzip"), 400, "malformed"),
        ("other encoding", call(JSON, "{}").header("content-encoding", "br"), 415, "unsupported_media_type"),
        ("other type", call("text/csv", "id,text"), 415, "unsupported_media_type"),
        ("unknown parameter", Call::post("/api/v1/posts?quelle=x").by("push").body(JSON, "{}"), 400, "malformed"),
    ] {
        let answer = world.call(call).await;
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (status, code), "{name}: {}", answer.text());
        if code == "all_refused" {
            let refused = &answer.json()["refused"][0];
            assert!(
                refused["line"].is_u64() && refused["reason"].is_string() && refused["remedy"].is_string(),
                "{name}"
            );
            assert_eq!((&answer.json()["accepted"], &answer.json()["repeated"]), (&json!(0), &json!(0)), "{name}");
        }
    }
    assert!(stored(&world).await.is_empty());
}

#[tokio::test]
async fn what_is_personal_is_masked_before_it_is_written() {
    let world = World::new().await;
    let body = json!({"id": "a", "text": "请联系13800138000", "reporter": "someone"});
    assert_eq!(world.call(call(JSON, body.to_string())).await.status.as_u16(), 202);
    let posts = stored(&world).await;
    assert!(!posts[0].text.contains("13800138000"), "{}", posts[0].text);
}

#[tokio::test]
async fn under_pressure_it_says_when_to_come_back() {
    let world = World::with(ApiSettings { pushes_max: 0, ..ApiSettings::default() }).await;
    let answer = world.call(call(JSON, "{\"id\":\"a\",\"text\":\"x\"}")).await;
    assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (429, "too_many_requests"));
    assert_eq!(answer.header("retry-after"), Some("1"));
}

#[tokio::test]
async fn what_is_odd_but_taken_is_a_warning() {
    let world = World::new().await;
    let answer = world.call(call(JSON, "{\"id\":\"a\",\"text\":\"路灯不亮\",\"url\":\"javascript:alert(1)\"}")).await;
    assert_eq!(answer.status.as_u16(), 202);
    assert_eq!(answer.json()["warnings"][0]["field"], "url", "{}", answer.text());
}
