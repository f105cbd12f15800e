//! Characters to lines, in the order they are read.

use super::content::{Drawn, Glyph};
use super::{cell, column, grid};

/// A line of text; measures in points.
#[derive(Clone, Debug, Default)]
pub(super) struct Line {
    pub(super) text: String,
    pub(super) x0: f32,
    pub(super) x1: f32,
    pub(super) y: f32,
    pub(super) size: f32,
    /// 0 where the page is not divided; 1 and 2 for its left and right column.
    pub(super) column: usize,
}

/// A table of a page.
#[derive(Clone, Debug)]
pub(super) struct Table {
    /// As many texts in each as there are columns.
    pub(super) rows: Vec<Vec<String>>,
    /// For each column in which a cell begins, the one that reaches the bottom.
    pub(super) tails: Vec<Option<Tail>>,
    /// Where its vertical rules stand, for knowing it again on the next page.
    pub(super) edges: Vec<f32>,
    pub(super) top: f32,
}

impl Layout {
    /// Bytes of the tables' cells; one merged over several rows counts in each.
    pub(super) fn tables_bytes(&self) -> usize {
        let bytes = |item: &Item| match item {
            Item::Table(table) => table.rows.iter().flatten().map(String::len).sum(),
            Item::Line(_) => 0,
        };
        self.items.iter().map(bytes).sum()
    }
}

/// The cell that reaches a table's bottom: its row, and the room left on its last line, in sizes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tail {
    pub(super) row: usize,
    pub(super) room: f32,
}

/// What a page holds, in reading order.
#[derive(Clone, Debug)]
pub(super) enum Item {
    Line(Line),
    Table(Table),
}

/// A page.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) items: Vec<Item>,
    pub(super) columns: usize,
    pub(super) width: f32,
    pub(super) height: f32,
}

/// Characters on one base line, from left to right.
#[derive(Debug, Default)]
pub(super) struct Row {
    pub(super) glyphs: Vec<Glyph>,
    pub(super) y: f32,
    pub(super) size: f32,
}

/// Puts a page in order: ruled tables first, then what stands outside of them.
pub(super) fn lay_out(drawn: Drawn) -> Layout {
    let grids = grid::find(&drawn.rules);
    let mut outside = Vec::new();
    let mut inside: Vec<Vec<Glyph>> = vec![Vec::new(); grids.len()];
    for glyph in drawn.glyphs {
        match grids.iter().position(|grid| grid.holds(&glyph)).and_then(|at| inside.get_mut(at)) {
            Some(held) => held.push(glyph),
            None => outside.push(glyph),
        }
    }
    let (lines, columns) = column::order(rows(outside), drawn.width);
    let mut items: Vec<Item> = lines.into_iter().map(Item::Line).collect();
    for (grid, glyphs) in grids.iter().zip(inside) {
        let table = cell::table(grid, glyphs);
        let at = items.iter().position(|item| match item {
            Item::Line(line) => line.y > table.top,
            Item::Table(other) => other.top > table.top,
        });
        items.insert(at.unwrap_or(items.len()), Item::Table(table));
    }
    Layout { items, columns, width: drawn.width, height: drawn.height }
}

/// Gathers characters to rows, from top to bottom. What is drawn twice in place, to look bold, counts once.
pub(super) fn rows(mut glyphs: Vec<Glyph>) -> Vec<Row> {
    glyphs.sort_by(|a, b| a.y.total_cmp(&b.y).then(a.x0.total_cmp(&b.x0)));
    let mut rows: Vec<Row> = Vec::new();
    for glyph in glyphs {
        match rows.last_mut() {
            // Raised and lowered signs stand within half a size of their line.
            Some(row) if glyph.y - row.y < 0.45 * row.size.max(glyph.size) => {
                row.size = row.size.max(glyph.size);
                row.glyphs.push(glyph);
            }
            _ => rows.push(Row { y: glyph.y, size: glyph.size, glyphs: vec![glyph] }),
        }
    }
    for row in &mut rows {
        row.glyphs.sort_by(|a, b| a.x0.total_cmp(&b.x0));
        row.glyphs.dedup_by(|next, kept| {
            next.c == kept.c && next.c != ' ' && (next.x0 - kept.x0).abs() < 0.2 * kept.size.min(next.size)
        });
    }
    rows.retain(|row| row.glyphs.iter().any(|glyph| glyph.c != ' '));
    rows
}

