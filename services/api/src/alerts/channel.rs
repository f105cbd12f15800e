//! `/api/v1/alerts/channels/{id}`: one channel.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use huiyin_alerts::ChannelChange;
use serde::{Deserialize, Deserializer};
use utoipa::ToSchema;

use super::{Manager, random, unit};
use crate::ApiState;
use crate::auth::Office;
use crate::extract::{JsonBody, PathOf};
use crate::openapi::{ChangeRefusals, MatterRefusals};
use crate::problem::{ApiError, Code};
use crate::wire::{ChannelView, TestView};

/// What changes in a channel; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChannelChangeRequest {
    /// Name shown.
    name: Option<String>,
    /// Address; as it was shown, it stays as it is.
    url: Option<String>,
    /// Id of the unit it belongs to; null for the office's own.
    #[serde(default, deserialize_with = "given")]
    #[schema(value_type = Option<String>)]
    unit: Option<Option<String>>,
    /// `active` resumes, `paused` pauses.
    #[schema(inline)]
    state: Option<StateWord>,
    /// Robots: the secret of their security settings; blank for none.
    secret: Option<String>,
}

/// Whether a channel is used.
#[derive(Clone, Copy, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum StateWord {
    /// Used.
    Active,
    /// What is due waits, a week at most.
    Paused,
    /// As the server says it; not changed by this.
    Failing,
}

/// Tells null from left out.
fn given<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<String>>, D::Error> {
    Option::<String>::deserialize(deserializer).map(Some)
}

/// 一个提醒通道
#[utoipa::path(
    get,
    path = "/api/v1/alerts/channels/{id}",
    operation_id = "show_channel",
    tag = "alerts",
    params(("id" = i64, Path, description = "Number of the channel")),
    responses((status = 200, description = "The channel", body = ChannelView), MatterRefusals),
)]
pub(crate) async fn show(
    State(state): State<ApiState>,
    _: Office,
    PathOf(id): PathOf<i64>,
) -> Result<Json<ChannelView>, ApiError> {
    let channel = state.store().channel(id).await?;
    let channel = channel.ok_or_else(|| ApiError::new(Code::NotFound, "没有这个通道"))?;
    Ok(Json(ChannelView::of(&channel, state.catalogue_in_force().as_deref())))
}

/// 修改提醒通道
#[utoipa::path(
    put,
    path = "/api/v1/alerts/channels/{id}",
    operation_id = "change_channel",
    tag = "alerts",
    params(("id" = i64, Path, description = "Number of the channel")),
    request_body = ChannelChangeRequest,
    responses((status = 200, description = "The channel after it", body = ChannelView), ChangeRefusals),
)]
pub(crate) async fn change(
    State(state): State<ApiState>,
    _: Manager,
    PathOf(id): PathOf<i64>,
    body: JsonBody<ChannelChangeRequest>,
) -> Result<Json<ChannelView>, ApiError> {
    let body = body.value;
    let unit = match body.unit {
        None => None,
        Some(None) => Some(None),
        Some(Some(id)) => Some(Some(unit(&state, "unit", &id)?)),
    };
    let paused = match body.state {
        Some(StateWord::Active) => Some(false),
        Some(StateWord::Paused) => Some(true),
        Some(StateWord::Failing) | None => None,
    };
    let change = ChannelChange { name: body.name, url: body.url, unit, paused, secret: body.secret };
    let channel = state.alerts().change(id, change).await?;
    Ok(Json(ChannelView::of(&channel, state.catalogue_in_force().as_deref())))
}

/// 删除提醒通道
///
/// Its rules go, what waits is dropped; what was delivered stays in the log.
#[utoipa::path(
    delete,
    path = "/api/v1/alerts/channels/{id}",
    operation_id = "remove_channel",
    tag = "alerts",
    params(("id" = i64, Path, description = "Number of the channel")),
    responses((status = 204, description = "Removed"), ChangeRefusals),
)]
pub(crate) async fn remove(
    State(state): State<ApiState>,
    _: Manager,
    PathOf(id): PathOf<i64>,
) -> Result<StatusCode, ApiError> {
    state.alerts().remove(id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// 更换密钥
///
/// Answers once with the new secret or public key; the old one signs beside it for 24 hours.
#[utoipa::path(
    post,
    path = "/api/v1/alerts/channels/{id}/rotate",
    operation_id = "rotate_channel",
    tag = "alerts",
    params(("id" = i64, Path, description = "Number of the channel")),
    responses((status = 200, description = "The channel with its new secret", body = ChannelView), ChangeRefusals),
)]
pub(crate) async fn rotate(
    State(state): State<ApiState>,
    _: Manager,
    PathOf(id): PathOf<i64>,
) -> Result<Json<ChannelView>, ApiError> {
    let (channel, revealed) = state.alerts().rotate(id, random()).await?;
    Ok(Json(ChannelView::of(&channel, state.catalogue_in_force().as_deref()).revealing(revealed)))
}

/// 测试通道
///
/// Sends a test message now and says how it fared; up to 15 seconds.
#[utoipa::path(
    post,
    path = "/api/v1/alerts/channels/{id}/test",
    operation_id = "test_channel",
    tag = "alerts",
    params(("id" = i64, Path, description = "Number of the channel")),
    responses((status = 200, description = "How it fared", body = TestView), ChangeRefusals),
)]
pub(crate) async fn test(
    State(state): State<ApiState>,
    _: Manager,
    PathOf(id): PathOf<i64>,
) -> Result<Json<TestView>, ApiError> {
    let message = format!("msg_{}", hex::encode(&random()[..16]));
    Ok(Json(TestView::of(state.alerts().test(id, &message).await?)))
}
