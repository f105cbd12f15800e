//! `POST /api/v1/login`

use std::net::IpAddr;

use axum::Json;
use axum::extract::{FromRequestParts, State};
use axum::http::header;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::ToSchema;

use super::session::{address_of, is_same_origin, open_session};
use crate::ApiState;
use crate::extract::JsonBody;
use crate::openapi::LoginRefusals;
use crate::problem::{ApiError, Code};
use crate::wire::Me;

/// Name and password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LoginRequest {
    /// Login name.
    name: String,
    /// Password.
    #[schema(format = Password)]
    password: String,
}

/// Where a login comes from; refuses one that another site sends.
pub(crate) struct Origin(pub(crate) Option<IpAddr>);

impl FromRequestParts<ApiState> for Origin {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Origin, ApiError> {
        if is_same_origin(&parts.headers) == Some(false) && !parts.headers.contains_key("x-huiyin-request") {
            return Err(ApiError::new(Code::CrossSite, "登录请求来自其他网站，已拒绝"));
        }
        Ok(Origin(address_of(state, parts)))
    }
}

/// 登录
///
/// Opens a session and sets its cookie (`huiyin_session`). Requests that change something on the strength of the
/// cookie need the header `X-Huiyin-Request: 1` or an `Origin` equal to the host.
#[utoipa::path(
    post,
    path = "/api/v1/login",
    tag = "auth",
    security(()),
    request_body = LoginRequest,
    responses((status = 200, description = "Logged in; `Set-Cookie` carries the session", body = Me), LoginRefusals),
)]
pub(crate) async fn login(
    State(state): State<ApiState>,
    Origin(address): Origin,
    body: JsonBody<LoginRequest>,
) -> Result<Response, ApiError> {
    let LoginRequest { name, password } = body.value;
    let opened = open_session(&state, address, &name, password).await?;
    Ok(([(header::SET_COOKIE, opened.cookie)], Json(Me::of_staff(&opened.staff, &state))).into_response())
}
