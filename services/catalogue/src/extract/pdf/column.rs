//! Pages set in two columns: read left before right, never across.

use super::line::{Line, Row, line};

/// Rows a column has at least; fewer are signatures or the legs of a table.
const ROWS_MIN: usize = 5;
/// Share of the rows, in percent, that may run across the gap: headings over both columns.
const ACROSS_PERCENT_MAX: usize = 30;
/// The gap is at least this wide, in sizes of the text.
const GAP_MIN: f32 = 0.6;

/// The lines of a page in reading order, and the number of columns it is set in.
pub(super) fn order(rows: Vec<Row>, width: f32) -> (Vec<Line>, usize) {
    let Some(gap) = gap(&rows, width) else {
        return (rows.iter().filter_map(|row| line(&row.glyphs, 0)).collect(), 1);
    };
    let mut lines = Vec::new();
    let (mut left, mut right) = (Vec::new(), Vec::new());
    for row in &rows {
        match side(row, gap) {
            Side::Across => {
                lines.append(&mut left);
                lines.append(&mut right);
                lines.extend(line(&row.glyphs, 0));
            }
            Side::Beside { split } => {
                let (before, after) = row.glyphs.split_at_checked(split).unwrap_or((&row.glyphs, &[]));
                left.extend(line(before, 1));
                right.extend(line(after, 2));
            }
        }
    }
    lines.append(&mut left);
    lines.append(&mut right);
    (lines, 2)
}

enum Side {
    Across,
    /// How many characters stand left of the gap.
    Beside {
        split: usize,
    },
}

fn side(row: &Row, (from, to): (f32, f32)) -> Side {
    let middle = (from + to) / 2.0;
    let near = (to - from) / 4.0;
    if row.glyphs.iter().any(|glyph| glyph.c != ' ' && glyph.x0 < middle + near && glyph.x1 > middle - near) {
        return Side::Across;
    }
    Side::Beside { split: row.glyphs.iter().filter(|glyph| glyph.x0 < middle).count() }
}

/// The gap between two columns, from and to which x; `None` when the page is not set so.
fn gap(rows: &[Row], width: f32) -> Option<(f32, f32)> {
    let points = width.clamp(1.0, 5_000.0) as usize;
    let mut sizes: Vec<f32> = rows.iter().map(|row| row.size).collect();
    sizes.sort_by(f32::total_cmp);
    let size = *sizes.get(sizes.len() / 2)?;
    let mut covered = vec![0usize; points + 1];
    for row in rows {
        cover(row, &mut covered);
    }
    // A short second column covers its own half hardly more than headings cover the gap: look for the emptiest first.
    (0..=ACROSS_PERCENT_MAX).step_by(5).find_map(|percent| {
        let gap = widest_free(&covered, rows.len() * percent / 100, GAP_MIN * size)?;
        parts(rows, gap).then_some(gap)
    })
}

/// The widest stretch around the middle of the page that at most `allowed` rows cover.
fn widest_free(covered: &[usize], allowed: usize, points_min: f32) -> Option<(f32, f32)> {
    let mut best: Option<(usize, usize)> = None;
    let mut from = covered.len() * 3 / 10;
    while from < covered.len() * 7 / 10 {
        let free = covered.iter().skip(from).take_while(|count| **count <= allowed).count();
        if free as f32 >= points_min && best.is_none_or(|(start, end)| free > end - start) {
            best = Some((from, from + free));
        }
        from += free + 1;
    }
    best.map(|(from, to)| (from as f32, to as f32))
}

/// Whether a gap parts the page into columns of text that stand beside each other.
fn parts(rows: &[Row], gap: (f32, f32)) -> bool {
    let (mut left, mut right, mut across) = (Vec::new(), Vec::new(), 0);
    for row in rows {
        match side(row, gap) {
            Side::Across => across += 1,
            Side::Beside { split } => {
                let long = |count: usize| count >= 3;
                left.extend(Some(row.y).filter(|_| long(split)));
                right.extend(Some(row.y).filter(|_| long(row.glyphs.len() - split)));
            }
        }
    }
    let beside = extent(&left).min(extent(&right));
    left.len() >= ROWS_MIN
        && right.len() >= ROWS_MIN
        && across * 100 <= rows.len() * ACROSS_PERCENT_MAX
        && overlap(&left, &right) * 2.0 >= beside
}

/// Counts the row at every point its text stands on; the blanks between its characters count as text.
fn cover(row: &Row, covered: &mut [usize]) {
    let mut from: Option<(f32, f32)> = None;
    let mut runs = Vec::new();
    for glyph in row.glyphs.iter().filter(|glyph| glyph.c != ' ') {
        match &mut from {
            Some((_, end)) if glyph.x0 - *end < 0.5 * glyph.size => *end = end.max(glyph.x1),
            _ => runs.extend(from.replace((glyph.x0, glyph.x1))),
        }
    }
    runs.extend(from);
    let mut done = 0;
    for (start, end) in runs {
        let (start, end) = (start.max(0.0) as usize, end.max(0.0).ceil() as usize);
        let end = end.min(covered.len());
        if let Some(run) = covered.get_mut(start.max(done).min(end)..end) {
            run.iter_mut().for_each(|count| *count += 1);
        }
        done = done.max(end);
    }
}

fn extent(ys: &[f32]) -> f32 {
    ys.last().zip(ys.first()).map_or(0.0, |(last, first)| last - first)
}

fn overlap(left: &[f32], right: &[f32]) -> f32 {
    match (left.first(), left.last(), right.first(), right.last()) {
        (Some(a0), Some(a1), Some(b0), Some(b1)) => a1.min(*b1) - a0.max(*b0),
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::super::content::Glyph;
    use super::super::line::rows;
    use super::order;

    /// Lines of 10-point text at x, every 15 points from y.
    fn set(x: f32, y: f32, lines: &[&str]) -> Vec<Glyph> {
        let mut glyphs = Vec::new();
        for (down, text) in lines.iter().enumerate() {
            for (along, c) in text.chars().enumerate() {
                let x0 = x + 10.0 * along as f32;
                glyphs.push(Glyph { c, x0, x1: x0 + 10.0, y: y + 15.0 * down as f32, size: 10.0 });
            }
        }
        glyphs
    }

    #[test]
    fn columns_are_read_one_after_the_other() {
        let left = ["左一左一左一左一左一左一", "左二左二左二左二左二左二", "左三", "左四左四", "左五左五", "左六左六"];
        let right = ["右一右一右一右一", "右二右二", "右三右三", "右四右四", "右五右五", "右六右六右六"];
        // The columns need not stand on the same base lines.
        for shift in [0.0, 7.0] {
            let title = set(60.0, 80.0, &["关于两栏排版的一个横跨全页的很长很长的标题行在此"]);
            let glyphs = [title, set(50.0, 100.0, &left), set(190.0, 100.0 + shift, &right)].concat();
            let (lines, columns) = order(rows(glyphs), 360.0);
            assert_eq!(columns, 2, "shift {shift}");
            let texts: Vec<&str> = lines.iter().skip(1).map(|line| line.text.as_str()).collect();
            assert_eq!(texts, [left, right].concat(), "shift {shift}");
        }
    }

    #[test]
    fn one_column_stays_one() {
        let full = "市水务局牵头办理，市城管局按职责分工负责，持续推进。";
        let body = [full, full, "落款", full, full, full, "某年某月", full];
        let (lines, columns) = order(rows(set(50.0, 100.0, &body)), 360.0);
        assert_eq!((lines.len(), columns), (8, 1));
    }
}
