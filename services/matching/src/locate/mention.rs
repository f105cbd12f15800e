//! Names of places in a text, and which place each one means.

use huiyin_domain::Level;

use super::atlas::{Atlas, Entry, Naming, Node};
use super::cues::{self, Role};
use super::weigh::Given;
use crate::lexicon::Column;
use crate::script::Script;

/// First byte of a name in the script, and the byte after the last.
pub(crate) type Span = (usize, usize);

/// A name with the places it may mean.
#[derive(Debug)]
pub(super) struct Mention {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Places, and how each is named.
    pub(super) choices: Vec<(Node, Naming)>,
    pub(super) role: Role,
}

/// All names of a text, in order.
#[derive(Debug, Default)]
pub(super) struct Mentions {
    pub(super) list: Vec<Mention>,
    /// The region's province is meant without its name.
    pub(super) province: bool,
    /// Localities with their numbers in the catalogue, one list for each name.
    pub(super) localities: Vec<Vec<(Node, usize)>>,
    /// What certainly is a name, also where it is not known of which place.
    pub(super) names: Vec<Span>,
}

pub(super) fn mentions(atlas: &Atlas, script: &Script) -> Mentions {
    let mut mentions = Mentions::default();
    let mut taken = 0;
    for found in atlas.lexicon.read(script, Column::Places) {
        if found.start < taken {
            continue;
        }
        let mut choices: Vec<(Node, Naming)> = Vec::new();
        let mut localities: Vec<(Node, usize)> = Vec::new();
        for entry in found.values {
            match entry {
                Entry::Place { node, naming } => match choices.iter_mut().find(|(known, _)| known == node) {
                    Some((_, known)) => *known = (*known).max(*naming),
                    None => choices.push((*node, *naming)),
                },
                Entry::WholeProvince => mentions.province = true,
                Entry::Abbreviation => mentions.province |= cues::is_abbreviation(script, found.start, found.end),
                Entry::Locality { place, number } => localities.push((*place, *number)),
                Entry::Nothing => {}
            }
        }
        if !localities.is_empty() {
            mentions.localities.push(localities);
            mentions.names.push((found.start, found.end));
        }
        let name = script.whole().get(found.start..found.end).unwrap_or("");
        prune(atlas, script, name, (found.start, found.end), &mut choices, &mut mentions.names);
        let mut end = found.end;
        if let [(node, naming)] = choices.as_mut_slice()
            && !atlas.is_ours(*node)
        {
            while let Some((inner, bytes)) = atlas.deeper(*node, script.after(end)) {
                (*node, *naming) = (inner, Naming::Full);
                end += bytes;
            }
        }
        taken = end;
        if !choices.is_empty() {
            let ours = choices.iter().any(|(node, _)| atlas.is_ours(*node));
            let full = choices.iter().any(|(_, naming)| *naming == Naming::Full);
            let weak = !full && cues::is_weak(script, end);
            choices.retain(|(_, naming)| !(weak && *naming == Naming::Doubtful));
            let role = if weak { Role::Passing } else { cues::role(script, found.start, end, ours) };
            mentions.list.push(Mention { start: found.start, end, choices, role });
        }
    }
    connect(script, &mut mentions.list);
    mentions
}

/// Leaves out what a name without its kind cannot mean where it stands.
fn prune(
    atlas: &Atlas,
    script: &Script,
    name: &str,
    (start, end): Span,
    choices: &mut Vec<(Node, Naming)>,
    names: &mut Vec<Span>,
) {
    if choices.iter().any(|(_, naming)| *naming == Naming::Full) {
        names.push((start, end));
        return;
    }
    if choices.is_empty() {
        return;
    }
    if let Some(bytes) = cues::namesake(script, name, end) {
        choices.clear();
        names.push((start, end + bytes));
        return;
    }
    let county = |node: Node| atlas.is_ours(node) && atlas.level(node) == Level::County;
    if choices.iter().any(|(node, naming)| *naming != Naming::Kind && county(*node)) {
        if cues::is_apart(script, name, start, end) {
            choices.retain(|(node, _)| !county(*node));
        } else if cues::is_personal(script, start) {
            for (_, naming) in choices.iter_mut().filter(|(node, naming)| *naming == Naming::Short && county(*node)) {
                *naming = Naming::Doubtful;
            }
        }
    }
}

