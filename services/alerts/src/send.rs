//! Sending: one HTTP request, to an address that was checked, with an answer of which little is read.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use futures_util::StreamExt;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::redirect::Policy;
use tokio::time::Instant;

use crate::guard::{Guard, Refused};

/// Bytes of an answer that are read.
const BODY_BYTES_MAX: usize = 4 << 10;
/// Time for the body once the status is known: a body that drips changes nothing about the status.
const BODY_TIME_MAX: Duration = Duration::from_secs(2);
/// Addresses of one name that are looked at.
const ADDRESSES_MAX: usize = 32;

/// A message ready for the wire.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outgoing {
    /// Address, with a robot's token and signature.
    pub url: String,
    /// Headers beside those of every request.
    pub headers: Vec<(&'static str, String)>,
    /// JSON.
    pub body: String,
}

/// What came back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answer {
    /// HTTP status; none when there was no answer.
    pub status: Option<u16>,
    /// How long it took.
    pub millis: u64,
    /// `Retry-After`, as it came.
    pub retry_after: Option<String>,
    /// The first bytes of the body.
    pub body: String,
    /// Why there was no answer, in Chinese.
    pub error: Option<String>,
}

/// Sends one message.
#[async_trait]
pub trait Sender: Send + Sync + 'static {
    /// Sends it once; everything that can go wrong is part of the answer.
    async fn send(&self, message: &Outgoing) -> Answer;
}

/// How HTTP is spoken.
#[derive(Clone, Copy, Debug)]
pub struct HttpOptions {
    /// Addresses allowed.
    pub guard: Guard,
    /// Time to connect: 5 s.
    pub connect_timeout: Duration,
    /// Time for everything: 15 s, as the Standard Webhooks specification suggests at least.
    pub timeout: Duration,
}

impl Default for HttpOptions {
    fn default() -> HttpOptions {
        let seconds = Duration::from_secs;
        HttpOptions { guard: Guard::default(), connect_timeout: seconds(5), timeout: seconds(15) }
    }
}

/// The HTTP client could not be made.
#[derive(Debug, thiserror::Error)]
#[error("alerts: the HTTP client cannot start")]
pub struct SenderError(#[from] reqwest::Error);

/// Sends over HTTP. Follows no redirect, uses no proxy, connects only to addresses the guard allows, whatever a name
/// resolves to at that moment.
pub struct HttpSender {
    client: reqwest::Client,
    guard: Guard,
}

impl HttpSender {
    /// A sender; the process must have installed a TLS provider.
    ///
    /// # Errors
    /// [`SenderError`].
    pub fn new(options: HttpOptions) -> Result<HttpSender, SenderError> {
        let client = reqwest::Client::builder()
            .dns_resolver(Arc::new(GuardedNames(options.guard)))
            .redirect(Policy::none())
            .no_proxy()
            .no_gzip()
            .connect_timeout(options.connect_timeout)
            .timeout(options.timeout)
            .pool_max_idle_per_host(1)
            .pool_idle_timeout(Duration::from_secs(30))
            .user_agent("Huiyin")
            .build()?;
        Ok(HttpSender { client, guard: options.guard })
    }

    async fn exchange(&self, message: &Outgoing) -> Result<Answer, String> {
        let url = self.guard.url(&message.url).map_err(|refused| refused.0)?;
        let mut request =
            self.client.post(url).header("content-type", "application/json; charset=utf-8").body(message.body.clone());
        for (name, value) in &message.headers {
            let value = HeaderValue::try_from(value).map_err(|_| "请求头含有非法字符".to_owned())?;
            request = request.header(HeaderName::from_static(name), value);
        }
        let response = request.send().await.map_err(|error| explain(&error))?;
        let retry_after = response.headers().get(RETRY_AFTER).and_then(|value| Some(value.to_str().ok()?.to_owned()));
        let status = Some(response.status().as_u16());
        let mut body = Vec::new();
        let read = async {
            let mut chunks = response.bytes_stream();
            while let Some(Ok(chunk)) = chunks.next().await {
                body.extend(chunk.iter().take(BODY_BYTES_MAX - body.len()));
                if body.len() >= BODY_BYTES_MAX {
                    break;
                }
            }
        };
        // What came until then is kept; the rest of an endless body is never read.
        let _ = tokio::time::timeout(BODY_TIME_MAX, read).await;
        Ok(Answer { status, retry_after, body: String::from_utf8_lossy(&body).into_owned(), ..Answer::default() })
    }
}

#[async_trait]
impl Sender for HttpSender {
    async fn send(&self, message: &Outgoing) -> Answer {
        let begun = Instant::now();
        let answer = self.exchange(message).await;
        let millis = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        match answer {
            Ok(answer) => Answer { millis, ..answer },
            Err(error) => Answer { millis, error: Some(error), ..Answer::default() },
        }
    }
}

/// Resolves names, and refuses those that lead to an address the guard does not allow: all of them have to be allowed.
struct GuardedNames(Guard);

impl Resolve for GuardedNames {
    fn resolve(&self, name: Name) -> Resolving {
        let guard = self.0;
        Box::pin(async move {
            let found: Vec<SocketAddr> =
                tokio::net::lookup_host((name.as_str(), 0)).await?.take(ADDRESSES_MAX).collect();
            for address in &found {
                guard.address(address.ip())?;
            }
            let addresses: Addrs = Box::new(found.into_iter());
            Ok(addresses)
        })
    }
}

/// Why there was no answer, without the address: a robot's is a secret.
fn explain(error: &reqwest::Error) -> String {
    let mut cause: Option<&dyn std::error::Error> = std::error::Error::source(error);
    while let Some(inner) = cause {
        if let Some(refused) = inner.downcast_ref::<Refused>() {
            return refused.0.clone();
        }
        cause = inner.source();
    }
    let text = if error.is_timeout() && error.is_connect() {
        "连接超时"
    } else if error.is_timeout() {
        "对方超过时限没有答复"
    } else if error.is_connect() {
        "连不上对方服务器，请检查地址、域名和网络"
    } else {
        "连接中断"
    };
    text.to_owned()
}

/// Keeps messages instead of sending them, and answers as told.
#[cfg(any(test, feature = "testing"))]
#[derive(Debug, Default)]
pub struct RecordingSender {
    kept: std::sync::Mutex<Vec<Outgoing>>,
    answers: std::sync::Mutex<std::collections::VecDeque<Answer>>,
}

#[cfg(any(test, feature = "testing"))]
impl RecordingSender {
    /// Answers with these first, and afterwards with 200 and what a robot says when all is well.
    pub fn answering(answers: impl IntoIterator<Item = Answer>) -> RecordingSender {
        let answers = answers.into_iter().collect::<std::collections::VecDeque<_>>();
        RecordingSender { kept: std::sync::Mutex::default(), answers: answers.into() }
    }

    /// What was sent so far.
    pub fn kept(&self) -> Vec<Outgoing> {
        self.kept.lock().expect("no holder of the lock panics").clone()
    }
}

#[cfg(any(test, feature = "testing"))]
#[async_trait]
impl Sender for RecordingSender {
    async fn send(&self, message: &Outgoing) -> Answer {
        self.kept.lock().expect("no holder of the lock panics").push(message.clone());
        let well = || Answer { status: Some(200), body: r#"{"errcode":0,"code":0}"#.into(), ..Answer::default() };
        self.answers.lock().expect("no holder of the lock panics").pop_front().unwrap_or_else(well)
    }
}
