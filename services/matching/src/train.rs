//! Training a head of the model from labelled posts.
//!
//! One linear support vector machine per class on runs of characters. A first rough pass over all features finds those
//! that matter; the second one learns with them alone, so that the head holds nothing it does not need. Deterministic: the same examples in the same order give the same head.

mod danger;
mod solver;

use std::collections::{BTreeMap, HashMap};

use crate::alarm::DANGER;
use crate::model::reader::{self, BLOCK_FACTORS, BLOCKS};
use crate::model::{CLASSES_MAX, Head, HeadParts, RARITY_STEP, Vocabulary, times, weight_step};
use crate::script::Script;
use solver::{Problem, Rows, solve};

/// A feature must occur in so many posts.
const POSTS_MIN: u32 = 2;
/// Rounds of the first pass.
const ROUNDS_ROUGH: usize = 6;
/// How much more an example counts against a class it was wrongly taken for.
const AGAINST_FACTOR: f64 = 3.0;
/// How sharply chances follow scores. Measured with the system head: 2.5 and 6 rank worse than 4.
const SHARPNESS: f32 = 4.0;
/// From here on a feature says nothing of most classes.
const FEW_CLASSES: usize = 16;
/// With many classes, weights under this share of the feature's strongest are left out: two thirds of them all.
const SHARE_MIN: f32 = 0.2;
/// Bytes of a label or class at most.
const NAME_BYTES_MAX: usize = 255;

/// A post whose class is known.
#[derive(Clone, Debug)]
pub struct Example {
    /// Its class; empty where only known what it is not.
    pub class: String,
    /// Classes it was wrongly taken for: it counts more where they are told from the others.
    pub not: Vec<String>,
    /// How much it counts beside the others; 1 for a plain one.
    pub weight: f64,
    /// What it reads.
    pub reading: Reading,
}

/// The features of one post, counted; read once, used in any number of trainings.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Number of feature and how often it occurs, in rising order, for each kind.
    blocks: [Vec<(u32, u16)>; BLOCKS],
    /// What the head for danger reads instead.
    danger: danger::Reading,
}

/// How a head is trained.
#[derive(Clone, Copy, Debug)]
pub struct TrainOptions {
    /// How much a misjudged example costs beside large weights.
    pub cost: f64,
    /// Features kept at most.
    pub features_max: usize,
}

impl Default for TrainOptions {
    fn default() -> TrainOptions {
        // On three foldings of 6,580 letters, macro-F1: 93.0 % with 12,000 features, 92.9 % with 20,000; with words beside
        // the runs 93.0 % with 16,000 and 92.9 % with 60,000.
        TrainOptions { cost: 0.5, features_max: 12_000 }
    }
}

/// Why nothing can be learned.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TrainError {
    /// Fewer than two classes.
    #[error("{0} classes among {1} posts: at least two are needed")]
    Classes(usize, usize),
    /// More classes than a head can hold.
    #[error("{0} classes: at most {CLASSES_MAX}")]
    TooManyClasses(usize),
    /// A label or class that is too long to keep.
    #[error("\"{0}\" is longer than {NAME_BYTES_MAX} bytes")]
    LongName(String),
}

impl Reading {
    /// What the head of a label reads of a masked title and text.
    pub fn of(label: &str, title: &str, text: &str) -> Reading {
        if label == DANGER {
            return Reading { blocks: Default::default(), danger: danger::Reading::of(title, text) };
        }
        let script = Script::new(title, text);
        let mut found: [Vec<u32>; BLOCKS] = Default::default();
        reader::read(&script, |feature| {
            if let Some(block) = found.get_mut(feature.block as usize) {
                block.push(feature.key);
            }
        });
        let blocks = found.map(|mut keys| {
            keys.sort_unstable();
            keys.chunk_by(|one, other| one == other)
                .filter_map(|same| Some((*same.first()?, u16::try_from(same.len()).unwrap_or(u16::MAX))))
                .collect()
        });
        Reading { blocks, danger: danger::Reading::default() }
    }
}

