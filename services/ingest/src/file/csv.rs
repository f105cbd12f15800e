//! CSV: comma, semicolon or tab; quoted line breaks; rows of any file size, one at a time.

use std::collections::VecDeque;
use std::io::{self, BufRead, Read};

use csv::ByteRecord;

use super::columns::{Columns, HEADER_ROWS_MAX};
use super::open::OpenedText;
use super::{Mapping, Row, TextEncoding};
use crate::push::LINE_BYTES_MAX;
use crate::{FileFault, RawPost, Refused};

/// Most records that are read in search of a mapped header row.
const HEADER_RECORDS_MAX: usize = 1_000;

/// The rows of a file after its header.
pub(super) struct CsvRows {
    records: Records,
    encoding: TextEncoding,
    columns: Columns,
    header_fields: usize,
    /// Records read in search of the header.
    waiting: VecDeque<Found>,
}

impl CsvRows {
    pub(super) fn new(opened: OpenedText, mapping: &Mapping) -> Result<CsvRows, FileFault> {
        let encoding = opened.encoding;
        let mut records = Records::new(opened.reader, delimiter(&opened.sample));
        let records_max = mapping.header_row.map_or(HEADER_ROWS_MAX, |row| usize::try_from(row).unwrap_or(usize::MAX));
        let mut waiting = VecDeque::new();
        let mut first: Vec<Vec<String>> = Vec::new();
        while first.len() < records_max.min(HEADER_RECORDS_MAX) {
            let Some(found) = records.next() else { break };
            first.push(match &found {
                Found::Record(_, record) => {
                    record.iter().map(|name| decode(encoding, name).unwrap_or_default()).collect()
                }
                Found::TooLong(_) | Found::Broken(..) => Vec::new(),
            });
            waiting.push_back(found);
        }
        let (index, columns) = Columns::find(&opened.file, &first, mapping)?;
        waiting.drain(..(index + 1).min(waiting.len()));
        Ok(CsvRows { records, encoding, columns, header_fields: first.get(index).map_or(0, Vec::len), waiting })
    }

    /// The next row that starts after line `skip` and holds anything.
    pub(super) fn next_after(&mut self, skip: u64) -> Option<Row> {
        loop {
            let found = match self.waiting.pop_front() {
                Some(found) => found,
                None => self.records.next()?,
            };
            let (line, post) = match found {
                Found::Broken(line, error) => return Some(Row::Broken(line, error)),
                Found::TooLong(line) => (line, Some(Err(too_long()))),
                Found::Record(line, record) if line > skip => (line, self.post(&record)),
                Found::Record(..) => continue,
            };
            if let (true, Some(post)) = (line > skip, post) {
                return Some(Row::Post(line, post));
            }
        }
    }

    /// Nothing for a row without content.
    fn post(&self, record: &ByteRecord) -> Option<Result<RawPost, Refused>> {
        if record.iter().all(|field| field.trim_ascii().is_empty()) {
            return None;
        }
        if record.len() > self.header_fields || record.len() <= self.columns.last() {
            let reason = format!("这一行有 {} 列，表头有 {} 列", record.len(), self.header_fields);
            return Some(Err(Refused::line(reason, "内容里有分隔符、引号或换行的，整项用英文双引号括起来")));
        }
        let mut post = RawPost::default();
        for (field, index) in self.columns.iter() {
            match decode(self.encoding, record.get(index).unwrap_or_default()) {
                Some(text) => *post.field_mut(field) = text,
                None => {
                    let reason = format!("{} 不是 {} 编码", field.as_str(), self.encoding.name());
                    return Some(Err(Refused::new(
                        field.as_str(),
                        reason,
                        "另存为 UTF-8，或在映射文件写 encoding = \"gbk\"",
                    )));
                }
            }
        }
        Some(Ok(post))
    }
}

fn decode(encoding: TextEncoding, field: &[u8]) -> Option<String> {
    encoding.decode(field).map(std::borrow::Cow::into_owned)
}

/// The records of a file, whatever they hold.
struct Records {
    /// None at the end.
    reader: Option<csv::Reader<Guard>>,
    delimiter: u8,
    /// Lines before the first that `reader` saw.
    lines_before: u64,
}

/// One record, with the line it starts on.
enum Found {
    Record(u64, ByteRecord),
    TooLong(u64),
    Broken(u64, io::Error),
}

impl Records {
    fn new(inner: Box<dyn BufRead + Send>, delimiter: u8) -> Records {
        let guard = Guard { inner, since: 0, quotes_odd: false, lines: 0, passed: 0, last: Vec::new() };
        Records { reader: Some(csv_reader(guard, delimiter)), delimiter, lines_before: 0 }
    }

