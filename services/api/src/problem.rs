//! The one shape of every error: problem+json (RFC 9457), detail in Chinese, code in English and stable.

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::wire::ClaimView;

/// An answer that refuses a request. Never carries internal text: causes are logged, not sent.
#[derive(Debug, thiserror::Error)]
#[error("{}: {}", .0.code, .0.detail)]
pub(crate) struct ApiError(Box<Problem>);

/// Body of an error answer, `application/problem+json`.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct Problem {
    /// `urn:huiyin:problem:` and the code.
    #[serde(rename = "type")]
    kind: String,
    /// Short Chinese title of this kind of problem.
    title: &'static str,
    /// HTTP status.
    status: u16,
    /// What happened and what to do, in Chinese.
    detail: String,
    /// Stable English word for programs.
    code: &'static str,
    /// The field, parameter or header it is about.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    /// Line of the body, from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u64>,
    /// The matter's version that is decided now; send it as `If-Match`.
    #[serde(skip_serializing_if = "Option::is_none")]
    current_version: Option<u64>,
    /// Who did what when, since the version that was named.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_change: Option<LastChange>,
    /// Who works on the matter.
    #[serde(skip_serializing_if = "Option::is_none")]
    claim: Option<ClaimView>,
    /// Names that come near the one refused.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    candidates: Vec<String>,
    /// 0, when all of a push was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    accepted: Option<u64>,
    /// 0, when all of a push was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    repeated: Option<u64>,
    /// Lines refused, when all of a push were.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    refused: Vec<RefusedLine>,
    #[serde(skip)]
    retry_after_seconds: Option<u32>,
}

/// Who did what when to a matter.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct LastChange {
    /// Version of the matter after the change.
    pub(crate) version: u64,
    /// Login name, `token:NAME` or `huiyin`.
    pub(crate) by: String,
    /// Role of who acted.
    pub(crate) role: &'static str,
    /// Kind of the ledger entry.
    pub(crate) kind: &'static str,
    /// The same in Chinese.
    pub(crate) what: &'static str,
    /// When.
    pub(crate) at: Timestamp,
}

/// One line of a push that was not taken.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub(crate) struct RefusedLine {
    /// Line of the body (NDJSON) or place in the array, from 1.
    pub(crate) line: u64,
    /// The field at fault, or `line` for the line as a whole.
    pub(crate) field: &'static str,
    /// What is wrong, in Chinese.
    pub(crate) reason: String,
    /// What to do about it, in Chinese.
    pub(crate) remedy: String,
}

/// Kinds of problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Code {
    Malformed,
    Unauthenticated,
    InvalidCredentials,
    Forbidden,
    CrossSite,
    NotFound,
    UnknownRoute,
    MethodNotAllowed,
    Conflict,
    State,
    UndoExpired,
    UndoRefused,
    Claimed,
    TooLarge,
    UnsupportedMediaType,
    Invalid,
    UnknownUnit,
    KeyReused,
    AllRefused,
    TooManyRequests,
    Internal,
    Unavailable,
}

impl Code {
    fn facts(self) -> (StatusCode, &'static str, &'static str) {
        match self {
            Code::Malformed => (StatusCode::BAD_REQUEST, "malformed", "请求格式有误"),
            Code::Unauthenticated => (StatusCode::UNAUTHORIZED, "unauthenticated", "尚未登录"),
            Code::InvalidCredentials => (StatusCode::UNAUTHORIZED, "invalid_credentials", "登录失败"),
            Code::Forbidden => (StatusCode::FORBIDDEN, "forbidden", "没有权限"),
            Code::CrossSite => (StatusCode::FORBIDDEN, "cross_site", "请求来源不符"),
            Code::NotFound => (StatusCode::NOT_FOUND, "not_found", "没有找到"),
            Code::UnknownRoute => (StatusCode::NOT_FOUND, "unknown_route", "没有这个地址"),
            Code::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", "请求方法不适用"),
            Code::Conflict => (StatusCode::CONFLICT, "conflict", "事项已被他人变更"),
            Code::State => (StatusCode::CONFLICT, "state", "当前状态不能办理"),
            Code::UndoExpired => (StatusCode::CONFLICT, "undo_expired", "撤销时间已过"),
            Code::UndoRefused => (StatusCode::CONFLICT, "undo_refused", "不能撤销"),
            Code::Claimed => (StatusCode::CONFLICT, "claimed", "他人正在办理"),
            Code::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, "too_large", "内容过大"),
            Code::UnsupportedMediaType => {
                (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type", "内容类型不支持")
            }
            Code::Invalid => (StatusCode::UNPROCESSABLE_ENTITY, "invalid", "内容有误"),
            Code::UnknownUnit => (StatusCode::UNPROCESSABLE_ENTITY, "unknown_unit", "职责目录中没有该单位"),
            Code::KeyReused => (StatusCode::UNPROCESSABLE_ENTITY, "key_reused", "幂等键已用于其他请求"),
            Code::AllRefused => (StatusCode::UNPROCESSABLE_ENTITY, "all_refused", "全部网帖未被接收"),
            Code::TooManyRequests => (StatusCode::TOO_MANY_REQUESTS, "too_many_requests", "请求过多"),
            Code::Internal => (StatusCode::INTERNAL_SERVER_ERROR, "internal", "系统内部错误"),
            Code::Unavailable => (StatusCode::SERVICE_UNAVAILABLE, "unavailable", "服务暂不可用"),
        }
    }
}

