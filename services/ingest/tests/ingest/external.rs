//! The topic that outside programs write.

use std::sync::Arc;

use bytes::Bytes;
use huiyin_ingest::{EXTERNAL, ExternalOptions, ExternalSource, HealthState, Source};
use huiyin_proto::Message;
use huiyin_proto::v1::{DeadLetter, Post};
use huiyin_stream::{DEAD, Outgoing, POSTS};
use tokio_util::sync::CancellationToken;

use crate::node::{Node, Reports, SECRETS};

fn record(payload: impl Into<Bytes>, content_type: Option<&str>) -> Outgoing {
    Outgoing {
        // One key, one partition: what is read is then the order of the test.
        key: Bytes::from_static(b"k"),
        payload: payload.into(),
        headers: content_type
            .map(|value| ("Content-Type".to_owned(), Bytes::from(value.to_owned())))
            .into_iter()
            .collect(),
        at_ms: 0,
    }
}

fn source() -> Box<dyn Source> {
    Box::new(ExternalSource::new(ExternalOptions {
        topic: EXTERNAL,
        source: "外部".to_owned(),
        default_place: "360100".to_owned(),
    }))
}

async fn run_once(node: &Node) -> Arc<Reports> {
    let cancel = CancellationToken::new();
    let reports = Reports::until(1, &cancel);
    source().run(node.collector.clone(), reports.clone(), cancel).await;
    reports
}

#[tokio::test]
async fn good_ones_arrive_and_bad_ones_end_as_dead_letters() {
    let node = Node::new();
    let post = Post {
        source: "论坛".into(),
        id: "p-1".into(),
        text: format!("联系{}", SECRETS[0]),
        published_at_us: Some(1_772_692_200_000_001),
        digest: "forged".into(),
        backfill: true,
        ..Post::default()
    };
    let escaped: String = SECRETS[0].chars().map(|digit| format!("\\u{:04x}", u32::from(digit))).collect();
    let records = vec![
        record(format!("{{\"id\":\"j-1\",\"text\":\"证件{}\"}}", SECRETS[1]), None),
        record(format!("not json, call {}", SECRETS[2]), None),
        record(format!("{{\"text\":\"电话 {escaped}\""), Some("application/json")),
        record(post.encode_to_vec(), Some("application/x-protobuf")),
        record(&b"\xff\xff\xff"[..], Some("application/x-protobuf")),
        record("{\"id\":\"j-2\",\"text\":\"一\"}\n{\"id\":\"j-3\",\"text\":\"二\",\"time\":\"昨天\"}\n", None),
        record(format!("{{\"id\":\"{}\",\"text\":\"y\"}}", SECRETS[0]), None),
        record("", None),
    ];
    node.log.append(&EXTERNAL, records).await.unwrap();
    let reports = run_once(&node).await;
    let report = reports.kept.lock().unwrap()[0].clone();
    assert_eq!((report.state, report.accepted, report.refused), (HealthState::Ok, 3, 6));

    let mut posts: Vec<Post> = node.decoded(&POSTS).await;
    posts.sort_by(|a, b| a.id.cmp(&b.id));
    let shown: Vec<_> =
        posts.iter().map(|post| (post.source.as_str(), post.id.as_str(), post.place.as_str())).collect();
    assert_eq!(shown, [("外部", "j-1", "360100"), ("外部", "j-2", "360100"), ("论坛", "p-1", "360100")]);
    assert_eq!(posts[2].published_at_us, Some(1_772_692_200_000_001));
    assert!(posts[2].digest != "forged" && !posts[2].backfill);

    let dead: Vec<DeadLetter> = node.decoded(&DEAD).await;
    assert_eq!(dead.len(), 6);
    assert!(
        dead.iter().any(|letter| letter.id == "j-3" && letter.reason.contains("time") && letter.excerpt.contains('二'))
    );
    for topic in [&POSTS, &DEAD] {
        for record in node.records(topic).await {
            for secret in SECRETS {
                assert!(!record.payload.windows(secret.len()).any(|window| window == secret.as_bytes()), "{secret}");
            }
        }
    }

    node.log.append(&EXTERNAL, vec![record("{\"id\":\"j-4\",\"text\":\"三\"}", None)]).await.unwrap();
    let reports = run_once(&node).await;
    assert_eq!(reports.kept.lock().unwrap()[0].accepted, 1, "the position was committed");
    assert_eq!(node.records(&DEAD).await.len(), 6);
}
