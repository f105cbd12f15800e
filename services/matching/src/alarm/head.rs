//! The trained head for danger to life: how strongly each window of a post speaks of it.

use std::f64::consts::{LN_2, LN_10};

use super::classes::CLASSES;
use super::features::{Feature, RELATIONS, Relation, Windows, class_key};
use crate::model::{Filter, Head, RARITY_STEP, Ranked, Reason, Vocabulary};
use crate::script::Script;

/// Classes of the label.
pub(crate) const YES: &str = "yes";
const NO: &str = "no";
/// How sharply the chance follows the score.
const SHARPNESS: f64 = 4.0;
/// From this score on a person looks at once.
pub(super) const FLAG_MIN: f64 = -0.33;
/// From this score on it rings.
pub(super) const RING_MIN: f64 = -0.05;
/// What a rule that fits counts beside the head.
pub(super) const RULE_BONUS: f64 = 0.2;
/// Every window is a chance for a false alarm: what a letter of n windows must say more, times ln n. Measured on 2,000
/// letters: at 0.4 % of them flagged 0.1 hears 83 % of the dangers in three foldings, 0.0 hears 61 %, 0.2 flags twice as many
/// harmless short posts.
const LENGTH_PENALTY: f64 = 0.05;

/// What a feature adds to the score and to the length of its window, before scaling.
#[derive(Clone, Copy, Debug, Default)]
struct Part {
    added: f32,
    square: f32,
}

/// Parts put together.
#[derive(Clone, Copy, Debug, Default)]
struct Sum {
    added: f64,
    square: f64,
}

impl Sum {
    fn add(&mut self, part: Part) {
        self.added += f64::from(part.added);
        self.square += f64::from(part.square);
    }

    fn plus(self, other: Sum) -> Sum {
        Sum { added: self.added + other.added, square: self.square + other.square }
    }
}

/// A head of [`DANGER`](super::DANGER) made ready for scoring.
pub(crate) struct DangerHead {
    filter: Filter,
    vocabulary: Vocabulary,
    parts: Vec<Part>,
    /// By relation and two classes.
    classes: Vec<Part>,
    /// How many classes there are.
    width: usize,
    bias: f64,
}

/// How dangerous a post sounds.
#[derive(Clone, Debug)]
pub(crate) struct Heard {
    pub(crate) score: f64,
    /// First clause and the one after the last of the strongest window.
    window: (usize, usize),
}

impl DangerHead {
    pub(crate) fn of(head: &Head) -> DangerHead {
        let (weights, bias) = head.learned(head.classes()).into_iter().next().unwrap_or_default();
        let parts: Vec<Part> = weights
            .iter()
            .zip(head.rarities())
            .map(|(weight, rarity)| {
                let value = f64::from(*rarity) * RARITY_STEP;
                Part { added: (value * f64::from(*weight)) as f32, square: (value * value) as f32 }
            })
            .collect();
        let vocabulary = head.vocabulary().clone();
        let known = |key: u32| {
            let place = vocabulary.place(key)?;
            parts.get(place as usize).copied()
        };
        let width = CLASSES.names().len();
        let mut classes = vec![Part::default(); RELATIONS.len() * width * width];
        let count = width as u32;
        for relation in RELATIONS {
            for (one, two) in (0..count).flat_map(|one| (0..count).map(move |two| (one, two))) {
                if let Some(part) = known(class_key(&CLASSES, relation, one, two))
                    && let Some(slot) = classes.get_mut(slot(width, relation, one, two))
                {
                    *slot = part;
                }
            }
        }
        DangerHead { filter: Filter::of(vocabulary.keys()), vocabulary, parts, classes, width, bias }
    }

    fn part(&self, feature: Feature) -> Part {
        match feature {
            Feature::Run(key, _) => self.part_of_run(key),
            Feature::Class(relation, one, two, ..) => {
                self.classes.get(slot(self.width, relation, one, two)).copied().unwrap_or_default()
            }
        }
    }

    fn part_of_run(&self, key: u32) -> Part {
        let place = self.vocabulary.place(key);
        place.and_then(|place| self.parts.get(place as usize)).copied().unwrap_or_default()
    }

