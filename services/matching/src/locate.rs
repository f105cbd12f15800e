//! Which place a post is about (属地), and whether it is a place of ours.

mod atlas;
mod choose;
mod cues;
mod mention;
mod stems;
mod weigh;

use huiyin_catalogue::{Catalogue, Locality, gazetteer};
use huiyin_domain::{Level, PlaceCode, SystemCode};

use self::atlas::{Atlas, Entry, Node};
use self::choose::{choose, elsewhere_concerned, nearer};
use self::mention::{Span, mentions};
use self::weigh::{Accepted, accept};
use crate::lexicon::Column;
use crate::script::Script;

/// Finds names of places; built once for a catalogue.
pub(crate) struct Locator {
    atlas: Atlas,
}

/// What the text and the source say of the place.
#[derive(Clone, Debug, Default)]
pub(crate) struct Located {
    /// The place decided on.
    pub(crate) place: Option<PlaceCode>,
    /// Several places of ours, of which `place` is the one above; empty where there is one.
    pub(crate) several: Vec<PlaceCode>,
    /// A place of another province or city, where no place of ours is concerned.
    pub(crate) elsewhere: Option<String>,
    /// The place comes from the source alone.
    pub(crate) by_source: bool,
    /// The place comes from a named locality: which, and how many confirmed matters put it there, in Chinese.
    pub(crate) by_locality: Option<String>,
    /// Only the city is named or given: which district of it is not said.
    pub(crate) only_prefecture: bool,
    /// Where names of places, roads and estates stand: words inside them are no subject.
    pub(crate) names: Vec<Span>,
}

impl Located {
    /// A text names a city and none of its districts, and neither the source nor a known locality tells which.
    pub(crate) fn is_city_alone(&self) -> bool {
        self.only_prefecture && !self.by_source && self.by_locality.is_none()
    }
}

/// Whether matters of a line of work are the district's or county's own, so that a city's name alone tells no unit.
pub(crate) fn is_district_matter(system: &SystemCode) -> bool {
    cues::LISTS.get("district_matters").iter().any(|code| code == system.as_str())
}

impl Locator {
    pub(crate) fn new(catalogue: &Catalogue) -> Locator {
        Locator { atlas: Atlas::new(catalogue) }
    }

    /// The words it looks for.
    pub(crate) fn words(&self) -> Vec<&str> {
        self.atlas.lexicon.all()
    }

    /// Reads title and text; `given` is the place as the source gave it: a code, a name or nothing.
    pub(crate) fn locate(&self, catalogue: &Catalogue, script: &Script, given: &str) -> Located {
        let given = match self.given(catalogue, given) {
            Given::Elsewhere(name) => return Located { elsewhere: Some(name), ..Located::default() },
            Given::Ours(node) => Some(node),
            Given::Unknown => None,
        };
        let found = mentions(&self.atlas, script);
        let accepted = accept(&self.atlas, script, &found, given);
        if let Some(elsewhere) = elsewhere_concerned(&self.atlas, &accepted, given) {
            let names = self.names(script, found.names, accepted.names);
            return Located { elsewhere: Some(elsewhere), names, ..Located::default() };
        }
        let mut located = self.ours(catalogue, &accepted, &found.localities, given);
        located.names = self.names(script, found.names, accepted.names);
        if located.place.is_none() && found.province {
            located.place = self.atlas.province.and_then(|province| self.atlas.code(province)).cloned();
        }
        if let Some(place) = located.place.take() {
            let current = catalogue.current_place(&place);
            located.only_prefecture =
                located.several.is_empty() && current.is_some_and(|place| place.level == Level::Prefecture);
            located.place = current.map(|place| place.code.clone());
        }
        located
    }

    /// All names together with those of roads and estates named after a line of work: 电力小区.
    fn names(&self, script: &Script, mut names: Vec<Span>, accepted: Vec<Span>) -> Vec<Span> {
        names.extend(accepted);
        for (start, end) in script.spans(Column::Subjects) {
            names.extend(cues::named_after(script, start, end).map(|bytes| (start, end + bytes)));
        }
        names
    }

