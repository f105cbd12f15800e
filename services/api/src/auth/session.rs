//! Login sessions: rows under the SHA-256 of a random cookie.

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, Method, header};
use huiyin_store::{Session, Staff};
use jiff::SignedDuration;
use sha2::{Digest, Sha256};

use super::password::{self, is_password};
use crate::ApiState;
use crate::problem::{ApiError, Code};

const COOKIE: &str = "huiyin_session";

/// Most bytes of a login name.
const NAME_BYTES_MAX: usize = 100;

/// A login that has just begun.
pub(crate) struct Opened {
    pub(crate) staff: Staff,
    /// `Set-Cookie`.
    pub(crate) cookie: HeaderValue,
}

/// Checks name and password and begins a session.
pub(crate) async fn open_session(
    state: &ApiState,
    address: Option<IpAddr>,
    name: &str,
    password: String,
) -> Result<Opened, ApiError> {
    let wrong = || ApiError::new(Code::InvalidCredentials, "用户名或密码不正确，请核对后重试");
    if name.is_empty() || name.len() > NAME_BYTES_MAX || name.contains('\0') || password.len() > password::BYTES_MAX {
        return Err(wrong());
    }
    let now = state.now();
    state.attempts().begin(name, address, now).map_err(|seconds| {
        let minutes = seconds.div_ceil(60);
        ApiError::new(Code::TooManyRequests, format!("登录失败次数过多，请{minutes}分钟后再试")).retry_after(seconds)
    })?;
    let staff = state.store().staff(name).await?.filter(|staff| staff.disabled_at.is_none());
    let hash = staff.as_ref().map(|staff| staff.password_hash.clone());
    let fits = is_password(state, password, hash).await?;
    let Some(staff) = staff.filter(|_| fits) else {
        tracing::warn!(address = address.map(tracing::field::display), "a login failed");
        return Err(wrong());
    };
    state.attempts().succeeded(name, address);
    let mut secret = [0; 32];
    getrandom::fill(&mut secret).map_err(|error| ApiError::internal("drawing a session id", &error))?;
    let secret = hex::encode(secret);
    let hours = i64::from(state.settings().session_hours);
    let session = Session {
        id: session_id(&secret),
        staff: staff.name.clone(),
        expires_at: now + SignedDuration::from_hours(hours),
    };
    state.store().put_session(&session, now).await?;
    tracing::info!(staff = staff.name, "logged in");
    Ok(Opened { staff, cookie: cookie(&secret, hours * 3600, state) })
}

/// Ends the session of a request's cookie, if it has one.
pub(crate) async fn close_session(state: &ApiState, headers: &HeaderMap) -> Result<(), ApiError> {
    if let Some(secret) = session_cookie(headers) {
        state.store().delete_session(&session_id(&secret)).await?;
    }
    Ok(())
}

/// A `Set-Cookie` that takes the session's cookie away.
pub(crate) fn clear_cookie(state: &ApiState) -> HeaderValue {
    cookie("", 0, state)
}

/// The live session of a request's cookie, and whose it is.
pub(super) async fn session_of(state: &ApiState, headers: &HeaderMap) -> Result<Option<Staff>, ApiError> {
    let Some(secret) = session_cookie(headers) else { return Ok(None) };
    let Some(session) = state.store().session(&session_id(&secret), state.now()).await? else { return Ok(None) };
    let staff = state.store().staff(&session.staff).await?;
    Ok(staff.filter(|staff| staff.disabled_at.is_none()))
}

/// Refuses a changing request that another site may have made the browser send.
pub(crate) fn check_same_site(method: &Method, headers: &HeaderMap) -> Result<(), ApiError> {
    if method.is_safe() || headers.contains_key("x-huiyin-request") || is_same_origin(headers) == Some(true) {
        return Ok(());
    }
    Err(ApiError::new(
        Code::CrossSite,
        "无法确认请求来自本系统页面；以登录会话调用接口时，请加上请求头 X-Huiyin-Request: 1",
    ))
}

/// Whether `Origin` names the host asked; none without an `Origin`.
pub(crate) fn is_same_origin(headers: &HeaderMap) -> Option<bool> {
    let origin = headers.get(header::ORIGIN)?.to_str().unwrap_or_default();
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or_default();
    let authority = origin.split_once("://").map_or("", |(_, authority)| authority);
    Some(!authority.is_empty() && authority.eq_ignore_ascii_case(host))
}

/// Who connected, or for whom a trusted proxy did. None where the server does not pass the address on.
pub(crate) fn address_of(state: &ApiState, parts: &Parts) -> Option<IpAddr> {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_canonical())?;
    if !state.settings().trusted_proxies.contains(&peer) {
        return Some(peer);
    }
    let forwarded = parts.headers.get_all("x-forwarded-for").iter().next_back();
    let last = forwarded.and_then(|value| value.to_str().ok()?.rsplit(',').next()?.trim().parse().ok());
    Some(last.unwrap_or(peer))
}

fn session_id(secret: &str) -> String {
    hex::encode(Sha256::digest(secret.as_bytes()))
}

fn cookie(secret: &str, seconds: i64, state: &ApiState) -> HeaderValue {
    let secure = if state.settings().cookie_secure { "; Secure" } else { "" };
    let text = format!("{COOKIE}={secret}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}");
    HeaderValue::try_from(text).expect("hex digits and fixed ASCII words make a header value")
}

fn session_cookie(headers: &HeaderMap) -> Option<String> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let mut pairs = cookies.flat_map(|line| line.split(';')).filter_map(|pair| pair.trim().split_once('='));
    let (_, secret) = pairs.find(|(name, _)| *name == COOKIE)?;
    let valid = secret.len() == 64 && secret.bytes().all(|byte| byte.is_ascii_hexdigit());
    valid.then(|| secret.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_sites_are_refused() {
        let headers = |pairs: &[(&'static str, &'static str)]| {
            pairs
                .iter()
                .map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value)))
                .collect::<HeaderMap>()
        };
        for (method, pairs, allowed) in [
            (Method::GET, &[][..], true),
            (Method::POST, &[], false),
            (Method::POST, &[("x-huiyin-request", "1")], true),
            (Method::POST, &[("host", "hy.example:8460"), ("origin", "http://hy.example:8460")], true),
            (Method::POST, &[("host", "hy.example:8460"), ("origin", "http://evil.example")], false),
            (Method::POST, &[("host", "hy.example"), ("origin", "null")], false),
            (Method::POST, &[("host", ""), ("origin", "http://")], false),
        ] {
            assert_eq!(check_same_site(&method, &headers(pairs)).is_ok(), allowed, "{method} {pairs:?}");
        }
    }

    #[test]
    fn only_a_well_formed_cookie_counts() {
        let secret = "ab".repeat(32);
        for (line, found) in [
            (format!("a=1; {COOKIE}={secret}"), true),
            (format!("{COOKIE}={secret}x"), false),
            (format!("x{COOKIE}={secret}"), false),
            (String::new(), false),
        ] {
            let headers = HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_str(&line).unwrap())]);
            assert_eq!(session_cookie(&headers).is_some(), found, "{line}");
        }
    }
}
