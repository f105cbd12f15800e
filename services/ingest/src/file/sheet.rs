//! XLSX workbooks.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::vec::IntoIter;

use calamine::{DataRef, ExcelDateTime, ExcelDateTimeType, Reader, Xlsx};

use super::columns::{Columns, HEADER_ROWS_MAX};
use super::{Mapping, Opened, Row};
use crate::raw::Field;
use crate::{FileFault, RawPost, Refused};

/// Largest workbook; it is held in memory, and grows about tenfold when unpacked.
const FILE_BYTES_MAX: u64 = 64 << 20;
/// Most text taken from one sheet.
const CELLS_BYTES_MAX: usize = 256 << 20;
/// Columns beyond are not looked at.
const COLUMNS_MAX: u32 = 256;
/// From here on a number in a workbook has lost digits.
const EXACT_BELOW: f64 = 1e15;
/// Serial number of 9999-12-31: numbers up to here in a column of times count days.
const SERIAL_DAYS_MAX: f64 = 2_958_465.0;

/// The rows of a sheet after its header.
pub(super) struct SheetRows {
    rows: IntoIter<(u64, Result<RawPost, Refused>)>,
}

impl SheetRows {
    pub(super) fn new(opened: Opened, mapping: &Mapping) -> Result<SheetRows, FileFault> {
        let file = opened.file.clone();
        if opened.bytes > FILE_BYTES_MAX {
            return Err(FileFault::TooLarge { file, what: format!("工作簿最大 {} MB", FILE_BYTES_MAX >> 20) });
        }
        let content = opened.all()?;
        // The reader of workbooks is not ours, and a damaged one must not end the process.
        let rows = catch_unwind(AssertUnwindSafe(|| read(&file, content, mapping)));
        let rows = rows.unwrap_or_else(|_| Err(broken(&file, "内部结构错误")))?;
        Ok(SheetRows { rows: rows.into_iter() })
    }

    /// The next row after row `skip`.
    pub(super) fn next_after(&mut self, skip: u64) -> Option<Row> {
        self.rows.find(|(row, _)| *row > skip).map(|(row, post)| Row::Post(row, post))
    }
}

fn broken(file: &str, detail: &str) -> FileFault {
    FileFault::Broken { file: file.to_owned(), expected: " xlsx 工作簿", detail: detail.to_owned() }
}

/// A cell as far as posts need it.
#[derive(Clone, Debug)]
enum Cell {
    Text(String),
    Number(f64),
    Error,
}

type Posts = Vec<(u64, Result<RawPost, Refused>)>;

fn read(file: &str, content: Vec<u8>, mapping: &Mapping) -> Result<Posts, FileFault> {
    if content.starts_with(&[0xd0, 0xcf, 0x11, 0xe0]) {
        return Err(broken(file, "这是旧的 xls 格式或加了密码"));
    }
    let mut book = Xlsx::new(Cursor::new(content)).map_err(|error| broken(file, &error.to_string()))?;
    let sheets = book.sheet_names();
    let wanted =
        if mapping.sheet.is_empty() { sheets.first() } else { sheets.iter().find(|name| **name == mapping.sheet) };
    let Some(sheet) = wanted.cloned() else {
        let found = sheets.iter().map(|name| format!("“{name}”")).collect::<Vec<_>>().join("、");
        return Err(FileFault::Sheet { file: file.to_owned(), sheet: mapping.sheet.clone(), found });
    };
    let mut cells = book.worksheet_cells_reader(&sheet).map_err(|error| broken(file, &error.to_string()))?;
    let mut table =
        Table { file, mapping, first: Vec::new(), columns: None, current: (0, Vec::new()), posts: Vec::new() };
    let mut bytes = 0;
    while let Some(cell) = cells.next_cell().map_err(|error| broken(file, &error.to_string()))? {
        let (row, column) = cell.get_position();
        let Some(value) = convert(cell.get_value()).filter(|_| column < COLUMNS_MAX) else { continue };
        if let Cell::Text(text) = &value {
            bytes += text.len();
        }
        if bytes > CELLS_BYTES_MAX {
            return Err(FileFault::TooLarge {
                file: file.to_owned(), what: "工作表里的文字超过 256 MB".to_owned()
            });
        }
        table.cell(row, column, value)?;
    }
    table.finish()
}

fn convert(value: &DataRef<'_>) -> Option<Cell> {
    match value {
        DataRef::Empty => None,
        DataRef::Int(number) => Some(Cell::Text(number.to_string())),
        DataRef::Float(number) => Some(Cell::Number(*number)),
        DataRef::String(text) => Some(Cell::Text(text.clone())),
        DataRef::SharedString(text) => Some(Cell::Text((*text).to_owned())),
        DataRef::Bool(value) => Some(Cell::Text(if *value { "是" } else { "否" }.to_owned())),
        DataRef::DateTime(at) => Some(Cell::Text(date(at))),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Some(Cell::Text(text.clone())),
        DataRef::Error(_) => Some(Cell::Error),
    }
}

