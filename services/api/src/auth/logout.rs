//! `POST /api/v1/logout`

use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::session::{check_same_site, clear_cookie, close_session};
use crate::ApiState;
use crate::openapi::LogoutRefusals;
use crate::problem::ApiError;

/// 退出登录
///
/// Ends the session of the cookie. Without one it does nothing.
#[utoipa::path(
    post,
    path = "/api/v1/logout",
    tag = "auth",
    security(()),
    responses((status = 204, description = "Logged out"), LogoutRefusals),
)]
pub(crate) async fn logout(
    State(state): State<ApiState>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    check_same_site(&method, &headers)?;
    close_session(&state, &headers).await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, clear_cookie(&state))]).into_response())
}
