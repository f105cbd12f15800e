//! `POST /api/v1/matters/{no}/respond`

use axum::extract::State;
use axum::response::Response;
use huiyin_domain::matter::{Channel, Command, ResponseKind};
use serde::Deserialize;
use utoipa::ToSchema;

use super::Action;
use crate::ApiState;
use crate::openapi::ActionRefusals;
use crate::problem::ApiError;
use crate::wire::MatterView;

/// Body of `respond`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RespondRequest {
    /// The assignment by its number; may be left out when just one fits.
    assignment: Option<u32>,
    /// `holding`, `authoritative` or `final`.
    #[schema(value_type = String, examples("authoritative"))]
    kind: ResponseKind,
    /// `source`, `website`, `social_media`, `press`, `press_conference`, `phone` or `other`.
    #[schema(value_type = String, examples("website"))]
    channel: Channel,
    /// Link to the published answer.
    link: Option<String>,
    /// The answer.
    text: String,
}

/// 回应
///
/// Puts an answer on the record.
#[utoipa::path(
    post,
    path = "/api/v1/matters/{no}/respond",
    tag = "actions",
    params(
        ("no" = String, Path, description = "Public number of the matter"),
        ("If-Match" = Option<String>, Header, description = "`ETag` the decision rests on"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes repeating safe; at most 200 visible characters"),
    ),
    request_body = RespondRequest,
    responses(
        (status = 200, description = "The matter after it", body = MatterView, headers(("ETag" = String))),
        ActionRefusals,
    ),
)]
pub(crate) async fn respond(
    State(state): State<ApiState>,
    action: Action<RespondRequest>,
) -> Result<Response, ApiError> {
    action
        .perform(&state, |body| Command::Respond {
            assignment: body.assignment,
            kind: body.kind,
            channel: body.channel,
            link: body.link,
            text: body.text,
        })
        .await
}
