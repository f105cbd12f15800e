//! Reading one table as a spreadsheet saves it: CSV with a header, UTF-8 with or without a byte order mark.

use std::collections::{BTreeMap, HashMap};

use huiyin_domain::Level;
use jiff::civil::Date;

use crate::day::{Edge, parse_date};
use crate::fault::{Faults, Spot};

/// A table that was read: the header is checked, the rows have as many cells as the header.
#[derive(Debug)]
pub(crate) struct Table {
    file: &'static str,
    columns: HashMap<String, usize>,
    rows: Vec<(u64, Vec<String>)>,
}

impl Table {
    /// Reads `file` out of `files`. Faults of single rows leave those rows out; `None` when nothing could be read.
    pub(crate) fn read(
        files: &BTreeMap<String, Vec<u8>>,
        file: &'static str,
        required: &[&str],
        optional: &[&str],
        faults: &mut Faults,
    ) -> Option<Table> {
        let whole = Spot { file, line: 0 };
        let Some(bytes) = files.get(file) else {
            faults.add(whole, "", "缺少这个文件", format!("在目录中补上 {file}"));
            return None;
        };
        let text = decode(bytes, file, faults)?;
        let mut lines = (1u64..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
        let Some((header_line, header)) = lines.next() else {
            faults.add(whole, "", "文件是空的", format!("第一行应为表头：{}", required.join(",")));
            return None;
        };
        let header_spot = Spot { file, line: header_line };
        let columns = read_header(header, header_spot, required, optional, faults)?;
        let mut rows = Vec::new();
        for (line, content) in lines {
            let spot = Spot { file, line };
            let Some(cells) = split(content, spot, faults) else { continue };
            if cells.iter().all(String::is_empty) {
                continue; // spreadsheets leave rows of bare commas behind
            }
            if cells.len() > columns.len() && cells.iter().skip(columns.len()).any(|cell| !cell.is_empty()) {
                let message = format!("这一行有 {} 格，表头只有 {} 列", cells.len(), columns.len());
                faults.add(spot, "", message, "检查是否多了逗号；多个值之间用 | 分隔");
                continue;
            }
            if cells.len() < columns.len() {
                let message = format!("这一行只有 {} 格，表头有 {} 列", cells.len(), columns.len());
                faults.add(spot, "", message, "补齐逗号，空格子也要占位");
                continue;
            }
            rows.push((line, cells));
        }
        Some(Table { file, columns, rows })
    }

    /// The rows, in file order.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Row<'_>> {
        self.rows.iter().map(|(line, cells)| Row {
            spot: Spot { file: self.file, line: *line },
            columns: &self.columns,
            cells,
        })
    }
}

/// One row of a table.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row<'t> {
    pub(crate) spot: Spot,
    columns: &'t HashMap<String, usize>,
    cells: &'t [String],
}

impl Row<'_> {
    /// The cell, or nothing where it is blank or the table has no such column.
    pub(crate) fn get(&self, field: &str) -> Option<&str> {
        let cell = self.cells.get(*self.columns.get(field)?)?;
        (!cell.is_empty()).then_some(cell.as_str())
    }

    /// The cell as owned text.
    pub(crate) fn owned(&self, field: &str) -> Option<String> {
        self.get(field).map(str::to_owned)
    }

    /// The cell, which must not be blank.
    pub(crate) fn required(&self, field: &str, faults: &mut Faults) -> Option<String> {
        let cell = self.owned(field);
        if cell.is_none() {
            faults.add(self.spot, field, "不能为空", format!("填写 {field}"));
        }
        cell
    }

    /// The items of a cell, separated by `|`.
    pub(crate) fn list(&self, field: &str, faults: &mut Faults) -> Vec<String> {
        let Some(cell) = self.get(field) else { return Vec::new() };
        let mut items = Vec::new();
        for item in cell.split(['|', '｜']).map(str::trim) {
            if item.is_empty() {
                faults.add(self.spot, field, "分隔符 | 之间有空项", "删去多余的 |");
            } else if items.iter().any(|other| other == item) {
                faults.add(self.spot, field, format!("“{item}”写了两次"), "删去重复的一项");
            } else {
                items.push(item.to_owned());
            }
        }
        items
    }

    /// A date, or nothing where the cell is blank.
    pub(crate) fn date(&self, field: &str, edge: Edge, faults: &mut Faults) -> Option<Date> {
        let cell = self.get(field)?;
        let date = parse_date(cell, edge);
        if date.is_none() {
            faults.add(self.spot, field, format!("“{cell}”不是日期"), "写成 2024-08-09；只知年月可写 2024-08 或 2024");
        }
        date
    }

    /// First and last day in force, either open; the last must not be before the first.
    pub(crate) fn period(&self, faults: &mut Faults) -> (Option<Date>, Option<Date>) {
        let from = self.date("effective_from", Edge::First, faults);
        let to = self.date("effective_to", Edge::Last, faults);
        if let (Some(from), Some(to)) = (from, to)
            && to < from
        {
            faults.add(self.spot, "effective_to", format!("{to} 早于 effective_from {from}"), "改正两个日期的先后");
        }
        (from, to)
    }

    /// Yes or no; blank is no.
    pub(crate) fn flag(&self, field: &str, faults: &mut Faults) -> bool {
        match self.get(field) {
            None | Some("no" | "否") => false,
            Some("yes" | "是") => true,
            Some(other) => {
                faults.add(self.spot, field, format!("“{other}”应为 yes 或 no"), "填 yes、no，或留空（= no）");
                false
            }
        }
    }

    /// An administrative level, in English as the files write it or in Chinese.
    pub(crate) fn level(&self, field: &str, faults: &mut Faults) -> Option<Level> {
        let cell = self.get(field)?;
        let level = Level::parse(cell).or(match cell {
            "省" => Some(Level::Province),
            "市" | "设区市" => Some(Level::Prefecture),
            "县" | "县区" => Some(Level::County),
            "乡镇" | "乡镇街道" => Some(Level::Street),
            _ => None,
        });
        if level.is_none() {
            let message = format!("“{cell}”不是层级");
            faults.add(self.spot, field, message, "填 province、prefecture、county 或 street");
        }
        level
    }

    /// A number, or nothing where the cell is blank.
    pub(crate) fn number(&self, field: &str, faults: &mut Faults) -> Option<f64> {
        let cell = self.get(field)?;
        let number = cell.parse::<f64>().ok().filter(|number| number.is_finite());
        if number.is_none() {
            faults.add(self.spot, field, format!("“{cell}”不是数字"), "填写数字，例如 2.5");
        }
        number
    }
}

