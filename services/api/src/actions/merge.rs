//! `POST /api/v1/matters/{no}/merge`

use axum::extract::State;
use axum::response::Response;
use huiyin_ledger::MergeRequest as LedgerRequest;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Action, answer};
use crate::ApiState;
use crate::matters::{matter_no, visible};
use crate::openapi::ActionRefusals;
use crate::problem::ApiError;
use crate::wire::MatterView;

/// Body of `merge`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct MergeRequest {
    /// The other matter, which is merged into this one.
    other: String,
}

/// 合并
///
/// Merges `other` into this matter; the other number then redirects here and can be split off again.
#[utoipa::path(
    post,
    path = "/api/v1/matters/{no}/merge",
    tag = "actions",
    params(
        ("no" = String, Path, description = "Public number of the matter"),
        ("If-Match" = Option<String>, Header, description = "`ETag` the decision rests on"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes repeating safe; at most 200 visible characters"),
    ),
    request_body = MergeRequest,
    responses(
        (status = 200, description = "The matter after it", body = MatterView, headers(("ETag" = String))),
        ActionRefusals,
    ),
)]
pub(crate) async fn merge(State(state): State<ApiState>, action: Action<MergeRequest>) -> Result<Response, ApiError> {
    let Action { no, actor, body, if_match, idempotency } = action;
    let other = matter_no(&body.other).map_err(|error| error.field("other"))?;
    visible(&state, &no, &actor).await?;
    visible(&state, &other, &actor).await.map_err(|error| error.field("other"))?;
    let request = LedgerRequest { survivor: no.clone(), other, actor: actor.clone(), if_match, idempotency };
    let outcome = state.ledger().merge(request).await;
    answer(&state, &no, &actor, outcome).await
}
