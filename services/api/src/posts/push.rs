//! `POST /api/v1/posts`

use std::io::Read;

use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use flate2::read::MultiGzDecoder;
use huiyin_ingest::{IngestError, RawPost, Receipt, Reception, Refused, SourceHealth, SourceKind, parse_push};
use huiyin_stream::LogError;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

use crate::ApiState;
use crate::auth::Pusher;
use crate::extract::{QueryOf, read_body, too_large};
use crate::openapi::PushRefusals;
use crate::problem::{ApiError, Code, RefusedLine};

/// Where the posts come from.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct PushQuery {
    /// Source of posts that name none; the header `X-Huiyin-Source` may say it too.
    source: Option<String>,
    /// Code or name of a place, for posts that give none.
    default_place: Option<String>,
    /// Old posts: matters are opened without deadlines and alarms.
    backfill: Option<bool>,
}

/// A post as it is pushed. Unknown fields are ignored.
#[derive(ToSchema)]
#[expect(dead_code, reason = "documents the body, which is read line by line")]
pub(crate) struct PostLine {
    /// The source's own id: a ticket or message number, never an account.
    id: String,
    /// Title.
    title: Option<String>,
    /// Text, plain or HTML.
    text: String,
    /// When it was published; without a zone +08:00.
    time: Option<String>,
    /// Code or name of a place.
    place: Option<String>,
    /// Source, when not given for the whole push.
    source: Option<String>,
    /// Link to it.
    url: Option<String>,
}

/// One post or several.
#[derive(ToSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "documents the body, which is read line by line")]
enum PostBody {
    /// One.
    One(PostLine),
    /// Several.
    Several(Vec<PostLine>),
}

/// What became of a push. Every line is in exactly one of `accepted`, `repeated` and `refused`.
#[derive(Serialize, ToSchema)]
pub(crate) struct PushReceipt {
    /// Durable now.
    accepted: u64,
    /// Known already; best effort.
    repeated: u64,
    /// Not taken.
    refused: Vec<RefusedLine>,
    /// Taken, but odd.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<OddLine>,
}

/// Something odd about a line that was taken.
#[derive(Serialize, ToSchema)]
struct OddLine {
    /// Line of the body (NDJSON) or place in the array, from 1.
    line: u64,
    /// The field.
    field: &'static str,
    /// What is odd, in Chinese.
    message: String,
}

type Lines = Vec<(u64, Result<RawPost, Refused>)>;

/// 推送网帖
///
/// A JSON object, a JSON array or NDJSON, also gzipped (`Content-Encoding: gzip`). Idempotent by source and id: pushing
/// again is safe. 202 when anything was taken, 422 with the same list when nothing was.
#[utoipa::path(
    post,
    path = "/api/v1/posts",
    operation_id = "push_posts",
    tag = "posts",
    security(("token" = [])),
    params(PushQuery, ("X-Huiyin-Source" = Option<String>, Header, description = "As `source`")),
    request_body(content((PostBody = "application/json"), (PostLine = "application/x-ndjson"))),
    responses((status = 202, description = "Taken; what is accepted is durable", body = PushReceipt), PushRefusals),
)]
pub(crate) async fn push(
    State(state): State<ApiState>,
    _: Pusher,
    QueryOf(query): QueryOf<PushQuery>,
    headers: HeaderMap,
    body: Body,
) -> Result<(StatusCode, Json<PushReceipt>), ApiError> {
    let busy = |_| ApiError::new(Code::TooManyRequests, "同时推送过多，请稍后重发").retry_after(1);
    let _permit = state.pushes().try_acquire_owned().map_err(busy)?;
    let source = source(query.source, &headers)?;
    let lines = read_lines(&state, &headers, body).await?;
    let reception = Reception {
        received_at: state.now(),
        source,
        source_fixed: false,
        default_place: query.default_place.unwrap_or_default(),
        backfill: query.backfill.unwrap_or(false),
    };
    let (name, at) = (source_of(&reception, &lines), reception.received_at);
    let receipt = state.collector().push(lines, reception).await.map_err(not_taken)?;
    state.health().report(SourceHealth::of_receipt(&name, SourceKind::Push, &receipt, at)).await;
    answer(receipt)
}

/// The source a push is counted under: the one it names, or the one all its posts name.
fn source_of(reception: &Reception, lines: &Lines) -> String {
    if !reception.source.is_empty() {
        return reception.source.clone();
    }
    let mut named = lines.iter().filter_map(|(_, raw)| raw.as_ref().ok()).map(|raw| raw.source.as_str());
    match named.next() {
        Some(first) if named.all(|other| other == first) => first.to_owned(),
        _ => "（多个来源）".to_owned(),
    }
}

