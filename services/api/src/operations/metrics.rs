//! `GET /metrics`

use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse;

use crate::ApiState;
use crate::auth::Operator;
use crate::openapi::ReadRefusals;

/// 运行指标
///
/// Prometheus text. For administrators and auditors, and without a login for programs on the same machine whose request
/// did not come through a proxy.
#[utoipa::path(
    get,
    path = "/metrics",
    tag = "operations",
    responses((status = 200, description = "Prometheus text", content_type = "text/plain", body = String), ReadRefusals),
)]
pub(crate) async fn metrics(State(state): State<ApiState>, _: Operator) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8")], state.metrics_text())
}