    /// Scores the windows of a text.
    pub(crate) fn hear(&self, windows: &Windows<'_>) -> Heard {
        let count = windows.clauses();
        let mut keys: Vec<u32> = vec![0; windows.runs_max()];
        let of_clause = |at| {
            let mut sum = Sum::default();
            let mut count = 0;
            windows.runs(at, |key, _| {
                // Kept or overwritten, as no processor could foresee which of them pass.
                keys.get_mut(count).into_iter().for_each(|slot| *slot = key);
                count += usize::from(self.filter.may_hold(key));
            });
            keys.iter().take(count).for_each(|key| sum.add(self.part_of_run(*key)));
            windows.classes_of_clause(at, |feature| sum.add(self.part(feature)));
            sum
        };
        let of_joint = |at| {
            let mut sum = Sum::default();
            windows.of_joint(at, |feature| sum.add(self.part(feature)));
            sum
        };
        let clauses: Vec<Sum> = (0..count).map(of_clause).collect();
        let joints: Vec<Sum> = (0..count).map(of_joint).collect();
        let mut best = Heard { score: f64::NEG_INFINITY, window: (0, 0) };
        for &(first, last) in &windows.spans {
            let inner = clauses.get(first..last).unwrap_or(&[]).iter();
            let between = joints.get(first + 1..last).unwrap_or(&[]).iter();
            let mut all = inner.chain(between).fold(Sum::default(), |all, part| all.plus(*part));
            windows.of_window((first, last), |feature| all.add(self.part(feature)));
            let score = all.added / all.square.sqrt().max(1e-9) + self.bias;
            if score > best.score {
                best = Heard { score, window: (first, last) };
            }
        }
        best.score -= LENGTH_PENALTY * length(windows.spans.len());
        best
    }

    /// What spoke for danger in the strongest window: words of classes, then runs of characters; strongest first.
    pub(crate) fn reasons(&self, windows: &Windows<'_>, heard: &Heard) -> (Vec<Reason>, Vec<Reason>) {
        let (mut words, mut runs): (Vec<Reason>, Vec<Reason>) = (Vec::new(), Vec::new());
        let mut add = |to_words: bool, (start, end): (u32, u32), added: f64| {
            let list = if to_words { &mut words } else { &mut runs };
            match list.iter_mut().find(|reason| to_words && (reason.start, reason.end) == (start, end)) {
                Some(reason) => reason.added += added,
                None => list.push(Reason { start, end, added }),
            }
        };
        for at in heard.window.0..heard.window.1 {
            windows.of_clause(at, |feature| {
                let added = f64::from(self.part(feature).added);
                match feature {
                    Feature::Run(_, span) => add(false, span, added),
                    Feature::Class(Relation::Alone, _, _, span, _) => add(true, span, added),
                    Feature::Class(_, _, _, one, two) => {
                        add(true, one, added / 2.0);
                        add(true, two, added / 2.0);
                    }
                }
            });
        }
        for list in [&mut words, &mut runs] {
            list.retain(|reason| reason.added > 0.0);
            list.sort_by(|one, other| other.cmp(one));
        }
        (words, runs)
    }

    /// Whether a text speaks of danger, best first.
    pub(crate) fn rank(&self, script: &Script) -> Vec<Ranked> {
        let score = self.hear(&Windows::of(&CLASSES, script, &CLASSES.read(script))).score - FLAG_MIN;
        let odds = 1.0 / (1.0 + (-SHARPNESS * score).exp());
        let ranked = |class: &str, score, chance| Ranked { class: class.to_owned(), score, chance };
        let mut both = vec![ranked(YES, score, odds), ranked(NO, -score, 1.0 - odds)];
        both.sort_by(|one, other| other.score.total_cmp(&one.score));
        both
    }
}

fn slot(width: usize, relation: Relation, one: u32, two: u32) -> usize {
    ((relation as usize) * width + one as usize) * width + two as usize
}

/// ln n of a small whole number, written out so that no machine's logarithm matters.
fn length(windows: usize) -> f64 {
    const LOGARITHMS: [f64; 33] = [
        0.0, 0.0, LN_2, 1.098612, 1.386294, 1.609438, 1.791759, 1.945910, 2.079442, 2.197225, LN_10, 2.397895,
        2.484907, 2.564949, 2.639057, 2.708050, 2.772589, 2.833213, 2.890372, 2.944439, 2.995732, 3.044522, 3.091042,
        3.135494, 3.178054, 3.218876, 3.258097, 3.295837, 3.332205, 3.367296, 3.401197, 3.433987, 3.465736,
    ];
    LOGARITHMS.get(windows).copied().unwrap_or(3.465736)
}
