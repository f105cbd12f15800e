//! `POST /api/v1/matters/{no}/further`

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use huiyin_domain::SystemCode;
use huiyin_ledger::FurtherRequest as LedgerRequest;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Action, answer};
use crate::ApiState;
use crate::matters::visible;
use crate::openapi::ActionRefusals;
use crate::problem::{ApiError, Code};
use crate::wire::MatterView;

/// Body of `further`.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct FurtherRequest {
    /// The line of work of the further concern, as the assessment of the first post names it.
    system: String,
}

/// 另立事项
///
/// Opens a further concern of the first post as a matter of its own; the answer shows the new matter. The post goes on
/// belonging to this one, and both show it.
#[utoipa::path(
    post,
    path = "/api/v1/matters/{no}/further",
    tag = "actions",
    params(
        ("no" = String, Path, description = "Public number of the matter"),
        ("If-Match" = Option<String>, Header, description = "`ETag` the decision rests on"),
        ("Idempotency-Key" = Option<String>, Header, description = "Makes repeating safe; at most 200 visible characters"),
    ),
    request_body = FurtherRequest,
    responses(
        (status = 201, description = "The new matter", body = MatterView, headers(("ETag" = String), ("Location" = String))),
        ActionRefusals,
    ),
)]
pub(crate) async fn further(
    State(state): State<ApiState>,
    action: Action<FurtherRequest>,
) -> Result<Response, ApiError> {
    let Action { no, actor, body, if_match, idempotency } = action;
    visible(&state, &no, &actor).await?;
    let system = body.system.trim();
    if system.is_empty() {
        return Err(ApiError::new(Code::Invalid, "请用 system 写明要另立的诉求所属系统").field("system"));
    }
    let system = SystemCode::new(system);
    let request = LedgerRequest { matter: no.clone(), system, actor: actor.clone(), if_match, idempotency };
    let outcome = state.ledger().open_further(request).await;
    let opened = outcome.as_ref().ok().map(|acted| acted.matter.no.clone());
    let mut response = answer(&state, &no, &actor, outcome).await?;
    *response.status_mut() = StatusCode::CREATED;
    let location = opened.and_then(|no| HeaderValue::try_from(format!("/api/v1/matters/{no}")).ok());
    if let Some(location) = location {
        response.headers_mut().insert(header::LOCATION, location);
    }
    Ok(response)
}
