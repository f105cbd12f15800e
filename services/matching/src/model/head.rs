//! The weights of one label.

use super::Scored;
use super::Vocabulary;

/// Classes of a head at most: one byte names one.
pub(crate) const CLASSES_MAX: usize = 255;
/// 1 + ln(n) for n = 0, 1, 2, …; more often says no more. Written out so that no machine's logarithm matters.
const TIMES: [f64; 17] = [
    0.0, 1.0, 1.693147, 2.098612, 2.386294, 2.609438, 2.791759, 2.945910, 3.079442, 3.197225, 3.302585, 3.397895,
    3.484907, 3.564949, 3.639057, 3.708050, 3.772589,
];

/// Ranks the classes of one label.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    pub(super) label: String,
    pub(super) classes: Vec<String>,
    pub(super) biases: Vec<f32>,
    /// Sharpness of the odds: chances are in proportion to exp(sharpness × score).
    pub(super) sharpness: f32,
    pub(super) vocabulary: Vocabulary,
    /// Rarity of each feature as a step of [`RARITY_STEP`].
    pub(super) rarities: Vec<u8>,
    /// Where the weights of each feature end in `weights`.
    pub(super) ends: Vec<u32>,
    /// Class and step of weight, see [`weight`].
    pub(super) weights: Vec<(u8, i8)>,
    /// Largest weight of the head.
    pub(super) scale: f32,
}

/// A class with what the model makes of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Ranked {
    /// Name of the class.
    pub class: String,
    /// Distance from the border, about −1 for no and 1 for yes.
    pub score: f64,
    /// Chance among the classes, 0 to 1; all add up to 1.
    pub chance: f64,
}

/// What one step of rarity is.
pub(crate) const RARITY_STEP: f64 = 0.05;

/// Steps of weight are finer near zero, where most are: the square of the step, with its sign.
pub(crate) fn weight(step: i8, scale: f32) -> f32 {
    let share = f32::from(step) / 127.0;
    share * share.abs() * scale
}

/// The step nearest to a weight.
pub(crate) fn weight_step(weight: f32, scale: f32) -> i8 {
    if scale <= 0.0 {
        return 0;
    }
    let share = (weight.abs() / scale).min(1.0).sqrt() * 127.0;
    (share.round() as i8) * if weight < 0.0 { -1 } else { 1 }
}

/// The factor of a feature that occurs so often.
pub(crate) fn times(count: usize) -> f64 {
    TIMES.get(count).copied().unwrap_or(3.772589)
}

impl Head {
    /// From parts in the order of `vocabulary`; `rows` has the steps of every class that matters to a feature.
    pub(crate) fn new(parts: HeadParts) -> Head {
        let mut ends = Vec::with_capacity(parts.rows.len());
        let mut weights = Vec::new();
        for row in parts.rows {
            weights.extend(row);
            ends.push(weights.len() as u32);
        }
        Head {
            label: parts.label,
            classes: parts.classes,
            biases: parts.biases,
            sharpness: parts.sharpness,
            vocabulary: parts.vocabulary,
            rarities: parts.rarities,
            ends,
            weights,
            scale: parts.scale,
        }
    }

    pub(super) fn unfinished(parts: HeadParts, ends: Vec<u32>, weights: Vec<(u8, i8)>) -> Head {
        let head = Head::new(HeadParts { rows: Vec::new(), ..parts });
        Head { ends, weights, ..head }
    }

    /// What it was trained to tell: `topic` or `system`.
    pub fn label(&self) -> &str {
        &self.label
    }

    /// Its classes, in order.
    pub fn classes(&self) -> &[String] {
        &self.classes
    }

    /// How many features it knows.
    pub fn features(&self) -> usize {
        self.vocabulary.keys().len()
    }

    pub(crate) fn vocabulary(&self) -> &Vocabulary {
        &self.vocabulary
    }

    /// Steps of [`RARITY_STEP`], by place.
    pub(crate) fn rarities(&self) -> &[u8] {
        &self.rarities
    }

    /// Weights by place and bias of each of `classes`; a class it does not know has no weights and says no.
    pub(crate) fn learned(&self, classes: &[String]) -> Vec<(Vec<f32>, f64)> {
        let numbers: Vec<Option<usize>> =
            classes.iter().map(|class| self.classes.iter().position(|known| known == class)).collect();
        let features = self.features();
        numbers
            .into_iter()
            .map(|number| {
                let Some(number) = number else { return (vec![0.0; features], -1.0) };
                let mut weights = vec![0.0; features];
                for (place, slot) in (0_u32..).zip(&mut weights) {
                    let known = self.row(place).iter().find(|(class, _)| usize::from(*class) == number);
                    *slot = known.map_or(0.0, |(_, step)| weight(*step, self.scale));
                }
                (weights, self.biases.get(number).map_or(-1.0, |bias| f64::from(*bias)))
            })
            .collect()
    }

    /// The class with the highest score; the first of equal ones.
    pub(crate) fn best(&self, scored: &Scored) -> Option<&str> {
        let best = scored.scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let at = scored.scores.iter().position(|score| *score >= best)?;
        self.classes.get(at).map(String::as_str)
    }

    /// Chance of every class, in order of class; all add up to 1.
    pub(crate) fn chances(&self, scored: &Scored) -> Vec<f64> {
        let best = scored.scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let odds = |score: f64| (f64::from(self.sharpness) * (score - best)).exp();
        let mut chances: Vec<f64> = scored.scores.iter().map(|score| odds(*score)).collect();
        let all: f64 = chances.iter().sum();
        chances.iter_mut().for_each(|chance| *chance /= all);
        chances
    }

    /// Classes with scores and chances, best first; equal ones in order of class.
    pub(crate) fn rank(&self, scored: &Scored) -> Vec<Ranked> {
        let scores = self.classes.iter().zip(&scored.scores).zip(self.chances(scored));
        let mut ranked: Vec<Ranked> =
            scores.map(|((class, score), chance)| Ranked { class: class.clone(), score: *score, chance }).collect();
        ranked.sort_by(|one, other| other.score.total_cmp(&one.score).then_with(|| one.class.cmp(&other.class)));
        ranked
    }

    /// Classes and steps of weight of the feature at a place.
    pub(super) fn row(&self, place: u32) -> &[(u8, i8)] {
        let place = place as usize;
        let start = place.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(place).copied().unwrap_or(start);
        self.weights.get(start as usize..end as usize).unwrap_or(&[])
    }

    /// Every step of weight as a number, by its byte.
    pub(super) fn scales(&self) -> [f64; 256] {
        let mut scales = [0.0; 256];
        for (byte, slot) in (0..=u8::MAX).zip(&mut scales) {
            *slot = f64::from(weight(byte as i8, self.scale));
        }
        scales
    }
}

/// What a head is made of.
pub(crate) struct HeadParts {
    pub(crate) label: String,
    pub(crate) classes: Vec<String>,
    pub(crate) biases: Vec<f32>,
    pub(crate) sharpness: f32,
    pub(crate) vocabulary: Vocabulary,
    pub(crate) rarities: Vec<u8>,
    pub(crate) rows: Vec<Vec<(u8, i8)>>,
    pub(crate) scale: f32,
}
