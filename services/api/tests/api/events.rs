//! Live events and their replay.

use axum::body::BodyDataStream;
use axum::http::{HeaderMap, StatusCode};
use futures_util::StreamExt;
use huiyin_api::ApiSettings;
use huiyin_ledger::Ledger;
use jiff::SignedDuration;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::world::{Call, HOUSING, LIGHTS, World};

const TEXTS: [&str; 2] = ["柏桥区文昌路的路灯坏了十多天没人修", "棠溪市金穗小区物业三个月不收垃圾"];

struct Stream {
    headers: HeaderMap,
    body: BodyDataStream,
    rest: String,
}

impl World {
    /// Until what was done can no longer be taken back, and other programs are told.
    fn pass_the_window(&self) {
        self.clock.advance(Ledger::hold(&self.ledger) + SignedDuration::from_secs(1));
    }
}

impl Stream {
    async fn open(world: &World, call: Call) -> Stream {
        let response = world.app.clone().oneshot(call.request(world)).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        let (parts, body) = response.into_parts();
        Stream { headers: parts.headers, body: body.into_data_stream(), rest: String::new() }
    }

    /// The next event of the duty office's own kind.
    async fn claim(&mut self) -> Value {
        loop {
            while let Some((event, rest)) = self.rest.split_once("\n\n") {
                let data = event.lines().find_map(|line| line.strip_prefix("data:")).map(str::trim);
                let claim = event.contains("event: claim").then(|| serde_json::from_str(data.unwrap()).unwrap());
                self.rest = rest.to_owned();
                if let Some(claim) = claim {
                    return claim;
                }
            }
            let chunk = self.body.next().await.unwrap().unwrap();
            self.rest.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }

    /// The next event as id and data; none when the stream has ended.
    async fn next(&mut self) -> Option<(u64, Value)> {
        loop {
            if let Some((event, rest)) = self.rest.split_once("\n\n") {
                let field = |name: &str| event.lines().find_map(|line| line.strip_prefix(name)).map(str::trim);
                let found = field("id:").map(|id| id.parse().unwrap()).zip(field("data:"));
                let found = found.map(|(id, data)| (id, serde_json::from_str(data).unwrap()));
                self.rest = rest.to_owned();
                match found {
                    Some(found) => return Some(found),
                    None => continue,
                }
            }
            let chunk = self.body.next().await?.unwrap();
            self.rest.push_str(std::str::from_utf8(&chunk).unwrap());
        }
    }
}

#[tokio::test]
async fn events_are_replayed_and_go_on() {
    let world = World::new().await;
    let numbers = world.open(&TEXTS).await;
    world.done("duty", &numbers[0], "assign", json!({"lead": LIGHTS})).await;
    world.ledger.sequence_once("test").await.unwrap();
    world.pass_the_window();
    let mut all = Stream::open(&world, Call::get("/api/v1/events?after=0").by("duty")).await;
    assert_eq!(all.headers["content-type"], "text/event-stream");
    let mut kinds = Vec::new();
    for number in 1..=3 {
        let (id, data) = all.next().await.unwrap();
        assert_eq!((id, &data["number"]), (number, &json!(number)));
        kinds.push(data["kind"].as_str().unwrap().to_owned());
        assert!(data.get("content").is_none() && data.get("title").is_none(), "{data}");
    }
    assert_eq!(kinds, ["opened", "opened", "assigned"]);
    let call = Call::get("/api/v1/events?after=0").by("duty").header("last-event-id", "2");
    let mut resumed = Stream::open(&world, call).await;
    let (id, data) = resumed.next().await.unwrap();
    assert_eq!((id, &data["matter"], &data["role"]), (3, &json!(numbers[0]), &json!("duty_officer")));
    let mut fresh = Stream::open(&world, Call::get("/api/v1/events").by("duty")).await;
    world.done("lights", &numbers[0], "accept", json!({})).await;
    world.ledger.sequence_once("test").await.unwrap();
    world.pass_the_window();
    for stream in [&mut all, &mut resumed, &mut fresh] {
        let (id, data) = stream.next().await.unwrap();
        assert_eq!((id, &data["kind"], &data["role"]), (4, &json!("accepted"), &json!("liaison")));
    }
    world.shutdown.cancel();
    for stream in [&mut all, &mut resumed, &mut fresh] {
        assert_eq!(stream.next().await, None, "streams end at shutdown");
    }
}

#[tokio::test]
async fn a_liaison_hears_of_its_own_matters_only() {
    let world = World::new().await;
    let numbers = world.open(&TEXTS).await;
    world.done("duty", &numbers[0], "assign", json!({"lead": LIGHTS})).await;
    world.done("duty", &numbers[1], "assign", json!({"lead": HOUSING})).await;
    world.ledger.sequence_once("test").await.unwrap();
    world.pass_the_window();
    for (who, no) in [("lights", &numbers[0]), ("housing", &numbers[1])] {
        let mut stream = Stream::open(&world, Call::get("/api/v1/events?after=0").by(who)).await;
        for kind in ["opened", "assigned"] {
            let (_, data) = stream.next().await.unwrap();
            assert_eq!((&data["matter"], &data["kind"]), (&json!(no), &json!(kind)), "{who}");
        }
    }
}

#[tokio::test]
async fn streams_are_counted_and_end_in_time() {
    let settings = ApiSettings { event_streams_max: 1, event_stream_seconds_max: 0, ..ApiSettings::default() };
    let world = World::with(settings).await;
    let mut first = Stream::open(&world, Call::get("/api/v1/events").by("duty")).await;
    let second = world.get("leader", "/api/v1/events").await;
    assert_eq!((second.status.as_u16(), second.problem().as_str()), (429, "too_many_requests"));
    assert_eq!(first.next().await, None, "its time is over");
    drop(first);
    assert_eq!(world.get("leader", "/api/v1/events").await.status, StatusCode::OK);
}

#[tokio::test]
async fn what_is_taken_back_never_leaves_the_office() {
    let world = World::new().await;
    let numbers = world.open(&TEXTS).await;
    let cookie = world.log_in("duty").await;
    let mut inside = Stream::open(&world, Call::get("/api/v1/events?after=2").header("cookie", &cookie)).await;
    let mut outside = Stream::open(&world, Call::get("/api/v1/events?after=2").by("duty")).await;
    world.done("duty", &numbers[0], "assign", json!({"lead": LIGHTS})).await;
    world.done("duty", &numbers[0], "undo", json!({})).await;
    world.clock.advance(SignedDuration::from_secs(1));
    world.done("duty", &numbers[0], "dismiss", json!({"reason": "重复"})).await;
    world.ledger.sequence_once("test").await.unwrap();
    for (number, kind) in [(3, "assigned"), (4, "undone"), (5, "dismissed")] {
        let (id, data) = inside.next().await.unwrap();
        assert_eq!((id, &data["kind"]), (number, &json!(kind)), "a console is told at once");
    }
    world.pass_the_window();
    let (id, data) = outside.next().await.unwrap();
    assert_eq!((id, &data["kind"]), (5, &json!("dismissed")), "another program only of what stays");
    world.shutdown.cancel();
    assert_eq!(outside.next().await, None);
}

#[tokio::test]
async fn colleagues_see_who_works_on_what() {
    let world = World::new().await;
    let no = world.open(&TEXTS[..1]).await.remove(0);
    let cookie = world.log_in("leader").await;
    let mut stream = Stream::open(&world, Call::get("/api/v1/events").header("cookie", &cookie)).await;
    world.done("duty", &no, "claim", json!({})).await;
    let claim = stream.claim().await;
    assert_eq!((&claim["matter"], &claim["claim"]["by"]), (&json!(no), &json!("token:duty")));
    world.done("duty", &no, "release", json!({})).await;
    assert_eq!(stream.claim().await["claim"], Value::Null);
    world.done("duty", &no, "claim", json!({})).await;
    assert_eq!(stream.claim().await["claim"]["name"], "duty");
    world.done("leader", &no, "assign", json!({"lead": LIGHTS})).await;
    assert_eq!(stream.claim().await["claim"], Value::Null, "given away, it is nobody's");
}
