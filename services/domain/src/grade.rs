//! Grades (等级) of a matter.

use serde::{Deserialize, Serialize};

/// Grade of a matter, gravest first. The machine only suggests one; a person sets or confirms it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// 特别重大
    Extreme,
    /// 重大
    Major,
    /// 较大
    Considerable,
    /// 一般
    Ordinary,
}

impl Grade {
    /// All grades, gravest first.
    pub const ALL: [Grade; 4] = [Grade::Extreme, Grade::Major, Grade::Considerable, Grade::Ordinary];

    /// 特别重大 and 重大 run on emergency deadlines (国办发〔2016〕61号, 80号).
    pub fn is_emergency(self) -> bool {
        matches!(self, Grade::Extreme | Grade::Major)
    }

    /// The word an official reads.
    pub fn chinese(self) -> &'static str {
        match self {
            Grade::Extreme => "特别重大",
            Grade::Major => "重大",
            Grade::Considerable => "较大",
            Grade::Ordinary => "一般",
        }
    }

    /// The word used in records, columns and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Grade::Extreme => "extreme",
            Grade::Major => "major",
            Grade::Considerable => "considerable",
            Grade::Ordinary => "ordinary",
        }
    }

    /// Reads either word; `None` for anything else.
    pub fn parse(word: &str) -> Option<Grade> {
        Grade::ALL.into_iter().find(|grade| grade.as_str() == word || grade.chinese() == word)
    }
}
