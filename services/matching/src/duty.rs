//! The duties of the office's own papers that a post hears (谁主管谁回应): the clause decides, not the line of work.
//!
//! Town before county before city before province; laws give no duty of their own, they only ground what the line of work
//! decided. A paper of a place above gives its line of work to the body of the nearer place (属地管理、分级负责).

use std::borrow::Cow;
use std::sync::Arc;

use huiyin_catalogue::{Catalogue, Clause, Place, Unit};
use huiyin_domain::{Level, SystemCode};

use crate::candidate::{Bearing, Choice, Setting};
use crate::clause::{ClauseIndex, Heard};
use crate::subject::Ground;

/// Share of the weight of an idea that only one clause has which a duty must reach to be heard: one word of its own.
const HEARD_SHARE: f64 = 0.65;
/// Clauses on more lines of work than this say nothing of who leads any one of them.
const SYSTEMS_MAX: usize = 3;
/// A duty of another unit whose score reaches this share of the best one's makes it unclear whose it is.
const RIVAL_SHARE: f64 = 0.8;

/// A duty heard in a post.
#[derive(Clone, Debug)]
pub(crate) struct Duty<'a> {
    pub(crate) unit: Cow<'a, Unit>,
    pub(crate) system: SystemCode,
    /// The clause that gives it.
    pub(crate) bearing: Bearing,
    /// What was heard of it.
    pub(crate) ground: Ground,
    /// The clause names the unit; otherwise it names the body of a place above.
    pub(crate) named: bool,
}

/// What the papers say beside the line of work.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) enum Verdict {
    /// No duty is heard, or only in passing.
    #[default]
    Silent,
    /// A duty clearly heard gives the first choice.
    Leads,
    /// A duty is heard, not clearly, and gives another unit than the line of work: why the machine abstains, in Chinese.
    Differs(String),
}

/// The duty of the nearest paper that a post hears; the most telling one of that paper's place.
pub(crate) fn duty<'a>(setting: Setting<'a>, index: &ClauseIndex, heard: &Heard) -> Option<Duty<'a>> {
    let here = setting.catalogue.current_place(setting.place?)?;
    let above = setting.catalogue.ancestors(&here.code);
    let enough = index.telling() * HEARD_SHARE;
    let mut found: Vec<(usize, f64, Duty<'a>)> = Vec::new();
    for echo in heard.echoes().filter(|echo| echo.own && echo.score >= enough) {
        let Some(clause) = index.clause(echo) else { continue };
        if clause.any_system || clause.systems.len() > SYSTEMS_MAX || !clause.in_force(setting.on) {
            continue;
        }
        let Some(place) = setting.catalogue.document(&clause.document).and_then(|of| of.place.as_ref()) else {
            continue;
        };
        let Some(distance) = above.iter().position(|above| above.code == *place) else { continue };
        let Some((unit, system, named)) = charged(setting, clause, here, &above) else { continue };
        let ground = Ground::new(system.clone(), index.said(heard, echo));
        let bearing = Bearing { clause: clause.clone(), hits: echo.hits };
        found.push((distance, echo.score, Duty { unit, system, bearing, ground, named }));
    }
    found.sort_by(|one, other| {
        let telling = other.1.total_cmp(&one.1);
        one.0.cmp(&other.0).then(telling).then_with(|| one.2.bearing.clause.clause.cmp(&other.2.bearing.clause.clause))
    });
    let (distance, score) = found.first().map(|(distance, score, _)| (*distance, *score))?;
    // Two duties of one paper, heard alike and given to different units, are none.
    let first = found.first().map(|(_, _, duty)| duty.unit.id.clone())?;
    let rival = |(near, other, duty): &(usize, f64, Duty<'_>)| {
        *near == distance && *other >= score * RIVAL_SHARE && duty.unit.id != first
    };
    (!found.iter().any(rival)).then(|| found.swap_remove(0).2)
}

