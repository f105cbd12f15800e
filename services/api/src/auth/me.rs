//! `GET /api/v1/me`

use axum::Json;
use axum::extract::State;

use super::caller::Caller;
use crate::ApiState;
use crate::openapi::ReadRefusals;
use crate::wire::Me;

/// 当前用户
#[utoipa::path(
    get,
    path = "/api/v1/me",
    tag = "auth",
    responses((status = 200, description = "Who is asking", body = Me), ReadRefusals),
)]
pub(crate) async fn me(State(state): State<ApiState>, caller: Caller) -> Json<Me> {
    Json(Me::of_caller(caller, &state))
}
