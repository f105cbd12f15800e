//! Alerts: channels, rules and the log of deliveries. Leaders and administrators manage channels and rules; the duty office
//! reads the log and sends again; auditors read.

pub(crate) mod channel;
pub(crate) mod channels;
pub(crate) mod deliveries;
pub(crate) mod rules;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use huiyin_alerts::AlertError;
use huiyin_domain::UnitId;

use crate::ApiState;
use crate::auth::Reader;
use crate::problem::{ApiError, Code};

/// May manage channels and rules.
pub(crate) struct Manager;

/// May send deliveries again.
pub(crate) struct Duty;

impl FromRequestParts<ApiState> for Manager {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Manager, ApiError> {
        let Reader(actor) = Reader::from_request_parts(parts, state).await?;
        if actor.role.is_leader() {
            Ok(Manager)
        } else {
            Err(ApiError::forbidden("只有带班领导和管理员可以管理提醒通道与规则"))
        }
    }
}

impl FromRequestParts<ApiState> for Duty {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &ApiState) -> Result<Duty, ApiError> {
        let Reader(actor) = Reader::from_request_parts(parts, state).await?;
        if actor.role.is_duty() { Ok(Duty) } else { Err(ApiError::forbidden("只有值班人员可以重发提醒")) }
    }
}

impl From<AlertError> for ApiError {
    fn from(error: AlertError) -> ApiError {
        match error {
            AlertError::Invalid { field, message } => ApiError::new(Code::Invalid, message).field(field),
            AlertError::NotFound(message) => ApiError::new(Code::NotFound, message),
            AlertError::State(message) => ApiError::new(Code::State, message),
            AlertError::Store(error) => error.into(),
        }
    }
}

/// A unit of the catalogue by its id.
fn unit(state: &ApiState, field: &str, id: &str) -> Result<UnitId, ApiError> {
    let id = UnitId::new(id.trim());
    let known = state.catalogue()?.unit_by_id(&id).is_some();
    let refused = || ApiError::new(Code::UnknownUnit, format!("职责目录中没有编号为“{id}”的单位")).field(field);
    known.then(|| id.clone()).ok_or_else(refused)
}

/// Randomness for a secret or an id.
fn random() -> [u8; 32] {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("the operating system gives randomness, or no secret could be made");
    bytes
}
