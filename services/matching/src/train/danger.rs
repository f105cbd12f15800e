//! Training the head for danger to life: a post is as dangerous as its strongest window, and which window that is, is
//! learned with the weights.
//!
//! Of a dangerous post only the window that speaks most for danger is learned from, of a harmless one those that come
//! nearest to it; found by the weights of the round before (multiple-instance learning as in MI-SVM, Andrews et al. 2003).

use std::collections::{BTreeMap, HashMap};

use super::solver::{Problem, Rows, solve};
use super::{Example, Learned, POSTS_MIN, TrainError, TrainOptions};
use crate::alarm::classes::CLASSES;
use crate::alarm::features::{Windows, class_keys};
use crate::alarm::{DANGER, head::YES};
use crate::model::{Head, HeadParts, RARITY_STEP, Vocabulary, weight_step};
use crate::script::Script;

/// Rounds of choosing windows.
const ROUNDS: usize = 3;
/// Windows of a harmless post that are learned from.
const HARMLESS_WINDOWS: usize = 2;
/// How much a misjudged window costs beside large weights.
const COST: f64 = 1.0;
/// What classes count beside runs of characters. In three foldings 0.5 and 0.7 alike, 1.0 and 2.0 worse.
const CLASS_FACTOR: f64 = 0.7;
/// Harmless posts of a weight below 1 are letters nobody looked at, some of them dangers: a window that scores more than
/// this is not taught to be harmless.
const DOUBT_MIN: f64 = 0.0;

/// The features of the clauses of a post, and which of them make a window.
#[derive(Clone, Debug, Default)]
pub(super) struct Reading {
    clauses: Vec<Vec<u32>>,
    windows: Vec<Window>,
}

#[derive(Clone, Debug)]
struct Window {
    first: usize,
    last: usize,
    /// Features it has as a whole.
    whole: Vec<u32>,
}

impl Reading {
    pub(super) fn of(title: &str, text: &str) -> Reading {
        let script = Script::new(title, text);
        let windows = Windows::of(&CLASSES, &script, &CLASSES.read(&script));
        let of_clause = |at| {
            let mut keys = Vec::new();
            windows.of_clause(at, |feature| keys.push(windows.key(feature)));
            keys
        };
        let of_window = |&(first, last): &(usize, usize)| {
            let mut whole = Vec::new();
            for at in first + 1..last {
                windows.of_joint(at, |feature| whole.push(windows.key(feature)));
            }
            windows.of_window((first, last), |feature| whole.push(windows.key(feature)));
            Window { first, last, whole }
        };
        let clauses = (0..windows.clauses()).map(of_clause).collect();
        let windows = windows.spans.iter().map(of_window).collect();
        Reading { clauses, windows }
    }
}

/// Learns the head from posts of the classes `yes` and `no`.
pub(super) fn train(examples: &[&Example], options: TrainOptions) -> Result<Head, TrainError> {
    let yes = examples.iter().filter(|example| example.class == YES).count();
    if yes == 0 || yes == examples.len() {
        return Err(TrainError::Classes(1, examples.len()));
    }
    let mut lexicon = Lexicon::of(examples);
    let mut learned: Option<Learned> = None;
    for round in 0..=ROUNDS {
        learned = Some(learn(&lexicon, examples, learned.as_ref()));
        if round == 1
            && let Some((weights, bias)) = learned.take()
        {
            learned = Some((lexicon.keep(&weights, options.features_max), bias));
        }
    }
    let (weights, bias) = learned.unwrap_or_default();
    Ok(head(lexicon, &weights, bias))
}

/// Weights and bias from the windows that the weights before choose.
fn learn(lexicon: &Lexicon, examples: &[&Example], before: Option<&Learned>) -> Learned {
    let mut rows = Rows::default();
    let (mut positive, mut costs) = (Vec::new(), Vec::new());
    for example in examples {
        let is_yes = example.class == YES;
        let windows = example.reading.danger.windows.iter();
        let mut scored: Vec<(f64, Vec<(u32, f32)>)> = windows
            .map(|window| lexicon.row(&example.reading.danger, window))
            .map(|row| (before.map_or(0.0, |before| score(&row, before)), row))
            .collect();
        if before.is_some() {
            scored.sort_by(|one, other| other.0.total_cmp(&one.0));
        }
        // In the first round nothing is known: every window of a dangerous post speaks a little.
        let most = if !is_yes {
            HARMLESS_WINDOWS
        } else if before.is_some() {
            1
        } else {
            scored.len()
        };
        let share = if is_yes { most.max(1) as f64 } else { 1.0 };
        for (score, row) in scored.into_iter().take(most) {
            if before.is_some() && !is_yes && example.weight < 1.0 && score > DOUBT_MIN {
                continue;
            }
            rows.push(row);
            positive.push(is_yes);
            costs.push(COST * example.weight / share);
        }
    }
    let columns = lexicon.rarities.len();
    solve(&Problem { rows: &rows, columns, positive: &positive, costs: &costs, offsets: &[] }, usize::MAX)
}

