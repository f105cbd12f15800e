//! Live events and their replay.

use axum::body::BodyDataStream;
use axum::http::{HeaderMap, StatusCode};
use futures_util::StreamExt;
use huiyin_api::ApiSettings;
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::world::{Call, HOUSING, LIGHTS, World};

const TEXTS: [&str; 2] = ["柏桥区文昌路的路灯坏了十多天没人修", "棠溪市金穗小区物业三个月不收垃圾"];

struct Stream {
    headers: HeaderMap,
    body: BodyDataStream,
    rest: String,
}

impl Stream {
    async fn open(world: &World, call: Call) -> Stream {
        let response = world.app.clone().oneshot(call.request(world)).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK);
        let (parts, body) = response.into_parts();
        Stream { headers: parts.headers, body: body.into_data_stream(), rest: String::new() }
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
