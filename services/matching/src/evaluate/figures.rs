//! Accuracy, F1 and what abstaining would cost.

use std::collections::BTreeMap;

/// What a model said of a post whose class is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Judged {
    /// The class it has.
    pub actual: String,
    /// The class the model gave; none when it gave none.
    pub given: Option<String>,
    /// Chance the model saw in it, 0 to 1.
    pub chance: f64,
}

/// How well a model did.
#[derive(Clone, Debug, PartialEq)]
pub struct Figures {
    /// Posts judged.
    pub posts: usize,
    /// Share judged right.
    pub accuracy: f64,
    /// Mean F1 over the classes that occur.
    pub macro_f1: f64,
    /// In order of class.
    pub labels: Vec<LabelFigures>,
    /// Share of posts decided and share right among them, when the least certain ones are left to people: at 100 %, 95 %,
    /// … 50 % decided.
    pub abstain: Vec<Abstained>,
}

/// One class.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelFigures {
    /// Its name.
    pub class: String,
    /// Posts that have it.
    pub posts: usize,
    /// Share right among those given it.
    pub precision: f64,
    /// Share of those that have it that were given it.
    pub recall: f64,
    /// Harmonic mean of both.
    pub f1: f64,
}

/// One point of the curve.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Abstained {
    /// Least chance that is decided on.
    pub chance_min: f64,
    /// Share decided.
    pub decided: f64,
    /// Share right among them.
    pub right: f64,
}

impl Figures {
    /// Of all judgements; zero everywhere for none.
    pub fn of(judged: &[Judged]) -> Figures {
        let mut counts: BTreeMap<&str, [usize; 3]> = BTreeMap::new(); // right, given wrongly, missed
        for one in judged {
            let right = one.given.as_deref() == Some(one.actual.as_str());
            let actual = counts.entry(&one.actual).or_default();
            if right {
                actual[0] += 1;
            } else {
                actual[2] += 1;
                if let Some(given) = &one.given {
                    counts.entry(given).or_default()[1] += 1;
                }
            }
        }
        let right: usize = counts.values().map(|[right, _, _]| right).sum();
        let labels: Vec<LabelFigures> = counts
            .iter()
            .filter(|(_, [right, _, missed])| right + missed > 0)
            .map(|(class, [right, wrong, missed])| LabelFigures {
                class: (*class).to_owned(),
                posts: right + missed,
                precision: share(*right, right + wrong),
                recall: share(*right, right + missed),
                f1: share(2 * right, 2 * right + wrong + missed),
            })
            .collect();
        Figures {
            posts: judged.len(),
            accuracy: share(right, judged.len()),
            macro_f1: labels.iter().map(|label| label.f1).sum::<f64>() / labels.len().max(1) as f64,
            labels,
            abstain: curve(judged),
        }
    }
}

fn curve(judged: &[Judged]) -> Vec<Abstained> {
    let mut sure: Vec<(f64, bool)> =
        judged.iter().map(|one| (one.chance, one.given.as_deref() == Some(one.actual.as_str()))).collect();
    sure.sort_by(|one, other| other.0.total_cmp(&one.0).then(other.1.cmp(&one.1)));
    (10..=20)
        .rev()
        .filter_map(|twentieths| {
            let decided = sure.len() * twentieths / 20;
            let part = sure.get(..decided).filter(|part| !part.is_empty())?;
            let right = part.iter().filter(|(_, right)| *right).count();
            let chance_min = part.last().map_or(0.0, |(chance, _)| *chance);
            Some(Abstained { chance_min, decided: share(decided, sure.len()), right: share(right, decided) })
        })
        .collect()
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_by_hand() {
        let judged: Vec<Judged> =
            [("a", Some("a"), 0.9), ("a", Some("b"), 0.3), ("b", Some("b"), 0.8), ("b", None, 0.1)]
                .into_iter()
                .map(|(actual, given, chance)| Judged { actual: actual.into(), given: given.map(Into::into), chance })
                .collect();
        let figures = Figures::of(&judged);
        assert_eq!((figures.posts, figures.accuracy), (4, 0.5));
        let f1: Vec<f64> = figures.labels.iter().map(|label| label.f1).collect();
        assert_eq!(f1, [2.0 / 3.0, 0.5]);
        assert!((figures.macro_f1 - 7.0 / 12.0).abs() < 1e-12);
        let half = figures.abstain.last().unwrap();
        assert_eq!((half.decided, half.right, half.chance_min), (0.5, 1.0, 0.8));
        assert_eq!(Figures::of(&[]).macro_f1, 0.0);
    }
}
