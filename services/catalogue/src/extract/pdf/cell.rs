//! The text of a ruled table's cells.

use std::collections::HashMap;

use super::super::TEXT_BYTES_MAX;
use super::content::Glyph;
use super::grid::Grid;
use super::line::{Table, Tail, join, line, rows as gather, was_broken};

/// Bytes of one table from which no more cells are filled: its text alone is then too large to be given.
const TABLE_BYTES_MAX: usize = TEXT_BYTES_MAX;
/// Widest blank kept between a cell's border and its text, in points.
const PADDING_MAX: f32 = 9.0;

/// A grid with the characters that stand in it, as a table: one text per column. A cell merged over several rows
/// stands in each of them, one merged over several columns in the first.
pub(super) fn table(grid: &Grid, glyphs: Vec<Glyph>) -> Table {
    let mut by_cell: HashMap<usize, Vec<Glyph>> = HashMap::new();
    for glyph in glyphs {
        if let Some(cell) = grid.cell(&glyph) {
            by_cell.entry(cell).or_default().push(glyph);
        }
    }
    let (rows, columns) = grid.extent();
    let mut table = Table {
        rows: vec![vec![String::new(); columns]; rows],
        tails: vec![None; columns],
        edges: grid.xs.clone(),
        top: grid.top(),
    };
    let mut bytes = 0;
    for place in grid.places() {
        let (text, room) = text(by_cell.remove(&place.square).unwrap_or_default(), place.left, place.right);
        if let Some(tail) = table.tails.get_mut(place.column).filter(|_| place.row + place.rows == rows) {
            *tail = Some(Tail { row: place.row, room });
        }
        for cell in table.rows.iter_mut().skip(place.row).take(place.rows).filter_map(|row| row.get_mut(place.column)) {
            if bytes > TABLE_BYTES_MAX {
                return table;
            }
            bytes += text.len();
            cell.clone_from(&text);
        }
    }
    table
}

/// The text of a cell, and the room left on its last line, in sizes. A line that had room for more was ended by the
/// author: a blank stands for its end.
fn text(glyphs: Vec<Glyph>, left: f32, right: f32) -> (String, f32) {
    let lines: Vec<_> = gather(glyphs).iter().filter_map(|row| line(&row.glyphs, 0)).collect();
    let padding = lines.iter().map(|line| (line.x0 - left).min(right - line.x1)).fold(PADDING_MAX, f32::min).max(0.0);
    let mut text = String::new();
    let mut room: Option<f32> = None;
    for line in lines {
        let next = line.text.replace('\t', " ");
        match room {
            Some(room) if !was_broken(room, &next) => {
                text.push(' ');
                text.push_str(&next);
            }
            _ => join(&mut text, &next),
        }
        // Centred text has half of its room on the left.
        let indent = (line.x0 - left - padding).max(0.0);
        let after = right - padding - line.x1;
        let left_over = if (indent - after).abs() < line.size { indent + after } else { after };
        room = Some(left_over / line.size.max(1.0));
    }
    (text.trim().to_owned(), room.unwrap_or(f32::MAX))
}
