//! Tables: rows of cells under a head, however a page or a PDF parted them.

use super::ReadClause;
use super::attribution;
use super::deadline;
use super::header::{self, COLUMNS_MAX, Column};
use super::item::{OPEN_LIST, Rules};
use super::label::Role;
use super::lexicon::Lexicon;
use super::numbering;
use super::rows::{self, Row};
use super::script::{Piece, Script};

/// A table found in the lines `start..end`.
pub(super) struct Table {
    pub(super) start: usize,
    pub(super) end: usize,
    rows: Vec<Row>,
    /// Its head says that the first named leads.
    first_leads: bool,
    /// It has a column for whoever leads, so that no rule need tell.
    has_lead: bool,
}

/// Finds the tables of a document.
pub(super) fn find(lines: &[Script], lexicon: &Lexicon) -> Vec<Table> {
    let mut found = Vec::new();
    let mut index = 0;
    while index < lines.len() {
        let grid = rows_by_line(lines, index, '\t')
            .or_else(|| rows_by_line(lines, index, '|'))
            .or_else(|| rows_by_block(lines, index))
            .or_else(|| cells_by_bar(lines, index))
            .or_else(|| cells_by_line(lines, index));
        match grid {
            Some(grid) if !grid.rows.is_empty() => {
                let rows = rows::read(&grid.columns, &grid.rows, lexicon);
                index = grid.end;
                let has_lead = grid.columns.contains(&Column::Units(Role::Lead));
                found.push(Table { start: grid.start, end: grid.end, rows, first_leads: grid.first_leads, has_lead });
            }
            _ => index += 1,
        }
    }
    found
}

/// For each line whether it belongs to a table whose cells stand between tabs or bars.
pub(super) fn lines(lines: &[Script], lexicon: &Lexicon) -> Vec<bool> {
    let mut of_table = vec![false; lines.len()];
    if lines.iter().any(|line| line.piece().has("\t|")) {
        for table in find(lines, lexicon) {
            let its = &lines[table.start..table.end];
            if its.iter().any(|line| line.piece().has("\t|")) {
                of_table[table.start..table.end].fill(true);
            }
        }
    }
    of_table
}

impl Table {
    /// Whether cells of units held what is no name.
    pub(super) fn is_doubtful(&self) -> bool {
        self.rows.iter().any(|row| row.doubtful)
    }

    /// The rows as clauses: by their own numbers, else by the heading's number and the row's place under it.
    /// `rules` are those said before it.
    pub(super) fn clauses(&self, prefix: &str, rules: &mut Rules) -> impl Iterator<Item = ReadClause> {
        let mut count = 0;
        let mut section = None;
        self.rows.iter().map(move |row| {
            if row.section != section {
                (section, count) = (row.section, 0);
            }
            count += 1;
            let id = match (&row.number, section) {
                (Some(number), _) => number.clone(),
                (None, Some(section)) => format!("{}.{count}", numbering::shown(0, section)),
                (None, None) => count.to_string(),
            };
            let units = row.units.clone();
            let (lead_units, responsible_units) = rules.of_row(units, self.first_leads, self.has_lead);
            ReadClause {
                clause_id: format!("{prefix}{id}"),
                text: row.text.clone(),
                lead_units,
                responsible_units,
                deadline: row.deadline.clone(),
                note: row.units.open.then(|| OPEN_LIST.to_owned()),
            }
        })
    }
}

/// Cells in rows under their columns.
struct Grid<'a> {
    start: usize,
    end: usize,
    columns: Vec<Column>,
    /// Cells, and whether the head was repeated before the row: a new page.
    rows: Vec<(Vec<Piece<'a>>, bool)>,
    /// The head says that the first named leads.
    first_leads: bool,
}

/// A row a line, cells parted by a character. The table ends at the first line with text but without it.
fn rows_by_line(lines: &[Script], start: usize, mark: char) -> Option<Grid<'_>> {
    let head = row(lines[start].piece(), mark)?;
    let mut columns = header::first_columns(&head)?;
    let (mut end, mut rows, mut page) = (start + 1, Vec::new(), false);
    for (index, line) in lines.iter().enumerate().skip(start + 1) {
        let line = line.piece();
        if line.is_empty() || line.trim().is_empty() && mark == '|' {
            continue;
        }
        let Some(cells) = row(line, mark) else { break };
        end = index + 1;
        if cells.iter().all(|cell| cell.chars().all(|c| "-: ".contains(c)))
            && cells.iter().any(|cell| cell.contains("-"))
        {
            continue;
        }
        let same = cells.len() == head.len() && cells.iter().zip(&head).all(|(cell, head)| cell.is(&head.folded()));
        if let Some(again) = if same { Some(columns.clone()) } else { header::columns(&cells) } {
            page = !rows.is_empty();
            if !page {
                // a head of two rows: the lower one says more
                for ((column, below), cell) in columns.iter_mut().zip(again).zip(&cells) {
                    if !cell.is_empty() {
                        *column = below;
                    }
                }
            }
            continue;
        }
        rows.push((cells, std::mem::take(&mut page)));
    }
    Some(Grid { start, end, columns, rows, first_leads: first_leads(&head) })
}

