//! `POST /api/v1/matters/{no}/claim` and `/release`: who works on what, shown to the colleagues.

use axum::Json;
use axum::extract::State;
use huiyin_domain::MatterNo;
use huiyin_ledger::{Claimed, LedgerError};
use huiyin_store::Claim;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::ApiState;
use crate::actions::refused;
use crate::auth::{Actor, Caller};
use crate::extract::{JsonBody, PathOf};
use crate::matters::{matter_no, visible};
use crate::openapi::ActionRefusals;
use crate::problem::{ApiError, Code};
use crate::time::local;
use crate::wire::{ClaimEvent, ClaimView};

/// Body of `claim`.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ClaimRequest {
    /// Take it from whoever holds it.
    take_over: bool,
}

/// Body of `release`.
#[derive(Default, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct ReleaseRequest {}

/// The claim on a matter.
#[derive(Serialize, ToSchema)]
pub(crate) struct ClaimAnswer {
    /// Who works on it; left out when nobody does.
    #[serde(skip_serializing_if = "Option::is_none")]
    claim: Option<ClaimView>,
}

/// 认领
///
/// Says that the caller works on the matter, or prolongs it. It ends after 30 minutes, or when the matter is assigned,
/// dismissed, closed or merged away. It binds nobody. 409 `claimed` while another one holds it, whom `claim` names.
#[utoipa::path(
    post,
    path = "/api/v1/matters/{no}/claim",
    tag = "actions",
    params(("no" = String, Path, description = "Public number of the matter")),
    request_body = ClaimRequest,
    responses((status = 200, description = "The caller's claim", body = ClaimAnswer), ActionRefusals),
)]
pub(crate) async fn claim(
    State(state): State<ApiState>,
    PathOf(no): PathOf<String>,
    Actor(actor): Actor,
    caller: Caller,
    body: JsonBody<ClaimRequest>,
) -> Result<Json<ClaimAnswer>, ApiError> {
    let no = matter_no(&no)?;
    visible(&state, &no, &actor).await?;
    match state.ledger().claim(&no, &actor, &caller.display_name, body.value.take_over).await {
        Ok(Claimed::Held(claim)) => {
            tell(&state, &no, Some(&claim));
            Ok(Json(ClaimAnswer { claim: Some(ClaimView::of(&claim)) }))
        }
        Ok(Claimed::ByAnother(claim)) => Err(held(&claim)),
        Err(LedgerError::Refused(refusal)) => Err(refused(&state, &no, refusal).await),
        Err(error) => Err(error.into()),
    }
}

/// 放弃认领
///
/// Ends the caller's claim; nothing happens when there is none. 409 `claimed` when another one holds it.
#[utoipa::path(
    post,
    path = "/api/v1/matters/{no}/release",
    tag = "actions",
    params(("no" = String, Path, description = "Public number of the matter")),
    request_body = ReleaseRequest,
    responses((status = 200, description = "Nobody's claim", body = ClaimAnswer), ActionRefusals),
)]
pub(crate) async fn release(
    State(state): State<ApiState>,
    PathOf(no): PathOf<String>,
    Actor(actor): Actor,
    _body: JsonBody<ReleaseRequest>,
) -> Result<Json<ClaimAnswer>, ApiError> {
    let no = matter_no(&no)?;
    visible(&state, &no, &actor).await?;
    match state.ledger().release(&no, &actor).await {
        Ok(None) => {
            tell(&state, &no, None);
            Ok(Json(ClaimAnswer { claim: None }))
        }
        Ok(Some(claim)) => Err(held(&claim)),
        Err(LedgerError::Refused(refusal)) => Err(refused(&state, &no, refusal).await),
        Err(error) => Err(error.into()),
    }
}

/// Tells the live events of this process.
pub(crate) fn tell(state: &ApiState, no: &MatterNo, claim: Option<&Claim>) {
    let event = ClaimEvent { matter: no.to_string(), claim: claim.map(ClaimView::of) };
    // Nobody listens: nobody to tell.
    let _ = state.claims().send(event);
}

fn held(claim: &Claim) -> ApiError {
    let detail = format!("{} 自 {} 起正在办理，如需由您办理，请接手", claim.name, local(claim.since));
    ApiError::new(Code::Claimed, detail).claimed(ClaimView::of(claim))
}
