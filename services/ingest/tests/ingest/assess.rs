//! Posts in, assessments out.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use huiyin_ingest::{AssessOptions, AssessRole, Assessors, IngestError, publish_catalogue, watch_catalogue};
use huiyin_proto::Message;
use huiyin_proto::v1::{Assessed, CatalogueVersion, DeadLetter, Decision};
use huiyin_stream::{ASSESSED, CATALOGUE, DEAD, Outgoing, POSTS};
use jiff::civil::date;
use tokio_util::sync::CancellationToken;

use crate::node::{Node, SECRETS, raw, reception};

fn files() -> BTreeMap<String, Vec<u8>> {
    let directory = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/catalogue/jiangxi");
    let entries = std::fs::read_dir(directory).unwrap().map(|entry| entry.unwrap().path());
    entries
        .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(path).unwrap()))
        .collect()
}

async fn publish(node: &Node) {
    let at = huiyin_domain::Clock::now(node.clock.as_ref());
    publish_catalogue(node.log.as_ref(), &files(), Some(date(2026, 1, 1)), at).await.unwrap();
}

async fn push(node: &Node, posts: usize) {
    let about = ["桥下积水很深", "路灯不亮三天", "小区物业乱收费", "学校门口堵车", "工地夜里施工吵"];
    let places = ["青云谱区", "广丰区", "龙南市", "360000", ""];
    let lines = (0..posts).map(|index| {
        let mut post = raw(&format!("p-{index}"), &format!("{}，电话{}", about[index % 5], SECRETS[0]));
        post.place = places[index % 4 + index % 2].to_owned();
        (index as u64, Ok(post))
    });
    let receipt = node.collector.push(lines.collect(), reception("信箱")).await.unwrap();
    assert_eq!(receipt.accepted, posts as u64);
}

