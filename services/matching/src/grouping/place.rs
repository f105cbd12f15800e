//! How the places of two posts lie to each other, where either may be unknown.

use huiyin_domain::{PlaceCode, Relation as Codes};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Relation {
    /// The same, or neither is known.
    Same,
    /// One lies in the other, or is not known.
    LessExact,
    /// Neither lies in the other.
    Apart,
}

pub(super) fn relation(one: Option<&PlaceCode>, other: Option<&PlaceCode>) -> Relation {
    match (one, other) {
        (None, None) => Relation::Same,
        (Some(one), Some(other)) => match one.relation(other) {
            Codes::Same => Relation::Same,
            Codes::Contains | Codes::Within => Relation::LessExact,
            Codes::Apart => Relation::Apart,
        },
        _ => Relation::LessExact,
    }
}
