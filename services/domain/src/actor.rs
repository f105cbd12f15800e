//! Who acts on a matter: staff and the machine, never the author of a post.

use serde::{Deserialize, Serialize};

use crate::UnitId;

/// What a user of the installation may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// 值班员: triages, assigns, chases.
    DutyOfficer,
    /// 联络员: answers for one unit.
    Liaison,
    /// 带班领导: grades, rules on disputes, supervises.
    Leader,
    /// 审计: reads everything, changes nothing.
    Auditor,
    /// 管理员: users, tokens, sources; also whatever a duty officer may.
    Admin,
    /// The service itself.
    Machine,
}

impl Role {
    /// The roles a user or token may have.
    pub const STAFF: [Role; 5] = [Role::DutyOfficer, Role::Liaison, Role::Leader, Role::Auditor, Role::Admin];

    /// The word used in records, columns and the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::DutyOfficer => "duty_officer",
            Role::Liaison => "liaison",
            Role::Leader => "leader",
            Role::Auditor => "auditor",
            Role::Admin => "admin",
            Role::Machine => "machine",
        }
    }

    /// Reads the word of a staff role.
    pub fn parse(word: &str) -> Option<Role> {
        Role::STAFF.into_iter().find(|role| role.as_str() == word)
    }

    /// May triage: duty officers, leaders and administrators.
    pub fn is_duty(self) -> bool {
        matches!(self, Role::DutyOfficer | Role::Leader | Role::Admin)
    }

    /// May rule on disputes, extend and supervise.
    pub fn is_leader(self) -> bool {
        matches!(self, Role::Leader | Role::Admin)
    }
}

/// One acting user, token or the machine, as a ledger entry names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// Login name of the user, `token:NAME`, or `huiyin`.
    pub name: String,
    /// What it may do.
    pub role: Role,
    /// The unit a liaison answers for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<UnitId>,
}

impl Actor {
    /// The service itself.
    pub fn machine() -> Actor {
        Actor { name: "huiyin".into(), role: Role::Machine, unit: None }
    }
}