/// Whether the head says that the first named leads.
fn first_leads(head: &[Piece<'_>]) -> bool {
    head.iter().any(|cell| {
        let compacted = cell.compact();
        compacted.piece().split(|c| "()".contains(c)).into_iter().any(|part| attribution::first_leads(part).is_some())
    })
}

/// Whether a line with bars heads a table.
pub(super) fn is_head(line: &str) -> bool {
    row(Script::new(line).piece(), '|').is_some_and(|cells| header::first_columns(&cells).is_some())
}

fn row(line: Piece<'_>, mark: char) -> Option<Vec<Piece<'_>>> {
    if !line.has(if mark == '\t' { "\t" } else { "|" }) {
        return None;
    }
    let mut cells: Vec<Piece<'_>> = line.split(|c| c == mark).into_iter().map(Piece::trim).collect();
    if mark == '|' {
        if line.trim().first() == Some('|') {
            cells.remove(0);
        }
        if line.trim().last() == Some('|') {
            cells.pop();
        }
    }
    (!cells.is_empty()).then_some(cells)
}

/// A row a block of lines, each line a cell behind a tab, blocks parted by blank lines.
fn rows_by_block(lines: &[Script], start: usize) -> Option<Grid<'_>> {
    if start > 0 && lines[start - 1].piece().first() == Some('\t') {
        return None;
    }
    let block = |from: usize| -> Vec<Piece<'_>> {
        lines
            .iter()
            .skip(from)
            .map(Script::piece)
            .take_while(|line| line.first() == Some('\t'))
            .take(COLUMNS_MAX + 1)
            .map(Piece::trim)
            .collect()
    };
    let head = block(start);
    let columns = header::first_columns(&head)?;
    let mut at = start + head.len();
    let mut end = at;
    let mut rows = Vec::new();
    loop {
        while lines.get(at).is_some_and(|line| line.piece().is_empty()) {
            at += 1;
        }
        let cells = block(at);
        if cells.is_empty() {
            break;
        }
        at += cells.len();
        end = at;
        if header::columns(&cells).is_none() {
            rows.push((cells, false));
        }
    }
    Some(Grid { start, end, columns, rows, first_leads: first_leads(&head) })
}

/// How many lines the head of a table with a cell a line may take.
const HEAD_LINES_MAX: usize = COLUMNS_MAX * 4;

/// A cell a line, with a line "|" between cells and two of them between rows; or only between cells.
fn cells_by_bar(lines: &[Script], start: usize) -> Option<Grid<'_>> {
    let is_bar = |line: Piece<'_>| line.trim().is("|");
    if lines[start].piece().trim().is_empty() {
        return None;
    }
    // the head must stand right here: otherwise every line would be the start of a search to the end
    let near =
        lines.iter().skip(start).take(HEAD_LINES_MAX).map(|line| line.piece().trim()).filter(|line| !line.is_empty());
    let near: Vec<Piece<'_>> = near.collect();
    if !near.iter().take(2).any(|line| is_bar(*line)) {
        return None;
    }
    let near: Vec<Piece<'_>> = near.into_iter().filter(|line| !is_bar(*line)).collect();
    leading_heads(&near)?;
    let mut rows: Vec<Vec<Piece<'_>>> = vec![Vec::new()];
    let (mut end, mut bars, mut breaks) = (start, 1, 0);
    for (index, line) in lines.iter().enumerate().skip(start) {
        let line = line.piece();
        if line.trim().is_empty() {
            continue;
        }
        if is_bar(line) {
            bars += 1;
            if bars == 2 && index > start {
                rows.push(Vec::new());
                breaks += 1;
            }
        } else {
            if bars == 0 {
                break;
            }
            bars = 0;
            rows.last_mut()?.push(line.trim());
        }
        end = index + 1;
    }
    rows.retain(|row| !row.is_empty());
    if breaks > 0 {
        let columns = header::columns(rows.first()?)?;
        let first_leads = first_leads(rows.first()?);
        let rows = rows.into_iter().skip(1).map(|row| (row, false)).collect();
        return Some(Grid { start, end, columns, rows, first_leads });
    }
    let cells = rows.into_iter().next()?;
    let (columns, used) = leading_heads(&cells)?;
    let rows = by_order(&cells[used..], &columns);
    Some(Grid { start, end, columns, rows, first_leads: first_leads(&cells[..used]) })
}

