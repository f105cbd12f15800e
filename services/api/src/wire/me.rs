//! Who is asking.

use huiyin_domain::Role;
use huiyin_store::Staff;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use crate::ApiState;
use crate::auth::Caller;

/// The user or token that asks.
#[derive(Serialize, ToSchema)]
pub(crate) struct Me {
    /// Login name, or `token:NAME`.
    name: String,
    /// Name shown to others.
    display_name: String,
    /// `duty_officer`, `liaison`, `leader`, `auditor` or `admin`; none for a token that may only push.
    #[serde(skip_serializing_if = "Option::is_none")]
    role: Option<&'static str>,
    /// The role in Chinese.
    #[serde(skip_serializing_if = "Option::is_none")]
    role_name: Option<&'static str>,
    /// The unit a liaison answers for.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<String>,
    /// May push posts.
    may_push: bool,
    /// The server's clock: what is due or may be taken back goes by it.
    server_time: Timestamp,
    /// Name of the duty office, from the catalogue in force.
    #[serde(skip_serializing_if = "Option::is_none")]
    office: Option<String>,
    /// Seconds within which an action may be taken back; 0 when none may.
    undo_seconds: u32,
}

impl Me {
    pub(crate) fn of_staff(staff: &Staff, state: &ApiState) -> Me {
        Me {
            name: staff.name.clone(),
            display_name: staff.display_name.clone(),
            role: Some(staff.role.as_str()),
            role_name: Some(role_chinese(staff.role)),
            unit: staff.unit.as_ref().map(ToString::to_string),
            may_push: false,
            server_time: state.now(),
            office: office(state),
            undo_seconds: state.ledger().policy().undo_seconds,
        }
    }

    pub(crate) fn of_caller(caller: Caller, state: &ApiState) -> Me {
        Me {
            name: caller.name,
            display_name: caller.display_name,
            role: caller.role.map(Role::as_str),
            role_name: caller.role.map(role_chinese),
            unit: caller.unit.map(|unit| unit.to_string()),
            may_push: caller.may_push,
            server_time: state.now(),
            office: office(state),
            undo_seconds: state.ledger().policy().undo_seconds,
        }
    }
}

fn office(state: &ApiState) -> Option<String> {
    let catalogue = state.catalogue_in_force()?;
    let office = catalogue.duty_office(&catalogue.region().code);
    office.map(|office| office.name)
}

/// A role as officials call it.
pub(crate) fn role_chinese(role: Role) -> &'static str {
    match role {
        Role::DutyOfficer => "值班员",
        Role::Liaison => "联络员",
        Role::Leader => "带班领导",
        Role::Auditor => "审计",
        Role::Admin => "管理员",
        Role::Machine => "系统",
    }
}
