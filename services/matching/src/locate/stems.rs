//! Short names of counties and zones that their table leaves out, and zones named by their kind alone.

use std::collections::{BTreeMap, BTreeSet};

use huiyin_catalogue::{Catalogue, Place};
use huiyin_domain::{Level, PlaceCode};

use super::atlas::{Entry, Naming, Node};
use super::cues::LISTS;

/// Words with what they mean. A stem that another place of ours above the streets has is none: 南昌 is the city.
pub(super) fn of(catalogue: &Catalogue, node: impl Fn(&PlaceCode) -> Option<Node> + Copy) -> Vec<(String, Entry)> {
    let counties = || catalogue.places().filter(|place| place.level == Level::County && place.successor.is_none());
    let taken: BTreeSet<&str> =
        catalogue.places().filter(|place| place.level != Level::Street).flat_map(Place::names).collect();
    let mut words: BTreeSet<(String, Node, Naming)> = BTreeSet::new();
    for place in counties() {
        let Some(node) = node(&place.code) else { continue };
        let parent = place.parent.as_ref().and_then(|parent| catalogue.place(parent));
        if place.is_zone() {
            for kind in LISTS.get("zone_kinds").iter().filter(|kind| place.names().any(|name| name.ends_with(*kind))) {
                words.insert((kind.clone(), node, Naming::Kind));
            }
            for stem in place.names().filter_map(zone_stem).filter(|stem| !taken.contains(stem)) {
                words.insert((stem.to_owned(), node, Naming::Short));
            }
        } else {
            let stem = place.stem(parent);
            if !taken.contains(stem) {
                let naming = if is_doubtful(stem) { Naming::Doubtful } else { Naming::Short };
                words.insert((stem.to_owned(), node, naming));
            }
        }
    }
    overlapping(catalogue, &mut words, node);
    words.extend(towns(catalogue, node));
    words.into_iter().map(|(word, node, naming)| (word, Entry::Place { node, naming })).collect()
}

/// Towns without their kind behind the county or city they lie in: 永新禾川, 南昌莲塘. Both together are a name beyond doubt,
/// also where either is an ordinary word.
fn towns(
    catalogue: &Catalogue,
    node: impl Fn(&PlaceCode) -> Option<Node>,
) -> impl Iterator<Item = (String, Node, Naming)> {
    // (name of the outer place with the town's stem) -> the towns it may mean.
    let mut words: BTreeMap<String, BTreeSet<Node>> = BTreeMap::new();
    // 萍乡安源 is the county 安源区, whatever town of that name it has.
    let higher: BTreeSet<&str> = catalogue
        .places()
        .filter(|place| place.level != Level::Street)
        .flat_map(|place| place.names().chain([place.stem(None)]))
        .collect();
    let streets = catalogue.places().filter(|place| place.level == Level::Street && place.successor.is_none());
    for street in streets {
        let outer = |place: &Place| place.parent.as_ref().and_then(|parent| catalogue.place(parent));
        // What a zone runs is the zone's; its towns keep codes of the county they were part of.
        let of = outer(street).filter(|above| above.is_zone()).unwrap_or(street);
        let (Some(of), Some(stem)) = (node(&of.code), town_stem(&street.name)) else { continue };
        if higher.contains(stem) {
            continue;
        }
        for above in std::iter::successors(outer(street), |place| outer(place)) {
            if !matches!(above.level, Level::County | Level::Prefecture) {
                break;
            }
            let short = [above.name.as_str(), above.stem(outer(above))];
            for name in short.into_iter().chain(above.names()).filter(|name| !stem.starts_with(name)) {
                words.entry(format!("{name}{stem}")).or_default().insert(of);
            }
        }
    }
    let one = |(word, towns): (String, BTreeSet<Node>)| match towns.len() {
        1 => towns.first().map(|town| (word, *town, Naming::Full)),
        _ => None,
    };
    words.into_iter().filter_map(one)
}

/// The name of a town without its kind, where it is no ordinary word: not 大桥 of 大桥镇.
fn town_stem(name: &str) -> Option<&str> {
    let stem = LISTS.get("town_kinds").iter().find_map(|kind| name.strip_suffix(kind.as_str()))?;
    let lists = ["namesakes", "weak_namesakes", "things_after", "county_words"];
    let ordinary = lists.iter().any(|list| LISTS.get(list).iter().any(|word| word == stem));
    (stem.chars().count() >= 2 && !ordinary).then_some(stem)
}

/// Short names inside longer words that begin before or end after them: 永丰乡下 is the country of 永丰, not 永丰乡, and
/// 位于都昌 speaks of 都昌, not of 于都.
fn overlapping(
    catalogue: &Catalogue,
    words: &mut BTreeSet<(String, Node, Naming)>,
    node: impl Fn(&PlaceCode) -> Option<Node>,
) {
    let named = catalogue.places().filter(|place| place.level == Level::County && place.successor.is_none());
    let named = named.filter(|place| place.short != place.name).filter_map(|place| Some((node(&place.code)?, place)));
    let stems: Vec<(String, Node, Naming)> = words.iter().filter(|word| word.2 != Naming::Kind).cloned().collect();
    let shorts = named.map(|(node, place)| (place.short.clone(), node, Naming::Short)).chain(stems);
    let shorts: Vec<(String, Node, Naming)> = shorts.filter(|(short, ..)| !is_doubtful(short)).collect();
    for (short, node, naming) in &shorts {
        if !catalogue.places_named(&format!("{short}乡")).is_empty() {
            words.insert((format!("{short}乡下"), *node, *naming));
        }
        let after_at =
            |other: &&(String, Node, Naming)| other.0.strip_prefix('于').is_some_and(|rest| short.starts_with(rest));
        if shorts.iter().any(|other| after_at(&other)) {
            words.insert((format!("于{short}"), *node, *naming));
        }
    }
}

/// Whether a short name is an ordinary word, a person's name or the name of lakes and hills everywhere.
pub(super) fn is_doubtful(name: &str) -> bool {
    LISTS.get("doubtful").iter().any(|word| word == name)
}

/// A zone's own name: 昌北 of 昌北经开区.
fn zone_stem(name: &str) -> Option<&str> {
    let stem = LISTS.get("zone_stem_kinds").iter().find_map(|kind| name.strip_suffix(kind.as_str()))?;
    (stem.chars().count() == 2).then_some(stem)
}
