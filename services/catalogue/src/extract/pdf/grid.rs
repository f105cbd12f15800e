//! Tables by their ruled lines: where the cells are, and which are merged.

use super::content::{Glyph, Rule};

/// Rules closer than this, in points, are one: double lines, and borders drawn cell by cell.
const TOGETHER: f32 = 3.0;
/// Shorter rules are marks and underlines of a character.
const RULE_MIN: f32 = 6.0;
const COLUMNS_MAX: usize = 64;
const ROWS_MAX: usize = 500;
/// A page with more rules is a drawing.
const RULES_MAX: usize = 4_000;

/// A table's grid. Every square of it belongs to a cell, which begins at the upper left of its squares.
#[derive(Debug)]
pub(super) struct Grid {
    pub(super) xs: Vec<f32>,
    ys: Vec<f32>,
    /// For each square, row by row, the square its cell begins at.
    begins: Vec<usize>,
}

/// A cell of a grid: its square, where it begins, its extent, and left and right edge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Place {
    pub(super) square: usize,
    pub(super) row: usize,
    pub(super) column: usize,
    pub(super) columns: usize,
    pub(super) rows: usize,
    pub(super) left: f32,
    pub(super) right: f32,
}

impl Grid {
    pub(super) fn top(&self) -> f32 {
        self.ys.first().copied().unwrap_or_default()
    }

    /// Whether a character stands in the table.
    pub(super) fn holds(&self, glyph: &Glyph) -> bool {
        self.square(glyph).is_some()
    }

    /// The cell a character stands in.
    pub(super) fn cell(&self, glyph: &Glyph) -> Option<usize> {
        self.begins.get(self.square(glyph)?).copied()
    }

    /// Rows and columns.
    pub(super) fn extent(&self) -> (usize, usize) {
        (self.ys.len().saturating_sub(1), self.columns())
    }

    /// The cells, in rows from the left.
    pub(super) fn places(&self) -> Vec<Place> {
        let begins = |square: &usize| self.begins.get(*square) == Some(square);
        (0..self.begins.len()).filter(begins).filter_map(|square| self.place(square)).collect()
    }

    fn place(&self, square: usize) -> Option<Place> {
        let columns = self.columns();
        let (row, column) = (square / columns, square % columns);
        let belongs = |square: usize| self.begins.get(square).is_some_and(|begin| *begin == row * columns + column);
        let wide = (column..columns).take_while(|at| belongs(row * columns + at)).count();
        let high = (row..self.ys.len() - 1).take_while(|at| belongs(at * columns + column)).count();
        let (left, right) = (self.xs.get(column)?, self.xs.get(column + wide)?);
        Some(Place { square, row, column, columns: wide, rows: high, left: *left, right: *right })
    }

    fn columns(&self) -> usize {
        self.xs.len() - 1
    }

    fn square(&self, glyph: &Glyph) -> Option<usize> {
        // The middle of the character, which is above its base line.
        let column = between(&self.xs, (glyph.x0 + glyph.x1) / 2.0)?;
        let row = between(&self.ys, glyph.y - glyph.size * 0.35)?;
        Some(row * self.columns() + column)
    }
}

fn between(edges: &[f32], at: f32) -> Option<usize> {
    let after = edges.partition_point(|edge| *edge <= at);
    (after > 0 && after < edges.len()).then(|| after - 1)
}

/// The tables of a page, of at least two columns; a box around text is none.
pub(super) fn find(rules: &[Rule]) -> Vec<Grid> {
    if rules.len() > RULES_MAX {
        return Vec::new();
    }
    let flat = merged(rules, true);
    let upright = merged(rules, false);
    let mut groups = Groups::new(flat.len() + upright.len());
    for (h, across) in flat.iter().enumerate() {
        for (v, down) in upright.iter().enumerate() {
            let meets = (across.from - TOGETHER..=across.to + TOGETHER).contains(&down.at)
                && (down.from - TOGETHER..=down.to + TOGETHER).contains(&across.at);
            if meets {
                groups.join(h, flat.len() + v);
            }
        }
    }
    let mut grids: Vec<Grid> = (0..flat.len())
        .filter(|h| groups.root(*h) == *h || (0..*h).all(|other| groups.root(other) != groups.root(*h)))
        .flat_map(|h| {
            let group = groups.root(h);
            let own = |rules: &[Rule], offset: usize| -> Vec<Rule> {
                let numbered = rules.iter().enumerate();
                numbered.filter(|(at, _)| groups.root(offset + at) == group).map(|(_, rule)| *rule).collect()
            };
            grids(&own(&flat, 0), &own(&upright, flat.len()))
        })
        .collect();
    grids.sort_by(|a, b| a.top().total_cmp(&b.top()));
    grids
}

/// The tables that connected rules make. Tables of different columns set right below each other share a rule, and are
/// told by their upright rules: those of a row with merged cells are among those of the rest, those of another table
/// are not.
fn grids(flat: &[Rule], upright: &[Rule]) -> Vec<Grid> {
    let ys = edges(flat);
    let mut grids = Vec::new();
    let mut from = 0;
    let mut union: Vec<f32> = Vec::new();
    for (row, y) in ys.windows(2).enumerate() {
        let [top, bottom] = y else { continue };
        let middle = (top + bottom) / 2.0;
        let standing: Vec<f32> =
            upright.iter().filter(|rule| (rule.from..=rule.to).contains(&middle)).map(|rule| rule.at).collect();
        let is_within = |inner: &[f32], outer: &[f32]| inner.iter().all(|at| outer.contains(at));
        if !is_within(&standing, &union) && !is_within(&union, &standing) {
            grids.extend(ys.get(from..=row).and_then(|ys| grid(ys, &union, flat, upright)));
            from = row;
            union.clear();
        }
        union.extend(standing);
        union.sort_by(f32::total_cmp);
        union.dedup();
    }
    grids.extend(ys.get(from..).and_then(|ys| grid(ys, &union, flat, upright)));
    grids
}

