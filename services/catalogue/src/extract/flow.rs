//! Paragraphs and tables as they come, to lines of text: shared by the formats that nest tables in cells.

use std::rc::Rc;

use super::{Problem, TEXT_BYTES_MAX, TEXT_TOO_LARGE};

/// Rows and columns one cell may span; more is nonsense and only costs memory.
const SPAN_MAX: usize = 64;
const COLUMNS_MAX: usize = 256;
/// A cell with so many paragraphs and characters is a page laid out by a table, not an entry of one.
const LAYOUT_LINES_MIN: usize = 12;
const LAYOUT_CHARS_MIN: usize = 1_500;

/// Lines so far, and the tables that are open.
#[derive(Debug, Default)]
pub(super) struct Flow {
    lines: Vec<String>,
    tables: Vec<Table>,
    /// Bytes of all rows made so far: what cells merged over rows say is repeated in them, and a small file can ask for
    /// gigabytes of it.
    rows_bytes: usize,
}

#[derive(Debug, Default)]
struct Table {
    rows: Vec<Vec<Cell>>,
    open_cell: bool,
    holds_table: bool,
}

/// One cell, with its extent.
#[derive(Clone, Debug, Default)]
pub(super) struct Cell {
    pub(super) lines: Vec<String>,
    pub(super) columns: usize,
    pub(super) rows: usize,
    /// It is the lower part of the cell above.
    pub(super) goes_on: bool,
}

impl Flow {
    /// A paragraph, into the innermost open cell or the text. White space around it is dropped, and it when empty.
    pub(super) fn paragraph(&mut self, text: &str) {
        let text = text.trim();
        if !text.is_empty() {
            self.push(text.to_owned());
        }
    }

    /// A row already made: blank cells at its ends are kept.
    pub(super) fn row(&mut self, cells: String) {
        self.push(cells);
    }

    pub(super) fn open_table(&mut self) {
        if let Some(outer) = self.tables.last_mut() {
            outer.holds_table = true;
        }
        self.tables.push(Table::default());
    }

    pub(super) fn open_row(&mut self) {
        if let Some(table) = self.tables.last_mut() {
            table.open_cell = false;
            table.rows.push(Vec::new());
        }
    }

    /// A cell spanning `columns` and `rows`; opens a row when none is.
    pub(super) fn open_cell(&mut self, columns: usize, rows: usize) {
        let Some(table) = self.tables.last_mut() else { return };
        if table.rows.is_empty() {
            table.rows.push(Vec::new());
        }
        table.open_cell = true;
        if let Some(row) = table.rows.last_mut() {
            row.push(Cell {
                goes_on: false,
                lines: Vec::new(),
                columns: columns.clamp(1, SPAN_MAX),
                rows: rows.clamp(1, SPAN_MAX * SPAN_MAX),
            });
        }
    }

    /// The lower part of the cell above, as formats have it that tell so row by row.
    pub(super) fn open_lower_part(&mut self, columns: usize) {
        self.open_cell(columns, 1);
        if let Some(cell) = self.tables.last_mut().and_then(|table| table.rows.last_mut()?.last_mut()) {
            cell.goes_on = true;
        }
    }

    pub(super) fn close_cell(&mut self) {
        if let Some(table) = self.tables.last_mut() {
            table.open_cell = false;
        }
    }

    pub(super) fn close_table(&mut self) {
        let Some(table) = self.tables.pop() else { return };
        if table.is_layout() {
            for line in table.rows.into_iter().flatten().flat_map(|cell| cell.lines) {
                self.push(line);
            }
        } else {
            for line in render(&table.rows, &mut self.rows_bytes) {
                self.push(line);
            }
        }
    }

    pub(super) fn depth(&self) -> usize {
        self.tables.len()
    }

    /// The text, with whatever is still open closed.
    ///
    /// # Errors
    /// The rows of its tables came to more than a document holds; the rest of them was not made.
    pub(super) fn into_text(mut self) -> Result<String, Problem> {
        while !self.tables.is_empty() {
            self.close_table();
        }
        if self.rows_bytes > TEXT_BYTES_MAX {
            return Err(TEXT_TOO_LARGE);
        }
        let mut text = self.lines.join("\n");
        if !text.is_empty() {
            text.push('\n');
        }
        Ok(text)
    }

    fn push(&mut self, mut line: String) {
        line.retain(|c| c == '\t' || !c.is_control());
        match self.tables.last_mut() {
            None => self.lines.push(line),
            Some(table) => match table.rows.last_mut().and_then(|row| row.last_mut()) {
                Some(cell) if table.open_cell => cell.lines.push(line),
                // Text between the cells (a caption, broken markup) stays where it stands, as a row of its own.
                _ => table.rows.push(vec![Cell { lines: vec![line], columns: 1, rows: 1, goes_on: false }]),
            },
        }
    }
}

