//! `POST /api/v1/matters/{no}/undo`

use axum::extract::State;
use axum::response::Response;
use huiyin_ledger::UndoRequest;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Action, answer};
use crate::ApiState;
use crate::matters::visible;
use crate::openapi::ActionRefusals;
use crate::problem::ApiError;
use crate::wire::MatterView;

/// Body of `undo`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UndoBody {
    /// Why.
    reason: Option<String>,
}

/// 撤销
///
/// Takes back the caller's own last action (assign, grade, dismiss, close, supervise, reopen) within `undo_seconds`, while
/// nothing was decided since; nothing of it has gone out until then. `If-Match` is the `ETag` that action answered with.
/// Refused with `undo_expired` or `undo_refused`. A merge is taken back by `split`.
#[utoipa::path(
    post,
    path = "/api/v1/matters/{no}/undo",
    tag = "actions",
    params(
        ("no" = String, Path, description = "Public number of the matter"),
        ("If-Match" = Option<String>, Header, description = "`ETag` after the action to take back"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes repeating safe; at most 200 visible characters"),
    ),
    request_body = UndoBody,
    responses(
        (status = 200, description = "The matter after it", body = MatterView, headers(("ETag" = String))),
        ActionRefusals,
    ),
)]
pub(crate) async fn undo(State(state): State<ApiState>, action: Action<UndoBody>) -> Result<Response, ApiError> {
    visible(&state, &action.no, &action.actor).await?;
    let Action { no, actor, body, if_match, idempotency } = action;
    let request = UndoRequest { matter: no.clone(), reason: body.reason, actor: actor.clone(), if_match, idempotency };
    let outcome = state.ledger().undo(request).await;
    answer(&state, &no, &actor, outcome).await
}