    fn next(&mut self) -> Option<Found> {
        let mut reader = self.reader.take()?;
        let mut record = ByteRecord::new();
        let line = self.lines_before + reader.position().line();
        match reader.read_byte_record(&mut record).map_err(csv::Error::into_kind) {
            Ok(false) => None,
            Ok(true) => {
                let line = self.lines_before + first_line(&mut reader, &record);
                reader.get_mut().since = 0;
                self.reader = Some(reader);
                Some(Found::Record(line, record))
            }
            Err(csv::ErrorKind::Io(error)) if error.get_ref().is_some_and(|inner| inner.is::<RowTooLong>()) => {
                // The csv reader has used up its buffer when it meets an error, so the guard stands exactly behind
                // what was parsed, inside the long row.
                let mut guard = reader.into_inner();
                if let Err(error) = guard.skip_row() {
                    return Some(Found::Broken(line, error));
                }
                self.lines_before = guard.lines;
                self.reader = Some(csv_reader(guard, self.delimiter));
                Some(Found::TooLong(line))
            }
            Err(csv::ErrorKind::Io(error)) => Some(Found::Broken(line, error)),
            Err(other) => Some(Found::Broken(line, io::Error::other(format!("{other:?}")))),
        }
    }
}

/// The line on which the record just read starts, from 1. The csv reader's own count is off by the blank lines before
/// a record and by the line feed of a CRLF, which it takes with the record after; so count back from the end.
fn first_line(reader: &mut csv::Reader<Guard>, record: &ByteRecord) -> u64 {
    let (end, line_feeds) = (reader.position().byte(), reader.position().line() - 1);
    let ended_by_line_feed = reader.get_mut().byte_before(end) == Some(b'\n');
    let within = record.iter().flatten().filter(|byte| **byte == b'\n').count() as u64;
    (line_feeds + u64::from(!ended_by_line_feed)).saturating_sub(within)
}

fn csv_reader(guard: Guard, delimiter: u8) -> csv::Reader<Guard> {
    csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(guard)
}

fn too_long() -> Refused {
    Refused::line("这一行超过 1 MB", "多半是双引号没有成对，后面的行也可能受影响；检查引号后重新导入")
}

/// The separator: what the first line with any holds most of, outside quotes.
fn delimiter(sample: &[u8]) -> u8 {
    const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];
    for line in sample.split(|byte| *byte == b'\n') {
        let mut counts = [0_usize; 3];
        let mut quoted = false;
        for byte in line {
            quoted ^= *byte == b'"';
            for (separator, count) in SEPARATORS.iter().zip(&mut counts) {
                *count += usize::from(!quoted && byte == separator);
            }
        }
        let best = SEPARATORS.iter().zip(counts).rev().max_by_key(|(_, count)| *count);
        if let Some((separator, 1..)) = best {
            return *separator;
        }
    }
    b','
}

/// Says that a row is too long, from inside the csv reader.
#[derive(Debug, thiserror::Error)]
#[error("a row is over the limit")]
struct RowTooLong;

/// Bounds what one row may hold in memory, and finds the end of one that is too long.
struct Guard {
    inner: Box<dyn BufRead + Send>,
    /// Bytes passed on since the last whole row, read-ahead included.
    since: usize,
    /// Inside quotes, as far as counting quotes tells.
    quotes_odd: bool,
    lines: u64,
    /// Bytes passed on in all since the csv reader was made, and the end of them.
    passed: u64,
    last: Vec<u8>,
}

impl Read for Guard {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.since > LINE_BYTES_MAX {
            return Err(io::Error::other(RowTooLong));
        }
        let bytes = self.inner.read(buffer)?;
        let passed = buffer.get(..bytes).unwrap_or_default();
        self.quotes_odd ^= passed.iter().filter(|byte| **byte == b'"').count() % 2 == 1;
        self.lines += passed.iter().filter(|byte| **byte == b'\n').count() as u64;
        self.since += bytes;
        self.passed += bytes as u64;
        let before = self.last.pop();
        self.last.clear();
        self.last.extend(before);
        self.last.extend_from_slice(passed);
        Ok(bytes)
    }
}

impl Guard {
    /// The byte before offset `end` of what was passed on, which is among the last: a csv reader asks for more only
    /// when it has used up what it has.
    fn byte_before(&self, end: u64) -> Option<u8> {
        let back = usize::try_from(self.passed.checked_sub(end)?).ok()?;
        self.last.iter().rev().nth(back).copied()
    }

    /// Goes behind the next line feed outside quotes.
    fn skip_row(&mut self) -> io::Result<()> {
        (self.since, self.passed) = (0, 0);
        self.last.clear();
        loop {
            let chunk = self.inner.fill_buf()?;
            if chunk.is_empty() {
                return Ok(());
            }
            let mut end = None;
            for (index, byte) in chunk.iter().enumerate() {
                self.quotes_odd ^= *byte == b'"';
                self.lines += u64::from(*byte == b'\n');
                if *byte == b'\n' && !self.quotes_odd {
                    end = Some(index + 1);
                    break;
                }
            }
            let taken = end.unwrap_or(chunk.len());
            self.inner.consume(taken);
            if end.is_some() {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::delimiter;

    #[test]
    fn delimiters() {
        for (sample, expected) in [
            ("编号,内容\n", b','),
            ("编号;内容;a,b\n", b';'),
            ("编号\t内容\n", b'\t'),
            ("汇总表\n\n\"a;b;c\",内容\n", b','),
            ("", b','),
        ] {
            assert_eq!(delimiter(sample.as_bytes()), expected, "{sample}");
        }
    }
}
