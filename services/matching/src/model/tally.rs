//! Sums of weights, class by class.

use super::head::{Head, RARITY_STEP, times};
use super::reader::{BLOCK_FACTORS, BLOCKS};

/// Classes of a narrow head at most.
pub(super) const NARROW: usize = 8;
/// A step of 127 squared: what one stands for, see [`weight`](super::head::weight).
const FULL: f32 = 16129.0;
/// As many as a byte can name.
const WIDE: usize = 256;

/// Scores of all classes of a head with what they rest on.
pub(crate) struct Scored {
    /// Number of the head in the index.
    pub(super) head: usize,
    /// In order of class.
    pub(crate) scores: Vec<f64>,
    /// What the values of each kind are multiplied by.
    pub(super) factors: [f64; BLOCKS],
}

/// What a feature that occurs so often counts.
pub(super) fn value(count: u32, rarity: u8) -> f64 {
    times(count as usize) * (f64::from(rarity) * RARITY_STEP)
}

/// Whether a head has so few classes that each feature has a step of weight for every one of them.
pub(crate) fn is_narrow(head: &Head) -> bool {
    head.classes().len() <= NARROW
}

/// What a head makes of the features of a text so far, by kind.
pub(super) struct Tally {
    sums: Sums,
    squares: [f64; BLOCKS],
}

/// Sums by kind and class.
enum Sums {
    /// In single precision, four classes in one instruction on every processor.
    Narrow([[f32; NARROW]; BLOCKS]),
    Wide(Box<[[f64; WIDE]; BLOCKS]>),
}

impl Tally {
    pub(super) fn of(head: &Head) -> Tally {
        let narrow = is_narrow(head);
        let sums =
            if narrow { Sums::Narrow([[0.0; NARROW]; BLOCKS]) } else { Sums::Wide(Box::new([[0.0; WIDE]; BLOCKS])) };
        Tally { sums, squares: [0.0; BLOCKS] }
    }

    /// Adds a feature: the steps of all classes of a narrow head, class and step in turn for any other. `scales` are the
    /// steps of weight as numbers.
    pub(super) fn add(&mut self, scales: &[f64; 256], kind: usize, value: f64, row: &[u8]) {
        self.squares.get_mut(kind).into_iter().for_each(|square| *square += value * value);
        match &mut self.sums {
            Sums::Narrow(sums) => {
                let (Some(sums), Some(steps)) = (sums.get_mut(kind), row.first_chunk::<NARROW>()) else { return };
                let value = value as f32;
                for (sum, step) in sums.iter_mut().zip(steps) {
                    let step = i16::from(*step as i8);
                    *sum += f32::from(step * step.abs()) * value;
                }
            }
            Sums::Wide(sums) => {
                let Some(sums) = sums.get_mut(kind) else { return };
                for [class, step] in row.as_chunks::<2>().0 {
                    let scale = scales.get(usize::from(*step));
                    if let (Some(sum), Some(scale)) = (sums.get_mut(usize::from(*class)), scale) {
                        *sum += scale * value;
                    }
                }
            }
        }
    }

    pub(super) fn scored(self, number: usize, head: &Head) -> Scored {
        let mut factors = BLOCK_FACTORS;
        factors.iter_mut().zip(self.squares).for_each(|(factor, square)| *factor /= f64::max(square.sqrt(), 1e-9));
        let mut scores: Vec<f64> = head.biases.iter().map(|bias| f64::from(*bias)).collect();
        match &self.sums {
            Sums::Narrow(sums) => {
                let scale = f64::from(head.scale / FULL);
                for (sums, factor) in sums.iter().zip(factors) {
                    scores.iter_mut().zip(sums).for_each(|(score, sum)| *score += f64::from(*sum) * scale * factor);
                }
            }
            Sums::Wide(sums) => {
                for (sums, factor) in sums.iter().zip(factors) {
                    scores.iter_mut().zip(sums).for_each(|(score, sum)| *score += sum * factor);
                }
            }
        }
        Scored { head: number, scores, factors }
    }
}
