//! Posts from files: JSON lines, CSV and XLSX, plain or gzip, read as a stream.

mod columns;
mod csv;
mod jsonl;
mod mapping;
mod open;
mod sheet;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

pub use mapping::{MappedColumns, Mapping, TextEncoding};
pub(crate) use open::Opened;

use crate::{FileFault, RawPost, Refused};

/// Format of a file of posts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileFormat {
    /// One JSON object a line.
    Jsonl,
    /// Rows with a header; separated by comma, semicolon or tab.
    Csv,
    /// A workbook.
    Xlsx,
}

impl FileFormat {
    /// The format that a file's name says; `.gz` is looked through.
    #[must_use]
    pub fn of(path: &Path) -> Option<FileFormat> {
        let name = path.file_name()?.to_str()?.to_ascii_lowercase();
        let name = name.strip_suffix(".gz").unwrap_or(&name);
        match name.rsplit_once('.')?.1 {
            "jsonl" | "ndjson" | "json" => Some(FileFormat::Jsonl),
            "csv" | "tsv" | "txt" => Some(FileFormat::Csv),
            "xlsx" | "xlsm" => Some(FileFormat::Xlsx),
            _ => None,
        }
    }
}

/// Opens a file of posts; `format` is told from the name when it is not given. Blocks.
///
/// CSV and JSON lines are streamed whatever their size, a line of more than 1 MiB is refused by its number. A workbook
/// is held in memory, within limits.
///
/// # Errors
/// The file cannot be opened, is not what it should be, is in another encoding, or has no column for ids or texts.
pub fn open_file(path: &Path, mapping: &Mapping, format: Option<FileFormat>) -> Result<FileReader, FileFault> {
    let file = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy().into_owned();
    let Some(format) = format.or_else(|| FileFormat::of(path)) else { return Err(FileFault::Format { file }) };
    let read = Arc::new(AtomicU64::new(0));
    let opened = Opened::open(path, file.clone(), read.clone())?;
    let total = opened.bytes;
    let rows = match format {
        FileFormat::Jsonl => Rows::Jsonl(jsonl::JsonRows::new(opened.text(mapping.encoding)?, mapping)),
        FileFormat::Csv => Rows::Csv(csv::CsvRows::new(opened.text(mapping.encoding)?, mapping)?),
        FileFormat::Xlsx => Rows::Sheet(sheet::SheetRows::new(opened, mapping)?),
    };
    Ok(FileReader { rows, file, read, total, skip: 0, fault: None })
}

/// The posts of a file, each with its line (JSON lines, CSV) or row (XLSX) from 1.
///
/// Ends early when the file cannot be read on; [`FileReader::fault`] tells then.
pub struct FileReader {
    rows: Rows,
    file: String,
    read: Arc<AtomicU64>,
    total: u64,
    skip: u64,
    fault: Option<FileFault>,
}

enum Rows {
    Jsonl(jsonl::JsonRows),
    Csv(csv::CsvRows),
    Sheet(sheet::SheetRows),
}

/// A line or row, or why reading stopped at it.
enum Row {
    Post(u64, Result<RawPost, Refused>),
    Broken(u64, std::io::Error),
}

impl FileReader {
    /// Bytes of the file read so far, compressed ones when it is gzip.
    #[must_use]
    pub fn bytes_read(&self) -> u64 {
        self.read.load(Ordering::Relaxed).min(self.total)
    }

    /// Size of the file in bytes.
    #[must_use]
    pub fn bytes_total(&self) -> u64 {
        self.total
    }

    /// Leaves out everything up to and including this line or row: to go on where an import stopped.
    pub fn skip_to(&mut self, line: u64) {
        self.skip = line;
    }

    /// Why the file could not be read to its end, once the iterator is done.
    #[must_use]
    pub fn fault(&self) -> Option<&FileFault> {
        self.fault.as_ref()
    }

    /// Takes the fault out.
    pub fn take_fault(&mut self) -> Option<FileFault> {
        self.fault.take()
    }
}

impl Iterator for FileReader {
    type Item = (u64, Result<RawPost, Refused>);

    fn next(&mut self) -> Option<Self::Item> {
        if self.fault.is_some() {
            return None;
        }
        let row = match &mut self.rows {
            Rows::Jsonl(rows) => rows.next_after(self.skip),
            Rows::Csv(rows) => rows.next_after(self.skip),
            Rows::Sheet(rows) => rows.next_after(self.skip),
        };
        match row? {
            Row::Post(line, post) => Some((line, post)),
            Row::Broken(line, error) => {
                self.fault =
                    Some(FileFault::Interrupted { file: self.file.clone(), line, detail: open::chinese(&error) });
                None
            }
        }
    }
}

#[cfg(test)]
mod tests;
