//! What the names of a text weigh for each place.

use std::collections::BTreeMap;

use huiyin_domain::Level;

use super::atlas::{Atlas, Naming, Node};
use super::cues::{self, Role};
use super::mention::{Meaning, Mention, Mentions, Span, meaning};
use crate::script::Script;

/// A place named in the title counts as often as this many times in the text.
const TITLE_MENTIONS: u32 = 3;

/// The place as the source gave it.
pub(super) type Given = Option<Node>;

/// What was accepted of the names.
#[derive(Debug, Default)]
pub(super) struct Accepted {
    /// Places of ours with how often they are named.
    pub(super) ours: BTreeMap<Node, Weight>,
    /// Places elsewhere in order, with what their mentions weigh.
    pub(super) elsewhere: Vec<Other>,
    /// Where the names that were accepted stand.
    pub(super) names: Vec<Span>,
}

/// How often a place of ours is named, and how.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Weight {
    pub(super) mentions: u32,
    /// Times it is more than named in passing.
    pub(super) stays: u32,
    /// Times something around it, or its rank, says that it is this place.
    pub(super) sure: u32,
    /// Of places where nothing plays as far as is said, those with the highest are meant.
    pub(super) rank: u32,
}

/// A mention of a place elsewhere that is not in passing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Other {
    pub(super) node: Node,
    pub(super) weight: u32,
    pub(super) scene: bool,
}

/// Decides for each name which place it means, leaving out short names that nothing around them confirms.
pub(super) fn accept(atlas: &Atlas, script: &Script, mentions: &Mentions, given: Given) -> Accepted {
    let sure = beyond_doubt(atlas, &mentions.list);
    let works = mentions.list.iter().any(|mention| mention.role == Role::Away) && cues::is_about_work(script);
    let mut accepted = Accepted::default();
    let mut previous: Option<(&Mention, Option<Node>)> = None;
    for mention in &mentions.list {
        let before = previous.filter(|(previous, _)| previous.end == mention.start);
        let best = meaning(atlas, script, mention, before.map(|(previous, _)| previous), &sure, given);
        // 东莞市长安镇: what follows a place elsewhere lies there, even if we have one of that name.
        let strayed = before.and_then(|(_, node)| node).is_some_and(|outer| !atlas.is_ours(outer))
            && best.is_some_and(|best| atlas.is_ours(best.node));
        let best = best.filter(|_| !strayed);
        let node = best.map(|best| best.node).or(before.filter(|_| strayed).and_then(|(_, node)| node));
        previous = Some((mention, node));
        let Some(best) = best else { continue };
        if atlas.is_ours(best.node) {
            accepted.names.push((mention.start, mention.end));
            accepted.count(atlas, script, mention, best, works);
        } else {
            accepted.elsewhere.extend(other(atlas, script, mention, best, works));
        }
    }
    accepted
}

impl Accepted {
    fn count(&mut self, atlas: &Atlas, script: &Script, mention: &Mention, best: Meaning, works: bool) {
        let times = if script.in_title(mention.start) { TITLE_MENTIONS } else { 1 };
        let stays = matches!(mention.role, Role::Scene | Role::Plain) || (mention.role == Role::Away && works);
        // A county's short name alone, with nothing that confirms it, does not outweigh places elsewhere.
        let ranked = atlas.level(best.node) <= Level::County
            && (best.naming == Naming::Full || atlas.level(best.node) <= Level::Prefecture);
        let weight = self.ours.entry(best.node).or_default();
        weight.stays += if stays { times } else { 0 };
        weight.sure += u32::from(best.support > 0 || ranked);
        weight.rank = weight.rank.max(rank(mention.role));
        // At zero it still counts where nothing else is named.
        weight.mentions += if mention.role == Role::Away { 0 } else { times };
    }
}

/// The rank of a place where somebody lives.
pub(super) const LIVES_RANK: u32 = 3;

/// Of places where nothing plays as far as is said.
fn rank(role: Role) -> u32 {
    match role {
        Role::Scene | Role::Plain => 4,
        Role::Lives | Role::Arrived => LIVES_RANK,
        Role::Home => 2,
        Role::Away | Role::Passing => 1,
    }
}

/// Places that a name can only mean, by its kind or its rank.
fn beyond_doubt(atlas: &Atlas, list: &[Mention]) -> Vec<Node> {
    let single = |mention: &Mention| match mention.choices.as_slice() {
        [(node, naming)] if *naming == Naming::Full || atlas.level(*node) <= Level::Prefecture => {
            (atlas.is_ours(*node) || mention.role != Role::Passing).then_some(*node)
        }
        _ => None,
    };
    list.iter().filter_map(single).collect()
}

fn other(atlas: &Atlas, script: &Script, mention: &Mention, best: Meaning, works: bool) -> Option<Other> {
    let home = || mention.role == Role::Home && !works && script.clause_before(mention.start, 4).contains("老家");
    let concerned = matches!(mention.role, Role::Scene | Role::Plain) || home();
    if !concerned {
        return None;
    }
    let base = match (atlas.level(best.node), best.naming == Naming::Full) {
        (Level::County | Level::Street, true) => 3,
        (_, true) => 2,
        (_, false) => 1,
    };
    let scene = mention.role == Role::Scene;
    let weight = base + u32::from(scene) * 2 + u32::from(script.in_title(mention.start));
    Some(Other { node: best.node, weight, scene })
}