fn date(at: &ExcelDateTime) -> String {
    let (year, month, day, hour, minute, second, _) = at.to_ymd_hms_milli();
    format!("{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}")
}

/// Turns cells, which come in order of row, into posts as soon as the header is known.
struct Table<'a> {
    file: &'a str,
    mapping: &'a Mapping,
    /// Rows before the header is known, by their index; blank ones stand for rows without cells.
    first: Vec<Vec<Option<Cell>>>,
    columns: Option<Columns>,
    current: (u32, Vec<Option<Cell>>),
    posts: Posts,
}

impl Table<'_> {
    fn cell(&mut self, row: u32, column: u32, value: Cell) -> Result<(), FileFault> {
        if row != self.current.0 {
            self.end_row()?;
            self.current = (row, Vec::new());
        }
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        let cells = &mut self.current.1;
        if cells.len() <= column {
            cells.resize(column + 1, None);
        }
        if let Some(slot) = cells.get_mut(column) {
            *slot = Some(value);
        }
        Ok(())
    }

    fn end_row(&mut self) -> Result<(), FileFault> {
        let (row, cells) = std::mem::take(&mut self.current);
        if cells.is_empty() {
            return Ok(());
        }
        if let Some(columns) = &self.columns {
            self.posts.extend(post(columns, row, &cells));
            return Ok(());
        }
        let index = usize::try_from(row).unwrap_or(usize::MAX);
        let rows_max = self.header_rows_max();
        if index >= rows_max {
            self.find_header()?;
            self.current = (row, cells);
            return self.end_row();
        }
        self.first.resize(index, Vec::new());
        self.first.push(cells);
        Ok(())
    }

    fn header_rows_max(&self) -> usize {
        self.mapping.header_row.map_or(HEADER_ROWS_MAX, |row| usize::try_from(row).unwrap_or(usize::MAX))
    }

    fn find_header(&mut self) -> Result<(), FileFault> {
        let names = |row: &Vec<Option<Cell>>| -> Vec<String> {
            let name = |cell: &Option<Cell>| match cell {
                Some(Cell::Text(text)) => text.clone(),
                Some(Cell::Number(_) | Cell::Error) | None => String::new(),
            };
            row.iter().map(name).collect()
        };
        let rows: Vec<_> = self.first.iter().map(names).collect();
        let (header, columns) = Columns::find(self.file, &rows, self.mapping)?;
        for (row, cells) in (0..).zip(std::mem::take(&mut self.first)).skip(header + 1) {
            self.posts.extend(post(&columns, row, &cells));
        }
        self.columns = Some(columns);
        Ok(())
    }

    fn finish(mut self) -> Result<Posts, FileFault> {
        self.end_row()?;
        if self.columns.is_none() {
            self.find_header()?;
        }
        Ok(self.posts)
    }
}

/// Nothing for a row whose columns are all blank. `row` counts from 0.
fn post(columns: &Columns, row: u32, cells: &[Option<Cell>]) -> Option<(u64, Result<RawPost, Refused>)> {
    let mut post = RawPost::default();
    let mut fault = None;
    let mut blank = true;
    for (field, index) in columns.iter() {
        let Some(cell) = cells.get(index).and_then(Option::as_ref) else { continue };
        match text(field, cell) {
            Ok(text) => {
                blank &= text.trim().is_empty();
                *post.field_mut(field) = text;
            }
            Err(refused) => fault = Some(refused),
        }
    }
    let row = u64::from(row) + 1;
    match fault {
        Some(refused) => Some((row, Err(refused))),
        None if blank => None,
        None => Some((row, Ok(post))),
    }
}

fn text(field: Field, cell: &Cell) -> Result<String, Refused> {
    let name = field.as_str();
    match cell {
        Cell::Text(text) => Ok(text.clone()),
        Cell::Error => Err(Refused::new(name, format!("{name} 的单元格是错误值"), "改正单元格里的公式，或粘贴为数值")),
        Cell::Number(number) if field == Field::Time && (1.0..=SERIAL_DAYS_MAX).contains(number) => {
            Ok(date(&ExcelDateTime::new(*number, ExcelDateTimeType::DateTime, false)))
        }
        Cell::Number(number) if number.abs() >= EXACT_BELOW => {
            let reason = format!("{name} 存成了数字，超过 15 位的部分已经丢失");
            Err(Refused::new(name, reason, "从来源重新导出，把这一列设为文本格式"))
        }
        Cell::Number(number) => Ok(number.to_string()),
    }
}