/// The unit that a clause charges with the matter at a place, its line of work there, and whether the clause names it.
fn charged<'a>(
    setting: Setting<'a>,
    clause: &Arc<Clause>,
    here: &'a Place,
    above: &[&'a Place],
) -> Option<(Cow<'a, Unit>, SystemCode, bool)> {
    let catalogue = setting.catalogue;
    let named = |ids: &[huiyin_domain::UnitId]| -> Vec<&'a Unit> {
        ids.iter().filter_map(|id| catalogue.unit(id)).filter_map(|unit| in_force(catalogue, unit, setting)).collect()
    };
    let lead = named(clause.lead.units());
    let units = if lead.is_empty() { named(clause.responsible.units()) } else { lead };
    let towns = units.iter().any(|unit| unit.collective) && here.level == Level::Street;
    let mut alone = units.iter().copied().filter(|unit| !unit.collective);
    match (alone.next(), alone.next()) {
        (Some(unit), None) => {
            let held = |system: &&SystemCode| unit.systems.contains(system);
            let system = clause.systems.iter().find(held).or(unit.systems.first())?.clone();
            let near = above.iter().any(|place| place.code == unit.place);
            if !near {
                return None;
            }
            // A city's bureau serves the city; in a county of it the county's own does.
            let county = above.iter().find(|place| place.level == Level::County);
            let lower = county.is_some_and(|county| unit.level < Level::County && county.code != unit.place);
            if !lower {
                return Some((Cow::Borrowed(unit), system, true));
            }
            let counterpart = setting.unit(&system)?;
            let own = counterpart.id == unit.id;
            Some((counterpart, system, own))
        }
        (None, None) if towns => {
            let system = catalogue.manifest().street.clone();
            let town = catalogue.unit_at(&system, &here.code, setting.on)?;
            let held = units.iter().any(|unit| unit.collective && catalogue.embraces(unit, &town));
            held.then_some((town, system, true))
        }
        _ => None,
    }
}

/// The unit itself, or the one that took over from it.
fn in_force<'a>(catalogue: &'a Catalogue, unit: &'a Unit, setting: Setting<'_>) -> Option<&'a Unit> {
    if unit.in_force(setting.on) { Some(unit) } else { catalogue.unit(unit.successor.as_ref()?) }
}

/// Puts a duty beside the choices by line of work, best first. Where both give the same unit, or the post speaks of one
/// subject in both, the paper decides; a duty heard beside another subject leaves it to an officer.
pub(crate) fn weigh<'a>(setting: Setting<'a>, choices: &mut Vec<Choice<'a>>, duty: Option<Duty<'a>>) -> Verdict {
    let Some(duty) = duty else { return Verdict::Silent };
    if choices.first().is_some_and(|first| first.in_hand) {
        return Verdict::Silent; // 谁处置谁回应 comes first
    }
    let at = choices.iter().position(|choice| choice.unit.as_ref().is_some_and(|unit| unit.id == duty.unit.id));
    if at == Some(0) {
        let Some(first) = choices.first_mut() else { return Verdict::Silent };
        if duty.named {
            first.clauses.retain(|bearing| !Arc::ptr_eq(&bearing.clause, &duty.bearing.clause));
            first.clauses.insert(0, duty.bearing);
            return Verdict::Leads;
        }
        return Verdict::Silent;
    }
    if !duty.named {
        return Verdict::Silent;
    }
    let same_subject = choices.first().is_none_or(|first| shares_words(&first.ground, &duty.ground));
    if !same_subject {
        let first = choices.first().map(|first| (first.ground.system.clone(), first.words()));
        let (system, words) = first.unwrap_or((duty.system.clone(), String::new()));
        let reason = format!(
            "{}规定由{}负责（{}），{words}却属{system}，两者不一致，请值班员研判。",
            source(setting.catalogue, &duty.bearing.clause),
            duty.unit.name,
            duty.ground.terms.iter().take(2).map(|term| format!("“{}”", term.text)).collect::<String>(),
        );
        if at.is_none() {
            choices.insert(choices.len().min(1), made(duty));
        }
        return Verdict::Differs(reason);
    }
    match at.and_then(|at| (at < choices.len()).then(|| choices.remove(at))) {
        Some(mut choice) => {
            choice.clauses.retain(|bearing| !Arc::ptr_eq(&bearing.clause, &duty.bearing.clause));
            choice.clauses.insert(0, duty.bearing);
            choices.insert(0, choice);
        }
        None => choices.insert(0, made(duty)),
    }
    Verdict::Leads
}

fn made(duty: Duty<'_>) -> Choice<'_> {
    Choice { ground: duty.ground, unit: Some(duty.unit), clauses: vec![duty.bearing], in_hand: false, denied: false }
}

/// Document and number of a clause, as an officer reads them.
pub(crate) fn source(catalogue: &Catalogue, clause: &Clause) -> String {
    let document = catalogue.document(&clause.document);
    let title = document
        .map_or(clause.document.as_str(), |document| document.number.as_deref().unwrap_or(document.title.as_str()));
    format!("{title} {}", clause.clause)
}

/// Whether a word of the duty is, holds or lies in one that spoke for the other ground.
fn shares_words(ground: &Ground, duty: &Ground) -> bool {
    duty.terms
        .iter()
        .any(|heard| ground.terms.iter().any(|term| term.text.contains(&heard.text) || heard.text.contains(&term.text)))
}