/// What only two names together tell: the end of a journey, and that one is said of both that stand side by side.
fn connect(script: &Script, list: &mut [Mention]) {
    for at in 1..list.len() {
        let Some([first, second]) = list.get_mut(at - 1..=at) else { continue };
        if cues::is_journey(script, (first.start, first.end), (second.start, second.end)) {
            first.role = Role::Passing;
            second.role = if second.role == Role::Passing { Role::Arrived } else { second.role };
        } else if cues::is_joint(script.whole().get(first.end..second.start).unwrap_or("")) {
            match (first.role, second.role) {
                (Role::Plain, Role::Scene) => first.role = Role::Scene,
                (Role::Scene, Role::Plain) => second.role = Role::Scene,
                _ => {}
            }
        }
    }
}

/// What a name means, the best last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Meaning {
    pub(super) support: u32,
    pub(super) ours: bool,
    pub(super) naming: Naming,
    /// Of equals the first.
    order: std::cmp::Reverse<Node>,
    pub(super) node: Node,
}

/// Which place a name means, by the name right before it, the places named beyond doubt, and the source's.
pub(super) fn meaning(
    atlas: &Atlas,
    script: &Script,
    mention: &Mention,
    adjacent: Option<&Mention>,
    sure: &[Node],
    given: Given,
) -> Option<Meaning> {
    let ours = mention.choices.iter().filter(|(node, _)| atlas.is_ours(*node)).count();
    let is_county = |node: Node| atlas.is_ours(node) && atlas.level(node) == Level::County;
    let counties = mention.choices.iter().filter(|(node, _)| is_county(*node)).count();
    let alone = mention.choices.len() == 1;
    let name = script.whole().get(mention.start..mention.end).unwrap_or("");
    let meanings = mention.choices.iter().filter_map(|(node, naming)| {
        let (node, naming) = (*node, *naming);
        let follows = adjacent.is_some_and(|adjacent| {
            adjacent.choices.iter().any(|(outer, _)| *outer != node && atlas.contains(*outer, node))
        });
        let by_text = sure.iter().any(|other| match naming {
            Naming::Kind => atlas.parent(node) == Some(*other),
            _ => atlas.related(*other, node) || atlas.siblings(*other, node),
        });
        let by_source = given.is_some_and(|given| given == node || atlas.related(given, node));
        let worded = is_county(node)
            && match naming {
                Naming::Kind => false,
                Naming::Doubtful => cues::is_certain(script, name, mention.start, mention.end),
                _ => cues::is_worded(script, mention.start, mention.end, alone),
            };
        let support = u32::from(follows) * 4 + u32::from(by_text) * 2 + u32::from(by_source) + u32::from(worded);
        let enough = match (naming, atlas.level(node)) {
            _ if !atlas.is_ours(node) => true,
            (Naming::Full, _) => support > 0 || ours == 1,
            (Naming::Short, Level::Province | Level::Prefecture) => true,
            (Naming::Short, Level::County) => support > 0 || counties == 1,
            (_, Level::Street) => {
                follows
                    || given.is_some_and(|given| {
                        Some(given) != atlas.region
                            && atlas.related(given, node)
                            && atlas.county(given).is_some_and(|county| atlas.county(node) == Some(county))
                    })
            }
            _ => support > 0,
        };
        let order = std::cmp::Reverse(node);
        enough.then_some(Meaning { support, ours: atlas.is_ours(node), naming, order, node })
    });
    meanings.max()
}
