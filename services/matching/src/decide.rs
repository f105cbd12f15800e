//! Which candidate, or none: thresholds and the words an officer reads.

use std::borrow::Cow;

use huiyin_catalogue::{Catalogue, Place, Unit};
use huiyin_domain::{Candidate, SystemCode, UnitRef};

use crate::assessment::Decision;
use crate::candidate::{Choice, Setting, ways_out};
use crate::duty::{Verdict, source};
use crate::handling::Handling;
use crate::handling::accused::{self, Charge};
use crate::locate::{Located, is_district_matter};
use crate::points::written;

/// Below this score the machine abstains: one hint alone (a weight of 1 to 2, in the title 2.5 times) decides nothing.
/// Letters never come so low; short hotline tickets do.
const SCORE_MIN: f64 = 3.0;
/// The runner-up's share of the first score above which the machine abstains, by terms alone: 90.4 % of 291 letters whose
/// official reply shows who answered are decided, 95.8 % of them rightly; 0.67 would decide 72.9 %, 96.2 % rightly.
const RUNNER_UP_SHARE_MAX: f64 = 0.85;
/// The same with a trained model, whose points outweigh the terms'. Invented posts that the model did not learn from, share
/// decided and right among them: 0.40 → 76 %, 90 %; 0.50 → 84 %, 89 %; 0.60 → 92 %, 88 % of one half of 131; 69 %, 92 %;
/// 72 %, 92 %; 84 %, 91 % of the other; 54 %, 94 %; 69 %, 88 %; 77 %, 85 % of 188 harder ones.
const RUNNER_UP_SHARE_MAX_BLENDED: f64 = 0.45;
/// The share of the first score from which a runner-up assists.
const ASSIST_SHARE_MIN: f64 = 0.6;
/// Assisting units at most.
const ASSIST_MAX: usize = 3;

/// What was decided.
#[derive(Clone, Debug)]
pub(crate) struct Decided {
    pub(crate) decision: Decision,
    pub(crate) reason: String,
    pub(crate) system: Option<SystemCode>,
    pub(crate) unit: Option<UnitRef>,
    pub(crate) assist: Vec<UnitRef>,
    pub(crate) candidates: Vec<Candidate>,
}

/// Decides among choices, best first. `verdict` is what the office's papers say; `needs_unit` is false where every post
/// counts as ours wherever it plays.
pub(crate) fn decide(
    setting: Setting<'_>,
    choices: Vec<Choice<'_>>,
    verdict: &Verdict,
    handling: &Handling,
    located: &Located,
    needs_unit: bool,
) -> Decided {
    let Some(first) = choices.first() else {
        return Decided {
            decision: Decision::Abstain,
            reason: "文中没有能判断主管系统的内容，请值班员研判。".to_owned(),
            system: None,
            unit: None,
            assist: Vec::new(),
            candidates: Vec::new(),
        };
    };
    let system = Some(first.ground.system.clone());
    let (decision, reason, unit, assist) = match doubt(setting, &choices, verdict, located, needs_unit) {
        Some(reason) => (Decision::Abstain, reason, None, Vec::new()),
        None => {
            let unit = first.unit.as_deref().map(UnitRef::from);
            let reason = reason(setting, first, located, handling);
            (Decision::Unit, reason, unit, assist(setting, &choices, handling))
        }
    };
    Decided { decision, reason, system, unit, assist, candidates: show(setting, choices) }
}

