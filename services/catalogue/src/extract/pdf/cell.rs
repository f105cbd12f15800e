//! The text of a ruled table's cells.

use std::collections::HashMap;

use super::super::flow::{Cell, render};
use super::content::Glyph;
use super::grid::Grid;
use super::line::{join, line, rows as gather, was_broken};

/// Widest blank kept between a cell's border and its text, in points.
const PADDING_MAX: f32 = 9.0;

/// The rows of a table, one text per column; blank where a cell reaches in from the left or above.
pub(super) fn rows(grid: &Grid, glyphs: Vec<Glyph>) -> Vec<Vec<String>> {
    let mut by_cell: HashMap<usize, Vec<Glyph>> = HashMap::new();
    for glyph in glyphs {
        if let Some(cell) = grid.cell(&glyph) {
            by_cell.entry(cell).or_default().push(glyph);
        }
    }
    let rows: Vec<Vec<Cell>> = grid
        .places()
        .into_iter()
        .map(|places| {
            places
                .into_iter()
                .map(|place| Cell {
                    lines: paragraphs(by_cell.remove(&place.square).unwrap_or_default(), place.left, place.right),
                    columns: place.columns,
                    rows: place.rows,
                })
                .collect()
        })
        .collect();
    render(&rows).iter().map(|row| row.split('\t').map(str::to_owned).collect()).collect()
}

/// The paragraphs of a cell: a line that had room for more was ended by the author.
fn paragraphs(glyphs: Vec<Glyph>, left: f32, right: f32) -> Vec<String> {
    let lines: Vec<_> = gather(glyphs).iter().filter_map(|row| line(&row.glyphs, 0)).collect();
    let padding = lines.iter().map(|line| (line.x0 - left).min(right - line.x1)).fold(PADDING_MAX, f32::min).max(0.0);
    let mut paragraphs: Vec<String> = Vec::new();
    let mut end: Option<f32> = None;
    for line in lines {
        let text = line.text.replace('\t', " ");
        // Centred text has half of its room on the left.
        let room = end.map(|room: f32| room / line.size.max(1.0));
        match (room, paragraphs.last_mut()) {
            (Some(room), Some(last)) if was_broken(room, &text) => join(last, &text),
            _ => paragraphs.push(text),
        }
        let indent = (line.x0 - left - padding).max(0.0);
        let after = right - padding - line.x1;
        end = Some(if (indent - after).abs() < line.size { indent + after } else { after });
    }
    paragraphs
}
