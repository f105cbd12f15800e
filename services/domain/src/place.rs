//! Administrative levels.

use serde::{Deserialize, Serialize};

/// Level of a place or of the unit that governs it, highest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Level {
    /// 省级
    Province,
    /// 设区市
    Prefecture,
    /// 县（市、区）
    County,
    /// 乡镇（街道）
    Street,
}

impl Level {
    /// Reads the word used in files: `province`, `prefecture`, `county` or `street`.
    pub fn parse(word: &str) -> Option<Level> {
        match word {
            "province" => Some(Level::Province),
            "prefecture" => Some(Level::Prefecture),
            "county" => Some(Level::County),
            "street" => Some(Level::Street),
            _ => None,
        }
    }

    /// The word used in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Level::Province => "province",
            Level::Prefecture => "prefecture",
            Level::County => "county",
            Level::Street => "street",
        }
    }
}
