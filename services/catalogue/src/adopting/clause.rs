//! The row of a clause.

use std::collections::HashSet;

use huiyin_domain::{PlaceCode, SystemCode, UnitId};
use huiyin_text::{normalise, prepare, prepare_prose};

use crate::adopting::name::{Names, Outcome, Resolved};
use crate::adopting::words::{Words, is_of_every_subject, summary};
use crate::catalogue::Catalogue;
use crate::reading::ReadClause;

/// Names of one side of a clause, resolved.
#[derive(Debug, Default)]
pub(crate) struct Side {
    pub(crate) named: Vec<(String, Resolved)>,
}

impl Side {
    pub(crate) fn resolve(names: &mut Names<'_>, written: &[String]) -> Side {
        let mut side = Side::default();
        let mut before: Option<PlaceCode> = None;
        for name in written {
            if let Some(resolved) = names.resolve(name, before.as_ref()) {
                if resolved.outcome != Outcome::Collective {
                    before = resolved.place.clone();
                }
                side.named.push((name.clone(), resolved));
            }
        }
        side
    }

    /// The cell: ids, `*` where bodies of the whole country stand for the competent body of each place, `/` for none.
    pub(crate) fn cell(&self) -> String {
        let mut seen: HashSet<&UnitId> = HashSet::new();
        let ids = self.named.iter().filter_map(|(_, resolved)| resolved.unit.as_ref());
        let ids: Vec<&str> = ids.filter(|id| seen.insert(id)).map(UnitId::as_str).collect();
        let competent = self.named.iter().any(|(_, resolved)| resolved.unit.is_none() && !resolved.systems.is_empty());
        match (ids.is_empty(), competent) {
            (false, _) => ids.join("|"),
            (true, true) => "*".to_owned(),
            (true, false) => "/".to_owned(),
        }
    }

    /// Main systems of the bodies named, in order.
    fn systems(&self) -> impl Iterator<Item = &SystemCode> {
        self.named.iter().filter_map(|(_, resolved)| resolved.systems.first())
    }
}

/// A clause ready to be written.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) clause: String,
    pub(crate) summary: String,
    pub(crate) systems: String,
    pub(crate) lead: String,
    pub(crate) responsible: String,
    pub(crate) deadline: String,
    pub(crate) text: String,
    pub(crate) terms: String,
    pub(crate) note: String,
}

pub(crate) fn written(
    catalogue: &Catalogue,
    words: &Words<'_>,
    read: &ReadClause,
    clause: String,
    lead: &Side,
    responsible: &Side,
) -> Written {
    let text = kept_text(&read.text);
    let names: Vec<&str> = read.lead_units.iter().chain(&read.responsible_units).map(String::as_str).collect();
    let said = words.of(&text, &names);
    let systems = systems(catalogue, &text, &said.systems, lead, responsible);
    let note = match read.note.as_deref() {
        Some("open list") => "文中有“等”，未列全".to_owned(),
        Some(note) => note.to_owned(),
        None => String::new(),
    };
    Written {
        summary: summary(&text),
        systems,
        lead: lead.cell(),
        responsible: responsible.cell(),
        deadline: read.deadline.clone().unwrap_or_default(),
        terms: said.terms.join("|"),
        text,
        clause,
        note,
    }
}

/// The systems of a clause: those of the bodies it names, then those its own words speak for (a clause on land taken that
/// names the planning bureau is one on land taken too). One about answering public opinion bears on every subject.
fn systems(catalogue: &Catalogue, text: &str, said: &[SystemCode], lead: &Side, responsible: &Side) -> String {
    const SAID_MAX: usize = 6;
    if is_of_every_subject(text) {
        return "*".to_owned();
    }
    let office = &catalogue.manifest().duty_office;
    let mut systems: Vec<&SystemCode> = Vec::new();
    let named = lead.systems().chain(responsible.systems());
    for system in named {
        if !systems.contains(&system) {
            systems.push(system);
        }
    }
    let further: Vec<&SystemCode> = said.iter().filter(|system| !systems.contains(system)).take(SAID_MAX).collect();
    systems.extend(further);
    if systems.is_empty() {
        systems.push(office);
    }
    systems.into_iter().map(SystemCode::as_str).collect::<Vec<_>>().join("|")
}

/// The text as written, in one line; with personal data masked where it holds any (annexes name contacts).
fn kept_text(raw: &str) -> String {
    let line = raw.split_whitespace().collect::<Vec<_>>().join(" ");
    let plain = normalise(&line);
    if prepare(&plain).as_str() == plain { line } else { prepare_prose(&line).into_string() }
}