/// Why the machine abstains, if it does.
fn doubt(
    setting: Setting<'_>,
    choices: &[Choice<'_>],
    verdict: &Verdict,
    located: &Located,
    needs_unit: bool,
) -> Option<String> {
    let first = choices.first()?;
    let name = first.ground.system.as_str();
    let led = *verdict == Verdict::Leads;
    if let Verdict::Differs(reason) = verdict {
        return Some(reason.clone());
    }
    if first.ground.score < SCORE_MIN && !led {
        return Some(format!(
            "依据不足：最接近的是{name}（{}，{} 分，门槛 {SCORE_MIN:.1} 分），请值班员研判。",
            first.words(),
            written(first.ground.score),
        ));
    }
    let share_max = if setting.blended { RUNNER_UP_SHARE_MAX_BLENDED } else { RUNNER_UP_SHARE_MAX };
    // A town has to do with most of what happens in it: that alone makes no doubt of whose line of work it is.
    let street = &setting.catalogue.manifest().street;
    let rival = choices
        .iter()
        .skip(1)
        .find(|choice| choice.ground.system != *street && !same_responsibility(setting.catalogue, first, choice));
    if let Some(rival) = rival
        && !led
        && !first.in_hand
        && rival.ground.score > first.ground.score * share_max
    {
        return Some(format!(
            "{name}（{}，{} 分）与{}（{}，{} 分）难分主次，请值班员研判。",
            first.words(),
            written(first.ground.score),
            rival.ground.system,
            rival.words(),
            written(rival.ground.score),
        ));
    }
    if !needs_unit {
        return None;
    }
    if setting.place.is_none() {
        return Some(format!("看似{name}事项，但文中和来源都没有写明属地，请值班员核实地点。"));
    }
    if first.unit.is_none() && first.ground.system == setting.catalogue.manifest().street {
        return Some(format!("看似{name}事项，但没有写明是哪个乡镇（街道），请值班员核实地点。"));
    }
    let city = setting.place.and_then(|place| setting.catalogue.place(place)).filter(|_| located.is_city_alone());
    if let Some(city) = city.filter(|_| !led && !first.in_hand && is_district_matter(&first.ground.system)) {
        return Some(format!("看似{name}事项，但只写明{}，哪个区县未写明，请值班员核实地点。", city.name));
    }
    first.unit.is_none().then(|| format!("看似{name}事项，但目录中没有该属地的主管单位，请值班员研判。"))
}

/// The same unit, or systems of which one is part of the other: between them there is no doubt whose line it is.
fn same_responsibility(catalogue: &Catalogue, one: &Choice<'_>, other: &Choice<'_>) -> bool {
    let part_of = |inner: &SystemCode, outer: &SystemCode| {
        catalogue.system(inner).is_some_and(|system| system.parent.as_ref() == Some(outer))
    };
    let (one_system, other_system) = (&one.ground.system, &other.ground.system);
    let same_unit = one.unit.as_ref().zip(other.unit.as_ref()).is_some_and(|(one, other)| one.id == other.id);
    same_unit || part_of(one_system, other_system) || part_of(other_system, one_system)
}

fn reason(setting: Setting<'_>, first: &Choice<'_>, located: &Located, handling: &Handling) -> String {
    let mut reason = if first.in_hand {
        format!("文中写明{}已在处置（谁处置谁回应）", unit_name(first.unit.as_deref(), &first.ground.system))
    } else {
        format!(
            "{}等 {} 处说明属{}（{} 分）",
            first.words(),
            first.ground.terms.len(),
            first.ground.system,
            written(first.ground.score)
        )
    };
    let place_name = setting.place.and_then(|place| setting.catalogue.place(place)).map(|place| place.name.as_str());
    if let Some(place) = place_name {
        if located.several.len() > 1 {
            reason.push_str(&format!("；涉及{}个属地，由上一级{place}的主管单位牵头", located.several.len()));
        } else if let Some(evidence) = &located.by_locality {
            reason.push_str(&format!("；属地{place}（{evidence}）"));
        } else if located.by_source {
            reason.push_str(&format!("；属地{place}（来源给出）"));
        } else {
            reason.push_str(&format!("；属地{place}"));
        }
    }
    if let Some(bearing) = first.clauses.first().filter(|bearing| !bearing.clause.any_system) {
        reason.push_str(&format!("；依据{}", source(setting.catalogue, &bearing.clause)));
    }
    if handling.charge.is_some() {
        reason.push_str("；内容涉及对有关单位或人员的投诉，须与监督单位同时交办");
    }
    reason.push('。');
    reason
}

fn unit_name(unit: Option<&Unit>, system: &SystemCode) -> String {
    unit.map_or_else(|| format!("{system}部门"), |unit| unit.name.clone())
}

/// The supervising unit of one complained about, other leads and responsible units of the clause that decided, and
/// runners-up that are nearly as strong.
fn assist(setting: Setting<'_>, choices: &[Choice<'_>], handling: &Handling) -> Vec<UnitRef> {
    let Some(first) = choices.first() else { return Vec::new() };
    let Some(unit) = &first.unit else { return Vec::new() };
    let mut assist: Vec<Cow<'_, Unit>> = Vec::new();
    if let Some(charge) = &handling.charge {
        assist.extend(overseer(setting, unit, &first.ground.system, charge));
    }
    let clause = first.clauses.iter().find(|bearing| bearing.hits >= 2 && !bearing.clause.any_system);
    if let Some(bearing) = clause {
        let named = bearing.clause.lead.units().iter().chain(bearing.clause.responsible.units());
        let units = named.filter_map(|id| setting.catalogue.unit(id));
        let here = units.filter(|named| !named.collective && named.place == unit.place && named.in_force(setting.on));
        assist.extend(here.map(Cow::Borrowed));
    }
    let strong = choices.iter().skip(1).filter(|choice| choice.ground.score >= first.ground.score * ASSIST_SHARE_MIN);
    assist.extend(
        strong
            .filter(|choice| !choice.denied && choice.ground.score >= SCORE_MIN)
            .filter_map(|choice| choice.unit.as_deref().map(Cow::Borrowed)),
    );
    let mut shown: Vec<UnitRef> = Vec::new();
    for other in &assist {
        if other.id != unit.id && shown.iter().all(|known| known.id != other.id) && shown.len() < ASSIST_MAX {
            shown.push(UnitRef::from(&**other));
        }
    }
    shown
}

