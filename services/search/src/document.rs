//! What is indexed: posts as they were last received, and matters.

use huiyin_domain::matter::State;
use huiyin_domain::{Grade, MatterNo, PlaceCode, PostRef, SystemCode, UnitId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a document is about; an index holds one document of each.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Item {
    /// A post, its last revision.
    Post(PostRef),
    /// A matter.
    Matter(MatterNo),
}

/// Posts or matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// 网帖
    Post,
    /// 事项
    Matter,
}

/// One document.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// What it is about.
    pub item: Item,
    /// The matter a post belongs to; that of a matter is itself.
    pub matter: Option<MatterNo>,
    /// Source of a post, or of a matter's first post.
    pub source: String,
    /// Title, masked.
    pub title: String,
    /// Text, masked.
    pub text: String,
    /// Place as assessed.
    pub place: Option<PlaceCode>,
    /// Its full name.
    pub place_name: Option<String>,
    /// System as assessed.
    pub system: Option<SystemCode>,
    /// The unit that leads, or else the one proposed.
    pub unit: Option<UnitId>,
    /// Its name.
    pub unit_name: Option<String>,
    /// Units the matter was ever given to: a liaison of one of them may see the document.
    pub given: Vec<UnitId>,
    /// Where the matter stands.
    pub state: Option<State>,
    /// Grade in force of the matter, or the one proposed.
    pub grade: Option<Grade>,
    /// How a post ended: `matter` or `aside`.
    pub fate: Option<&'static str>,
    /// Why a post was set aside, as a stable word.
    pub aside: Option<String>,
    /// When it reached us.
    pub received_at: Timestamp,
}

impl Item {
    /// Posts or matters.
    pub fn kind(&self) -> Kind {
        match self {
            Item::Post(_) => Kind::Post,
            Item::Matter(_) => Kind::Matter,
        }
    }

    /// The text under which the index knows it. Sources and ids hold no control characters.
    pub(crate) fn key(&self) -> String {
        match self {
            Item::Post(post) => format!("post\u{1f}{}\u{1f}{}", post.source, post.id),
            Item::Matter(no) => format!("matter\u{1f}{no}"),
        }
    }

    pub(crate) fn from_key(key: &str) -> Option<Item> {
        match key.split_once('\u{1f}')? {
            ("matter", no) => Some(Item::Matter(MatterNo::new(no))),
            ("post", post) => {
                let (source, id) = post.split_once('\u{1f}')?;
                Some(Item::Post(PostRef { source: source.to_owned(), id: id.to_owned() }))
            }
            _ => None,
        }
    }
}

impl Kind {
    /// The word used in the index and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Post => "post",
            Kind::Matter => "matter",
        }
    }

    /// Reads the word of [`Kind::as_str`].
    pub fn parse(word: &str) -> Option<Kind> {
        [Kind::Post, Kind::Matter].into_iter().find(|kind| kind.as_str() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_back() {
        let post = |source: &str, id: &str| Item::Post(PostRef { source: source.into(), id: id.into() });
        for item in [post("12345热线", "a/b"), post("", ""), Item::Matter(MatterNo::new("20261122-00017"))] {
            assert_eq!(Item::from_key(&item.key()), Some(item));
        }
        for bad in ["", "post", "post\u{1f}a", "other\u{1f}a"] {
            assert_eq!(Item::from_key(bad), None, "{bad:?}");
        }
    }
}
