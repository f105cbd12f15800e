//! `GET /readyz`

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Serialize;
use utoipa::ToSchema;

use crate::ApiState;

/// How long one check may take.
const CHECK: Duration = Duration::from_secs(3);

/// Whether requests can be served now.
#[derive(Serialize, ToSchema)]
pub(crate) struct Readiness {
    /// Every check passed.
    ready: bool,
    /// The checks.
    checks: Vec<Check>,
}

/// One thing that is needed.
#[derive(Serialize, ToSchema)]
struct Check {
    /// `store`, `log` or `catalogue`.
    name: &'static str,
    /// It can be used now.
    ready: bool,
    /// What is the matter, in Chinese.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<&'static str>,
}

/// 就绪检查
#[utoipa::path(
    get,
    path = "/readyz",
    tag = "operations",
    security(()),
    responses(
        (status = 200, description = "Ready", body = Readiness),
        (status = 503, description = "Not ready; `checks` says what is missing", body = Readiness),
    ),
)]
pub(crate) async fn ready(State(state): State<ApiState>) -> (StatusCode, Json<Readiness>) {
    let (store, log) = tokio::join!(
        tokio::time::timeout(CHECK, state.store().ready()),
        tokio::time::timeout(CHECK, state.log().ready()),
    );
    if let Ok(Err(error)) = &store {
        tracing::warn!(%error, "the store is not ready");
    }
    if let Ok(Err(error)) = &log {
        tracing::warn!(%error, "the log is not ready");
    }
    let check = |name, ready: bool, detail| Check { name, ready, detail: (!ready).then_some(detail) };
    let checks = vec![
        check("store", matches!(store, Ok(Ok(()))), "数据库不可用"),
        check("log", matches!(log, Ok(Ok(()))), "消息日志不可用"),
        check("catalogue", state.catalogue_in_force().is_some(), "职责目录尚未载入"),
    ];
    let ready = checks.iter().all(|check| check.ready);
    let status = if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    (status, Json(Readiness { ready, checks }))
}
