//! Feeds against a real server.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use huiyin_ingest::{FeedOptions, FeedSource, HealthState, Polled, Source, feed_client};
use huiyin_proto::v1::Post;
use huiyin_stream::POSTS;
use tokio_util::sync::CancellationToken;

use crate::node::{Node, Reports, SECRETS};

/// What the server answers, in order; the last one again and again.
type Script = Arc<Mutex<VecDeque<fn(&HeaderMap) -> Response>>>;

async fn answer(State(script): State<Script>, headers: HeaderMap) -> Response {
    let mut script = script.lock().unwrap();
    let next = if script.len() > 1 { script.pop_front() } else { script.front().copied() };
    next.unwrap()(&headers)
}

async fn serve(script: &[fn(&HeaderMap) -> Response]) -> String {
    let script: Script = Arc::new(Mutex::new(script.iter().copied().collect()));
    let router = Router::new()
        .route("/feed", axum::routing::get(answer))
        .route("/loop", axum::routing::get(|| async { axum::response::Redirect::temporary("/loop") }))
        .with_state(script);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    #[allow(clippy::disallowed_methods, reason = "the server of a test ends with the test's runtime")]
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}/feed")
}

fn source(url: &str, cursor: &str) -> FeedSource {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let options = FeedOptions { every: Duration::from_millis(1), ..FeedOptions::new("订阅", url) };
    FeedSource::new(options, feed_client().build().unwrap(), cursor)
}

fn page(items: &[(&str, &str)]) -> String {
    let items: String = items
        .iter()
        .map(|(id, text)| {
            format!("<item><guid isPermaLink=\"false\">{id}</guid><description>{text}</description></item>")
        })
        .collect();
    format!("<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>t</title>{items}</channel></rss>")
}

fn one(_: &HeaderMap) -> Response {
    ([("etag", "\"v1\"")], page(&[("a", "路灯不亮，电话13907915512")])).into_response()
}

fn two(headers: &HeaderMap) -> Response {
    assert_eq!(headers.get("if-none-match").unwrap(), "\"v1\"");
    ([("last-modified", "Thu, 05 Mar 2026 06:30:00 GMT")], page(&[("b", "积水"), ("a", "路灯不亮，电话13907915512")]))
        .into_response()
}

fn not_modified(headers: &HeaderMap) -> Response {
    assert_eq!(headers.get("if-modified-since").unwrap(), "Thu, 05 Mar 2026 06:30:00 GMT");
    StatusCode::NOT_MODIFIED.into_response()
}

fn same_without_tags(_: &HeaderMap) -> Response {
    page(&[("b", "积水"), ("a", "路灯不亮，电话13907915512")]).into_response()
}

fn revised(_: &HeaderMap) -> Response {
    page(&[("b", "积水退了"), ("13907915512", "编号不行")]).into_response()
}

fn empty(_: &HeaderMap) -> Response {
    page(&[]).into_response()
}

fn html(_: &HeaderMap) -> Response {
    "<html><body>请登录</body></html>".into_response()
}

fn busy(_: &HeaderMap) -> Response {
    (StatusCode::SERVICE_UNAVAILABLE, [("retry-after", "7")]).into_response()
}

fn huge(_: &HeaderMap) -> Response {
    vec![b' '; 6 << 20].into_response()
}

#[tokio::test]
async fn outcomes_are_told_apart() {
    let node = Node::new();
    let url = serve(&[one, two, not_modified, same_without_tags, revised, empty, html, busy, huge]).await;
    let mut feed = source(&url, "");
    let mut outcomes = Vec::new();
    for restart in [false, false, false, true, false, false, false, false, false] {
        if restart {
            feed = source(&url, &feed.cursor());
        }
        outcomes.push(match feed.poll(&node.collector).await {
            Polled::New(receipt) => format!("new {} refused {}", receipt.accepted, receipt.refused.len()),
            Polled::Unchanged => "unchanged".to_owned(),
            Polled::Empty => "empty".to_owned(),
            Polled::Failed { reason, retry_after } => {
                format!("{reason} {:?}", retry_after.map(|after| after.as_secs()))
            }
        });
    }
    let expected = [
        "new 1 refused 0",
        "new 1 refused 0",
        "unchanged",
        "unchanged",
        "new 1 refused 1",
        "empty",
        "返回的内容不是 RSS 或 Atom；检查地址是不是订阅地址 None",
        "服务器答复 HTTP 503 Some(7)",
        "返回的内容超过 5 MB None",
    ];
    assert_eq!(outcomes, expected);
    assert!(SECRETS.iter().all(|secret| !feed.cursor().contains(secret)));
    let mut texts: Vec<_> = node.decoded::<Post>(&POSTS).await.into_iter().map(|post| post.text).collect();
    texts.sort();
    assert_eq!(texts.len(), 3, "{texts:?}");
    node.assert_masked();
}

#[tokio::test]
async fn a_server_that_is_not_there_or_turns_in_circles() {
    let node = Node::new();
    let url = serve(&[one]).await;
    let gone = {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        format!("http://{}/feed", listener.local_addr().unwrap())
    };
    for (url, expected) in [
        (gone, "连不上服务器"),
        (url.replace("/feed", "/loop"), "跳转超过 3 次"),
        ("nonsense".into(), "地址不是可用的网址"),
    ] {
        match source(&url, "").poll(&node.collector).await {
            Polled::Failed { reason, .. } => assert!(reason.contains(expected), "{url}: {reason}"),
            other => panic!("{url}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn the_loop_reports_and_recovers() {
    let node = Node::new();
    let url = serve(&[html, one, same_without_tags]).await;
    let cancel = CancellationToken::new();
    let reports = Reports::until(3, &cancel);
    let feed: Box<dyn Source> = Box::new(source(&url, ""));
    feed.run(node.collector.clone(), reports.clone(), cancel).await;
    let kept = reports.kept.lock().unwrap();
    let states: Vec<_> = kept.iter().map(|health| (health.state, health.accepted)).collect();
    assert_eq!(states, [(HealthState::Failed, 0), (HealthState::Ok, 1), (HealthState::Ok, 1)]);
    assert!(kept[0].last_ok_at.is_none() && kept[1].last_change_at.is_some());
    assert!(!kept[2].cursor.is_empty());
}
