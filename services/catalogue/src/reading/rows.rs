//! Rows of a table under its columns: shifted cells put back, broken rows joined, merged cells filled.

use super::attribution::{self, Attribution};
use super::deadline;
use super::header::Column;
use super::label::Role;
use super::lexicon::Lexicon;
use super::numbering;
use super::script::{Piece, Script};

/// A row as read, its blank cells filled from the cells they are merged with.
#[derive(Debug, Default)]
pub(super) struct Row {
    pub(super) number: Option<String>,
    /// The number of the heading it stands under.
    pub(super) section: Option<usize>,
    pub(super) text: String,
    pub(super) units: Attribution,
    pub(super) deadline: Option<String>,
    /// A cell of units held what is no name; it was left out.
    pub(super) doubtful: bool,
}

/// A row with a cell for every column.
struct Laid {
    cells: Vec<Script>,
    number: Option<String>,
    /// Not a task: the heading of those that follow.
    heading: bool,
}

/// Reads rows of cells; with each, whether the head was repeated before it.
pub(super) fn read(columns: &[Column], rows: &[(Vec<Piece<'_>>, bool)], lexicon: &Lexicon) -> Vec<Row> {
    let mut laid: Vec<Laid> = Vec::new();
    for (cells, page) in rows {
        let row = match heading(cells) {
            Some(heading) => heading_row(columns, heading),
            None => lay(columns, cells, lexicon),
        };
        match laid.last_mut() {
            Some(before) if goes_on(columns, &row, *page) => {
                for ((whole, more), column) in before.cells.iter_mut().zip(&row.cells).zip(columns) {
                    if matches!(column, Column::Units(_)) && parts_names(whole.piece(), more.piece(), *page, lexicon) {
                        whole.push_char('、');
                    }
                    whole.push(more.piece());
                }
            }
            _ => laid.push(row),
        }
    }
    let mut reader = Reader::new(columns, lexicon);
    laid.iter().filter_map(|row| reader.row(row)).collect()
}

/// A cell merged over the whole row: repeated in each of its columns, or alone in the first of them, or alone with the number
/// of a heading.
fn heading<'a>(cells: &[Piece<'a>]) -> Option<Piece<'a>> {
    let (index, first) = cells.iter().enumerate().find(|(_, cell)| !cell.is_empty())?;
    if cells.len() < 3 || first.len() < 4 {
        return None;
    }
    let written = first.folded();
    let repeated = index == 0 && cells.iter().all(|cell| cell.is(&written));
    let alone = cells.iter().skip(index + 1).all(|cell| cell.is_empty());
    let numbered =
        || numbering::markers(first.to(6)).first().is_some_and(|marker| marker.start == 0 && marker.level < 2);
    (repeated || alone && (index == 0 || numbered())).then_some(*first)
}

fn heading_row(columns: &[Column], heading: Piece<'_>) -> Laid {
    let mut cells = vec![Script::default(); columns.len()];
    if let Some(first) = cells.first_mut() {
        first.push(heading);
    }
    Laid { cells, number: None, heading: true }
}

/// Whether a row only carries on the one before: without a task of its own, or on a new page with nothing but text.
fn goes_on(columns: &[Column], row: &Laid, page: bool) -> bool {
    let filled = |test: fn(Column) -> bool| {
        columns.iter().zip(&row.cells).any(|(column, cell)| test(*column) && !cell.piece().trim().is_empty())
    };
    if row.heading
        || row.number.is_some()
        || !columns.contains(&Column::Text)
        || filled(|column| column == Column::Number)
    {
        return false;
    }
    let task = columns.iter().rposition(|column| *column == Column::Text).and_then(|index| row.cells.get(index));
    task.is_some_and(|task| task.piece().trim().is_empty())
        || (page && !filled(|column| matches!(column, Column::Units(_) | Column::Deadline)))
}

/// Whether a cell of units begins with a name of its own where it carries on the one above: the name above is whole. Over the end
/// of a page, where a name is often broken, the one below must also begin like one.
fn parts_names(above: Piece<'_>, below: Piece<'_>, page: bool, lexicon: &Lexicon) -> bool {
    let mark = |c: char| c.is_whitespace() || "、,;。".contains(c);
    let (above, below) = (above.trim(), below.trim());
    let (Some(last), Some(first)) = (above.split(mark).last().copied(), below.split(mark).first().copied()) else {
        return false;
    };
    if page { lexicon.are_two_names(last, first) } else { lexicon.is_name(last) && !first.is_empty() }
}

