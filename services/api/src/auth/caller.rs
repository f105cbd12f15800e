//! Extractors: who asks, and whether that may ask this at all. What may be done to a matter is the ledger's to say.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, FromRequestParts};
use axum::http::header;
use axum::http::request::Parts;
use huiyin_domain::{Role, UnitId};

use super::session::{check_same_site, session_of};
use super::token::{is_token, same_digest, token_digest};
use crate::ApiState;
use crate::problem::ApiError;

/// An authenticated user or token.
#[derive(Clone, Debug)]
pub(crate) struct Caller {
    /// Login name, or `token:NAME`.
    pub(crate) name: String,
    pub(crate) display_name: String,
    /// None for a token that may only push.
    pub(crate) role: Option<Role>,
    pub(crate) unit: Option<UnitId>,
    pub(crate) may_push: bool,
}

/// Any user or token with a role: may read what its role shows.
pub(crate) struct Reader(pub(crate) huiyin_domain::Actor);

/// Reads what concerns the whole office: everyone but liaisons.
pub(crate) struct Office;

/// May act on matters: everyone with a role but auditors.
pub(crate) struct Actor(pub(crate) huiyin_domain::Actor);

/// A token that may push posts.
pub(crate) struct Pusher;

/// May read the metrics: administrators, auditors, and programs on the same machine that did not come through a proxy.
pub(crate) struct Operator;

impl FromRequestParts<ApiState> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Caller, ApiError> {
        if let Some(value) = parts.headers.get(header::AUTHORIZATION) {
            let text = value.to_str().unwrap_or_default();
            let (scheme, token) = text.split_once(' ').unwrap_or_default();
            if !scheme.eq_ignore_ascii_case("bearer") {
                return Err(ApiError::unauthenticated("认证方式须为 Authorization: Bearer hy_…"));
            }
            return by_token(state, token.trim()).await;
        }
        let Some(staff) = session_of(state, &parts.headers).await? else {
            return Err(ApiError::unauthenticated("尚未登录或登录已过期，请登录，或使用 Authorization: Bearer 令牌"));
        };
        check_same_site(&parts.method, &parts.headers)?;
        Ok(Caller {
            name: staff.name,
            display_name: staff.display_name,
            role: Some(staff.role),
            unit: staff.unit,
            may_push: false,
        })
    }
}

async fn by_token(state: &ApiState, token: &str) -> Result<Caller, ApiError> {
    let refused = || ApiError::unauthenticated("令牌无效或已撤销，请向管理员核实");
    if !is_token(token) {
        return Err(refused());
    }
    let digest = token_digest(token);
    let found = state.store().token_by_digest(&digest).await?;
    // The lookup compares digests, of which nobody can choose a prefix; compared once more in constant time all the same.
    let live = found.filter(|token| token.revoked_at.is_none() && same_digest(&token.digest, &digest));
    let token = live.ok_or_else(refused)?;
    Ok(Caller {
        name: format!("token:{}", token.name),
        display_name: token.name,
        role: token.role,
        unit: token.unit,
        may_push: token.may_push,
    })
}

impl Caller {
    fn actor(self) -> Result<huiyin_domain::Actor, ApiError> {
        let refused = || ApiError::forbidden("该令牌只能推送网帖，不能查看或办理事项");
        let role = self.role.ok_or_else(refused)?;
        Ok(huiyin_domain::Actor { name: self.name, role, unit: self.unit })
    }
}

impl FromRequestParts<ApiState> for Reader {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Reader, ApiError> {
        Caller::from_request_parts(parts, state).await?.actor().map(Reader)
    }
}

impl FromRequestParts<ApiState> for Office {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Office, ApiError> {
        let Reader(actor) = Reader::from_request_parts(parts, state).await?;
        if actor.role == Role::Liaison {
            return Err(ApiError::forbidden("联络员不能查看全局数据"));
        }
        Ok(Office)
    }
}

impl FromRequestParts<ApiState> for Actor {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Actor, ApiError> {
        let Reader(actor) = Reader::from_request_parts(parts, state).await?;
        match actor.role {
            Role::Auditor => Err(ApiError::forbidden("审计角色只能查看，不能办理")),
            Role::Liaison if actor.unit.is_none() => Err(ApiError::forbidden("该联络员账号没有绑定单位，请联系管理员")),
            _ => Ok(Actor(actor)),
        }
    }
}

impl FromRequestParts<ApiState> for Pusher {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Pusher, ApiError> {
        let caller = Caller::from_request_parts(parts, state).await?;
        if caller.may_push {
            Ok(Pusher)
        } else {
            Err(ApiError::forbidden("只有推送令牌可以推送网帖，请使用带推送权限的令牌"))
        }
    }
}

impl FromRequestParts<ApiState> for Operator {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Operator, ApiError> {
        let proxied =
            ["x-forwarded-for", "x-real-ip", "forwarded", "via"].iter().any(|name| parts.headers.contains_key(*name));
        let local = parts
            .extensions
            .get::<ConnectInfo<SocketAddr>>()
            .is_some_and(|info| info.0.ip().to_canonical().is_loopback());
        let anonymous = !parts.headers.contains_key(header::AUTHORIZATION);
        if local && !proxied && anonymous {
            return Ok(Operator);
        }
        let Reader(actor) = Reader::from_request_parts(parts, state).await?;
        match actor.role {
            Role::Admin | Role::Auditor => Ok(Operator),
            _ => Err(ApiError::forbidden("运行指标只向管理员、审计开放")),
        }
    }
}
