//! The console's files, given to this crate as data: addresses without a dot are its pages, all from `index.html`.

use std::borrow::Cow;

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

use crate::ApiState;
use crate::problem::{ApiError, Code};

/// Bytes of one file by its path, such as `index.html` or `assets/app.js.gz`.
pub type ConsoleFile = dyn Fn(&str) -> Option<Cow<'static, [u8]>> + Send + Sync;

const INDEX: &str = "index.html";

/// Answers everything that no other route does.
pub(crate) async fn serve(State(state): State<ApiState>, method: Method, uri: Uri, headers: HeaderMap) -> Response {
    let path = uri.path().trim_start_matches('/');
    let ours = !path.split('/').any(|part| part == ".." || part == "api");
    if !ours || !matches!(method, Method::GET | Method::HEAD) {
        return ApiError::new(Code::UnknownRoute, "没有这个地址；接口说明见 /api/v1/openapi.json").into_response();
    }
    let name = if path.rsplit('/').next().is_some_and(|last| last.contains('.')) { path } else { INDEX };
    answer(&state, name, &headers)
}

fn answer(state: &ApiState, name: &str, headers: &HeaderMap) -> Response {
    let has = |header: header::HeaderName, part: &str| {
        headers.get(header).and_then(|value| value.to_str().ok()).is_some_and(|value| value.contains(part))
    };
    let packed = has(header::ACCEPT_ENCODING, "gzip").then(|| state.console(&format!("{name}.gz"))).flatten();
    let is_packed = packed.is_some();
    let Some(bytes) = packed.or_else(|| state.console(name)) else {
        return ApiError::new(Code::UnknownRoute, "值班台没有这个文件，请刷新页面").into_response();
    };
    // Files below assets/ carry a digest in their names; the others are asked for again with their tag.
    let tag = format!("\"{}\"", hex::encode(&Sha256::digest(&bytes)[..12]));
    let unchanged = has(header::IF_NONE_MATCH, &tag);
    let mut response = if unchanged {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        axum::body::Body::from(bytes).into_response()
    };
    let caching = if name.starts_with("assets/") { "public, max-age=31536000, immutable" } else { "no-cache" };
    let set = [
        (header::CONTENT_TYPE, content_type(name)),
        (header::CACHE_CONTROL, caching),
        (header::VARY, "accept-encoding"),
    ];
    let kept = response.headers_mut();
    set.into_iter().for_each(|(name, value)| _ = kept.insert(name, HeaderValue::from_static(value)));
    if is_packed {
        kept.insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        kept.insert(header::ETAG, tag);
    }
    response
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js" | "mjs") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("json" | "webmanifest" | "map") => "application/json",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}