/// A line of characters that stand on one base line. A blank after its last character is kept: it parts the words when
/// the line is joined to the next.
pub(super) fn line(glyphs: &[Glyph], column: usize) -> Option<Line> {
    let mut text = String::new();
    let mut extent: Option<(f32, f32, f32)> = None;
    let mut blank = false;
    let mut sizes = Vec::new();
    for glyph in glyphs {
        if glyph.c == ' ' {
            blank = !text.is_empty();
            continue;
        }
        if let (Some((_, end, _)), Some(before)) = (extent, text.chars().next_back()) {
            let gap = (glyph.x0 - end) / glyph.size;
            // Between Chinese characters, and them and Latin ones, there is room without a blank where lines are justified.
            let words = before.is_ascii_alphanumeric() && glyph.c.is_ascii_alphanumeric();
            if gap > 2.5 {
                text.push('\t');
            } else if blank || gap > if words { 0.2 } else { 1.3 } {
                text.push(' ');
            }
        }
        blank = false;
        text.push(glyph.c);
        sizes.push(glyph.size);
        extent = Some(extent.map_or((glyph.x0, glyph.x1, glyph.y), |(x0, x1, y)| (x0, x1.max(glyph.x1), y)));
    }
    if blank {
        text.push(' ');
    }
    sizes.sort_by(f32::total_cmp);
    let (x0, x1, y) = extent?;
    Some(Line { text, x0, x1, y, size: sizes.get(sizes.len() / 2).copied()?, column })
}

/// Whether the first word of `next` did not fit any more at the end of a line: then the line was broken by the program
/// that set it, and not by its author. `room` is what was left of the line, in sizes.
pub(super) fn was_broken(room: f32, next: &str) -> bool {
    const SLACK: f32 = 0.3;
    let mut needed = 0.0;
    let mut chars = next.chars().peekable();
    while let Some(c) = chars.next_if(|c| "（(〔[《“‘【「『〈".contains(*c)) {
        needed += if c.is_ascii() { 0.5 } else { 1.0 };
    }
    if let Some(c) = chars.next() {
        needed += if c.is_ascii() { 0.5 } else { 1.0 };
        if c.is_ascii_alphanumeric() {
            while chars.next_if(|c| c.is_ascii() && *c != ' ').is_some() {
                needed += 0.5;
            }
        }
    }
    while chars.next_if(|c| "，。、；：）)〕]》”’】」』〉！？%".contains(*c)).is_some() {
        needed += 1.0;
    }
    room < needed + SLACK
}

/// One text of two pieces that a line break had cut.
pub(super) fn join(text: &mut String, next: &str) {
    let words =
        text.ends_with(|c: char| c.is_ascii_alphabetic()) && next.starts_with(|c: char| c.is_ascii_alphabetic());
    if words {
        text.push(' ');
    }
    text.push_str(next);
}

#[cfg(test)]
mod tests {
    use super::was_broken;

    #[test]
    fn a_line_was_broken_when_the_next_word_did_not_fit() {
        for (room, next, expected) in [
            (0.4, "市水务局", true),
            (1.6, "市水务局", false),
            (1.6, "（市水务局", true),
            (1.6, "市，县", true),
            (2.0, "2031年", true),
            (4.0, "2031年", false),
            (-0.5, "", true),
        ] {
            assert_eq!(was_broken(room, next), expected, "{room} {next}");
        }
    }
}
