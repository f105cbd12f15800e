//! Of the places named, the one the post is about.

use std::collections::BTreeMap;

use super::atlas::{Atlas, Node};
use super::weigh::{Accepted, LIVES_RANK, Weight};

/// Of several places, one leads when it is named this many times as often as the next.
const LEAD_RATIO: u32 = 2;
/// What mentions of places elsewhere must weigh where none of ours is named.
const ELSEWHERE_MIN: u32 = 3;
/// What they must weigh where the source says that the post is ours, or only a street without anything else is.
const ELSEWHERE_STRONG_MIN: u32 = 6;

/// The place decided on.
#[derive(Debug, Default)]
pub(super) struct Chosen {
    pub(super) place: Option<Node>,
    pub(super) several: Vec<Node>,
    pub(super) by_source: bool,
}

/// The most specific place wins; of several that do not lie in one another, the source's, else the one named far more
/// often, else the one above them all.
pub(super) fn choose(atlas: &Atlas, ours: &BTreeMap<Node, Weight>, given: Option<Node>) -> Chosen {
    let stays = ours.values().any(|weight| weight.stays > 0);
    // Where nothing is said to play anywhere: the likeliest, and what lies in it.
    let rank = ours.values().map(|weight| weight.rank).max().unwrap_or(0);
    let likely = |node: Node| {
        let mut top = ours.iter().filter(|(_, weight)| weight.rank == rank);
        top.any(|(outer, _)| atlas.contains(*outer, node))
    };
    // Where somebody lives says which part of the place is meant where the matter plays: 家住东湖区，南昌市城管局不管.
    let inside = |node: Node| {
        let mut outer = ours.iter().filter(|(_, weight)| weight.stays > 0);
        outer.any(|(outer, _)| *outer != node && Some(*outer) != atlas.region && atlas.contains(*outer, node))
    };
    let lives = |node: Node, weight: &Weight| weight.rank == LIVES_RANK && inside(node);
    let plays = |node: Node, weight: &Weight| weight.stays > 0 || lives(node, weight);
    let counted: BTreeMap<Node, u32> = ours
        .iter()
        .filter(|(node, weight)| if stays { plays(**node, weight) } else { likely(**node) })
        .map(|(node, weight)| (*node, if stays { weight.stays.max(1) } else { weight.mentions.max(1) }))
        .collect();
    let leaves: Vec<(Node, u32)> = counted
        .iter()
        .filter(|(node, _)| !counted.keys().any(|other| other != *node && atlas.contains(**node, *other)))
        .map(|(node, count)| (*node, *count))
        .collect();
    if let Some(given) = given {
        let inside: Vec<(Node, u32)> =
            leaves.iter().copied().filter(|(node, _)| atlas.contains(given, *node)).collect();
        if !inside.is_empty() {
            return among(atlas, &inside, Some(given));
        }
        if leaves.is_empty()
            || counted.contains_key(&given)
            || leaves.iter().any(|(node, _)| atlas.contains(*node, given))
        {
            return Chosen { place: Some(given), by_source: true, ..Chosen::default() };
        }
    }
    if leaves.is_empty() { Chosen::default() } else { among(atlas, &leaves, None) }
}

fn among(atlas: &Atlas, leaves: &[(Node, u32)], given: Option<Node>) -> Chosen {
    let mut ranked: Vec<(Node, u32)> = leaves.to_vec();
    ranked.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| atlas.code(one.0).cmp(&atlas.code(other.0))));
    match ranked.as_slice() {
        [] => Chosen { place: given, by_source: given.is_some(), ..Chosen::default() },
        [(only, _)] => Chosen { place: Some(*only), ..Chosen::default() },
        [(first, most), (_, next), ..] if *most >= LEAD_RATIO * *next => {
            Chosen { place: Some(*first), ..Chosen::default() }
        }
        [(first, _), rest @ ..] => {
            let above = atlas.above(*first).find(|above| rest.iter().all(|(other, _)| atlas.contains(*above, *other)));
            let several = ranked.iter().map(|(node, _)| *node).collect();
            Chosen { place: above, several, ..Chosen::default() }
        }
    }
}

/// The locality that lies in the chosen place, or stands alone where none was chosen, with its number. A name that several
/// localities have tells nothing unless the chosen place leaves one of them; localities that disagree tell nothing, nor do
/// those outside the place that the text names.
pub(super) fn nearer(atlas: &Atlas, chosen: &Chosen, localities: &[Vec<(Node, usize)>]) -> Option<(Node, usize)> {
    let told: Vec<(Node, usize)> = localities.iter().filter_map(|same| told(atlas, chosen, same)).collect();
    let deepest = *told
        .iter()
        .filter(|(place, _)| chosen.place.is_none_or(|outer| outer != *place && atlas.contains(outer, *place)))
        .max_by_key(|(place, number)| (atlas.above(*place).count(), std::cmp::Reverse(*number)))?;
    let agree = told.iter().all(|(place, _)| atlas.contains(*place, deepest.0));
    // Of several counties named the one above leads; a locality in one of them does not change that.
    (agree && chosen.several.is_empty()).then_some(deepest)
}

/// Which of the localities of one name is meant.
fn told(atlas: &Atlas, chosen: &Chosen, same: &[(Node, usize)]) -> Option<(Node, usize)> {
    let inside = |(place, _): &&(Node, usize)| chosen.place.is_some_and(|outer| atlas.contains(outer, *place));
    let mut left = same.iter().filter(inside);
    match (same, left.next(), left.next()) {
        ([only], ..) => Some(*only),
        (_, Some(only), None) => Some(*only),
        _ => None,
    }
}

/// The other place, where the text plays there and not here: its name with those above it.
pub(super) fn elsewhere_concerned(atlas: &Atlas, accepted: &Accepted, given: Option<Node>) -> Option<String> {
    // Who works here and writes about home elsewhere does not write about here.
    let here = accepted.ours.values().any(|weight| weight.stays > 0 && weight.sure > 0)
        || (accepted.elsewhere.is_empty() && !accepted.ours.is_empty());
    if here {
        return None;
    }
    let weight: u32 = accepted.elsewhere.iter().map(|other| other.weight).sum();
    let doubtful = given.is_some() || accepted.ours.values().any(|weight| weight.stays > 0);
    let enough = if doubtful {
        weight >= ELSEWHERE_STRONG_MIN && accepted.elsewhere.iter().any(|other| other.scene)
    } else {
        weight >= ELSEWHERE_MIN
    };
    if !enough {
        return None;
    }
    // The most specific of the heaviest.
    let heaviest = accepted.elsewhere.iter().map(|other| (other.weight, atlas.above(other.node).count()));
    let index =
        heaviest.enumerate().max_by_key(|(index, key)| (*key, std::cmp::Reverse(*index))).map(|(index, _)| index)?;
    accepted.elsewhere.get(index).map(|other| atlas.whole_name(other.node))
}
