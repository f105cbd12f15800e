//! Bytes of released records, kept as files, are decoded for ever.
//!
//! A new field gets a new golden file beside the old ones; an existing file is never changed.

#![allow(clippy::unwrap_used, reason = "a test may fail by panicking")]

use huiyin_proto::Message;
use huiyin_proto::v1::{
    Assessed, Candidate, CatalogueVersion, Clause, DeadLetter, Decision, File, Further, Post, Term,
};

fn post() -> Post {
    Post {
        source: "市长信箱".into(),
        id: "2026-000017".into(),
        title: "路灯不亮".into(),
        text: "青杨路的路灯坏了半个月，电话〔电话〕。".into(),
        url: "https://example.cn/letters/17".into(),
        place: "360102".into(),
        published_at_us: Some(1_763_600_000_000_000),
        received_at_us: 1_763_600_100_000_000,
        digest: "00112233445566778899aabbccddeeff".into(),
        backfill: true,
    }
}

fn assessed() -> Assessed {
    Assessed {
        post: Some(post()),
        decision: Decision::Unit.into(),
        reason: "谁主管谁回应".into(),
        aside: "spam".into(),
        system: "城管".into(),
        unit: "360102-城管".into(),
        unit_name: "东湖区城市管理局".into(),
        assist: vec!["360102-住建".into()],
        place_code: "360102".into(),
        place_name: "南昌市东湖区".into(),
        grade: "ordinary".into(),
        danger: true,
        candidates: vec![Candidate {
            system: "城管".into(),
            unit: "360102-城管".into(),
            unit_name: "东湖区城市管理局".into(),
            score: 0.75,
            terms: vec![Term { text: "路灯".into(), weight: 3.5, start: 9 }],
            clauses: vec![Clause { document: "nanchang2023".into(), clause: "四".into(), ..Clause::default() }],
            why: "“路灯”属城管系统".into(),
        }],
        catalogue: "jiangxi-2026.1".into(),
        model: "terms-1".into(),
        fingerprint: (0..=255).collect(),
        topic: "城乡建设".into(),
        ..Assessed::default()
    }
}

/// With the fields added since.
fn assessed_2() -> Assessed {
    let mut assessed = Assessed {
        possible: true,
        danger_words: vec!["冒烟".into()],
        accused: true,
        demand: "complaint".into(),
        demand_words: vec!["投诉".into()],
        further: vec![Further {
            system: "教育".into(),
            unit: "360102-教育".into(),
            unit_name: "东湖区教育体育局".into(),
            terms: vec!["学区".into()],
        }],
        ..assessed()
    };
    for clause in assessed.candidates.iter_mut().flat_map(|candidate| &mut candidate.clauses) {
        clause.key = "nc2023".into();
    }
    assessed
}

fn catalogue() -> CatalogueVersion {
    CatalogueVersion {
        version: "jiangxi-2026.1".into(),
        effective_from: "2026-01-01".into(),
        digest: "ab".repeat(32),
        files: vec![File { name: "places.csv".into(), content: vec![1, 2, 3] }],
        adopted_at_us: 1_763_600_100_000_000,
    }
}

fn dead() -> DeadLetter {
    DeadLetter {
        topic: "posts".into(),
        partition: 3,
        offset: 42,
        source: "external".into(),
        id: "x1".into(),
        reason: "no protobuf".into(),
        excerpt: "\u{fffd}".into(),
        at_us: 1_763_600_100_000_000,
    }
}

/// Decodes the golden bytes, compares the value, and sees that today's encoding still is the same.
fn check<M: Message + Default + PartialEq + std::fmt::Debug>(name: &str, value: &M) {
    let path = format!("{}/golden/v1/{name}.bin", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("HUIYIN_WRITE_GOLDEN").is_some() && !std::path::Path::new(&path).exists() {
        std::fs::write(&path, value.encode_to_vec()).unwrap();
    }
    let golden = std::fs::read(&path).unwrap();
    assert_eq!(M::decode(golden.as_slice()).unwrap(), *value, "{name}: decoded otherwise");
    assert_eq!(value.encode_to_vec(), golden, "{name}: encoded otherwise");
}

#[test]
fn records_of_version_1_are_read() {
    check("post", &post());
    check("assessed", &assessed());
    check("assessed_2", &assessed_2());
    check("catalogue_version", &catalogue());
    check("dead_letter", &dead());
}

#[test]
fn unknown_fields_of_later_versions_are_passed_over() {
    let mut bytes = post().encode_to_vec();
    bytes.extend([0xF8, 0x07, 0x01]); // field 127, varint 1
    assert_eq!(Post::decode(bytes.as_slice()).unwrap(), post());
}

#[test]
fn no_field_names_an_author() {
    let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/v1/huiyin.proto")).unwrap();
    let fields = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    for line in fields {
        for word in ["author", "user", "account", "nickname", "uid", "sender"] {
            assert!(!line.contains(word), "{line}");
        }
    }
}
