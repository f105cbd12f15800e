//! Every place a text may name: the catalogue's own and those of the rest of the country.

use std::collections::{BTreeSet, HashMap};

use huiyin_catalogue::gazetteer::{self, Division};
use huiyin_catalogue::{Catalogue, Place};
use huiyin_domain::{Level, PlaceCode};

use super::{cues, stems};
use crate::lexicon::Lexicon;

/// Place names end with these where they stand in full.
const KINDS: [char; 8] = ['省', '市', '州', '盟', '县', '区', '旗', '镇'];
/// Characters of the longest name of a division looked up after the one above it.
const NAME_CHARS_MAX: usize = 15;

/// A place, known by its number.
pub(super) type Node = u32;

/// What a word of the atlas means.
#[derive(Clone, Copy, Debug)]
pub(super) enum Entry {
    /// A name of a place.
    Place { node: Node, naming: Naming },
    /// 全省, 省里: the region's province without its name.
    WholeProvince,
    /// One character that stands for the region's province in some words: 在赣.
    Abbreviation,
    /// An estate, road or the like, by its number in the catalogue.
    Locality { place: Node, number: usize },
    /// A longer word that holds a place's name by chance.
    Nothing,
}

/// How a place is named, the less telling first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Naming {
    /// A zone by its kind alone: 高新区.
    Kind,
    /// A short name that is an ordinary word as well.
    Doubtful,
    /// A name without its kind.
    Short,
    /// A name with its kind.
    Full,
}

#[derive(Debug)]
struct Known {
    code: PlaceCode,
    name: String,
    level: Level,
    parent: Option<Node>,
    ours: bool,
}

/// Places with their names. The catalogue's come first, in table order.
pub(super) struct Atlas {
    known: Vec<Known>,
    index: HashMap<PlaceCode, Node>,
    /// All names of places elsewhere, short ones of counties included, for what follows the place above.
    elsewhere: HashMap<String, Vec<Node>>,
    pub(super) lexicon: Lexicon<Entry>,
    pub(super) region: Option<Node>,
    pub(super) province: Option<Node>,
}

impl Atlas {
    pub(super) fn new(catalogue: &Catalogue) -> Atlas {
        let mut atlas = Atlas {
            known: Vec::new(),
            index: HashMap::new(),
            elsewhere: HashMap::new(),
            lexicon: Lexicon::new([]),
            region: None,
            province: None,
        };
        let mut words: Vec<(String, Entry)> = Vec::new();
        let mut own_names: BTreeSet<&str> = BTreeSet::new();
        for place in catalogue.places() {
            atlas.add(place.code.clone(), &place.name, place.level, true);
        }
        for place in catalogue.places() {
            // A county that has become another one is that one, so that their common short name means one place.
            let current = catalogue.current_place(&place.code).filter(|_| place.level == Level::County);
            let Some(node) = atlas.node(&current.unwrap_or(place).code) else { continue };
            for name in place.names().filter(|name| name.chars().count() >= 2) {
                own_names.insert(name);
                words.push((name.to_owned(), Entry::Place { node, naming: naming(name, place) }));
            }
        }
        words.extend(stems::of(catalogue, |code| atlas.node(code)));
        for place in catalogue.places() {
            let parent = place.parent.as_ref().and_then(|parent| atlas.node(parent));
            let node = atlas.node(&place.code);
            if let Some(known) = node.and_then(|node| atlas.known.get_mut(node as usize)) {
                known.parent = parent;
            }
        }
        atlas.region = atlas.node(&catalogue.region().code);
        atlas.province = atlas.region.map(|region| atlas.top(region));
        for division in gazetteer::divisions() {
            atlas.add_elsewhere(division, &own_names, &mut words);
        }
        for other in catalogue.elsewhere() {
            let code = PlaceCode::new(other.code.clone());
            let level = level_of(&other.code);
            let node = atlas.node(&code).unwrap_or_else(|| atlas.add(code, &other.name, level, false));
            let full = other.name.chars().count() >= 3 && other.name.ends_with(KINDS);
            let naming = if full { Naming::Full } else { Naming::Short };
            words.push((other.name.clone(), Entry::Place { node, naming }));
            atlas.elsewhere.entry(other.name.clone()).or_default().push(node);
        }
        for (number, locality) in catalogue.localities().iter().enumerate() {
            if let Some(place) = atlas.node(&locality.place) {
                words.extend(locality.names().map(|name| (name.to_owned(), Entry::Locality { place, number })));
            }
        }
        let list = |name: &str| cues::LISTS.get(name).iter().cloned();
        words.extend(list("whole_province").map(|word| (word, Entry::WholeProvince)));
        words.extend(list("chance").map(|word| (word, Entry::Nothing)));
        let abbreviation = cues::abbreviation(catalogue.region().code.as_str());
        words.extend(abbreviation.map(|abbreviation| (abbreviation.to_owned(), Entry::Abbreviation)));
        atlas.lexicon = Lexicon::new(words);
        atlas
    }

    fn add(&mut self, code: PlaceCode, name: &str, level: Level, ours: bool) -> Node {
        let node = Node::try_from(self.known.len()).expect("a catalogue has far fewer places");
        self.index.insert(code.clone(), node);
        self.known.push(Known { code, name: name.to_owned(), level, parent: None, ours });
        node
    }