fn source(asked: Option<String>, headers: &HeaderMap) -> Result<String, ApiError> {
    let refused = || ApiError::new(Code::Malformed, "X-Huiyin-Source 须为 UTF-8 文字").field("X-Huiyin-Source");
    match (asked, headers.get("x-huiyin-source")) {
        (Some(source), _) => Ok(source),
        (None, Some(value)) => String::from_utf8(value.as_bytes().to_vec()).map_err(|_| refused()),
        (None, None) => Ok(String::new()),
    }
}

async fn read_lines(state: &ApiState, headers: &HeaderMap, body: Body) -> Result<Lines, ApiError> {
    let word =
        |name| headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default().trim().to_ascii_lowercase();
    let kind = word(header::CONTENT_TYPE);
    let media = kind.split(';').next().unwrap_or_default().trim().to_owned();
    let is_json =
        media.is_empty() || media == "text/plain" || (media.starts_with("application/") && media.contains("json"));
    if !is_json {
        let detail = format!("不支持 {media}，请用 application/json 或 application/x-ndjson");
        return Err(ApiError::new(Code::UnsupportedMediaType, detail).field("Content-Type"));
    }
    let gzipped = match word(header::CONTENT_ENCODING).as_str() {
        "" | "identity" => false,
        "gzip" | "x-gzip" => true,
        _ => {
            let detail = "只支持 gzip 压缩，请用 Content-Encoding: gzip 或不压缩";
            return Err(ApiError::new(Code::UnsupportedMediaType, detail).field("Content-Encoding"));
        }
    };
    let bytes_max = state.settings().push_bytes_max;
    let bytes = read_body(headers, body, bytes_max).await?;
    let parsed = tokio::task::spawn_blocking(move || -> Result<Lines, ApiError> {
        let bytes = if gzipped { unzip(&bytes, bytes_max)?.into() } else { bytes };
        Ok(parse_push(&kind, &bytes))
    });
    let lines = parsed.await.map_err(|error| ApiError::internal("reading a push", &error))??;
    if lines.is_empty() {
        return Err(ApiError::new(Code::Malformed, "请求里没有网帖，请提交一个 JSON 对象、数组，或每行一个对象"));
    }
    Ok(lines)
}

fn unzip(bytes: &[u8], bytes_max: usize) -> Result<Vec<u8>, ApiError> {
    let mut plain = Vec::new();
    let read = MultiGzDecoder::new(bytes).take(bytes_max as u64 + 1).read_to_end(&mut plain);
    read.map_err(|_| {
        ApiError::new(Code::Malformed, "gzip 数据损坏或不完整，请重新压缩后提交").field("Content-Encoding")
    })?;
    if plain.len() > bytes_max { Err(too_large(bytes_max)) } else { Ok(plain) }
}

fn answer(receipt: Receipt) -> Result<(StatusCode, Json<PushReceipt>), ApiError> {
    let refused = receipt.refused.into_iter();
    let refused: Vec<RefusedLine> = refused
        .map(|one| RefusedLine { line: one.line, field: one.field, reason: one.reason, remedy: one.remedy })
        .collect();
    if receipt.accepted == 0 && receipt.repeated == 0 && !refused.is_empty() {
        let detail = format!("{}条网帖全部未被接收，原因见 refused", refused.len());
        return Err(ApiError::new(Code::AllRefused, detail).refused(refused));
    }
    let warnings = receipt.warnings.into_iter();
    let warnings = warnings.map(|one| OddLine { line: one.line, field: one.field, message: one.message });
    let (accepted, repeated, warnings) = (receipt.accepted, receipt.repeated, warnings.collect());
    Ok((StatusCode::ACCEPTED, Json(PushReceipt { accepted, repeated, refused, warnings })))
}

fn not_taken(error: IngestError) -> ApiError {
    match &error {
        IngestError::Log(LogError::Busy) => {
            ApiError::new(Code::TooManyRequests, "写入繁忙，请稍后重发；重复推送是安全的").retry_after(2)
        }
        IngestError::Log(LogError::DiskFull { .. }) => {
            tracing::error!("the disk of the log is full");
            ApiError::new(Code::Unavailable, "存储空间已满，未能接收，请联系管理员后重发").retry_after(60)
        }
        IngestError::Log(LogError::Closed) => {
            ApiError::new(Code::Unavailable, "服务正在停止，请稍后重发；重复推送是安全的").retry_after(5)
        }
        error if error.is_retryable() => ApiError::unavailable("appending pushed posts", error),
        error => ApiError::internal("appending pushed posts", error),
    }
}
