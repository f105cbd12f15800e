//! A linear support vector machine for one class against the rest: squared hinge, L2, by dual coordinate descent
//! (Hsieh et al. 2008, the method of LIBLINEAR's solver 1). The order of the examples is fixed by a seed.

use super::Learned;

/// Rounds over the examples at most.
const ROUNDS_MAX: usize = 40;
/// Ends when the projected gradients of a round differ by less.
const TOLERANCE: f64 = 0.05;

/// Sparse rows, one an example.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows {
    ends: Vec<usize>,
    columns: Vec<u32>,
    values: Vec<f32>,
}

impl Rows {
    pub(crate) fn push(&mut self, row: impl IntoIterator<Item = (u32, f32)>) {
        for (column, value) in row {
            self.columns.push(column);
            self.values.push(value);
        }
        self.ends.push(self.columns.len());
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// What weights and bias say of each example.
    pub(crate) fn scores(&self, (weights, bias): &Learned) -> Vec<f64> {
        let score = |at| {
            let parts =
                self.row(at).map(|(column, value)| f64::from(weights.get(column).copied().unwrap_or(0.0)) * value);
            bias + parts.sum::<f64>()
        };
        (0..self.len()).map(score).collect()
    }

    fn row(&self, at: usize) -> impl Iterator<Item = (usize, f64)> {
        let start = at.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0);
        let end = self.ends.get(at).copied().unwrap_or(start);
        let columns = self.columns.get(start..end).unwrap_or(&[]);
        let values = self.values.get(start..end).unwrap_or(&[]);
        columns.iter().zip(values).map(|(column, value)| (*column as usize, f64::from(*value)))
    }
}

/// One class against the rest.
pub(crate) struct Problem<'p> {
    pub(crate) rows: &'p Rows,
    /// Number of columns.
    pub(crate) columns: usize,
    /// Whether each example is of the class.
    pub(crate) positive: &'p [bool],
    /// How much each example counts; those with 0 are left out.
    pub(crate) costs: &'p [f64],
    /// What an earlier model says of each example; empty for none. Learned is only what to add to it.
    pub(crate) offsets: &'p [f64],
}

/// Weights of the columns and the bias. `rounds_max` below the built-in limit gives a rough answer sooner.
pub(crate) fn solve(problem: &Problem<'_>, rounds_max: usize) -> (Vec<f32>, f64) {
    let rows = problem.rows;
    let count = rows.len();
    let mut weights = vec![0.0_f32; problem.columns];
    let mut bias = 0.0_f64;
    let mut duals = vec![0.0_f64; count];
    let diagonal: Vec<f64> = problem.costs.iter().map(|cost| 0.5 / cost).collect();
    let norms: Vec<f64> =
        (0..count).map(|at| 1.0 + rows.row(at).map(|(_, value)| value * value).sum::<f64>()).collect();
    let mut order: Vec<usize> =
        (0..count).filter(|at| problem.costs.get(*at).is_some_and(|cost| *cost > 0.0)).collect();
    let mut random = 0x5DEE_CE66_D1CE_4E5B_u64;
    for _ in 0..rounds_max.min(ROUNDS_MAX) {
        shuffle(&mut order, &mut random);
        let (mut highest, mut lowest) = (f64::NEG_INFINITY, f64::INFINITY);
        for &at in &order {
            let (Some(dual), Some(diagonal), Some(norm)) = (duals.get_mut(at), diagonal.get(at), norms.get(at)) else {
                continue;
            };
            let sign = if problem.positive.get(at).copied().unwrap_or(false) { 1.0 } else { -1.0 };
            let mut sum = bias + problem.offsets.get(at).copied().unwrap_or(0.0);
            for (column, value) in rows.row(at) {
                sum += f64::from(weights.get(column).copied().unwrap_or(0.0)) * value;
            }
            let gradient = sign * sum - 1.0 + *diagonal * *dual;
            let projected = if *dual == 0.0 { gradient.min(0.0) } else { gradient };
            highest = highest.max(projected);
            lowest = lowest.min(projected);
            if projected.abs() < 1e-12 {
                continue;
            }
            let before = *dual;
            *dual = (before - gradient / (norm + diagonal)).max(0.0);
            let change = (*dual - before) * sign;
            bias += change;
            for (column, value) in rows.row(at) {
                if let Some(weight) = weights.get_mut(column) {
                    *weight += (change * value) as f32;
                }
            }
        }
        if highest - lowest < TOLERANCE {
            break;
        }
    }
    (weights, bias)
}

/// Fisher and Yates, by xorshift.
fn shuffle(order: &mut [usize], random: &mut u64) {
    for at in (1..order.len()).rev() {
        *random ^= *random << 13;
        *random ^= *random >> 7;
        *random ^= *random << 17;
        order.swap(at, (*random % (at as u64 + 1)) as usize);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_two_classes_apart_and_builds_on_an_earlier_answer() {
        let mut rows = Rows::default();
        let examples = [(0, true), (0, true), (1, false), (1, false), (2, true)];
        for (column, _) in examples {
            rows.push([(column, 1.0), (3, 0.5)]);
        }
        let positive: Vec<bool> = examples.iter().map(|(_, positive)| *positive).collect();
        let mut problem = Problem { rows: &rows, columns: 4, positive: &positive, costs: &[1.0; 5], offsets: &[] };
        let (weights, bias) = solve(&problem, usize::MAX);
        let score = |column: usize| f64::from(weights[column]) + 0.5 * f64::from(weights[3]) + bias;
        assert!(score(0) > 0.4 && score(1) < -0.4 && score(2) > 0.2, "{weights:?} {bias}");
        assert_eq!(solve(&problem, usize::MAX), (weights, bias));
        let known = [2.0, 2.0, -2.0, -2.0, 2.0];
        problem.offsets = &known;
        assert_eq!(solve(&problem, usize::MAX), (vec![0.0; 4], 0.0), "nothing to add");
        problem.costs = &[0.0; 5];
        problem.offsets = &[];
        assert_eq!(solve(&problem, usize::MAX), (vec![0.0; 4], 0.0), "nothing counts");
    }
}