    fn add_elsewhere(
        &mut self,
        division: &'static Division,
        own_names: &BTreeSet<&str>,
        words: &mut Vec<(String, Entry)>,
    ) {
        let code = PlaceCode::new(division.code);
        if self.node(&code).is_some() {
            return;
        }
        let parent = division.parent.and_then(|parent| self.node(&PlaceCode::new(parent)));
        if let (Some(parent), Some(region)) = (parent, self.region)
            && self.contains(region, parent)
        {
            return; // inside the region the catalogue's places are all there are
        }
        let node = self.add(code, division.name, division.level, false);
        if let Some(known) = self.known.get_mut(node as usize) {
            known.parent = parent;
        }
        let county = division.level == Level::County;
        for name in division.names() {
            self.elsewhere.entry(name.to_owned()).or_default().push(node);
            let full = name.chars().count() >= 3 && (name.ends_with(KINDS) || name == division.name);
            let generic = || cues::LISTS.get("generic_districts").iter().any(|generic| generic == name);
            let alone = if county { full && !generic() } else { full || !own_names.contains(name) };
            if alone {
                let naming = if full { Naming::Full } else { Naming::Short };
                words.push((name.to_owned(), Entry::Place { node, naming }));
            }
        }
    }

    pub(super) fn node(&self, code: &PlaceCode) -> Option<Node> {
        self.index.get(code).copied()
    }

    pub(super) fn code(&self, node: Node) -> Option<&PlaceCode> {
        self.known.get(node as usize).map(|known| &known.code)
    }

    pub(super) fn level(&self, node: Node) -> Level {
        self.known.get(node as usize).map_or(Level::Street, |known| known.level)
    }

    pub(super) fn is_ours(&self, node: Node) -> bool {
        self.known.get(node as usize).is_some_and(|known| known.ours)
    }

    pub(super) fn parent(&self, node: Node) -> Option<Node> {
        self.known.get(node as usize).and_then(|known| known.parent)
    }

    /// The place itself and those above it.
    pub(super) fn above(&self, node: Node) -> impl Iterator<Item = Node> {
        std::iter::successors(Some(node), |node| self.parent(*node))
    }

    /// Whether `inner` is `outer` or lies in it.
    pub(super) fn contains(&self, outer: Node, inner: Node) -> bool {
        self.above(inner).any(|node| node == outer)
    }

    /// One lies in the other and neither is the region, which all of ours share.
    pub(super) fn related(&self, one: Node, other: Node) -> bool {
        one != other
            && Some(one) != self.region
            && Some(other) != self.region
            && (self.contains(one, other) || self.contains(other, one))
    }

    /// Counties of the same city.
    pub(super) fn siblings(&self, one: Node, other: Node) -> bool {
        one != other
            && self.level(one) == Level::County
            && self.level(other) == Level::County
            && self
                .parent(one)
                .is_some_and(|above| self.parent(other) == Some(above) && self.level(above) == Level::Prefecture)
    }

    /// The county a street lies in, or the county itself.
    pub(super) fn county(&self, node: Node) -> Option<Node> {
        self.above(node).find(|node| self.level(*node) == Level::County)
    }

    fn top(&self, node: Node) -> Node {
        self.above(node).last().unwrap_or(node)
    }

    /// A division elsewhere right at the start of `text`, inside `outer`, and the bytes of its name. A county's short name
    /// is read after its city alone.
    pub(super) fn deeper(&self, outer: Node, text: &str) -> Option<(Node, usize)> {
        let ends: Vec<usize> =
            text.char_indices().take(NAME_CHARS_MAX).map(|(index, character)| index + character.len_utf8()).collect();
        ends.iter().skip(1).rev().find_map(|end| {
            let name = text.get(..*end)?;
            let inner = self.elsewhere.get(name)?.iter().copied().find(|inner| {
                *inner != outer
                    && self.contains(outer, *inner)
                    && (name.ends_with(KINDS) || self.parent(*inner) == Some(outer))
            })?;
            Some((inner, *end))
        })
    }

    /// The name of a place with those of the ones above it up to the province, for showing.
    pub(super) fn whole_name(&self, node: Node) -> String {
        let mut names: Vec<&str> = self
            .above(node)
            .filter_map(|node| self.known.get(node as usize))
            .map(|known| known.name.as_str())
            .collect();
        names.reverse();
        names.concat()
    }
}

fn naming(name: &str, place: &Place) -> Naming {
    if is_full(name, place) {
        Naming::Full
    } else if place.level == Level::County && stems::is_doubtful(name) {
        Naming::Doubtful
    } else {
        Naming::Short
    }
}

fn is_full(name: &str, place: &Place) -> bool {
    let ends = name == place.name || name.ends_with(['省', '市', '县', '区', '镇', '乡']) || name.ends_with("街道");
    ends && name.chars().count() >= 3
}

fn level_of(code: &str) -> Level {
    if code.ends_with("0000") {
        Level::Province
    } else if code.ends_with("00") {
        Level::Prefecture
    } else {
        Level::County
    }
}