/// The unit that supervises one complained about: where conduct is meant the office that looks into it at the unit's
/// place, else the unit above it, the government office of its place, its like one level up. Never the unit itself.
fn overseer<'a>(setting: Setting<'a>, unit: &'a Unit, system: &SystemCode, charge: &Charge) -> Option<Cow<'a, Unit>> {
    let catalogue = setting.catalogue;
    let above = catalogue.ancestors(&unit.place);
    let discipline = accused::discipline();
    let at = |system: &SystemCode, place: &Place| catalogue.unit_at(system, &place.code, setting.on);
    let conduct =
        above.iter().filter(|_| charge.conduct).flat_map(|place| discipline.iter().map(move |of| (of, *place)));
    let conduct = conduct.filter_map(|(of, place)| at(of, place));
    let parent = unit.parent.as_ref().and_then(|parent| catalogue.unit(parent)).map(Cow::Borrowed);
    let higher = || above.iter().skip(1).filter_map(|place| at(system, place));
    // What is led from above answers to the one above; the others to their own government.
    let vertical = catalogue.system(system).is_some_and(|system| system.vertical);
    let led = higher().filter(|_| vertical);
    let offices = above.iter().take(1).filter_map(|place| catalogue.duty_office(&place.code)).map(Cow::Owned);
    let mut overseers = conduct.chain(parent).chain(led).chain(offices).chain(higher());
    overseers.find(|overseer| overseer.id != unit.id && !overseer.collective)
}

fn show(setting: Setting<'_>, choices: Vec<Choice<'_>>) -> Vec<Candidate> {
    let best = choices.first().map_or(0.0, |choice| choice.ground.score);
    let ways_out = ways_out(setting, &choices);
    let shown = choices.into_iter().enumerate().map(|(rank, choice)| {
        let score = choice.ground.score;
        let (words, points) = (choice.words(), written(score));
        let why = match rank {
            _ if choice.denied => ["提到", &words, "，但文中写明该单位称不属其职责（", &points, " 分）。"].concat(),
            0 => [&words, "，共 ", &points, " 分。"].concat(),
            _ if score >= best => [&words, "，", &points, " 分，但条款由首选单位牵头。"].concat(),
            _ => ["只有", &words, "，", &points, " 分，比首选低 ", &written(best - score), " 分。"].concat(),
        };
        choice.show(setting.catalogue, why)
    });
    shown.chain(ways_out).collect()
}
