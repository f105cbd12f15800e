//! Paragraphs and tables as they come, to lines of text: shared by the formats that nest tables in cells.

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
                lines: Vec::new(),
                columns: columns.clamp(1, SPAN_MAX),
                rows: rows.clamp(1, SPAN_MAX * SPAN_MAX),
            });
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
            for line in render(&table.rows) {
                self.push(line);
            }
        }
    }

    pub(super) fn depth(&self) -> usize {
        self.tables.len()
    }

    /// The text, with whatever is still open closed.
    pub(super) fn into_text(mut self) -> String {
        while !self.tables.is_empty() {
            self.close_table();
        }
        let mut text = self.lines.join("\n");
        if !text.is_empty() {
            text.push('\n');
        }
        text
    }

    fn push(&mut self, line: String) {
        match self.tables.last_mut() {
            None => self.lines.push(line),
            Some(table) => match table.rows.last_mut().and_then(|row| row.last_mut()) {
                Some(cell) if table.open_cell => cell.lines.push(line),
                // Text between the cells (a caption, broken markup) stays where it stands, as a row of its own.
                _ => table.rows.push(vec![Cell { lines: vec![line], columns: 1, rows: 1 }]),
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

/// One line per row: every column of the grid has its place, blank where a cell reaches in from the left or above.
/// Rows without any text are left out.
pub(super) fn render(rows: &[Vec<Cell>]) -> Vec<String> {
    let mut lines = Vec::new();
    let mut reaching: Vec<usize> = Vec::new();
    for row in rows {
        let mut cells: Vec<String> = Vec::new();
        let mut next: Vec<usize> = Vec::new();
        for cell in row {
            while let Some(above @ 1..) = reaching.get(cells.len()).copied() {
                cells.push(String::new());
                next.push(above - 1);
            }
            if cells.len() >= COLUMNS_MAX {
                break;
            }
            cells.push(cell_text(&cell.lines));
            next.push(cell.rows - 1);
            for _ in 1..cell.columns {
                cells.push(String::new());
                next.push(cell.rows - 1);
            }
        }
        while let Some(above) = reaching.get(cells.len()).copied() {
            cells.push(String::new());
            next.push(above.saturating_sub(1));
        }
        reaching = next;
        if cells.iter().any(|cell| !cell.is_empty()) {
            lines.push(cells.join("\t"));
        }
    }
    lines
}

fn cell_text(lines: &[String]) -> String {
    lines.join(" ").replace(['\t', '\n', '\r'], " ").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Cell, Flow, render};

    fn cell(text: &str, columns: usize, rows: usize) -> Cell {
        Cell { lines: vec![text.to_owned()], columns, rows }
    }

    #[test]
    fn spans_keep_the_columns_in_place() {
        let rows = vec![
            vec![cell("序号", 1, 2), cell("任务", 1, 2), cell("单位", 2, 1)],
            vec![cell("牵头", 1, 1), cell("配合", 1, 1)],
            vec![cell("1", 1, 2), cell("甲", 1, 1), cell("水务局", 1, 2), cell("城管局", 1, 1)],
            vec![cell("乙", 1, 1), cell("住建局", 1, 1)],
        ];
        assert_eq!(render(&rows), ["序号\t任务\t单位\t", "\t\t牵头\t配合", "1\t甲\t水务局\t城管局", "\t乙\t\t住建局"]);
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
        assert_eq!(flow.into_text(), "一、甲\n二、乙\n");
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
        assert_eq!(flow.into_text(), "甲\t乙\n");
    }
}