fn score(row: &[(u32, f32)], (weights, bias): &Learned) -> f64 {
    let weight = |column: u32| weights.get(column as usize).copied().unwrap_or(0.0);
    row.iter().map(|(column, value)| f64::from(weight(*column)) * f64::from(*value)).sum::<f64>() + bias
}

/// The features in use, with how rare they are.
struct Lexicon {
    vocabulary: Vocabulary,
    /// Steps of [`RARITY_STEP`], by place.
    rarities: Vec<u8>,
}

impl Lexicon {
    /// Features that occur often enough, and at least once in a post somebody labelled.
    fn of(examples: &[&Example]) -> Lexicon {
        let mut counts: HashMap<u32, (u32, bool)> = HashMap::new();
        let mut windows = 0.0;
        for example in examples {
            let reading = &example.reading.danger;
            windows += reading.windows.len() as f64;
            let parts = reading.clauses.iter().chain(reading.windows.iter().map(|window| &window.whole));
            for part in parts {
                let mut keys = part.clone();
                keys.sort_unstable();
                keys.dedup();
                for key in keys {
                    let (count, labelled) = counts.entry(key).or_default();
                    *count += 1;
                    *labelled |= example.weight >= 1.0;
                }
            }
        }
        let classes = class_keys(&CLASSES);
        let kept = counts.into_iter().filter(|(_, (count, labelled))| *labelled && *count > POSTS_MIN);
        let kept: BTreeMap<u32, u8> = kept
            .map(|(key, (count, _))| {
                let rarity = ((1.0 + windows) / (1.0 + f64::from(count))).ln().max(0.0) + 1.0;
                let factor = if classes.contains(&key) { CLASS_FACTOR } else { 1.0 };
                (key, (rarity * factor / RARITY_STEP).round().clamp(1.0, 255.0) as u8)
            })
            .collect();
        Lexicon { vocabulary: Vocabulary::new(kept.keys().copied().collect()), rarities: kept.into_values().collect() }
    }

    /// Keeps the features with the largest weights, and gives those.
    fn keep(&mut self, weights: &[f32], most: usize) -> Vec<f32> {
        let mut places: Vec<usize> = (0..weights.len()).collect();
        let strength = |place: &usize| weights.get(*place).map_or(0.0, |weight| weight.abs());
        places.sort_by(|one, other| strength(other).total_cmp(&strength(one)).then(one.cmp(other)));
        places.truncate(most);
        places.sort_unstable();
        let keys = places.iter().filter_map(|place| self.vocabulary.keys().get(*place).copied()).collect();
        self.rarities = places.iter().filter_map(|place| self.rarities.get(*place).copied()).collect();
        self.vocabulary = Vocabulary::new(keys);
        places.iter().filter_map(|place| weights.get(*place).copied()).collect()
    }

    /// The values of a window, each column once.
    fn row(&self, reading: &Reading, window: &Window) -> Vec<(u32, f32)> {
        let clauses = reading.clauses.get(window.first..window.last).unwrap_or(&[]).iter().flatten();
        let mut places: Vec<u32> = clauses.chain(&window.whole).filter_map(|key| self.vocabulary.place(*key)).collect();
        places.sort_unstable();
        let mut squares = 0.0;
        let mut row: Vec<(u32, f32)> = Vec::with_capacity(places.len());
        for place in places {
            let value = self.rarities.get(place as usize).map_or(0.0, |steps| f64::from(*steps) * RARITY_STEP);
            squares += value * value;
            match row.last_mut() {
                Some((last, sum)) if *last == place => *sum += value as f32,
                _ => row.push((place, value as f32)),
            }
        }
        let factor = 1.0 / f64::max(squares.sqrt(), 1e-9);
        row.iter_mut().for_each(|(_, value)| *value = (f64::from(*value) * factor) as f32);
        row
    }
}

fn head(lexicon: Lexicon, weights: &[f32], bias: f64) -> Head {
    let scale = weights.iter().fold(0.0_f32, |most, weight| most.max(weight.abs()));
    let steps = weights.iter().map(|weight| weight_step(*weight, scale));
    Head::new(HeadParts {
        label: DANGER.to_owned(),
        classes: vec![YES.to_owned()],
        biases: vec![bias as f32],
        sharpness: 1.0,
        vocabulary: lexicon.vocabulary,
        rarities: lexicon.rarities,
        rows: steps.map(|step| if step == 0 { Vec::new() } else { vec![(0, step)] }).collect(),
        scale,
    })
}