/// A cell a line with nothing between cells, under at least three heads of columns a line each, numbers first.
fn cells_by_line(lines: &[Script], start: usize) -> Option<Grid<'_>> {
    let first = lines[start].piece();
    if header::column(first) != Some(Column::Number) {
        return None;
    }
    const CELLS_MAX: usize = 20_000;
    let mut cells = Vec::new();
    let mut ends = Vec::new();
    for (index, line) in lines.iter().enumerate().skip(start).take(CELLS_MAX) {
        let cell = line.piece().trim();
        if cell.is_empty() {
            continue;
        }
        if cell.starts_with("附件") || cell.starts_with("备注:") || cell.starts_with("注:") || cell.has("\t|") {
            break;
        }
        // another table's head
        if cells.len() >= COLUMNS_MAX && header::column(cell) == Some(Column::Number) {
            break;
        }
        cells.push(cell);
        ends.push(index + 1);
        // without a head nothing is worth gathering
        if cells.len() == COLUMNS_MAX {
            numbered_heads(&cells)?;
        }
    }
    let (columns, used) = numbered_heads(&cells)?;
    let rows = by_order(&cells[used..], &columns);
    let taken: usize = used + rows.iter().map(|(row, _)| row.len()).sum::<usize>();
    let end = ends.get(taken.wrapping_sub(1)).copied().unwrap_or(start + 1);
    Some(Grid { start, end, columns, rows, first_leads: first_leads(&cells[..used]) })
}

/// At least three heads of columns, numbers first.
fn numbered_heads(cells: &[Piece<'_>]) -> Option<(Vec<Column>, usize)> {
    leading_heads(cells).filter(|(columns, _)| columns.len() >= 3 && columns.first() == Some(&Column::Number))
}

/// The heads that a run of cells begins with, and how many cells they take.
fn leading_heads(cells: &[Piece<'_>]) -> Option<(Vec<Column>, usize)> {
    let used = cells.iter().take(COLUMNS_MAX).take_while(|cell| header::column(**cell).is_some()).count();
    header::columns(&cells[..used]).map(|columns| (columns, used))
}

/// Rows out of a run of cells: each row has a number of its own; a heading before it belongs to it where numbers are not the
/// first column.
fn by_order<'a>(cells: &[Piece<'a>], columns: &[Column]) -> Vec<(Vec<Piece<'a>>, bool)> {
    let number_first = columns.first() == Some(&Column::Number);
    let mut rows: Vec<Vec<Piece<'a>>> = Vec::new();
    let mut next = 1;
    for cell in cells {
        if cell.is(&next.to_string()) {
            let mut row = Vec::new();
            if !number_first && let Some(before) = rows.last_mut() {
                // the heading of the next rows came after this row's last cell
                let complete = before.iter().filter(|cell| !is_number(**cell)).count() >= columns.len();
                if next == 1 || complete && before.len() > 1 {
                    let surplus = if next == 1 { before.len() } else { usize::from(ends_in_text(before, columns)) };
                    row = before.split_off(before.len() - surplus);
                }
            }
            row.push(*cell);
            rows.push(row);
            next += 1;
        } else if let Some(row) = rows.last_mut() {
            if number_first && row.len() >= columns.len() {
                break;
            }
            row.push(*cell);
        } else {
            rows.push(vec![*cell]);
        }
    }
    rows.retain(|row| !row.is_empty());
    if next == 1 {
        rows = rows.concat().chunks(columns.len()).map(<[Piece<'a>]>::to_vec).collect();
    }
    rows.into_iter().map(|row| (row, false)).collect()
}

fn is_number(cell: Piece<'_>) -> bool {
    !cell.is_empty() && cell.len() < 4 && cell.chars().all(|c| c.is_ascii_digit())
}

/// Whether the last cell stands where no column of this kind is left: the next row's heading.
fn ends_in_text(row: &[Piece<'_>], columns: &[Column]) -> bool {
    let last_is_text = matches!(columns.last(), Some(Column::Text | Column::Other));
    !last_is_text && row.last().is_some_and(|cell| !is_number(*cell) && !deadline::is_deadline(*cell))
}
