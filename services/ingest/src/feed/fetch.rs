//! One request for a feed, within limits.

use std::time::Duration;

use futures_util::StreamExt;
use reqwest::header::{ACCEPT, ETAG, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED, RETRY_AFTER};
use reqwest::{Client, ClientBuilder, Response, StatusCode};

use super::FeedOptions;
use super::cursor::FeedCursor;

/// Redirects that are followed.
const REDIRECTS_MAX: usize = 3;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// What a client for feeds needs set: few redirects, a time limit on connecting, our name.
pub fn feed_client() -> ClientBuilder {
    Client::builder()
        .redirect(reqwest::redirect::Policy::limited(REDIRECTS_MAX))
        .connect_timeout(CONNECT_TIMEOUT)
        .user_agent(concat!("huiyin/", env!("CARGO_PKG_VERSION")))
}

/// What the server answered.
pub(super) enum Answer {
    NotModified,
    Page(Page),
}

/// A page, and the tags to ask for changes with.
pub(super) struct Page {
    pub(super) url: String,
    pub(super) body: Vec<u8>,
    pub(super) etag: Option<String>,
    pub(super) last_modified: Option<String>,
}

/// Why there is no page; the reason is Chinese and holds nothing of the page.
pub(super) struct Fault {
    pub(super) reason: String,
    pub(super) retry_after: Option<Duration>,
}

impl From<String> for Fault {
    fn from(reason: String) -> Fault {
        Fault { reason, retry_after: None }
    }
}

pub(super) async fn fetch(client: &Client, options: &FeedOptions, cursor: &FeedCursor) -> Result<Answer, Fault> {
    let mut request = client
        .get(&options.url)
        .timeout(options.timeout)
        .header(ACCEPT, "application/rss+xml, application/atom+xml, application/xml;q=0.9, */*;q=0.5");
    if let Some(etag) = &cursor.etag {
        request = request.header(IF_NONE_MATCH, etag);
    }
    if let Some(last_modified) = &cursor.last_modified {
        request = request.header(IF_MODIFIED_SINCE, last_modified);
    }
    let response = request.send().await.map_err(|error| explain(&error))?;
    let status = response.status();
    if status == StatusCode::NOT_MODIFIED {
        return Ok(Answer::NotModified);
    }
    if !status.is_success() {
        let retry_after =
            header(&response, RETRY_AFTER).and_then(|seconds| seconds.parse().ok().map(Duration::from_secs));
        return Err(Fault { reason: format!("服务器答复 HTTP {}", status.as_u16()), retry_after });
    }
    let (etag, last_modified) = (header(&response, ETAG), header(&response, LAST_MODIFIED));
    let url = response.url().to_string();
    let body = read(response, options.body_bytes_max).await?;
    Ok(Answer::Page(Page { url, body, etag, last_modified }))
}

async fn read(response: Response, bytes_max: usize) -> Result<Vec<u8>, Fault> {
    let mut body = Vec::new();
    let mut chunks = response.bytes_stream();
    while let Some(chunk) = chunks.next().await {
        let chunk = chunk.map_err(|error| explain(&error))?;
        if body.len() + chunk.len() > bytes_max {
            return Err(format!("返回的内容超过 {} MB", bytes_max >> 20).into());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

fn header(response: &Response, name: reqwest::header::HeaderName) -> Option<String> {
    response.headers().get(name)?.to_str().ok().map(str::to_owned)
}

fn explain(error: &reqwest::Error) -> String {
    if error.is_timeout() {
        "超过时限没有答复".to_owned()
    } else if error.is_redirect() {
        format!("跳转超过 {REDIRECTS_MAX} 次")
    } else if error.is_connect() {
        "连不上服务器；检查地址和网络".to_owned()
    } else if error.is_builder() {
        "地址不是可用的网址".to_owned()
    } else {
        "传输中断".to_owned()
    }
}
