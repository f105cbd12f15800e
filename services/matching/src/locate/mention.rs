//! Names of places in a text, and which place each one means.

use std::collections::BTreeMap;

use huiyin_domain::Level;

use super::atlas::{Atlas, Entry, Node};
use super::cues::{self, Role};
use crate::lexicon::Column;
use crate::script::Script;

/// A place named in the title counts as often as this many times in the text.
const TITLE_MENTIONS: u32 = 3;

/// A name with the places it may mean.
#[derive(Debug)]
pub(super) struct Mention {
    start: usize,
    end: usize,
    /// Place, and whether named with its kind.
    choices: Vec<(Node, bool)>,
    role: Role,
}

/// All names of a text, in order.
#[derive(Debug, Default)]
pub(super) struct Mentions {
    list: Vec<Mention>,
    /// The region's province is meant without its name.
    pub(super) province: bool,
    /// Localities with the place each lies in, by their numbers in the catalogue.
    pub(super) localities: Vec<(Node, usize)>,
}

/// What was accepted of them.
#[derive(Debug, Default)]
pub(super) struct Accepted {
    /// Places of ours with how often they are named.
    pub(super) ours: BTreeMap<Node, Weight>,
    /// Places elsewhere in order, with what their mentions weigh.
    pub(super) elsewhere: Vec<Other>,
}

/// How often a place of ours is named, and how.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Weight {
    pub(super) mentions: u32,
    /// Times it is more than named in passing.
    pub(super) stays: u32,
    /// Times something around it, or its rank, says that it is this place.
    pub(super) sure: u32,
}

/// A mention of a place elsewhere that is not in passing.
#[derive(Clone, Copy, Debug)]
pub(super) struct Other {
    pub(super) node: Node,
    pub(super) weight: u32,
    pub(super) scene: bool,
}

pub(super) fn mentions(atlas: &Atlas, script: &Script) -> Mentions {
    let mut mentions = Mentions::default();
    let mut taken = 0;
    for found in atlas.lexicon.read(script, Column::Places) {
        if found.start < taken {
            continue;
        }
        let mut choices: Vec<(Node, bool)> = Vec::new();
        for entry in found.values {
            match entry {
                Entry::Place { node, full } => choices.push((*node, *full)),
                Entry::WholeProvince => mentions.province = true,
                Entry::Abbreviation => mentions.province |= cues::is_abbreviation(script, found.start, found.end),
                Entry::Locality { place, number } => mentions.localities.push((*place, *number)),
                Entry::Nothing => {}
            }
        }
        let name = script.whole().get(found.start..found.end).unwrap_or("");
        if choices.iter().all(|(_, full)| !full) && cues::is_namesake(script, name, found.end) {
            choices.clear();
        }
        let mut end = found.end;
        if let [(node, full)] = choices.as_mut_slice()
            && !atlas.is_ours(*node)
        {
            while let Some((inner, bytes)) = atlas.deeper(*node, script.after(end)) {
                (*node, *full) = (inner, true);
                end += bytes;
            }
        }
        taken = end;
        if !choices.is_empty() {
            let role = cues::role(script, found.start, end);
            mentions.list.push(Mention { start: found.start, end, choices, role });
        }
    }
    mentions
}

/// Decides for each name which place it means, leaving out short names that nothing around them confirms.
pub(super) fn accept(atlas: &Atlas, script: &Script, mentions: &Mentions, given: Option<Node>) -> Accepted {
    let sure: Vec<Node> = mentions
        .list
        .iter()
        .filter_map(|mention| match mention.choices.as_slice() {
            [(node, full)] if *full || atlas.level(*node) <= Level::Prefecture => {
                (atlas.is_ours(*node) || mention.role != Role::Passing).then_some(*node)
            }
            _ => None,
        })
        .collect();
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
            let times = if script.in_title(mention.start) { TITLE_MENTIONS } else { 1 };
            let weight = accepted.ours.entry(best.node).or_default();
            weight.mentions += times;
            weight.stays += if matches!(mention.role, Role::Scene | Role::Plain) { times } else { 0 };
            weight.sure += u32::from(best.support > 0 || atlas.level(best.node) <= Level::County);
            if mention.role == Role::Away {
                weight.mentions -= times; // kept at zero so that it still counts where nothing else is named
            }
        } else if matches!(mention.role, Role::Scene | Role::Plain) {
            let base = match (atlas.level(best.node), best.full) {
                (Level::County | Level::Street, true) => 3,
                (_, true) => 2,
                (_, false) => 1,
            };
            let scene = mention.role == Role::Scene;
            let weight = base + u32::from(scene) * 2 + u32::from(script.in_title(mention.start));
            accepted.elsewhere.push(Other { node: best.node, weight, scene });
        }
    }
    accepted
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Meaning {
    support: u32,
    ours: bool,
    full: bool,
    /// Of equals the first.
    order: std::cmp::Reverse<Node>,
    node: Node,
}

fn meaning(
    atlas: &Atlas,
    script: &Script,
    mention: &Mention,
    adjacent: Option<&Mention>,
    sure: &[Node],
    given: Option<Node>,
) -> Option<Meaning> {
    let ours = mention.choices.iter().filter(|(node, _)| atlas.is_ours(*node)).count();
    let alone = mention.choices.len() == 1;
    let meanings = mention.choices.iter().filter_map(|(node, full)| {
        let (node, full) = (*node, *full);
        let follows = adjacent.is_some_and(|adjacent| {
            adjacent.choices.iter().any(|(outer, _)| *outer != node && atlas.contains(*outer, node))
        });
        let by_text = sure.iter().any(|other| atlas.related(*other, node) || atlas.siblings(*other, node));
        let by_source = given.is_some_and(|given| given == node || atlas.related(given, node));
        let worded = atlas.is_ours(node)
            && atlas.level(node) == Level::County
            && cues::is_worded(script, mention.start, mention.end, alone);
        let support = u32::from(follows) * 4 + u32::from(by_text) * 2 + u32::from(by_source) + u32::from(worded);
        let enough = match (full, atlas.level(node)) {
            _ if !atlas.is_ours(node) => true,
            (true, _) => support > 0 || ours == 1,
            (false, Level::Province | Level::Prefecture) => true,
            (false, Level::County) => support > 0,
            (false, Level::Street) => {
                follows
                    || given.is_some_and(|given| {
                        Some(given) != atlas.region
                            && atlas.related(given, node)
                            && atlas.county(given).is_some_and(|county| atlas.county(node) == Some(county))
                    })
            }
        };
        let order = std::cmp::Reverse(node);
        enough.then_some(Meaning { support, ours: atlas.is_ours(node), full, order, node })
    });
    meanings.max()
}
