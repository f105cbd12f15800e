//! A real HTTP server with one address for each way of answering.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use tokio::sync::watch;

/// One request as it came.
#[derive(Clone, Debug)]
pub(crate) struct Got {
    pub(crate) way: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Got {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

#[derive(Clone)]
pub(crate) struct Receiver {
    pub(crate) url: String,
    got: Arc<Mutex<Vec<Got>>>,
    /// Statuses that addresses answer instead of their own.
    statuses: Arc<Mutex<BTreeMap<String, u16>>>,
    count: Arc<watch::Sender<usize>>,
}

impl Receiver {
    pub(crate) async fn start() -> Receiver {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let receiver =
            Receiver { url, got: Arc::default(), statuses: Arc::default(), count: Arc::new(watch::channel(0).0) };
        let router = Router::new().route("/{way}", axum::routing::post(answer)).with_state(receiver.clone());
        #[allow(clippy::disallowed_methods, reason = "the server of a test ends with the test's runtime")]
        tokio::spawn(async move { axum::serve(listener, router).await });
        receiver
    }

    pub(crate) fn at(&self, way: &str) -> String {
        format!("{}/{way}", self.url)
    }

    pub(crate) fn set(&self, way: &str, status: u16) {
        self.statuses.lock().unwrap().insert(way.into(), status);
    }

    pub(crate) fn got(&self, way: &str) -> Vec<Got> {
        self.got.lock().unwrap().iter().filter(|one| one.way == way).cloned().collect()
    }

    /// Waits until `number` requests came to addresses for which `counts` holds.
    pub(crate) async fn until(&self, number: usize, counts: impl Fn(&str) -> bool) {
        let mut seen = self.count.subscribe();
        while self.got.lock().unwrap().iter().filter(|one| counts(&one.way)).count() < number {
            seen.changed().await.unwrap();
        }
    }
}

async fn answer(
    State(receiver): State<Receiver>,
    Path(way): Path<String>,
    headers: HeaderMap,
    body: String,
) -> Response {
    receiver.got.lock().unwrap().push(Got { way: way.clone(), headers, body });
    receiver.count.send_modify(|count| *count += 1);
    if let Some(status) = receiver.statuses.lock().unwrap().get(&way) {
        return StatusCode::from_u16(*status).unwrap().into_response();
    }
    match way.as_str() {
        "hang" => std::future::pending().await,
        "drip" => dripping().into_response(),
        "huge" => huge().into_response(),
        "moved" => Redirect::temporary("/ok").into_response(),
        "broken" => (StatusCode::INTERNAL_SERVER_ERROR, "出错了，请致电13900001111").into_response(),
        "gone" => StatusCode::GONE.into_response(),
        "busy" => (StatusCode::TOO_MANY_REQUESTS, [(header::RETRY_AFTER, "900")]).into_response(),
        "wecom" => r#"{"errcode":0,"errmsg":"ok"}"#.into_response(),
        "wecom-refuses" => r#"{"errcode":93000,"errmsg":"invalid webhook url"}"#.into_response(),
        _ => "thanks".into_response(),
    }
}

/// A body that never ends, a byte at a time.
fn dripping() -> Body {
    Body::from_stream(futures_util::stream::unfold((), async |()| {
        tokio::time::sleep(Duration::from_millis(50)).await;
        Some((Ok::<_, Infallible>(Bytes::from_static(b".")), ()))
    }))
}

/// A gigabyte.
fn huge() -> Body {
    let piece = Bytes::from(vec![b'x'; 1 << 20]);
    Body::from_stream(futures_util::stream::iter(std::iter::repeat_n(piece, 1_024).map(Ok::<_, Infallible>)))
}
