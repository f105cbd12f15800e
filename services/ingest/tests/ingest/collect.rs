//! What `accept` refuses, and what a push leaves in the log.

use std::path::Path;
use std::sync::Arc;

use huiyin_domain::ContentDigest;
use huiyin_ingest::{
    Collector, FileFormat, Mapping, Progress, RawPost, Refused, accept, import, open_file, parse_push,
};
use huiyin_proto::v1::Post;
use huiyin_stream::POSTS;
use tokio_util::sync::CancellationToken;

use crate::node::{Node, SECRETS, raw, reception};

#[test]
fn refusals_name_field_and_remedy_and_hide_content() {
    let change = |change: fn(&mut RawPost)| {
        let mut post = raw("a-1", "桥下积水三天没人管");
        change(&mut post);
        post
    };
    let table: [(RawPost, &str, &str); 14] = [
        (change(|post| post.id.clear()), "id", "缺少编号"),
        (change(|post| post.id = "13907915512".into()), "id", "手机号码"),
        (change(|post| post.id = "x".repeat(201)), "id", "超过 200 个字"),
        (change(|post| post.source = "热线 360102198803157711".into()), "source", "身份证"),
        (change(|post| post.text = " \n".into()), "text", "都是空的"),
        (change(|post| post.text = "<p>&nbsp;</p><img src=x>".into()), "text", "没有文字"),
        (change(|post| post.text = "字".repeat(100_001)), "text", "超过 10 万字"),
        (change(|post| post.title = "字".repeat(100_000)), "title", "超过 10 万字"),
        (change(|post| post.text = "\u{fdfa}".repeat(99_999)), "text", "超过 10 万字"),
        (change(|post| post.time = "昨天 13907915512".into()), "time", "读不懂"),
        (change(|post| post.time = "2026-04-01 08:00".into()), "time", "未来"),
        (change(|post| post.time = "1970-01-01 08:00".into()), "time", "早于 1990"),
        (change(|post| post.place = "\0".into()), "place", "U+0000"),
        (change(|post| post.url = "x".repeat(4_001)), "url", "超过 4000 个字"),
    ];
    for (post, field, expected) in table {
        let refused = accept(&post, &reception("信箱")).unwrap_err();
        assert_eq!(refused.field, field, "{refused}");
        assert!(refused.reason.contains(expected) && !refused.remedy.is_empty(), "{refused}");
        for secret in SECRETS {
            assert!(!refused.to_string().contains(secret), "{refused}");
        }
    }
}

#[test]
fn accepted_posts() {
    let post = RawPost {
        source: " 城市论坛 ".into(),
        id: " b-2 ".into(),
        title: "路灯".into(),
        text: "<p>电话 13907915512</p>".into(),
        time: "2026年3月5日14时30分".into(),
        place: "".into(),
        url: "https://example.cn/t/2".into(),
    };
    let mut reception = reception("信箱");
    reception.default_place = "360100".into();
    let accepted = accept(&post, &reception).unwrap();
    assert_eq!((accepted.source.as_str(), accepted.id.as_str()), ("城市论坛", "b-2"));
    assert_eq!((accepted.place.as_str(), accepted.url.as_str()), ("360100", "https://example.cn/t/2"));
    assert_eq!(accepted.published_at_us, Some(1_772_692_200_000_000));
    assert_eq!(accepted.digest, ContentDigest::of(&accepted.title, &accepted.text).as_str());
    assert!(!accepted.text.contains("139"), "{}", accepted.text);
    reception.source_fixed = true;
    assert_eq!(accept(&post, &reception).unwrap().source, "信箱");
}