/// Learns a head for `label`.
///
/// # Errors
/// Fewer than two classes, too many, or a name too long.
pub fn train(label: &str, examples: &[&Example], options: TrainOptions) -> Result<Head, TrainError> {
    if label == DANGER {
        return danger::train(examples, options);
    }
    let classes = classes(label, examples, &[])?;
    let mut lexicon = Lexicon::of(examples);
    if lexicon.rarities.len() > options.features_max {
        let rough = learn(&lexicon, &classes, examples, options, None, ROUNDS_ROUGH);
        lexicon.keep(&rough, options.features_max);
    }
    let learned = learn(&lexicon, &classes, examples, options, None, usize::MAX);
    Ok(head(label, &classes, lexicon, &learned))
}

/// Learns from further examples what to change of a head: where it judges them rightly and clearly, nothing. Features
/// stay those of the head; classes may be added. The head for danger is learned anew.
///
/// # Errors
/// Too many classes, or a name too long.
pub fn retrain(base: &Head, examples: &[&Example], options: TrainOptions) -> Result<Head, TrainError> {
    if base.label() == DANGER {
        return danger::train(examples, options);
    }
    let classes = classes(base.label(), examples, base.classes())?;
    let lexicon = Lexicon { vocabulary: base.vocabulary().clone(), rarities: base.rarities().to_vec() };
    let known = base.learned(&classes);
    let mut learned = learn(&lexicon, &classes, examples, options, Some(&known), usize::MAX);
    for ((weights, bias), (before, bias_before)) in learned.iter_mut().zip(&known) {
        weights.iter_mut().zip(before).for_each(|(weight, before)| *weight += before);
        *bias += bias_before;
    }
    Ok(head(base.label(), &classes, lexicon, &learned))
}

/// Weights by place, and bias, of one class.
pub(crate) type Learned = (Vec<f32>, f64);

fn classes(label: &str, examples: &[&Example], known: &[String]) -> Result<Vec<String>, TrainError> {
    let named = examples.iter().map(|example| &example.class).filter(|class| !class.is_empty());
    let mut classes: Vec<String> = named.chain(known).cloned().collect();
    classes.sort_unstable();
    classes.dedup();
    if classes.len() < 2 {
        return Err(TrainError::Classes(classes.len(), examples.len()));
    }
    if classes.len() > CLASSES_MAX {
        return Err(TrainError::TooManyClasses(classes.len()));
    }
    if let Some(name) = classes.iter().map(String::as_str).chain([label]).find(|name| name.len() > NAME_BYTES_MAX) {
        return Err(TrainError::LongName(name.to_owned()));
    }
    Ok(classes)
}

fn learn(
    lexicon: &Lexicon,
    classes: &[String],
    examples: &[&Example],
    options: TrainOptions,
    known: Option<&[Learned]>,
    rounds: usize,
) -> Vec<Learned> {
    let mut rows = Rows::default();
    for example in examples {
        rows.push(lexicon.row(&example.reading));
    }
    let learn_class = |(number, class): (usize, &String)| {
        let positive: Vec<bool> = examples.iter().map(|example| example.class == *class).collect();
        let costs: Vec<f64> = examples.iter().map(|example| options.cost * example.weight_for(class)).collect();
        let offsets = known.and_then(|known| known.get(number)).map(|known| rows.scores(known)).unwrap_or_default();
        let columns = lexicon.rarities.len();
        solve(&Problem { rows: &rows, columns, positive: &positive, costs: &costs, offsets: &offsets }, rounds)
    };
    classes.iter().enumerate().map(learn_class).collect()
}

impl Example {
    /// How much it counts when `class` is told from the others.
    fn weight_for(&self, class: &str) -> f64 {
        if self.not.iter().any(|not| not == class) {
            self.weight * AGAINST_FACTOR
        } else if self.class.is_empty() {
            0.0
        } else {
            self.weight
        }
    }
}

/// The features in use, with how rare they are.
struct Lexicon {
    vocabulary: Vocabulary,
    /// Steps of [`RARITY_STEP`], by place.
    rarities: Vec<u8>,
}

