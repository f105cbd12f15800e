//! `POST /api/v1/matters/{no}/commit`

use axum::extract::State;
use axum::response::Response;
use huiyin_domain::matter::Command;
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::ToSchema;

use super::Action;
use crate::ApiState;
use crate::openapi::ActionRefusals;
use crate::problem::ApiError;
use crate::wire::MatterView;

/// Body of `commit`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CommitRequest {
    /// The assignment by its number; may be left out when just one fits.
    assignment: Option<u32>,
    /// Due by the end of this day, Beijing time.
    due: Date,
    /// The promise was made public.
    #[serde(default)]
    published: bool,
    /// What is promised.
    text: String,
}

/// 承诺
///
/// Records a promise.
#[utoipa::path(
    post,
    path = "/api/v1/matters/{no}/commit",
    tag = "actions",
    params(
        ("no" = String, Path, description = "Public number of the matter"),
        ("If-Match" = Option<String>, Header, description = "`ETag` the decision rests on"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes repeating safe; at most 200 visible characters"),
    ),
    request_body = CommitRequest,
    responses(
        (status = 200, description = "The matter after it", body = MatterView, headers(("ETag" = String))),
        ActionRefusals,
    ),
)]
pub(crate) async fn commit(State(state): State<ApiState>, action: Action<CommitRequest>) -> Result<Response, ApiError> {
    action
        .perform(&state, |body| Command::Commit {
            assignment: body.assignment,
            due: body.due,
            published: body.published,
            text: body.text,
        })
        .await
}
