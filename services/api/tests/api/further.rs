//! A further concern of a post becomes a matter of its own; both keep the post.

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::world::{Answer, Call, Heard, World};

const TEXT: &str = "柏桥区文昌路的路灯坏了十多天没人修。顺便问一下，小区物业费涨价合不合理";

async fn heard() -> (World, String) {
    let world = World::new().await;
    let post = Heard { further: vec![("住建", "物业费")], ..Heard::new(TEXT, world.ledger.now()) };
    let no = world.hear(vec![post]).await.remove(0);
    (world, no)
}

async fn open(world: &World, who: &str, no: &str, system: &str) -> Answer {
    world.post(who, &format!("/api/v1/matters/{no}/further"), json!({"system": system})).await
}

async fn posts(world: &World, no: &str) -> Value {
    world.get("duty", &format!("/api/v1/matters/{no}/posts")).await.json()["posts"].clone()
}

#[tokio::test]
async fn a_further_concern_is_opened_as_a_matter_beside_the_first() {
    let (world, first) = heard().await;
    let answer = open(&world, "duty", &first, "住建").await;
    assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
    let opened = answer.json();
    let second = opened["no"].as_str().unwrap().to_owned();
    assert_ne!(second, first);
    assert_eq!(answer.header("location"), Some(format!("/api/v1/matters/{second}").as_str()));
    assert_eq!(answer.header("etag"), Some("\"1\""));
    assert_eq!((&opened["beside"], &opened["system"], &opened["posts"]), (&json!(first), &json!("住建"), &json!(1)));
    assert_eq!((&opened["title"], &opened["state"]), (&json!("小区物业费涨价合不合理"), &json!("new")));
    let before = world.get("duty", &format!("/api/v1/matters/{first}")).await.json();
    assert_eq!(before["further"], json!([{"system": "住建", "no": second}]));
    assert_eq!(opened["received_at"], before["received_at"]);

    // Both show the post, each with the words that led to it.
    let (one, other) = (posts(&world, &first).await, posts(&world, &second).await);
    assert_eq!((one.as_array().unwrap().len(), &one[0]["text"]), (1, &other[0]["text"]));
    assert_eq!((&one[0]["matter"], &other[0]["matter"]), (&json!(first), &json!(first)));
    assert_eq!(one[0]["assessment"]["system"], "城管");
    let found = &other[0]["assessment"];
    assert_eq!((&found["system"], &found["further"]), (&json!("住建"), &json!([])));
    assert_eq!(found["candidates"][0]["terms"][0]["text"], "物业费");

    // And so do the queue and the ledger.
    let queue = world.get("duty", "/api/v1/queue?view=all").await.json();
    let row = |no: &str| queue["rows"].as_array().unwrap().iter().find(|row| row["no"] == no).cloned().unwrap();
    assert_eq!((&row(&first)["posts"], &row(&second)["posts"]), (&json!(1), &json!(1)));
    let entries = world.get("duty", &format!("/api/v1/matters/{first}/entries")).await.json();
    let last = entries["entries"].as_array().unwrap().last().cloned().unwrap();
    assert_eq!((&last["kind_name"], &last["event"]["matter"]), (&json!("另立事项"), &json!(second)));
    let entries = world.get("duty", &format!("/api/v1/matters/{second}/entries")).await.json();
    assert_eq!(entries["entries"][0]["event"]["beside"], json!(first));
    assert_eq!(entries["entries"][0]["content"]["reason"], "依据原帖用语：物业费");
    assert_eq!(world.store.counts(world.ledger.now()).await.unwrap().in_matters, 1, "the post belongs to one matter");
}

#[tokio::test]
async fn what_may_not_be_opened_says_why() {
    let (world, first) = heard().await;
    for (who, no, system, status, code) in [
        ("auditor", first.as_str(), "住建", 403, "forbidden"),
        ("lights", &first, "住建", 404, "not_found"),
        ("duty", &first, "医保", 422, "invalid"),
        ("duty", &first, " ", 422, "invalid"),
        ("duty", "20260101-00009", "住建", 404, "not_found"),
    ] {
        let answer = open(&world, who, no, system).await;
        assert_eq!((answer.status.as_u16(), answer.problem().as_str()), (status, code), "{who} {system}");
        if status == 422 {
            assert_eq!(answer.json()["field"], "system");
        }
    }
    let second = open(&world, "duty", &first, "住建").await.json()["no"].clone();
    let again = open(&world, "leader", &first, "住建").await;
    assert_eq!((again.status.as_u16(), again.problem().as_str()), (422, "invalid"));
    assert_eq!(again.json()["field"], "system");
    assert!(again.json()["detail"].as_str().unwrap().contains(second.as_str().unwrap()));
    let of_second = open(&world, "duty", second.as_str().unwrap(), "住建").await;
    assert_eq!((of_second.status.as_u16(), of_second.problem().as_str()), (422, "invalid"));
    world.done("duty", &first, "dismiss", json!({"reason": "重复"})).await;
    let ended = open(&world, "duty", &first, "住建").await;
    assert_eq!((ended.status.as_u16(), ended.problem().as_str()), (409, "state"));
}

#[tokio::test]
async fn a_repeated_request_opens_nothing_again_and_an_outdated_one_nothing() {
    let (world, first) = heard().await;
    let request = |etag: &str, system: &str| {
        let call = Call::post(&format!("/api/v1/matters/{first}/further")).by("duty").json(&json!({"system": system}));
        call.header("if-match", etag).header("idempotency-key", "k1")
    };
    let outdated = world.call(request("\"7\"", "住建")).await;
    assert_eq!((outdated.status.as_u16(), outdated.problem().as_str()), (409, "conflict"));
    let one = world.call(request("\"1\"", "住建")).await;
    let same = world.call(request("\"1\"", "住建")).await;
    assert_eq!((one.status, same.status), (StatusCode::CREATED, StatusCode::CREATED));
    assert_eq!(one.json()["no"], same.json()["no"]);
    assert_eq!(same.header("idempotency-replayed"), Some("true"));
    assert_eq!(same.header("location"), one.header("location"));
    let reused = world.call(request("\"1\"", "医保")).await;
    assert_eq!((reused.status.as_u16(), reused.problem().as_str()), (422, "key_reused"));
}