#[tokio::test]
async fn a_push_is_masked_counted_and_in_order() {
    let node = Node::knowing(Some(Arc::new(|place| place == "青山区")));
    let lines = vec![
        (
            1,
            Ok(RawPost {
                title: format!("请打{}", SECRETS[0]), place: "青山区".into(), ..raw("a", "路灯不亮")
            }),
        ),
        (2, Err(Refused { field: "line", reason: "坏".into(), remedy: "改".into() })),
        (
            3,
            Ok(RawPost {
                place: "无名区".into(),
                url: format!("tel:{}", SECRETS[0]),
                ..raw("b", &format!("我的证件{}", SECRETS[1]))
            }),
        ),
        (4, Ok(raw("a", "路灯修好了"))),
        (5, Ok(raw("a", "路灯修好了"))),
        (6, Ok(raw(SECRETS[0], "x"))),
        (7, Ok(RawPost { place: SECRETS[2].into(), source: "论坛".into(), ..raw("a", "路灯不亮") })),
    ];
    let receipt = node.collector.push(lines, reception("信箱")).await.unwrap();
    assert_eq!((receipt.accepted, receipt.repeated), (4, 1));
    let refused: Vec<_> = receipt.refused.iter().map(|refusal| (refusal.line, refusal.field)).collect();
    assert_eq!(refused, [(2, "line"), (6, "id")]);
    let warned: Vec<_> = receipt.warnings.iter().map(|warning| (warning.line, warning.field)).collect();
    assert_eq!(warned, [(3, "url"), (3, "place"), (7, "place")]);
    assert!(receipt.warnings[1].message.contains("无名区"));
    let shown = format!("{receipt:?}");
    assert!(SECRETS.iter().all(|secret| !shown.contains(secret)), "{shown}");

    let records = node.records(&POSTS).await;
    assert_eq!(records.len(), 4);
    let of_a: Vec<_> = records.iter().filter(|record| record.key == "信箱\u{1f}a".as_bytes()).collect();
    let texts: Vec<_> = of_a
        .iter()
        .map(|record| <Post as huiyin_proto::Message>::decode(record.payload.clone()).unwrap().text)
        .collect();
    assert_eq!(texts, ["路灯不亮", "路灯修好了"]);
    node.assert_masked();
}

#[tokio::test]
async fn repeats_are_left_out_and_reversals_are_not() {
    let node = Node::new();
    let push = async |text: &str| {
        let receipt = node.collector.push(vec![(1, Ok(raw("a", text)))], reception("信箱")).await.unwrap();
        (receipt.accepted, receipt.repeated)
    };
    for (text, expected) in [("一", (1, 0)), ("一", (0, 1)), ("二", (1, 0)), ("二", (0, 1)), ("一", (1, 0))] {
        assert_eq!(push(text).await, expected, "{text}");
    }
    let texts: Vec<_> = node.decoded::<Post>(&POSTS).await.into_iter().map(|post| post.text).collect();
    assert_eq!(texts, ["一", "二", "一"]);
}

#[tokio::test]
async fn large_pushes_are_split_to_what_the_log_takes() {
    let node = Node::new();
    let text = "积水很深车过不去".repeat(2_500);
    let lines = (0..300_u64).map(|line| (line, Ok(raw(&line.to_string(), &text)))).collect();
    let receipt = node.collector.push(lines, reception("信箱")).await.unwrap();
    assert_eq!(receipt.accepted, 300);
    assert_eq!(node.records(&POSTS).await.len(), 300);
}

#[tokio::test]
async fn garbage_is_refused_and_the_rest_arrives() {
    let node = Node::new();
    let mut seed: u64 = 5;
    let mut accepted = 0;
    for round in 0..50 {
        let mut body = Vec::new();
        for _ in 0..300 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let pieces: [&[u8]; 12] = [
                b"{\"id\":\"",
                b"\",\"text\":\"",
                b"\"}\n",
                b"[",
                b"]",
                b",",
                b"\\u0000",
                b"\xff\xfe",
                "路".as_bytes(),
                b"139",
                b"\"time\":1e400",
                b"\n",
            ];
            body.extend_from_slice(pieces[usize::try_from(seed >> 33).unwrap() % 12]);
        }
        body.extend(format!("\n{{\"id\":\"good-{round}\",\"text\":\"好\"}}\n").as_bytes());
        let receipt = node.collector.push(parse_push("application/x-ndjson", &body), reception("信箱")).await.unwrap();
        assert!(receipt.accepted >= 1, "seed round {round}");
        accepted += receipt.accepted;
    }
    assert_eq!(node.records(&POSTS).await.len() as u64, accepted);
}

