//! A table as cells, so that what an office typed (its columns, order and remarks) is written back as it was.

/// A table with its header.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sheet {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Sheet {
    /// Reads a table that the catalogue's own reader found sound; what is not UTF-8 was refused there.
    pub(crate) fn read(bytes: &[u8]) -> Sheet {
        let bytes = bytes.strip_prefix(&[0xEF, 0xBB, 0xBF]).unwrap_or(bytes);
        let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(bytes);
        let mut records = reader.records().filter_map(Result::ok).map(|record| {
            let cells: Vec<String> = record.iter().map(|cell| cell.trim().to_owned()).collect();
            cells
        });
        let header = records.next().unwrap_or_default();
        let width = header.len();
        let rows = records.filter(|cells| cells.iter().any(|cell| !cell.is_empty())).map(|mut cells| {
            cells.resize(width, String::new());
            cells
        });
        Sheet { rows: rows.collect(), header }
    }

    /// A table of these columns without rows.
    pub(crate) fn with_header(header: &[&str]) -> Sheet {
        Sheet { header: header.iter().map(|name| (*name).to_owned()).collect(), rows: Vec::new() }
    }

    /// The numbers of the rows.
    pub(crate) fn rows(&self) -> std::ops::Range<usize> {
        0..self.rows.len()
    }

    /// A cell; empty where there is no such row or column.
    pub(crate) fn get(&self, row: usize, column: &str) -> &str {
        let index = self.header.iter().position(|name| name == column);
        index.and_then(|index| self.rows.get(row)?.get(index)).map_or("", String::as_str)
    }

    /// The first row whose cell in `column` is `value`.
    pub(crate) fn find(&self, column: &str, value: &str) -> Option<usize> {
        self.rows().find(|row| self.get(*row, column) == value)
    }

    /// Writes a cell, adding the column at the end where the table has none.
    pub(crate) fn set(&mut self, row: usize, column: &str, value: &str) {
        let index = self.header.iter().position(|name| name == column).unwrap_or_else(|| {
            self.header.push(column.to_owned());
            for cells in &mut self.rows {
                cells.push(String::new());
            }
            self.header.len() - 1
        });
        if let Some(cell) = self.rows.get_mut(row).and_then(|cells| cells.get_mut(index)) {
            *cell = clean(value);
        }
    }

    /// Adds an item to a cell that holds a list; one that is there already is not added again.
    pub(crate) fn add_item(&mut self, row: usize, column: &str, item: &str) {
        let cell = self.get(row, column).to_owned();
        if !cell.split('|').any(|known| known == item) {
            let joined = if cell.is_empty() { item.to_owned() } else { format!("{cell}|{item}") };
            self.set(row, column, &joined);
        }
    }

    /// Adds a row; columns not named stay blank.
    pub(crate) fn push(&mut self, cells: &[(&str, String)]) {
        self.rows.push(vec![String::new(); self.header.len()]);
        let row = self.rows.len() - 1;
        for (column, value) in cells {
            self.set(row, column, value);
        }
    }

    /// Drops the rows that `keep` refuses.
    pub(crate) fn retain(&mut self, keep: impl Fn(&Sheet, usize) -> bool) {
        let kept: Vec<bool> = self.rows().map(|row| keep(self, row)).collect();
        let mut kept = kept.into_iter();
        self.rows.retain(|_| kept.next().unwrap_or(true));
    }

    /// The table as a spreadsheet saves it.
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        let mut text = String::new();
        for cells in std::iter::once(&self.header).chain(&self.rows) {
            let line: Vec<String> = cells.iter().map(|cell| quoted(cell)).collect();
            text.push_str(&line.join(","));
            text.push('\n');
        }
        text.into_bytes()
    }
}

/// Cells may hold commas, but no quotes and no line breaks: the reader takes those for a slip of the keyboard.
fn clean(value: &str) -> String {
    let mut open = true;
    let mut cleaned = String::with_capacity(value.len());
    for character in value.trim().chars() {
        match character {
            '"' => {
                cleaned.push(if open { '“' } else { '”' });
                open = !open;
            }
            '\u{FFFD}' => cleaned.push('□'),
            other if other.is_control() => {
                if !cleaned.ends_with(' ') {
                    cleaned.push(' ');
                }
            }
            other => cleaned.push(other),
        }
    }
    cleaned
}

fn quoted(cell: &str) -> String {
    if cell.contains(',') { format!("\"{cell}\"") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_written_back_as_it_was() {
        let text = "id,name,note\na,甲局,\"一,二\"\nb,乙局,\n";
        assert_eq!(String::from_utf8(Sheet::read(text.as_bytes()).to_bytes()).unwrap(), text);
    }

    #[test]
    fn cells_and_columns_are_added() {
        let mut sheet = Sheet::read("id,aliases\na,\n".as_bytes());
        sheet.add_item(0, "aliases", "甲");
        sheet.add_item(0, "aliases", "乙");
        sheet.add_item(0, "aliases", "甲");
        sheet.set(0, "text", "他说\"好\",\n再见");
        sheet.push(&[("id", "b".to_owned())]);
        let expected = "id,aliases,text\na,甲|乙,\"他说“好”, 再见\"\nb,,\n";
        assert_eq!(String::from_utf8(sheet.to_bytes()).unwrap(), expected);
        assert_eq!((sheet.rows().len(), sheet.find("id", "b")), (2, Some(1)));
    }
}
