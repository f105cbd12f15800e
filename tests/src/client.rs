//! An HTTP client of a node.

use anyhow::{Context, Result, ensure};
use reqwest::{Method, StatusCode};
use serde_json::Value;

/// A client with one token.
#[derive(Clone, Debug)]
pub struct Client {
    http: reqwest::Client,
    url: String,
    token: String,
}

/// What a node answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Status.
    pub status: u16,
    /// `ETag`, as it came.
    pub etag: Option<String>,
    /// `Content-Type`.
    pub kind: String,
    /// Body as JSON; a string when it is none.
    pub body: Value,
}

impl Client {
    /// Of the node at `url`, with `token` as bearer.
    ///
    /// # Errors
    /// The client cannot be made.
    pub fn new(url: &str, token: &str) -> Result<Client> {
        // reqwest asks for a provider even where no TLS is spoken; a second installation is refused, which is fine.
        let _ = rustls::crypto::ring::default_provider().install_default();
        // Loopback is spoken to directly, whatever proxy the environment names.
        let http = reqwest::Client::builder().no_proxy().build()?;
        Ok(Client { http, url: url.to_owned(), token: token.to_owned() })
    }

    /// `GET`.
    ///
    /// # Errors
    /// The node cannot be reached.
    pub async fn get(&self, path: &str) -> Result<Answer> {
        self.send(self.request(Method::GET, path)).await
    }

    /// `GET` that has to succeed: its body.
    ///
    /// # Errors
    /// The node cannot be reached or refuses.
    pub async fn read(&self, path: &str) -> Result<Value> {
        let answer = self.get(path).await?;
        ensure!(answer.status == 200, "GET {path}: {} {}", answer.status, answer.body);
        Ok(answer.body)
    }

    /// `POST` of JSON with further headers.
    ///
    /// # Errors
    /// The node cannot be reached.
    pub async fn post(&self, path: &str, body: &Value, headers: &[(&str, &str)]) -> Result<Answer> {
        self.post_bytes(path, "application/json", serde_json::to_vec(body)?, headers).await
    }

    /// `POST` of bytes.
    ///
    /// # Errors
    /// The node cannot be reached.
    pub async fn post_bytes(&self, path: &str, kind: &str, body: Vec<u8>, headers: &[(&str, &str)]) -> Result<Answer> {
        let mut request = self.request(Method::POST, path).header("content-type", kind).body(body);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request).await
    }

    fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url)).bearer_auth(&self.token)
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Result<Answer> {
        let response = request.send().await.with_context(|| format!("calling {}", self.url))?;
        let header = |name: &str| Some(response.headers().get(name)?.to_str().ok()?.to_owned());
        let (status, etag, kind) = (response.status(), header("etag"), header("content-type").unwrap_or_default());
        let text = response.text().await?;
        let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
        Ok(Answer { status: StatusCode::as_u16(&status), etag, kind, body })
    }
}

impl Answer {
    /// The body, when the status is this one.
    ///
    /// # Errors
    /// It is another.
    pub fn expect(self, status: u16) -> Result<Value> {
        ensure!(self.status == status, "{status} expected, not {}: {}", self.status, self.body);
        Ok(self.body)
    }
}