#[tokio::test]
async fn a_file_is_imported_and_resumed() {
    let node = Node::new();
    let path = node.directory.path().join("in.csv");
    let rows: String = (1..=5_000).map(|id| format!("{id},第{id}件：桥下积水，电话{}\n", SECRETS[0])).collect();
    std::fs::write(&path, format!("编号,内容\n{rows},没有编号\n")).unwrap();
    let open = || open_file(&path, &Mapping::default(), Some(FileFormat::Csv)).unwrap();
    let (mut heard, stop) = (Vec::<Progress>::new(), CancellationToken::new());
    let mut tell = |progress: &Progress| {
        heard.push(*progress);
        stop.cancel();
    };
    let first = import(&node.collector, open(), &reception("导出"), &mut tell, &stop).await.unwrap();
    assert!(first.cancelled && first.progress.accepted == 2_000 && first.progress.line == 2_001, "{first:?}");
    assert_eq!(heard, [first.progress]);

    let mut rest = open();
    rest.skip_to(first.progress.line);
    let go_on = CancellationToken::new();
    let second = import(&node.collector, rest, &reception("导出"), &mut |_| {}, &go_on).await.unwrap();
    assert_eq!((second.progress.accepted, second.progress.repeated, second.progress.refused), (3_000, 0, 1));
    assert_eq!((second.refused[0].line, second.refused[0].field), (5_002, "id"));
    assert_eq!(second.progress.bytes_read, second.progress.bytes_total);

    let again = import(&node.collector, open(), &reception("导出"), &mut |_| {}, &go_on).await.unwrap();
    assert_eq!((again.progress.accepted, again.progress.repeated), (0, 5_000));
    assert_eq!(node.records(&POSTS).await.len(), 5_000);
    std::fs::remove_file(&path).unwrap();
    node.assert_masked();
}

#[tokio::test]
async fn the_sample_export_is_read_with_its_mapping() {
    let node = Node::new();
    // The sample's days are in November.
    node.clock.advance(jiff::SignedDuration::from_hours(300 * 24));
    let sample = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/sample");
    let mapping = Mapping::parse(&std::fs::read_to_string(sample.join("mapping-example.toml")).unwrap()).unwrap();
    let cancel = CancellationToken::new();
    for mapping in [mapping, Mapping::default()] {
        let reader = open_file(&sample.join("import-example.csv"), &mapping, None).unwrap();
        let report = import(&node.collector, reader, &reception("热线"), &mut |_| {}, &cancel).await.unwrap();
        assert!(report.progress.accepted + report.progress.repeated > 0, "{report:?}");
        assert_eq!(report.progress.refused, 0, "{:?}", report.refused);
    }
}

/// What a push says of its source may hold a phone, and may be new in every push: only configured names become labels.
#[tokio::test]
async fn metrics_count_by_configured_sources_alone() {
    let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
    let metrics = recorder.handle();
    let _guard = metrics::set_default_local_recorder(&recorder);
    let node = Node::new();
    let collector = Collector::new(node.log.clone(), node.clock.clone(), None, 1).metering(["市长信箱".to_owned()]);
    let collector = Arc::new(collector);
    for source in ["市长信箱", "来电 13879112233", "13979112244", "@南昌小李"] {
        let receipt = collector.push(vec![(1, Ok(raw(source, "路灯不亮")))], reception(source)).await.unwrap();
        assert_eq!(receipt.accepted + receipt.refused.len() as u64, 1, "{source}");
    }
    let text = metrics.render();
    let labels: Vec<&str> = text.split("source=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert!(labels.contains(&"市长信箱") && labels.contains(&"push"), "{text}");
    assert!(labels.iter().all(|label| ["市长信箱", "push"].contains(label)), "{text}");
}