impl Table {
    /// Whether it only arranges the page: a frame around text, columns of a site, tables inside tables.
    fn is_layout(&self) -> bool {
        self.holds_table
            || self.rows.iter().all(|row| row.len() <= 1)
            || self.rows.iter().flatten().any(|cell| {
                cell.lines.len() >= LAYOUT_LINES_MIN
                    && cell.lines.iter().map(|line| line.chars().count()).sum::<usize>() >= LAYOUT_CHARS_MIN
            })
    }
}

/// One line per row: every column of the grid has its place. A cell merged over several rows stands in each of them, for
/// what it says holds for each; one merged over several columns stands in the first. Rows without any text are left out.
/// `bytes` counts those of the rows; once there are more than a text may have, no further row is made.
fn render(rows: &[Vec<Cell>], bytes: &mut usize) -> Vec<String> {
    let mut lines = Vec::new();
    // What stands in each column of the row above, and for how many rows more.
    let mut above: Vec<(Rc<str>, usize)> = Vec::new();
    let blank: Rc<str> = Rc::from("");
    for row in rows {
        if *bytes > TEXT_BYTES_MAX {
            break;
        }
        let mut texts: Vec<(Rc<str>, usize)> = Vec::new();
        let mut cells = row.iter();
        while texts.len() < COLUMNS_MAX {
            match above.get(texts.len()) {
                Some((text, more @ 1..)) => texts.push((text.clone(), more - 1)),
                over => match cells.next() {
                    Some(cell) => {
                        let text = over.filter(|_| cell.goes_on).map(|(text, _)| text.clone());
                        texts.push((text.unwrap_or_else(|| cell_text(&cell.lines).into()), cell.rows - 1));
                        texts.extend((1..cell.columns).map(|_| (blank.clone(), cell.rows - 1)));
                    }
                    None if over.is_some() => texts.push((blank.clone(), 0)),
                    None => break,
                },
            }
        }
        let own = row.iter().any(|cell| !cell.lines.is_empty());
        if own && texts.iter().any(|(text, _)| !text.is_empty()) {
            let line = texts.iter().map(|(text, _)| &**text).collect::<Vec<_>>().join("\t");
            *bytes = bytes.saturating_add(line.len());
            lines.push(line);
        }
        above = texts;
    }
    lines
}

fn cell_text(lines: &[String]) -> String {
    lines.join(" ").replace(['\t', '\n', '\r'], " ").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::super::TEXT_TOO_LARGE;
    use super::{Cell, Flow, render};

    fn cell(text: &str, columns: usize, rows: usize) -> Cell {
        Cell { lines: vec![text.to_owned()], columns, rows, goes_on: false }
    }

    #[test]
    fn spans_keep_the_columns_in_place() {
        let rows = vec![
            vec![cell("序号", 1, 2), cell("任务", 1, 2), cell("单位", 2, 1)],
            vec![cell("牵头", 1, 1), cell("配合", 1, 1)],
            vec![cell("1", 1, 2), cell("甲", 1, 1), cell("水务局", 1, 2), cell("城管局", 1, 1)],
            vec![cell("乙", 1, 1), cell("住建局", 1, 1)],
        ];
        assert_eq!(
            render(&rows, &mut 0),
            ["序号\t任务\t单位\t", "序号\t任务\t牵头\t配合", "1\t甲\t水务局\t城管局", "1\t乙\t水务局\t住建局"]
        );
    }

    #[test]
    fn a_frame_is_not_a_table() {
        let mut flow = Flow::default();
        flow.open_table();
        flow.open_row();
        flow.open_cell(1, 1);
        flow.paragraph("一、甲");
        flow.paragraph("二、乙");
        flow.close_table();
        flow.paragraph(" ");
        assert_eq!(flow.into_text().as_deref(), Ok("一、甲\n二、乙\n"));
    }

    #[test]
    fn a_table_inside_a_frame_keeps_its_rows() {
        let mut flow = Flow::default();
        flow.open_table();
        flow.open_row();
        flow.open_cell(1, 1);
        flow.open_table();
        flow.open_row();
        for text in ["甲", "乙"] {
            flow.open_cell(1, 1);
            flow.paragraph(text);
            flow.close_cell();
        }
        assert_eq!(flow.into_text().as_deref(), Ok("甲\t乙\n"));
    }

    #[test]
    fn a_cell_merged_over_many_rows_is_not_repeated_without_end() {
        let paragraph = "水".repeat(350_000);
        for (lower, rows) in [(false, 4_000), (true, 4_000)] {
            let mut flow = Flow::default();
            flow.open_table();
            for row in 0..rows {
                flow.open_row();
                match (lower, row) {
                    (_, 0) => {
                        flow.open_cell(1, if lower { 1 } else { 4_096 });
                        flow.paragraph(&paragraph);
                    }
                    (true, _) => flow.open_lower_part(1),
                    (false, _) => {}
                }
                flow.open_cell(1, 1);
                flow.paragraph("甲");
            }
            assert_eq!(flow.into_text(), Err(TEXT_TOO_LARGE), "{lower}");
        }
    }
}