impl Lexicon {
    fn of(examples: &[&Example]) -> Lexicon {
        let mut posts: HashMap<u32, u32> = HashMap::new();
        for (key, _) in examples.iter().flat_map(|example| example.reading.blocks.iter().flatten()) {
            *posts.entry(*key).or_default() += 1;
        }
        let count = examples.len() as f64;
        let kept: BTreeMap<u32, u8> = posts
            .into_iter()
            .filter(|(_, posts)| *posts >= POSTS_MIN)
            .map(|(key, posts)| {
                let rarity = ((1.0 + count) / (1.0 + f64::from(posts))).ln() + 1.0;
                (key, (rarity / RARITY_STEP).round().clamp(1.0, 255.0) as u8)
            })
            .collect();
        Lexicon { vocabulary: Vocabulary::new(kept.keys().copied().collect()), rarities: kept.into_values().collect() }
    }

    /// Keeps the features with the largest weights.
    fn keep(&mut self, learned: &[(Vec<f32>, f64)], most: usize) {
        let strength = |place: usize| {
            let weights = learned.iter().filter_map(|(weights, _)| weights.get(place));
            weights.fold(0.0_f32, |strongest, weight| strongest.max(weight.abs()))
        };
        let mut places: Vec<(f32, usize)> = (0..self.rarities.len()).map(|place| (strength(place), place)).collect();
        places.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
        places.truncate(most);
        let mut kept: Vec<usize> = places.into_iter().map(|(_, place)| place).collect();
        kept.sort_unstable();
        let keys = kept.iter().filter_map(|place| self.vocabulary.keys().get(*place).copied()).collect();
        self.rarities = kept.iter().filter_map(|place| self.rarities.get(*place).copied()).collect();
        self.vocabulary = Vocabulary::new(keys);
    }

    /// The same values as [`Head`] gives a text.
    fn row(&self, reading: &Reading) -> Vec<(u32, f32)> {
        let mut row = Vec::new();
        for (block, factor) in reading.blocks.iter().zip(BLOCK_FACTORS) {
            let start = row.len();
            let mut squares = 0.0;
            for (key, count) in block {
                let Some(place) = self.vocabulary.place(*key) else { continue };
                let rarity = self.rarities.get(place as usize).map_or(0.0, |steps| f64::from(*steps) * RARITY_STEP);
                let value = times(usize::from(*count)) * rarity;
                squares += value * value;
                row.push((place, value as f32));
            }
            let factor = factor / f64::max(squares.sqrt(), 1e-9);
            for (_, value) in row.iter_mut().skip(start) {
                *value = (f64::from(*value) * factor) as f32;
            }
        }
        row
    }
}

fn head(label: &str, classes: &[String], lexicon: Lexicon, learned: &[(Vec<f32>, f64)]) -> Head {
    let scale = learned.iter().flat_map(|(weights, _)| weights).fold(0.0_f32, |most, weight| most.max(weight.abs()));
    let rows = (0..lexicon.rarities.len())
        .map(|place| {
            let weights = || learned.iter().map(|(weights, _)| weights.get(place).copied().unwrap_or(0.0));
            let strongest = weights().fold(0.0_f32, |most, weight| most.max(weight.abs()));
            let least = if classes.len() > FEW_CLASSES { strongest * SHARE_MIN } else { 0.0 };
            (0_u8..=u8::MAX)
                .zip(weights())
                .filter(|(_, weight)| weight.abs() >= least)
                .map(|(class, weight)| (class, weight_step(weight, scale)))
                .filter(|(_, step)| *step != 0)
                .collect()
        })
        .collect();
    Head::new(HeadParts {
        label: label.to_owned(),
        classes: classes.to_vec(),
        biases: learned.iter().map(|(_, bias)| *bias as f32).collect(),
        sharpness: SHARPNESS,
        vocabulary: lexicon.vocabulary,
        rarities: lexicon.rarities,
        rows,
        scale,
    })
}