/// Runs both loops until `count` assessments are there, then stops them; everything in `assessed`.
async fn assess(node: &Node, workers: usize, count: usize) -> Vec<(i32, Bytes, Bytes)> {
    let assessors = Arc::new(Assessors::default());
    let cancel = CancellationToken::new();
    let options = AssessOptions { workers, ..AssessOptions::default() };
    let role = AssessRole::new(node.log.clone(), assessors.clone(), node.clock.clone(), options);
    let until = async {
        let records = node.first_records(&ASSESSED, count, &format!("until-{count}")).await;
        cancel.cancel();
        records
    };
    let watching = watch_catalogue(node.log.as_ref(), &assessors, "catalogue-test", &cancel);
    let (ran, watched, _) = tokio::join!(role.run(&cancel), watching, until);
    ran.unwrap();
    watched.unwrap();
    let records = node.records(&ASSESSED).await;
    records.into_iter().map(|record| (record.partition, record.key, record.payload)).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_number_of_workers_changes_nothing() {
    let mut outcomes = Vec::new();
    for workers in [1, 2, 4] {
        let node = Node::new();
        publish(&node).await;
        push(&node, 700).await;
        outcomes.push(assess(&node, workers, 700).await);
        node.assert_masked();
    }
    assert_eq!(outcomes[0].len(), 700);
    // Batches of several partitions may take turns differently; within each post's own record all is the same.
    for outcome in &mut outcomes {
        outcome.sort();
    }
    assert!(outcomes[0] == outcomes[1] && outcomes[1] == outcomes[2]);
    let mut units = 0;
    for (_, key, payload) in &outcomes[0] {
        let assessed = Assessed::decode(payload.clone()).unwrap();
        let prefecture = key.as_ref() == b"none" || (key.len() == 6 && key.ends_with(b"00"));
        assert!(prefecture && !assessed.reason.is_empty() && !assessed.catalogue.is_empty(), "{assessed:?}");
        assert_eq!(assessed.fingerprint.len(), 256);
        units += usize::from(assessed.decision() == Decision::Unit && !assessed.unit.is_empty());
    }
    assert!(units > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_post_becomes_a_dead_letter_and_positions_are_kept() {
    let node = Node::new();
    publish(&node).await;
    let bad = Outgoing {
        key: Bytes::new(),
        payload: Bytes::from(format!("打{}", SECRETS[0])),
        headers: Vec::new(),
        at_ms: 0,
    };
    node.log.append(&POSTS, vec![bad]).await.unwrap();
    push(&node, 20).await;
    assert_eq!(assess(&node, 2, 20).await.len(), 20);
    push_more(&node).await;
    assert_eq!(assess(&node, 2, 21).await.len(), 21, "nothing is assessed twice after a clean stop");
    let dead: Vec<DeadLetter> = node.decoded(&DEAD).await;
    assert_eq!(dead.len(), 1);
    assert!(dead[0].topic == "posts" && dead[0].reason.contains("无法解码"), "{:?}", dead[0]);
    assert!(!dead[0].excerpt.contains(SECRETS[0]) && dead[0].excerpt.contains('打'), "{:?}", dead[0]);
}

async fn push_more(node: &Node) {
    let receipt = node.collector.push(vec![(1, Ok(raw("late", "路灯又不亮了")))], reception("信箱")).await.unwrap();
    assert_eq!(receipt.accepted, 1);
}

#[tokio::test]
async fn catalogue_versions_take_force_by_date() {
    let node = Node::new();
    let at = huiyin_domain::Clock::now(node.clock.as_ref());
    let mut bad = files();
    bad.remove("places.csv");
    let fault = publish_catalogue(node.log.as_ref(), &bad, None, at).await.unwrap_err();
    assert!(matches!(fault, IngestError::Catalogue(faults) if !faults.is_empty()));
    assert!(node.records(&CATALOGUE).await.is_empty());

    let mut newer = files();
    let manifest = String::from_utf8(newer["catalogue.toml"].clone()).unwrap();
    let manifest: String = manifest
        .lines()
        .map(|l| if l.starts_with("version") { "version = \"test-2\"\n".into() } else { format!("{l}\n") })
        .collect();
    newer.insert("catalogue.toml".into(), manifest.into_bytes());
    let old = publish_catalogue(node.log.as_ref(), &files(), Some(date(2026, 1, 1)), at).await.unwrap();
    let new = publish_catalogue(node.log.as_ref(), &newer, Some(date(2026, 3, 1)), at).await.unwrap();
    let garbage = Outgoing { key: Bytes::new(), payload: Bytes::from_static(b"\xff"), headers: Vec::new(), at_ms: 0 };
    node.log.append(&CATALOGUE, vec![garbage]).await.unwrap();

    let (assessors, cancel) = (Arc::new(Assessors::default()), CancellationToken::new());
    let stop = async {
        assessors.completed().await;
        cancel.cancel();
    };
    let (watched, ()) = tokio::join!(watch_catalogue(node.log.as_ref(), &assessors, "catalogue-test", &cancel), stop);
    watched.unwrap();
    let on = |day| assessors.on(day).unwrap().catalogue().version().as_str().to_owned();
    for (day, expected) in [
        (date(2025, 6, 1), &old.version),
        (date(2026, 2, 28), &old.version),
        (date(2026, 3, 1), &new.version),
        (date(2030, 1, 1), &new.version),
    ] {
        assert_eq!(on(day), expected.as_str(), "{day}");
    }
    let damaged = CatalogueVersion { version: "x".into(), effective_from: "2026-05-01".into(), ..Default::default() };
    assert!(matches!(assessors.add(&damaged), Err(IngestError::Assessor { version, .. }) if version == "x"));
}

#[tokio::test]
async fn nothing_is_read_without_a_catalogue() {
    let node = Node::new();
    push(&node, 3).await;
    let assessors = Arc::new(Assessors::default());
    assessors.set_complete();
    assert!(!assessors.is_complete());
    let cancel = CancellationToken::new();
    let role = AssessRole::new(node.log.clone(), assessors, node.clock.clone(), AssessOptions::default());
    {
        let mut running = Box::pin(role.run(&cancel));
        assert!(futures_util::poll!(&mut running).is_pending());
        cancel.cancel();
        running.await.unwrap();
    }
    assert!(node.records(&ASSESSED).await.is_empty());
}