/// Text of a file, or a fault that says how it was saved wrongly.
pub(crate) fn decode<'b>(
    bytes: &'b [u8],
    file: &'static str,
    faults: &mut Faults,
) -> Option<std::borrow::Cow<'b, str>> {
    if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
        faults.add(Spot { file, line: 1 }, "", "文件是 UTF-16 编码", "另存为“CSV UTF-8（逗号分隔）”");
        return None;
    }
    let bytes = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) if text.contains('\r') => Some(text.replace("\r\n", "\n").replace('\r', "\n").into()),
        Ok(text) => Some(text.into()),
        Err(error) => {
            let before = bytes.iter().take(error.valid_up_to()).filter(|byte| **byte == b'\n').count();
            let spot = Spot { file, line: before as u64 + 1 };
            let gbk = encoding_rs::GBK.decode_without_bom_handling_and_without_replacement(bytes).is_some();
            let message = if gbk { "文件是 GBK 编码，不是 UTF-8" } else { "不是 UTF-8 文字" };
            faults.add(spot, "", message, "在 WPS 或 Excel 中另存为“CSV UTF-8（逗号分隔）”");
            None
        }
    }
}

fn read_header(
    header: &str,
    spot: Spot,
    required: &[&str],
    optional: &[&str],
    faults: &mut Faults,
) -> Option<HashMap<String, usize>> {
    let names = split(header, spot, faults)?;
    let mut columns = HashMap::new();
    for (index, name) in names.iter().enumerate() {
        if !required.contains(&name.as_str()) && !optional.contains(&name.as_str()) {
            let known = [required, optional].concat().join(",");
            faults.add(spot, name, format!("不认识的列“{name}”"), format!("删去或改名，可用的列：{known}"));
        }
        if columns.insert(name.clone(), index).is_some() {
            faults.add(spot, name, format!("列“{name}”出现两次"), "删去其中一列");
        }
    }
    let mut complete = true;
    for name in required.iter().filter(|name| !columns.contains_key(**name)) {
        faults.add(spot, name, format!("缺少列“{name}”"), "在表头补上这一列");
        complete = false;
    }
    // A doubled column would shift the widths that rows are compared with.
    (complete && columns.len() == names.len()).then_some(columns)
}

/// Cells of one line, trimmed. Cells never span lines here: a line break inside quotes is almost always a lost quote.
fn split(line: &str, spot: Spot, faults: &mut Faults) -> Option<Vec<String>> {
    let cells: Vec<String> = if line.contains('"') {
        if line.matches('"').count() % 2 == 1 {
            faults.add(spot, "", "引号不成对", "删去多余的英文引号 \"，格内换行改为空格");
            return None;
        }
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(line.as_bytes());
        let record = reader.records().next()?.ok()?;
        record.iter().map(|cell| cell.trim().to_owned()).collect()
    } else {
        line.split(',').map(|cell| cell.trim().to_owned()).collect()
    };
    for cell in &cells {
        if cell.contains('"') {
            faults.add(spot, "", format!("格内有英文引号：{cell}"), "改用中文引号“”或删去");
            return None;
        }
        if cell.contains('\u{FFFD}') || cell.chars().any(char::is_control) {
            faults.add(spot, "", format!("格内有乱码或控制字符：{}", cell.escape_debug()), "重新输入这一格");
            return None;
        }
    }
    Some(cells)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_split_and_trimmed() {
        for (line, expected) in [
            ("a, b ,c", Some(vec!["a", "b", "c"])),
            ("\"a,b\",c", Some(vec!["a,b", "c"])),
            ("a\u{3000},", Some(vec!["a", ""])),
            ("\"a,b", None),
            ("a\"b\",c", None),
            ("a\u{FFFD},c", None),
        ] {
            let mut faults = Faults::default();
            let cells = split(line, Spot { file: "t.csv", line: 3 }, &mut faults);
            assert_eq!(cells.is_none(), !faults.is_empty(), "{line}");
            let expected: Option<Vec<String>> = expected.map(|cells| cells.into_iter().map(str::to_owned).collect());
            assert_eq!(cells, expected, "{line}");
        }
    }
}
