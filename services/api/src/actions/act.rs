//! `POST /api/v1/matters/{no}/act`

use axum::extract::State;
use axum::response::Response;
use huiyin_domain::matter::{Command, StepKind};
use serde::Deserialize;
use utoipa::ToSchema;

use super::Action;
use crate::ApiState;
use crate::openapi::ActionRefusals;
use crate::problem::ApiError;
use crate::wire::MatterView;

/// Body of `act`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ActRequest {
    /// The assignment by its number; may be left out when just one fits.
    assignment: Option<u32>,
    /// `verification` (核查报告) or `measure` (处置举措).
    #[schema(value_type = String, examples("measure"))]
    kind: StepKind,
    /// What was done.
    text: String,
    /// Link to the evidence.
    link: Option<String>,
}

/// 处置
///
/// Records a follow-up step or the verification report.
#[utoipa::path(
    post,
    path = "/api/v1/matters/{no}/act",
    tag = "actions",
    params(
        ("no" = String, Path, description = "Public number of the matter"),
        ("If-Match" = Option<String>, Header, description = "`ETag` the decision rests on"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes repeating safe; at most 200 visible characters"),
    ),
    request_body = ActRequest,
    responses(
        (status = 200, description = "The matter after it", body = MatterView, headers(("ETag" = String))),
        ActionRefusals,
    ),
)]
pub(crate) async fn act(State(state): State<ApiState>, action: Action<ActRequest>) -> Result<Response, ApiError> {
    action
        .perform(&state, |body| Command::Act {
            assignment: body.assignment,
            kind: body.kind,
            text: body.text,
            link: body.link,
        })
        .await
}