    fn ours(
        &self,
        catalogue: &Catalogue,
        accepted: &Accepted,
        localities: &[Vec<(Node, usize)>],
        given: Option<Node>,
    ) -> Located {
        let chosen = choose(&self.atlas, &accepted.ours, given);
        let nearer = nearer(&self.atlas, &chosen, localities);
        let by_locality = nearer.and_then(|(_, number)| catalogue.localities().get(number)).map(evidence);
        let code = |node: Node| self.atlas.code(node).cloned();
        Located {
            place: nearer.map(|(place, _)| place).or(chosen.place).and_then(code),
            several: if nearer.is_some() { Vec::new() } else { chosen.several.into_iter().filter_map(code).collect() },
            by_source: chosen.by_source && nearer.is_none(),
            by_locality,
            ..Located::default()
        }
    }

    fn given(&self, catalogue: &Catalogue, given: &str) -> Given {
        let given = huiyin_text::normalise(given);
        let given = given.trim();
        if given.is_empty() {
            return Given::Unknown;
        }
        if given.bytes().all(|byte| byte.is_ascii_digit()) {
            return self.given_code(catalogue, given);
        }
        let current = |code: &PlaceCode| catalogue.current_place(code).and_then(|place| self.atlas.node(&place.code));
        if let Some(node) = current(&PlaceCode::new(given)) {
            return Given::Ours(node);
        }
        let script = Script::new(given, "");
        let mut chosen: Option<Node> = None;
        let mut elsewhere: Option<Node> = None;
        for found in self.atlas.lexicon.find(script.whole()) {
            let nodes = found.values.iter().filter_map(|entry| match entry {
                Entry::Place { node, .. } => Some(*node),
                _ => None,
            });
            let inside = |outer: Option<Node>, node: Node| {
                outer.is_none_or(|outer| outer != node && self.atlas.contains(outer, node))
            };
            for node in nodes {
                if self.atlas.is_ours(node) {
                    if inside(chosen, node) && (elsewhere.is_none() || chosen.is_some()) {
                        chosen = Some(node);
                        break;
                    }
                } else if inside(elsewhere, node) {
                    elsewhere = Some(node);
                }
            }
        }
        match chosen.and_then(|node| self.atlas.code(node)).and_then(current) {
            Some(node) => Given::Ours(node),
            None if elsewhere.is_some() => Given::Elsewhere(given.to_owned()),
            None => Given::Unknown,
        }
    }

    /// A statistical code of 12 digits names a community; the street and the county are its first 9 and 6 digits.
    fn given_code(&self, catalogue: &Catalogue, given: &str) -> Given {
        for length in [given.len(), 9, 6, 4, 2] {
            let Some(prefix) = given.get(..length) else { continue };
            let padded = PlaceCode::new(format!("{prefix:0<6}"));
            if let Some(node) = catalogue.current_place(&padded).and_then(|place| self.atlas.node(&place.code)) {
                return Given::Ours(node);
            }
            if let Some(division) = gazetteer::division(padded.as_str()).filter(|_| length >= 4) {
                return Given::Elsewhere(division.name.to_owned());
            }
        }
        let ours = catalogue.region().code.as_str().get(..2).is_some_and(|province| given.starts_with(province));
        if !ours && given.len() >= 6 { Given::Elsewhere(given.to_owned()) } else { Given::Unknown }
    }
}

/// What a locality rests on, for the officer.
fn evidence(locality: &Locality) -> String {
    let Locality { name, matters, of, .. } = locality;
    if *of == 0 {
        format!("“{name}”在目录中登记在此")
    } else {
        format!("已确认的事项中写到“{name}”的 {of} 件有 {matters} 件在此")
    }
}

enum Given {
    Ours(Node),
    Elsewhere(String),
    Unknown,
}

#[cfg(test)]
mod tests;