fn grid(ys: &[f32], xs: &[f32], flat: &[Rule], upright: &[Rule]) -> Option<Grid> {
    if !(3..=COLUMNS_MAX + 1).contains(&xs.len()) || !(2..=ROWS_MAX + 1).contains(&ys.len()) {
        return None;
    }
    let columns = xs.len() - 1;
    let squares = columns * (ys.len() - 1);
    let is_ruled = |rules: &[Rule], at: f32, middle: f32| {
        rules.iter().any(|rule| (rule.at - at).abs() <= TOGETHER && (rule.from..=rule.to).contains(&middle))
    };
    let mut groups = Groups::new(squares);
    for (row, y) in ys.windows(2).enumerate() {
        let [top, bottom] = y else { continue };
        for (column, x) in xs.windows(2).enumerate() {
            let [left, right] = x else { continue };
            let square = row * columns + column;
            if column > 0 && !is_ruled(upright, *left, (top + bottom) / 2.0) {
                groups.join(square - 1, square);
            }
            if row > 0 && !is_ruled(flat, *top, (left + right) / 2.0) {
                groups.join(square - columns, square);
            }
        }
    }
    let begins = (0..squares).map(|square| groups.root(square)).collect();
    Some(Grid { begins, xs: xs.to_vec(), ys: ys.to_vec() })
}

/// Rules of one direction, those in one line and touching made one.
fn merged(rules: &[Rule], horizontal: bool) -> Vec<Rule> {
    let mut own: Vec<Rule> = rules.iter().filter(|rule| rule.horizontal == horizontal).copied().collect();
    let edges = edges(&own);
    for rule in &mut own {
        let near = edges.iter().copied().min_by(|a, b| (a - rule.at).abs().total_cmp(&(b - rule.at).abs()));
        rule.at = near.unwrap_or(rule.at);
    }
    own.sort_by(|a, b| a.at.total_cmp(&b.at).then(a.from.total_cmp(&b.from)));
    let mut merged: Vec<Rule> = Vec::new();
    for rule in own {
        match merged.last_mut() {
            Some(last) if last.at == rule.at && rule.from <= last.to + TOGETHER => last.to = last.to.max(rule.to),
            _ => merged.push(rule),
        }
    }
    merged.retain(|rule| rule.to - rule.from >= RULE_MIN);
    merged
}

/// Where rules stand, each place once.
fn edges(rules: &[Rule]) -> Vec<f32> {
    let mut places: Vec<f32> = rules.iter().map(|rule| rule.at).collect();
    places.sort_by(f32::total_cmp);
    places.dedup_by(|next, kept| *next - *kept <= TOGETHER);
    places
}

/// Sets that grow together; each is named by its smallest member.
struct Groups(Vec<usize>);

impl Groups {
    fn new(count: usize) -> Groups {
        Groups((0..count).collect())
    }

    fn root(&self, mut at: usize) -> usize {
        while let Some(parent) = self.0.get(at).copied().filter(|parent| *parent != at) {
            at = parent;
        }
        at
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        let (low, high) = (a.min(b), a.max(b));
        if let Some(parent) = self.0.get_mut(high) {
            *parent = low;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::content::Rule;
    use super::find;

    fn rule(horizontal: bool, at: f32, from: f32, to: f32) -> Rule {
        Rule { horizontal, at, from, to }
    }

    #[test]
    fn merged_cells_are_seen() {
        // Three columns, two rows; the first column is one cell, the header spans the other two.
        let rules = [
            rule(true, 0.0, 0.0, 300.0),
            rule(true, 20.0, 100.0, 300.0),
            rule(true, 40.0, 0.0, 180.0),
            rule(true, 41.0, 178.0, 300.0),
            rule(false, 0.0, 0.0, 40.0),
            rule(false, 100.0, 0.0, 40.0),
            rule(false, 200.0, 20.0, 40.0),
            rule(false, 300.0, 0.0, 40.0),
        ];
        let grids = find(&rules);
        assert_eq!(grids.len(), 1);
        let extents: Vec<[usize; 4]> =
            grids[0].places().iter().map(|place| [place.row, place.column, place.rows, place.columns]).collect();
        assert_eq!(extents, [[0, 0, 2, 1], [0, 1, 1, 2], [1, 1, 1, 1], [1, 2, 1, 1]]);
    }

    #[test]
    fn tables_of_different_columns_are_two() {
        let box_of = |top: f32, bottom: f32, xs: &[f32]| {
            let flat = [top, bottom].map(|y| rule(true, y, 0.0, 300.0));
            xs.iter().map(|x| rule(false, *x, top, bottom)).chain(flat).collect::<Vec<_>>()
        };
        let rules = [box_of(0.0, 20.0, &[0.0, 100.0, 300.0]), box_of(20.0, 40.0, &[0.0, 150.0, 300.0])].concat();
        let columns: Vec<Vec<f32>> = find(&rules).into_iter().map(|grid| grid.xs).collect();
        assert_eq!(columns, [[0.0, 100.0, 300.0], [0.0, 150.0, 300.0]]);
    }

    #[test]
    fn a_box_is_no_table() {
        let rules = [
            rule(true, 0.0, 0.0, 300.0),
            rule(true, 40.0, 0.0, 300.0),
            rule(false, 0.0, 0.0, 40.0),
            rule(false, 300.0, 0.0, 40.0),
        ];
        assert!(find(&rules).is_empty());
    }
}
