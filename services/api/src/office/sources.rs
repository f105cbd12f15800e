//! `GET /api/v1/sources`

use axum::Json;
use axum::extract::State;
use huiyin_store::SourceState;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::ApiState;
use crate::auth::Office;
use crate::openapi::ReadRefusals;
use crate::problem::ApiError;

/// Sources with their health.
#[derive(Serialize, ToSchema)]
pub(crate) struct SourceList {
    /// The sources, by name.
    sources: Vec<SourceView>,
}

/// How a source is doing.
#[derive(Serialize, ToSchema)]
struct SourceView {
    /// Its name.
    source: String,
    /// `push`, `file`, `feed` or `topic`.
    kind: String,
    /// `ok`, `unchanged`, `empty` or `failed`.
    state: String,
    /// What the operator should know, in Chinese.
    message: String,
    /// Last try.
    last_try_at: Timestamp,
    /// Last try that reached it.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_ok_at: Option<Timestamp>,
    /// Last try that brought something new.
    #[serde(skip_serializing_if = "Option::is_none")]
    last_change_at: Option<Timestamp>,
    /// Posts accepted so far.
    accepted: u64,
    /// Posts it sent again.
    repeated: u64,
    /// Posts refused.
    refused: u64,
}

/// 来源
#[utoipa::path(
    get,
    path = "/api/v1/sources",
    tag = "office",
    responses((status = 200, description = "Sources", body = SourceList), ReadRefusals),
)]
pub(crate) async fn sources(State(state): State<ApiState>, _: Office) -> Result<Json<SourceList>, ApiError> {
    let sources = state.store().sources().await?.into_iter().map(SourceView::of).collect();
    Ok(Json(SourceList { sources }))
}

impl SourceView {
    fn of(state: SourceState) -> SourceView {
        SourceView {
            source: state.source,
            kind: state.kind,
            state: state.state,
            message: state.message,
            last_try_at: state.last_try_at,
            last_ok_at: state.last_ok_at,
            last_change_at: state.last_change_at,
            accepted: state.accepted,
            repeated: state.repeated,
            refused: state.refused,
        }
    }
}
