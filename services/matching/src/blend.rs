//! The trained model's voice beside the catalogue's terms.
//!
//! The model shares out points over the systems by the chance it gives each; how many depends on what the terms found,
//! so that neither drowns the other in long or in short posts. The points of a system are written to the words that
//! moved the model most, in proportion: a score stays the sum of the weights of its terms. Runs of characters speak only
//! where no word does.

use std::collections::BinaryHeap;

use huiyin_domain::SystemCode;

use crate::assessment::TermHit;
use crate::model::{Features, Head, Model, Reason, Scored};
use crate::script::Script;
use crate::subject::{Ground, Subjects};

/// Points of the model beside the best score of the terms. On 67 letters judged by eye beforehand, first candidate right:
/// 86.6 % without the model, 89.6 % at 0.5, 91.0 % at 1.0 and 2.0; on folds of the 291 whose terms were written in view of
/// them 93.5 %, 93.5 %, 93.8 %, 93.1 %.
const MODEL_SHARE: f64 = 1.0;
/// Points of the model where the terms found less than this.
const POINTS_MIN: f64 = 4.0;
/// Chances below this are not worth a candidate.
const CHANCE_MIN: f64 = 0.03;
/// Words shown for the model's points.
const WORDS_MAX: usize = 4;

/// Adds the model's points to the grounds. `known` tells the systems of the catalogue.
pub(crate) fn blend(
    subjects: &mut Subjects,
    (model, head, scored): (&Model, &Head, &Scored),
    features: &Features,
    script: &Script,
    known: impl Fn(&SystemCode) -> bool,
) {
    let best = subjects.grounds.first().map_or(0.0, |ground| ground.score);
    let points = MODEL_SHARE * f64::max(best, POINTS_MIN);
    let chances = head.chances(scored);
    let likely: Vec<(usize, f64)> =
        chances.into_iter().enumerate().filter(|(_, chance)| *chance >= CHANCE_MIN).collect();
    let classes: Vec<usize> = likely.iter().map(|(class, _)| *class).collect();
    for ((class, chance), reasons) in likely.into_iter().zip(model.reasons(scored, &classes, true)) {
        let Some(system) = head.classes().get(class).map(|class| SystemCode::new(class.as_str())) else { continue };
        if !known(&system) {
            continue;
        }
        let mut added = words(features, script, reasons);
        if added.is_empty() {
            let reasons = model.reasons(scored, &[class], false).pop();
            added = reasons.map(|reasons| words(features, script, reasons)).unwrap_or_default();
        }
        share_out(&mut added, points * chance);
        if added.is_empty() {
            continue;
        }
        match subjects.grounds.iter_mut().find(|ground| ground.system == system) {
            Some(ground) => {
                let mut terms = std::mem::take(&mut ground.terms);
                for hit in added {
                    match terms.iter_mut().find(|term| term.text == hit.text) {
                        Some(term) => term.weight += hit.weight,
                        None => terms.push(hit),
                    }
                }
                *ground = Ground::new(system, terms);
            }
            None => subjects.grounds.push(Ground::new(system, added)),
        }
    }
    subjects
        .grounds
        .sort_by(|one, other| other.score.total_cmp(&one.score).then_with(|| one.system.cmp(&other.system)));
}

/// The words that added most, with what they added.
fn words(features: &Features, script: &Script, mut reasons: BinaryHeap<Reason>) -> Vec<TermHit> {
    let mut hits: Vec<TermHit> = Vec::new();
    while hits.len() < WORDS_MAX
        && let Some(Reason { number, added }) = reasons.pop()
    {
        let Some(feature) = features.get(number) else { continue };
        let Some(text) = script.whole().get(feature.start as usize..feature.end as usize) else { continue };
        let text = text.trim();
        if text.chars().count() >= 2 && hits.iter().all(|hit| !hit.text.contains(text) && !text.contains(&hit.text)) {
            hits.push(TermHit { text: text.to_owned(), weight: added, start: feature.start as usize });
        }
    }
    hits
}

/// Scales the weights so that they add up to `points`.
fn share_out(hits: &mut [TermHit], points: f64) {
    let sum: f64 = hits.iter().map(|hit| hit.weight).sum();
    for hit in hits {
        hit.weight *= points / sum;
    }
}
