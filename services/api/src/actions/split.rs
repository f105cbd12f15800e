//! `POST /api/v1/matters/{no}/split`

use axum::extract::State;
use axum::response::Response;
use huiyin_domain::MatterNo;
use huiyin_ledger::MergeRequest;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Action, answer};
use crate::ApiState;
use crate::matters::{matter_no, visible};
use crate::openapi::ActionRefusals;
use crate::problem::{ApiError, Code};
use crate::wire::MatterView;

/// Body of `split`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct SplitRequest {
    /// The matter to split off. Left out when the path names that matter itself.
    other: Option<String>,
}

/// 拆分
///
/// Splits `other`, merged into this matter before, off again; the answer shows the matter it was merged into.
#[utoipa::path(
    post,
    path = "/api/v1/matters/{no}/split",
    tag = "actions",
    params(
        ("no" = String, Path, description = "Public number of the matter"),
        ("If-Match" = Option<String>, Header, description = "`ETag` the decision rests on"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes repeating safe; at most 200 visible characters"),
    ),
    request_body = SplitRequest,
    responses(
        (status = 200, description = "The matter after it", body = MatterView, headers(("ETag" = String))),
        ActionRefusals,
    ),
)]
pub(crate) async fn split(State(state): State<ApiState>, action: Action<SplitRequest>) -> Result<Response, ApiError> {
    let matter = visible(&state, &action.no, &action.actor).await?;
    let Action { no, actor, body, if_match, idempotency } = action;
    let (survivor, other, if_match) = match (&body.other, &matter.merged_into) {
        (Some(other), _) => (no, matter_no(other).map_err(|error| error.field("other"))?, if_match),
        (None, Some(survivor)) => {
            // `If-Match` is about the matter in the path; the ledger would compare it with the one that survived.
            if let Some(seen) = if_match.filter(|seen| *seen != matter.decided_version) {
                let detail =
                    format!("该事项已变更：您看到的是版本 {seen}，现为版本 {}，请刷新", matter.decided_version);
                return Err(ApiError::new(Code::Conflict, detail).changed(matter.decided_version, None));
            }
            (survivor.clone(), no, None)
        }
        (None, None) => {
            return Err(ApiError::new(Code::Invalid, "请用 other 写明要拆分出去的事项编号").field("other"));
        }
    };
    split_off(&state, survivor, other, actor, if_match, idempotency).await
}

async fn split_off(
    state: &ApiState,
    survivor: MatterNo,
    other: MatterNo,
    actor: huiyin_domain::Actor,
    if_match: Option<u64>,
    idempotency: Option<huiyin_ledger::Idempotency>,
) -> Result<Response, ApiError> {
    visible(state, &other, &actor).await.map_err(|error| error.field("other"))?;
    let request = MergeRequest { survivor: survivor.clone(), other, actor: actor.clone(), if_match, idempotency };
    let outcome = state.ledger().split(request).await;
    answer(state, &survivor, &actor, outcome).await
}
