//! `GET /api/v1/briefings/{month}/briefing.docx`, `.html` and `.xlsx`

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Response};
use huiyin_briefings::{Format, month_matters};

use super::{briefing, failed, month};
use crate::ApiState;
use crate::auth::Office;
use crate::extract::PathOf;
use crate::openapi::BriefingRefusals;
use crate::problem::{ApiError, Code};

/// 下载月度通报
///
/// Word, one HTML page, or the Excel annex with every table and the month's part of the ledger.
#[utoipa::path(
    get,
    path = "/api/v1/briefings/{month}/{file}",
    operation_id = "download_briefing",
    tag = "office",
    params(
        ("month" = String, Path, description = "`YYYY-MM`, Beijing time"),
        ("file" = String, Path, description = "`briefing.docx`, `briefing.html` or `briefing.xlsx`"),
    ),
    responses(
        (status = 200, description = "The file", content((Vec<u8> = "application/octet-stream")), headers(("Content-Disposition" = String))),
        BriefingRefusals,
    ),
)]
pub(crate) async fn download(
    State(state): State<ApiState>,
    _: Office,
    PathOf((text, file)): PathOf<(String, String)>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let month = month(&text)?;
    let wanted = Format::ALL.into_iter().find(|format| file == format!("briefing.{}", format.extension()));
    let missing =
        || ApiError::new(Code::NotFound, "没有这个文件，可下载 briefing.docx、briefing.html 或 briefing.xlsx");
    let format = wanted.ok_or_else(missing)?;
    let briefing = briefing(&state, month, console(&headers)).await?;
    let matters = match format {
        Format::Xlsx => month_matters(state.store(), month).await.map_err(failed)?,
        _ => Vec::new(),
    };
    let name = briefing.file_name(format);
    let written = tokio::task::spawn_blocking(move || briefing.write(format, &matters)).await;
    let bytes = written.map_err(|error| ApiError::internal("writing a briefing", &error))?.map_err(failed)?;
    let kind = HeaderValue::from_static(format.media_type());
    let disposition = disposition(&format!("briefing-{month}.{}", format.extension()), &name);
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, disposition)], bytes).into_response())
}

/// Where the reader's browser has the console: figures in a kept file link back to it.
fn console(headers: &HeaderMap) -> Option<String> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let host = text("host").filter(|host| {
        host.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b':' | b'[' | b']'))
    })?;
    let scheme = if text("x-forwarded-proto") == Some("https") { "https" } else { "http" };
    Some(format!("{scheme}://{host}"))
}

/// An attachment under a Chinese name, with a plain one for old programs (RFC 6266).
fn disposition(plain: &str, name: &str) -> HeaderValue {
    let encoded: String = name
        .bytes()
        .map(|byte| {
            let kept = byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
            if kept { char::from(byte).to_string() } else { format!("%{byte:02X}") }
        })
        .collect();
    HeaderValue::from_str(&format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{encoded}"))
        .expect("a percent-encoded name is ASCII")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_back_to_where_the_reader_came_from() {
        for (host, proto, expected) in [
            (Some("10.0.0.5:8460"), None, Some("http://10.0.0.5:8460")),
            (Some("huiyin.example"), Some("https"), Some("https://huiyin.example")),
            (Some("a\"><script>"), None, None),
            (None, None, None),
        ] {
            let mut headers = HeaderMap::new();
            for (name, value) in [("host", host), ("x-forwarded-proto", proto)] {
                if let Some(value) = value {
                    headers.insert(name, HeaderValue::from_str(value).unwrap());
                }
            }
            assert_eq!(console(&headers).as_deref(), expected);
        }
        let named = disposition("briefing-2026-11.docx", "通报(2026年11月).docx");
        assert!(named.to_str().unwrap().ends_with("UTF-8''%E9%80%9A%E6%8A%A5%282026%E5%B9%B411%E6%9C%88%29.docx"));
    }
}
