//! What every request gets: an id, a log line, figures, and headers that keep its answer safe.

use axum::extract::{MatchedPath, Request};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;
use tokio::time::Instant;

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Longest id taken over from a proxy.
const REQUEST_ID_BYTES_MAX: usize = 64;

/// The console's policy: nothing inline, nothing from elsewhere.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
     font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; \
     object-src 'none'; frame-ancestors 'none'";

/// Logs route, status and time. Never paths, queries or bodies: they may hold what people wrote.
pub(crate) async fn observe(request: Request, next: Next) -> Response {
    let started = Instant::now();
    let id = request_id(request.headers());
    let method = request.method().clone();
    let route = request.extensions().get::<MatchedPath>().map_or("unknown", MatchedPath::as_str).to_owned();
    let mut response = next.run(request).await;
    let status = response.status();
    let elapsed = started.elapsed();
    tracing::info!(
        request_id = id.to_str().unwrap_or_default(),
        %method,
        route,
        status = status.as_u16(),
        elapsed_us = u64::try_from(elapsed.as_micros()).unwrap_or(u64::MAX),
        "request",
    );
    let labels = [("method", method.to_string()), ("route", route), ("status", status.as_u16().to_string())];
    metrics::counter!("huiyin_http_requests_total", &labels).increment(1);
    metrics::histogram!("huiyin_http_request_seconds", &labels).record(elapsed.as_secs_f64());
    protect(response.headers_mut());
    response.headers_mut().insert(REQUEST_ID, id);
    response
}

fn protect(headers: &mut HeaderMap) {
    for (name, value) in [
        (header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::X_FRAME_OPTIONS, "DENY"),
        (header::REFERRER_POLICY, "same-origin"),
    ] {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // What is private is kept nowhere on the way; a handler of public files says otherwise.
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

/// The id a proxy gave, when it looks like one, or a new one.
fn request_id(headers: &HeaderMap) -> HeaderValue {
    let fits = |value: &&HeaderValue| {
        let bytes = value.as_bytes();
        let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
        !bytes.is_empty() && bytes.len() <= REQUEST_ID_BYTES_MAX && bytes.iter().all(plain)
    };
    if let Some(given) = headers.get(&REQUEST_ID).filter(fits) {
        return given.clone();
    }
    let mut bytes = [0; 12];
    // Without randomness the id is all zeros: it is for finding log lines, nothing rests on it.
    let _ = getrandom::fill(&mut bytes);
    HeaderValue::try_from(hex::encode(bytes)).expect("hex digits make a header value")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_ids_are_taken_over() {
        for (given, kept) in [("a-1_b.c", true), ("a b", false), ("", false), ("编号", false)] {
            let headers = HeaderMap::from_iter([(REQUEST_ID, HeaderValue::from_bytes(given.as_bytes()).unwrap())]);
            assert_eq!(request_id(&headers).as_bytes() == given.as_bytes(), kept, "{given}");
        }
        assert_eq!(request_id(&HeaderMap::new()).len(), 24);
    }
}
