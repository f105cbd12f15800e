//! `/api/v1/alerts/rules`

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use huiyin_alerts::RuleDraft;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{Manager, unit};
use crate::ApiState;
use crate::auth::Office;
use crate::extract::{JsonBody, PathOf};
use crate::openapi::{ChangeRefusals, ReadRefusals};
use crate::problem::ApiError;
use crate::wire::{RuleList, RuleView};

/// A rule to be made or to replace one.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RuleRequest {
    /// Name shown.
    name: String,
    /// Number of the channel; a rule stays with its channel.
    channel: i64,
    /// Ids of units concerned; empty for any.
    #[serde(default)]
    units: Vec<String>,
    /// Grades: `extreme`, `major`, `considerable`, `ordinary`; empty for any.
    #[serde(default)]
    grades: Vec<String>,
    /// Kinds of event: `danger`, `assigned`, `overridden`, `rejected`, `deadline_passed`, `supervised`, `responded`,
    /// `committed`, `commitment_due`, `closed`; empty for any.
    #[serde(default)]
    kinds: Vec<String>,
    /// Codes of places, each with everything below it; empty for any.
    #[serde(default)]
    places: Vec<String>,
    /// Switched on; true when left out.
    #[serde(default = "on")]
    enabled: bool,
}

fn on() -> bool {
    true
}

impl RuleRequest {
    fn draft(self, state: &ApiState) -> Result<RuleDraft, ApiError> {
        for id in &self.units {
            unit(state, "units", id)?;
        }
        let RuleRequest { name, channel, units, grades, kinds, places, enabled } = self;
        Ok(RuleDraft { name, channel, units, grades, kinds, places, enabled })
    }
}

/// 提醒规则
#[utoipa::path(
    get,
    path = "/api/v1/alerts/rules",
    operation_id = "list_alert_rules",
    tag = "alerts",
    responses((status = 200, description = "Rules", body = RuleList), ReadRefusals),
)]
pub(crate) async fn list(State(state): State<ApiState>, _: Office) -> Result<Json<RuleList>, ApiError> {
    Ok(Json(RuleList { rules: state.store().alert_rules().await?.into_iter().map(RuleView::of).collect() }))
}

/// 新建提醒规则
#[utoipa::path(
    post,
    path = "/api/v1/alerts/rules",
    operation_id = "create_alert_rule",
    tag = "alerts",
    request_body = RuleRequest,
    responses((status = 201, description = "The rule", body = RuleView), ChangeRefusals),
)]
pub(crate) async fn create(
    State(state): State<ApiState>,
    _: Manager,
    body: JsonBody<RuleRequest>,
) -> Result<(StatusCode, Json<RuleView>), ApiError> {
    let draft = body.value.draft(&state)?;
    Ok((StatusCode::CREATED, Json(RuleView::of(state.alerts().create_rule(draft).await?))))
}

/// 修改提醒规则
#[utoipa::path(
    put,
    path = "/api/v1/alerts/rules/{id}",
    operation_id = "change_alert_rule",
    tag = "alerts",
    params(("id" = i64, Path, description = "Number of the rule")),
    request_body = RuleRequest,
    responses((status = 200, description = "The rule after it", body = RuleView), ChangeRefusals),
)]
pub(crate) async fn change(
    State(state): State<ApiState>,
    _: Manager,
    PathOf(id): PathOf<i64>,
    body: JsonBody<RuleRequest>,
) -> Result<Json<RuleView>, ApiError> {
    let draft = body.value.draft(&state)?;
    Ok(Json(RuleView::of(state.alerts().change_rule(id, draft).await?)))
}

/// 删除提醒规则
#[utoipa::path(
    delete,
    path = "/api/v1/alerts/rules/{id}",
    operation_id = "remove_alert_rule",
    tag = "alerts",
    params(("id" = i64, Path, description = "Number of the rule")),
    responses((status = 204, description = "Removed"), ChangeRefusals),
)]
pub(crate) async fn remove(
    State(state): State<ApiState>,
    _: Manager,
    PathOf(id): PathOf<i64>,
) -> Result<StatusCode, ApiError> {
    state.alerts().remove_rule(id).await?;
    Ok(StatusCode::NO_CONTENT)
}
