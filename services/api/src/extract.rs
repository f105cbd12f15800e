//! Extractors whose refusals are problems: JSON bodies, queries and paths.

use axum::body::Body;
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::ApiState;
use crate::problem::{ApiError, Code};

/// A JSON body with the digest that tells one request from another under the same `Idempotency-Key`.
/// An empty body counts as `{}`.
pub(crate) struct JsonBody<T> {
    pub(crate) value: T,
    /// SHA-256 over path and body.
    pub(crate) digest: [u8; 32],
}

/// A query string.
pub(crate) struct QueryOf<T>(pub(crate) T);

/// The parameters of a path.
pub(crate) struct PathOf<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<ApiState> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &ApiState) -> Result<Self, ApiError> {
        let path = request.uri().path().to_owned();
        let is_json = is_json(request.headers());
        let headers = request.headers().clone();
        let bytes = read_body(&headers, request.into_body(), state.settings().json_bytes_max).await?;
        if !bytes.is_empty() && !is_json {
            return Err(ApiError::new(
                Code::UnsupportedMediaType,
                "请求体须为 JSON，请设置 Content-Type: application/json",
            )
            .field("Content-Type"));
        }
        let mut hasher = Sha256::new();
        hasher.update(path.as_bytes());
        hasher.update([0]);
        hasher.update(&bytes);
        let content: &[u8] = if bytes.is_empty() { b"{}" } else { &bytes };
        let axum::Json(value) = axum::Json::<T>::from_bytes(content).map_err(|rejection| {
            let cause =
                std::error::Error::source(&rejection).map_or_else(|| rejection.body_text(), ToString::to_string);
            malformed_json(&cause)
        })?;
        Ok(JsonBody { value, digest: hasher.finalize().into() })
    }
}

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for QueryOf<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let Query(value) = Query::<T>::from_request_parts(parts, state).await.map_err(|rejection| {
            let cause =
                std::error::Error::source(&rejection).map_or_else(|| rejection.body_text(), ToString::to_string);
            let (field, detail) = explain(&cause);
            let error = ApiError::new(Code::Malformed, format!("查询参数有误：{detail}"));
            if let Some(field) = field { error.field(field) } else { error }
        })?;
        Ok(QueryOf(value))
    }
}

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for PathOf<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let found = Path::<T>::from_request_parts(parts, state).await;
        let Path(value) = found.map_err(|_| ApiError::new(Code::Malformed, "地址中的编号无法识别，请核对"))?;
        Ok(PathOf(value))
    }
}

/// Reads a body of at most `bytes_max`.
pub(crate) async fn read_body(headers: &HeaderMap, body: Body, bytes_max: usize) -> Result<Bytes, ApiError> {
    let announced = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse::<u64>().ok());
    if announced.is_some_and(|bytes| bytes > bytes_max as u64) {
        return Err(too_large(bytes_max));
    }
    let mut stream = body.into_data_stream();
    let mut read = BytesMut::new();
    while let Some(chunk) = stream.next().await {
        let chunk = chunk.map_err(|_| ApiError::new(Code::Malformed, "请求体没有传完，请重发"))?;
        if read.len() + chunk.len() > bytes_max {
            return Err(too_large(bytes_max));
        }
        read.extend_from_slice(&chunk);
    }
    Ok(read.freeze())
}

/// 413, naming the limit.
pub(crate) fn too_large(bytes_max: usize) -> ApiError {
    let limit = match bytes_max {
        max if max >= 1 << 20 => format!("{} MB", max >> 20),
        max => format!("{} KB", max >> 10),
    };
    ApiError::new(Code::TooLarge, format!("请求体超过上限 {limit}，请分批提交"))
}

fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    kind == "application/json" || (kind.starts_with("application/") && kind.ends_with("+json"))
}

pub(crate) fn malformed_json(cause: &str) -> ApiError {
    let (field, detail) = explain(cause);
    let line = cause.rsplit_once(" at line ").and_then(|(_, spot)| spot.split(' ').next()?.parse().ok());
    let mut error = ApiError::new(Code::Malformed, format!("请求体不合要求：{detail}"));
    if let Some(line) = line {
        error = error.line(line);
    }
    if let Some(field) = field { error.field(field) } else { error }
}

/// The field and a Chinese wording of a message of serde: `path: what at line l column c`.
fn explain(message: &str) -> (Option<String>, String) {
    let message = message.rsplit_once(" at line ").map_or(message, |(message, _)| message);
    let is_path = |path: &str| !path.contains(' ') && !path.contains('`');
    let (path, what) = match message.split_once(": ") {
        Some((path, what)) if is_path(path) => (Some(path), what),
        _ => (None, message),
    };
    let quoted = |text: &str| text.split('`').nth(1).map(ToOwned::to_owned);
    for (start, chinese) in
        [("missing field", "缺少字段"), ("unknown field", "没有这个字段"), ("duplicate field", "字段重复")]
    {
        if let Some(name) = what.starts_with(start).then(|| quoted(what)).flatten() {
            return (Some(name.clone()), format!("{chinese} {name}"));
        }
    }
    let field = path.filter(|path| *path != "." && *path != "?").map(ToOwned::to_owned);
    let named = field.as_ref().map_or_else(String::new, |field| format!("{field} "));
    let detail = if let Some(rest) = what.strip_prefix("unknown variant ") {
        let options: Vec<&str> = rest.split('`').skip(3).step_by(2).collect();
        format!("{named}的取值不认识，可用：{}", options.join("、"))
    } else if what.starts_with("invalid type") || what.starts_with("invalid value") {
        format!("{named}的类型或取值不对（{what}）")
    } else if field.is_some() {
        format!("{named}的写法不对（{what}）")
    } else {
        format!("无法解析（{what}）")
    };
    (field, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_told_in_chinese_with_their_field() {
        for (message, field, says) in [
            ("reason: missing field `reason` at line 1 column 2", Some("reason"), "缺少字段 reason"),
            ("missing field `reason` at line 1 column 2", Some("reason"), "缺少字段 reason"),
            (
                "raeson: unknown field `raeson`, expected `reason` at line 1 column 9",
                Some("raeson"),
                "没有这个字段 raeson",
            ),
            (
                "kind: unknown variant `x`, expected one of `holding`, `final` at line 1 column 9",
                Some("kind"),
                "holding、final",
            ),
            (
                "due: invalid type: integer `1`, expected a string at line 3 column 9",
                Some("due"),
                "due 的类型或取值不对",
            ),
            ("EOF while parsing a value at line 1 column 0", None, "无法解析"),
            ("limit: invalid digit found in string", Some("limit"), "limit 的写法不对"),
        ] {
            let (found, detail) = explain(message);
            assert_eq!(found.as_deref(), field, "{message}");
            assert!(detail.contains(says), "{message}: {detail}");
        }
    }
}