/// Puts cells under columns. Where there are as many as columns they stand as they are, unless what they hold says that they
/// were shifted: a merged cell left out moves all cells behind it.
fn lay(columns: &[Column], cells: &[Piece<'_>], lexicon: &Lexicon) -> Laid {
    let mut cells: Vec<Piece<'_>> = cells.to_vec();
    let mut number = None;
    if !columns.contains(&Column::Number)
        && let Some(index) = cells.iter().take(3).position(|cell| is_number(*cell))
    {
        number = Some(cells.remove(index).written());
    }
    let fits: Vec<Vec<i32>> = cells
        .iter()
        .map(|cell| {
            let kind = Kind::of(*cell, lexicon);
            columns.iter().enumerate().map(|(at, column)| kind.fit(*column, at)).collect()
        })
        .collect();
    let placed =
        if cells.len() == columns.len() { shifted(&cells, &fits) } else { spread(&cells, &fits, columns.len()) };
    let cells = placed
        .into_iter()
        .map(|place| {
            let mut script = Script::default();
            if let Some(cell) = place.and_then(|index| cells.get(index)) {
                script.push(*cell);
            }
            script
        })
        .collect();
    Laid { cells, number, heading: false }
}

/// As many cells as columns: they stand as they are, or all moved to the right by some of the blank cells at the end.
fn shifted(cells: &[Piece<'_>], fits: &[Vec<i32>]) -> Vec<Option<usize>> {
    let blanks = cells.iter().rev().take_while(|cell| cell.is_empty()).count();
    let score = |shift: usize| {
        let fit: i32 = (0..cells.len() - shift).map(|index| fits[index][index + shift]).sum();
        if shift == 0 { fit + AS_IS_BONUS } else { fit }
    };
    // of equal scores the smaller shift
    let shift = (0..=blanks.min(cells.len().saturating_sub(1)))
        .max_by_key(|&shift| (score(shift), std::cmp::Reverse(shift)))
        .unwrap_or(0);
    (0..cells.len()).map(|column| column.checked_sub(shift)).collect()
}

/// Fewer or more cells than columns: in order, where each suits best.
fn spread(cells: &[Piece<'_>], fits: &[Vec<i32>], columns: usize) -> Vec<Option<usize>> {
    let filled: Vec<usize> = (0..cells.len()).filter(|&index| !cells[index].is_empty()).collect();
    let (_, choice) = align(&filled.iter().map(|&index| fits[index].as_slice()).collect::<Vec<_>>(), columns);
    choice.into_iter().map(|cell| cell.map(|index| filled[index])).collect()
}

const AS_IS_BONUS: i32 = 15;
/// A cell under no column.
const LEFT_OUT: i32 = -60;

/// What a cell looks like.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Blank,
    Number,
    Units,
    Deadline,
    Text,
}

impl Kind {
    fn of(cell: Piece<'_>, lexicon: &Lexicon) -> Self {
        if cell.trim().is_empty() {
            return Self::Blank;
        }
        if is_number(cell) {
            return Self::Number;
        }
        if deadline::is_deadline(cell) {
            return Self::Deadline;
        }
        let attribution = attribution::parse(cell, Some(Role::Responsible), lexicon);
        let names = || attribution.lead.iter().chain(&attribution.responsible);
        // the last name of a cell may be broken by the end of a page
        let sure = names().filter(|name| lexicon.is_name(Script::new(name).piece())).count();
        let units = sure > 0 && (!attribution.doubtful || sure * 3 >= names().count() * 2);
        if units || attribution::is_blank_cell(cell) { Self::Units } else { Self::Text }
    }

    /// How well it suits a column. Of columns alike, text prefers the last and units the first.
    fn fit(self, column: Column, at: usize) -> i32 {
        let at = i32::try_from(at).unwrap_or(0);
        match (self, column) {
            (Self::Blank, _) | (_, Column::Other) => 0,
            (Self::Number, Column::Number) | (Self::Deadline, Column::Deadline) => 40,
            (Self::Units, Column::Units(_)) => 40 - at,
            (Self::Text, Column::Text) => 20 + at,
            (Self::Deadline, Column::Text) => -10,
            (Self::Units, Column::Text | Column::Deadline) => -20,
            (_, Column::Number) => -40,
            (_, Column::Units(_)) => -30,
            (_, Column::Deadline) => -20,
            (_, Column::Text) => -30,
        }
    }
}

/// The best way to put cells under columns in order; for each column the cell it got.
fn align(fits: &[&[i32]], columns: usize) -> (i32, Vec<Option<usize>>) {
    let mut best = vec![vec![0_i32; columns + 1]; fits.len() + 1];
    for cell in (0..fits.len()).rev() {
        best[cell][columns] = best[cell + 1][columns] + LEFT_OUT;
        for column in (0..columns).rev() {
            best[cell][column] = (best[cell + 1][column + 1] + fits[cell][column])
                .max(best[cell][column + 1])
                .max(best[cell + 1][column] + LEFT_OUT);
        }
    }
    let mut choice = vec![None; columns];
    let (mut cell, mut column) = (0, 0);
    while cell < fits.len() && column < columns {
        if best[cell][column] == best[cell + 1][column + 1] + fits[cell][column] {
            choice[column] = Some(cell);
            cell += 1;
            column += 1;
        } else if best[cell][column] == best[cell][column + 1] {
            column += 1;
        } else {
            cell += 1;
        }
    }
    (best[0][0], choice)
}

fn is_number(cell: Piece<'_>) -> bool {
    !cell.is_empty() && cell.len() < 4 && cell.chars().all(|c| c.is_ascii_digit())
}

/// 同上: what the cell above says.
fn is_ditto(cell: Piece<'_>) -> bool {
    ["同上", "同前", "〃", "同上。"].iter().any(|word| cell.is(word))
}

struct Reader<'a> {
    columns: &'a [Column],
    lexicon: &'a Lexicon,
    /// Columns of headings, under which rows stand; cells merged over several rows are blank in all but the first.
    headings: Vec<usize>,
    /// Columns that say what is to be done.
    tasks: Vec<usize>,
    section: Option<usize>,
    /// What each column of units or deadlines held in the row above.
    above: Vec<Cell>,
}

#[derive(Clone, Default)]
struct Cell {
    units: Attribution,
    deadline: Option<String>,
}

impl<'a> Reader<'a> {
    fn new(columns: &'a [Column], lexicon: &'a Lexicon) -> Self {
        let mut tasks: Vec<usize> = (0..columns.len()).filter(|&index| columns[index] == Column::Text).collect();
        let mut headings: Vec<usize> = (0..columns.len()).filter(|&index| columns[index] == Column::Number).collect();
        // under a number all that is said belongs to the task; otherwise the last column says it, under headings
        if headings.is_empty() && tasks.len() > 1 {
            headings = tasks.drain(..tasks.len() - 1).collect();
        }
        Self { columns, lexicon, headings, tasks, section: None, above: Vec::new() }
    }

    fn row(&mut self, row: &Laid) -> Option<Row> {
        if row.heading {
            self.enter_section(row);
            self.above.clear();
            return None;
        }
        let cell = |index: usize| row.cells.get(index).map(|cell| cell.piece().trim());
        let texts: Vec<Piece<'_>> =
            self.tasks.iter().filter_map(|&index| cell(index)).filter(|text| !text.is_empty()).collect();
        let merged = !self.above.is_empty()
            && !self.headings.is_empty()
            && row.number.is_none()
            && self.headings.iter().all(|&index| cell(index).is_none_or(Piece::is_empty));
        let mut read = Row { number: row.number.clone(), ..Row::default() };
        let mut held = vec![Cell::default(); self.columns.len()];
        let mut units_text = String::new();
        for (index, column) in self.columns.iter().enumerate() {
            let content = cell(index)?;
            let above = self.above.get(index).filter(|_| merged && content.is_empty() || is_ditto(content));
            let own = match (column, above) {
                (Column::Units(_) | Column::Deadline, Some(above)) => above.clone(),
                (Column::Units(role), None) => {
                    let mut units = attribution::parse(content, Some(*role), self.lexicon);
                    if units.doubtful {
                        read.doubtful |= self.keep_names(&mut units);
                    }
                    Cell { units, deadline: None }
                }
                (Column::Deadline, None) => Cell { deadline: deadline::cell(content), ..Cell::default() },
                (Column::Number, _) if !content.is_empty() => {
                    read.number = Some(content.compact().piece().written());
                    continue;
                }
                _ => continue,
            };
            if let Column::Units(_) = column {
                units_text.push_str(&content.text());
            }
            read.units.lead.extend(own.units.lead.iter().cloned());
            read.units.responsible.extend(own.units.responsible.iter().cloned());
            read.units.open |= own.units.open;
            read.deadline =
                read.deadline.take().or_else(|| own.deadline.clone()).or_else(|| own.units.deadline.clone());
            held[index] = own;
        }
        self.above = held;
        self.enter_section(row);
        let mut whole = Script::default();
        for text in &texts {
            whole.push(*text);
            whole.push_char(' ');
        }
        let mut text = whole.piece().trim();
        if let Some(marker) = numbering::markers(text.to(8)).first().filter(|marker| marker.start == 0) {
            read.number = read.number.take().or_else(|| Some(numbering::shown(marker.level, marker.value)));
            text = text.from(marker.end);
        }
        read.deadline = read.deadline.take().or_else(|| deadline::in_text(text));
        read.section = self.section;
        read.text = if self.tasks.is_empty() { units_text } else { text.text() };
        (!read.text.is_empty()).then_some(read)
    }

    /// Of a cell that does not read as names, only what does; whether anything was left out.
    fn keep_names(&self, units: &mut Attribution) -> bool {
        let count = units.lead.len() + units.responsible.len();
        for side in [&mut units.lead, &mut units.responsible] {
            side.retain(|name| self.lexicon.is_name(Script::new(name).piece()));
        }
        units.lead.len() + units.responsible.len() < count
    }

    fn enter_section(&mut self, row: &Laid) {
        let first = if row.heading { &[0][..] } else { &self.headings };
        for &index in first {
            let Some(cell) = row.cells.get(index) else { continue };
            let marker = numbering::markers(cell.piece().trim().to(6)).into_iter().next();
            if let Some(marker) = marker.filter(|marker| marker.start == 0 && marker.level == 0) {
                self.section = Some(marker.value);
            }
        }
    }
}
