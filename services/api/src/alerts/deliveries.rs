//! `/api/v1/alerts/deliveries`: the log.

use axum::Json;
use axum::extract::State;
use huiyin_store::{DeliveryFilter, DeliveryState};
use serde::Deserialize;
use utoipa::IntoParams;

use super::Duty;
use crate::ApiState;
use crate::auth::Office;
use crate::extract::{PathOf, QueryOf};
use crate::matters::list::{known, limit};
use crate::matters::matter_no;
use crate::openapi::{ChangeRefusals, MatterRefusals, ReadRefusals};
use crate::problem::{ApiError, Code};
use crate::wire::{DeliveryDetail, DeliveryPage};

/// Which deliveries.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[serde(default, deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct DeliveryQuery {
    /// `waiting`, `sent`, `failed` or `dropped`.
    state: Option<String>,
    /// Number of a channel.
    channel: Option<i64>,
    /// Number of a matter.
    matter: Option<String>,
    /// Where the last page ended: its `next`.
    cursor: Option<i64>,
    /// Rows at most, 1 to 200; 50 when left out.
    limit: Option<u32>,
}

/// 投递记录
///
/// Last first. The counts are of the channel and matter asked for, in any state.
#[utoipa::path(
    get,
    path = "/api/v1/alerts/deliveries",
    operation_id = "list_deliveries",
    tag = "alerts",
    params(DeliveryQuery),
    responses((status = 200, description = "A page of deliveries", body = DeliveryPage), ReadRefusals),
)]
pub(crate) async fn list(
    State(state): State<ApiState>,
    _: Office,
    QueryOf(query): QueryOf<DeliveryQuery>,
) -> Result<Json<DeliveryPage>, ApiError> {
    let filter = DeliveryFilter {
        state: query.state.map(|word| known("state", &word, DeliveryState::parse(&word))).transpose()?,
        channel: query.channel,
        matter: query.matter.map(|no| matter_no(&no)).transpose()?,
        before: query.cursor,
        limit: limit(query.limit)?,
    };
    let (deliveries, next) = state.store().deliveries(&filter).await?;
    let counts = state.store().delivery_counts(&filter).await?;
    Ok(Json(DeliveryPage::of(deliveries, next, counts)))
}

/// 一条投递记录
#[utoipa::path(
    get,
    path = "/api/v1/alerts/deliveries/{id}",
    operation_id = "show_delivery",
    tag = "alerts",
    params(("id" = i64, Path, description = "Number of the delivery")),
    responses((status = 200, description = "The delivery with its tries", body = DeliveryDetail), MatterRefusals),
)]
pub(crate) async fn show(
    State(state): State<ApiState>,
    _: Office,
    PathOf(id): PathOf<i64>,
) -> Result<Json<DeliveryDetail>, ApiError> {
    detail(&state, id).await
}

/// 重发
///
/// Has it sent again at once, with the same `webhook-id`.
#[utoipa::path(
    post,
    path = "/api/v1/alerts/deliveries/{id}/resend",
    operation_id = "resend_delivery",
    tag = "alerts",
    params(("id" = i64, Path, description = "Number of the delivery")),
    responses((status = 200, description = "The delivery, waiting again", body = DeliveryDetail), ChangeRefusals),
)]
pub(crate) async fn resend(
    State(state): State<ApiState>,
    _: Duty,
    PathOf(id): PathOf<i64>,
) -> Result<Json<DeliveryDetail>, ApiError> {
    state.alerts().resend(id).await?;
    detail(&state, id).await
}

async fn detail(state: &ApiState, id: i64) -> Result<Json<DeliveryDetail>, ApiError> {
    let found = state.store().delivery(id).await?;
    let (delivery, tries) = found.ok_or_else(|| ApiError::new(Code::NotFound, "没有这条投递记录"))?;
    Ok(Json(DeliveryDetail::of(delivery, tries)))
}
