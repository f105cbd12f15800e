//! `POST /api/v1/matters/{no}/extend`

use axum::extract::State;
use axum::response::Response;
use huiyin_domain::DeadlineKind;
use huiyin_domain::matter::Command;
use serde::Deserialize;
use utoipa::ToSchema;

use super::Action;
use crate::ApiState;
use crate::openapi::ActionRefusals;
use crate::problem::{ApiError, Code};
use crate::time::parse_instant;
use crate::wire::MatterView;

/// Body of `extend`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExtendRequest {
    /// `information`, `press_conference`, `response`, `sign` or `verification`.
    #[schema(value_type = String, examples("response"))]
    deadline: DeadlineKind,
    /// The assignment it belongs to; none for a deadline of the matter as a whole.
    assignment: Option<u32>,
    /// The new end; without a zone +08:00.
    #[schema(examples("2026-12-01T17:30:00+08:00"))]
    due: String,
    /// Why.
    reason: String,
}

/// 延期
///
/// A leader moves a deadline to a later end.
#[utoipa::path(
    post,
    path = "/api/v1/matters/{no}/extend",
    tag = "actions",
    params(
        ("no" = String, Path, description = "Public number of the matter"),
        ("If-Match" = Option<String>, Header, description = "`ETag` the decision rests on"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes repeating safe; at most 200 visible characters"),
    ),
    request_body = ExtendRequest,
    responses(
        (status = 200, description = "The matter after it", body = MatterView, headers(("ETag" = String))),
        ActionRefusals,
    ),
)]
pub(crate) async fn extend(State(state): State<ApiState>, action: Action<ExtendRequest>) -> Result<Response, ApiError> {
    let due = parse_instant(&action.body.due).ok_or_else(|| {
        ApiError::new(Code::Invalid, "due：时间写法不对，例如 2026-12-01T17:30:00+08:00").field("due")
    })?;
    action
        .perform(&state, |body| Command::Extend {
            deadline: body.deadline,
            assignment: body.assignment,
            due,
            reason: body.reason,
        })
        .await
}