impl ApiError {
    /// A problem of this kind with its detail for the reader.
    pub(crate) fn new(code: Code, detail: impl Into<String>) -> ApiError {
        let (status, word, title) = code.facts();
        ApiError(Box::new(Problem {
            kind: format!("urn:huiyin:problem:{word}"),
            title,
            status: status.as_u16(),
            detail: detail.into(),
            code: word,
            field: None,
            line: None,
            current_version: None,
            last_change: None,
            claim: None,
            candidates: Vec::new(),
            accepted: None,
            repeated: None,
            refused: Vec::new(),
            retry_after_seconds: None,
        }))
    }

    /// No login, or one that no longer holds.
    pub(crate) fn unauthenticated(detail: impl Into<String>) -> ApiError {
        ApiError::new(Code::Unauthenticated, detail)
    }

    /// The role or unit may not.
    pub(crate) fn forbidden(detail: impl Into<String>) -> ApiError {
        ApiError::new(Code::Forbidden, detail)
    }

    /// A fault of ours. The cause goes to the log only.
    pub(crate) fn internal(doing: &'static str, cause: &dyn std::error::Error) -> ApiError {
        tracing::error!(doing, error = %Chain(cause), "request failed");
        ApiError::new(
            Code::Internal,
            "系统内部错误，操作未完成。请稍后重试；如仍失败，请把响应头 X-Request-Id 告知管理员",
        )
    }

    /// A fault that may pass. The cause goes to the log only.
    pub(crate) fn unavailable(doing: &'static str, cause: &dyn std::error::Error) -> ApiError {
        tracing::warn!(doing, error = %Chain(cause), "request failed for now");
        ApiError::new(Code::Unavailable, "服务暂不可用，操作未完成，请稍后重试").retry_after(5)
    }

    pub(crate) fn field(mut self, field: impl Into<String>) -> ApiError {
        self.0.field = Some(field.into());
        self
    }

    pub(crate) fn line(mut self, line: u64) -> ApiError {
        self.0.line = Some(line);
        self
    }

    pub(crate) fn retry_after(mut self, seconds: u32) -> ApiError {
        self.0.retry_after_seconds = Some(seconds);
        self
    }

    pub(crate) fn changed(mut self, current_version: u64, last_change: Option<LastChange>) -> ApiError {
        self.0.current_version = Some(current_version);
        self.0.last_change = last_change;
        self
    }

    pub(crate) fn claimed(mut self, claim: ClaimView) -> ApiError {
        self.0.claim = Some(claim);
        self
    }

    pub(crate) fn candidates(mut self, names: Vec<String>) -> ApiError {
        self.0.candidates = names;
        self
    }

    /// All of a push was refused; the answer has the same fields as that to one that was taken.
    pub(crate) fn refused(mut self, lines: Vec<RefusedLine>) -> ApiError {
        (self.0.accepted, self.0.repeated, self.0.refused) = (Some(0), Some(0), lines);
        self
    }

    pub(crate) fn status(&self) -> StatusCode {
        StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    /// What it says, for tests that read it without a response.
    #[cfg(test)]
    pub(crate) fn detail(&self) -> &str {
        &self.0.detail
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let status = self.status();
        let retry_after = self.0.retry_after_seconds;
        let mut response = (status, Json(*self.0)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"huiyin\""));
        }
        if let Some(seconds) = retry_after {
            headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// An error with its causes, on one line.
struct Chain<'e>(&'e dyn std::error::Error);

impl std::fmt::Display for Chain<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.0)?;
        let mut cause = self.0.source();
        while let Some(error) = cause {
            write!(f, ": {error}")?;
            cause = error.source();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_follow_the_kind() {
        for (error, status, header, value) in [
            (ApiError::unauthenticated("x"), 401, "www-authenticate", Some("Bearer realm=\"huiyin\"")),
            (ApiError::new(Code::TooManyRequests, "x").retry_after(7), 429, "retry-after", Some("7")),
            (ApiError::forbidden("x"), 403, "retry-after", None),
        ] {
            let response = error.into_response();
            assert_eq!(response.status(), status);
            assert_eq!(response.headers()["content-type"], "application/problem+json");
            assert_eq!(response.headers().get(header).map(|value| value.to_str().unwrap()), value, "{header}");
        }
    }

    #[test]
    fn an_internal_error_tells_nothing_of_its_cause() {
        let cause = std::io::Error::other("disk /var/secret broke");
        let error = ApiError::internal("reading a matter", &cause);
        assert!(!serde_json::to_string(&*error.0).unwrap().contains("secret"));
    }
}
