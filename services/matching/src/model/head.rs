//! The weights of one label.

use super::reader::{BLOCK_FACTORS, BLOCKS};
use super::{Features, Vocabulary};

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
    /// The same weights as numbers.
    values: Vec<f32>,
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

/// Scores of all classes with what they rest on.
pub(crate) struct Scored {
    /// In order of class.
    pub(crate) scores: Vec<f64>,
    /// The known features of the text, in a fixed order.
    pub(crate) values: Vec<Value>,
}

/// A known feature in a text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Value {
    /// Its place among the head's features.
    place: u32,
    /// Number of the first such feature in the text.
    first: u32,
    value: f32,
}

/// Bits for the number of a feature in a text, and for its place in a head.
const NUMBER_BITS: u32 = 28;

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
    pub(super) fn finished(mut self) -> Head {
        self.values = self.weights.iter().map(|(_, step)| weight(*step, self.scale)).collect();
        self
    }

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
            values: Vec::new(),
        }
        .finished()
    }

    pub(super) fn unfinished(parts: HeadParts, ends: Vec<u32>, weights: Vec<(u8, i8)>) -> Head {
        let head = Head::new(HeadParts { rows: Vec::new(), ..parts });
        Head { ends, weights, ..head }.finished()
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
                    let (start, end) = self.row(place);
                    let row = self.weights.get(start..end).unwrap_or(&[]).iter();
                    let mut row = row.zip(self.values.get(start..end).unwrap_or(&[]));
                    *slot = row.find(|((class, _), _)| usize::from(*class) == number).map_or(0.0, |(_, value)| *value);
                }
                (weights, self.biases.get(number).map_or(-1.0, |bias| f64::from(*bias)))
            })
            .collect()
    }

    /// Scores every class.
    pub(crate) fn score(&self, features: &Features) -> Scored {
        let values = self.values_of(features);
        let mut scores: Vec<f64> = self.biases.iter().map(|bias| f64::from(*bias)).collect();
        for Value { place, value, .. } in &values {
            let (start, end) = self.row(*place);
            let row = self.weights.get(start..end).unwrap_or(&[]).iter();
            for ((class, _), weight) in row.zip(self.values.get(start..end).unwrap_or(&[])) {
                if let Some(score) = scores.get_mut(usize::from(*class)) {
                    *score += f64::from(*weight) * f64::from(*value);
                }
            }
        }
        Scored { scores, values }
    }

    /// Value of every known feature of a text: how often it occurs, how rare it is, each kind scaled to length 1.
    fn values_of(&self, features: &Features) -> Vec<Value> {
        const PLACE: u64 = (1 << NUMBER_BITS) - 1;
        let mut found: Vec<u64> = Vec::with_capacity(features.as_slice().len());
        for (number, feature) in (0_u64..PLACE).zip(features.as_slice()) {
            if let Some(place) = self.vocabulary.place(feature.key) {
                found.push((feature.block as u64) << (2 * NUMBER_BITS) | u64::from(place) << NUMBER_BITS | number);
            }
        }
        found.sort_unstable();
        let mut values = Vec::with_capacity(found.len());
        for block in found.chunk_by(|one, other| one >> (2 * NUMBER_BITS) == other >> (2 * NUMBER_BITS)) {
            let start = values.len();
            let mut squares = 0.0;
            for same in block.chunk_by(|one, other| one >> NUMBER_BITS == other >> NUMBER_BITS) {
                let first = same.first().copied().unwrap_or(0);
                let place = (first >> NUMBER_BITS & PLACE) as u32;
                let rarity = self.rarities.get(place as usize).map_or(0.0, |steps| f64::from(*steps) * RARITY_STEP);
                let value = times(same.len()) * rarity;
                squares += value * value;
                values.push(Value { place, first: (first & PLACE) as u32, value: value as f32 });
            }
            let number = block.first().map_or(0, |first| (first >> (2 * NUMBER_BITS)) as usize).min(BLOCKS - 1);
            let factor = BLOCK_FACTORS.get(number).copied().unwrap_or(0.0) / f64::max(squares.sqrt(), 1e-9);
            for known in values.iter_mut().skip(start) {
                known.value = (f64::from(known.value) * factor) as f32;
            }
        }
        values
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
        let all: f64 = scored.scores.iter().map(|score| odds(*score)).sum();
        scored.scores.iter().map(|score| odds(*score) / all).collect()
    }

    /// Classes with scores and chances, best first; equal ones in order of class.
    pub(crate) fn rank(&self, scored: &Scored) -> Vec<Ranked> {
        let scores = self.classes.iter().zip(&scored.scores).zip(self.chances(scored));
        let mut ranked: Vec<Ranked> =
            scores.map(|((class, score), chance)| Ranked { class: class.clone(), score: *score, chance }).collect();
        ranked.sort_by(|one, other| other.score.total_cmp(&one.score).then_with(|| one.class.cmp(&other.class)));
        ranked
    }

    /// What spoke for each of `classes`: number of the feature in the text and what it added, the largest first. One pass
    /// over the features, whose weights lie far apart in memory.
    pub(crate) fn reasons(&self, scored: &Scored, classes: &[usize]) -> Vec<Vec<(u32, f64)>> {
        let mut reasons = vec![Vec::new(); classes.len()];
        for Value { place, first, value } in &scored.values {
            let (start, end) = self.row(*place);
            let row = self.weights.get(start..end).unwrap_or(&[]).iter();
            for ((other, _), weight) in row.zip(self.values.get(start..end).unwrap_or(&[])) {
                let wanted = classes.iter().position(|class| *class == usize::from(*other));
                if let Some(slot) = wanted.filter(|_| *weight > 0.0).and_then(|at| reasons.get_mut(at)) {
                    slot.push((*first, f64::from(*weight) * f64::from(*value)));
                }
            }
        }
        for slot in &mut reasons {
            slot.sort_by(|one, other| other.1.total_cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
        }
        reasons
    }

    fn row(&self, place: u32) -> (usize, usize) {
        let place = place as usize;
        let start = place.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        (start as usize, self.ends.get(place).copied().unwrap_or(start) as usize)
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
